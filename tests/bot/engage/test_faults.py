"""Whatever happens on the way to Viva Engage: each owed post once, nothing answered twice, nothing lost."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.platforms.port import AUTH_REQUIRED, DEAF, OK, THROTTLED, TRANSPORT_GONE
from handlers.wording.reasons import reason_text
from store import outbox
from store.engine import Store
from store.outbox import Owed
from store.states import OutboxState
from tests.fakes.engage.gate import Fault
from tests.fakes.engage.tenant import Tenant

QUESTION = "wanneer is het volgende Provinciaal Atrium in Gent?"

#: Long enough for a doubt to be looked up and for what is missing to be sent, in seconds.
SETTLED = 6 * 60

POSTS = r"POST /messages\.json"


def owe_digest(tenant: Tenant, text: str = "Overzicht van de atria.") -> str:
    """Owe a post of the bot's own in the first community: an announcement that was asked for."""
    from handlers.reply import Reply
    from store.codec import dump

    now = tenant.clock.now()
    owed = Owed(
        key="answer:engage:own-1",
        kind="answer",
        platform="engage",
        community_key="groep-1",
        due_at=now,
        late_until=now + dt.timedelta(days=1),
        payload={"reply": dump(Reply(headline=text))},
    )
    with tenant.store.writing() as session:
        outbox.enqueue(session, owed, now)
    return owed.key


@pytest.mark.parametrize(
    "what", ["timeout-after", "drop-after", "503-after", "504-after", "timeout", "drop", "503"]
)
def test_an_answer_is_there_once_whatever_became_of_the_request(sqlite_store: Store, what: str) -> None:
    """C-2, C-5: looked up in its thread by its author and what it answers, never blindly sent again."""
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.rest.faults.append(Fault(what=what, on=POSTS))

    tenant.run(SETTLED)

    assert len(tenant.answers(asked)) == 1
    assert [entry.state for entry in tenant.entries()] == [OutboxState.SENT]
    assert tenant.entries()[0].message_id == str(tenant.world.by_bot()[0].id)
    assert tenant.rest.violations == []


@pytest.mark.parametrize("what", ["timeout-after", "drop-after", "503-after", "timeout", "503"])
def test_an_unasked_post_is_there_once_whatever_became_of_the_request(sqlite_store: Store, what: str) -> None:
    """Found again by its short reference, in what the bot sent and in the community."""
    tenant = Tenant(sqlite_store)
    tenant.rest.faults.append(Fault(what=what, on=POSTS))
    owe_digest(tenant)

    tenant.run(SETTLED)

    (said,) = tenant.world.by_bot(group=tenant.group)
    assert said.body.splitlines()[-1].startswith("ref. ")
    assert [entry.state for entry in tenant.entries()] == [OutboxState.SENT]
    assert tenant.rest.violations == []


def test_a_private_answer_is_there_once_after_a_lost_answer(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    tenant.ask("wat volg ik")
    tenant.rest.faults.append(Fault(what="timeout-after", on=POSTS))

    tenant.run(SETTLED)

    assert len(tenant.world.by_bot()) == 1
    assert [entry.state for entry in tenant.entries()] == [OutboxState.SENT]


def test_a_busy_platform_is_left_alone_as_long_as_it_says(sqlite_store: Store) -> None:
    """C-20: 429 with Retry-After: sent after it, once."""
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.rest.faults.append(Fault(what="429", on=POSTS, retry_after=40))

    tenant.run(SETTLED)

    posts = [call for call in tenant.rest.calls if call.method == "POST"]
    assert [call.status for call in posts] == [429, 201]
    assert posts[1].at - posts[0].at >= dt.timedelta(seconds=40)
    assert not [call for call in tenant.rest.calls if posts[0].at < call.at < posts[1].at]
    assert len(tenant.answers(asked)) == 1


def test_a_busy_platform_that_does_not_say_how_long_is_left_alone_for_its_window(
    sqlite_store: Store,
) -> None:
    tenant = Tenant(sqlite_store)
    tenant.run(65)
    tenant.rest.faults.append(Fault(what="429", on="GET"))
    tenant.run(30)
    assert tenant.bot.connection.condition().state == THROTTLED

    tenant.run(120)

    failed = next(call for call in tenant.rest.calls if call.status == 429)
    later = next(call for call in tenant.rest.calls if call.at > failed.at)
    assert later.at - failed.at >= dt.timedelta(seconds=30)
    assert tenant.bot.connection.condition().state == OK


def test_a_token_that_runs_out_in_mid_run_is_renewed_unnoticed(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    tenant.keys.lasts = dt.timedelta(seconds=100)
    asked = []
    for _ in range(4):
        asked.append(tenant.ask(QUESTION))
        tenant.run(130)

    assert len(tenant.keys.given) > 2
    assert [len(tenant.answers(each)) for each in asked] == [1] * 4
    assert tenant.bot.connection.condition().state == OK


def test_who_is_signed_out_keeps_posts_waiting_and_recovers_without_a_restart(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.run(70)
    owe_digest(tenant)
    tenant.world.revoke()
    tenant.keys.refuse("yammer", tenant.keys.given[-1])  # type: ignore[arg-type]  # of the fake
    tenant.keys.signed_out = True

    tenant.run(20 * 60, step=10)

    condition = tenant.bot.connection.condition()
    assert condition.state == AUTH_REQUIRED
    assert "atriumbot login engage" in condition.reason
    (waiting,) = [entry for entry in tenant.entries() if entry.state is OutboxState.PLANNED]
    # Waiting for a person never uses up the attempts of a post.
    assert waiting.attempts <= 1

    tenant.keys.signed_out = False
    tenant.run(120)

    assert tenant.bot.connection.condition().state == OK
    assert {entry.state for entry in tenant.entries()} == {OutboxState.SENT}
    assert len(tenant.answers(asked)) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_an_api_that_is_gone_is_said_to_be_gone_and_may_come_back(sqlite_store: Store, status: int) -> None:
    tenant = Tenant(sqlite_store)
    tenant.rest.gone = status
    owe_digest(tenant)
    tenant.run(120)
    assert tenant.bot.connection.condition().state == TRANSPORT_GONE
    assert [entry.state for entry in tenant.entries()] == [OutboxState.PLANNED]

    tenant.rest.gone = None
    tenant.run(180)

    assert tenant.bot.connection.condition().state == OK
    assert [entry.state for entry in tenant.entries()] == [OutboxState.SENT]


def test_a_network_that_is_away_makes_the_bot_deaf_until_it_is_back(sqlite_store: Store) -> None:
    """C-18."""
    tenant = Tenant(sqlite_store)
    tenant.wire.is_cut = True
    tenant.run(7 * 60)
    assert tenant.bot.connection.condition().state == DEAF

    asked = tenant.ask(QUESTION)
    tenant.wire.is_cut = False
    tenant.run(180)

    assert tenant.bot.connection.condition().state == OK
    assert len(tenant.answers(asked)) == 1


def test_a_community_that_was_deleted_says_so_and_stops_nothing_else(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store, "Eerste", "Tweede")
    tenant.run(65)
    owe_digest(tenant)
    tenant.group.deleted = True
    asked = tenant.ask(QUESTION, group=tenant.groups[1])

    tenant.run(SETTLED)

    failed = next(entry for entry in tenant.entries() if entry.key.endswith("own-1"))
    assert failed.state is OutboxState.FAILED
    assert reason_text(failed.reason or "") == (
        'de community "Eerste" bestaat niet meer, of de bot is er geen lid van: '
        "laat een beheerder het account toevoegen, of haal ze uit de instellingen"
    )
    assert len(tenant.answers(asked)) == 1
    condition = tenant.bot.connection.condition()
    assert (condition.state, "Eerste" in condition.reason) == (OK, True)


def test_a_bot_that_was_removed_from_a_community_says_what_a_person_must_do(sqlite_store: Store) -> None:
    """C-14."""
    tenant = Tenant(sqlite_store)
    tenant.run(65)
    tenant.group.members.discard(tenant.world.bot.id)
    owe_digest(tenant)

    tenant.run(SETTLED)

    (failed,) = tenant.entries()
    assert failed.state is OutboxState.FAILED
    assert reason_text(failed.reason or "") == (
        'de bot mag niet schrijven in de community "Algemeen": laat een beheerder het account van de bot '
        "toevoegen, en nagaan of leden er berichten mogen plaatsen"
    )


def test_a_question_that_was_deleted_gets_no_answer(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    asked = tenant.ask(QUESTION)
    tenant.rest.faults.append(Fault(what="429", on=POSTS, retry_after=60))
    tenant.run(30)
    tenant.world.delete(asked.id)

    tenant.run(SETTLED)

    (failed,) = tenant.entries()
    assert (failed.state, failed.reason) == (
        OutboxState.FAILED,
        "reden.engage bericht weg",
    )
    assert tenant.world.by_bot() == []
