"""The places where the bot speaks, each behind the port of scheduler/port.py."""
