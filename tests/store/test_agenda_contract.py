"""What every agenda answers: in memory, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import product
from typing import Any

import pytest

from handlers.context import Agenda
from handlers.model import Atrium, Audience, Group, Kind, Query, Status
from store.agenda import StoredAgenda, save_atrium
from store.engine import Store
from store.groups import replace_groups
from store.regions import replace_regions
from tests.fakes.agenda import MemoryAgenda
from tests.fakes.atria import an_atrium, brussels

Made = Callable[..., Agenda]

POLITICIANS = frozenset({"mandatarissen"})
ENFORCERS = frozenset({"handhaving"})
EVERYBODY = frozenset({"algemeen"})


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def made(request: pytest.FixtureRequest) -> Iterator[Made]:
    """Makes an agenda of some atria, groups and regions."""
    store: Store | None = None
    if request.param != "memory":
        store = request.getfixturevalue(f"{request.param}_store")
    with ExitStack() as open_until_the_end:

        def make(
            atria: Iterable[Atrium] = (),
            groups: Iterable[Group] = (),
            regions: Mapping[str, Iterable[str]] | None = None,
        ) -> Agenda:
            if store is None:
                return MemoryAgenda(atria, groups, regions)
            with store.writing() as session:
                for atrium in atria:
                    save_atrium(session, atrium)
                replace_groups(session, groups)
                replace_regions(session, regions or {})
            return StoredAgenda(open_until_the_end.enter_context(store.reading()))

        yield make


def _uids(agenda: Agenda, **query: Any) -> list[str]:
    asked = Query(**query)
    found = [atrium.uid for atrium in agenda.upcoming(asked)]
    assert agenda.count(asked) == len(agenda.upcoming(Query(**(query | {"limit": 1000, "offset": 0}))))
    return found


def test_an_atrium_comes_back_as_it_was_kept(made: Made) -> None:
    atrium = an_atrium(
        kind=Kind.PROVINCIAAL,
        title="Provinciaal Atrium Gent",
        theme="Windturbines en draagvlak",
        ends_at=brussels("2026-12-01", "16:00"),
        venue="Provinciaal Administratief Centrum",
        address="Woodrow Wilsonplein 2",
        province="Oost-Vlaanderen",
        audience=frozenset({Audience.AMBTENAAR, Audience.PROVINCIE}),
        description="Een dag rond één thema.",
        programme="9.30 onthaal",
        registration_url="https://inschrijven.example.org/a1",
        registration_until=dt.date(2026, 11, 30),
        organiser="Departement Omgeving",
        contact="atrium@example.org",
        status=Status.BEVESTIGD,
        visibility=POLITICIANS,
        programme_uid="p1",
        sequence=3,
        cancelled_at=brussels("2026-11-20"),
    )
    agenda = made([atrium])
    assert agenda.find("a1", POLITICIANS) == atrium
    assert agenda.upcoming(Query(visible_to=POLITICIANS)) == [atrium]


def test_the_province_is_looked_up(made: Made) -> None:
    agenda = made([an_atrium("gent"), an_atrium("brussel", municipality="Brussel")])
    assert [atrium.province for atrium in agenda.upcoming(Query())] == ["Oost-Vlaanderen", None]


def test_atria_come_by_start_and_then_by_entry(made: Made) -> None:
    agenda = made(
        [an_atrium("c", "2026-12-03"), an_atrium("b"), an_atrium("a"), an_atrium("z", time="08:00")]
    )
    assert _uids(agenda) == ["z", "b", "a", "c"]
    assert _uids(agenda, newest_first=True) == ["c", "a", "b", "z"]


def test_a_limit_and_an_offset_turn_pages(made: Made) -> None:
    kinds = (Kind.OP_MAAT, Kind.LOKAAL)
    agenda = made(
        an_atrium(f"{hour:02}", kind=kinds[hour % 2], time=f"{hour:02}:00") for hour in range(6, 18)
    )
    for asked in (frozenset[Kind](), frozenset(kinds)):
        assert _uids(agenda, kinds=asked, limit=2, offset=3) == ["09", "10"]
        assert _uids(agenda, kinds=asked, limit=5, offset=10) == ["16", "17"]
        assert _uids(agenda, kinds=asked, limit=5, offset=12) == []


def test_a_period_begins_at_its_first_moment_and_ends_before_its_last(made: Made) -> None:
    agenda = made([an_atrium("a", "2026-12-01"), an_atrium("b", "2026-12-02"), an_atrium("c", "2026-12-03")])
    first, last = brussels("2026-12-01"), brussels("2026-12-03")
    assert _uids(agenda, begins_from=first, begins_before=last) == ["a", "b"]
    assert _uids(agenda, begins_from=brussels("2026-12-01", "09:31")) == ["b", "c"]
    assert _uids(agenda, begins_before=first) == []


def test_a_period_knows_summer_from_winter(made: Made) -> None:
    agenda = made([an_atrium("za", "2026-10-24", time="23:30"), an_atrium("zo", "2026-10-25", time="23:30")])
    assert _uids(agenda, begins_before=brussels("2026-10-25", "00:00")) == ["za"]
    assert _uids(
        agenda, begins_from=brussels("2026-10-25", "00:00"), begins_before=brussels("2026-10-26", "00:00")
    ) == ["zo"]


KINDS = [
    an_atrium("lok", "2026-12-01", region="Waasland", municipality="Sint-Niklaas"),
    an_atrium("cen", "2026-12-02", kind=Kind.CENTRUMSTEDEN, municipality="Mechelen"),
    an_atrium("man", "2026-12-03", kind=Kind.MANDATARISSEN, municipality="Gent", visibility=POLITICIANS),
    an_atrium("pro", "2026-12-04", kind=Kind.PROVINCIAAL, municipality="Leuven", programme_uid="p1"),
    an_atrium("pr2", "2026-12-05", kind=Kind.PROVINCIAAL, municipality="Gent", programme_uid="p1"),
    an_atrium("the", "2026-12-06", kind=Kind.THEMATISCH, municipality="Hasselt"),
    an_atrium("opm", "2026-12-07", kind=Kind.OP_MAAT, municipality="Brussel"),
]


def test_kinds_narrow(made: Made) -> None:
    agenda = made(KINDS)
    assert _uids(agenda, kinds=frozenset({Kind.PROVINCIAAL})) == ["pro", "pr2"]
    assert _uids(agenda, kinds=frozenset({Kind.OP_MAAT, Kind.LOKAAL})) == ["lok", "opm"]
    assert _uids(agenda, kinds=frozenset(Kind)) == ["lok", "cen", "pro", "pr2", "the", "opm"]
    assert _uids(agenda, kinds=frozenset({Kind.PROVINCIAAL}), newest_first=True, limit=1) == ["pr2"]


def test_places_narrow(made: Made) -> None:
    agenda = made(KINDS)
    assert _uids(agenda, municipality="Gent") == ["pr2"]
    assert _uids(agenda, municipality="Gent", visible_to=POLITICIANS) == ["man", "pr2"]
    assert _uids(agenda, province="Oost-Vlaanderen") == ["lok", "pr2"]
    assert _uids(agenda, region="Waasland") == ["lok"]
    assert _uids(agenda, municipality="Brussel") == ["opm"]
    assert _uids(agenda, municipality="Aalst") == []
    assert _uids(agenda, kinds=frozenset({Kind.PROVINCIAAL}), province="Limburg") == []
    assert _uids(agenda, province="Oost-Vlaanderen", municipality="Leuven") == []


def test_the_places_of_one_programme_are_found_by_it(made: Made) -> None:
    agenda = made(KINDS)
    assert _uids(agenda, programme_uid="p1") == ["pro", "pr2"]
    assert _uids(agenda, programme_uid="p1", municipality="Gent") == ["pr2"]
    assert _uids(agenda, programme_uid="p2") == []


def test_an_audience_narrows(made: Made) -> None:
    agenda = made(
        [
            an_atrium("a", audience=frozenset({Audience.AMBTENAAR, Audience.PROVINCIE})),
            an_atrium("b", audience=frozenset({Audience.PROVINCIE})),
            an_atrium("c"),
        ]
    )
    assert _uids(agenda, audience=Audience.PROVINCIE) == ["a", "b"]
    assert _uids(agenda, audience=Audience.AMBTENAAR) == ["a"]
    assert _uids(agenda, audience=Audience.EXTERN) == []


def test_cancelled_atria_can_be_left_out(made: Made) -> None:
    agenda = made([an_atrium("a"), an_atrium("b", status=Status.GEANNULEERD)])
    assert _uids(agenda) == ["a", "b"]
    assert _uids(agenda, include_cancelled=False) == ["a"]


THEMES = [
    an_atrium("wind", "2026-12-01", theme="Windturbines en draagvlak"),
    an_atrium("water", "2026-12-02", theme="hemelwater- en droogteplannen", kind=Kind.CENTRUMSTEDEN),
    an_atrium(
        "kust", "2026-12-03", theme="bestuurskracht", title="Op Maat: kustgemeenten", kind=Kind.OP_MAAT
    ),
    an_atrium("klimaat", "2026-12-04", theme="klimaatadaptatie in de dorpskern"),
    an_atrium("pfas", "2026-12-05", title="PFAS en bodem", kind=Kind.THEMATISCH),
    an_atrium("none", "2026-12-06"),
]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("windturbines en draagvlak", ["wind"]),
        ("WINDTURBINES", ["wind"]),
        ("draagvlak voor windturbines", ["wind"]),
        ("water", ["water"]),
        ("droogteplannen", ["water"]),
        ("klimaat en wonen", []),
        ("klimaat", ["klimaat"]),
        ("bestuurskracht", ["kust"]),
        ("bestuurskracht en financiën", ["kust"]),
        ("kustgemeenten", ["kust"]),
        ("pfas en bodem", ["pfas"]),
        ("bodem", ["pfas"]),
        ("Atrium", []),
        ("Lokaal Atrium none", []),
        ("en", []),
        ("muziek", []),
        ("", []),
    ],
)
def test_a_theme_finds_what_is_about_it(made: Made, asked: str, found: list[str]) -> None:
    assert _uids(made(THEMES), theme=asked) == found


def test_a_theme_ignores_accents(made: Made) -> None:
    agenda = made([an_atrium("a", theme="Geïntegreerd beleid"), an_atrium("b", theme="geintegreerd BELEID")])
    assert _uids(agenda, theme="geintegreerd") == ["a", "b"]
    assert _uids(agenda, theme="geïntegreerd beleid") == ["a", "b"]


def test_a_theme_narrows_beside_the_rest(made: Made) -> None:
    agenda = made(THEMES)
    assert _uids(agenda, theme="water", kinds=frozenset({Kind.LOKAAL})) == []
    assert _uids(agenda, theme="water", kinds=frozenset({Kind.LOKAAL, Kind.CENTRUMSTEDEN})) == ["water"]
    assert _uids(agenda, theme="kustgemeenten", kinds=frozenset({Kind.OP_MAAT})) == ["kust"]
    assert _uids(agenda, theme="kustgemeenten", kinds=frozenset({Kind.LOKAAL})) == []
    assert _uids(agenda, theme="wind", begins_from=brussels("2026-12-02")) == []
    assert _uids(agenda, theme="wind", municipality="Gent") == ["wind"]
    assert _uids(agenda, theme="wind", municipality="Aalst") == []


def test_many_themes_answer_one_question(made: Made) -> None:
    """More than there are lanes for, so that the agenda is walked by date instead."""
    many = [
        an_atrium(f"{number:02}", theme=f"water, deel {number}", kind=kind, time=f"{number:02}:00")
        for number, kind in enumerate([*Kind, *Kind, *Kind, Kind.LOKAAL])
    ]
    agenda = made([*many, an_atrium("other", theme="wonen")])
    assert _uids(agenda, theme="water") == [f"{number:02}" for number in range(19)]
    assert _uids(agenda, theme="water", kinds=frozenset({Kind.LOKAAL, Kind.OP_MAAT}), limit=3) == [
        "00",
        "05",
        "06",
    ]


def test_a_text_is_looked_for_in_title_theme_description_and_place(made: Made) -> None:
    agenda = made(
        [
            an_atrium("title", title="Over Zonneparken"),
            an_atrium("theme", theme="vergunningen voor zonneparken"),
            an_atrium("told", description="We bezoeken twee zonneparken."),
            an_atrium("place", municipality="Beveren-Kruibeke-Zwijndrecht"),
            an_atrium("venue", venue="Auris 100% zon"),
        ]
    )
    assert _uids(agenda, text="zonneparken") == ["title", "theme", "told"]
    assert _uids(agenda, text="ZONNEPARKEN vergunning") == ["theme"]
    assert _uids(agenda, text="kruibeke") == ["place"]
    assert _uids(agenda, text="oost vlaanderen") == ["title", "theme", "told", "place", "venue"]
    assert _uids(agenda, text="auris 100%") == ["venue"]
    assert _uids(agenda, text="_") == []
    assert _uids(agenda, text="%") == []
    assert _uids(agenda, text="circus") == []


def test_a_text_narrows_beside_the_rest(made: Made) -> None:
    agenda = made(THEMES)
    assert _uids(agenda, text="lokaal", kinds=frozenset({Kind.LOKAAL}), limit=2) == ["wind", "klimaat"]
    assert _uids(agenda, text="water", municipality="Aalst") == []
    assert _uids(agenda, text="gent", begins_from=brussels("2026-12-05")) == ["pfas", "none"]


def test_a_text_in_very_many_atria_is_found_too(made: Made) -> None:
    agenda = made([an_atrium(f"{number:03}", time="10:00") for number in range(210)])
    assert _uids(agenda, text="lokaal atrium", limit=3, offset=100) == ["100", "101", "102"]


SECRET = [
    an_atrium(
        "s1",
        kind=Kind.THEMATISCH,
        title="Handhaving zonder pers",
        theme="handhaving",
        region="Waasland",
        programme_uid="p1",
        audience=frozenset({Audience.MANDATARIS}),
        description="Besloten",
        visibility=frozenset({"handhaving", "mandatarissen"}),
    ),
    an_atrium("open", "2027-01-05", theme="handhaving en omgeving"),
]

NARROWINGS: list[dict[str, Any]] = [
    {},
    {"kinds": frozenset({Kind.THEMATISCH})},
    {"kinds": frozenset({Kind.THEMATISCH, Kind.LOKAAL})},
    {"municipality": "Gent"},
    {"province": "Oost-Vlaanderen"},
    {"region": "Waasland"},
    {"theme": "handhaving"},
    {"theme": "Handhaving zonder pers"},
    {"text": "besloten"},
    {"text": "handhaving"},
    {"audience": Audience.MANDATARIS},
    {"programme_uid": "p1"},
    {"begins_from": brussels("2026-11-01")},
    {"newest_first": True},
]


@pytest.mark.parametrize("narrowing", NARROWINGS, ids=lambda narrowing: "-".join(narrowing) or "nothing")
def test_what_readers_may_not_see_does_not_leave_the_store(made: Made, narrowing: dict[str, Any]) -> None:
    """C-42: one private event, every way to ask."""
    agenda = made(SECRET)
    for reads in (frozenset[str](), EVERYBODY, frozenset({"hand", "handhavin_", "%", "", "|"})):
        assert "s1" not in _uids(agenda, visible_to=reads, **narrowing)
        assert agenda.find("s1", reads) is None
    for reads in (POLITICIANS, ENFORCERS, ENFORCERS | EVERYBODY):
        assert "s1" in _uids(agenda, visible_to=reads, **narrowing)
        assert agenda.find("s1", reads) is not None


def test_a_pair_of_narrowings_leaks_no_more_than_one(made: Made) -> None:
    """C-42."""
    agenda = made(SECRET)
    for one, other in product(NARROWINGS, repeat=2):
        assert "s1" not in _uids(agenda, visible_to=EVERYBODY, **(one | other))
        assert "s1" in _uids(agenda, visible_to=ENFORCERS, **(one | other))


def test_groups_come_by_name_to_those_who_may_see_them(made: Made) -> None:
    water = Group(name="Water", theme="water", link="https://engage.example.org/groups/water")
    enforcers = Group(name="Handhaving", visibility=ENFORCERS)
    agenda = made(groups=[water, enforcers])
    assert list(agenda.groups(EVERYBODY)) == [water]
    assert list(agenda.groups(ENFORCERS)) == [enforcers, water]


def test_regions_know_their_municipalities(made: Made) -> None:
    agenda = made(regions={"Waasland": ["Sint-Niklaas", "Lokeren"], "Kempen": ["Geel"]})
    assert list(agenda.regions()) == ["Kempen", "Waasland"]
    assert agenda.region_of("Lokeren") == "Waasland"
    assert agenda.region_of("Gent") is None


def test_an_agenda_is_as_fresh_as_its_latest_edit(made: Made) -> None:
    edited = brussels("2026-11-20")
    agenda = made([an_atrium("a", updated_at=edited), an_atrium("b")])
    assert agenda.updated_at() == edited


def test_an_empty_agenda_has_nothing_to_say(made: Made) -> None:
    agenda = made()
    assert _uids(agenda) == []
    assert agenda.find("a", EVERYBODY) is None
    assert agenda.updated_at() is None
    assert list(agenda.groups(EVERYBODY)) == []
    assert list(agenda.regions()) == []
