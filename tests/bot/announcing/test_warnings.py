"""What a moderator is told to mind before something leaves; none of it stops them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.port import Capabilities
from store.engine import Store
from tests.fakes.desk import BOB, Desk, one_place
from tests.fakes.network import COMMUNITIES, WATER, brussels


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"date-1": "2027-05-06"}, "is een feestdag"),
        ({"date-1": "2027-02-10"}, "valt in een schoolvakantie"),
        ({"date-1": "2027-03-20"}, "valt in het weekend"),
        ({"venue-1": "", "address-1": ""}, "er is nog geen zaal of adres"),
        ({"registration_url-1": ""}, "er is nog geen link"),
        ({"date-1": "2027-02-18"}, "voor dezelfde mensen ook"),
        ({"publish_on": "2027-03-17"}, "is voorbij als dit verschijnt"),
        (
            {"publish_on": "2026-11-28", "publish_at": "10:00"},
            "het wordt maandag 30 november 2026",
        ),
        ({"municipality-1": "Velzeke"}, "hoort bij Zottegem"),
    ],
)
def test_what_to_mind_is_told(desk: Desk, values: dict[str, str], says: str) -> None:
    different = {"registration_until-1": ""} if "date-1" in values else {}
    preview = desk.preview(one_place(**(different | values)))
    assert preview.checked.is_complete, preview.checked.errors
    assert any(says in each for each in preview.warnings), preview.warnings


def test_a_plain_form_gives_nothing_to_mind(desk: Desk) -> None:
    assert desk.preview(one_place()).warnings == ()


def test_a_week_that_is_full_is_told_by_community(desk: Desk) -> None:
    for number in range(1, 6):
        values = one_place(theme=f"thema {number}", communities=("water",))
        desk.saved("publish", desk.saved("save", values).id)
        desk.bench.tick()
    (warning,) = desk.preview(one_place(communities=("water",))).warnings[-1:]
    assert warning.startswith("Water en droogte krijgt die week al vijf berichten")


def test_the_preview_counts_each_person_once_and_says_what_is_too_long(store: Store) -> None:
    desk = Desk(store, capabilities={"local": Capabilities(max_length=20)})
    desk.has_members("algemeen", "a", "b")
    desk.has_members("water", "b", "c")
    preview = desk.preview(one_place())
    assert preview.members == 3
    assert [(each.community.key, each.members) for each in preview.targets] == [("algemeen", 2), ("water", 2)]
    assert all(each.too_long and each.length == len(each.text) for each in preview.targets)


def test_nobody_knows_how_many_where_a_platform_never_said(store: Store) -> None:
    desk = Desk(
        store, communities=(*COMMUNITIES, replace(WATER, key="slack", platform="slack", channel="C1"))
    )
    desk.has_members("algemeen", "a")
    assert desk.preview(one_place()).members is None
    assert desk.preview(one_place(communities=("algemeen", "water"))).members == 1


def test_two_who_plan_at_once_are_told(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    desk.saved("schedule", draft.id, brussels("2026-11-26 09:00"), version=draft.version)
    second = desk.act("schedule", draft.id, brussels("2026-11-27 09:00"), version=draft.version, who=BOB)
    assert type(second).__name__ == "Conflict"
    assert desk.get(draft.id).publish_at == brussels("2026-11-26 09:00")


def test_an_edit_of_what_is_planned_moves_it_and_a_wrong_one_changes_nothing(desk: Desk) -> None:
    draft = desk.saved("save", one_place())
    planned = desk.saved("schedule", draft.id, brussels("2026-11-26 09:00"))
    wrong = desk.act("save", one_place(**{"date-1": ""}), draft.id, planned.version)
    assert type(wrong).__name__ == "Invalid"
    moved = one_place(publish_on="2026-11-27", **{"venue-1": "Zaal B"})
    desk.saved("save", moved, draft.id, planned.version)
    desk.at("2026-11-26 09:00")
    assert desk.texts("algemeen") == []
    desk.at("2026-11-27 09:00")
    (post,) = desk.texts("algemeen")
    assert "Zaal B" in post


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"publish_on": "9999-12-31"}, "meer dan drie jaar ver"),
        ({"publish_on": "2027-03-18", "publish_at": "13:30"}, "al begonnen"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_at_its_field(
    desk: Desk, values: dict[str, str], says: str
) -> None:
    assert says in desk.preview(one_place(**values)).checked.errors["publish_on"]
