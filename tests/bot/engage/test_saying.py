"""What the bot writes in Viva Engage: announcements, where posts go, what they look like."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.platforms.engage.posting import target_of
from bot.platforms.engage.rendering import MAX_LENGTH, References, body_of, reference_in, title_of
from handlers.model import Community
from handlers.reply import Choice, Fact, Link, Reply
from handlers.wording.reasons import reason_text
from scheduler.port import Post, Refused
from store.addresses import find_address
from store.engine import Store
from tests.fakes.engage.payloads import message
from tests.fakes.engage.tenant import Tenant

GOLDEN = Path(__file__).parents[2] / "golden" / "engage"

HERE = Community(key="algemeen", platform="engage", name="Algemeen", channel="4711")

ANNOUNCE = (
    "@Atriumbot kondig aan: thematisch atrium over ontharding op 18 maart 2027 van 13.30 tot 16.30 "
    "in Mechelen, Stadhuis"
)


def announced(tenant: Tenant) -> None:
    """Mia announces by conversation, with the preview and "bevestig"."""
    first = tenant.world.say(tenant.mia, ANNOUNCE, group=tenant.group)
    tenant.run(70)
    preview = tenant.answers(first)[-1]
    assert "bevestig" in preview
    tenant.world.say(tenant.mia, "bevestig", thread=first.thread)
    tenant.run(130)


def test_a_moderator_announces_by_conversation_and_the_community_is_told_as_an_announcement(
    sqlite_store: Store,
) -> None:
    tenant = Tenant(sqlite_store)
    tenant.group.owners.add(tenant.world.bot.id)

    announced(tenant)

    (post,) = [said for said in tenant.world.by_bot(group=tenant.group) if said.thread == said.id]
    assert post.announcement
    assert post.title == "Thematisch Atrium: ontharding"
    assert "donderdag 18 maart 2027" in post.body
    assert tenant.rest.violations == []
    with sqlite_store.reading() as session:
        # Only what Viva Engage told: where a message can be opened is not to be guessed.
        assert find_address(session, "engage", str(post.id)) == message(tenant.world, post)["web_url"]


@pytest.mark.parametrize("refuses", [True, False])
def test_an_announcement_that_is_not_allowed_is_a_plain_post_and_its_moderator_is_told(
    sqlite_store: Store, refuses: bool
) -> None:
    tenant = Tenant(sqlite_store)
    tenant.rest.refuses_broadcast = refuses

    announced(tenant)

    (post,) = [said for said in tenant.world.by_bot(group=tenant.group) if said.thread == said.id]
    assert not post.announcement
    (word,) = [said for said in tenant.world.by_bot() if said.participants]
    assert word.participants == {tenant.mia.id, tenant.world.bot.id}
    assert word.body.startswith(
        "De aankondiging staat in Algemeen als gewoon bericht, niet als aankondiging."
    )


def test_whether_it_is_an_announcement_is_read_back_where_the_answer_does_not_say(
    sqlite_store: Store,
) -> None:
    tenant = Tenant(sqlite_store)
    tenant.group.owners.add(tenant.world.bot.id)
    tenant.rest.shows_announcement = False

    announced(tenant)

    (post,) = [said for said in tenant.world.by_bot(group=tenant.group) if said.thread == said.id]
    assert any(call.path == f"/messages/in_thread/{post.id}.json" for call in tenant.rest.calls)
    # Nothing says that it is none, so nobody is told that it is none.
    assert [said for said in tenant.world.by_bot() if said.participants] == []


def test_a_member_who_is_no_moderator_announces_nothing(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    first = tenant.world.say(tenant.an, ANNOUNCE, group=tenant.group)
    tenant.run(130)
    (answer,) = tenant.answers(first)
    assert "moderator" in answer


def test_what_is_put_right_is_a_reply_for_there_is_no_editing() -> None:
    from bot.platforms.engage.connection import CAPABILITIES

    assert not CAPABILITIES.edit
    assert not CAPABILITIES.buttons
    assert CAPABILITIES.direct_messages
    assert CAPABILITIES.find


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ({"community": HERE}, {"group_id": "4711"}),
        ({"community": HERE, "thread": "1", "ref": "2"}, {"replied_to_id": "2"}),
        ({"community": HERE, "thread": "1"}, {"replied_to_id": "1"}),
        ({"community": HERE, "thread": "1", "member": "7", "private": True}, {"direct_to_user_ids": "7"}),
        ({"community": None, "thread": "1", "ref": "2", "member": "7"}, {"replied_to_id": "2"}),
        ({"community": None, "member": "7"}, {"direct_to_user_ids": "7"}),
    ],
)
def test_a_post_goes_where_it_belongs(post: dict[str, object], expected: dict[str, str]) -> None:
    private = bool(post.pop("private", False))
    target = target_of(Post(key="k", kind="answer", reply=Reply(headline="x", private=private), **post))  # type: ignore[arg-type]  # by case
    assert not isinstance(target, Refused)
    assert target.fields() == expected


def test_a_community_without_a_number_is_refused_with_what_to_do() -> None:
    bare = Community(key="algemeen", platform="engage", name="Algemeen", channel=None)
    refused = target_of(Post(key="k", kind="digest", reply=Reply(headline="x"), community=bare))
    assert isinstance(refused, Refused)
    assert "[[communities]] channel" in reason_text(refused.reason)


REPLIES = {
    "answer": Reply(
        headline="Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, van 9.00 tot 16.00 u.",
        facts=(
            Fact(
                label="Waar",
                text="Provinciaal Administratief Centrum, Gent",
                url="https://kaart.example.org/1",
            ),
            Fact(
                label="Inschrijven tot en met zondag 11 april",
                text="https://inschrijven.example.org/1",
                url="https://inschrijven.example.org/1",
            ),
        ),
        links=(Link(label="Hele agenda", url="https://atria.example.org/"),),
        notes=("Ook in Leuven (9/4).",),
        source="Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.",
    ),
    "choices": Reply(
        headline="Welk atrium bedoel je?",
        choices=(
            Choice(label="Provinciaal Atrium Gent, ma 12 april", says="atr-1"),
            Choice(label="Lokaal Atrium Waasland, wo 17 februari", says="atr-2"),
        ),
    ),
    "reminder": Reply(
        headline="Volgende week: Lokaal Atrium Waasland, woensdag 17 februari 2027, van 9.30 tot 12.30 u.",
        paragraphs=(
            "Inschrijven kan nog tot en met dinsdag 16 februari: https://inschrijven.example.org/2",
            'Heb je een vraag of een punt voor de agenda? Antwoord hieronder met "inbreng: ...".',
        ),
        automatic=True,
    ),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_reads_well_without_any_markup(name: str) -> None:
    reply = REPLIES[name]
    reference = References(b"key of the tests").of("reminder:1") if reply.automatic else None
    assert body_of(reply, reference) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


def test_a_post_that_is_too_long_is_cut_at_a_line_and_keeps_its_reference() -> None:
    """C-6."""
    long = Reply(headline="Overzicht", paragraphs=tuple(f"- regel {number}" for number in range(2_000)))
    body = body_of(long, "K7Q2-9FXD")
    assert len(body) <= MAX_LENGTH
    assert reference_in(body) == "K7Q2-9FXD"
    assert body.splitlines()[-2] == "[…]"


def test_a_reference_tells_nothing_and_is_the_same_every_time() -> None:
    one, other = References(b"one key"), References(b"another key")
    assert one.of("digest:2026-48") == one.of("digest:2026-48")
    assert one.of("digest:2026-48") != other.of("digest:2026-48")
    assert reference_in(f"tekst\nref. {one.of('digest:2026-48')}") == one.of("digest:2026-48")


def test_a_post_on_several_atria_has_no_title() -> None:
    assert title_of(Reply(headline="Overzicht")) is None


def test_likes_of_a_post_are_counted_within_the_budget_and_never_by_name(sqlite_store: Store) -> None:
    tenant = Tenant(sqlite_store)
    announced(tenant)
    (post,) = [said for said in tenant.world.by_bot(group=tenant.group) if said.thread == said.id]
    post.liked_by |= {tenant.an.id, tenant.bart.id}

    def liked(message: str) -> int | None:
        return asyncio.run(tenant.bot.connection.reactions(message))

    assert liked(str(post.id)) == 2
    assert liked("999999") is None
    assert liked("geen nummer") is None
    assert tenant.rest.violations == []
