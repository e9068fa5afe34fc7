"""The thematic groups of the online network."""

from __future__ import annotations

from handlers.reading.model import Intent
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.asking import context_at, reply_to


def test_all_groups_are_listed_with_their_links() -> None:
    reply = reply_to(Intent.THEMATIC_GROUPS)
    assert reply.headline == "Er zijn zeven thematische groepen in het onlinenetwerk:"
    assert (
        "Bodem en PFAS: Bodemverontreiniging, PFAS en grondverzet. https://engage.example.org/groups/bodem"
        in reply.plain_text()
    )


def test_groups_on_a_theme_are_found_by_name_theme_or_description() -> None:
    assert [fact.label for fact in reply_to(Intent.THEMATIC_GROUPS, theme="klimaat").facts] == [
        "Klimaatadaptatie"
    ]
    assert [fact.label for fact in reply_to(Intent.THEMATIC_GROUPS, theme="ontharding").facts] == [
        "Water en droogte"
    ]


def test_a_theme_without_a_group_is_said_to_have_none() -> None:
    reply = reply_to(Intent.THEMATIC_GROUPS, theme="mobiliteit")
    assert reply.headline == 'Ik ken geen groep over "mobiliteit". Deze groepen zijn er:'


def test_joining_a_group_is_told_from_its_record() -> None:
    reply = reply_to(Intent.GROUP_DETAIL, theme="ontharding", text="hoe word ik lid van ontharding?")
    assert reply.plain_text() == (
        'Groep Water en droogte: Klik op "Lid worden" in de groep.\n'
        "Waarover: Ervaringen met hemelwater- en droogteplannen, ontharding en infiltratie.\n"
        "Beheerder: Team Water (voorbeeld)\n"
        "Link: https://engage.example.org/groups/water"
    )


def test_a_group_is_found_by_its_name_in_the_question() -> None:
    reply = reply_to(Intent.GROUP_DETAIL, text="wie beheert de groep Open ruimte?")
    assert reply.headline.startswith("Groep Open ruimte:")


def test_without_groups_somebody_else_is_named() -> None:
    reply = reply_to(Intent.THEMATIC_GROUPS, context_at(agenda=MemoryAgenda()))
    assert reply.headline == "In mijn lijst staan hier geen thematische groepen."
    assert "02 553 80 56" in reply.plain_text()
