"""Domain values to JSON and back: the topic of a thread, the draft of a moderator, a reply that is owed.

pydantic reads and writes standard dataclasses by their type hints, so the domain needs to know
nothing of it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(of: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(of)


def dump(value: object) -> dict[str, Any]:
    """A dataclass as JSON-able dict: dates and moments as ISO text, sets as lists."""
    return cast(dict[str, Any], _adapter(type(value)).dump_python(value, mode="json"))


def load(of: type[T], data: dict[str, Any]) -> T:
    """The dataclass again; raises `pydantic.ValidationError` when the JSON does not fit it."""
    return cast(T, _adapter(of).validate_python(data))
