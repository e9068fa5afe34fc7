"""What members handed in, in the console: put in order, merged, answered once, and written out."""

from __future__ import annotations

import datetime as dt

import pytest

from handlers.model import Contribution, ContributionSort, Role
from handlers.moderation.contribution_state import ContributionState
from store import audit, contributions, members, outbox
from store.contributions import StoredContribution
from store.engine import Store
from tests.bot.console.conftest import Enter
from tests.fakes.console_visitors import Moderator

UID = "atr-1-044"
PAGE = f"/beheer/agenda/{UID}/inbreng"


@pytest.fixture
def handed(furnished: Store, now: dt.datetime) -> Store:
    """Three for one public atrium, one for a private one, and a suggestion for none."""
    with furnished.writing() as session:
        for name in ("Mia Maes", "Jan Jans"):
            members.ensure_person(session, "local", name, name, Role.MEMBER, now)
        mia, jan = (members.member_id_of(session, "local", name) for name in ("Mia Maes", "Jan Jans"))
        where = {"platform": "local", "community": "algemeen", "thread": "17"}

        def add(member: int, text: str, uid: str | None, *, named: bool = False) -> None:
            given = Contribution(text=text, atrium_uid=uid, named=named)
            contributions.add(session, member, given, now, **where)

        add(mia, "Mag het korter?", UID)
        add(jan, "Kan het ook korter?", UID, named=True)
        add(mia, "<b>Wie</b> betaalt dit?", UID)
        add(mia, "Besloten inbreng", "besloten-1")
        add(jan, "Eens over trage wegen", None)
    return furnished


def of_atrium(store: Store, uid: str | None = UID) -> list[StoredContribution]:
    with store.reading() as session:
        if uid is None:
            return contributions.without_atrium(session)
        return contributions.list_contributions(session, uid)


def step(visitor: Moderator, number: int, what: str, staat: str = "nieuw", **fields: str) -> int:
    return visitor.send(f"/beheer/inbreng/{number}/stap", stap=what, staat=staat, **fields).status_code


def test_a_name_shows_only_where_it_was_agreed_to(enter: Enter, handed: Store) -> None:
    shown = enter("moderator").get(PAGE).text
    assert "door Jan Jans" in shown
    assert "Mia" not in shown
    assert "&lt;b&gt;Wie&lt;/b&gt; betaalt dit?" in shown


def test_what_is_put_on_the_agenda_can_be_ordered_and_a_double_click_moves_once(
    enter: Enter, handed: Store
) -> None:
    visitor = enter("moderator")
    for number in (1, 2, 3):
        assert step(visitor, number, "agenda") == 303
    for _ in range(2):
        assert step(visitor, 3, "omhoog", "op de agenda", plaats="3") == 303
    assert [each.id for each in of_atrium(handed)] == [1, 3, 2]
    assert step(visitor, 1, "omlaag", "op de agenda", plaats="1") == 303
    assert [each.id for each in of_atrium(handed)] == [3, 1, 2]
    with handed.reading() as session:
        acts = [each.action for each in audit.entries(session, 5)]
    assert acts == ["contribution moved"] * 2 + ["contribution"] * 3


def test_whoever_handed_in_hears_the_answer_once_and_theirs_that_were_merged_too(
    enter: Enter, handed: Store
) -> None:
    visitor = enter("moderator")
    assert step(visitor, 1, "samen", met="2") == 303
    assert step(visitor, 2, "antwoord", antwoord="Ja, we stoppen om 12 uur.") == 303
    assert step(visitor, 2, "antwoord", antwoord="Nogmaals.") == 409
    with handed.reading() as session:
        told = [str((each.payload or {})["member"]) for each in outbox.entries(session, kinds=("notice",))]
    assert sorted(told) == ["Jan Jans", "Mia Maes"]
    shown = visitor.get(PAGE).text
    assert "Ook: Mag het korter?" in shown
    assert "Ja, we stoppen om 12 uur." in shown


def test_a_step_that_cannot_be_done_says_why_and_keeps_what_was_typed(enter: Enter, handed: Store) -> None:
    visitor = enter("moderator")
    assert step(visitor, 1, "antwoord") == 422
    assert step(visitor, 1, "samen", met="1") == 422
    assert step(visitor, 1, "samen", met="4") == 422
    assert step(visitor, 1, "verbrand") == 422
    assert step(visitor, 1, "agenda") == 303
    late = visitor.send("/beheer/inbreng/1/stap", stap="weiger", staat="nieuw", antwoord="Te laat.")
    assert late.status_code == 409
    assert "Intussen behandelde iemand anders deze inbreng" in late.text
    assert ">Te laat.</textarea>" in late.text
    assert of_atrium(handed)[0].state is ContributionState.OP_DE_AGENDA


def test_what_is_not_theirs_shows_nowhere_and_changes_nothing(enter: Enter, handed: Store) -> None:
    for who in ("elders", "regionaal", "mandatarissen"):
        visitor = enter(who)
        for path in ("/beheer", "/beheer/inbreng?wat=alles", PAGE, f"{PAGE}/inbreng.md"):
            assert "korter" not in visitor.get(path).text, (who, path)
            assert "trage wegen" not in visitor.get(path).text, (who, path)
        assert step(visitor, 1, "agenda") == 403
        assert step(visitor, 5, "agenda") == 403
    assert {each.state for each in of_atrium(handed)} == {ContributionState.NIEUW}
    assert "Besloten inbreng" in enter("mandatarissen").get("/beheer/inbreng").text
    assert "Besloten inbreng" not in enter("elders").get("/beheer/inbreng").text
    assert enter("elders").get("/beheer/agenda/besloten-1/inbreng").status_code == 404
    assert "Mag het korter?" in enter("lezer").get(PAGE).text
    assert step(enter("lezer"), 1, "agenda") == 403


def test_a_suggestion_for_no_atrium_is_answered_too(enter: Enter, handed: Store) -> None:
    visitor = enter("moderator")
    assert "Eens over trage wegen" in visitor.get("/beheer/inbreng/voorstellen").text
    assert step(visitor, 5, "antwoord", antwoord="Goed idee.") == 303
    assert of_atrium(handed, None)[0].state is ContributionState.BEANTWOORD


def test_the_document_for_the_organiser_prints_and_runs_nothing(enter: Enter, handed: Store) -> None:
    visitor = enter("moderator")
    page = visitor.get(f"{PAGE}/inbreng.html")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "@media print" in page.text
    assert "&lt;b&gt;Wie&lt;/b&gt;" in page.text
    markdown = visitor.get(f"{PAGE}/inbreng.md")
    assert markdown.headers["content-disposition"] == 'attachment; filename="inbreng.md"'
    assert "1. Mag het korter?\n" in markdown.text
    assert visitor.get(f"{PAGE}/inbreng.exe").status_code == 404


def test_new_contributions_are_among_what_needs_somebody(enter: Enter, handed: Store) -> None:
    visitor = enter("moderator")
    assert "Nieuwe inbreng" in visitor.get("/beheer").text
    for number in range(1, 6):
        step(visitor, number, "agenda")
    assert "Nieuwe inbreng" not in visitor.get("/beheer").text
    assert "Mag het korter?" in visitor.get("/beheer/inbreng?wat=op-de-agenda").text


def test_what_came_from_the_page_is_marked_so_and_can_be_wiped(
    enter: Enter, handed: Store, now: dt.datetime
) -> None:
    visitor = enter("moderator")
    given = Contribution(text="Van buiten", atrium_uid=UID, sort=ContributionSort.AGENDAPUNT)
    with handed.writing() as session:
        from_page = contributions.Visitor(proof="1", email="gast@example.org")
        contributions.add_from_page(session, given, from_page, now)
    shown = visitor.get(PAGE).text
    assert shown.count("Van de pagina, niet geverifieerd.") == 1
    assert 'href="mailto:gast@example.org"' in shown
    assert "Agendapunt, ingebracht" in shown
    assert "agendapunt, van de pagina, niet geverifieerd" in visitor.get(f"{PAGE}/inbreng.md").text
    number = of_atrium(handed)[-1].id
    assert step(visitor, number, "agenda") == 303
    assert step(visitor, number, "weg") == 303
    assert "Van buiten" not in visitor.get(PAGE).text
    assert step(visitor, 1, "weg") == 409
    with handed.reading() as session:
        assert [each.action for each in audit.entries(session, 1)] == ["contribution dropped"]
        assert not list(outbox.entries(session, kinds=("notice",)))


def test_what_was_merged_keeps_its_name(enter: Enter, handed: Store) -> None:
    visitor = enter("moderator")
    named = next(each for each in of_atrium(handed) if contributions.handed_in(each).author)
    other = next(each for each in of_atrium(handed) if each.id != named.id)
    assert step(visitor, named.id, "samen", met=str(other.id)) == 303
    page = visitor.get(PAGE).text
    merged = page.partition('<ul class="merged">')[2].partition("</ul>")[0]
    assert named.contribution.text in merged
    assert "door Jan Jans" in merged
