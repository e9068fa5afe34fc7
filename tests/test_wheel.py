"""The built wheel, in an environment that holds nothing else, is the whole program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    environ = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ATRIUMBOT_"))
    }
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a fresh environment in which only the wheel and its pins are installed."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=folder)
    run(*pip, "--no-deps", next(folder.glob("atriumbot-*.whl")), cwd=folder)
    return folder


@pytest.mark.wheel
def test_the_four_names_belong_to_atriumbot_alone(clean: Path) -> None:
    probe = "import importlib.metadata as m, json; print(json.dumps(m.packages_distributions()))"

    owners = json.loads(run(clean / "env" / "bin" / "python", "-c", probe, cwd=clean))

    names = ("bot", "handlers", "scheduler", "store")
    assert [owners[name] for name in names] == [["atriumbot"]] * 4


@pytest.mark.wheel
def test_the_installed_program_imports_the_agenda_and_answers(clean: Path) -> None:
    program = clean / "env" / "bin" / "atriumbot"
    sample = ROOT / "bot" / "data" / "atria_voorbeeld.csv"

    run(program, "agenda", "import", sample, "--at", "2026-11-20T09:00", cwd=clean)
    answer = run(
        program,
        "ask",
        "wanneer is het volgende provinciaal atrium in Gent?",
        "--at",
        "2026-11-23T10:00",
        cwd=clean,
    )

    assert "maandag 12 april 2027, van 9.00 tot 16.00 u." in answer
