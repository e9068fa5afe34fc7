"""The command line as an operator meets it, run within the test's own process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import cli

SAMPLES = Path(__file__).parents[2] / "bot" / "data"


class Ran(NamedTuple):
    """What a command left: its exit code, its results and its talk."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


def command_line(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `atriumbot ARGS` in an empty folder with a database of its own, `bot.db`."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("ATRIUMBOT_DATABASE__URL", f"sqlite:///{folder / 'bot.db'}")
    monkeypatch.setenv("COLUMNS", "200")

    def ran(*args: str | Path, stdin: str = "") -> Ran:
        monkeypatch.setattr("sys.argv", ["atriumbot", *map(str, args)])
        feed = folder / "stdin.txt"
        feed.write_text(stdin, encoding="utf-8")
        with feed.open(encoding="utf-8") as lines:
            monkeypatch.setattr("sys.stdin", lines)
            with pytest.raises(SystemExit) as left:
                cli.main()
        told = capsys.readouterr()
        return Ran(int(left.value.code or 0), told.out, told.err)

    return ran
