"""The program: settings, wiring, command line, conversation, platforms and web."""
