"""The questions in a message: parted where one ends, each cut to what it asks, introductions left out."""

from __future__ import annotations

from handlers.reading.intents import ANCHORS, PLAIN, THRESHOLD, Abstract, abstract_from, weigh
from handlers.reading.model import Intent
from handlers.reading.slots import SLOTS
from handlers.reading.word_lists import word_set

QUESTION_WORDS = word_set(
    "WANNEER UUR WAAR WIE WAT HOE WELK HOEVEEL HOEVAAK HOELANG WAAROM VOORWIE DATUM ADRES PROGRAMMA"
)
OPENERS = QUESTION_WORDS | word_set(
    "is kan kunt mag mogen moet moeten zijn gaat heeft hebben kunnen wilt zou zouden INSCHRIJVEN "
    "KOST BEREIKBAAR SPREKER ETEN ONLINE TOON BETEKENIS"
)
_POLITE = frozenset({Intent.GREETING, Intent.THANKS})
_DENYING = frozenset({"geen", "niet", "zonder", "NIETMEER", "behalve"})
_TELLERS = word_set("ik wij we mijn ons onze i nous my our collegas")
#: After these a question is asked in a clause of its own.
_WONDERING = word_set(
    "weten zeggen vertellen vernemen verneem vernam vraag vragen benieuwd zoek zoeken weet zeg "
    "geweten horen know tell savoir dire laten verneem afvragen wonder BETEKENIS BEHOORT"
)
_WISHES = word_set(
    "wil willen zou zouden wens wensen zoek zoeken vraag vragen mag mogen vind hoef krijg graag "
    "gelieve would want need voudrais voudrions cherche"
)
#: After so many commas and "en" a message is no longer taken apart.
_MOST_JOINTS = 8


def questions_in(abstract: Abstract) -> list[Abstract]:
    """The questions in a message, in order; at least one, greetings and introductions left out."""
    parts = [_core(_asserted(part)) for sentence in _sentences(abstract) for part in _coordinated(sentence)]
    if len(parts) == 1:
        return parts
    manipulated = [part for part in parts if "MANIPULATIE" in part.items]
    if manipulated:
        return manipulated
    verdicts = [(part, weigh(part).best) for part in parts]
    serious = [(part, weight) for part, (intent, weight) in verdicts if intent not in _POLITE]
    asking = [(part, weight) for part, weight in serious if weight >= 2.5]
    if not asking and serious:
        asking = [max(serious, key=lambda one: one[1])]
    if any(_asks(part) and not _is_known(part) for part, _ in asking):
        asking = [one for one in asking if not _is_known(one[0]) and (_asks(one[0]) or not _introduces(*one))]
    return [part for part, _ in asking] or [abstract]


def _asserted(part: Abstract) -> Abstract:
    """What is asked of "geen mails, wel een herinnering": the part after the denial."""
    items = part.items
    for index in range(2, len(items) - 1):
        denied = not _DENYING.isdisjoint(items[:index])
        if items[index] in {"wel", "maar", "gewoon"} and denied and items[index - 1] not in _DENYING:
            asserted = _part(part, index + 1, len(items))
            if weigh(asserted).best[1] >= THRESHOLD:
                return asserted
    return part


def _core(part: Abstract) -> Abstract:
    """The question proper in "ik zou graag weten wanneer ..." and "kunt u zeggen welke ..."."""
    items = part.items
    for index in range(1, len(items)):
        if items[index] not in QUESTION_WORDS or not _WONDERING.intersection(
            items[max(0, index - 4) : index]
        ):
            continue
        core = _part(part, index, len(items))
        if weigh(core).best[1] >= 2.5:
            return core
    return part


def _is_known(part: Abstract) -> bool:
    """ "wanneer weet ik al"."""
    return part.text.endswith((" weet ik al ", " ken ik al ", " weten we al ", " heb ik al "))


def _asks(part: Abstract) -> bool:
    """Whether a part has the form of a question."""
    return part.items[0] in OPENERS


def _introduces(part: Abstract, weight: float) -> bool:
    """ "Ik werk voor ...", "zit op de trein": tells who asks or why, and asks nothing by itself."""
    if part.items[0] in _DENYING:
        return True
    if _WISHES.intersection(part.items[:4]):
        return weight < 2.5
    first, second = (*part.items[:2], "", "")[:2]
    if second in {"kan", "kunnen", "moet", "moeten"}:
        return weight < PLAIN
    return first in _TELLERS or (weight < PLAIN and not QUESTION_WORDS.intersection(part.items))


def _sentences(abstract: Abstract) -> list[Abstract]:
    if "." not in abstract.items:
        return [abstract]
    parts: list[Abstract] = []
    start = 0
    for index, item in enumerate((*abstract.items, ".")):
        if item == ".":
            if index > start:
                parts.append(_part(abstract, start, index))
            start = index + 1
    return parts or [abstract]


def _coordinated(abstract: Abstract) -> list[Abstract]:
    """ "wanneer en waar is ..." and "wanneer is ... en hoe schrijf ik mij in" as two."""
    items = abstract.items
    joints = [index for index in range(1, len(items) - 1) if items[index] in {"en", ",", "and", "et", "of"}]
    for index in joints[:_MOST_JOINTS]:
        after = index + 2 if items[index + 1] in {"en", "ook"} else index + 1
        if after >= len(items) or items[after] not in OPENERS:
            continue
        if items[index - 1] in QUESTION_WORDS and items[after] in QUESTION_WORDS and items[index] != ",":
            return [
                _joined(abstract, (0, index), (after + 1, len(items))),
                _joined(abstract, (0, index - 1), (after, len(items))),
            ]
        left, right = _part(abstract, 0, index), _part(abstract, after, len(items))
        if items[index] == "of" or _points_back(right):
            continue
        if weigh(left).best[1] >= 2.5 and weigh(right).best[1] >= 2.5 and weigh(left).best[0] not in _POLITE:
            return [left, right]
    return [abstract]


def _points_back(part: Abstract) -> bool:
    """ "..., wanneer is dat?": no question of its own."""
    return part.items[-1] in {"dat", "die", "het", "dit"} and not part.holds(*SLOTS, *ANCHORS)


def _part(abstract: Abstract, first: int, after: int) -> Abstract:
    return _joined(abstract, (first, after))


def _joined(abstract: Abstract, *ranges: tuple[int, int]) -> Abstract:
    items = tuple(item for first, after in ranges for item in abstract.items[first:after])
    origins = tuple(origin for first, after in ranges for origin in abstract.origins[first:after])
    return abstract_from(items, origins)
