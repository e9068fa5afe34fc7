"""Moderators see what the bot is going to post, and steer it; members ask for the agenda."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.changes import PostHeld, PostReleased, PostRetried, PostSkipped
from handlers.model import Role
from handlers.routing import is_command
from tests.fakes.network import brussels
from tests.fakes.owed import MemoryOutbox, post
from tests.fakes.talking import AN, COMMUNITIES, MEMBER, POLITICIANS, WATER, Thread, person

ADMINISTRATOR = person("Cil", Role.ADMINISTRATOR)
OF_THEMES = person("Tom", Role.REGIONAL_MODERATOR, "thematisch")
OF_WAASLAND = person("Wim", Role.REGIONAL_MODERATOR, "Waasland")


@pytest.mark.parametrize(
    "text",
    [
        "wat staat er gepland?",
        "Wat staat er nog gepland",
        "@atriumbot wat staat er hier gepland?",
        "wat staat er gepland in mandatarissen?",
        "wat is er gepland in Water en droogte?",
        "hou 3 tegen",
        "hou het bericht van donderdag tegen",
        "laat 3 los",
        "schrap 3",
        "schrap bericht 3",
        "toch versturen 5",
        "verstuur 5 toch",
        "wat is er niet verstuurd?",
    ],
)
def test_what_steers_is_a_command_without_a_mention(text: str) -> None:
    assert is_command(text)


@pytest.mark.parametrize(
    "text",
    [
        "wat staat er op de agenda in maart?",
        "wat staat er gepland in maart?",
        "wat staat er gepland in Gent?",
        "wat staat er volgende week gepland rond water?",
        "wat staat er gepland op 12 april?",
        "wanneer wordt het verslag verstuurd?",
        "laat iets weten",
        "houd me op de hoogte",
        "stuur me het programma",
    ],
)
def test_what_members_ask_of_the_agenda_is_no_command(text: str) -> None:
    assert not is_command(text)
    assert Thread().reply(text) is None, "and nothing that the moderators' part takes"


def test_what_is_planned_is_listed_for_this_community_by_moment() -> None:
    said = Thread().say("wat staat er gepland?")
    assert said.startswith("De komende veertien dagen staan er drie berichten gepland in Algemeen.")
    assert [line.split(".")[0] for line in said.splitlines()[1:4]] == ["3", "4", "5"]
    assert "9. " not in said, "in more than two weeks"


def test_a_post_that_is_due_while_the_bot_is_quiet_says_when_it_leaves() -> None:
    thread = Thread()
    leaves = brussels("2026-11-30 08:00")
    thread.outbox = MemoryOutbox([post(3, "2026-11-29 07:00", "algemeen", "Morgen.", leaves=leaves)])
    assert "3. zo 29 november, 7.00 u., vertrekt ma 30 november, 8.00 u.: Morgen." in thread.say(
        "wat staat er gepland?"
    )


def test_an_administrator_sees_every_community_and_nothing_that_may_not_be_read_here() -> None:
    """C-42: who reads along in Algemeen sees that there is a post, and not what it says."""
    said = Thread().say("wat staat er gepland?", ADMINISTRATOR)
    assert "vijf berichten gepland, in alle communities" in said
    assert "7. vr 4 december, 9.00 u., in Atrium Lokale Mandatarissen: herinnering, alleen te lezen" in said
    assert "16 december 2026, om 17.00" not in said


def test_the_text_is_shown_where_it_may_be_read() -> None:
    assert "woensdag 16 december 2026, om 17.00 u., Gent" in Thread(POLITICIANS).say("wat staat er gepland?")


def test_a_members_question_is_about_the_agenda() -> None:
    thread = Thread()
    assert thread.reply("wat staat er gepland?", MEMBER) is None
    assert thread.reply("wat staat er gepland in mandatarissen?", MEMBER) is None
    assert not thread.outbox.asked


@pytest.mark.parametrize(
    "text", ["hou 3 tegen", "laat 3 los", "schrap 3", "toch versturen 1", "wat is er niet verstuurd?"]
)
def test_members_steer_nothing_and_hear_who_does(text: str) -> None:
    thread = Thread()
    assert "de moderatoren van het netwerk" in thread.say(text, MEMBER)
    assert not thread.changes
    assert not thread.outbox.asked


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("hou 3 tegen", PostHeld(post=3)),
        ("hou bericht 3 tegen", PostHeld(post=3)),
        ("hou het bericht van donderdag tegen", PostHeld(post=3)),
        ("hou het overzicht tegen", PostHeld(post=4)),
        ("hou de herinnering over circulair bouwen tegen", PostHeld(post=5)),
        ("schrap 5", PostSkipped(post=5)),
        ("schrap het bericht van 26 november", PostSkipped(post=3)),
        ("toch versturen 1", PostRetried(post=1)),
        ("verstuur 1 toch", PostRetried(post=1)),
    ],
)
def test_an_act_travels_as_a_change(said: str, change: object) -> None:
    thread = Thread()
    thread.say(said)
    assert thread.changes == [change]


def test_several_posts_are_held_and_released_together() -> None:
    thread = Thread()
    assert '"laat 5 en 6 los"' in thread.say("hou 5 en 6 tegen")
    thread.say("laat 5 en 6 los")
    assert thread.changes == [
        PostHeld(post=5),
        PostHeld(post=6),
        PostReleased(post=5),
        PostReleased(post=6),
    ]


def test_of_several_that_fit_one_is_chosen_by_its_number() -> None:
    thread = Thread()
    said = thread.say("hou het bericht van 3 december overal tegen")
    assert said.startswith("Welk bericht bedoel je?")
    assert not thread.changes
    thread.say("2")
    assert thread.changes == [PostHeld(post=6)]


def test_a_held_post_is_marked_and_can_be_skipped() -> None:
    thread = Thread()
    thread.say("hou 3 tegen")
    assert "(tegengehouden)" in thread.say("wat staat er gepland?")
    thread.say("schrap 3")
    assert thread.changes[-1] == PostSkipped(post=3)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("laat 3 los", "Bericht 3 staat gepland."),
        ("hou 1 tegen", "Bericht 1 is overgeslagen."),
        ("toch versturen 3", "Bericht 3 staat gepland."),
        ("toch versturen 8", "Bericht 8 is misschien al geplaatst"),
        ("toch versturen 2", "Bericht 2 klopt niet meer met de agenda"),
        ("hou 77 tegen", "Er is geen bericht 77."),
        ("hou het bericht van vandaag tegen", "Ik vind geen bericht dat daarbij past"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(text: str, answer: str) -> None:
    thread = Thread()
    assert answer in thread.say(text)
    assert not thread.changes


def test_what_did_not_go_out_is_listed_with_its_reason() -> None:
    """C-10: what was skipped after a standstill is told, with the way to send it all the same."""
    said = Thread().say("wat is er niet verstuurd?")
    assert "1. vr 20 november, 9.00 u.: Inschrijven voor Thematisch Atrium" in said
    assert "Reden: te laat: dit moest om 9.00 u." in said
    assert 'Toch versturen: "toch versturen 1".' in said
    assert "Onbekend of het er staat. Reden: geen antwoord." in Thread(WATER).say("wat is er niet verstuurd?")


def test_a_regional_moderator_sees_and_steers_only_what_is_theirs() -> None:
    thread = Thread()
    assert [line[:2] for line in thread.say("wat staat er gepland?", OF_WAASLAND).splitlines()[1:2]] == ["3."]
    assert "5." not in thread.say("wat staat er gepland?", OF_WAASLAND)
    assert "3. do" not in thread.say("wat staat er gepland?", OF_THEMES)
    assert "valt buiten je eigen werking" in thread.say("hou 5 tegen", OF_WAASLAND)
    assert "valt buiten je eigen werking" in thread.say("schrap 4", OF_THEMES)
    assert not thread.changes
    thread.say("hou 5 tegen", OF_THEMES)
    assert thread.changes == [PostHeld(post=5)]


def test_steering_leaves_an_announcement_in_the_making_alone() -> None:
    thread = Thread()
    thread.say("kondig aan: thematisch atrium over ontharding")
    before = thread.dialogue
    thread.say("wat staat er gepland?")
    thread.say("hou 3 tegen")
    assert thread.dialogue == before


def test_a_question_without_steering_asks_nothing_of_the_outbox() -> None:
    thread = Thread()
    thread.say("wanneer is het volgende atrium?", AN)
    thread.say("wijzig atr-1-053: datum 18 december", AN)
    assert not thread.outbox.asked


def test_a_paused_community_is_said_to_be_paused() -> None:
    communities = (replace(COMMUNITIES[0], paused=True), *COMMUNITIES[1:])
    thread = Thread(communities[0], communities=communities)
    assert "Algemeen: gepauzeerd, er vertrekt niets." in thread.say("wat staat er gepland?")


def test_a_programme_is_told_of_once_with_its_places() -> None:
    thread = Thread()
    told = "Nieuw: Provinciaal Atrium"
    same = {"kind": "announcement", "programme": "p-1"}
    posts = [
        post(21, "2026-11-24 09:00", "algemeen", f"{told} Gent.", place="Gent", **same),
        post(22, "2026-11-24 09:00", "algemeen", f"{told} Leuven.", place="Leuven", **same),
        post(23, "2026-11-24 09:00", "algemeen", f"{told} Brugge.", place="Brugge", **same),
        post(24, "2026-11-25 09:00", "algemeen", f"{told} Hasselt, later.", place="Hasselt", **same),
    ]
    thread.outbox = MemoryOutbox(posts)
    answer = thread.say("wat staat er gepland?", AN)
    assert answer.splitlines()[:4] == [
        "De komende veertien dagen staan er twee berichten gepland in Algemeen.",
        "21, 22 en 23. di 24 november, 9.00 u.: Nieuw: Provinciaal Atrium Gent. Ook in Leuven en Brugge.",
        "24. wo 25 november, 9.00 u.: Nieuw: Provinciaal Atrium Hasselt, later.",
        'Tegenhouden: "hou 21, 22 en 23 tegen". Schrappen: "schrap 21, 22 en 23".',
    ]
    thread.say("hou 21, 22 en 23 tegen", AN)
    assert [each.state for each in thread.outbox.posts.values()] == ["held"] * 3 + ["planned"]
