"""What a text is filled in with when it is looked at: a made-up example for each placeholder."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from handlers.wording.catalogue import placeholders, text_problem


@cache
def examples() -> Mapping[str, Mapping[str, str]]:
    """For a text, for an area of texts, and for all of them (""): placeholder -> example."""
    source = resources.files("bot.data").joinpath("tekst_voorbeelden.toml").read_text(encoding="utf-8")
    read = tomllib.loads(source)
    of_all = {name: each for name, each in read.items() if isinstance(each, str)}
    return {"": of_all} | {name: each for name, each in read.items() if isinstance(each, dict)}


def sample(name: str, template: str) -> str:
    """The text of that name as it could be said; empty when this template cannot replace it."""
    if text_problem(name, template):
        return ""
    return template.format_map({each: _example(name, each) for each in placeholders(template)})


def _example(name: str, placeholder: str) -> str:
    """What suits this text best; a placeholder without an example is shown by its own name."""
    known = examples()
    for where in (name, name.partition(".")[0], ""):
        if placeholder in known.get(where, {}):
            return known[where][placeholder]
    return f"‹{placeholder}›"
