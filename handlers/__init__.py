"""The domain, and everything the bot can say. Pure: no I/O, no clock, no database, no platform."""
