"""Who may see a row: keys of communities, held to those that the bot knows."""

from __future__ import annotations

from collections.abc import Collection

from handlers.wording.catalogue import say
from store.exchange.cells import known_word, quote
from store.exchange.problems import in_a_row
from store.exchange.table import advice


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
