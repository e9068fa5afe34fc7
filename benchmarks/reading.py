"""How fast questions are read, beside a plain keyword matcher on the same questions in the same run.

Run with `python benchmarks/reading.py [ROUNDS]`. The questions are those of tests/data. Interleaved
rounds; the figures are medians over the rounds. `dateparser` comes with the development pins.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from handlers.reading.reading import read  # noqa: E402 - the root is on the path only now
from tests.handlers.reading.scoring import NOW, load, score  # noqa: E402 - likewise

Reader = Callable[[str], object]

#: The keyword matcher: the first word that occurs decides.
KEYWORDS = (
    ("registration", ("inschrij", "uitschrij", "gratis", "kost", "plaats")),
    ("where", ("waar", "adres", "zaal")),
    ("programme", ("programma", "spreker", "agenda", "thema")),
    ("thematic_groups", ("groep",)),
    ("contact", ("contact", "telefoon", "mail")),
    ("list_sessions", ("welke", "lijst", "iets", "alle")),
    ("next_session", ("wanneer", "volgende")),
    ("greeting", ("hallo", "dag")),
    ("thanks", ("dank",)),
)


def keyword_matcher(text: str) -> str:
    """What many a bot does: look for a word."""
    low = text.lower()
    return next((intent for intent, words in KEYWORDS if any(word in low for word in words)), "out_of_scope")


def readers() -> dict[str, Reader]:
    found: dict[str, Reader] = {"reader": lambda text: read(text, NOW), "keyword matcher": keyword_matcher}
    if importlib.util.find_spec("dateparser"):
        search = importlib.import_module("dateparser.search").search_dates
        found["dateparser (dates only)"] = lambda text: search(text, languages=["nl"])
    return found


def seconds(reader: Reader, questions: Sequence[str]) -> list[float]:
    """How long each question takes."""
    taken = []
    for question in questions:
        start = time.perf_counter()
        reader(question)
        taken.append(time.perf_counter() - start)
    return taken


def import_seconds(module: str) -> float:
    """How long a fresh interpreter takes to import a module, without its own start."""
    code = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def main(rounds: int) -> None:
    data = ROOT / "tests" / "data"
    rows = load(data / "questions_sample_nl.jsonl")
    for batch in sorted((data / "questions").glob("batch_*.jsonl")):
        rows += load(batch)
    questions = [str(row["text"]) for row in rows]
    candidates = readers()
    for reader in candidates.values():  # the first use loads and compiles
        seconds(reader, questions)
    measured: dict[str, list[list[float]]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, reader in candidates.items():
            measured[name].append(sorted(seconds(reader, questions)))
    print(f"{len(questions)} questions, {rounds} interleaved rounds")
    for name, runs in measured.items():
        median = statistics.median(statistics.median(run) for run in runs) * 1e3
        p95 = statistics.median(run[int(len(run) * 0.95)] for run in runs) * 1e3
        rate = len(questions) / statistics.median(sum(run) for run in runs)
        print(f"{name:24} median {median:7.3f} ms   p95 {p95:7.3f} ms   {rate:9.0f} questions/s")
    right = sum(keyword_matcher(str(row["text"])) == row["intent"] for row in rows)
    ours = score(rows).percent("intent")
    print(f"intent right: reader {ours} %, keyword matcher {100 * right / len(rows):.1f} %")
    imports = [import_seconds("handlers.reading.reading") for _ in range(rounds)]
    print(f"import of the reader: {statistics.median(imports) * 1e3:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
