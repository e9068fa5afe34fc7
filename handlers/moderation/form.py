"""A filled-in form becomes drafts, with what is wrong per field; the checks are those of the dialogue.

A programme in several places is one form: every place has its own day, hours and venue, and becomes
a draft of its own. Whatever was typed can be shown again: nothing is lost by a mistake.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from handlers.context import Context
from handlers.model import BRUSSELS, AtriumDraft, Audience, Kind
from handlers.moderation.audience_conflict import conflict_of
from handlers.moderation.calendar_dates import claim_date
from handlers.moderation.claims import Remainder
from handlers.moderation.clock_times import NoTimeError, time_of
from handlers.moderation.community_choice import communities_for
from handlers.moderation.draft import missing, weighed
from handlers.moderation.fields import (
    FIELDS,
    PLACE_FIELDS,
    Field,
    Sort,
    Values,
    fields,
    name_of,
    place_count,
    place_of,
)
from handlers.moderation.permissions import may_announce
from handlers.moderation.venue import where_is
from handlers.wording.catalogue import say
from handlers.wording.dates import local_day
from handlers.wording.sentences import enumeration, quoted

__all__ = ["Checked", "Field", "Sort", "Values", "fields", "form_of", "read_form"]

#: When a post leaves for which only the day was given.
MORNING = dt.time(9, 0)

#: Further ahead nobody plans a post.
LONGEST_AHEAD = dt.timedelta(days=3 * 365)

_URL = re.compile(r"https?://[^\s<>\"]+\.[^\s<>\"]+", re.IGNORECASE)
_BARE_URL = re.compile(r"(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[^\s<>\"]*)?", re.IGNORECASE)

#: The name of the text that asks for a missing field, by the field of the form.
_LACKING = {
    "kind": "formulier.kies soort",
    "title": "formulier.geef titel",
    "date": "formulier.vul datum in",
    "begins": "formulier.vul beginuur in",
    "municipality": "formulier.vul gemeente in",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a form holds.

    Attributes:
        drafts: one for each place, with what could be read; incomplete where there are errors.
        communities: keys that were chosen; empty leaves it to audience and kind.
        publish_at: aware UTC; None for at once.
        values: what was typed, cleaned of what cannot be stored.
        errors: for each field that is wrong a Dutch sentence. With any of them it cannot leave.
        missing: the fields of `errors` that are merely empty: a draft may be kept without them.
        warnings: what to mind, in Dutch; none of it stops anything.
    """

    drafts: tuple[AtriumDraft, ...]
    communities: tuple[str, ...] = ()
    publish_at: dt.datetime | None = None
    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether it can be handed in, planned or posted."""
        return not self.errors


def read_form(values: Values, context: Context) -> Checked:
    """What the values of a form tell, and what is wrong with them. Unknown names are left out.

    Days and times are Brussels wall clock, as a browser or Slack sends them ("2027-03-18", "13:30")
    or as people type them ("18 maart", "13u30").
    """
    return _Reading(context=context, typed=cleaned(values, context)).checked()


def form_of(
    drafts: AtriumDraft | Sequence[AtriumDraft],
    communities: Sequence[str] = (),
    publish_at: dt.datetime | None = None,
) -> dict[str, str | tuple[str, ...]]:
    """The values of the form that these drafts came from; what the places share stands once."""
    every = (drafts,) if isinstance(drafts, AtriumDraft) else tuple(drafts)
    first = every[0] if every else AtriumDraft()
    values: dict[str, str | tuple[str, ...]] = {
        "kind": first.kind.value if first.kind else "",
        "title": first.title or "",
        "theme": first.theme or "",
        "description": first.description or "",
        "programme": first.programme or "",
        "audience": tuple(sorted(each.value for each in first.audience)),
        "organiser": first.organiser or "",
        "contact": first.contact or "",
        "communities": tuple(communities or first.communities),
    }
    if publish_at is not None:
        local = publish_at.astimezone(BRUSSELS)
        values |= {"publish_on": local.date().isoformat(), "publish_at": f"{local:%H:%M}"}
    for number, draft in enumerate(every, start=1):
        values |= {name_of(name, number): _typed(getattr(draft, name)) for name in PLACE_FIELDS}
    return {name: value for name, value in values.items() if value}


def _typed(value: object) -> str:
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, dt.date) else str(value or "")


# --- what was typed ----------------------------------------------------------------------------------


def cleaned(values: Values, context: Context) -> dict[str, str | tuple[str, ...]]:
    """The values of known fields, without signs that no database keeps; several where a field takes them."""
    found: dict[str, str | tuple[str, ...]] = {}
    for each in fields(context, place_count(values)):
        value = values.get(each.name)
        if not value:
            continue
        several = (value,) if isinstance(value, str) else tuple(value)
        texts = tuple(text for one in several if (text := _clean(one, each.sort)))
        if each.sort is Sort.CHOICES:
            known = dict.fromkeys(texts)
            found[each.name] = tuple(known)
        elif texts:
            found[each.name] = texts[0]
    return {name: value for name, value in found.items() if value}


def _clean(text: str, sort: Sort) -> str:
    """Without control characters; on one line unless it is a long text."""
    text = text.encode("utf-8", "ignore").decode()
    if sort is Sort.LONG_TEXT:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(sign for sign in text if sign == "\n" or sign.isprintable()).strip()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


# --- what it means -----------------------------------------------------------------------------------


@dataclass(kw_only=True, slots=True)
class _Reading:
    """One form while it is read."""

    context: Context
    typed: dict[str, str | tuple[str, ...]]
    errors: dict[str, str] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)

    def checked(self) -> Checked:
        common = self._common()
        communities = self._communities()
        drafts = tuple(
            self._place(replace(common, communities=communities), number)
            for number in range(1, place_count(self.typed) + 1)
        )
        if "communities" not in self.errors and (conflict := conflict_of(drafts, communities, self.context)):
            self.errors["communities"] = conflict
        publish_at = self._publish_at(drafts)
        return Checked(
            drafts=drafts,
            communities=communities,
            publish_at=publish_at,
            values=dict(self.typed),
            errors=self.errors,
            missing=frozenset(self.lacking),
            warnings=tuple(self.notes),
        )

    def _text(self, name: str, number: int | None = None) -> str:
        """One text, or the error that it is too long."""
        full = name_of(name, number) if number else name
        value = self.typed.get(full, "")
        text = value if isinstance(value, str) else ", ".join(value)
        most = FIELDS[name].most
        if len(text) > most:
            self.errors[full] = say("formulier.te lang", aantal=str(len(text)), hoogstens=str(most))
        return text

    def _common(self) -> AtriumDraft:
        kind = self._text("kind")
        if kind and kind not in {each.value for each in Kind}:
            self.errors["kind"] = say("formulier.geen soort")
            kind = ""
        named = _several(self.typed.get("audience"))
        known = {option.value for option in FIELDS["audience"].options}
        if not set(named) <= known:
            self.errors["audience"] = say("formulier.geen doelgroep")
        return AtriumDraft(
            kind=Kind(kind) if kind else None,
            title=self._text("title") or None,
            theme=self._text("theme") or None,
            description=self._text("description") or None,
            programme=self._text("programme") or None,
            organiser=self._text("organiser") or None,
            contact=self._text("contact") or None,
            audience=frozenset(Audience(each) for each in named if each in known),
        )

    def _communities(self) -> tuple[str, ...]:
        named = _several(self.typed.get("communities"))
        known = [one.key for one in self.context.communities]
        unknown = [each for each in named if each not in known]
        if unknown:
            names = enumeration([f'"{quoted(each)}"' for each in unknown])
            self.errors["communities"] = say("formulier.geen community", communities=names)
        return tuple(key for key in known if key in named)

    # --- one place -------------------------------------------------------------------------------------

    def _place(self, common: AtriumDraft, number: int) -> AtriumDraft:
        draft = replace(
            common,
            date=self._day("date", number),
            begins=self._time("begins", number),
            ends=self._time("ends", number),
            municipality=self._municipality(number),
            venue=self._text("venue", number) or None,
            address=self._text("address", number) or None,
            registration_url=self._link(number),
            registration_until=self._day("registration_until", number),
        )
        _, problems = weighed(draft, self.context.now)
        for problem in problems:
            self.errors.setdefault(name_of(problem.about, number), problem.text)
        self._note_missing(draft, number)
        self._look_at_scope(draft, number)
        return draft

    def _look_at_scope(self, draft: AtriumDraft, number: int) -> None:
        """Whoever moderates regions or kinds may announce there; whoever moderates communities, in those."""
        person = self.context.person
        if may_announce(
            person,
            self.context.agenda,
            kind=draft.kind,
            municipality=draft.municipality,
            communities=communities_for(draft, self.context),
        ):
            return
        if person.role.moderates or not person.communities:
            self.errors.setdefault(name_of("municipality", number), say("formulier.buiten werking"))
        else:
            self.errors.setdefault("communities", say("formulier.eigen communities"))

    def _note_missing(self, draft: AtriumDraft, number: int) -> None:
        for name in missing(draft):
            bare = "title" if name == "theme" else name
            full = name_of(bare, number) if bare in PLACE_FIELDS else bare
            if full not in self.errors:
                self.errors[full] = say(_LACKING[bare])
                self.lacking.add(full)

    def _day(self, name: str, number: int | None = None) -> dt.date | None:
        text = self._text(name, number)
        if not text:
            return None
        day = claim_date(Remainder(text), local_day(self.context.now))
        if day is not None and day.date is not None:
            return day.date
        full = name_of(name, number) if number else name
        wrong = day.problem if day is not None else None
        self.errors[full] = wrong or say("formulier.geen datum", getypt=quoted(text))
        return None

    def _time(self, name: str, number: int | None = None) -> dt.time | None:
        text = self._text(name, number)
        if not text:
            return None
        try:
            return _time_of(text)
        except NoTimeError:
            full = name_of(name, number) if number else name
            self.errors[full] = say("formulier.geen uur", getypt=quoted(text))
            return None

    def _municipality(self, number: int) -> str | None:
        text = self._text("municipality", number)
        if not text:
            return None
        where = where_is(text)
        if where.municipality:
            if where.note:
                self.notes.append(where.note)
            return where.municipality
        full = name_of("municipality", number)
        if where.candidates:
            self.errors[full] = say("formulier.meer gemeenten", gemeenten=enumeration(where.candidates))
        elif where.meant:
            self.errors[full] = say("veld.gemeente bedoel je", getypt=quoted(text), gemeente=where.meant)
        else:
            self.errors[full] = say("veld.gemeente onbekend", getypt=quoted(text))
        return None

    def _link(self, number: int) -> str | None:
        text = self._text("registration_url", number)
        if not text:
            return None
        if _BARE_URL.fullmatch(text):
            text = f"https://{text}"
            self.notes.append(say("veld.als link", link=text))
        if _URL.fullmatch(text):
            return text
        full = name_of("registration_url", number)
        self.errors.setdefault(full, say("veld.geen link", getypt=quoted(text)))
        return None

    # --- when it is posted -------------------------------------------------------------------------------

    def _publish_at(self, drafts: Sequence[AtriumDraft]) -> dt.datetime | None:
        day, time = self._day("publish_on"), self._time("publish_at")
        if day is None:
            if time is not None and "publish_on" not in self.errors:
                self.errors["publish_on"] = say("formulier.kies dag")
            return None
        if day > local_day(self.context.now) + LONGEST_AHEAD:
            # So far that a calendar may end before the week does: it is a slip of the hand.
            self.errors["publish_on"] = say("formulier.moment te ver")
            return None
        at = dt.datetime.combine(day, time or MORNING, BRUSSELS).astimezone(dt.UTC)
        if at <= self.context.now:
            self.errors["publish_on"] = say("formulier.moment voorbij")
        elif any(_has_begun(each, at) for each in drafts):
            self.errors["publish_on"] = say("formulier.na atrium")
        return at


def _has_begun(draft: AtriumDraft, at: dt.datetime) -> bool:
    """Whether an atrium begins before a moment (aware UTC); without an hour its whole day is before it."""
    if draft.date is None:
        return False
    return at >= dt.datetime.combine(draft.date, draft.begins or dt.time(23, 59), BRUSSELS)


def _several(value: str | Sequence[str] | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _time_of(text: str) -> dt.time:
    """A time as a browser sends it, which is meant as it stands, or as people type it."""
    sent = re.fullmatch(r"(\d\d):(\d\d)(?::\d\d)?", text)
    if sent:
        if int(sent[1]) > 23 or int(sent[2]) > 59:
            raise NoTimeError(text)
        return dt.time(int(sent[1]), int(sent[2]))
    if not re.fullmatch(r"[\w.:, ]{1,30}", text):
        raise NoTimeError(text)
    return time_of(text)


def error_place(name: str) -> int | None:
    """The number of the place to which an error belongs; None for the whole announcement."""
    place = place_of(name)
    return place[1] if place else None
