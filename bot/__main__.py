"""`python -m bot` is `atriumbot`."""

from __future__ import annotations

from bot.cli import main

main()
