"""Help, small talk, suggestions, and what the bot does not answer."""

from __future__ import annotations

from dataclasses import replace

from handlers.changes import ContributionHandedIn, QuestionUnread
from handlers.model import Contribution, Kind, Role
from handlers.reading.model import Intent
from handlers.routing import respond
from handlers.wording.catalogue import say
from tests.fakes.asking import AN, context_at, reply_to


def test_help_ends_with_how_long_an_answer_takes() -> None:
    reply = reply_to(Intent.HELP, context_at(answer_delay="engage.vertraging"))
    assert reply.plain_text().splitlines()[-1] == say("engage.vertraging")


def test_only_moderators_are_told_how_to_announce() -> None:
    moderator = context_at(person=replace(AN, role=Role.MODERATOR))
    assert "kondig aan:" not in reply_to(Intent.HELP).plain_text()
    assert "kondig aan:" in reply_to(Intent.HELP, moderator).plain_text()


def test_a_greeting_and_thanks_are_answered_in_kind() -> None:
    assert reply_to(Intent.GREETING).headline.startswith("Dag.")
    assert reply_to(Intent.THANKS).headline == "Graag gedaan."


def test_changed_texts_are_used() -> None:
    context = context_at(texts={"dank": "Met plezier."})
    assert respond("bedankt", context).headline == "Met plezier."


def test_a_suggested_theme_goes_to_the_moderators_as_it_was_typed() -> None:
    text = "ik wil een thema voorstellen: dakvormen in verkavelingen"
    reply = reply_to(Intent.SUGGEST_TOPIC, theme="dakvormen in verkavelingen", text=text)
    assert reply.changes == (
        ContributionHandedIn(contribution=Contribution(text=text, theme="dakvormen in verkavelingen")),
    )
    assert reply.facts[0].text == "dakvormen in verkavelingen"


def test_a_question_for_somebody_else_is_declined_with_who_may_know() -> None:
    text = "wanneer is het containerpark open in Zele"
    reply = reply_to(Intent.OUT_OF_SCOPE, text=text)
    assert reply.headline.startswith("Daar kan ik je niet mee helpen")
    assert "02 553 80 56" in reply.plain_text()
    assert reply.changes == (QuestionUnread(text=text, reason="niet over het netwerk"),)
    assert not reply.understood


def test_a_declined_question_that_looks_like_ours_is_kept_for_the_moderators() -> None:
    text = "krijg ik een attest van het atrium?"
    reply = reply_to(Intent.OUT_OF_SCOPE, text=text)
    assert reply.changes == (QuestionUnread(text=text, reason="buiten bereik"),)


def test_not_understood_says_what_was_read_and_offers_at_most_two_questions() -> None:
    guesses = (Intent.REGISTRATION, Intent.WHERE, Intent.WHEN)
    reply = reply_to(
        Intent.CLARIFY, kind=Kind.PROVINCIAAL, place="Gent", guesses=guesses, text="gent provinciaal hm"
    )
    assert reply.paragraphs == ("Dit las ik wel: Provinciaal Atrium, Gent.", "Bedoel je:")
    assert [choice.says for choice in reply.choices] == [
        "Hoe kan ik mij inschrijven voor het provinciaal atrium in Gent?",
        "Waar is het provinciaal atrium in Gent?",
    ]
    assert reply.changes == (QuestionUnread(text="gent provinciaal hm", reason="niet begrepen"),)


def test_what_is_kept_of_a_question_is_short() -> None:
    reply = reply_to(Intent.CLARIFY, text="atrium " * 2000)
    (unread,) = reply.changes
    assert isinstance(unread, QuestionUnread)
    assert len(unread.text) == 500
    assert len(reply.plain_text()) < 1000
