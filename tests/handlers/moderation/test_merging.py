"""Two who change one form at once keep what each changed; only what both changed is asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlers.moderation.fields import Field, Option, Sort
from handlers.moderation.form_text import readable
from handlers.moderation.merging import MARK, marks_of, merged, recalled

BASE = {"title": "Wind", "venue-1": "Lamot", "audience": ("ambtenaar", "mandataris")}


def test_each_keeps_what_they_alone_changed() -> None:
    found = merged(BASE, {**BASE, "title": "Water"}, {**BASE, "venue-1": "Zaal B"})
    assert found.values == {**BASE, "title": "Water", "venue-1": "Zaal B"}
    assert (found.both, found.taken) == ((), ("title",))


def test_what_both_changed_is_asked_and_stays_as_it_was_typed_here() -> None:
    found = merged(BASE, {**BASE, "title": "Water"}, {**BASE, "title": "Zon"})
    assert (found.both, found.values["title"]) == (("title",), "Zon")


def test_the_same_change_by_both_is_no_matter() -> None:
    theirs = {**BASE, "audience": ("mandataris",), "title": ""}
    mine = {"venue-1": "Lamot\r\n", "audience": ("mandataris",)}
    assert merged(BASE, theirs, mine).both == ()


def test_choices_in_another_order_are_no_change() -> None:
    found = merged(BASE, {**BASE, "title": "Water"}, {**BASE, "audience": ("mandataris", "ambtenaar")})
    assert (found.both, found.taken) == ((), ("title",))


def test_without_what_the_form_held_every_difference_is_asked() -> None:
    assert merged(None, {**BASE, "title": "Water"}, BASE).both == ("title",)


_FORMS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "x", "y", "z"]))


@given(base=_FORMS, theirs=_FORMS, mine=_FORMS)
def test_whoever_touches_nothing_undoes_nothing(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    def told(form: dict[str, str | tuple[str, ...]] | dict[str, str]) -> dict[str, object]:
        return {name: value for name, value in form.items() if value}

    assert told(merged(base, theirs, base).values) == told(theirs)
    assert told(merged(base, base, mine).values) == told(mine)
    assert merged(base, base, mine).both == merged(base, theirs, base).both == ()


@given(base=_FORMS, theirs=_FORMS, mine=_FORMS)
def test_marks_of_what_a_form_held_merge_as_what_it_held(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    held = {name: value for name, value in base.items() if value}
    assert merged(recalled(marks_of(base), theirs, mine), theirs, mine) == merged(held, theirs, mine)


def test_marks_know_choices_in_any_order_and_are_short() -> None:
    marks = marks_of({**BASE, "theme": ""})
    assert marks_of({**BASE, "audience": ("mandataris", "ambtenaar")}) == marks
    assert {len(each) for each in marks.values()} == {MARK}
    assert "theme" not in marks


def test_values_are_told_in_words() -> None:
    day = Field(name="date-1", label="Datum", sort=Sort.DATE)
    hour = Field(name="begins-1", label="Begin", sort=Sort.TIME)
    audience = Field(
        name="audience",
        label="Voor wie",
        sort=Sort.CHOICES,
        options=(Option(value="ambtenaar", label="Ambtenaren"),),
    )
    assert readable(day, "2027-03-18") == "donderdag 18 maart 2027"
    assert readable(hour, "09:05") == "9.05 u."
    assert readable(audience, ("ambtenaar",)) == "Ambtenaren"
    assert (readable(day, "morgen"), readable(day, "")) == ("morgen", "niet ingevuld")
