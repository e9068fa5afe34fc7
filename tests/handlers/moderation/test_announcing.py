"""Announcing by conversation, as transcripts from the first word to the publication."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.changes import AtriumAnnounced
from handlers.model import Audience, Kind, Status
from handlers.posts.announcement import announcement
from tests.fakes.talking import GENERAL, POLITICIANS, Thread

COMPLETE = (
    "kondig aan: Thematisch Atrium over ontharding op 18 maart 2027 van 13.30 tot 16.30 in Mechelen, Lamot, "
    "inschrijven tot 16 maart via https://inschrijven.example.org/ontharding, voor ambtenaren"
)


def test_a_complete_announcement_is_previewed_at_once_and_published_on_the_word() -> None:
    thread = Thread()

    preview = thread.say(COMPLETE)

    assert preview.startswith("Zo komt het bericht eruit te zien:")
    assert "Nieuw: Thematisch Atrium: ontharding, donderdag 18 maart 2027" in preview
    assert "van 13.30 tot 16.30 u., Lamot Mechelen." in preview
    assert "Komt in Algemeen en Water en droogte" in preview
    assert "Zichtbaar voor: iedereen" in preview
    assert thread.published == []

    done = thread.say("bevestig")

    assert done.startswith("Aangekondigd: Thematisch Atrium: ontharding, donderdag 18 maart 2027")
    assert "Het bericht komt in Algemeen en Water en droogte." in done
    atrium = thread.announced
    assert atrium.kind is Kind.THEMATISCH
    assert atrium.theme == "ontharding"
    assert atrium.venue == "Lamot"
    assert atrium.municipality == "Mechelen"
    assert atrium.province == "Antwerpen"
    assert atrium.audience == {Audience.AMBTENAAR}
    assert atrium.registration_until == dt.date(2027, 3, 16)
    assert atrium.registration_url == "https://inschrijven.example.org/ontharding"
    assert atrium.status is Status.GEPLAND
    assert atrium.is_public
    assert thread.dialogue is None
    (change,) = thread.published
    assert isinstance(change, AtriumAnnounced)
    assert change.communities == ("algemeen", "water")


def test_the_preview_is_the_post_word_for_word() -> None:
    thread = Thread()
    preview = thread.say(COMPLETE)
    thread.say("bevestig")

    post = announcement(thread.announced, thread.now)

    assert post is not None
    assert post.plain_text() in preview


@pytest.mark.parametrize(
    "typed",
    [
        """titel: Thematisch Atrium: ontharding
soort: thematisch
thema: ontharding
datum: 18/03/2027
uur: 13u30-16u30
waar: Lamot, Mechelen
link: https://inschrijven.example.org/ontharding
deadline: 16/3
doelgroep: ambtenaren""",
        """@atriumbot kondig aan: voor ambtenaren, in Mechelen, Lamot, 18/3/2027 van 13u30 tot 16u30,
thematisch atrium rond ontharding, https://inschrijven.example.org/ontharding deadline 16 maart""",
        """kondig een thematisch atrium aan over ontharding, donderdag 18 maart 2027, 13:30-16:30 uur,
Lamot, Mechelen, voor omgevingsambtenaren,
inschrijven kan tot en met 16 maart via https://inschrijven.example.org/ontharding""",
        """thematisch atrium ontharding 18 mrt 13h30-16h30 mechelen lamot, voor ambtenaren,
inschrijven tem 16 mrt https://inschrijven.example.org/ontharding""",
    ],
    ids=["labelled lines", "any order", "kondig ... aan", "phone typing"],
)
def test_the_same_atrium_is_read_however_it_is_typed(typed: str) -> None:
    thread, reference = Thread(), Thread()
    reference.say(COMPLETE)
    reference.say("bevestig")

    thread.say(typed)
    thread.say("bevestig")

    one, other = thread.announced, reference.announced
    assert (one.kind, one.title, one.theme) == (other.kind, other.title, other.theme)
    assert (one.starts_at, one.ends_at) == (other.starts_at, other.ends_at)
    assert (one.municipality, one.venue, one.audience) == (other.municipality, other.venue, other.audience)
    assert one.registration_until == other.registration_until
    assert one.registration_url == other.registration_url


def test_what_lacks_is_asked_once_and_may_be_left_open() -> None:
    thread = Thread()

    first = thread.say("kondig aan: thematisch atrium over ontharding")
    assert "Nog nodig: de datum, het beginuur en de gemeente." in first
    assert "het einduur, de zaal en het adres, de link om in te schrijven" in first

    second = thread.say("18 maart 2027 om 14u in Mechelen")
    assert second.startswith("Zo komt het bericht eruit te zien:")
    assert "Nog open" not in second

    thread.say("bevestig")
    atrium = thread.announced
    assert atrium.ends_at is None
    assert atrium.venue is None
    assert atrium.registration_url is None
    assert atrium.registration_until is None


@pytest.mark.parametrize(
    "answer", ["weet ik nog niet", "geen", "later", "dat weten we nog niet", "nog niet bekend"]
)
def test_open_fields_may_stay_open_in_words(answer: str) -> None:
    thread = Thread()
    assert "Nog open: het einduur" in thread.say(
        "kondig aan: thematisch atrium over ontharding, 18/3, 14u, Mechelen"
    )

    assert "Nog open" not in thread.say(answer)

    thread.say("bevestig")
    assert thread.announced.ends_at is None


PARTS = {
    "kind": "thematisch atrium",
    "theme": "over ontharding",
    "date": "op 18 maart 2027",
    "begins": "om 14u",
    "municipality": "in Mechelen",
}


@pytest.mark.parametrize(
    ("lacking", "asked", "answer"),
    [
        ("kind", "de soort", "thematisch atrium"),
        ("theme", "het thema of een titel", "ontharding"),
        ("date", "de datum", "18/3"),
        ("begins", "het beginuur", "14"),
        ("municipality", "de gemeente", "mechelen"),
    ],
)
def test_each_required_field_is_asked_for_and_its_bare_answer_understood(
    lacking: str, asked: str, answer: str
) -> None:
    thread = Thread()
    told = ", ".join(words for name, words in PARTS.items() if name != lacking)

    assert f"Nog nodig: {asked}" in thread.say(f"kondig aan: {told}")
    thread.say("bevestig")
    thread.say("weet ik nog niet")
    assert thread.published == []

    thread.say(answer)
    thread.say("bevestig")

    atrium = thread.announced
    assert atrium.title == "Thematisch Atrium: ontharding"
    assert atrium.local_start.isoformat() == "2027-03-18T14:00:00+01:00"
    assert atrium.municipality == "Mechelen"


def test_a_missing_kind_is_chosen_by_number() -> None:
    thread = Thread()
    asked = thread.say("kondig aan: atrium over ontharding op 18/3 om 14u in Mechelen")
    assert "1. Thematisch Atrium\n2. Atrium op Maat" in asked

    thread.say("2")
    thread.say("bevestig")

    assert thread.announced.kind is Kind.OP_MAAT


def test_corrections_change_the_draft_and_show_it_again() -> None:
    thread = Thread()
    thread.say(COMPLETE)

    assert "vrijdag 19 maart 2027, van 13.30 tot 16.30 u., Lamot Mechelen" in thread.say("nee, 19 maart")
    moved = thread.say("in Gent")
    assert "van 13.30 tot 16.30 u., Gent." in moved
    assert "er is nog geen zaal of adres" in moved
    assert "ICC Gent" in thread.say("zaal: ICC")
    assert "Nieuw: Water en bodem, vrijdag 19 maart" in thread.say("titel: Water en bodem")
    assert "van 14.00 tot 17.00 u." in thread.say("van 14 tot 17u")

    thread.say("bevestig")
    assert thread.announced.local_start.isoformat() == "2027-03-19T14:00:00+01:00"


def test_a_yes_is_not_the_word_that_publishes() -> None:
    thread = Thread()
    thread.say(COMPLETE)

    assert 'Typ "bevestig"' in thread.say("ja")
    assert thread.published == []
    thread.say("ja, bevestig")
    assert len(thread.published) == 1


@pytest.mark.parametrize("word", ["stop", "annuleer de aankondiging", "laat maar", "Stop."])
def test_the_moderator_can_stop(word: str) -> None:
    thread = Thread()
    thread.say(COMPLETE)

    assert "Er is niets aangekondigd" in thread.say(word)
    assert "Hier wacht niets op je bevestiging" in thread.say("bevestig")
    assert thread.published == []


def test_numbers_choose_what_the_preview_offers() -> None:
    thread = Thread()
    preview = thread.say(COMPLETE)
    assert preview.endswith("1. Bevestig\n2. Alleen in Algemeen\n3. Alleen in Water en droogte\n4. Stop")

    assert "Komt in Water en droogte," in thread.say("3")
    thread.say("1")

    (change,) = thread.published
    assert isinstance(change, AtriumAnnounced)
    assert change.communities == ("water",)
    assert "niets op je bevestiging" in thread.say("bevestig")


def test_communities_can_be_named() -> None:
    thread = Thread()
    thread.say(
        "kondig aan: atrium op maat over bestuurskracht op 18/3 om 14u in Mechelen, in algemeen en water"
    )
    thread.say("bevestig")

    (change,) = thread.published
    assert isinstance(change, AtriumAnnounced)
    assert change.communities == ("algemeen", "water")


def test_by_default_only_communities_of_that_kind_are_meant() -> None:
    thread = Thread()
    preview = thread.say("kondig aan: atrium op maat over bestuurskracht op 18/3 om 14u in Mechelen")
    assert "Komt in Algemeen," in preview


def test_an_atrium_for_politicians_only_is_told_and_seen_in_their_community_only() -> None:
    thread = Thread(POLITICIANS)
    preview = thread.say(
        "kondig aan: thematisch atrium over wonen op 18/3 om 17u in Gent, voor mandatarissen"
    )
    assert "Komt in Atrium Lokale Mandatarissen," in preview
    assert "Zichtbaar voor: alleen de leden van Atrium Lokale Mandatarissen." in preview

    thread.say("bevestig")
    assert thread.announced.visibility == {"mandatarissen"}


def test_spoken_in_a_closed_community_it_stays_there_unless_said_otherwise() -> None:
    thread = Thread(POLITICIANS)
    thread.say("kondig aan: thematisch atrium over wonen op 18/3 om 17u in Gent")
    thread.say("bevestig")

    assert thread.announced.visibility == {"mandatarissen"}
    assert thread.announced.audience == POLITICIANS.audience


def test_who_reads_along_elsewhere_is_minded() -> None:
    thread = Thread(GENERAL)
    reply = thread.reply(
        "kondig aan: thematisch atrium over wonen op 18/3 om 17u in Gent, voor mandatarissen"
    )
    assert reply is not None
    assert reply.private
    assert "wie in Algemeen meeleest, ziet dit gesprek ook" in reply.plain_text()

    done = thread.reply("bevestig")
    assert done is not None
    assert done.topic is not None
    assert done.topic.uids == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("lokaal atrium Waasland", "Lokaal Atrium"),
        ("provinciaal atrium Gent", "Provinciaal Atrium"),
        ("atrium centrumsteden", "Atrium Centrumsteden"),
        ("atrium lokale mandatarissen", "Atrium Lokale Mandatarissen"),
    ],
)
def test_the_fixed_kinds_are_kindly_sent_to_the_agenda_file(kind: str, name: str) -> None:
    reply = Thread().say(f"kondig aan: {kind} op 18 maart om 14u")

    assert reply.startswith(f"Een {name} kondig je niet in een gesprek aan.")
    assert "agendabestand" in reply


@pytest.mark.parametrize(
    ("day", "start"), [("26 maart 2027", "13:00:00+00:00"), ("30 maart 2027", "12:00:00+00:00")]
)
def test_two_oclock_is_two_oclock_before_and_after_the_clocks_change(day: str, start: str) -> None:
    thread = Thread()
    thread.say(f"kondig aan: thematisch atrium over ontharding op {day} om 14.00 u. in Mechelen")
    thread.say("bevestig")

    assert thread.announced.starts_at.isoformat().endswith(start)
    assert thread.announced.local_start.time() == dt.time(14)


def test_after_a_week_the_preview_is_shown_again_first() -> None:
    thread = Thread()
    thread.say(COMPLETE)
    thread.later(days=8)

    assert "Dit ontwerp is van maandag 23 november 2026." in thread.say("bevestig")
    assert thread.published == []
    thread.say("bevestig")
    assert len(thread.published) == 1


def test_a_day_that_passed_while_the_draft_waited_is_not_published() -> None:
    thread = Thread()
    thread.say("kondig aan: thematisch atrium over ontharding morgenvroeg: 24/11/2026 om 14u in Mechelen")
    thread.later(days=3)

    assert "is voorbij" in thread.say("bevestig")
    assert thread.published == []


def test_a_question_in_between_is_left_to_the_answers_and_the_draft_waits() -> None:
    thread = Thread()
    thread.say(COMPLETE)

    assert thread.reply("wanneer is het volgende provinciaal atrium?") is None
    assert thread.dialogue is not None
    thread.say("bevestig")
    assert len(thread.published) == 1


def test_the_same_announcement_twice_gets_another_key() -> None:
    thread = Thread()
    for _ in range(2):
        thread.say(COMPLETE)
        thread.say("bevestig")
    keys = [change.atrium.uid for change in thread.published if isinstance(change, AtriumAnnounced)]

    assert keys[0].startswith("thematisch-2027-03-18-ontharding-")
    assert keys[1] == f"{keys[0]}-2"


def test_the_key_is_the_same_when_a_confirmation_is_handled_again() -> None:
    threads = Thread(), Thread()
    for thread in threads:
        thread.say(COMPLETE)
        thread.later(minutes=3)
        thread.say("bevestig")

    assert threads[0].announced.uid == threads[1].announced.uid


def test_a_question_about_announcing_is_no_announcement() -> None:
    assert Thread().reply("kondig je ook thematische atria aan?") is None
    assert Thread().reply("welke thematische atria komen eraan?") is None


def test_without_communities_it_is_only_in_the_agenda() -> None:
    thread = Thread(None, communities=())
    assert "alleen in de agenda" in thread.say(COMPLETE)


def test_a_target_group_gives_an_atrium_op_maat_its_title() -> None:
    thread = Thread()
    thread.say(
        "kondig aan: atrium op maat voor de kustgemeenten rond bestuurskracht op 18/3 om 14u in Oostende"
    )
    thread.say("bevestig")

    assert thread.announced.title == "Atrium op Maat voor de kustgemeenten"
    assert thread.announced.theme == "bestuurskracht"


def test_the_network_s_own_spelling_of_a_theme_is_used() -> None:
    thread = Thread()
    thread.say("kondig aan: thematisch atrium over PFAS EN BODEM op 18/3 om 14u in Gent")
    thread.say("bevestig")

    assert thread.announced.theme == "PFAS en bodem"


def test_an_announcement_for_politicians_never_goes_elsewhere_by_itself() -> None:
    thread = Thread(GENERAL)
    thread.say("kondig aan: thematisch atrium over wonen op 18/3 om 17u in Gent, voor schepenen")
    thread.say("bevestig")

    (change,) = thread.published
    assert isinstance(change, AtriumAnnounced)
    assert change.communities == ("mandatarissen",)


def test_for_officials_and_politicians_together_it_is_public() -> None:
    thread = Thread(GENERAL)
    preview = thread.say(
        "kondig aan: thematisch atrium over wonen op 18/3 om 14u in Gent, voor ambtenaren en schepenen"
    )
    thread.say("bevestig")

    assert "Zichtbaar voor: iedereen" in preview
    assert thread.announced.is_public
