"""Names of things, numbers and enumerations in Dutch."""

from __future__ import annotations

import pytest

from handlers.model import Audience, Kind
from handlers.wording.sentences import enumeration, number_text, quoted
from handlers.wording.texts import audience_text, kind_name


@pytest.mark.parametrize(
    ("kind", "one", "many"),
    [
        (Kind.LOKAAL, "Lokaal Atrium", "Lokale Atria"),
        (Kind.CENTRUMSTEDEN, "Atrium Centrumsteden", "Atria Centrumsteden"),
        (Kind.MANDATARISSEN, "Atrium Lokale Mandatarissen", "Atria Lokale Mandatarissen"),
        (Kind.PROVINCIAAL, "Provinciaal Atrium", "Provinciale Atria"),
        (Kind.THEMATISCH, "Thematisch Atrium", "Thematische Atria"),
        (Kind.OP_MAAT, "Atrium op Maat", "Atria op Maat"),
        (None, "atrium", "atria"),
    ],
)
def test_every_kind_has_a_singular_and_a_plural(kind: Kind | None, one: str, many: str) -> None:
    assert kind_name(kind) == one
    assert kind_name(kind, 3) == many


def test_audiences_are_named_in_the_same_order_however_they_come() -> None:
    wanted = [Audience.KOEPEL, Audience.INTERCOMMUNALE, Audience.AMBTENAAR]
    assert audience_text(wanted) == "lokale omgevingsambtenaren, intercommunales en koepelorganisaties"


def test_every_role_of_the_agenda_has_a_name() -> None:
    assert all(audience_text([role]) for role in Audience)


def test_an_enumeration_ends_in_en() -> None:
    assert enumeration([]) == ""
    assert enumeration(["Gent"]) == "Gent"
    assert enumeration(["Antwerpen", "Leuven", "Gent"]) == "Antwerpen, Leuven en Gent"


def test_small_numbers_are_words() -> None:
    assert [number_text(number) for number in (1, 8, 14)] == ["één", "acht", "14"]


def test_what_somebody_typed_is_repeated_short_and_without_markup() -> None:
    assert quoted("hallo\x07 <b>@iedereen</b>\u202e *dag*\nnog") == "hallo b iedereen /b dag nog"
    assert len(quoted("a" * 10_000)) == 80
