"""What reading a sentence yields, and the vocabulary it needs from the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.model import Audience, Kind, Span


class Intent(StrEnum):
    """What is asked. `CLARIFY` means: not sure, the bot asks back."""

    NEXT_SESSION = "next_session"
    LIST_SESSIONS = "list_sessions"
    SESSION_DETAIL = "session_detail"
    WHERE = "where"
    WHEN = "when"
    PROGRAMME = "programme"
    REGISTRATION = "registration"
    THEMATIC_GROUPS = "thematic_groups"
    GROUP_DETAIL = "group_detail"
    PLATFORM_INFO = "platform_info"
    CONTACT = "contact"
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    SUGGEST_TOPIC = "suggest_topic"
    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    OUT_OF_SCOPE = "out_of_scope"
    CLARIFY = "clarify"


class DayPart(StrEnum):
    """The part of the day in which an atrium begins."""

    MORNING = "voormiddag"
    AFTERNOON = "namiddag"
    EVENING = "avond"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One line of the trace: the rule that fired, the text it claimed, the value it gave."""

    rule: str
    span: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """Values of several slots: what a question asks besides the first, or what it leaves out.

    Attributes:
        weekdays: 0 is Monday.
        unread: what was left out in words that the bot cannot search by, as typed.
    """

    kinds: tuple[Kind, ...] = ()
    places: tuple[str, ...] = ()
    audiences: tuple[Audience, ...] = ()
    themes: tuple[str, ...] = ()
    periods: tuple[Span, ...] = ()
    weekdays: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(
            self.kinds
            or self.places
            or self.audiences
            or self.themes
            or self.periods
            or self.weekdays
            or self.unread
        )

    def __or__(self, other: Named) -> Named:
        """The values of both, each once."""
        return Named(
            kinds=tuple(dict.fromkeys(self.kinds + other.kinds)),
            places=tuple(dict.fromkeys(self.places + other.places)),
            audiences=tuple(dict.fromkeys(self.audiences + other.audiences)),
            themes=tuple(dict.fromkeys(self.themes + other.themes)),
            periods=tuple(dict.fromkeys(self.periods + other.periods)),
            weekdays=tuple(dict.fromkeys(self.weekdays + other.weekdays)),
            unread=tuple(dict.fromkeys(self.unread + other.unread)),
        )


#: Neither alternatives nor exclusions.
NOTHING = Named()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the bot read in one question.

    Attributes:
        text: the question as typed.
        place: canonical name: a municipality ("Zottegem"), "Provincie Limburg", a region
            ("Kempen") or "Brussel"; None when none was named.
        places: the candidates when the place is ambiguous (a homonym); then `place` is None.
        period: both ends included, None is an open end.
        weekdays: only on these days of the week ("op een maandag in februari"); 0 is Monday.
        day_part: only in this part of such a day.
        mine: the asker means their own atrium ("mijn lokaal atrium", "bij ons").
        ordinal: "de tweede", "2": which of what was offered or listed, from 1; -1 is the last.
        follow_up: the sentence leans on what was said before ("en in Gent?", "waar is dat?").
        corrects: the sentence corrects what was said before ("nee, Leuven").
        later: the follow-up asks for what comes after ("en daarna?").
        past: the question is about what has been.
        noticed: remarks for the asker, in Dutch ("ik las Kortijk als Kortrijk").
        problems: what cannot be, in Dutch ("31 februari bestaat niet").
        also: the second question in the same message, if any.
        others: the alternatives ("in Gent of Aalst") besides the first, which is in the slots; its
            `periods` are all stretches of time, where `period` spans more than they hold.
        without: what the question leaves out ("behalve de lokale").
        elsewhere: a place that was named and is none in Flanders or Brussels ("Parijs").
        uid: the atrium that was named by its title ("de kustgemeenten"), if any.
        confidence: 0 to 1; under the threshold the intent is `CLARIFY`, and `guesses`
            holds at most two intents, the likelier first.
    """

    text: str
    intent: Intent
    kind: Kind | None = None
    place: str | None = None
    places: tuple[str, ...] = ()
    audience: Audience | None = None
    theme: str | None = None
    period: Span | None = None
    period_text: str | None = None
    count: int | None = None
    weekdays: tuple[int, ...] = ()
    day_part: DayPart | None = None
    mine: bool = False
    ordinal: int | None = None
    follow_up: bool = False
    corrects: bool = False
    later: bool = False
    past: bool = False
    uid: str | None = None
    language: str = "nl"
    confidence: float = 1.0
    guesses: tuple[Intent, ...] = ()
    noticed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    also: Reading | None = None
    others: Named = NOTHING
    without: Named = NOTHING
    elsewhere: str | None = None
    trace: tuple[Step, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """The live words of the store that reading matches: themes, groups, the moderators' regions.

    Attributes:
        themes: themes of the agenda and of the groups, as spelled there.
        groups: names of the thematic groups.
        regions: names of the moderators' regions.
        titles: titles of Atria op Maat and the like, by which members name them -> uid.
        taught: words that moderators taught the bot, folded -> the words that they are read as.
        version: rises whenever the store's lists change, so that callers can cache.
    """

    themes: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    taught: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
