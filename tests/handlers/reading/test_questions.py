"""The questions of which the meaning is written down: the sample, our own, and the batches written blind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handlers.reading.scoring import FIELDS, Row, load, score, scored

DATA = Path(__file__).parents[2] / "data"
SAMPLE = load(DATA / "questions_sample_nl.jsonl")
OWN = load(DATA / "questions_own.jsonl")
#: The batches that were learned from; a newer one is scored first and added here afterwards.
BATCHES = [DATA / "questions" / f"batch_{number}.jsonl" for number in range(1, 9)]
#: Written by whoever wrote the rules: not blind.
OWN_BATCHES = [DATA / "questions" / f"own_{number}.jsonl" for number in (1, 2)]


@pytest.mark.parametrize("row", [*SAMPLE, *OWN], ids=lambda row: row["id"])
def test_a_known_question_is_read_as_it_is_meant(row: Row) -> None:
    result = scored(row)
    wrong = {name: getattr(result.reading, name) for name in FIELDS if not result.right[name]}
    assert wrong == {}, result.reading.trace


@pytest.mark.parametrize("batch", [*BATCHES, *OWN_BATCHES], ids=lambda path: path.stem)
def test_what_was_learned_from_a_batch_is_not_lost(batch: Path) -> None:
    result = score(load(batch))
    missed = [one.row["id"] for one in result.scored if not one.core]
    assert result.core >= 97.0, missed
    assert result.out_of_scope_caught >= 97.0, missed
    assert result.empty_place >= 99.0, missed
