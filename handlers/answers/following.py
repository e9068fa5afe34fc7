"""Following kinds, regions, places, themes and single atria, and no longer following them."""

from __future__ import annotations

import re
from collections.abc import Collection

from handlers.answers.absent import nothing_found, which_municipality
from handlers.answers.details import targets
from handlers.answers.phrases import place_name, province_of_place
from handlers.answers.question import Question
from handlers.answers.reminding import told_text
from handlers.answers.scope import needs_municipality, place_of
from handlers.answers.shown import name_of, withheld_text
from handlers.changes import Followed, MunicipalityTold, Unfollowed
from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Follow, FollowWhat, Kind
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import long_date
from handlers.wording.sentences import enumeration, quoted
from handlers.wording.texts import kind_name

#: "het volgende", "de eerstvolgende": one atrium is meant and not all of its kind.
_ONE = r"\b(volgend\w*|eerstvolgend\w*|eerst komend\w*|dit|deze|dat|die)\b"
_WHAT_I_FOLLOW = (
    r"\bwat volg ik\b|\bwaar ben ik op geabonneerd\b|\bmijn (herinneringen|meldingen|abonnement\w*)\b"
)


def follow_text(follow: Follow, question: Question) -> str:
    """What is followed, in words."""
    match follow.what:
        case FollowWhat.ALL:
            return say("volgen.alle atria")
        case FollowWhat.KIND:
            return say("volgen.soort", atria=kind_name(Kind(follow.value), 2))
        case FollowWhat.REGION:
            return say("volgen.lokaal atrium", regio=follow.value)
        case FollowWhat.PLACE:
            return say("volgen.plaats", plaats=follow.value)
        case FollowWhat.THEME:
            return say("volgen.thema", thema=quoted(follow.value))
        case FollowWhat.ATRIUM:
            atrium = question.context.agenda.find(follow.value, question.context.reads)
            if atrium is None:
                return say("volgen.een atrium")
            return say("volgen.dat atrium", atrium=name_of(atrium), dag=long_date(atrium.local_date))


def _one_atrium_meant(question: Question) -> Atrium | None:
    if len(question.focus) == 1:
        return question.focus[0]
    reading = question.reading
    names_one = reading.period is not None or (question.says(_ONE) and (reading.kind or reading.place))
    if not names_one:
        return None
    held = [
        atrium
        for atrium in targets(question).atria
        if not atrium.is_cancelled and atrium.starts_at > question.now
    ]
    return held[0] if held else None


def _region(question: Question, place: str) -> str | None:
    """The moderators' region that a place is or belongs to."""
    regions = {region.casefold(): region for region in question.context.agenda.regions()}
    name = province_of_place(place) or place
    return regions.get(name.casefold()) or question.context.agenda.region_of(place)


def _place_follow(question: Question, place: str) -> Follow:
    kind = question.reading.kind
    municipality = gazetteer().municipality(place)
    is_region = municipality is None and province_of_place(place) is None
    region = _region(question, place) if kind is Kind.LOKAAL or is_region else None
    if region and kind in (None, Kind.LOKAAL):
        return Follow(what=FollowWhat.REGION, value=region)
    return Follow(what=FollowWhat.PLACE, value=place)


def what_to_follow(question: Question) -> Follow:
    """What the sentence asks to follow: the narrowest thing that it names."""
    atrium = _one_atrium_meant(question)
    if atrium is not None:
        return Follow(what=FollowWhat.ATRIUM, value=atrium.uid)
    reading = question.reading
    if reading.theme:
        return Follow(what=FollowWhat.THEME, value=reading.theme)
    place = place_of(reading, question.context)
    if place:
        return _place_follow(question, place)
    if reading.kind:
        return Follow(what=FollowWhat.KIND, value=reading.kind.value)
    return Follow(what=FollowWhat.ALL)


def _follows_text(follows: Collection[Follow], question: Question) -> str:
    return say("volgen.lijst", wat=enumeration([follow_text(follow, question) for follow in follows]))


def _list_follows(question: Question) -> Reply:
    follows = question.context.person.follows
    if not follows:
        return Reply(headline=say("volgen.niets"), private=True)
    stop = say("volgen.stoppen")
    return Reply(
        headline=_follows_text(follows, question),
        paragraphs=(*(_told(question) if question.context.writes else ()), stop),
        private=True,
    )


def asks_what_is_followed(text: str) -> bool:
    """Whether somebody asks what they follow."""
    return re.search(_WHAT_I_FOLLOW, text.casefold()) is not None


def _nothing_to_remind_of(question: Question) -> Reply | None:
    """Reminding of one atrium that the agenda does not hold is refused, not turned into something else."""
    reading = question.reading
    if reading.period is None or what_to_follow(question).what is FollowWhat.ATRIUM:
        return None
    return nothing_found(question)


def subscribe(question: Question) -> Reply:
    """From now on the member is told of this; it says of what exactly."""
    if asks_what_is_followed(question.reading.text):
        return _list_follows(question)
    if not question.context.person.is_known:
        return Reply(headline=say("volgen.onbekende"), understood=False)
    if needs_municipality(question):
        return which_municipality()
    missing = _nothing_to_remind_of(question)
    if missing is not None:
        return missing
    follow = what_to_follow(question)
    what = follow_text(follow, question)
    stop, calendar = say("volgen.stoppen"), say("volgen.kalender")
    # Where nobody can be written to in private, no message is promised: the own calendar has it.
    told = _told(question) if question.context.writes else ()
    notes = (
        *_left_aside(follow, question),
        *((withheld_text(),) if question.withholds_mandatarissen else ()),
    )
    if follow in question.context.person.follows:
        return Reply(headline=say("volgen.al", wat=what), paragraphs=(stop,), notes=notes, private=True)
    return Reply(
        headline=say("volgen.genoteerd", wat=what),
        paragraphs=(*told, calendar, stop),
        notes=notes,
        changes=(Followed(follow=follow),),
        private=True,
    )


def _left_aside(follow: Follow, question: Question) -> tuple[str, ...]:
    """What was said besides and does not narrow what is followed: it goes by one thing at a time."""
    reading = question.reading
    place = place_of(reading, question.context)
    asides = []
    if reading.kind and follow.what in (FollowWhat.PLACE, FollowWhat.THEME):
        asides.append(kind_name(reading.kind, 2))
    if place and follow.what is FollowWhat.THEME:
        asides.append(place_name(place))
    return (say("volgen.niet samen", naast=enumeration(asides)),) if asides else ()


def _told(question: Question) -> tuple[str, ...]:
    return (told_text(question.context.person.reminders), say("volgen.ander moment"))


def unsubscribe(question: Question) -> Reply:
    """The member is no longer told of this; naming nothing means everything."""
    person = question.context.person
    if not person.is_known:
        return Reply(headline=say("volgen.onbekende"), understood=False)
    if not person.follows:
        return Reply(headline=say("volgen.niets"), private=True)
    follow = what_to_follow(question)
    if follow.what is FollowWhat.ALL:
        return Reply(
            headline=say("volgen.niets meer"),
            changes=(Unfollowed(follow=None),),
            private=True,
        )
    what = follow_text(follow, question)
    if follow not in person.follows:
        listed = _follows_text(person.follows, question)
        return Reply(headline=say("volgen.niet gevolgd", wat=what), paragraphs=(listed,), private=True)
    return Reply(
        headline=say("volgen.niet meer", wat=what),
        changes=(Unfollowed(follow=follow),),
        private=True,
    )


def remember_municipality(question: Question) -> Reply | None:
    """Keep where the member works, for "mijn lokaal atrium"; None when no municipality is named."""
    place = question.reading.place
    municipality = gazetteer().municipality(place) if place else None
    if municipality is None:
        return None
    if not question.context.person.is_known:
        return Reply(headline=say("volgen.onbekende"), understood=False)
    region = question.context.agenda.region_of(municipality.name)
    return Reply(
        headline=say("volgen.gemeente", gemeente=municipality.name),
        paragraphs=(say("volgen.jouw lokaal atrium", regio=region),) if region else (),
        changes=(MunicipalityTold(municipality=municipality.name),),
        private=True,
    )
