"""Two who change one form at the same time: what each of them changed, and what both did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.moderation.fields import Values


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """A form that was changed here and, meanwhile, elsewhere.

    Attributes:
        values: what each changed; where both changed a field differently, what was typed here.
        both: the fields that both changed, each to something else.
        taken: the fields that only they changed.
    """

    values: dict[str, str | tuple[str, ...]]
    both: tuple[str, ...]
    taken: tuple[str, ...]


def merged(base: Values | None, theirs: Values, mine: Values) -> Merged:
    """Lay two changes of one form together.

    Args:
        base: what the form held when it was opened here; a field that is not there was empty. None where
            nobody knows: then both changed whatever is different.
    """
    values: dict[str, str | tuple[str, ...]] = {}
    both: list[str] = []
    taken: list[str] = []
    for name in dict.fromkeys((*(base or ()), *theirs, *mine)):
        now, typed = _of(theirs, name), _of(mine, name)
        if base is None:
            values[name] = typed
            both += [] if _same(now, typed) else [name]
            continue
        was = _of(base, name)
        values[name] = now if _same(typed, was) else typed
        if _same(now, was) or _same(now, typed):
            continue
        (taken if _same(typed, was) else both).append(name)
    return Merged(values=values, both=tuple(both), taken=tuple(taken))


def _of(values: Values, name: str) -> str | tuple[str, ...]:
    value = values.get(name, "")
    return value if isinstance(value, str) else tuple(value)


def _same(one: str | Sequence[str], other: str | Sequence[str]) -> bool:
    """Whether two values say the same: choices in any order, and lines however they end."""
    return _told(one) == _told(other)


def _told(value: str | Sequence[str]) -> list[str]:
    if isinstance(value, str):
        text = "\n".join(line.rstrip() for line in value.splitlines()).strip()
        return [text] if text else []
    return sorted(value)
