"""The words of the domain: atria and who they are for, communities, groups and the people who ask.

Everything here is an immutable value. Instants are aware UTC; dates are calendar dates in
Europe/Brussels, the wall clock of the network (`BRUSSELS`). Keys and enum values are Dutch,
because moderators meet them in the agenda file (see docs/agenda.md).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

#: The wall clock that every date, opening hour and reminder of the network refers to.
BRUSSELS = ZoneInfo("Europe/Brussels")

#: The name of the one place in the agenda that is no Flemish municipality.
BRUSSELS_CITY = "Brussel"


class Kind(StrEnum):
    """The six kinds of atrium; the values are the keys of the agenda file."""

    LOKAAL = "lokaal"
    CENTRUMSTEDEN = "centrumsteden"
    MANDATARISSEN = "mandatarissen"
    PROVINCIAAL = "provinciaal"
    THEMATISCH = "thematisch"
    OP_MAAT = "op_maat"


class Audience(StrEnum):
    """The roles that an atrium can be for.

    `CENTRUMSTAD` occurs only in the agenda, `EXTERN` only in questions.
    """

    AMBTENAAR = "ambtenaar"
    PROVINCIE = "provincie"
    INTERCOMMUNALE = "intercommunale"
    MANDATARIS = "mandataris"
    ALGEMEEN_DIRECTEUR = "algemeen_directeur"
    CENTRUMSTAD = "centrumstad"
    KOEPEL = "koepel"
    EXTERN = "extern"


class Status(StrEnum):
    """gepland -> bevestigd -> voorbij; each of the first two -> geannuleerd, which is final."""

    GEPLAND = "gepland"
    BEVESTIGD = "bevestigd"
    GEANNULEERD = "geannuleerd"
    VOORBIJ = "voorbij"


class Role(StrEnum):
    """What a person may do everywhere, from least to most; who moderates some communities is in `Person`.

    A member asks; a reader sees the console too, and changes nothing; the others announce and steer.
    """

    MEMBER = "lid"
    READER = "lezer"
    REGIONAL_MODERATOR = "regionaal_moderator"
    MODERATOR = "moderator"
    ADMINISTRATOR = "beheerder"

    @property
    def moderates(self) -> bool:
        """Whether this role may announce, change and cancel at all."""
        return self not in (Role.MEMBER, Role.READER)


@lru_cache(maxsize=1024)
def _end_of(day: dt.date) -> dt.datetime:
    """The midnight in Brussels that ends a day, in UTC."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), BRUSSELS).astimezone(dt.UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Atrium:
    """One dated physical meeting.

    Attributes:
        uid: stable key of the agenda file; also the UID in calendars.
        starts_at, ends_at: aware UTC; `ends_at` is None when the agenda does not say.
        municipality: official name in the gazetteer, or `BRUSSELS_CITY`.
        province: the municipality's province ("Oost-Vlaanderen"), None for Brussels.
        region: the moderators' region of a Lokaal Atrium, None elsewhere.
        registration_until: the last day on which one can register, inclusive.
        visibility: community keys that may see it; empty means public.
        sequence: RFC 5545 SEQUENCE, raised by each change that people must hear of.
        updated_at: aware UTC of the last import or edit that touched this atrium.
        announced_at: aware UTC of when it became known to the bot.
        materials_url, materials_at: where the presentations lie, and aware UTC of when that became known.
        quiet_posts: kinds of planned post that a moderator switched off for this atrium.
        is_full: nobody can register any more, whatever the last day.
    """

    uid: str
    kind: Kind
    title: str
    starts_at: dt.datetime
    municipality: str
    updated_at: dt.datetime
    announced_at: dt.datetime
    theme: str | None = None
    ends_at: dt.datetime | None = None
    venue: str | None = None
    address: str | None = None
    province: str | None = None
    region: str | None = None
    audience: frozenset[Audience] = frozenset()
    description: str | None = None
    programme: str | None = None
    registration_url: str | None = None
    registration_until: dt.date | None = None
    organiser: str | None = None
    contact: str | None = None
    status: Status = Status.GEPLAND
    visibility: frozenset[str] = frozenset()
    programme_uid: str | None = None
    sequence: int = 0
    cancelled_at: dt.datetime | None = None
    materials_url: str | None = None
    materials_at: dt.datetime | None = None
    quiet_posts: frozenset[str] = frozenset()
    is_full: bool = False

    @property
    def local_start(self) -> dt.datetime:
        """The start on the wall clock of Brussels."""
        return self.starts_at.astimezone(BRUSSELS)

    @property
    def local_end(self) -> dt.datetime | None:
        """The end on the wall clock of Brussels, where the agenda gives one."""
        return self.ends_at.astimezone(BRUSSELS) if self.ends_at else None

    @property
    def local_date(self) -> dt.date:
        """The calendar day in Brussels on which it takes place."""
        return self.local_start.date()

    @property
    def is_cancelled(self) -> bool:
        return self.status is Status.GEANNULEERD

    @property
    def is_public(self) -> bool:
        return not self.visibility

    def has_ended(self, now: dt.datetime) -> bool:
        """Whether it is over at `now`; without an end it is over when its day is."""
        if self.ends_at is not None:
            return self.ends_at <= now
        return self.local_date < now.astimezone(BRUSSELS).date()

    def registration_closes_at(self) -> dt.datetime | None:
        """The first instant at which one can no longer register (midnight after the last day)."""
        if self.registration_until is None:
            return None
        return _end_of(self.registration_until)

    def registration_is_open(self, now: dt.datetime) -> bool:
        """Whether one can still register at `now`: not cancelled, full or begun, not past the deadline."""
        closes_at = self.registration_closes_at() or self.starts_at
        return not (self.is_cancelled or self.is_full) and now < min(closes_at, self.starts_at)

    def is_visible_to(self, communities: frozenset[str]) -> bool:
        """Whether it may be shown to somebody who reads these communities."""
        return self.is_public or not self.visibility.isdisjoint(communities)


@dataclass(frozen=True, kw_only=True, slots=True)
class Community:
    """One space on one platform where posts go.

    `kinds` empty means all kinds; `audience` empty means everybody; `regions` limits the
    Lokale Atria told here (empty: all). `moderators` holds platform user ids or names; empty
    means the platform's owners. `digest_every` None leaves it to whom the community is for.
    `posts_off` holds kinds of planned post that never go here.
    """

    key: str
    platform: str
    name: str
    channel: str | None = None
    kinds: frozenset[Kind] = frozenset()
    audience: frozenset[Audience] = frozenset()
    regions: frozenset[str] = frozenset()
    moderators: frozenset[str] = frozenset()
    digest: bool = True
    paused: bool = False
    digest_every: Literal["week", "month"] | None = None
    posts_off: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A thematic group of the online network. `visibility` empty means public."""

    name: str
    theme: str | None = None
    description: str | None = None
    link: str | None = None
    how_to_join: str | None = None
    owner: str | None = None
    visibility: frozenset[str] = frozenset()

    def is_visible_to(self, communities: frozenset[str]) -> bool:
        return not self.visibility or not self.visibility.isdisjoint(communities)


@dataclass(frozen=True, kw_only=True, slots=True)
class Municipality:
    """One of the 285 Flemish municipalities of 1 January 2025, from the gazetteer."""

    name: str
    province: str
    reference_region: str
    postcodes: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    sub_municipalities: tuple[str, ...] = ()
    french_name: str | None = None
    is_centrumstad: bool = False
    is_provincial_capital: bool = False


class FollowWhat(StrEnum):
    """What a member can follow."""

    ALL = "alles"
    KIND = "soort"
    REGION = "regio"
    PLACE = "plaats"
    THEME = "thema"
    ATRIUM = "atrium"


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """A member's wish to be told. `value` is empty for `ALL`; else a kind key, name, theme or uid."""

    what: FollowWhat
    value: str = ""


#: How long before the start whoever follows something is reminded, unless they want it otherwise.
REMINDED_BEFORE = (dt.timedelta(days=7), dt.timedelta(days=1))


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Who speaks, as far as the bot knows.

    Attributes:
        platform, external_id: the identity on the platform ("local", "An Peeters").
        role: the highest role this person holds where they speak.
        scope: for a regional moderator the regions or kind keys they moderate.
        communities: keys of the communities in which they may announce and steer, whatever their role.
        municipality: where they work, if they told the bot.
        follows: what they asked to be told of.
        is_known: False for an outsider, whose replies may not change data.
        reminders: how long before the start they want to be reminded in private of what they follow.
    """

    platform: str
    external_id: str
    name: str
    role: Role = Role.MEMBER
    scope: frozenset[str] = frozenset()
    municipality: str | None = None
    follows: tuple[Follow, ...] = ()
    is_known: bool = True
    communities: frozenset[str] = frozenset()
    reminders: tuple[dt.timedelta, ...] = REMINDED_BEFORE


#: Whoever asks on the command line without `--as`.
OUTSIDER = Person(platform="cli", external_id="", name="", is_known=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A period as the bot read it: both ends included, None is open."""

    first: dt.date | None = None
    last: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What to look for in the agenda.

    `municipality`, `region` and `province` each narrow; `visible_to` holds the community keys
    whose readers will see the result. `begins_from`/`begins_before` are aware UTC instants.
    `text` searches title, theme, description and place.
    """

    kinds: frozenset[Kind] = frozenset()
    municipality: str | None = None
    region: str | None = None
    province: str | None = None
    audience: Audience | None = None
    theme: str | None = None
    text: str | None = None
    begins_from: dt.datetime | None = None
    begins_before: dt.datetime | None = None
    programme_uid: str | None = None
    visible_to: frozenset[str] = frozenset()
    include_cancelled: bool = True
    newest_first: bool = False
    limit: int = 50
    offset: int = 0


#: In the place of a community that may see something: nobody may, but moderators of the whole network in the
#: console. No community can be called so.
WITHHELD = "-"


class ContributionSort(StrEnum):
    """What somebody says that they hand in; the values are what people read."""

    VRAAG = "vraag"
    AGENDAPUNT = "agendapunt"
    INITIATIEF = "lokaal initiatief"


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """A question, agenda point or theme handed in; `atrium_uid` is None for a suggested theme.

    `named` says that whoever handed it in may be named to others than the moderators; `sort` is what they
    called it, None where they did not.
    """

    text: str
    atrium_uid: str | None = None
    kind: Kind | None = None
    place: str | None = None
    theme: str | None = None
    named: bool = False
    sort: ContributionSort | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AtriumDraft:
    """What a moderator has told so far of an atrium to announce or change; None is not told yet.

    Dates and times are Brussels wall clock. `open_fields` names the fields that were asked for
    once and deliberately left open.
    """

    kind: Kind | None = None
    title: str | None = None
    theme: str | None = None
    date: dt.date | None = None
    begins: dt.time | None = None
    ends: dt.time | None = None
    municipality: str | None = None
    venue: str | None = None
    address: str | None = None
    audience: frozenset[Audience] = frozenset()
    description: str | None = None
    registration_url: str | None = None
    registration_until: dt.date | None = None
    communities: tuple[str, ...] = ()
    materials_url: str | None = None
    quiet_posts: frozenset[str] = frozenset()
    is_full: bool = False
    open_fields: frozenset[str] = field(default_factory=frozenset)
    programme: str | None = None
    organiser: str | None = None
    contact: str | None = None
