"""What the bot is going to post, as moderators see and steer it: hold, release, skip, send all the same.

Nothing is done here: the acts travel as changes. What somebody who reads along may not see is not
named; a regional moderator sees and steers what is theirs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handlers.changes import Change, PostHeld, PostReleased, PostRetried, PostSkipped
from handlers.context import Context, Outbox, PlannedPost
from handlers.gazetteer import name_key
from handlers.model import Community
from handlers.moderation.commands import Act
from handlers.moderation.community_choice import communities_in
from handlers.moderation.permissions import may_administer, may_steer_post, moderates, refused_member
from handlers.moderation.steps import step
from handlers.posts.names import post_name
from handlers.reading.reading import read
from handlers.reply import Choice, Reply
from handlers.wording.catalogue import say
from handlers.wording.dates import brief_date, clock_text, local_day
from handlers.wording.sentences import capitalised, enumeration, number_text, quoted

#: How far ahead, and how far back, the lists look.
AHEAD = dt.timedelta(days=14)
BACK = dt.timedelta(days=14)

#: More lines than this are not read on a phone, and more choices not chosen from.
MOST_LINES = 20
MOST_CHOICES = 6

#: Characters of a post in a list.
SHOWN = 100

_NUMBERS = re.compile(
    r"^(?:de |het )?(?:berichten|bericht|nummers|nummer|nr\.?|#)?\s*"
    r"(?P<numbers>\d{1,9}(?:\s*(?:,|en|\+)\s*\d{1,9})*)[\s.!?]*$",
    re.IGNORECASE,
)
_EVERYWHERE = re.compile(r"\b(?:overal|alle(?:s| communities)?|elke community)\b", re.IGNORECASE)
_HERE = re.compile(r"\b(?:hier|deze community|deze groep)\b", re.IGNORECASE)
_FILLERS = re.compile(r"\b(?:nog|allemaal|al)\b", re.IGNORECASE)
_LINK = re.compile(r":?\s*https?://\S+")
#: A word of a description -> the kinds of post that it means.
_KINDS = (
    (re.compile(r"\b(?:herinnering|reminder)", re.IGNORECASE), frozenset({"reminder", "deadline"})),
    (re.compile(r"\b(?:weekoverzicht|overzicht)", re.IGNORECASE), frozenset({"digest", "moderators"})),
    (re.compile(r"\bvooraankondiging", re.IGNORECASE), frozenset({"save_the_date"})),
    (re.compile(r"\buitnodiging", re.IGNORECASE), frozenset({"invitation"})),
    (re.compile(r"\bpraktische info", re.IGNORECASE), frozenset({"practical"})),
    (re.compile(r"\b(?:dank|materiaal|presentaties)", re.IGNORECASE), frozenset({"thanks"})),
    (re.compile(r"\baankondiging", re.IGNORECASE), frozenset({"announcement"})),
    (re.compile(r"\b(?:wijziging|aanpassing)", re.IGNORECASE), frozenset({"change", "edit"})),
    (re.compile(r"\bannulering", re.IGNORECASE), frozenset({"cancellation"})),
)
#: Words of a description that say nothing about the text of the post.
_IDLE = frozenset(
    {"bericht", "berichten", "post", "over", "voor", "deze", "volgende", "komende", "week", "maand"}
    | {"maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"}
    | {"vandaag", "morgen", "overmorgen", "community"}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Steer:
    """One act: what it is called, on what it works, what it does, and the names of what is said of it."""

    noun: str
    says: str
    states: frozenset[str]
    change: Callable[[int], Change]
    done: str
    undo: str


_STEERS = {
    Act.HOLD: _Steer(
        noun="handeling.tegenhouden",
        says="hou {} tegen",
        states=frozenset({"planned"}),
        change=lambda number: PostHeld(post=number),
        done="sturen.tegengehouden",
        undo="sturen.tegengehouden uitleg",
    ),
    Act.RELEASE: _Steer(
        noun="handeling.loslaten",
        says="laat {} los",
        states=frozenset({"held"}),
        change=lambda number: PostReleased(post=number),
        done="sturen.losgelaten",
        undo="sturen.losgelaten uitleg",
    ),
    Act.SKIP: _Steer(
        noun="handeling.schrappen",
        says="schrap {}",
        states=frozenset({"planned", "held"}),
        change=lambda number: PostSkipped(post=number),
        done="sturen.geschrapt",
        undo="sturen.geschrapt uitleg",
    ),
    Act.RETRY: _Steer(
        noun="handeling.toch versturen",
        says="toch versturen {}",
        states=frozenset({"failed", "skipped"}),
        change=lambda number: PostRetried(post=number),
        done="sturen.toch",
        undo="sturen.toch uitleg",
    ),
}

#: What stands in the way, by the state that a post is in.
_OTHERWISE = {
    "planned": "sturen.staat gepland",
    "held": "sturen.is tegengehouden",
    "claimed": "sturen.vertrekt",
    "sent": "sturen.al geplaatst",
    "failed": "sturen.niet aanvaard",
    "skipped": "sturen.overgeslagen",
    "ambiguous": "sturen.misschien geplaatst",
}


def steer(act: Act, text: str, context: Context) -> Reply | None:
    """The reply to one of these acts; None when it is a question about the agenda after all."""
    if not moderates(context.person):
        if act is Act.PLANNED:
            return None
        return refused_member("handeling.onverstuurd" if act is Act.UNSENT else _STEERS[act].noun)
    outbox = context.outbox
    if act is Act.PLANNED and _names_something_else(text, context):
        return None
    if outbox is None:
        return step(context, say("sturen.hier niet"), understood=False)
    if act is Act.PLANNED:
        return _planned(text, context, outbox)
    if act is Act.UNSENT:
        return _unsent(text, context, outbox)
    return _steered(_STEERS[act], text, context, outbox)


# --- lists -----------------------------------------------------------------------------------------


def _names_something_else(text: str, context: Context) -> bool:
    """Whether "in maart" or "in Gent" follows, rather than a community: that asks for the agenda."""
    rest = re.sub(r"[\s?!.]+$", "", text).strip()
    bare = _FILLERS.sub("", _HERE.sub("", _EVERYWHERE.sub("", rest)))
    bare = re.sub(r"^(?:in|voor|bij|op|aan berichten)\b", "", bare.strip()).strip()
    return bool(bare) and not communities_in(bare, context.communities)


def _communities(text: str, context: Context) -> list[Community]:
    """The communities that are asked about: those named, else this one, else all; administrators mean all."""
    named = communities_in(text, context.communities)
    if named:
        return [one for one in context.communities if one.key in named]
    everywhere = bool(_EVERYWHERE.search(text)) or may_administer(context.person)
    if context.community is not None and (_HERE.search(text) or not everywhere):
        return [context.community]
    return list(context.communities)


def _planned(text: str, context: Context, outbox: Outbox) -> Reply:
    asked = _communities(text, context)
    found = outbox.planned([one.key for one in asked], context.now + AHEAD, context.reads)
    posts = [post for post in found if _may_steer(post, context)]
    where = _where(asked, context)
    paused = [one.name for one in asked if one.paused]
    notes = [say("sturen.gepauzeerd", communities=enumeration(paused))] if paused else []
    if not posts:
        headline = say("sturen.niets gepland", waar=where)
        return step(context, headline, notes=notes, private=True)
    told = _together(posts)
    headline = (
        say("sturen.een gepland", waar=where)
        if len(told) == 1
        else say("sturen.meer gepland", aantal=number_text(len(told)), waar=where)
    )
    return step(
        context,
        headline,
        [
            _lines(told, context, several=len(asked) > 1),
            say("sturen.hoe", nummer=_numbers(told[0])),
            say("sturen.samen") if len(told) > 1 else "",
        ],
        notes=notes,
        private=True,
    )


def _unsent(text: str, context: Context, outbox: Outbox) -> Reply:
    asked = _communities(text, context)
    found = outbox.unsent([one.key for one in asked], context.now - BACK, context.reads)
    posts = [post for post in found if _may_steer(post, context)]
    where = _where(asked, context)
    if not posts:
        return step(context, say("sturen.niets onverstuurd", waar=where), private=True)
    headline = (
        say("sturen.een onverstuurd", waar=where)
        if len(posts) == 1
        else say("sturen.meer onverstuurd", aantal=number_text(len(posts)), waar=where)
    )
    again = next((post.id for post in posts if _can_be_sent(post)), None)
    return step(
        context,
        headline,
        [
            _lines(_together(posts), context, several=len(asked) > 1),
            say("sturen.hoe toch", nummer=str(again)) if again else "",
        ],
        private=True,
    )


def _where(asked: Sequence[Community], context: Context) -> str:
    if len(asked) == len(context.communities) > 1:
        return say("sturen.in alle communities")
    return f" in {enumeration([one.name for one in asked])}"


def _together(posts: Sequence[PlannedPost]) -> list[tuple[PlannedPost, ...]]:
    """What stands in one line: the places of one programme that are told of at one moment, in one place."""
    found: dict[object, tuple[PlannedPost, ...]] = {}
    for post in posts:
        shared = (post.at, post.community, post.kind, post.state, post.reason, post.programme)
        line = post.id if post.programme is None else shared
        found[line] = (*found.get(line, ()), post)
    return list(found.values())


def _numbers(posts: Sequence[PlannedPost]) -> str:
    return enumeration([str(post.id) for post in posts])


def _lines(told: Sequence[Sequence[PlannedPost]], context: Context, *, several: bool) -> str:
    lines = [_line(posts, context, several=several) for posts in told[:MOST_LINES]]
    if len(told) > MOST_LINES:
        lines.append(say("sturen.en nog", aantal=str(len(told) - MOST_LINES)))
    return "\n".join(lines)


def _line(posts: Sequence[PlannedPost], context: Context, *, several: bool) -> str:
    """ "12. do 26 november, 9.00 u., in Algemeen: Volgende week: Lokaal Atrium ..."; a programme once."""
    post = posts[0]
    elsewhere = dict.fromkeys(each.place for each in posts if each.place and each.place != post.place)
    where = f", in {_name(post.community, context)}" if several else ""
    state = say("sturen.achter tegengehouden") if post.state == "held" else ""
    told = [f"{_numbers(posts)}. {_moment(post, context)}{where}: {_text(post, context)}{state}"]
    if elsewhere and post.text:
        told.append(say("antwoord.ook in", plaatsen=enumeration([*elsewhere])))
    if post.state == "ambiguous":
        told.append(say("sturen.onzeker"))
    if post.reason:
        told.append(say("sturen.reden", reden=post.reason.rstrip(".")))
    return " ".join(told)


def _moment(post: PlannedPost, context: Context) -> str:
    due = _brief(post.at, context)
    if post.leaves is None:
        return due
    return say("sturen.vertrekt later", moment=due, later=_brief(post.leaves, context))


def _brief(at: dt.datetime, context: Context) -> str:
    return f"{brief_date(local_day(at), local_day(context.now))}, {clock_text(at)} u."


def _text(post: PlannedPost, context: Context) -> str:
    """The first line of what it says, as far as those who read along may see it."""
    if not post.text:
        return say("sturen.alleen daar", soort=post_name(post.kind), community=_name(post.community, context))
    first = quoted(_LINK.sub("", post.text.splitlines()[0]), SHOWN)
    return first if first.endswith((".", "…")) else f"{first}."


def _name(key: str, context: Context) -> str:
    return next((one.name for one in context.communities if one.key == key), key)


# --- acts --------------------------------------------------------------------------------------------


def _steered(act: _Steer, text: str, context: Context, outbox: Outbox) -> Reply:
    numbers = _NUMBERS.match(text.strip())
    if numbers is None:
        return _described(act, text, context, outbox)
    posts = []
    for number in dict.fromkeys(int(each) for each in re.findall(r"\d+", numbers["numbers"])):
        post = outbox.find(number, context.reads)
        refusal = _refusal(act, number, post, context)
        if refusal is not None or post is None:
            return refusal or _unknown(number, context)
        posts.append(post)
    return _done(act, posts, context)


def _unknown(number: int, context: Context) -> Reply:
    return step(
        context,
        say("sturen.onbekend", nummer=str(number)),
        [say("sturen.onbekend uitleg")],
        understood=False,
    )


def _refusal(act: _Steer, number: int, post: PlannedPost | None, context: Context) -> Reply | None:
    """Why this cannot be done with this post, if so."""
    if post is None:
        return _unknown(number, context)
    if not _may_steer(post, context):
        return step(
            context,
            say("sturen.niet van jou", nummer=str(number)),
            [say("niet jouw werk.vraag")],
        )
    if post.state not in act.states:
        return step(
            context,
            say(_OTHERWISE[post.state], nummer=str(number)),
            [
                say(
                    "sturen.waar het is",
                    wanneer=_moment(post, context),
                    community=_name(post.community, context),
                )
            ],
        )
    if act is _STEERS[Act.RETRY] and not post.holds:
        return step(
            context,
            say("sturen.klopt niet meer", nummer=str(number)),
            [say("sturen.waarom niet", reden=post.reason.rstrip(".")) if post.reason else ""],
        )
    return None


def _done(act: _Steer, posts: Sequence[PlannedPost], context: Context) -> Reply:
    lines = "\n".join(_line([post], context, several=True) for post in posts) if len(posts) > 1 else ""
    (first, *_) = posts
    what = (
        say("sturen.meer berichten", aantal=number_text(len(posts)))
        if len(posts) > 1
        else _about(first, context)
    )
    numbers = enumeration([str(post.id) for post in posts])
    return step(
        context,
        say(act.done, wat=what),
        [lines, say(act.undo, nummers=numbers)],
        changes=tuple(act.change(post.id) for post in posts),
        private=True,
    )


def _about(post: PlannedPost, context: Context) -> str:
    """ "bericht 12 van do 26 november, 9.00 u., in Algemeen: ..."."""
    return say(
        "sturen.dat bericht",
        nummer=str(post.id),
        wanneer=_moment(post, context),
        community=_name(post.community, context),
        tekst=_text(post, context),
    )


def _described(act: _Steer, text: str, context: Context, outbox: Outbox) -> Reply:
    """ "hou het bericht van donderdag tegen": the one that fits, else a choice."""
    asked = _communities(text, context)
    keys = [one.key for one in asked]
    if act is _STEERS[Act.RETRY]:
        found = outbox.unsent(keys, context.now - BACK, context.reads)
    else:
        found = outbox.planned(keys, context.now + AHEAD, context.reads)
    able = [post for post in found if post.state in act.states and post.holds and _may_steer(post, context)]
    fitting = _fitting(able, text, context)
    if len(fitting) == 1:
        return _done(act, fitting, context)
    if not fitting:
        return step(
            context,
            say("sturen.geen dat past", waar=_where(asked, context)),
            [say("sturen.geen dat past uitleg")],
            understood=False,
        )
    choices = tuple(
        Choice(
            label=capitalised(f"{_moment(post, context)}, in {_name(post.community, context)}: ")
            + _text(post, context),
            says=act.says.format(post.id),
        )
        for post in fitting[:MOST_CHOICES]
    )
    left = len(fitting) - MOST_CHOICES
    more = say("sturen.welk en nog", aantal=str(left)) if left > 0 else ""
    return step(context, say("sturen.welk"), [more], choices=choices, private=True)


def _fitting(posts: Sequence[PlannedPost], text: str, context: Context) -> list[PlannedPost]:
    """The posts that a description leaves: by day and kind, then by the words that tell some apart."""
    fitting = list(posts)
    period = read(text, context.now, context.vocabulary).period
    if period is not None:
        fitting = [post for post in fitting if period.holds(local_day(post.at))]
    for pattern, kinds in _KINDS:
        if pattern.search(text):
            fitting = [post for post in fitting if post.kind in kinds]
    for word in name_key(text).split():
        if len(word) > 3 and word not in _IDLE:
            saying = [post for post in fitting if word in name_key(post.text)]
            fitting = saying or fitting
    return fitting


def _may_steer(post: PlannedPost, context: Context) -> bool:
    """Whether a post is this moderator's: its community, or the atrium that it is about."""
    community = next((one for one in context.communities if one.key == post.community), None)
    kind = post.atrium_kind if post.atrium is not None else None
    place = {"municipality": post.place, "region": post.region}
    return may_steer_post(context.person, context.agenda, community, kind=kind, **place)


def _can_be_sent(post: PlannedPost) -> bool:
    return post.holds and post.state in _STEERS[Act.RETRY].states
