"""How much a file may hold. Generous for an agenda, small enough that no file can exhaust the machine."""

from __future__ import annotations

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
#: More columns than this are no table of ours; the rest of a line is not looked at.
MAX_COLUMNS = 100
#: What an Excel file may grow to when it is unpacked (a full one of MAX_ROWS grows to some 40 MB).
MAX_UNPACKED_BYTES = 120 * 1024 * 1024
MAX_UNPACKED_PARTS = 2_000

#: The texts that say so.
TOO_BIG, TOO_MANY_ROWS = "invoer.te groot", "invoer.te veel regels"
