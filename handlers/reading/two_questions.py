"""Two questions in one message that have nothing in common: each is read by itself, with its own slots.

"Het volgende atrium in Genk, en welke groepen over water?" asks of Genk in the first and of water in the
second. "Wanneer is het atrium in Gent en hoe schrijf ik mij in?" asks twice of the same, and is left whole.
"""

from __future__ import annotations

from collections.abc import Collection

from handlers.reading.intents import ANCHORS, THRESHOLD, Abstract, abstract_from, weigh
from handlers.reading.model import Intent
from handlers.reading.word_lists import word_set

_JOINTS = frozenset({"en", ".", ",", "and", "et"})
_LEADING = word_set("en ook verder daarnaast nog and et")
_GROUPS = frozenset({"GROEP", "GROEPEN"})
_ATRIA = ANCHORS - _GROUPS - {"NETWERK"}
#: What says where, when, or on what: two that each say it are two.
_SAYING = frozenset({"PLAATS", "THEMA", "DAG", "PERIODE"})
_POINTING = word_set("dat die deze daar daarvan daarvoor daarover dit daarbij hetzelfde erbij erover")
#: Two questions take more words than this.
_FEWEST = 6
_SMALL_TALK = frozenset({Intent.GREETING, Intent.THANKS, Intent.OUT_OF_SCOPE, None})


def may_be_two(words: Collection[str]) -> bool:
    """Whether a message may hold two questions at all; quick, for most do not."""
    return len(words) >= _FEWEST and not _JOINTS.isdisjoint(words)


def apart(abstract: Abstract, openers: Collection[str]) -> tuple[int, int] | None:
    """The word after the first question and the first word of the second; None where there is but one.

    Args:
        openers: the items that a question begins with.
    """
    items = abstract.items
    for at in range(1, len(items) - 1):
        if items[at] not in _JOINTS:
            continue
        start = at + 1
        while start < len(items) and items[start] in _LEADING:
            start += 1
        if start >= len(items) or items[start] not in _GROUPS.union(openers):
            continue
        left, right = items[:at], items[start:]
        if _are_two(left, right) and _ask(left) and _ask(right):
            return abstract.origins[at], abstract.origins[start]
    return None


def _are_two(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if not _POINTING.isdisjoint(right):
        return False
    of_groups = [not _GROUPS.isdisjoint(part) for part in (left, right)]
    of_atria = [not _ATRIA.isdisjoint(part) for part in (left, right)]
    if of_groups[0] != of_groups[1]:
        return of_atria[of_groups[0]]
    both_say = all(not _SAYING.isdisjoint(part) for part in (left, right))
    return both_say and all(of_atria)


def _ask(part: tuple[str, ...]) -> bool:
    intent, weight = weigh(abstract_from(part, tuple(range(len(part))))).best
    # "Volgende atrium in Genk" asks in few words.
    return intent not in _SMALL_TALK and (weight >= THRESHOLD or "VOLGENDE" in part)
