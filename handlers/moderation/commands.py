"""The commands of moderators, and of members who hand in something, as the beginning of a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers.gazetteer import gazetteer, name_key
from handlers.moderation.labels import starts_with_label
from handlers.moderation.mistyped import mended_command


class Act(StrEnum):
    """What a command does. The first three open a dialogue, that `bevestig` or `stop` ends."""

    ANNOUNCE = "announce"
    CHANGE = "change"
    CANCEL = "cancel"
    PAUSE = "pause"
    RESUME = "resume"
    CONTRIBUTE = "contribute"
    PLANNED = "planned"
    UNSENT = "unsent"
    HOLD = "hold"
    RELEASE = "release"
    SKIP = "skip"
    RETRY = "retry"
    DRAFTS = "drafts"
    APPROVE = "approve"
    REJECT = "reject"
    RETRACT = "retract"
    DISCARD = "discard"
    PUBLISH = "publish"
    KEEP = "keep"
    TRY_AGAIN = "try again"
    SHOW_HANDED_IN = "show handed in"
    ON_AGENDA = "on agenda"
    ANSWER = "answer"
    DECLINE = "decline"
    MERGE = "merge"


#: What steers announcements by their number.
OF_ANNOUNCEMENTS = frozenset({Act.DRAFTS, Act.APPROVE, Act.REJECT, Act.RETRACT, Act.PUBLISH, Act.TRY_AGAIN})

#: What becomes of what members handed in.
OF_CONTRIBUTIONS = frozenset({Act.SHOW_HANDED_IN, Act.ON_AGENDA, Act.ANSWER, Act.DECLINE, Act.MERGE})

#: What steers the posts that the bot owes.
STEERING = frozenset({Act.PLANNED, Act.UNSENT, Act.HOLD, Act.RELEASE, Act.SKIP, Act.RETRY})


@dataclass(frozen=True, slots=True)
class Command:
    """An act with the words that follow it."""

    act: Act
    rest: str


_MENTION = re.compile(r"^(?:\s*(?:<@[^>]*>|@[\w.-]+|/atrium\b|atriumbot\b))+[\s,:]*", re.IGNORECASE)
_POLITE = re.compile(
    r"^(?:(?:dag|hallo|goeiemorgen|goedemorgen|graag|gelieve|wil je|kan je|kun je)\b[\s,]*)+", re.IGNORECASE
)

_PLANNED = (
    r"wat (?:staat|is) er (?P<b>(?:nog |hier |overal |allemaal |al )*)(?:in)?gepland"
    r"|(?:toon (?:de )?|welke )(?:geplande berichten|berichten (?:staan|zijn) er (?:nog |hier )*gepland)"
)
_UNSENT = (
    r"wat is er (?:nog |hier |allemaal )*niet (?:verstuurd|verzonden|geplaatst)"
    r"|welke berichten (?:zijn|werden) (?:er )?niet (?:verstuurd|verzonden|geplaatst)"
)
_ANNOUNCEMENT = r"(?:ontwerp(?:en)?|aankondiging(?:en)?|geplande aankondigingen)"
_THE = r"(?:het|dit|dat|de|deze|die|mijn)\s+"
#: Which version whoever agrees has read.
_READ = r"(?P<a>[\s,]+versie\s+\d{1,9}(?:\s+nu)?)?"
_THERE = r"(?:\s+(?:zijn|staan) er\b)?(?P<a>\s+\d{1,9})?"
_NUMBERED = r"(?:(?:bericht(?:en)?|nummers?|nr\.?)\s*)?\d{1,9}(?:\s*(?:,|en)\s*\d{1,9})*"
#: What follows "wat staat er gepland" when the agenda is meant, and not the posts.
_OF_THE_AGENDA = re.compile(
    r"\b(?:agenda|rond|over|vanaf|tot|na|tussen|week|weken|weekend|maand|maanden|jaar|vandaag|morgen|overmorgen"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag|lente|voorjaar|zomer|herfst|najaar|winter|januari|februari"
    r"|maart|april|mei|juni|juli|augustus|september|oktober|november|december|\d+)\b",
    re.IGNORECASE,
)

_PATTERNS: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for act, pattern in (
        (Act.CONTRIBUTE, r"^inbreng\b(?P<b>[^:\n]{0,120}):(?P<a>.*)$|^inbreng\s*$"),
        (Act.ANNOUNCE, r"^(?:kondig|aankondig)\b(?P<b>.{0,200}?)\baan\b\s*[:,.-]*(?P<a>.*)$"),
        (Act.ANNOUNCE, r"^(?:nieuwe\s+)?(?:aankondig(?:en|ing)|nieuw atrium)\b\s*:?(?P<a>.*)$"),
        (Act.CHANGE, r"^pas\b(?P<b>.{1,200}?)\baan\b\s*[:,.-]*(?P<a>.*)$"),
        (Act.CHANGE, r"^(?:wijzig(?:ing)?|verander|verplaats|verzet|verschuif)\b\s*:?(?P<a>.*)$"),
        (Act.PLANNED, rf"^(?:{_PLANNED})(?P<a>(?![\w-]).*)$"),
        (Act.UNSENT, rf"^(?:{_UNSENT})(?P<a>(?![\w-]).*)$"),
        (Act.HOLD, r"^houd?\b(?P<b>.{1,200}?)\btegen\b(?P<a>.*)$"),
        (Act.RELEASE, r"^laat\b(?P<b>.{1,200}?)\blos\b(?P<a>.*)$"),
        (
            Act.SKIP,
            rf"^schrap\s+(?P<a>{_NUMBERED}[\s.!]*|(?:het|de) (?:bericht|(?:week)?overzicht|post)\b.*)$",
        ),
        (Act.RETRY, r"^(?:toch|alsnog)\s+(?:versturen|verzenden|sturen|plaatsen)\b\s*:?(?P<a>.*)$"),
        (Act.RETRY, r"^(?:verstuur|verzend|stuur|plaats)\b(?P<a>.{1,200}?)\b(?:toch|alsnog)[\s.!]*$"),
        (
            Act.DRAFTS,
            rf"^(?:toon|bekijk|welke)\s+(?:(?:de|alle|mijn|het)\s+)?{_ANNOUNCEMENT}{_THERE}[\s.!?]*$",
        ),
        (Act.APPROVE, rf"^keur\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}})\s+goed{_READ}[\s.!]*$"),
        (Act.APPROVE, rf"^keur\s+goed\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}}){_READ}[\s.!]*$"),
        (Act.REJECT, rf"^wijs\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}})\s+af\b\s*[:,.-]*(?P<a>.*)$"),
        (Act.REJECT, rf"^wijs\s+af\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}})\b\s*[:,.-]*(?P<a>.*)$"),
        (Act.RETRACT, rf"^trek\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}})\s+in\b\s*[:,.-]*(?P<a>.*)$"),
        (Act.RETRACT, rf"^trek\s+in\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}})\b\s*[:,.-]*(?P<a>.*)$"),
        (
            Act.DISCARD,
            rf"^(?:gooi|smijt)\s+(?:{_THE})?(?:(?:ontwerp(?:en)?|aankondiging)(?P<b>\s+\d{{1,9}})?|(?P<a>\d{{1,9}}))\s+weg[\s.!]*$",
        ),
        (Act.DISCARD, rf"^(?:verwijder|wis)\s+(?:{_THE})?ontwerp(?P<b>\s+\d{{1,9}})?[\s.!]*$"),
        (Act.TRY_AGAIN, rf"^probeer\s+(?:{_ANNOUNCEMENT}\s+)?(?P<b>\d{{1,9}})\s+opnieuw[\s.!]*$"),
        (Act.PUBLISH, rf"^(?:plaats|plan)\s+{_ANNOUNCEMENT}\s+(?P<b>\d{{1,9}})\b(?P<a>.*)$"),
        (Act.PUBLISH, r"^plaats\s+(?P<b>\d{1,9})[\s.!]*$"),
        (Act.KEEP, r"^(?:bewaar(?: (?:het|dit))?(?: als)?(?: (?:ontwerp|voor later))?)[\s.!]*$"),
        (Act.SHOW_HANDED_IN, r"^(?:toon|bekijk|welke)\s+(?:de\s+|alle\s+)?inbreng\b(?P<a>.*)$"),
        (Act.ON_AGENDA, r"^zet\s+inbreng\s+(?P<b>\d{1,9})\s+(?:(?P<a>.*?)\s*)?op de agenda(?P<c>.*)$"),
        (Act.ANSWER, r"^(?:beantwoord|antwoord op)\s+inbreng\s+(?P<b>\d{1,9})\s*:\s*(?P<a>.*)$"),
        (Act.DECLINE, r"^weiger\s+inbreng\s+(?P<b>\d{1,9})\b\s*:?\s*(?P<a>.*)$"),
        (
            Act.MERGE,
            r"^voeg\s+inbreng\s+(?P<b>\d{1,9})\s+samen\s+met\s+(?:inbreng\s+)?(?P<a>\d{1,9})[\s.!]*$",
        ),
        (Act.CANCEL, r"^(?:zeg|gelast)\b(?P<b>.{1,200}?)\baf\b\s*[:,.-]*(?P<a>.*)$"),
        (Act.CANCEL, r"^(?:annuleer|annulering(?: van)?|schrap|cancel)\b\s*:?(?P<a>.*)$"),
        (Act.PAUSE, r"^(?:pauzeer|pauze)\b\s*:?(?P<a>.*)$"),
        (Act.RESUME, r"^(?:hervat|heropstart|herstart)\b\s*:?(?P<a>.*)$"),
    )
)
#: What members say of their own affairs is a question for the answers.
_OWN_AFFAIRS = re.compile(
    r"\b(?:mijn|m'n|onze|inschrijving(?:en)?|herinnering(?:en)?|deelname|abonnement|registratie)\b",
    re.IGNORECASE,
)
#: Where a moderator tells which posts need not be made.
_QUIET = re.compile(r"\bstil\s*:.*", re.IGNORECASE | re.DOTALL)
_CONFIRM = re.compile(
    r"^(?:(?:ja|ok|oke|oké|prima|goed)[\s,.]+)?(?:ik )?bevestig(?:d|en|ing)?"
    r"(?: (?:het|dit|maar|aub|de aankondiging))?[\s.!]*$",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"^(?:nee[,\s]+)?(?:stop(?: (?:maar|ermee|de aankondiging|het))?"
    r"|annule(?:er|ren)(?: (?:de|deze|dit|mijn|het)(?: (?:aankondiging|wijziging|annulering|ontwerp))?)?"
    r"|gooi (?:het|dit|deze|mijn|de)(?: (?:ontwerp|aankondiging))? (?:maar )?weg"
    r"|vergeet (?:het|dit|maar)(?: maar)?|laat maar(?: zitten)?)[\s.!]*$",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^(?:ja|jawel|jazeker|jep|yes|ok|oke|oké|akkoord|prima|perfect|goed|in orde|publiceer|plaats|verzend"
    r"|doe maar|dat is goed|(?:dat )?klopt|👍)"
    r"(?:[\s,]+(?:ja|hoor|graag|zeker|maar|zo|goed|prima|klopt|doe maar|dat is goed|in orde|dat klopt))*"
    r"[\s.!]*$",
    re.IGNORECASE,
)


def bare_text(text: str) -> str:
    """The message without mention, slash command and politeness in front."""
    return _POLITE.sub("", _MENTION.sub("", text.strip())).strip()


def command_in(text: str) -> Command | None:
    """The command that a bare text begins with, if any; its first words may be mistyped."""
    found = _command_in(text)
    return found or (_command_in(mended) if (mended := mended_command(text)) != text else None)


def _command_in(text: str) -> Command | None:
    for act, pattern in _PATTERNS:
        found = pattern.match(text)
        if found is None:
            continue
        parts = found.groupdict()
        before, after = (parts.get(name) or "" for name in ("b", "a"))
        after = f"{after} {parts.get('c') or ''}".strip() if parts.get("c") else after
        if act is Act.CONTRIBUTE:
            # What stands before the colon says which atrium it is for.
            return Command(act, f"{before.strip()}\n{after.strip()}")
        rest = f"{before.strip()} {after.strip()}".strip()
        of_members = _OWN_AFFAIRS.search(_QUIET.sub("", rest)) and not starts_with_label(rest)
        if act in (Act.CHANGE, Act.CANCEL) and of_members:
            return None
        if act is Act.ANNOUNCE and rest.endswith("?"):
            return None
        if act is Act.PLANNED and _is_about_the_agenda(rest):
            return None
        return Command(act, rest)
    return None


def _is_about_the_agenda(rest: str) -> bool:
    """Whether a period, a place or a theme follows, as in "wat staat er gepland in maart in Gent?"."""
    place = re.sub(r"^\s*(?:in|te|voor)\s+|[\s?!.]+$", "", rest)
    return bool(_OF_THE_AGENDA.search(rest) or gazetteer().names.get(name_key(place)))


def is_own_affair(text: str) -> bool:
    """Whether it is about what the member follows or registered for ("annuleer mijn inschrijving")."""
    return bool(_OWN_AFFAIRS.search(text)) and any(
        pattern.match(text) for act, pattern in _PATTERNS if act in (Act.CHANGE, Act.CANCEL)
    )


def is_confirmation(text: str) -> bool:
    """Whether it says `bevestig`, and nothing that could be something else."""
    return bool(_CONFIRM.match(text))


def is_stop(text: str) -> bool:
    return bool(_STOP.match(text))


def is_mere_yes(text: str) -> bool:
    """A yes that is not the word that publishes."""
    return bool(_YES.match(text))
