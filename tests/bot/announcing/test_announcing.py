"""From a form to posts: planned, posted, set right and cancelled, in the communities that were chosen."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outcomes import Conflict, Invalid, Refused, Saved
from handlers.model import Query
from handlers.moderation.lifecycle import State
from scheduler.port import Refused as PlatformRefused
from store import audit
from store.agenda import StoredAgenda, find_atrium
from store.engine import Store
from store.texts import change_text
from tests.fakes.desk import BOB, LENA, Desk, one_place, programme
from tests.fakes.moderators import Talk
from tests.fakes.network import brussels

THURSDAY = "2026-11-26 09:00"


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_a_form_is_posted_at_once_in_the_communities_that_it_fits(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    posted = desk.saved("publish", draft.id)
    assert posted.state is State.POSTING
    desk.bench.tick()
    assert desk.get(draft.id).state is State.POSTED
    assert len(desk.texts("algemeen")) == len(desk.texts("water")) == 1
    assert desk.texts("mandatarissen") == []
    assert "Lamot" in desk.texts("algemeen")[0]


def test_what_is_planned_is_in_no_agenda_until_its_moment(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    planned = desk.saved("schedule", draft.id, brussels(THURSDAY))
    assert planned.state is State.SCHEDULED
    (uid,) = planned.atria
    desk.at("2026-11-26 08:59")
    with desk.store.reading() as session:
        assert find_atrium(session, uid) is None
        assert not StoredAgenda(session).upcoming(Query(theme="ontharding"))
    assert desk.texts("algemeen") == []
    desk.at(THURSDAY)
    with desk.store.reading() as session:
        assert find_atrium(session, uid) is not None
    assert len(desk.texts("algemeen")) == 1
    assert desk.get(draft.id).state is State.POSTED


def test_a_programme_is_one_post_and_a_cancelled_place_takes_only_itself_away(desk: Desk) -> None:
    draft = desk.saved("save", programme(communities=("algemeen",)))
    desk.saved("publish", draft.id)
    desk.bench.tick()
    (post,) = desk.texts("algemeen")
    for place in ("Antwerpen", "Leuven", "Gent", "Hasselt", "Brugge"):
        assert place in post
    uids = desk.get(draft.id).atria
    desk.saved("cancel", draft.id, [uids[2]])
    desk.bench.tick()
    assert "Geannuleerd" in desk.texts("algemeen")[-1]
    assert "Wel nog in Antwerpen" in desk.texts("algemeen")[-1]
    with desk.store.reading() as session:
        off = [find_atrium(session, uid).is_cancelled for uid in uids]
    assert off == [False, False, True, False, False]
    assert desk.get(draft.id).state is State.POSTED


def test_a_correction_is_told_where_it_was_announced(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    (uid,) = desk.saved("publish", draft.id).atria
    desk.bench.tick()
    corrected = desk.act("correct", uid, one_place(**{"venue-1": "Auditorium B"}))
    assert isinstance(corrected, Saved)
    assert corrected.announcement.drafts[0].venue == "Auditorium B"
    desk.at("2026-11-23 11:00")
    assert "Auditorium B" in desk.texts("algemeen")[-1]


def test_who_edits_what_another_changed_is_told_what_and_by_whom(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("save", one_place(**{"venue-1": "Zaal A"}), draft.id, draft.version, who=BOB)
    mine = one_place(**{"venue-1": "Zaal B"})
    conflict = desk.act("save", mine, draft.id, draft.version)
    assert isinstance(conflict, Conflict)
    assert conflict.who == "Bob Claes"
    assert conflict.changed == ("Zaal (plaats 1): Zaal A (jij: Zaal B)",)
    assert conflict.mine["venue-1"] == "Zaal B"
    assert desk.get(draft.id).drafts[0].venue == "Zaal A"


def test_an_incomplete_draft_is_kept_and_cannot_leave(desk: Desk) -> None:
    kept = desk.act("save", {"kind": "thematisch", "date-1": "31/02/2027"})
    assert isinstance(kept, Saved)
    assert "date-1" in kept.errors
    refused = desk.act("publish", kept.announcement.id)
    assert isinstance(refused, Invalid)
    assert refused.values["date-1"] == "31/02/2027"
    assert desk.get(kept.announcement.id).state is State.DRAFT


def test_trying_again_goes_only_to_where_it_failed(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("publish", draft.id)
    desk.bench.platform.script = [PlatformRefused(reason="geen toegang")]
    desk.bench.tick()
    assert desk.get(draft.id).state is State.PARTLY_POSTED
    with desk.store.reading() as session:
        report = desk.announcing.report(session, BOB, desk.now, draft.id)
    assert report is not None
    assert [(each.state, each.reason) for each in report.failed] == [("mislukt", "geen toegang")]
    desk.saved("retry", draft.id)
    desk.bench.tick()
    assert desk.get(draft.id).state is State.POSTED
    assert len(desk.texts("algemeen")) == len(desk.texts("water")) == 1


def test_what_is_taken_back_before_its_moment_is_never_said(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("schedule", draft.id, brussels(THURSDAY))
    assert desk.saved("retract", draft.id, "verkeerde datum").state is State.RETRACTED
    desk.at(THURSDAY)
    assert desk.texts("algemeen") == []
    assert isinstance(desk.act("publish", draft.id), Refused)


def test_what_is_taken_back_afterwards_is_set_right_where_it_was_said(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("publish", draft.id)
    desk.bench.tick()
    desk.saved("retract", draft.id)
    desk.bench.tick()
    assert "gaat niet door" in desk.texts("algemeen")[-1]
    assert desk.get(draft.id).state is State.RETRACTED


def test_another_moderator_agrees_when_many_are_told(store: Store) -> None:
    desk = Desk(store, approval_above=2, moderators="water")
    desk.has_members("algemeen", "a", "b", "c")
    draft = desk.saved("save", one_place(communities=("algemeen",)))
    waiting = desk.saved("publish", draft.id)
    assert (waiting.state, waiting.members) == (State.AWAITING_APPROVAL, 3)
    desk.bench.tick()
    assert desk.texts("algemeen") == []
    assert f"keur goed {draft.id}" in desk.texts("water")[0]
    own = desk.act("approve", draft.id)
    assert isinstance(own, Refused)
    assert "andere moderator" in own.reason
    approved = desk.saved("approve", draft.id, who=BOB)
    assert (approved.state, approved.approver_name) == (State.POSTING, "Bob Claes")
    desk.bench.tick()
    assert len(desk.texts("algemeen")) == 1


def test_each_step_is_in_the_audit(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("schedule", draft.id, brussels(THURSDAY), who=BOB)
    with desk.store.reading() as session:
        acts = audit.entries(session, subject=f"announcement:{draft.id}")
    assert [(each.action, each.actor_name, each.place) for each in acts] == [
        ("announcement schedule", "Bob Claes", "console"),
        ("announcement save", "An Peeters", "console"),
    ]
    assert acts[0].before is not None
    assert acts[0].after is not None
    assert (acts[0].before["state"], acts[0].after["state"]) == ("draft", "scheduled")


def test_the_preview_is_what_is_posted(desk: Desk) -> None:
    values = programme(communities=("algemeen",))
    preview = desk.preview(values)
    draft = desk.saved("save", values)
    desk.saved("publish", draft.id)
    desk.bench.tick()
    assert [each.text for each in preview.targets] == desk.texts("algemeen")


def test_the_preview_speaks_the_words_that_moderators_chose(desk: Desk) -> None:
    with desk.store.writing() as session:
        change_text(session, "bericht.inbreng", "Kom met je vragen.", "local:An", desk.now)
    preview = desk.preview(one_place(communities=("algemeen",)))
    assert "Kom met je vragen." in preview.targets[0].text


def test_an_edit_takes_the_agreement_away(store: Store) -> None:
    desk = Desk(store, approval_above=0)
    desk.has_members("algemeen", "a")
    values = one_place(communities=("algemeen",), publish_on="2026-11-26")
    draft = desk.saved("save", values)
    desk.saved("schedule", draft.id)
    planned = desk.saved("approve", draft.id, who=BOB)
    assert planned.state is State.SCHEDULED
    edited = desk.saved("save", values | {"venue-1": "Zaal B"}, draft.id, planned.version)
    assert (edited.state, edited.approver) == (State.AWAITING_APPROVAL, None)
    desk.at(THURSDAY)
    assert desk.texts("algemeen") == []


def test_a_reader_sees_what_went_out_and_changes_nothing(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("publish", draft.id)
    desk.bench.tick()
    with desk.store.reading() as session:
        assert desk.announcing.report(session, LENA, desk.now, draft.id) is not None
    for act, arguments in (("save", (one_place(),)), ("retract", (draft.id,)), ("duplicate", (draft.id,))):
        assert isinstance(desk.act(act, *arguments, who=LENA), Refused)
    assert desk.get(draft.id).state is State.POSTED


def test_a_copy_is_a_draft_of_its_own_without_a_moment(desk: Desk) -> None:
    draft = desk.saved("save", one_place(publish_on="2026-11-26"))
    desk.saved("schedule", draft.id)
    copy = desk.saved("duplicate", draft.id, who=BOB)
    assert (copy.state, copy.publish_at, copy.author_name) == (State.DRAFT, None, "Bob Claes")
    planned = desk.saved("schedule", copy.id, brussels("2026-11-27 09:00"), who=BOB)
    both = {planned.atria, desk.get(draft.id).atria}
    assert len(both) == 2


def test_two_copies_by_one_moderator_get_keys_of_their_own(desk: Desk) -> None:
    first = desk.saved("save", one_place(publish_on="2026-11-26"))
    second = desk.saved("duplicate", first.id)
    uids = {
        *desk.saved("schedule", first.id).atria,
        *desk.saved("schedule", second.id, brussels("2026-11-27 09:00")).atria,
    }
    assert len(uids) == 2


def test_what_was_planned_for_a_time_when_nobody_was_there_is_let_go_once_the_atrium_began(
    desk: Desk,
) -> None:
    draft = desk.saved("save", one_place(publish_on="2026-11-26"))
    desk.saved("schedule", draft.id)
    desk.at("2027-03-19 09:00")
    assert desk.texts("algemeen") == []
    assert (desk.get(draft.id).state, desk.get(draft.id).reason) == (
        State.RETRACTED,
        "reden.atrium al begonnen",
    )


def test_a_place_that_was_cancelled_is_not_cancelled_twice(desk: Desk) -> None:
    draft = desk.saved("save", programme(communities=("algemeen",)))
    (first, *_) = desk.saved("publish", draft.id).atria
    desk.bench.tick()
    desk.saved("cancel", draft.id, [first])
    assert isinstance(desk.act("cancel", draft.id, [first]), Refused)
    assert isinstance(desk.act("correct", first, one_place()), Refused)


def test_what_is_agreed_to_after_its_moment_leaves_at_once(store: Store) -> None:
    desk = Desk(store, approval_above=0)
    desk.has_members("algemeen", "a")
    draft = desk.saved("save", one_place(communities=("algemeen",), publish_on="2026-11-26"))
    desk.saved("schedule", draft.id)
    desk.at("2026-11-27 10:00")
    version = desk.get(draft.id).version
    assert "Ze vertrekt nu." in Talk(desk).say(f"keur goed {draft.id} versie {version}", BOB)
    desk.bench.tick()
    assert len(desk.texts("algemeen")) == 1


_TEXTS = st.one_of(
    st.text(max_size=20), st.sampled_from(["2027-03-18", "9u", "Gent", "thematisch", "algemeen"])
)
_FORMS = st.dictionaries(
    st.sampled_from(
        ["kind", "title", "theme", "date-1", "begins-1", "municipality-1", "date-2", "communities"]
    ),
    st.one_of(_TEXTS, st.lists(_TEXTS, max_size=2)),
)


@settings(max_examples=40, deadline=None)
@given(values=_FORMS)
def test_whatever_form_is_handed_in_it_is_kept_whole_and_leaves_whole_or_not_at_all(
    sqlite_template: Path, values: dict[str, str | list[str]]
) -> None:
    store = Store("sqlite://")
    with (
        contextlib.closing(sqlite3.connect(sqlite_template)) as template,
        contextlib.closing(store.engine.raw_connection()) as memory,
    ):
        template.backup(memory.driver_connection)
    desk = Desk(store)
    draft = desk.saved("save", values)
    done = desk.act("publish", draft.id)
    desk.bench.tick()
    kept = desk.get(draft.id)
    if isinstance(done, Saved):
        assert kept.state is State.POSTED
        assert len(kept.atria) == len(kept.drafts)
    else:
        assert isinstance(done, Invalid)
        assert done.values == kept.typed == draft.typed
        assert (kept.state, kept.atria, desk.bench.platform.posts) == (State.DRAFT, (), [])
    store.close()
