"""One text of a moderator while it is read: what is left of it, and what was told so far."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from handlers.context import Context
from handlers.model import AtriumDraft
from handlers.moderation.calendar_dates import Day, claim_date
from handlers.moderation.claims import GAP, Remainder
from handlers.moderation.clock_times import Times, is_made_afternoon, time_of
from handlers.moderation.told import Told
from handlers.moderation.venue import Where
from handlers.reading.reading import read
from handlers.reply import Choice
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, local_day
from handlers.wording.sentences import quoted

_LINK_CUE = r"in(?:ge)?schrij\w+|registr\w+|aanmeld\w+|link|url|meer info|info"
_URL = re.compile(
    rf"(?:\b(?:{_LINK_CUE})\b(?:\s+kan)?(?:\s+(?:via|op))?\s*:?\s+|\b(?:via|op)\s+)?(?<![\w.@/-])"
    r"(?P<url>https?://[^\s<>\"]+|(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*"
    r"\.(?:be|org|com|eu|net|vlaanderen|brussels|gent)\b(?:/[^\s<>\"]*)?)",
    re.IGNORECASE,
)
_MONTHS = r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_RELATIVE = re.compile(
    r"\b(?:vandaag|morgen|overmorgen|volgende|komende|aanstaande|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|over\s+(?:\d+|een|twee|drie|vier)\s+(?:dag|dagen|week|weken|maand|maanden)"
    rf"|(?:in|begin|half|midden|eind)\s+(?:{_MONTHS}))\b",
    re.IGNORECASE,
)
_LONE_HOUR = re.compile(r"^\s*(\d{1,2})\s*$")


@dataclass(kw_only=True, slots=True)
class Hearing:
    """What the rules of reading share; they note what they find in `told`.

    Attributes:
        rest: the text, with gaps where a rule took its words.
        context: when, and which communities and themes there are.
        known: the draft so far, or the atrium that is changed.
        asks: the fields that the bot just asked for; a bare answer is for them.
    """

    rest: Remainder
    context: Context
    known: AtriumDraft
    asks: tuple[str, ...] = ()
    told: Told = field(default_factory=Told)

    @property
    def today(self) -> dt.date:
        """The day in Brussels; days without a year are the next such days."""
        return local_day(self.context.now)

    @property
    def municipality(self) -> str | None:
        """The municipality that is known, from this text or from before."""
        return self.told.draft.municipality or self.known.municipality

    def note_link(self, rest: Remainder) -> None:
        """Take a link out; one without scheme gets https."""
        url = self.take_link(rest)
        if url:
            self.told.keep(registration_url=url)

    def take_link(self, rest: Remainder) -> str | None:
        """The link, taken out; None when there is none."""
        found = rest.claim(_URL)
        if not found:
            return None
        url = found["url"].rstrip(".,;:)!?")
        if not url.lower().startswith(("http://", "https://")):
            url = f"https://{url}"
            self.told.notes.append(say("veld.als link", link=url))
        return url

    def note_deadline(self, deadline: Day | dt.timedelta | None) -> None:
        """Note the last day to register, or what is wrong with it."""
        if isinstance(deadline, dt.timedelta):
            self.told.before = deadline
        elif deadline is not None and deadline.problem:
            self.told.object_to("registration_until", deadline.problem)
        elif deadline is not None:
            self.told.keep(registration_until=deadline.date)
            self.told.year_of_deadline_open = not deadline.year_given

    def note_day(self, rest: Remainder) -> None:
        """Take the day out, written or told from today on."""
        day = claim_date(rest, self.today) or self._relative_day(rest)
        if day is None:
            return
        self.told.keep(date=day.date)
        if day.problem:
            self.told.object_to("date", day.problem)

    def _relative_day(self, rest: Remainder) -> Day | None:
        """A day told from today on; the reader of questions knows those."""
        if not _RELATIVE.search(rest.text):
            return None
        reading = read(rest.text.replace(GAP, ","), self.context.now, self.context.vocabulary)
        span = reading.period
        if span is None:
            return None
        words = reading.period_text or ""
        if words:
            rest.claim(re.compile(re.escape(words), re.IGNORECASE))
        if span.first is None or span.first != span.last:
            return Day(problem=say("veld.geen dag", getypt=quoted(words)))
        return Day(span.first)

    def note_times(self, times: Times) -> None:
        """Note begin and end, or that the day has no such hour."""
        self.told.keep(begins=times.begins, ends=times.ends)
        for typed in times.typed:
            self.note_afternoon(typed)
        if times.wrong:
            self.told.object_to("begins", say("veld.geen uur", getypt=times.wrong))
        elif self.asks == ("begins",) and times == Times():
            self._note_lone_hour()

    def note_afternoon(self, typed: str) -> None:
        """Say so when an hour was taken for one in the afternoon, which nobody typed."""
        if is_made_afternoon(typed):
            self.told.notes.append(
                say("veld.als uur", getypt=quoted(typed.strip()), uur=clock_text(time_of(typed)))
            )

    def _note_lone_hour(self) -> None:
        """Only the hour was asked for, and a bare number came back."""
        found = self.rest.claim(_LONE_HOUR)
        if found and int(found[1]) < 24:
            self.told.keep(begins=time_of(found[1]))

    def note_where(self, where: Where) -> None:
        """Note the municipality, or which ones it may be."""
        told = self.told
        told.keep(municipality=where.municipality)
        if where.note:
            told.notes.append(where.note)
        if where.candidates:
            choices = tuple(Choice(label=name, says=f"gemeente: {name}") for name in where.candidates)
            told.object_to("municipality", say("veld.meer gemeenten"), *choices)
        elif where.meant:
            told.object_to(
                "municipality",
                say("veld.gemeente bedoel je", getypt=where.unknown or "", gemeente=where.meant),
                Choice(label=where.meant, says=f"gemeente: {where.meant}"),
            )
        elif where.unknown:
            told.object_to("municipality", say("veld.gemeente onbekend", getypt=where.unknown))


def holds_link(text: str) -> bool:
    return bool(_URL.search(text))
