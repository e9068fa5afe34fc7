"""Who may see a row: keys of communities, held to those that the bot knows."""

from __future__ import annotations

from collections.abc import Collection

from store.exchange.cells import known_word, quote
from store.exchange.table import advice


def held_to(
    keys: frozenset[str], known: Collection[str] | None, what: str
) -> tuple[frozenset[str], list[str]]:
    """The keys as the settings spell them, with a remark for each that no community has.

    An unknown key is kept: it hides the row, and hiding is the mistake that can be mended.

    Args:
        known: the keys of the communities; None checks nothing.
        what: what stays unseen, in Dutch: "dit atrium", "deze groep".
    """
    spelled = {key: known_word(key, known) for key in sorted(keys)}
    remarks = [
        f"{quote(key)} is geen community van de bot.{advice(key, known or ())} "
        f"Wie alleen daar leest, ziet {what} niet."
        for key, (_, found) in spelled.items()
        if not found
    ]
    return frozenset(key for key, _ in spelled.values()), remarks
