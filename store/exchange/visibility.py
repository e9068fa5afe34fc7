"""Who may see a row: keys of communities, held to those that the bot knows."""

from __future__ import annotations

from collections.abc import Collection

from handlers.model import WITHHELD
from handlers.wording.catalogue import say
from store.exchange.cells import known_word, quote
from store.exchange.columns import PUBLIC
from store.exchange.problems import in_a_row
from store.exchange.table import advice


def is_unseen(keys: Collection[str], known: Collection[str] | None) -> bool:
    """Whether only communities are named that the bot does not know, so that nobody would see the row.

    What is withheld on purpose is not: a file that was exported holds it so.
    """
    return bool(keys) and WITHHELD not in keys and not any(known_word(key, known)[1] for key in keys)


def nobody_sees(keys: Collection[str], known: Collection[str]) -> str:
    """Why a row that nobody would see is refused, and what can be filled in instead."""
    first = min(keys)
    return in_a_row(
        say("invoer.community onbekend", getypt=", ".join(map(quote, sorted(keys)[:5]))),
        advice(first, known),
        say("invoer.ziet niemand"),
        say("invoer.kies uit", woorden=", ".join((PUBLIC, *sorted(known)))),
    )


def held_to(
    keys: frozenset[str], known: Collection[str] | None, unseen: str
) -> tuple[frozenset[str], list[str]]:
    """The keys as the settings spell them, with a remark for each that no community has.

    An unknown key is kept: it hides the row, and hiding is the mistake that can be mended.

    Args:
        known: the keys of the communities; None checks nothing.
        unseen: the name of the text that says what stays unseen.
    """
    spelled = {key: known_word(key, known) for key in sorted(keys)}
    remarks = [
        in_a_row(say("invoer.community onbekend", getypt=quote(key)), advice(key, known or ()), say(unseen))
        for key, (_, found) in spelled.items()
        if not found
    ]
    return frozenset(key for key, _ in spelled.values()), remarks
