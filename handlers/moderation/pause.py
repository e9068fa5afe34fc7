"""Pausing and resuming what the bot says unasked, in one community or everywhere."""

from __future__ import annotations

import re

from handlers.changes import Paused, Resumed
from handlers.context import Context
from handlers.model import Community
from handlers.moderation.commands import Act
from handlers.moderation.community_choice import communities_in
from handlers.moderation.permissions import (
    may_pause,
    moderates,
    refused_community,
    refused_member,
    refused_pause_of_all,
)
from handlers.reply import Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import enumeration

_ALL = re.compile(r"^(?:alles|overal|alle communities|de hele bot)\b", re.IGNORECASE)
_HERE = re.compile(r"^(?:hier|deze community|deze groep|)[\s.!]*$", re.IGNORECASE)


def pause_or_resume(act: Act, text: str, context: Context) -> Reply | None:
    """ "pauzeer algemeen", "hervat algemeen", "pauzeer alles"; None when it names no community."""
    noun = "handeling.pauzeren" if act is Act.PAUSE else "handeling.hervatten"
    if not moderates(context.person):
        return refused_member(noun)
    if _ALL.match(text):
        return _everywhere(act) if may_pause(context.person, None) else refused_pause_of_all()
    community = _community(text, context)
    if community is None:
        names = enumeration([one.name for one in context.communities])
        return Reply(
            headline=say("pauzeren.welke", handeling=say(noun)),
            paragraphs=(say("pauzeren.ik ken", communities=names) if names else say("pauzeren.geen"),),
            understood=False,
        )
    if not may_pause(context.person, community):
        return refused_community(community)
    return _one(act, community)


def _community(text: str, context: Context) -> Community | None:
    if _HERE.match(text):
        return context.community
    keys = communities_in(text, context.communities)
    return next((one for one in context.communities if keys == (one.key,)), None)


def _everywhere(act: Act) -> Reply:
    if act is Act.PAUSE:
        return Reply(
            headline=say("pauzeren.overal"),
            paragraphs=(say("pauzeren.overal uitleg"),),
            changes=(Paused(community=None),),
        )
    return Reply(headline=say("pauzeren.overal hervat"), changes=(Resumed(community=None),))


def _one(act: Act, community: Community) -> Reply:
    name = community.name
    if act is Act.PAUSE:
        says = "pauzeren.al gepauzeerd" if community.paused else "pauzeren.gepauzeerd"
        return Reply(
            headline=say(says, community=name),
            paragraphs=(say("pauzeren.uitleg", sleutel=community.key),),
            changes=(Paused(community=community.key),),
        )
    says = "pauzeren.hervat" if community.paused else "pauzeren.niet gepauzeerd"
    return Reply(
        headline=say(says, community=name),
        changes=(Resumed(community=community.key),),
    )
