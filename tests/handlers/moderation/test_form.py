"""Forms: whatever is typed is read or told what is wrong with it, and can be shown again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.model import Audience, Kind, Person, Role
from handlers.moderation.fields import FIELDS, MOST_PLACES, PLACE_FIELDS, name_of
from handlers.moderation.form import Sort, fields, form_of, read_form
from tests.fakes.desk import PLACES, one_place, programme
from tests.fakes.network import brussels
from tests.fakes.talking import AN, MEMBER, Thread, person

CONTEXT = Thread(None).context(AN)


def errors(**different: Any) -> dict[str, str]:
    return read_form(one_place(**different), CONTEXT).errors


def test_a_whole_form_is_a_draft_and_comes_back_as_it_was() -> None:
    checked = read_form(one_place(communities=("algemeen", "water")), CONTEXT)
    assert checked.is_complete
    (draft,) = checked.drafts
    assert (draft.kind, draft.date, draft.begins) == (
        Kind.THEMATISCH,
        dt.date(2027, 3, 18),
        dt.time(13, 30),
    )
    assert draft.audience == {Audience.AMBTENAAR}
    assert form_of(draft) == checked.values
    assert read_form(form_of(draft), CONTEXT).drafts == checked.drafts


def test_a_programme_has_a_draft_for_each_place_with_the_same_words() -> None:
    checked = read_form(programme(), CONTEXT)
    assert checked.is_complete, checked.errors
    assert [each.municipality for each in checked.drafts] == [name for name, _ in PLACES]
    assert {each.theme for each in checked.drafts} == {"windturbines en draagvlak"}
    assert form_of(checked.drafts) == checked.values


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({"date-1": "31/02/2027"}, "date-1", "bestaat niet"),
        ({"date-1": "2026-11-20"}, "date-1", "is voorbij"),
        ({"date-1": "ooit"}, "date-1", "is geen datum"),
        ({"date-1": ""}, "date-1", "Vul de datum in."),
        ({"begins-1": "25:00"}, "begins-1", "is geen uur van de dag"),
        ({"ends-1": "13:00"}, "ends-1", "ligt niet na het begin"),
        ({"municipality-1": "Zotegem"}, "municipality-1", "Bedoel je Zottegem?"),
        ({"municipality-1": "Atlantis"}, "municipality-1", "ken ik niet"),
        ({"registration_url-1": "javascript:alert(1)"}, "registration_url-1", "is geen link"),
        ({"registration_until-1": "2027-03-20"}, "registration_until-1", "ligt na het atrium zelf"),
        ({"kind": "borrel"}, "kind", "bestaat niet"),
        ({"theme": ""}, "title", "Geef een titel of een thema."),
        ({"title": "x" * 151}, "title", "te lang"),
        ({"audience": ("extern",)}, "audience", "bestaat niet"),
        ({"communities": ("elders",)}, "communities", "bestaat niet"),
        ({"publish_on": "2026-11-20"}, "publish_on", "is voorbij"),
        ({"publish_on": "2027-03-19"}, "publish_on", "na het atrium"),
        ({"publish_at": "10:00"}, "publish_on", "Kies ook de dag"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(values: dict[str, Any], field: str, says: str) -> None:
    assert says in errors(**values)[field]


def test_an_error_of_a_place_is_told_at_that_place() -> None:
    found = read_form(programme(**{"date-4": "2027-02-31"}), CONTEXT).errors
    assert list(found) == ["date-4"]


def test_people_may_type_days_and_hours_as_they_write_them() -> None:
    (draft,) = read_form(one_place(**{"date-1": "18 maart 2027", "begins-1": "13u30"}), CONTEXT).drafts
    assert (draft.date, draft.begins) == (dt.date(2027, 3, 18), dt.time(13, 30))


def test_a_moment_without_an_hour_is_nine_in_the_morning() -> None:
    checked = read_form(one_place(publish_on="2026-11-26"), CONTEXT)
    assert checked.publish_at == brussels("2026-11-26 09:00")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"audience": ("mandataris",), "communities": ("algemeen",)}, True),
        ({"audience": ("mandataris",), "communities": ("mandatarissen",)}, False),
        ({"audience": ("ambtenaar",), "communities": ("algemeen", "mandatarissen")}, True),
        ({"kind": "mandatarissen", "audience": (), "communities": ("water",)}, True),
        ({"kind": "lokaal", "audience": (), "communities": ("mandatarissen",)}, True),
        ({"audience": ("ambtenaar", "mandataris"), "communities": ("algemeen", "mandatarissen")}, False),
    ],
)
def test_what_is_for_one_half_of_the_network_cannot_be_told_to_the_other(
    values: dict[str, Any], wrong: bool
) -> None:
    assert ("communities" in errors(**values)) is wrong


def test_a_regional_moderator_is_told_what_lies_outside_their_region() -> None:
    agenda = Thread(None).agenda
    own = person("Wim", Role.REGIONAL_MODERATOR, *sorted(agenda.regions())[:1])
    context = Thread(None).context(own)
    found = read_form(one_place(kind="lokaal", **{"municipality-1": "Oostende"}), context).errors
    assert "buiten je eigen werking" in found["municipality-1"]


def test_the_fields_are_those_that_a_form_is_read_by() -> None:
    every = fields(CONTEXT, places=3)
    assert len({each.name for each in every}) == len(every)
    assert {each.name for each in every if each.place == 2} == {name_of(each, 2) for each in PLACE_FIELDS}
    assert {each.value for field in every if field.name == "communities" for each in field.options} == {
        "algemeen",
        "water",
        "mandatarissen",
    }
    assert all(each.options for each in every if each.sort in (Sort.CHOICE, Sort.CHOICES))


_NAMES = [*FIELDS, *(name_of(name, number) for name in PLACE_FIELDS for number in (1, 2, 13, 99)), "iets"]
_TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "2027-03-18",
            "31/02/2027",
            "18 maart",
            "9u",
            "24:00",
            "00:00",
            "Gent",
            "thematisch",
            "lokaal",
            "algemeen",
        ]
    ),
    st.sampled_from(
        ["https://x.be", "http://", "\x00", "\ud800", "mandataris", "9999-12-31", "0001-01-01", "29 feb"]
    ),
)
_VALUES = st.dictionaries(
    st.sampled_from(_NAMES), st.one_of(_TEXTS, st.lists(_TEXTS, max_size=3)), max_size=20
)


@settings(max_examples=300, deadline=None)
@given(_VALUES)
def test_no_form_breaks_it_and_what_was_typed_can_be_shown_again(
    values: dict[str, str | Sequence[str]],
) -> None:
    checked = read_form(values, CONTEXT)
    assert 1 <= len(checked.drafts) <= MOST_PLACES
    assert checked.missing <= set(checked.errors)
    again = read_form(checked.values, CONTEXT)
    assert (again.drafts, again.errors, again.values) == (checked.drafts, checked.errors, checked.values)
    for text in checked.errors.values():
        assert text.endswith((".", "?"))
    str(checked.values).encode()


def test_a_member_reads_that_it_is_not_theirs() -> None:
    found = read_form(one_place(), Thread(None).context(MEMBER)).errors
    assert "buiten je eigen werking" in found["municipality-1"]


def test_an_outsider_is_nobody_to_announce() -> None:
    outsider = Person(platform="cli", external_id="", name="", is_known=False)
    assert "municipality-1" in read_form(one_place(), Thread(None).context(outsider)).errors
