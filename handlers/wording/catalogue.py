"""What the bot says, as texts that moderators may change: templates with named placeholders ("{dag}").

The originals are data: `handlers/data/teksten.toml`, and what moderators alone read, in the console and of
a file that they bring in, in `teksten_beheer.toml`, which is read when it is asked for. What a moderator
makes of one is used only while it has exactly the placeholders of the original and fits where it is shown;
else the original stands. Which changes hold is an ambient fact of the one who speaks, as the language is in
gettext: `worded` sets it for a while. What is looked up by a name (of a kind, a state, a field) is a
`Said`: it is said when it is asked for.
"""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TypeVar

from handlers.wording.sentences import enumeration

_Key = TypeVar("_Key")

_NONE: Mapping[str, str] = {}
_changed: ContextVar[Mapping[str, str]] = ContextVar("changed texts", default=_NONE)


@dataclass(frozen=True, slots=True)
class Text:
    """One text that moderators may change.

    Attributes:
        about: where it is used, for the moderator who changes it.
        template: the original.
        most: characters that the place where it is shown takes, placeholders not counted; None for no limit.
    """

    about: str
    template: str
    most: int | None = None

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
def _said() -> Mapping[str, Text]:
    """What members read, and moderators in a conversation."""
    return _file("teksten.toml")


@cache
def _shown() -> Mapping[str, Text]:
    """What moderators alone read."""
    return _file("teksten_beheer.toml")


def _file(name: str) -> Mapping[str, Text]:
    source = resources.files("handlers.data").joinpath(name).read_text(encoding="utf-8")
    return {
        name: Text(each["over"], each["tekst"], each.get("hoogstens"))
        for name, each in tomllib.loads(source).items()
    }


class _Texts(Mapping[str, Text]):
    """Each file is read when a text of it is asked for: not every command of the program says something, and
    most never show the console."""

    def __getitem__(self, name: str) -> Text:
        found = _said().get(name)
        return _shown()[name] if found is None else found

    def __iter__(self) -> Iterator[str]:
        yield from _said()
        yield from _shown()

    def __len__(self) -> int:
        return len(_said()) + len(_shown())


#: Every text by its name, in the order of the files.
TEXTS: Mapping[str, Text] = _Texts()


def text_problem(name: str, template: str) -> str | None:
    """Why this template cannot replace the text of that name, in Dutch; None when it can."""
    if name not in TEXTS:
        return f'Er is geen tekst met de naam "{name}".'
    if not template.strip():
        return "De tekst is leeg."
    original = TEXTS[name]
    wanted = original.placeholders
    try:
        found = placeholders(template)
    except ValueError as error:
        return _brace_problem("}" if str(error).startswith("Single '}'") else "{", wanted)
    if found - wanted:
        return f"Onbekende invulplaats: {_named(found - wanted)}."
    if wanted - found:
        return f"Er ontbreekt een invulplaats: {_named(wanted - found)}."
    if "\n" in template.strip() and _is_one_line(name, original):
        return "Zet dit op één regel: een regeleinde is hier niet te zien."
    length = _length(template)
    if original.most is not None and length > original.most:
        return (
            f"Maak dit korter: hier passen hoogstens {original.most} tekens, en dit zijn er {length}"
            f"{', de invulplaatsen niet meegeteld' if wanted else ''}."
        )
    return None


def _brace_problem(brace: str, wanted: frozenset[str]) -> str:
    """What to do about a brace that stands alone; only the placeholders that this text has are named."""
    whole = f"een invulplaats voluit ({_named(wanted)}), of " if wanted else ""
    return f"Een {brace} staat alleen: schrijf {whole}{brace * 2} voor een gewone accolade."


def _is_one_line(name: str, original: Text) -> bool:
    """Whether a line break would be lost where it is shown: on a button, and in a line of the console."""
    return "\n" not in original.template and (original.most is not None or name in _shown())


def _length(template: str) -> int:
    """Characters without the placeholders, as Slack counts them: a sign outside the basic plane is two."""
    said = "".join(text for text, *_ in string.Formatter().parse(template))
    return len(said.encode("utf-16-le")) // 2


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


class Said(Mapping[_Key, str]):
    """Names of things by their key, each a text that moderators may change, said when it is asked for."""

    def __init__(self, names: Mapping[_Key, str]) -> None:
        self.names = names

    def __getitem__(self, key: _Key) -> str:
        return say(self.names[key])

    def __iter__(self) -> Iterator[_Key]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def delivered(name: str, **values: str) -> str:
    """The text of that name as it was delivered: for what is read back or compared."""
    return TEXTS[name].template.format_map(values)


def changed_now() -> Mapping[str, str]:
    """What is spoken with at this moment that moderators changed."""
    return _changed.get()


def wording() -> str:
    """What tells the words of now from other words, for whoever remembers what was said; empty where all is
    as it was delivered."""
    changed = _changed.get()
    return hashlib.sha256(repr(sorted(changed.items())).encode()).hexdigest()[:16] if changed else ""


def say(name: str, **values: str) -> str:
    """The text of that name, as a moderator changed it or else the original, with its values filled in.

    Raises KeyError for an unknown name or a value that the original asks for and is not given.
    """
    template = TEXTS[name].template
    if changes := _changed.get():
        changed = changes.get(name)
        if changed is not None and _fits(name, changed):
            template = changed
    return template.format_map(values)


@lru_cache(maxsize=1024)
def _fits(name: str, template: str) -> bool:
    return text_problem(name, template) is None
