"""Counts out `handlers/data/gewichten.csv` from the questions of which the meaning is written down.

Run `python -m tests.handlers.reading.learning` from the root after adding questions or lexicon rows;
it takes about a minute and gives the same file every time. Pass file names of batches to leave out, to
see what a batch would have scored unseen.
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from pathlib import Path

from handlers.reading.intents import patterns
from handlers.reading.model import Intent
from handlers.reading.reading import asked
from handlers.reading.weights import UNKNOWN, features
from tests.handlers.reading.scoring import NOW, load

DATA = Path(__file__).parents[2] / "data"
FILE = Path(__file__).parents[3] / "handlers" / "data" / "gewichten.csv"
INTENTS: list[Intent] = [one for one in Intent if one is not Intent.CLARIFY]
ROUNDS, RATE, SMALLEST, SHRINK = 40, 0.6, 0.4, 1e-5

#: Batches that are scored but never learned from.
BLIND = {"batch_9", "batch_10"}

Example = tuple[list[str], int]


def examples(left_out: set[str]) -> list[Example]:
    """The features of every question with its intent; the cases of the patterns too."""
    files = [DATA / "questions_sample_nl.jsonl", DATA / "questions_own.jsonl"]
    files += sorted((DATA / "questions").glob("*.jsonl"))
    asked_for = [
        (str(row["text"]), Intent(str(row["intent"])))
        for file in files
        if file.stem not in left_out | BLIND
        for row in load(file)
    ]
    asked_for += [(pattern.row.case, pattern.intent) for pattern in patterns()]
    return [(features(asked(text, NOW).items), INTENTS.index(intent)) for text, intent in asked_for]


def learn(found: list[Example]) -> dict[str, list[float]]:
    """Weights by logistic regression, each step scaled by the steps before it."""
    counted = Counter(feature for names, _ in found for feature in names)
    known = {feature for feature, times in counted.items() if times >= 2} | {UNKNOWN}
    weights = {feature: [0.0] * len(INTENTS) for feature in sorted(known)}
    steps = {feature: [1e-2] * len(INTENTS) for feature in weights}
    rows = [(_valued(names, known), right) for names, right in found]
    order = random.Random(1)
    for _ in range(ROUNDS):
        order.shuffle(rows)
        for values, right in rows:
            _step(values, right, weights, steps)
    return weights


def _valued(names: list[str], known: set[str]) -> list[tuple[str, float]]:
    scale = 1 / math.sqrt(max(1, len(names)))
    values = [(name, scale) for name in names if name in known]
    return [*values, (UNKNOWN, (len(names) - len(values)) / max(1, len(names)))]


def _step(
    values: list[tuple[str, float]],
    right: int,
    weights: dict[str, list[float]],
    steps: dict[str, list[float]],
) -> None:
    scores = [sum(weights[name][at] * value for name, value in values) for at in range(len(INTENTS))]
    highest = max(scores)
    shares = [math.exp(score - highest) for score in scores]
    total = sum(shares)
    slopes = [share / total - (at == right) for at, share in enumerate(shares)]
    for name, value in values:
        own, taken = weights[name], steps[name]
        for at, slope in enumerate(slopes):
            change = slope * value + SHRINK * own[at]
            taken[at] += change * change
            own[at] -= RATE * change / math.sqrt(taken[at])


def written(weights: dict[str, list[float]]) -> str:
    """The rows of the file; what weighs next to nothing is left out."""
    lines = ["kenmerk;gewichten", "# Uitgeteld uit tests/data; niet met de hand wijzigen (docs/reading.md)."]
    for feature, row in weights.items():
        told = [f"{one.value}={weight:.1f}" for one, weight in zip(INTENTS, row, strict=True)
                if abs(weight) >= SMALLEST]  # fmt: skip
        if told:
            lines.append(f"{feature};{' '.join(told)}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(learn(examples(set(sys.argv[1:])))), encoding="utf-8")
