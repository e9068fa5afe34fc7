"""The period of a question: stretches of time joined by "van ... tot", "na", "voor", "vanaf" ..."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.corrections import is_corrected
from handlers.reading.period_days import DAYS
from handlers.reading.period_lengths import LENGTHS
from handlers.reading.period_months import MONTHS
from handlers.reading.period_rules import DIGITS, At, Rule, Unit, in_order
from handlers.reading.period_seasons import SEASONS
from handlers.reading.period_weeks import WEEKS
from handlers.reading.period_words import AMBIGUOUS, MONTH_NUMBERS, NUMBERS, in_dutch
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

#: Of two rules that read as many words, the one of the earlier subject is taken.
RULES = in_order(DAYS, WEEKS, MONTHS, SEASONS, LENGTHS)

#: Ends and beginnings of words of time that may be left out before a stretch.
_ARTICLES = word_set("de het den een ergens ongeveer maand dag datum loop ooit vroegst ten")
_IN = word_set("in op tijdens gedurende met rond omstreeks rondom binnen om voor van tegen begin ook")

_AFTER = (("na",), ("later", "dan"), ("volgend", "op"), ("vanaf", "na"), ("pas", "na"))
_BEFORE = (("voor",), ("vroeger", "dan"), ("eerder", "dan"), ("nog", "voor"))
_FROM = (("vanaf",), ("sinds",), ("sedert",), ("te", "beginnen", "in"), ("ten", "vroegste"), ("ingaand",))
_UNTIL = (
    ("tot", "en", "met"), ("tot",), ("tegen",), ("uiterlijk",), ("ten", "laatste"), ("niet", "later", "dan"),
    ("tot", "in"), ("tot", "op"), ("tot", "aan"), ("uiterlijk", "op"), ("tot", "en", "met", "in"),
    ("tot", "met"),
)  # fmt: skip
_OPEN = (("na", _AFTER), ("voor", _BEFORE), ("vanaf", _FROM), ("tot", _UNTIL))

#: After these "voor maart" means "of March", not "before March".
_MEANT_FOR = word_set(
    "agenda planning programma kalender overzicht lijst lijstje data jaarplanning jaarkalender "
    "gepland voorzien inschrijven inschrijving ingeschreven inschrijf uitschrijven afmelden "
    "aanmelden annuleren adres locatie link deadline plaats plaatsen herinnering uitnodiging zaal "
    "uur dagindeling sprekers parking plan schema ideeen voorstel voorstellen vooruitzicht broodjes "
    "lunch afzeggen uitschrijf volzet opgeven registreren aangemeld afgemeld ingeschreven "
    "uitgeschreven aanmelding afmelding annuleer annulering reserveren geregistreerd registratie "
    "reminder seintje naam route routebeschrijving teamslink zoomlink gps melding ticket verslag slides"
)
#: Words about registering begin so: after them "voor 10 december" means the atrium of that day.
_TO_REGISTER = ("in te schrijven", "uit te schrijven", "aan te melden", "af te melden", "op te geven")
_REGISTERING = (
    "inschrij",
    "ingeschre",
    "uitschrij",
    "uitgeschre",
    "schrij",
    "aanmeld",
    "afmeld",
    "meld",
    "opgeven",
    "annul",
)
#: Right before one of these shorts stands a preposition or they are no words of time.
_CUES = word_set("in op tegen voor na vanaf tot van tussen sinds elke met deze volgende komende vorige")

_JOINERS = (
    ("tot", "en", "met"), ("tot", "met"), ("tot", "in"), ("tot",), ("en", "met"), ("en",), ("of",), (",",),
    ("en", "of"), ("of", "in"), ("en", "in"), ("of", "op"), ("en", "op"), ("dan", "wel"), (",", "of"),
    (",", "en"), (",", "in"), (",", "op"),
)  # fmt: skip
_PAST_VERBS = word_set(
    "waren was ging gingen vond vonden were did etaient etait had hadden stond stonden kwam kwamen"
)
_STRETCHED = word_set(
    "week weken weekend maand maanden jaar jaren dagen voorjaar najaar zomer winter lente herfst kwartaal"
)
_OBLIGING = word_set("zeggen geven sturen helpen zoeken laten opzoeken doorsturen bij")
_SHOWN = ("presentatie", "powerpoint", "ppt", "foto", "slide")
_PAST_PARTICIPLES = word_set(
    "gemist gekomen gehad doorgegaan plaatsgevonden geweest gepasseerd behandeld besproken "
    "bijeengekomen samengekomen geleden"
)
_LEFT_BEHIND = word_set("verslag verslagen slides notulen opname opnames nota")
_NOT_PAST = word_set("graag van ik het benieuwd vergeten jammer")


#: Stands for a word that was read as something else.
_READ = "_"
#: What stands for a day that does not exist.
_NO_DAY = Unit(Span(), "day")


@dataclass(frozen=True, slots=True)
class Found:
    """A period and the words that say it.

    Attributes:
        others: further words of time, not used.
        parts: the stretches that are meant where the span holds more ("in december of in april").
    """

    span: Span | None
    first: int
    after: int
    rule: str
    past: bool
    others: tuple[tuple[int, int], ...] = ()
    parts: tuple[Span, ...] = ()


class _Piece(NamedTuple):
    """A unit with the words it spans."""

    first: int
    after: int
    rule: Rule
    unit: Unit
    pos: int


def is_about_the_past(words: list[str]) -> bool:
    """Whether the question asks about what has been ("welke atria waren er ...")."""
    for index, word in enumerate(words):
        if (
            word in {"sinds", "sedert"}
            or word in _LEFT_BEHIND
            or (word in _PAST_PARTICIPLES and word not in {"behandeld", "besproken"})
        ):
            return True
        following = words[index + 1] if index + 1 < len(words) else ""
        before = words[index - 1] if index else ""
        said_of_it = following not in _NOT_PAST or (word in {"was", "waren"} and following in {"het", "dat"})
        if word in _PAST_VERBS and before not in {"ik", "zoals"} and said_of_it:
            return True
        if word == "kon" and not _OBLIGING.intersection(words):
            return True
        if word in {"vorige", "vorig", "voorbije"} and following not in {"", "."}:
            return True
        if word == "afgelopen" and (
            following in _STRETCHED or following[:1].isdigit() or following in NUMBERS
        ):
            return True
        if word in {"laatste", "vorige"} and following in {
            "keer",
            "atrium",
            "sessie",
            "lokaal",
            "provinciaal",
        }:
            return True
    return False


def _is_of_late(words: list[str], today: dt.date) -> bool:
    """Whether slides are asked of a month that has just been: "de presentaties van oktober"."""
    if not any(word.startswith(_SHOWN) for word in words):
        return False
    named = [MONTH_NUMBERS[word] for word in words if word in MONTH_NUMBERS and len(word) > 3]
    return bool(named) and (today.month - named[0]) % 12 <= 4


def read_period(
    sentence: Sentence, today: dt.date, problems: list[str], beside: tuple[int, int] = (0, 0)
) -> Found | None:
    """The period that the question names, None when it names none; what cannot be goes to `problems`.

    Args:
        beside: the words from the first up to the second are read as something else.
    """
    words = in_dutch(sentence.words, sentence.language)
    first, after = beside
    if after > first:
        words = [*words[:first], *[_READ] * (after - first), *words[after:]]
    text = " ".join(words)
    starts = _starts(words)
    past = is_about_the_past(words) or _is_of_late(words, today)
    at = At(today, today, past, sentence.language, [])
    pieces = _pieces(words, text, starts, at)
    if (
        past
        and pieces
        and not is_about_the_past(_clause(words, pieces[0].first))
        and not _is_of_late(words, today)
    ):
        at = replace(at, past=False, problems=[])
        pieces = _pieces(words, text, starts, at)
    problems += dict.fromkeys(at.problems)
    impossible = next((piece for piece in pieces if piece.unit is _NO_DAY), None)
    if impossible:
        return Found(None, impossible.first, impossible.after, "bestaat niet", at.past)
    if not pieces:
        return None
    found = _joined(_told_best(pieces, words), words, text, at)
    if found is not None:
        others = tuple((one.first, one.after) for one in pieces if not found.first <= one.first < found.after)
        found = replace(found, others=others)
    if found is None or found.span is None:
        return found
    if found.span.first and found.span.last and found.span.first > found.span.last:
        return replace(found, span=Span(first=found.span.last, last=found.span.first))
    return found


def _starts(words: list[str]) -> list[int]:
    starts, position = [], 0
    for word in words:
        starts.append(position)
        position += len(word) + 1
    return starts


def _pieces(words: list[str], text: str, starts: list[int], at: At) -> list[_Piece]:
    """All stretches of time from left to right, the longest at each place."""
    index_of = {start: index for index, start in enumerate(starts)}
    index_of[len(text) + 1] = len(words)
    pieces: list[_Piece] = []
    index = 0
    while index < len(words):
        piece = _piece(words, text, starts[index], index, index_of, at)
        if piece:
            pieces.append(piece)
        index = piece.after if piece else index + 1
    return pieces


def _piece(
    words: list[str], text: str, pos: int, index: int, index_of: dict[int, int], at: At
) -> _Piece | None:
    word = words[index]
    rules = RULES.get(word, [])
    if word[0].isdigit():
        rules = rules + RULES[DIGITS]
    matches = [(match.end(), rule, match) for rule in rules if (match := rule.pattern.match(text, pos))]
    for end, rule, match in sorted(matches, key=lambda one: -one[0]):
        after = index_of.get(end + 1)
        if after is None or not _is_time(words, index, after):
            continue
        problems = len(at.problems)
        unit = rule.build(match, at)
        if unit is not None:
            return _Piece(index, after, rule, unit, pos)
        if len(at.problems) > problems:
            return _Piece(index, after, rule, _NO_DAY, pos)
    return None


def _is_time(words: list[str], first: int, after: int) -> bool:
    """Whether these words can be a time here: no clock time, no short word out of place, no postcode."""
    before = words[first - 1] if first else ""
    following = words[after] if after < len(words) else ""
    own = words[first:after]
    if own[:2] == ["half", "jaar"] and before in {"een", "ne"}:
        return False
    if before in {"elke", "iedere", "elk", "every", "chaque", "welk", "welke", "which", "quel", "quelle"}:
        return False
    if own[0] == "zo" and following in {"een", "n"}:
        return False
    if own[0] in AMBIGUOUS and len(own) > 1 and not any(word[0].isdigit() for word in own[1:]):
        return before in _CUES
    if _is_ambiguous(own):
        return before in _CUES and not (own[0] == "zo" and before not in {"op", "komende", "volgende"})
    if own[0][0].isdigit() and len(own) == 1:
        if following in {"u", "uur", "h", "euro", "personen", "leden", "collegas"} or before in {
            "om",
            "nummer",
            "postcode",
        }:
            return False
        if own[0].isdigit() and len(own[0]) == 4:
            return not _is_postcode(words, first)
        if own[0].endswith(("de", "ste", "e")) and not own[0].isdigit():
            return before in {"de", "op", "den", "the"} and following in {
                "",
                ".",
                ",",
                "in",
                "door",
                "nog",
                "om",
                "voor",
                "is",
            }
    if own[:1] == ["morgen"] and before in {"goede", "goeie", "deze", "s"}:
        return False
    return not (own == ["nu"] and following != "tot" and before not in {"vanaf", "tussen", "van"})


def _is_ambiguous(words: list[str]) -> bool:
    """Whether a stretch of these words is one short word that may well be another word."""
    return len(words) == 1 and words[0] in AMBIGUOUS


def _is_postcode(words: list[str], index: int) -> bool:
    around = set(words[max(0, index - 5) : index])
    return (
        words[index] < "2015"
        or bool(around & {"postcode"})
        or (
            bool(around & {"ik", "wij", "we"})
            and bool(around & {"ben", "zijn", "werk", "werken", "woon", "kom", "komen"})
        )
    )


def _clause(words: list[str], index: int) -> list[str]:
    """The words of the clause that holds this one: between stops, or after "en ik"."""
    first = max((at + 1 for at in range(index) if words[at] == "."), default=0)
    for at in range(index - 1, first, -1):
        if words[at - 1] in {"en", "maar", ","} and words[at] in {"ik", "we", "wij", "nu"}:
            first = at
            break
    last = next((at for at in range(index, len(words)) if words[at] == "."), len(words))
    return words[first:last]


def _is_ruled_out(words: list[str], piece: _Piece) -> bool:
    """ "In januari kan ik niet.": a clause of its own that says when not."""
    clause = _clause(words, piece.first)
    return "." in words[piece.after :] and not {"niet", "weg", "verlof"}.isdisjoint(clause)


def _told_best(pieces: list[_Piece], words: list[str]) -> list[_Piece]:
    """The pieces from the most telling on: a date counts more than a mere weekday before it."""
    if is_corrected(words):
        return pieces[-1:]
    wanted = [one for one in pieces if not _is_ruled_out(words, one)]
    if wanted and wanted[0] is not pieces[0]:
        return wanted
    for at, piece in enumerate(pieces):
        if piece.rule.name != "weekdag":
            return pieces[at:] if at and _middle_words(pieces[at - 1], piece) > 3 else pieces
    return pieces


def _middle_words(left: _Piece, right: _Piece) -> int:
    return right.first - left.after


def _joined(pieces: list[_Piece], words: list[str], text: str, at: At) -> Found | None:
    first = pieces[0]
    opening, start = _prefix(words, first, at)
    past = at.past or first.unit.past
    if len(pieces) > 1:
        second = pieces[1]
        between = tuple(words[first.after : second.first])
        bare = tuple(word for word in between if word not in {"de", "het", "den"})
        if not bare or bare in _JOINERS:
            joined = _range(first, second, bare, opening, text, at)
            if joined is not None:
                after = second.after
                parts = [first.unit.span, _anchored(second, first.unit.span, text, at).span]
                for left, right in pairwise(pieces[1:]):
                    if _middle(words, left, right):
                        break
                    anchored = _anchored(right, joined, text, at)
                    joined = Span(first=joined.first, last=anchored.span.last)
                    parts.append(anchored.span)
                    after = right.after
                rule = f"{first.rule.name} + {second.rule.name}"
                is_row = bool(bare) and bare[0] != "tot" and bare[-1] != "met" and not opening
                apart = _apart(parts) if is_row else ()
                if apart:
                    joined = Span(first=apart[0].first, last=apart[-1].last)
                return Found(joined, start, after, rule, past, parts=apart)
    days = _days_before(words, first) if not opening and first.unit.grain in {"day", "days"} else []
    if days and first.unit.span.last:
        spans = [calendar.day(day) for day in (*days, first.unit.span.last)]
        joined = Span(first=min(days), last=first.unit.span.last)
        begins = _start_of_row(words, first)
        return Found(
            joined, begins, first.after, f"{first.rule.name}, en dagen ervoor", past, parts=_apart(spans)
        )
    span, name, after = _opened(first, opening, words)
    return Found(span, start, after, name, past)


_DAY = re.compile(r"(\d{1,2})(?:ste|de|e)?")
_ROW = word_set("en of , op de den ofwel")
_RANGING = word_set("tot tussen tss van t/m")


def _start_of_row(words: list[str], piece: _Piece) -> int:
    """Where "(8, 9 of) 10 februari" begins."""
    index = piece.first
    while index and (words[index - 1] in _ROW or _DAY.fullmatch(words[index - 1])):
        index -= 1
    while index < piece.first and words[index] in _ROW - {"op"}:
        index += 1
    return index


def _days_before(words: list[str], piece: _Piece) -> list[dt.date]:
    """The days that share the month of a date: "op 8 of 10 februari"."""
    date = piece.unit.span.last
    begins = _start_of_row(words, piece)
    row = words[begins : piece.after]
    is_range = _RANGING.intersection(words[max(0, begins - 1) : piece.after])
    if date is None or is_range or not {"en", "of", "ofwel"}.intersection(row):
        return []
    numbers = [int(found[1]) for word in row if (found := _DAY.fullmatch(word))]
    return [date.replace(day=number) for number in numbers if 0 < number < date.day]


def _apart(parts: list[Span]) -> tuple[Span, ...]:
    """The stretches by start, none when they follow each other without a gap."""
    closed = [(one.first, one.last) for one in parts if one.first and one.last]
    if len(closed) < len(parts):
        return ()
    closed.sort()
    if all(later[0] <= calendar.plus_days(earlier[1], 1) for earlier, later in pairwise(closed)):
        return ()
    return tuple(Span(first=first, last=last) for first, last in closed)


def _middle(words: list[str], left: _Piece, right: _Piece) -> bool:
    """Whether more than a joiner stands between two pieces."""
    bare = tuple(word for word in words[left.after : right.first] if word not in {"de", "het", "den"})
    return bool(bare) and (bare not in _JOINERS or bare[0] == "tot" or bare[-1] == "met")


def _range(
    left: _Piece, right: _Piece, joiner: tuple[str, ...], opening: str, text: str, at: At
) -> Span | None:
    """Both pieces as one span: from the first of the left to the last of the right."""
    is_range = joiner[:1] == ("tot",) or opening == "tussen" or (not joiner and left.unit.grain == "day")
    if opening in {"na", "voor"} and not is_range:
        return None
    if left.unit.span.first is None:
        return None
    ending = _anchored(right, left.unit.span, text, at)
    begin = left.unit
    if (
        begin.floating
        and not right.unit.floating
        and ending.span.last
        and begin.span.first
        and begin.span.first > ending.span.last
    ):
        begin = (
            _rebuilt(left, text, replace(at, today=ending.span.last, anchor=ending.span.last, past=True))
            or begin
        )
    if not is_range and begin.span.first and ending.span.first and ending.span.first < begin.span.first:
        return Span(first=ending.span.first, last=begin.span.last)
    if opening == "voor":
        return None
    return Span(first=begin.span.first, last=ending.span.last)


def _anchored(piece: _Piece, after: Span, text: str, at: At) -> Unit:
    """The piece, reckoned from what it is joined to where its year was not said."""
    if not piece.unit.floating or after.first is None:
        return piece.unit
    return _rebuilt(piece, text, replace(at, anchor=after.first, past=False)) or piece.unit


def _rebuilt(piece: _Piece, text: str, at: At) -> Unit | None:
    match = piece.rule.pattern.match(text, piece.pos)
    return piece.rule.build(match, at) if match else None


def _prefix(words: list[str], piece: _Piece, at: At) -> tuple[str, int]:
    """The preposition before a stretch and where the whole expression begins."""
    index = piece.first
    while index and words[index - 1] in _ARTICLES:
        index -= 1
    if words[index - 2 : index] in (["einde", "van"], ["eind", "van"]) and piece.unit.grain != "day":
        index -= 2
        while index and words[index - 1] in _ARTICLES:
            index -= 1
    for name, phrases in _OPEN:
        for phrase in sorted(phrases, key=len, reverse=True):
            size = len(phrase)
            if size <= index and tuple(words[index - size : index]) == phrase:
                start = index - size
                return _checked(name, words, start, piece, at), start
    if index and words[index - 1] in {"tussen", "van"}:
        return words[index - 1], index - 1
    while index and words[index - 1] in _IN and piece.unit.grain != "now":
        index -= 1
    return "", index


def _checked(name: str, words: list[str], start: int, piece: _Piece, at: At) -> str:
    """What "voor" means here: before, or meant for."""
    if name != "voor" or words[start] != "voor" or (start and words[start - 1] == "nog"):
        return name
    before = set(words[max(0, start - 5) : start])
    until = piece.unit.span.last if piece.unit.ends else piece.unit.span.first
    if until is not None and until <= at.today and not at.past:
        return ""
    meant_for = piece.unit.grain in {"relative", "year", "days"} and not piece.unit.ends
    meant_for = meant_for or _is_about_registering(words[:start])
    if piece.unit.grain == "season" and words[piece.first] not in calendar.SEASONS:
        meant_for = True
    everything = not {"alles", "alle", "nog"}.isdisjoint(words[:start])
    return "" if meant_for or (before & _MEANT_FOR and not everything) else name


def _is_about_registering(words: list[str]) -> bool:
    return any(word.startswith(_REGISTERING) for word in words) or any(
        phrase in " ".join(words) for phrase in _TO_REGISTER
    )


def _opened(piece: _Piece, opening: str, words: list[str]) -> tuple[Span, str, int]:
    """One stretch with its preposition: "na maart" begins on 1 April and has no end."""
    span, name, after = piece.unit.span, piece.rule.name, piece.after
    rest = words[after : after + 2]
    if rest in (["en", "later"], ["of", "later"], ["en", "verder"], ["en", "daarna"]) or (
        rest[:1] in (["verder"], ["af"]) and words[max(0, piece.first - 1)] != "voor"
    ):
        after += 2 if rest[0] in {"en", "of"} else 1
        return Span(first=span.first), f"vanaf {name}", after
    match opening:
        case "na" if span.last:
            return Span(first=calendar.plus_days(span.last, 1)), f"na {name}", after
        case "voor" if span.first and span.last:
            last = span.last if piece.unit.ends else calendar.plus_days(span.first, -1)
            return Span(last=last), f"voor {name}", after
        case "vanaf":
            return Span(first=span.first), f"vanaf {name}", after
        case "tot":
            return Span(last=span.last), f"tot {name}", after
    before = words[piece.first - 1] if piece.first else ""
    if (
        before in {"rond", "omstreeks", "rondom"}
        and piece.unit.grain in {"day", "feast"}
        and span.first
        and span.last
    ):
        return (
            Span(first=calendar.plus_days(span.first, -7), last=calendar.plus_days(span.last, 7)),
            f"rond {name}",
            after,
        )
    return span, name, after
