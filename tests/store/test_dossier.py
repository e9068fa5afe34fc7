"""What is kept of somebody is gathered, all of it and of nobody else."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from handlers.dossier import Grant, Identity
from handlers.message import Message
from handlers.model import Contribution, Follow, FollowWhat, Role
from store import contributions, events, questions
from store.dossier import StoredDossier
from store.engine import Store
from store.members import (
    MemberUnknownError,
    ensure_person,
    find_follows_by_token,
    follow,
    keep_feed_token,
    member_id_of,
    set_municipality,
    sync_roles,
)
from store.tables import IdentityRow

YEAR = dt.timedelta(days=365)
KIND = Follow(what=FollowWhat.KIND, value="lokaal")


def pseudonym_of(platform: str, external_id: str) -> str:
    return f"code-{platform}-{external_id}"


def dossier(session: Session, who: str, platform: str = "local") -> StoredDossier:
    return StoredDossier(session, platform, who, pseudonym_of, YEAR)


def fill(session: Session, who: str, now: dt.datetime) -> None:
    """Everything that can be kept of one person."""
    ensure_person(session, "local", who, f"{who} Peeters", Role.MEMBER, now)
    member = member_id_of(session, "local", who)
    session.execute(insert(IdentityRow).values(member_id=member, platform="slack", external_id=f"U-{who}"))
    follow(session, member, KIND, now)
    set_municipality(session, member, "Zottegem")
    keep_feed_token(session, member, f"geheim-{who}")
    contributions.add(session, member, Contribution(text=f"{who} vraagt iets"), now)
    for platform, author in (("local", who), ("slack", f"U-{who}")):
        message = Message(
            platform=platform,
            event_id=f"{who}-1",
            text="hallo",
            author_id=author,
            author_name=who,
            sent_at=now,
        )
        events.record(session, message, now)
        questions.keep_unread(session, pseudonym_of(platform, author), "hm?", "niet begrepen", now)


def test_all_of_one_person_is_gathered_over_platforms(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        sync_roles(session, regional={"local:An": ["Waasland"]})
        for who in ("An", "Bo"):
            fill(session, who, now)
        data = dossier(session, "An").read()
        assert data == dossier(session, "U-An", "slack").read()
    assert data.name == "An Peeters"
    assert data.kept_for == YEAR
    assert data.identities == (
        Identity(platform="local", external_id="An"),
        Identity(platform="slack", external_id="U-An"),
    )
    assert data.municipality == "Zottegem"
    assert data.grants == (Grant(role=Role.REGIONAL_MODERATOR, scope=frozenset({"Waasland"})),)
    assert data.follows == (KIND,)
    assert data.contributions == ("An vraagt iets",)
    assert (data.messages, data.unread) == (2, 2)
    assert data.feed_token == "geheim-An"  # noqa: S105  # a made-up one


def test_of_a_newcomer_only_the_name_is_kept(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        ensure_person(session, "local", "An", "An Peeters", Role.MODERATOR, now)
        data = dossier(session, "An").read()
    assert (data.name, data.known_since) == ("An Peeters", now)
    assert (data.municipality, data.grants, data.follows, data.contributions) == (None, (), (), ())
    assert (data.messages, data.unread, data.feed_token) == (0, 0, None)


def test_of_somebody_unknown_there_is_no_dossier(store: Store) -> None:
    with store.reading() as session, pytest.raises(MemberUnknownError, match="local:An"):
        dossier(session, "An").read()


def test_a_new_token_is_another_each_time_and_cannot_be_guessed(store: Store) -> None:
    with store.reading() as session:
        tokens = {dossier(session, "An").new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert {len(token) for token in tokens} == {32}


def test_a_calendar_is_at_its_newest_address_only(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        ensure_person(session, "local", "An", "An", Role.MEMBER, now)
        member = member_id_of(session, "local", "An")
        for token in ("oud", "nieuw"):
            keep_feed_token(session, member, token)
        assert find_follows_by_token(session, "oud") is None
        assert find_follows_by_token(session, "nieuw") == []
