"""What a question leaves out is not in the answer, and is said; alternatives are all looked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.context import Context
from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Audience, Kind
from handlers.reply import Reply
from handlers.routing import respond
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.asking import context_at
from tests.fakes.atria import an_atrium

#: More than the agenda is asked for in one go.
MANY = 230


def said_after(*texts: str, context: Context | None = None) -> Reply:
    """The answer to the last message of a thread."""
    context = context or context_at()
    reply = respond(texts[0], context)
    for text in texts[1:]:
        context = replace(context, topic=reply.topic or context.topic)
        reply = respond(text, context)
    return reply


def shown(reply: Reply, context: Context | None = None) -> list[Atrium]:
    context = context or context_at()
    found = [context.agenda.find(uid, context.reads) for uid in reply.atria]
    return [atrium for atrium in found if atrium is not None]


def test_a_province_that_is_left_out_is_not_listed() -> None:
    reply = said_after("atria buiten West-Vlaanderen")
    assert reply.headline.startswith(
        "Zonder wat in de provincie West-Vlaanderen is: dit zijn de volgende acht"
    )
    assert shown(reply)
    assert all(atrium.province != "West-Vlaanderen" for atrium in shown(reply))


def test_a_kind_that_is_left_out_is_not_listed() -> None:
    reply = said_after("welke atria zijn er in juni 2027 behalve de lokale?")
    assert reply.headline.startswith("Zonder de Lokale Atria: er is één atrium in juni 2027")
    assert [atrium.kind for atrium in shown(reply)] == [Kind.CENTRUMSTEDEN]


def test_a_theme_that_is_left_out_is_not_listed() -> None:
    reply = said_after("alles in februari 2027 wat niet over water gaat")
    assert reply.headline.startswith("Zonder wat over water gaat:")
    assert all("water" not in (atrium.theme or "") for atrium in shown(reply))


def test_a_day_of_the_week_that_is_left_out_is_not_listed() -> None:
    reply = said_after("wat is er in maart 2027? ik kan niet op dinsdag")
    assert reply.headline.startswith("Zonder wat op dinsdag valt:")
    assert [atrium.local_date.weekday() for atrium in shown(reply)] == [0]


def test_an_audience_that_is_left_out_is_not_listed() -> None:
    both = an_atrium("a1", audience=frozenset({Audience.AMBTENAAR, Audience.KOEPEL}))
    other = an_atrium("a2", "2026-12-03", audience=frozenset({Audience.KOEPEL}))
    reply = said_after(
        "welke atria zijn niet voor ambtenaren?", context=context_at(agenda=MemoryAgenda([both, other]))
    )
    assert reply.atria == ("a2",)


def test_the_one_that_is_meant_is_told_without_the_one_that_is_not() -> None:
    reply = said_after("niet in Gent maar in Antwerpen")
    assert reply.headline.startswith("Zonder wat in Gent is: er zijn drie atria voor Antwerpen")


def test_kinds_and_groups_of_readers_are_left_out_together() -> None:
    reply = said_after("wat is er in 2027, maar geen centrumsteden of mandatarissen")
    assert reply.headline.startswith(
        "Zonder de Atria Centrumsteden en de Atria Lokale Mandatarissen: dit zijn"
    )


def test_a_correction_leaves_nothing_out() -> None:
    reply = said_after("volgend lokaal atrium in Gent?", "nee, niet Gent, Aalst")
    assert reply.headline.startswith("Het volgende Lokaal Atrium Denderregio")


def test_what_cannot_be_left_out_is_said() -> None:
    reply = said_after("alle atria behalve die met een saaie spreker")
    assert 'met "behalve die met een saaie spreker" kon ik geen rekening houden' in reply.notes[0]


def test_what_is_left_out_is_looked_for_past_what_is_asked_in_one_go() -> None:
    many = [
        an_atrium(f"l{number}", f"2027-{number // 28 + 1:02d}-{number % 28 + 1:02d}")
        for number in range(MANY)
    ]
    last = an_atrium("t1", "2027-12-20", kind=Kind.THEMATISCH, title="Thematisch Atrium: geluid")
    context = context_at(agenda=MemoryAgenda([*many, last]))
    assert said_after("welke atria zijn er behalve de lokale?", context=context).atria == ("t1",)


def test_nobody_follows_everything_but_one_thing() -> None:
    reply = said_after("hou mij op de hoogte van alle atria behalve die in Gent")
    assert (reply.headline, reply.changes) == ("Volgen met een uitzondering kan ik niet.", ())


def test_who_follows_two_things_at_once_is_told_that_one_is_noted() -> None:
    reply = said_after("volg de atria in Gent of Aalst")
    assert any("Vraag het apart voor: Aalst." in note for note in reply.notes)


def test_nothing_found_says_what_was_left_out() -> None:
    reply = said_after("welke atria zijn er in mei 2027, maar niet op maandag of donderdag?")
    assert reply.headline.startswith("Zonder wat op maandag of donderdag valt: in de agenda staat nu geen")


@pytest.mark.parametrize(
    ("texts", "headline"),
    [
        (("welke atria zijn er in juni 2027?", "en zonder de lokale?"), "Zonder de Lokale Atria: er is één"),
        (("atria zonder de lokale?", "en in juni 2027?"), "Zonder de Lokale Atria: er is één atrium in juni"),
        (
            ("atria behalve de lokale", "en de lokale?"),
            "Dit zijn de volgende acht Lokale Atria",
        ),
        (
            ("provinciaal atrium in Leuven of Hasselt?", "en zonder Leuven?"),
            "Zonder wat in Leuven is: het volgende Provinciaal Atrium in Hasselt",
        ),
    ],
)
def test_a_follow_up_leaves_out_or_asks_again(texts: tuple[str, ...], headline: str) -> None:
    assert said_after(*texts).headline.startswith(headline)


def test_all_places_that_are_named_are_looked_for() -> None:
    reply = said_after("atria in Gent, Brugge en Kortrijk")
    assert reply.headline.startswith("Er zijn zeven atria voor Gent, Brugge of Kortrijk")
    assert {atrium.municipality for atrium in shown(reply)} == {"Gent", "Brugge", "Kortrijk"}


def test_the_next_of_several_places_is_the_first_of_all() -> None:
    reply = said_after("wanneer is het volgende atrium in Gent of Aalst?")
    assert reply.headline.startswith("Het volgende atrium in Gent of Aalst is het Lokaal Atrium Denderregio")


def test_all_themes_that_are_named_are_looked_for() -> None:
    reply = said_after("atria over water of klimaat")
    assert reply.headline.startswith("Er zijn vijf atria over water of klimaat")


def test_months_apart_are_looked_for_and_not_what_lies_between() -> None:
    reply = said_after("welke provinciale of lokale atria zijn er in februari of juni 2027?")
    assert "in februari 2027 of in juni 2027" in reply.headline
    assert {atrium.local_date.month for atrium in shown(reply)} <= {2, 6}


def test_both_kinds_that_are_named_are_looked_for() -> None:
    reply = said_after("zijn er in maart of april 2027 provinciale of thematische atria?")
    assert {atrium.kind for atrium in shown(reply)} == {Kind.PROVINCIAAL, Kind.THEMATISCH}


def test_an_order_to_register_for_one_of_several_places_is_asked_back() -> None:
    reply = said_after("Hoe schrijf ik me in voor Roeselare of Kortrijk?")
    assert reply.headline == "Dat kan over drie atria gaan. Welk bedoel je?"


def test_a_follow_up_names_alternatives() -> None:
    reply = said_after("wanneer is het volgende provinciaal atrium in Leuven?", "en in Gent of Brugge?")
    assert "Provinciaal Atrium in Gent of Brugge" in reply.headline


def test_a_place_abroad_is_said_to_be_none_of_ours_with_what_is_next() -> None:
    reply = said_after("is er een atrium in Parijs?")
    assert reply.headline == "Parijs ligt niet in Vlaanderen of Brussel: daar ken ik geen atria."
    assert reply.paragraphs[0].startswith("Het volgende atrium is ")


def test_a_place_across_the_border_is_answered_with_the_nearest_province() -> None:
    reply = said_after("wanneer is er een atrium in Luik?")
    assert reply.paragraphs[0].startswith("Het volgende atrium in de provincie Limburg is ")
    assert all(atrium.province == "Limburg" for atrium in shown(reply))


def test_a_place_that_nobody_knows_is_said_to_be_unknown() -> None:
    reply = said_after("Wordt er in Schubbekutteveen iets georganiseerd?")
    assert reply.headline.startswith("Schubbekutteveen ken ik niet als plaats in Vlaanderen of Brussel.")


def test_a_place_abroad_beside_one_of_ours_is_a_remark() -> None:
    reply = said_after("Gaat er iets door in Charleroi of Gent?")
    assert reply.headline.startswith("Er zijn drie atria voor Gent")
    assert reply.notes[0].startswith("Charleroi ligt niet in Vlaanderen")


def test_a_follow_up_to_a_place_abroad_keeps_the_kind_and_not_the_place() -> None:
    reply = said_after("wanneer is het volgende provinciaal atrium in Gent?", "en in Rotterdam?")
    assert reply.headline.startswith("Rotterdam ligt niet in Vlaanderen")
    assert [atrium.municipality for atrium in shown(reply)] == [gazetteer().capital_of("Antwerpen")]


def test_a_place_abroad_is_not_followed() -> None:
    reply = said_after("hou me op de hoogte van atria in Rotterdam")
    assert reply.headline.startswith("Rotterdam ligt niet in Vlaanderen")
    assert reply.changes == ()
