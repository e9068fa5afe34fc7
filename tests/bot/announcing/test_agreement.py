"""Whoever may agree is asked to, once each, and nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.outcomes import Refused
from handlers.model import Role
from handlers.moderation.lifecycle import State
from scheduler.port import Capabilities
from store import identities, members, outbox
from store.engine import Store
from store.local import add
from store.members import sync_roles
from store.outbox import Entry
from store.tables import LocalMessageRow
from tests.fakes.desk import BOB, Desk, one_place
from tests.fakes.network import COMMUNITIES, GENERAL

WHISPERS = {"local": Capabilities(direct_messages=True), "console": Capabilities()}
MODERATORS = replace(GENERAL, key="moderatoren", name="Moderatoren", digest=False)


@pytest.fixture
def desk(store: Store) -> Desk:
    """An writes; Bob may agree; so may one of the console, Wim not here, and Lena only reads."""
    desk = Desk(
        store,
        capabilities=WHISPERS,
        communities=(*COMMUNITIES, MODERATORS),
        moderators="moderatoren",
        approval_above=2,
    )
    desk.bench.platform.capabilities = Capabilities(direct_messages=True)
    with store.writing() as session:
        sync_roles(
            session,
            administrators=["local:bob"],
            moderators=["local:an", "local:bob", "console:c@example.org"],
            readers=["local:lena"],
            regional={"local:wim": ["Waasland"]},
        )
        members.ensure_person(session, "local", "mia", "Mia Lid", Role.MEMBER, desk.now)
    return desk


def asked(desk: Desk) -> list[Entry]:
    with desk.store.reading() as session:
        return outbox.entries(session, kinds=("notice",))


def told(desk: Desk) -> list[str]:
    return sorted(str((each.payload or {}).get("member") or each.community_key) for each in asked(desk))


def test_each_who_may_agree_is_asked_once_and_personally(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("submit", draft.id)
    assert told(desk) == ["bob", "moderatoren"]
    desk.bench.tick()
    private, shared = sorted(desk.bench.platform.posts, key=lambda each: each.post.community is not None)
    assert private.post.member == "bob"
    assert private.post.reply.private
    assert f'"keur goed {draft.id}"' in private.text
    assert "ontharding" in private.text
    assert shared.post.community is not None


def test_what_is_for_a_closed_circle_is_not_named_to_all_moderators(desk: Desk) -> None:
    form = one_place(kind="op_maat", title="Avond voor schepenen", audience=("mandataris",))
    desk.saved("submit", desk.saved("save", form).id)
    desk.bench.tick()
    (shared,) = desk.texts("moderatoren")
    assert "schepenen" not in shared
    assert any("schepenen" in each.text for each in desk.bench.platform.posts if each.post.member == "bob")


def test_whoever_wrote_in_the_local_community_counts_as_a_member_of_it(desk: Desk) -> None:
    for author in ("Mia", "Mia", "Piet"):
        with desk.store.writing() as session:
            add(
                session,
                LocalMessageRow(
                    community_key="algemeen", author=author, role=Role.MEMBER, text="dag", at=desk.now
                ),
            )
    few = desk.saved("save", one_place(communities=("algemeen",)))
    assert desk.saved("publish", few.id).state is State.POSTING
    with desk.store.writing() as session:
        add(
            session,
            LocalMessageRow(community_key="water", author="Wim", role=Role.MEMBER, text="dag", at=desk.now),
        )
    many = desk.saved("save", one_place(communities=("algemeen", "water"), theme="water"))
    waits = desk.saved("publish", many.id)
    assert waits.state is State.AWAITING_APPROVAL
    assert waits.members == 3


def test_agreement_is_needed_where_a_platform_that_can_count_did_not(store: Store) -> None:
    elsewhere = replace(GENERAL, key="slack", name="Slack", platform="slack", channel="C1", digest=False)
    desk = Desk(store, communities=(*COMMUNITIES, elsewhere), approval_above=1000)
    draft = desk.saved("save", one_place(communities=("slack",)))
    assert desk.saved("publish", draft.id).state is State.AWAITING_APPROVAL


def test_who_is_one_person_on_two_platforms_agrees_on_neither_to_what_they_wrote(desk: Desk) -> None:
    elsewhere = replace(BOB, platform="console", external_id="b@example.org", name="Bob C.")
    with desk.store.writing() as session:
        for one in (BOB, elsewhere):
            members.ensure_person(session, one.platform, one.external_id, one.name, Role.MEMBER, desk.now)
            identities.link(session, one.platform, one.external_id, "b@example.org")
    draft = desk.saved("save", one_place(), who=BOB)
    desk.saved("submit", draft.id, who=BOB)
    for one in (BOB, elsewhere):
        refused = desk.act("approve", draft.id, who=one)
        assert isinstance(refused, Refused)
        assert "andere moderator" in refused.reason
    assert desk.saved("approve", draft.id).approver_name == "An Peeters"
