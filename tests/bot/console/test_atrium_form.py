"""The form of an atrium says what to mind before it keeps anything, and holds all that a conversation can."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from handlers.model import Atrium
from store import audit
from store.agenda import get_atrium, save_atrium
from store.engine import Store
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import form_of, value_of
from tests.fakes.console_visitors import Moderator
from tests.fakes.network import atrium

CHRISTMAS = {
    "soort": "lokaal",
    "status": "gepland",
    "titel": "Lokaal Atrium met Kerstmis",
    "datum": "2026-12-25",
    "begin": "09:30",
    "gemeente": "Brussel",
}
EDIT = "/beheer/agenda/atr-1-044/wijzigen"


def kept(store: Store, uid: str = "atr-1-044") -> Atrium:
    with store.reading() as session:
        return get_atrium(session, uid)


def sent(visitor: Moderator, path: str = EDIT, **different: str | tuple[str, ...]) -> int:
    form = form_of(visitor.get(path).text)
    return visitor.send(path, **{**form, **different}).status_code


def test_a_holiday_and_no_region_are_told_before_a_new_atrium_is_kept(enter: Enter) -> None:
    visitor = enter("moderator")
    first = visitor.send("/beheer/agenda/nieuw", **CHRISTMAS)
    assert first.status_code == 422
    assert "Er is nog niets bewaard" in first.text
    assert "Vrijdag 25 december 2026 is een feestdag" in first.text
    assert "wie een regio volgt" in first.text
    assert 'value="Lokaal Atrium met Kerstmis"' in first.text, "what was typed still stands there"
    assert "met Kerstmis" not in visitor.get("/beheer/agenda?q=kerstmis").text.partition('role="status"')[2]
    again = visitor.send("/beheer/agenda/nieuw", **CHRISTMAS, gezien=value_of(first.text, "gezien"))
    assert again.status_code == 303, "it warns, it does not forbid"


def test_what_was_seen_of_one_day_does_not_do_for_another(enter: Enter) -> None:
    visitor = enter("moderator")
    seen = value_of(visitor.send("/beheer/agenda/nieuw", **CHRISTMAS).text, "gezien")
    other = {**CHRISTMAS, "datum": "2027-11-11", "gezien": seen}
    answer = visitor.send("/beheer/agenda/nieuw", **other)
    assert answer.status_code == 422
    assert "11 november 2027 is een feestdag" in answer.text


def test_an_ordinary_atrium_is_kept_at_once(enter: Enter) -> None:
    ordinary = {**CHRISTMAS, "datum": "2027-12-14", "gemeente": "Temse"}
    assert enter("moderator").send("/beheer/agenda/nieuw", **ordinary).status_code == 303


def test_moving_to_a_holiday_is_told_and_other_changes_are_not_held_up(
    enter: Enter, furnished: Store
) -> None:
    visitor = enter("moderator")
    assert sent(visitor, locatie="De Zaal") == 303
    assert sent(visitor, datum="2027-05-01", inschrijven_tot="2027-04-30") == 422
    assert kept(furnished).local_date == dt.date(2027, 4, 12)


def test_places_of_a_programme_on_a_holiday_are_told_too(enter: Enter, furnished: Store) -> None:
    visitor, path = enter("moderator"), "/beheer/agenda/atr-1-044/plaatsen"
    place = {"datum-1": "2027-05-01", "begin-1": "09:00", "gemeente-1": "Aalst"}
    answer = visitor.send(path, **place)
    assert answer.status_code == 422
    assert "Aalst: zaterdag 1 mei 2027 is een feestdag" in answer.text
    assert visitor.send(path, **place, gezien=value_of(answer.text, "gezien")).status_code == 303


def test_full_quiet_and_presentations_are_set_and_audited_as_in_a_conversation(
    enter: Enter, furnished: Store, now: dt.datetime
) -> None:
    link = "https://example.org/presentaties"
    visitor = enter("moderator")
    assert sent(visitor, volzet=("ja",), stil=("reminder", "practical"), presentaties=link) == 303
    after = kept(furnished)
    assert (after.is_full, after.quiet_posts) == (True, frozenset({"reminder", "practical"}))
    assert (after.materials_url, after.materials_at) == (link, now)
    with furnished.reading() as session:
        act = audit.entries(session, 5, subject="atr-1-044")[0]
    assert act.action == "changed"
    assert act.before is not None
    assert act.after is not None
    assert (act.before["is_full"], act.after["is_full"]) == (False, True)
    page = visitor.get(EDIT).text
    assert 'name="volzet" value="ja" checked' in page
    assert 'name="stil" value="reminder" checked' in page
    assert sent(visitor, volzet=(), stil=(), presentaties="") == 303
    again = kept(furnished)
    assert (again.is_full, again.quiet_posts, again.materials_url) == (False, frozenset(), None)


def test_an_untouched_form_leaves_them_as_they_are(enter: Enter, furnished: Store) -> None:
    with furnished.writing() as session:
        told = replace(
            get_atrium(session, "atr-1-044"),
            is_full=True,
            quiet_posts=frozenset({"all"}),
            materials_url="https://example.org/p",
        )
        save_atrium(session, told)
    before = kept(furnished)
    assert sent(enter("moderator")) == 303
    assert kept(furnished) == before


def test_a_link_that_is_none_and_an_unknown_kind_of_post_are_refused(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    before = kept(furnished)
    assert sent(visitor, presentaties="javascript:alert(1)") == 422
    assert sent(visitor, stil=("iets",)) == 422
    assert kept(furnished) == before


def test_once_it_has_begun_only_the_presentations_can_be_told(
    enter: Enter, furnished: Store, now: dt.datetime
) -> None:
    with furnished.writing() as session:
        save_atrium(session, atrium("2026-11-20 09:00", uid="voorbij"))
    visitor, path = enter("moderator"), "/beheer/agenda/voorbij/wijzigen"
    page = visitor.get(path).text
    assert 'name="presentaties"' in page
    assert 'name="volzet"' not in page
    assert 'name="stil"' not in page
    assert sent(visitor, path, presentaties="https://example.org/p", volzet=("ja",), stil=("all",)) == 303
    after = kept(furnished, "voorbij")
    assert (after.materials_url, after.materials_at) == ("https://example.org/p", now)
    assert (after.is_full, after.quiet_posts) == (False, frozenset())


def test_whose_atrium_it_is_not_sets_none_of_it(enter: Enter, furnished: Store) -> None:
    form = form_of(enter("moderator").get(EDIT).text)
    assert enter("elders").send(EDIT, **{**form, "volzet": ("ja",)}).status_code == 403
    assert not kept(furnished).is_full
