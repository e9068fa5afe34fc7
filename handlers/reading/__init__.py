"""A sentence -> a `Reading`: deterministic, offline, with a trace (see docs/reading.md)."""
