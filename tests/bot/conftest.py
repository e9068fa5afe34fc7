"""The command line, bare and on the sample agenda."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.command_line import SAMPLES, Run, command_line


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `atriumbot ARGS` on an empty database."""
    return command_line(tmp_path, monkeypatch, capsys)


@pytest.fixture
def sampled(run: Run) -> Run:
    """The same, on the sample agenda."""
    assert run("agenda", "import", SAMPLES / "atria_voorbeeld.csv", "--at", "2026-11-20T09:00").code == 0
    assert run("regions", "import", SAMPLES / "regios_voorbeeld.csv").code == 0
    assert run("groups", "import", SAMPLES / "groepen_voorbeeld.csv").code == 0
    return run
