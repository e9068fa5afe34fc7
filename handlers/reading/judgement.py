"""What one question asks: patterns and learned weights together, and how sure that is."""

from __future__ import annotations

from dataclasses import replace

from handlers.reading.intents import ANCHORS, PLAIN, THRESHOLD, Abstract, Verdict, weigh
from handlers.reading.model import Intent, Reading, Step
from handlers.reading.slots import SLOTS
from handlers.reading.weights import likelihoods, telling_features
from handlers.reading.word_lists import word_set

#: Without one of these, or a pattern that says so, nothing is proposed.
_WISHING = word_set("graag eens zou zouden wil willen wens wensen VOORSTELLEN ORGANISEREN")
#: A question with a date and no more strangeness than this is one of this domain.
_A_LITTLE = 1.0
#: Evidence of this weight stands, whatever else the message speaks of.
_CERTAIN = 5.0
#: A sentence of fewer items, or of more strangeness, is not judged by what other sentences weighed.
_A_FEW, _VERY = 3, 4.0
#: Of this weight is what asks to be manipulated, or for what the bot must never do.
_FORBIDDEN = 5.8
#: An intent that no pattern carries must be this likely, or the bot asks back.
_LIKELY = 0.35
#: The confidence of a reading that rests on no evidence.
_DOUBTFUL = 0.3


def judged(base: Reading, question: Abstract, whole: Abstract) -> Reading:
    """The reading with the intent that the evidence carries, or with what the bot must ask back."""
    verdict = weigh(question)
    intent, confidence = _weighed(base, question, verdict, whole)
    guesses: tuple[Intent, ...] = ()
    if intent is Intent.CLARIFY:
        guesses = tuple(one for one, _ in verdict.ranked if one is not Intent.OUT_OF_SCOPE)[:2]
    reason = verdict.reasons.get(intent) or ", ".join(telling_features(question, intent)) or "geen patroon"
    step = Step(
        rule=f"bedoeling: {reason}", span=question.text.strip(), value=f"{intent.value} {confidence:.2f}"
    )
    return replace(
        base, intent=intent, confidence=round(confidence, 2), guesses=guesses, trace=(*base.trace, step)
    )


def _weighed(base: Reading, question: Abstract, verdict: Verdict, whole: Abstract) -> tuple[Intent, float]:
    """The likeliest intent, by patterns and learned weights together, and how sure it is."""
    best, weight = verdict.best
    anchored = not ANCHORS.isdisjoint(whole.items)
    slotted = any(slot in whole.items for slot in SLOTS)
    if not anchored and question is not whole and weight < _CERTAIN and _is_from_elsewhere(whole):
        return Intent.OUT_OF_SCOPE, 0.6
    if best is Intent.OUT_OF_SCOPE and weight >= _FORBIDDEN:
        return best, 1.0
    intent, confidence = _likeliest(question, verdict)
    if best is None or weight < THRESHOLD:
        default, _ = _by_default(base, question, verdict, anchored=anchored, slotted=slotted)
        unsure = default is Intent.CLARIFY and (base.follow_up or confidence < _LIKELY)
        if unsure or len(question.items) < _A_FEW or question.strange > _VERY:
            return default, min(1.0, _DOUBTFUL + 0.05 * question.strange)
    if base.follow_up and weight < THRESHOLD:
        confidence = min(confidence, _DOUBTFUL)
    return intent, confidence


def _likeliest(question: Abstract, verdict: Verdict) -> tuple[Intent, float]:
    """The likeliest intent; to propose is to wish, so words that merely name a theme propose nothing."""
    ranked = likelihoods(question, verdict)
    wishes = Intent.SUGGEST_TOPIC in verdict.reasons or question.holds(*_WISHING)
    return next(one for one in ranked if wishes or one[0] is not Intent.SUGGEST_TOPIC)


def _is_from_elsewhere(whole: Abstract) -> bool:
    """Whether the message as a whole is about something that this bot knows nothing of."""
    intent, weight = weigh(whole).best
    return "VREEMD" in whole.items or (intent is Intent.OUT_OF_SCOPE and weight >= PLAIN)


def _by_default(
    base: Reading, question: Abstract, verdict: Verdict, *, anchored: bool, slotted: bool
) -> tuple[Intent, float]:
    """What a sentence without clear evidence means."""
    dated = question.holds("DAG", "PERIODE") and question.strange < _A_LITTLE
    if question.strange and not anchored and not dated:
        return Intent.OUT_OF_SCOPE, 2.0 + 0.1 * question.strange
    best, weight = verdict.best
    if anchored and "ATRIUM" in question.items and len(question.items) <= 2 and not slotted:
        return Intent.CLARIFY, 1.0
    if best is not None and weight >= 1.0 and best is not Intent.OUT_OF_SCOPE:
        return best, weight
    if base.ordinal is not None:
        return Intent.SESSION_DETAIL, 1.5
    if not anchored and question.holds("WAT", "WIE", "HOE", "WAAROM", "HOEVEEL"):
        return Intent.OUT_OF_SCOPE, 2.0
    if anchored or slotted:
        return (Intent.LIST_SESSIONS if base.period or base.count else Intent.NEXT_SESSION), 1.0
    if not question.items or question.strange:
        return Intent.OUT_OF_SCOPE, 2.0
    return Intent.CLARIFY, 1.0
