from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.model import BRUSSELS, Atrium, Audience, Kind, Status
from store.exchange.agenda_file import agenda_file_bytes, read_agenda_file

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
EXTENSIONS = ["csv", "xlsx", "ics"]


def again(atria: list[Atrium], extension: str) -> list[Atrium]:
    data = agenda_file_bytes(atria, f"agenda.{extension}", NOW)
    parsed = read_agenda_file(data, f"agenda.{extension}", now=NOW)
    assert not parsed.problems
    return [candidate.atrium for candidate in parsed.candidates]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_the_sample_comes_back_as_it_was(sample: list[Atrium], extension: str) -> None:
    assert again(sample, extension) == sample


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_column_is_told_by_an_export(sample: list[Atrium], extension: str) -> None:
    parsed = read_agenda_file(agenda_file_bytes(sample, f"a.{extension}", NOW), f"a.{extension}", now=NOW)
    kept = {"sequence", "updated_at", "announced_at", "cancelled_at"}
    kept |= {"materials_url", "materials_at", "quiet_posts", "is_full"}
    fields = {field.name for field in dataclasses.fields(Atrium)}
    assert all(candidate.told == fields - kept for candidate in parsed.candidates)


def plain(text: str) -> str:
    """The text as any reader keeps it: composed, trimmed."""
    return unicodedata.normalize("NFC", text.strip())


#: What people type, and what files trip over: separators, quotes, formulas, escapes, line breaks.
SIGNS = st.sampled_from(list("aé;,\"'=+-@|\\:<>&% \u00a0n#0_€ü😀"))
LINE = st.text(SIGNS, min_size=1, max_size=30).map(plain).filter(bool)
PARAGRAPH = (
    st.text(st.one_of(SIGNS, st.just("\n"), st.just("\t")), min_size=1, max_size=60).map(plain).filter(bool)
)
ROLES = [role for role in Audience if role is not Audience.EXTERN]
KEY = st.text(st.sampled_from("abz019._-@:+~=$"), min_size=1, max_size=12)


@st.composite
def atria(draw: st.DrawFn) -> Atrium:
    day = draw(st.dates(dt.date(2026, 12, 1), dt.date(2030, 12, 31)))
    begin = draw(st.times(dt.time(4), dt.time(20)).map(lambda time: time.replace(second=0, microsecond=0)))
    starts = dt.datetime.combine(day, begin, BRUSSELS).astimezone(dt.UTC)
    length = draw(st.one_of(st.none(), st.integers(1, 180)))
    municipality, province = draw(st.sampled_from([("Gent", "Oost-Vlaanderen"), ("Brussel", None)]))
    status = draw(st.sampled_from([Status.GEPLAND, Status.BEVESTIGD, Status.GEANNULEERD]))
    return Atrium(
        uid=draw(KEY),
        kind=draw(st.sampled_from(Kind)),
        title=draw(LINE),
        theme=draw(st.none() | LINE),
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=length) if length else None,
        venue=draw(st.none() | LINE),
        address=draw(st.none() | LINE),
        municipality=municipality,
        province=province,
        region=draw(st.none() | LINE),
        audience=draw(st.frozensets(st.sampled_from(ROLES))),
        description=draw(st.none() | PARAGRAPH),
        programme=draw(st.none() | PARAGRAPH),
        registration_url=draw(st.none() | st.just("https://example.org/a?b=c;d,e")),
        registration_until=draw(st.none() | st.just(day)),
        organiser=draw(st.none() | LINE),
        contact=draw(st.none() | LINE),
        status=status,
        visibility=draw(st.frozensets(st.sampled_from(["mandatarissen", "handhaving"]))),
        programme_uid=draw(st.none() | KEY),
        updated_at=NOW,
        announced_at=NOW,
        cancelled_at=NOW if status is Status.GEANNULEERD else None,
    )  # fmt: skip


@pytest.mark.parametrize("extension", EXTENSIONS)
@settings(max_examples=60, deadline=None)
@given(made=st.lists(atria(), min_size=1, max_size=3, unique_by=lambda one: one.uid))
def test_whatever_an_atrium_holds_comes_back_as_it_was(extension: str, made: list[Atrium]) -> None:
    assert again(made, extension) == made
