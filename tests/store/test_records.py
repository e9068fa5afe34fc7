"""What is kept for moderators: acts, questions, announcements, contributions, and the program's own notes."""

from __future__ import annotations

import datetime as dt

from handlers.model import AtriumDraft, Audience, Contribution, Kind, Person, Role
from store import announcements, audit, contributions, members, notes, questions
from store.engine import Store

AN = Person(platform="slack", external_id="U1", name="An", role=Role.MODERATOR)


def test_an_act_is_kept_with_the_values_before_and_after(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        audit.write(session, now, AN, "algemeen", "changed", "a1", {"title": "Oud"}, {"title": "Nieuw"})
        audit.write(session, now, AN, None, "paused", "*")
        paused, changed = audit.entries(session)
        assert (changed.actor, changed.actor_name, changed.place) == ("slack:U1", "An", "algemeen")
        assert (changed.at, changed.action, changed.subject) == (now, "changed", "a1")
        assert (changed.before, changed.after) == ({"title": "Oud"}, {"title": "Nieuw"})
        assert (paused.place, paused.before, paused.after) == (None, None, None)


def test_acts_are_paged_from_the_newest_on(store: Store, now: dt.datetime) -> None:
    with store.writing() as session:
        for number in range(5):
            audit.write(session, now, AN, None, "changed", f"a{number % 2}", after={"number": number})
        first = audit.entries(session, 2)
        assert [entry.after for entry in first] == [{"number": 4}, {"number": 3}]
        rest = audit.entries(session, 2, older_than=first[-1].id)
        assert [entry.after for entry in rest] == [{"number": 2}, {"number": 1}]
        assert [entry.after for entry in audit.entries(session, subject="a1")] == [
            {"number": 3},
            {"number": 1},
        ]


def test_unread_questions_come_newest_first_and_go_after_a_while(store: Store, now: dt.datetime) -> None:
    earlier = now - dt.timedelta(days=1)
    with store.writing() as session:
        questions.keep_unread(session, "hash", "Is er koffie?", "out_of_scope", earlier)
        questions.keep_unread(session, "hash", "Wie ben jij?", "clarify", now)
        assert [each.text for each in questions.unread(session)] == ["Wie ben jij?", "Is er koffie?"]
        (latest,) = questions.unread(session, since=now)
        assert (latest.author, latest.reason, latest.asked_at) == ("hash", "clarify", now)
        questions.purge_unread(session, now)
        assert [each.text for each in questions.unread(session)] == ["Wie ben jij?"]


def test_announcements_are_listed_by_atrium(store: Store, now: dt.datetime) -> None:
    keys = ["algemeen", "mandatarissen"]
    with store.writing() as session:
        first = announcements.add(session, now, communities=keys, author_platform="slack", author_id="U1")
        second = announcements.add(session, now, author_platform="local", author_id="An")
        announcements.bind_atria(session, first.id, ["a1", "a2"])
        assert [each.id for each in announcements.list_announcements(session)] == [first.id, second.id]
        (found,) = announcements.list_announcements(session, "a2")
        assert (found.communities, found.atria) == ({"algemeen", "mandatarissen"}, ("a1", "a2"))
        assert (found.author, found.created_at) == ("slack:U1", now)


def test_an_announcement_is_only_changed_by_who_saw_its_latest_version(
    store: Store, now: dt.datetime
) -> None:
    draft = AtriumDraft(kind=Kind.OP_MAAT, date=dt.date(2027, 3, 11), audience=frozenset({Audience.KOEPEL}))
    with store.writing() as session:
        made = announcements.add(session, now, author_platform="local", author_id="An")
        typed = {"title": "Eerst", "audience": ("koepel",)}
        assert announcements.amend(session, made.id, 1, now, drafts=(draft,), typed=typed)
        assert not announcements.amend(session, made.id, 1, now, typed={"title": "Te laat"})
        kept = announcements.get_announcement(session, made.id)
        assert (kept.version, kept.drafts, kept.typed) == (2, (draft,), typed)


def test_contributions_are_listed_by_atrium_and_outlive_their_author(store: Store, now: dt.datetime) -> None:
    question = Contribution(text="Mag het korter?", atrium_uid="a1")
    theme = Contribution(text="Iets over geluid", kind=Kind.LOKAAL, place="Gent", theme="geluid")
    with store.writing() as session:
        members.ensure_person(session, "local", "An", "An", Role.MEMBER, now)
        contributions.add(session, members.member_id_of(session, "local", "An"), question, now)
        contributions.add(session, None, theme, now)
        both = contributions.list_contributions(session)
        assert [(each.contribution, each.author) for each in both] == [(question, "An"), (theme, None)]
        members.forget(session, "local", "An")
        (left,) = contributions.list_contributions(session, "a1")
        assert (left.contribution, left.author, left.created_at) == (question, None, now)


def test_a_note_is_replaced_and_dropped(store: Store) -> None:
    with store.writing() as session:
        assert notes.find_note(session, "tick") is None
        notes.keep_note(session, "tick", "1")
        notes.keep_note(session, "tick", "2")
        assert notes.find_note(session, "tick") == "2"
        notes.drop_note(session, "tick")
        assert notes.find_note(session, "tick") is None
