"""What one text of a moderator tells of an atrium: fields, what cannot be, and what was not understood."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from handlers.model import AtriumDraft
from handlers.reply import Choice


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What cannot be: the field it is about, why in Dutch, and the ways out."""

    about: str
    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(kw_only=True, slots=True)
class Told:
    """What was read in one text.

    Attributes:
        draft: holds only what this text says.
        before: a deadline told as time before the atrium ("de dag ervoor").
        year_of_deadline_open: the deadline was told without a year.
        cleared: fields said to stay or become open ("link: geen").
        all_open: the whole text says that the rest stays open ("weet ik nog niet").
        all_communities: it is to go wherever it fits ("in alle communities").
        leftovers: what was not understood, as typed.
    """

    draft: AtriumDraft = field(default_factory=AtriumDraft)
    before: dt.timedelta | None = None
    year_of_deadline_open: bool = False
    cleared: set[str] = field(default_factory=set)
    all_open: bool = False
    all_communities: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether anything in the text was about the atrium."""
        told = self.draft != AtriumDraft() or self.before is not None
        return told or bool(self.cleared or self.problems or self.all_open or self.all_communities)

    def keep(self, **values: object) -> None:
        """Remember fields; what was told first in the text stands."""
        new = {name: value for name, value in values.items() if value and not getattr(self.draft, name)}
        self.draft = replace(self.draft, **new)  # type: ignore[arg-type]  # each caller pairs a field with a value of its type

    def object_to(self, about: str, text: str, *choices: Choice) -> None:
        self.problems.append(Problem(about=about, text=text, choices=choices))
