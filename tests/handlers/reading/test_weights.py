"""Words weigh for the intents that they were asked with."""

from __future__ import annotations

import pytest

from handlers.reading import weights as weights_module
from handlers.reading.intents import weigh
from handlers.reading.lexicon import LexiconError, Row
from handlers.reading.model import Intent
from handlers.reading.reading import asked, read
from handlers.reading.weights import features, learned, likelihoods, telling_features
from tests.handlers.reading.scoring import NOW


def test_the_features_of_a_question_are_its_words_and_their_pairs() -> None:
    assert features(["WAAR", ",", "is", "het"]) == [
        "WAAR",
        "is",
        "het",
        "^ WAAR",
        "WAAR is",
        "is het",
        "het $",
    ]


def test_the_likelihoods_of_all_intents_add_up_to_one() -> None:
    question = asked("waar is het lokaal atrium in Gent", NOW)
    found = likelihoods(question, weigh(question))
    assert sum(share for _, share in found) == pytest.approx(1.0)
    assert found[0][0] is Intent.WHERE


def test_what_words_weigh_alone_already_tells_an_everyday_question() -> None:
    scores = learned(features(asked("hoe laat begint het lokaal atrium", NOW).items))
    assert max(scores, key=lambda intent: scores[intent]) is Intent.WHEN


def test_the_trace_names_the_words_that_told() -> None:
    question = asked("wat hebben jullie zoal van groepen", NOW)
    assert telling_features(question, Intent.THEMATIC_GROUPS)


def test_a_wording_that_no_pattern_foresaw_is_read_with_little_confidence() -> None:
    reading = read("mag er nog iemand van onze dienst bij komen", NOW)
    assert reading.confidence < 0.6


def test_a_weight_of_an_unknown_intent_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = {"kenmerk": "WAAR", "gewichten": "wherever=1.0"}
    monkeypatch.setattr(weights_module, "rows", lambda file: [Row(file, 2, cells)])
    with pytest.raises(LexiconError, match=r"gewichten\.csv, regel 2"):
        weights_module._weights.__wrapped__()
