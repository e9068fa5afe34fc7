"""What is asked, by whom, and of which atrium where the thread has already said so."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from handlers.context import Context
from handlers.model import Atrium, Audience, Community, Kind
from handlers.reading.model import Reading
from handlers.wording.dates import local_day

#: The key of the community that the Atrium Lokale Mandatarissen has for itself.
MANDATARISSEN_COMMUNITY = "mandatarissen"

#: For whom the Atrium Lokale Mandatarissen is.
POLITICIANS = frozenset({Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR})


def folded(text: str) -> str:
    """Lower case without diacritics, so that "één" and "een" are found alike."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _is_theirs(community: Community) -> bool:
    """Whether a community is for local politicians and general directors alone."""
    return community.kinds == {Kind.MANDATARISSEN} or (
        bool(community.audience) and community.audience <= POLITICIANS
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A reading in its context.

    Attributes:
        focus: the atria that the question leans on ("waar is dat?", "de tweede"), in order.
    """

    reading: Reading
    context: Context
    focus: tuple[Atrium, ...] = ()

    @property
    def now(self) -> dt.datetime:
        return self.context.now

    @property
    def today(self) -> dt.date:
        """The day in Brussels on which it is asked."""
        return local_day(self.context.now)

    def says(self, pattern: str) -> bool:
        """Whether the question as typed holds this pattern, in lower case without diacritics."""
        return re.search(pattern, folded(self.reading.text)) is not None

    @property
    def names_something(self) -> bool:
        """Whether it says which atrium: a kind, place, theme or period, or one spoken of before."""
        reading = self.reading
        slots = (reading.kind, reading.place, reading.theme, reading.period, reading.weekdays)
        return bool(self.focus or any(slots) or reading.mine)

    @property
    def withholds_mandatarissen(self) -> bool:
        """Whether it touches on the Atrium Lokale Mandatarissen where that may not be shown.

        It depends on the question and the place alone, never on what the agenda holds.
        """
        touches = self.reading.kind is Kind.MANDATARISSEN or (
            self.reading.kind is None and self.reading.audience in POLITICIANS
        )
        return touches and not self._reads_mandatarissen()

    def _reads_mandatarissen(self) -> bool:
        theirs = {community.key for community in self.context.communities if _is_theirs(community)}
        return not self.context.reads.isdisjoint(theirs | {MANDATARISSEN_COMMUNITY})
