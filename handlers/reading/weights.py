"""How likely each intent is, by what the words of questions with a known meaning weigh.

`gewichten.csv` holds for each feature of an abstract sentence (a word or concept, or two that follow
each other) what it adds to or takes from each intent. The figures are counted out from the questions in
tests/data by `python -m tests.handlers.reading.learning`; nobody edits them by hand. They are evidence
beside the patterns of `bedoelingen.csv`, for wordings that no pattern foresaw.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise

from handlers.reading.intents import Abstract, Verdict
from handlers.reading.lexicon import rows
from handlers.reading.model import Intent

#: What one unit of pattern weight adds to the logarithm of the likelihood.
_PATTERN = 0.5
#: Above 1 the likelihoods are told with less certainty than was counted: unseen questions are odder.
_MODESTY = 2.0
#: Which feature stands for those that are not in the list, by their share.
UNKNOWN = "?"


def features(items: Iterable[str]) -> list[str]:
    """The items of an abstract sentence and their pairs, each once, in order; commas do not count."""
    kept = ["^", *(item for item in items if item != ","), "$"]
    pairs = (f"{one} {other}" for one, other in pairwise(kept))
    return list(dict.fromkeys([*kept[1:-1], *pairs]))


def likelihoods(question: Abstract, verdict: Verdict) -> list[tuple[Intent, float]]:
    """Every intent with its likelihood, 0 to 1 and together 1, the likeliest first."""
    scores = dict(_learned_of(question.items))
    for intent, weight in verdict.ranked:
        scores[intent] = scores.get(intent, 0.0) + _PATTERN * weight
    if not scores:
        return []
    highest = max(scores.values())
    shares = {intent: math.exp((score - highest) / _MODESTY) for intent, score in scores.items()}
    total = sum(shares.values())
    return sorted(((one, share / total) for one, share in shares.items()), key=lambda one: (-one[1], one[0]))


def telling_features(question: Abstract, intent: Intent) -> list[str]:
    """The features that speak most for an intent, at most three, for the trace."""
    known = _weights()
    spoken = [(known[one].get(intent, 0.0), one) for one in features(question.items) if one in known]
    return [one for weight, one in sorted(spoken, reverse=True)[:3] if weight > 0]


def learned(found: list[str]) -> dict[Intent, float]:
    """What the features add up to for each intent."""
    known = _weights()
    scale = 1 / math.sqrt(max(1, len(found)))
    scores = dict.fromkeys(known.get(UNKNOWN, {}), 0.0)
    missing = 0
    for feature in found:
        weights = known.get(feature)
        if weights is None:
            missing += 1
            continue
        for intent, weight in weights.items():
            scores[intent] = scores.get(intent, 0.0) + scale * weight
    for intent, weight in known.get(UNKNOWN, {}).items():
        scores[intent] += weight * missing / max(1, len(found))
    return scores


@lru_cache(maxsize=1024)
def _learned_of(items: tuple[str, ...]) -> Mapping[Intent, float]:
    """The same for an abstract sentence: many questions are one of those."""
    return learned(features(items))


@cache
def _weights() -> dict[str, dict[Intent, float]]:
    """The list, read at the first question; raises LexiconError on a faulty row."""
    known: dict[str, dict[Intent, float]] = {}
    for row in rows("gewichten.csv"):
        weights: dict[Intent, float] = {}
        for cell in row.cells["gewichten"].split():
            name, _, weight = cell.partition("=")
            try:
                weights[Intent(name)] = float(weight)
            except ValueError as error:
                raise row.fault(str(error)) from error
        known[row.cells["kenmerk"]] = weights
    return known
