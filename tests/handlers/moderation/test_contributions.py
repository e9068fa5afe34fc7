"""What members hand in for an atrium."""

from __future__ import annotations

import pytest

from handlers.changes import ContributionHandedIn
from handlers.model import Contribution, ContributionSort, Kind
from tests.fakes.talking import MEMBER, Thread, person

WAASLAND = "atr-1-002"


def handed_in(thread: Thread) -> Contribution:
    (change,) = thread.changes
    assert isinstance(change, ContributionHandedIn)
    return change.contribution


def test_in_the_thread_of_an_atrium_it_is_for_that_atrium() -> None:
    thread = Thread(uids=(WAASLAND,))

    reply = thread.say("inbreng: kunnen we het over groendaken hebben?", MEMBER)

    assert reply.startswith(
        "Dank je. Je inbreng is genoteerd voor Lokaal Atrium Waasland, woensdag 17 februari 2027"
    )
    assert handed_in(thread) == Contribution(
        text="kunnen we het over groendaken hebben?",
        atrium_uid=WAASLAND,
        kind=Kind.LOKAAL,
        place="Sint-Niklaas",
        theme="klimaatadaptatie in de dorpskern",
    )


def test_without_an_atrium_the_bot_asks_which_and_keeps_the_words() -> None:
    thread = Thread()
    assert thread.say("Inbreng: groendaken", MEMBER).startswith("Voor welk atrium is je inbreng?\n1. ")
    assert thread.changes == []

    thread.say("1", MEMBER)

    assert handed_in(thread).text == "groendaken"
    assert handed_in(thread).atrium_uid == "atr-1-053"


def test_an_atrium_can_be_named() -> None:
    thread = Thread()
    thread.say("inbreng voor het thematisch atrium circulair bouwen: sloopregels", MEMBER)

    assert handed_in(thread).atrium_uid == "atr-1-053"


def test_where_several_were_shown_one_is_chosen() -> None:
    thread = Thread(uids=(WAASLAND, "atr-1-053"))
    thread.say("inbreng: groendaken", MEMBER)
    thread.say("2", MEMBER)

    assert handed_in(thread).atrium_uid == "atr-1-053"


def test_what_is_over_or_off_takes_no_contributions() -> None:
    assert "is voorbij: inbreng kan niet meer." in Thread(uids=("atr-1-028",)).say(
        "inbreng: groendaken", MEMBER
    )
    assert "is geannuleerd: inbreng kan niet meer." in Thread(uids=("atr-1-054",)).say(
        "inbreng: groendaken", MEMBER
    )


def test_an_empty_contribution_is_asked_for() -> None:
    thread = Thread(uids=(WAASLAND,))
    assert thread.say("inbreng:", MEMBER).startswith("Wat wil je inbrengen?")
    assert thread.changes == []


def test_an_outsider_hands_in_nothing() -> None:
    thread = Thread(uids=(WAASLAND,))
    thread.say("inbreng: groendaken", person("Otto", known=False))
    assert thread.changes == []


def test_hidden_atria_are_not_offered() -> None:
    assert "Mandatarissen" not in Thread().say("inbreng: groendaken", MEMBER)


@pytest.mark.parametrize(
    ("said", "text", "sort"),
    [
        ("vraag: mag het korter?", "mag het korter?", ContributionSort.VRAAG),
        ("Agendapunt : groendaken", "groendaken", ContributionSort.AGENDAPUNT),
        ("een punt voor de agenda: groendaken", "groendaken", ContributionSort.AGENDAPUNT),
        ("lokaal initiatief: onze geveltuinen", "onze geveltuinen", ContributionSort.INITIATIEF),
        ("vraag: ", "vraag:", None),
        ("vragenuurtje: kan dat?", "vragenuurtje: kan dat?", None),
    ],
)
def test_what_is_handed_in_may_say_what_it_is(said: str, text: str, sort: ContributionSort | None) -> None:
    thread = Thread()
    thread.say(f"inbreng voor atr-1-053: {said} (met mijn naam)", MEMBER)
    given = handed_in(thread)
    assert (given.text, given.sort, given.named) == (text, sort, True)
