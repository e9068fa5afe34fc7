"""What the bot says, as texts that moderators may change: templates with named placeholders ("{dag}").

The originals are data (`handlers/data/teksten.toml`). What a moderator makes of one is used only while
it has exactly the placeholders of the original; else the original stands. Which changes hold is an
ambient fact of the one who speaks, as the language is in gettext: `worded` sets it for a while.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from handlers.wording.sentences import enumeration

_NONE: Mapping[str, str] = {}
_changed: ContextVar[Mapping[str, str]] = ContextVar("changed texts", default=_NONE)


@dataclass(frozen=True, slots=True)
class Text:
    """One text that moderators may change.

    Attributes:
        about: where it is used, for the moderator who changes it.
        template: the original.
    """

    about: str
    template: str

    @property
    def placeholders(self) -> frozenset[str]:
        return placeholders(self.template)


def placeholders(template: str) -> frozenset[str]:
    """What stands between braces in a template. Raises ValueError where a brace stands alone.

    A conversion or a format is kept with the name, so that no original has it.
    """
    fields = string.Formatter().parse(template)
    return frozenset(
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in fields
        if name is not None
    )


@cache
def _originals() -> Mapping[str, Text]:
    source = resources.files("handlers.data").joinpath("teksten.toml").read_text(encoding="utf-8")
    return {name: Text(each["over"], each["tekst"]) for name, each in tomllib.loads(source).items()}


class _Texts(Mapping[str, Text]):
    """The file is read when the first text is asked for: not every command of the program says something."""

    def __getitem__(self, name: str) -> Text:
        return _originals()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_originals())

    def __len__(self) -> int:
        return len(_originals())


#: Every text by its name, in the order of the file.
TEXTS: Mapping[str, Text] = _Texts()


def text_problem(name: str, template: str) -> str | None:
    """Why this template cannot replace the text of that name, in Dutch; None when it can."""
    if name not in TEXTS:
        return f'Er is geen tekst met de naam "{name}".'
    if not template.strip():
        return "De tekst is leeg."
    wanted = TEXTS[name].placeholders
    try:
        found = placeholders(template)
    except ValueError:
        return "Een accolade staat alleen: schrijf {naam} of {{ voor een gewone accolade."
    if found - wanted:
        return f"Onbekende invulplaats: {_named(found - wanted)}."
    if wanted - found:
        return f"Er ontbreekt een invulplaats: {_named(wanted - found)}."
    return None


def _named(names: frozenset[str]) -> str:
    return enumeration(sorted(f"{{{each}}}" for each in names))


@contextmanager
def worded(changed: Mapping[str, str]) -> Iterator[None]:
    """While this lasts, speak with what moderators changed: templates by the names of their texts."""
    token = _changed.set(changed)
    try:
        yield
    finally:
        _changed.reset(token)


def say(name: str, **values: str) -> str:
    """The text of that name, as a moderator changed it or else the original, with its values filled in.

    Raises KeyError for an unknown name or a value that the original asks for and is not given.
    """
    template = TEXTS[name].template
    changed = _changed.get().get(name)
    if changed is not None and _fits(name, changed):
        template = changed
    return template.format_map(values)


@lru_cache(maxsize=1024)
def _fits(name: str, template: str) -> bool:
    return text_problem(name, template) is None
