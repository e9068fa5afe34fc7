"""Two who change one form at the same time: what each of them changed, and what both did."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.moderation.fields import Values

#: Signs of a mark: 48 bits, so that two values of a field do not have the same one by chance.
MARK = 8

#: Stands for a value that neither of two forms holds: a form keeps no control characters.
_ANOTHER = "\0"


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


def mark_of(value: str | Sequence[str]) -> str:
    """A mark by which a value is known again, for where there is no room for the value itself."""
    told = json.dumps(_told(value)).encode()
    return base64.urlsafe_b64encode(hashlib.sha256(told).digest())[:MARK].decode()


def marks_of(values: Values) -> dict[str, str]:
    """The marks of what a form holds, by field; what is empty has none."""
    return {name: mark_of(value) for name, value in values.items() if _told(value)}


def recalled(marks: Mapping[str, str], theirs: Values, mine: Values) -> dict[str, str | tuple[str, ...]]:
    """What a form held when it was opened, from its marks, as far as `merged` asks.

    A value that either form still holds is known again; of any other it only matters that it is another.
    """
    held: dict[str, str | tuple[str, ...]] = {}
    for name, mark in marks.items():
        known = (value for value in (_of(theirs, name), _of(mine, name)) if mark_of(value) == mark)
        held[name] = next(known, _ANOTHER)
    return held


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
