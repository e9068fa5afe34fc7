"""What a labelled line tells: the value is read as the label says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from handlers.moderation.audiences import audience_in
from handlers.moderation.claims import Remainder
from handlers.moderation.clock_times import NoTimeError, claim_times, time_of
from handlers.moderation.community_choice import communities_in, is_every_community
from handlers.moderation.deadline import claim_deadline, read_deadline
from handlers.moderation.hearing import Hearing, holds_link
from handlers.moderation.kinds import kind_named
from handlers.moderation.labels import labelled
from handlers.moderation.quiet_posts import quiet_posts_in
from handlers.moderation.venue import claim_municipality, claim_venue, split_venue, where_is
from handlers.posts.names import PLANNED_POSTS
from handlers.wording.catalogue import delivered, say
from handlers.wording.sentences import enumeration, quoted

_NONE = re.compile(
    r"^\s*(?:(?:dat\s+)?(?:weet|weten)\s+(?:ik|we)\s+(?:dat\s+)?(?:nog\s+)?niet"
    r"|(?:nog\s+)?(?:geen|niets|niet|nvt|n\.v\.t\.)(?:\s+(?:bekend|gekend|nodig|van toepassing|idee))?"
    r"|(?:dat\s+)?(?:(?:volgt|komt)\s*(?:nog|later)?|nog|later)|(?:nog\s+)?onbekend"
    r"|open(?:\s?laten)?|laat (?:maar )?open|overslaan|-|\?)\s*\.?\s*$",
    re.IGNORECASE,
)

_NO = re.compile(r"\s*(?:nee|neen|niet|niet meer|weer vrij|vrij)\b", re.IGNORECASE)
_EVERYBODY = re.compile(r"iedereen|alle leden|allen", re.IGNORECASE)


def leaves_open(text: str) -> bool:
    """Whether it says that something is not known or not needed ("weet ik nog niet", "geen")."""
    return bool(_NONE.match(text))


def hear_lines(hearing: Hearing) -> None:
    """Take the labelled lines out of the text and note what they tell."""
    for name, value in list(labelled(hearing.rest)):
        if leaves_open(value):
            hearing.told.cleared |= {"venue", "address"} if name == "where" else {name}
        elif name in _LINES:
            _LINES[name](hearing, value)
        elif value:
            hearing.told.keep(**{name: value})


def _kind(hearing: Hearing, text: str) -> None:
    kind = kind_named(text)
    hearing.told.keep(kind=kind)
    if kind is None and text:
        hearing.told.leftovers.append(text)


def _deadline(hearing: Hearing, text: str) -> None:
    deadline = read_deadline(text, hearing.today)
    hearing.note_deadline(deadline)
    hearing.note_link(Remainder(text))
    if deadline is None and text:
        hearing.told.object_to("registration_until", say("veld.dag niet gelezen", getypt=quoted(text)))


def _link(hearing: Hearing, text: str) -> None:
    """ "inschrijven: tot 16 maart via https://..." tells both."""
    deadline = claim_deadline(Remainder(f"inschrijven {text}"), hearing.today)
    hearing.note_deadline(deadline)
    hearing.note_link(Remainder(text))
    if deadline is None and not holds_link(text):
        what = say("veld.geen link", getypt=quoted(text))
        hearing.told.object_to("registration_url", what)


def _when(hearing: Hearing, text: str) -> None:
    line = Remainder(text)
    hearing.note_day(line)
    hearing.note_times(claim_times(line))
    hearing.note_where(claim_municipality(line))
    venue, address = claim_venue(line, beside_a_place=bool(hearing.told.draft.municipality))
    hearing.told.keep(venue=venue, address=address)
    hearing.told.leftovers += line.leftovers()


def _time(hearing: Hearing, text: str, name: str) -> None:
    line = Remainder(text)
    hearing.note_day(line)
    try:
        hearing.told.keep(**{name: time_of(line.text)})
        hearing.note_afternoon(line.text)
    except NoTimeError as wrong:
        hearing.told.object_to(name, say("veld.geen uur", getypt=quoted(str(wrong))))


def _municipality(hearing: Hearing, text: str) -> None:
    if text:
        hearing.note_where(where_is(text))


def _where(hearing: Hearing, text: str) -> None:
    """Venue, address and municipality, as far as the line tells them."""
    line = Remainder(text)
    hearing.note_where(claim_municipality(line))
    venue, address = split_venue(", ".join(line.parts()))
    asked_again = bool(hearing.told.problems)
    if venue and not hearing.municipality and not asked_again:
        guess = where_is(venue)
        if guess.meant:
            hearing.note_where(guess)
            venue = None
    hearing.told.keep(venue=venue, address=address)


def _venue(hearing: Hearing, text: str) -> None:
    line = Remainder(text)
    *others, last = line.parts() or [""]
    if not hearing.municipality or (others and where_is(last).municipality):
        hearing.note_where(claim_municipality(line))
    venue, address = split_venue(", ".join(line.parts()))
    hearing.told.keep(venue=venue or (None if address else text), address=address)


def _audience(hearing: Hearing, text: str) -> None:
    audience = audience_in(text)
    hearing.told.keep(audience=audience)
    if not audience and _EVERYBODY.search(text):
        hearing.told.cleared.add("audience")
    elif not audience:
        hearing.told.object_to("audience", say("veld.doelgroep onbekend", getypt=quoted(text)))


def _communities(hearing: Hearing, text: str) -> None:
    known = hearing.context.communities
    if is_every_community(text):
        hearing.told.all_communities = True
        return
    named = communities_in(text, known)
    hearing.told.keep(communities=named)
    if not named:
        names = enumeration([one.name for one in known])
        hearing.told.object_to(
            "communities", say("veld.community onbekend", getypt=quoted(text), communities=names)
        )


def _materials(hearing: Hearing, text: str) -> None:
    url = hearing.take_link(Remainder(text))
    hearing.told.keep(materials_url=url)
    if url is None:
        what = say("veld.geen link", getypt=quoted(text))
        hearing.told.object_to("materials_url", what)


def _quiet(hearing: Hearing, text: str) -> None:
    kinds, unknown = quiet_posts_in(text)
    hearing.told.keep(quiet_posts=kinds)
    if unknown or not kinds:
        # By these the bot knows them, whatever they are called elsewhere.
        known = enumeration([delivered(name) for name in PLANNED_POSTS.names.values()])
        what = say("veld.bericht onbekend", getypt=quoted(", ".join(unknown) or text), berichten=known)
        hearing.told.object_to("quiet_posts", what)


def _full(hearing: Hearing, text: str) -> None:
    if _NO.match(text):
        hearing.told.cleared.add("is_full")
    else:
        hearing.told.keep(is_full=True)


_LINES: Mapping[str, Callable[[Hearing, str], None]] = {
    "kind": _kind,
    "registration_until": _deadline,
    "registration_url": _link,
    "when": _when,
    "times": _when,
    "begins": partial(_time, name="begins"),
    "ends": partial(_time, name="ends"),
    "municipality": _municipality,
    "where": _where,
    "venue": _venue,
    "audience": _audience,
    "communities": _communities,
    "materials_url": _materials,
    "quiet_posts": _quiet,
    "is_full": _full,
}
