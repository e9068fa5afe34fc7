"""What one text of a moderator tells of an atrium: fields, what cannot be, and what was not understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from handlers.gazetteer import name_key
from handlers.model import BRUSSELS, AtriumDraft, Community
from handlers.moderation.audiences import audience_in, claim_audience
from handlers.moderation.calendar_dates import Day, claim_date
from handlers.moderation.claims import GAP, Remainder, bare_words
from handlers.moderation.clock_times import NoTimeError, Times, claim_times, time_of
from handlers.moderation.community_choice import claim_communities, communities_in
from handlers.moderation.deadline import claim_deadline, read_deadline
from handlers.moderation.kinds import claim_kind, kind_named
from handlers.moderation.labels import labelled
from handlers.moderation.venue import (
    Where,
    claim_municipality,
    claim_venue,
    split_venue,
    unknown_municipality,
    where_is,
)
from handlers.reading.model import Vocabulary
from handlers.reading.reading import read
from handlers.reply import Choice
from handlers.wording.sentences import enumeration

_LINK_CUE = r"in(?:ge)?schrij\w+|registr\w+|aanmeld\w+|link|url|meer info|info"
_URL = re.compile(
    rf"(?:\b(?:{_LINK_CUE})\b(?:\s+kan)?(?:\s+(?:via|op))?\s*:?\s+|\b(?:via|op)\s+)?(?<![\w.@/-])"
    r"(?P<url>https?://[^\s<>\"]+|(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*"
    r"\.(?:be|org|com|eu|net|vlaanderen|brussels|gent)\b(?:/[^\s<>\"]*)?)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«](?P<title>[^\"“”«»\n]{3,200})[\"“”»]")
_THEME = re.compile(
    rf"\b(?:over|rond|rondom|omtrent|met (?:als )?thema|rond het thema|thema|onderwerp)\s*:?\s+"
    rf"(?P<theme>[^{GAP}\n;,]+(?:,\s[^{GAP}\n;,]+?\sen\s[^{GAP}\n;,]+)?)",
    re.IGNORECASE,
)
_AFTER_KIND = re.compile(rf"{GAP}\s*[:\-]?\s*(?P<theme>[^{GAP}\n;,]+)")
_GROUP = re.compile(
    rf"\bvoor\s+(?P<group>[^{GAP}\n;,]+?)"
    rf"(?=\s+(?:over|rond|rondom|omtrent|met als thema)\b|\s*[{GAP}\n;,]|\s*$)"
)
_RELATIVE = re.compile(
    r"\b(?:vandaag|morgen|overmorgen|volgende|komende|aanstaande|over\s+(?:\d+|een|twee|drie|vier)\s+(?:dag|dagen|week"
    r"|weken|maand|maanden)|(?:maan|dins|woens|donder|vrij|zater|zon)dag)\b",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"^\s*(?:(?:dat\s+)?(?:weet|weten)\s+(?:ik|we)\s+(?:dat\s+)?(?:nog\s+)?niet"
    r"|(?:nog\s+)?(?:geen|niets|niet|nvt|n\.v\.t\.)(?:\s+(?:bekend|gekend|nodig|van toepassing|idee))?"
    r"|(?:dat\s+)?(?:(?:volgt|komt)\s*(?:nog|later)?|nog|later)|(?:nog\s+)?onbekend"
    r"|open(?:\s?laten)?|laat (?:maar )?open|overslaan|-|\?)\s*\.?\s*$",
    re.IGNORECASE,
)


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
        leftovers: what was not understood, as typed.
    """

    draft: AtriumDraft = field(default_factory=AtriumDraft)
    before: dt.timedelta | None = None
    year_of_deadline_open: bool = False
    cleared: set[str] = field(default_factory=set)
    all_open: bool = False
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether anything in the text was about the atrium."""
        told = self.draft != AtriumDraft() or self.before is not None
        return told or bool(self.cleared or self.problems or self.all_open)

    def keep(self, **values: object) -> None:
        """Remember fields; what was told first in the text stands."""
        new = {name: value for name, value in values.items() if value and not getattr(self.draft, name)}
        self.draft = replace(self.draft, **new)  # type: ignore[arg-type]  # names and values come in pairs below

    def object_to(self, about: str, text: str, *choices: Choice) -> None:
        self.problems.append(Problem(about=about, text=text, choices=choices))


class Teller:
    """Reads one text, given what is known already.

    Args:
        now: aware UTC; days without a year are the next such days.
        asks: the fields that the bot just asked for; a bare answer is for them.
        known: the draft so far, or the atrium that is changed.
    """

    def __init__(
        self,
        text: str,
        now: dt.datetime,
        vocabulary: Vocabulary,
        communities: Sequence[Community],
        *,
        known: AtriumDraft,
        asks: tuple[str, ...] = (),
    ) -> None:
        self._text = text
        self._now = now
        self._today = now.astimezone(BRUSSELS).date()
        self._vocabulary = vocabulary
        self._communities = communities
        self._known = known
        self._asks = asks
        self._rest = Remainder(text)
        self._told = Told()

    def tell(self) -> Told:
        """Read the text: labelled lines first, then what can be nothing else, then words by their place."""
        if _NONE.match(self._text):
            return Told(all_open=True)
        for name, value in list(labelled(self._rest)):
            self._line(name, value)
        self._claim_what_is_certain()
        self._claim_words()
        self._told.leftovers += self._rest.leftovers()
        return self._told

    # -- labelled lines

    def _line(self, name: str, value: str) -> None:
        if not value:
            return
        if _NONE.match(value):
            self._told.cleared |= {"venue", "address"} if name == "where" else {name}
            return
        lines: dict[str, Callable[[str], None]] = {
            "kind": self._kind_line,
            "registration_until": lambda text: self._deadline(read_deadline(text, self._today), text),
            "registration_url": self._link_line,
            "when": self._when_line,
            "times": self._when_line,
            "begins": lambda text: self._time_line("begins", text),
            "ends": lambda text: self._time_line("ends", text),
            "municipality": lambda text: self._where(where_is(text)),
            "where": self._where_line,
            "venue": self._venue_line,
            "audience": self._audience_line,
            "communities": self._communities_line,
        }
        lines.get(name, lambda text: self._told.keep(**{name: text}))(value)

    def _kind_line(self, text: str) -> None:
        kind = kind_named(text)
        self._told.keep(kind=kind)
        if kind is None:
            self._told.leftovers.append(text)

    def _link_line(self, text: str) -> None:
        line = Remainder(text)
        self._deadline(claim_deadline(Remainder(f"inschrijven {text}"), self._today), text)
        self._link(line)
        if not self._told.draft.registration_url and not self._told.draft.registration_until:
            self._told.object_to(
                "registration_url", f'"{text[:80]}" is geen link. Een link begint met https://.'
            )

    def _when_line(self, text: str) -> None:
        line = Remainder(text)
        self._day(line)
        self._times(claim_times(line))
        self._told.leftovers += line.leftovers()

    def _time_line(self, name: str, text: str) -> None:
        line = Remainder(text)
        self._day(line)
        try:
            self._told.keep(**{name: time_of(text)})
        except NoTimeError as wrong:
            self._told.object_to(name, f"{wrong} is geen uur van de dag.")

    def _where_line(self, text: str) -> None:
        line = Remainder(text)
        where = claim_municipality(line)
        self._where(where)
        venue, address = split_venue(", ".join(line.parts()))
        known = self._known.municipality or self._told.draft.municipality
        if not (where.municipality or where.candidates or known) and venue:
            guess = where_is(venue)
            if guess.meant:
                self._where(guess)
                venue = None
        self._told.keep(venue=venue, address=address)

    def _venue_line(self, text: str) -> None:
        line = Remainder(text)
        if not self._known.municipality:
            self._where(claim_municipality(line))
        venue, address = split_venue(", ".join(line.parts()))
        self._told.keep(venue=venue or (None if address else text), address=address)

    def _audience_line(self, text: str) -> None:
        audience = audience_in(text)
        self._told.keep(audience=audience)
        if not audience:
            everybody = re.search(r"iedereen|alle leden|allen", text, re.IGNORECASE)
            if everybody:
                self._told.cleared.add("audience")
            else:
                self._told.object_to("audience", f'De doelgroep "{text[:80]}" ken ik niet.')

    def _communities_line(self, text: str) -> None:
        named = communities_in(text, self._communities)
        self._told.keep(communities=named)
        if not named:
            names = enumeration([one.name for one in self._communities])
            self._told.object_to("communities", f'De community "{text[:80]}" ken ik niet. Ik ken {names}.')

    # -- words anywhere in the text

    def _claim_what_is_certain(self) -> None:
        """What has a form of its own: links, quoted titles, deadlines, hours, days."""
        rest = self._rest
        self._link(rest)
        if found := rest.claim(_QUOTED):
            self._told.keep(title=found["title"].strip())
        self._deadline(claim_deadline(rest, self._today), "")
        self._day(rest)
        self._times(claim_times(rest))

    def _claim_words(self) -> None:
        """What is known by the words around it; each takes its words away before the next looks."""
        rest, told = self._rest, self._told
        told.keep(communities=claim_communities(rest, self._communities))
        kind = claim_kind(rest)
        told.keep(kind=kind)
        after_kind = rest.text.find(GAP) if kind else -1
        audience = claim_audience(rest, alone=True)
        if audience is not None:
            told.keep(audience=audience)
            if not audience:
                told.cleared.add("audience")
        self._claim_place()
        self._claim_theme(after_kind)
        named = bool(told.draft.municipality)
        venue, address = claim_venue(rest, beside_a_place=named, asked="venue" in self._asks)
        told.keep(venue=venue, address=address)

    def _claim_place(self) -> None:
        where = claim_municipality(self._rest)
        known = self._known.municipality or self._told.draft.municipality
        if where == Where() and not known:
            where = unknown_municipality(self._rest)
        if where == Where() and not known and "municipality" in self._asks:
            where = self._bare_answer()
        self._where(where)

    def _bare_answer(self) -> Where:
        """The only thing that is left, when the municipality was asked for."""
        left = self._rest.leftovers()
        if len(left) != 1:
            return Where()
        guess = where_is(left[0])
        if guess.meant or len(self._asks) == 1 or guess.municipality or guess.candidates:
            self._rest.put_gap_for(left[0])
            return guess
        return Where()

    def _claim_theme(self, after_kind: int) -> None:
        rest, told = self._rest, self._told
        if found := rest.claim(_THEME):
            told.keep(theme=self._live_theme(bare_words(found["theme"])))
        if told.draft.kind and (group := rest.claim(_GROUP)):
            if (not told.draft.title and not told.draft.theme) or "op_maat" in (
                told.draft.kind,
                self._known.kind,
            ):
                told.keep(title=f"Atrium op Maat voor {group['group'].strip()}")
            else:
                told.leftovers.append(group[0].strip())
        nothing = not (told.draft.theme or told.draft.title)
        if nothing and after_kind >= 0 and (found := _AFTER_KIND.match(rest.text, after_kind)):
            words = bare_words(found["theme"])
            if len(words) > 2:
                rest.take(found.start("theme"), found.end("theme"))
                told.keep(theme=self._live_theme(words))
        elif nothing and "theme" in self._asks and (left := rest.leftovers()):
            rest.put_gap_for(left[0])
            told.keep(theme=self._live_theme(left[0]))

    def _live_theme(self, words: str) -> str:
        """The theme as the network spells it, where it has it already."""
        same = (theme for theme in self._vocabulary.themes if name_key(theme) == name_key(words))
        return next(same, words)

    # -- what several of the above share

    def _link(self, rest: Remainder) -> None:
        found = rest.claim(_URL)
        if not found:
            return
        url = found["url"].rstrip(".,;:)!?")
        if not url.lower().startswith(("http://", "https://")):
            url = f"https://{url}"
            self._told.notes.append(f"Ik las de link als {url}")
        self._told.keep(registration_url=url)

    def _deadline(self, read_as: Day | dt.timedelta | None, typed: str) -> None:
        if isinstance(read_as, dt.timedelta):
            self._told.before = read_as
        elif read_as is not None and read_as.problem:
            self._told.object_to("registration_until", read_as.problem)
        elif read_as is not None:
            self._told.keep(registration_until=read_as.date)
            self._told.year_of_deadline_open = not read_as.year_given
        elif typed and not _URL.search(typed):
            self._told.object_to("registration_until", f'De dag "{typed[:80]}" kon ik niet lezen.')

    def _day(self, rest: Remainder) -> None:
        day = claim_date(rest, self._today) or self._relative_day(rest)
        if day is None:
            return
        self._told.keep(date=day.date)
        if day.problem:
            self._told.object_to("date", day.problem)

    def _relative_day(self, rest: Remainder) -> Day | None:
        """A day told from today on; the reader of questions knows those."""
        if not _RELATIVE.search(rest.text):
            return None
        reading = read(rest.text.replace(GAP, ","), self._now, self._vocabulary)
        span = reading.period
        if span is None or span.first is None or span.first != span.last:
            return None
        if reading.period_text:
            rest.claim(re.compile(re.escape(reading.period_text), re.IGNORECASE))
        return Day(span.first)

    def _times(self, times: Times) -> None:
        self._told.keep(begins=times.begins, ends=times.ends)
        if times.wrong:
            self._told.object_to("begins", f"{times.wrong} is geen uur van de dag.")
        elif self._asks == ("begins",) and times == Times():
            self._lone_hour()

    def _lone_hour(self) -> None:
        """Only the hour was asked for, and a bare number came back."""
        found = self._rest.claim(re.compile(r"^\s*(\d{1,2})\s*$"))
        if found and int(found[1]) < 24:
            self._told.keep(begins=time_of(found[1]))

    def _where(self, where: Where) -> None:
        told = self._told
        told.keep(municipality=where.municipality)
        if where.note:
            told.notes.append(where.note)
        if where.candidates:
            choices = tuple(Choice(label=name, says=f"gemeente: {name}") for name in where.candidates)
            told.object_to("municipality", "Er zijn meer gemeenten met die naam. Welke bedoel je?", *choices)
        elif where.meant:
            told.object_to(
                "municipality",
                f"De gemeente {where.unknown} ken ik niet. Bedoel je {where.meant}?",
                Choice(label=where.meant, says=f"gemeente: {where.meant}"),
            )
        elif where.unknown:
            told.object_to("municipality", f"De gemeente {where.unknown} ken ik niet.")
