"""What the bot says unasked, word for word: the texts lie in tests/golden/posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.model import Atrium, Kind, Status
from handlers.posts.announcement import announcement
from handlers.posts.cancellation import cancellation
from handlers.posts.change import change
from handlers.posts.deadline import deadline
from handlers.posts.digest import LivelyThread, Overview, digest
from handlers.posts.invitation import invitation
from handlers.posts.moderators import ModeratorsOverview, PostLine, moderators_digest
from handlers.posts.practical import practical
from handlers.posts.reminder import reminder
from handlers.posts.save_the_date import save_the_date
from handlers.posts.thanks import thanks
from handlers.reply import Reply
from handlers.rhythm import NORMS, Rhythm
from tests.fakes.network import atrium, brussels

GOLDEN = Path(__file__).parents[2] / "golden" / "posts"

WAASLAND = atrium(
    kind=Kind.LOKAAL,
    title="Lokaal Atrium Waasland",
    theme="klimaatadaptatie in de dorpskern",
    region="Waasland",
    description="Overleg van de vaste groep Waasland.",
    programme="9.30 onthaal | 10.00 toelichting",
    contact="02 553 80 56",
)
#: All that the record must hold, and nothing more.
BARE = atrium(
    ends_at=None, venue=None, address=None, theme=None, registration_until=None, registration_url=None
)
WEEK_BEFORE = brussels("2027-02-10 09:00")


LIVELY = (LivelyThread(url="https://atria.example.org/community/algemeen#bericht-12", messages=14),)


def place(name: str, at: str, uid: str) -> Atrium:
    return atrium(
        at,
        uid=uid,
        kind=Kind.PROVINCIAAL,
        title=f"Provinciaal Atrium {name}",
        theme="windturbines en draagvlak",
        municipality=name,
        venue="Provinciehuis",
        address="Provincieplein 1",
        registration_url=f"https://inschrijven.example.org/{uid}",
        programme_uid="prov",
    )


TOUR = [
    place("Antwerpen", "2027-04-06 09:00", "p-1"),
    place("Leuven", "2027-04-09 09:00", "p-2"),
    place("Gent", "2027-04-12 09:00", "p-3"),
    place("Hasselt", "2027-04-15 09:00", "p-4"),
]


def called_off(one: Atrium) -> Atrium:
    return replace(one, status=Status.GEANNULEERD, cancelled_at=WEEK_BEFORE)


def full_overview() -> Overview:
    return Overview(
        monday=dt.date(2027, 2, 8),
        weeks=6,
        remembered=(WAASLAND,),
        closing=(
            atrium("2027-02-12 13:00", uid="c-1", title="Thematisch Atrium: ontharding", theme="ontharding"),
        ),
        cancelled=(called_off(atrium("2027-02-18 09:30", uid="c-2", title="Atrium Centrumsteden")),),
        coming=(
            atrium("2027-02-24 09:30", uid="c-3", title="Lokaal Atrium Kempen", municipality="Turnhout"),
            atrium("2027-03-02 09:30", uid="c-4", title="Lokaal Atrium Limburg", municipality="Genk"),
        ),
        later=(atrium("2027-06-02 09:30", uid="c-5", title="Atrium op Maat voor de kust"),),
        fresh=frozenset({"c-3", "c-5"}),
        changed=frozenset({"c-4"}),
        agenda_url="https://atria.example.org",
    )


def with_materials(one: Atrium) -> Atrium:
    url = f"https://atria.example.org/materiaal/{one.uid}"
    return replace(one, materials_url=url, materials_at=brussels("2027-02-18 14:00"))


def overview_of_a_month() -> Overview:
    return replace(
        full_overview(),
        monthly=True,
        remembered=(),
        noted=(TOUR[0],),
        later=(
            atrium("2027-06-02 09:30", uid="c-5", title="Atrium op Maat voor de kust"),
            atrium("2027-06-09 09:30", uid="c-6", title="Atrium op Maat voor het Hageland"),
        ),
        materials=(with_materials(atrium("2027-01-20 09:30", uid="m-1", title="Lokaal Atrium Midwest")),),
        lively=(
            LivelyThread(url="https://atria.example.org/community/algemeen#bericht-12", messages=14),
            LivelyThread(
                url="https://atria.example.org/community/algemeen#bericht-7",
                messages=3,
                about="Lokaal Atrium Kempen",
            ),
        ),
        changed=frozenset({"c-4", "c-6"}),
    )


def moderators_overview() -> ModeratorsOverview:
    return ModeratorsOverview(
        monday=dt.date(2027, 2, 8),
        planned=(
            PostLine(
                at=brussels("2027-02-09 09:00"),
                community="Algemeen",
                kind="deadline",
                about="Lokaal Atrium Waasland",
            ),
            PostLine(at=brussels("2027-02-10 09:00"), community="Mandatarissen", kind="reminder"),
            PostLine(
                at=brussels("2027-02-12 09:00"),
                community="Algemeen",
                kind="thanks",
                about="Lokaal Atrium Kempen",
                note="tegengehouden",
            ),
        ),
        troubles=(
            PostLine(
                at=brussels("2027-02-03 09:00"),
                community="Water en droogte",
                kind="reminder",
                about="Thematisch Atrium: ontharding",
                note="overgeslagen: het weekbudget van deze community is op",
            ),
        ),
        unanswered=12,
        examples=(("waar kan ik parkeren", 4), ("is er vegetarisch eten", 1)),
        behind=(
            Rhythm(
                kind=Kind.LOKAAL,
                group="Kempen",
                norm=NORMS[Kind.LOKAAL],
                held=1,
                planned=0,
                last=brussels("2026-06-09 09:30"),
                following=None,
                falls_behind=True,
            ),
            Rhythm(
                kind=Kind.MANDATARISSEN,
                group=None,
                norm=NORMS[Kind.MANDATARISSEN],
                held=0,
                planned=1,
                last=None,
                following=brussels("2027-09-06 17:00"),
                falls_behind=True,
            ),
        ),
    )


CASES: dict[str, Callable[[], Reply | None]] = {
    "reminder_week_before": lambda: reminder([WAASLAND], WEEK_BEFORE),
    "reminder_day_before": lambda: reminder([WAASLAND], brussels("2027-02-16 09:00")),
    "reminder_month_before": lambda: reminder([TOUR[0]], brussels("2027-03-09 09:00"), TOUR),
    "reminder_weekend_between": lambda: reminder([TOUR[2]], brussels("2027-04-09 09:00"), TOUR),
    "reminder_several": lambda: reminder([WAASLAND, atrium("2027-02-19 09:30", uid="k")], WEEK_BEFORE),
    "reminder_programme": lambda: reminder(TOUR[:2], brussels("2027-04-02 09:00"), TOUR),
    "reminder_bare": lambda: reminder(
        [
            atrium(
                ends_at=None,
                venue=None,
                address=None,
                theme=None,
                registration_until=None,
                registration_url=None,
            )
        ],
        WEEK_BEFORE,
    ),
    "reminder_practical": lambda: reminder(
        [WAASLAND], brussels("2027-02-16 09:00"), practical={WAASLAND.uid}
    ),
    "reminder_practical_several": lambda: reminder(
        [WAASLAND, TOUR[0]], brussels("2027-02-16 09:00"), practical={WAASLAND.uid}
    ),
    "practical": lambda: practical([WAASLAND], brussels("2027-02-16 09:00")),
    "practical_several": lambda: practical(
        [WAASLAND, atrium("2027-02-17 13:00", uid="k")], brussels("2027-02-16 09:00")
    ),
    "save_the_date": lambda: save_the_date([WAASLAND], brussels("2026-11-25 09:00")),
    "save_the_date_programme": lambda: save_the_date(TOUR, brussels("2027-01-12 09:00"), TOUR),
    "invitation": lambda: invitation([WAASLAND], WEEK_BEFORE),
    "invitation_programme": lambda: invitation(TOUR[:3], WEEK_BEFORE, TOUR),
    "thanks": lambda: thanks([with_materials(WAASLAND)], brussels("2027-02-18 14:30")),
    "thanks_feedback": lambda: thanks([WAASLAND], brussels("2027-02-18 09:00"), feedback=True),
    "thanks_several": lambda: thanks(
        [with_materials(each) for each in TOUR[:2]], brussels("2027-04-12 09:00"), feedback=True
    ),
    "deadline_day_before": lambda: deadline([WAASLAND], brussels("2027-02-15 09:00")),
    "deadline_several": lambda: deadline(TOUR[:2], brussels("2027-04-01 09:00")),
    "announcement": lambda: announcement(WAASLAND, WEEK_BEFORE),
    "announcement_programme": lambda: announcement(TOUR[0], WEEK_BEFORE, TOUR),
    "change_moment": lambda: change(
        [
            (
                WAASLAND,
                replace(
                    WAASLAND, starts_at=brussels("2027-02-18 13:00"), ends_at=brussels("2027-02-18 16:00")
                ),
            )
        ],
        WEEK_BEFORE,
    ),
    "change_place": lambda: change(
        [(WAASLAND, replace(WAASLAND, venue="Cultuurcentrum", address="Parklaan 1"))], WEEK_BEFORE
    ),
    "change_both": lambda: change(
        [(WAASLAND, replace(WAASLAND, ends_at=brussels("2027-02-17 13:00"), municipality="Lokeren"))],
        WEEK_BEFORE,
    ),
    "change_several": lambda: change(
        [(each, replace(each, starts_at=each.starts_at + dt.timedelta(hours=1))) for each in TOUR[:2]],
        WEEK_BEFORE,
    ),
    "cancellation": lambda: cancellation([called_off(WAASLAND)], WEEK_BEFORE),
    "cancellation_programme": lambda: cancellation([called_off(TOUR[1])], WEEK_BEFORE, TOUR),
    "cancellation_several": lambda: cancellation([called_off(each) for each in TOUR[:2]], WEEK_BEFORE),
    "digest": lambda: digest(full_overview(), brussels("2027-02-08 08:30")),
    "digest_monthly": lambda: digest(overview_of_a_month(), brussels("2027-02-08 08:30")),
    "moderators": lambda: moderators_digest(moderators_overview(), brussels("2027-02-08 08:30")),
    "moderators_cut": lambda: moderators_digest(
        moderators_overview(), brussels("2027-02-08 08:30"), max_length=700
    ),
    "digest_cut": lambda: digest(full_overview(), brussels("2027-02-08 08:30"), max_length=900),
}


@pytest.mark.parametrize("name", CASES)
def test_a_post_reads_word_for_word(name: str) -> None:
    reply = CASES[name]()
    assert reply is not None
    assert reply.plain_text() + "\n" == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert reply.automatic


def test_the_sample_reminder_reads_as_the_network_wants_it() -> None:
    reply = reminder([WAASLAND], WEEK_BEFORE)
    assert reply is not None
    assert reply.headline == (
        "Volgende week: Lokaal Atrium Waasland, woensdag 17 februari 2027, van 9.30 tot 12.30 u., "
        "Stadhuis Sint-Niklaas."
    )
    assert reply.paragraphs == (
        (
            "Thema: klimaatadaptatie in de dorpskern. Inschrijven kan nog tot en met dinsdag 16 februari: "
            "https://inschrijven.example.org/atr-1"
        ),
        'Heb je een vraag of een punt voor de agenda? Antwoord hieronder met "inbreng: ...".',
    )


@pytest.mark.parametrize(
    "silent",
    [
        lambda: reminder([called_off(WAASLAND)], WEEK_BEFORE),
        lambda: reminder([WAASLAND], WAASLAND.starts_at),
        lambda: deadline([WAASLAND], brussels("2027-02-17 08:00")),
        lambda: deadline([atrium(registration_until=None)], WEEK_BEFORE),
        lambda: announcement(called_off(WAASLAND), WEEK_BEFORE),
        lambda: change([(WAASLAND, WAASLAND)], WEEK_BEFORE),
        lambda: change([(WAASLAND, called_off(WAASLAND))], WEEK_BEFORE),
        lambda: cancellation([WAASLAND], WEEK_BEFORE),
        lambda: digest(Overview(monday=dt.date(2027, 2, 8), weeks=6), WEEK_BEFORE),
        lambda: digest(replace(Overview(monday=dt.date(2027, 2, 8), weeks=6), lively=LIVELY), WEEK_BEFORE),
        lambda: moderators_digest(ModeratorsOverview(monday=dt.date(2027, 2, 8)), WEEK_BEFORE),
        lambda: practical([called_off(WAASLAND)], WEEK_BEFORE),
        lambda: practical([WAASLAND], WAASLAND.starts_at),
        lambda: save_the_date([called_off(WAASLAND)], WEEK_BEFORE),
        lambda: invitation([WAASLAND], WAASLAND.starts_at),
        lambda: thanks([with_materials(WAASLAND)], brussels("2027-02-17 12:00")),
        lambda: thanks([with_materials(called_off(WAASLAND))], brussels("2027-02-18 09:00")),
        lambda: thanks([WAASLAND], brussels("2027-02-18 09:00")),
    ],
)
def test_what_is_no_longer_so_is_not_said(silent: Callable[[], Reply | None]) -> None:
    """C-27, C-39."""
    assert silent() is None


def test_a_relative_word_stands_only_beside_its_date() -> None:
    """C-10, C-35."""
    for hours in range(0, 40 * 24, 7):
        now = brussels("2027-01-10 00:00") + dt.timedelta(hours=hours)
        reply = reminder([WAASLAND], now)
        if reply is not None:
            assert "woensdag 17 februari 2027" in reply.headline


def test_a_closed_registration_gives_no_link() -> None:
    reply = reminder([replace(WAASLAND, registration_until=dt.date(2027, 2, 8))], WEEK_BEFORE)
    assert reply is not None
    assert "De inschrijvingen zijn gesloten." in reply.plain_text()
    assert "inschrijven.example.org" not in reply.plain_text()


@pytest.mark.parametrize("limit", [400, 900, 3000])
def test_an_overview_fits_the_platform_and_says_how_much_was_left_out(limit: int) -> None:
    """C-6."""
    many = tuple(atrium(uid=f"m-{each}", title=f"Atrium nummer {each}") for each in range(300))
    overview = Overview(
        monday=dt.date(2027, 2, 8), weeks=6, coming=many, agenda_url="https://atria.example.org"
    )
    reply = digest(overview, brussels("2027-02-08 08:30"), max_length=limit)
    assert reply is not None
    text = reply.plain_text()
    assert len(text) <= limit
    shown = sum(line.startswith("- ") for line in text.splitlines())
    assert f"En nog {300 - shown}: https://atria.example.org" in text


def test_empty_sections_are_left_out() -> None:
    """C-39."""
    overview = Overview(monday=dt.date(2027, 2, 8), weeks=1, coming=(WAASLAND,))
    reply = digest(overview, brussels("2027-02-08 08:30"))
    assert reply is not None
    assert [part.splitlines()[0] for part in reply.paragraphs] == ["De komende week:"]


@pytest.mark.parametrize("limit", [300, 700, 2000])
def test_the_overview_for_moderators_fits_the_platform(limit: int) -> None:
    """C-6."""
    many = moderators_overview()
    many = replace(many, planned=many.planned * 60, troubles=many.troubles * 60, behind=many.behind * 20)
    reply = moderators_digest(many, brussels("2027-02-08 08:30"), max_length=limit)
    assert reply is not None
    assert len(reply.plain_text()) <= limit


def test_a_full_atrium_is_said_to_be_full() -> None:
    reply = reminder([replace(WAASLAND, is_full=True)], WEEK_BEFORE)
    assert reply is not None
    assert "Dit atrium is volzet." in reply.plain_text()
    assert "inschrijven.example.org" not in reply.plain_text()
