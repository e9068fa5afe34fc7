"""What moderators do in the console: done once, told, audited, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from typing import Any

import httpx
from sqlalchemy import update

from bot.announcing import Announcing
from bot.outcomes import Saved
from handlers.model import WITHHELD, Audience, Status
from handlers.reading.reading import read
from handlers.wording.catalogue import TEXTS
from scheduler.preview import StoredOutbox, replies_of
from store import audit, lexicon, outbox, questions, reactions, texts
from store.agenda import find_atrium, get_atrium, programme_places, save_atrium, vocabulary
from store.engine import Store
from store.groups import list_groups
from store.regions import list_regions
from store.roles import list_grants
from store.states import OutboxState
from store.tables import OutboxRow
from tests.bot.console.conftest import Enter
from tests.fakes.console_visitors import RULES, Moderator, application
from tests.fakes.desk import AN, one_place
from tests.fakes.samples import _SAMPLES as SAMPLES
from tests.fakes.visitor import SAME_ORIGIN

ATRIUM = {
    "soort": "thematisch",
    "status": "gepland",
    "titel": "Thematisch Atrium: ontharding",
    "datum": "2027-03-18",
    "begin": "13:30",
    "gemeente": "Mechelen",
}


def value_of(page: str, name: str) -> str:
    """The value of a hidden field or an input of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def form_of(page: str) -> dict[str, str | tuple[str, ...]]:
    """What the form of an atrium holds when nobody touches it."""
    fields: dict[str, str | tuple[str, ...]] = dict(
        re.findall(r'<input id="veld-[^"]*" name="([^"]+)"[^>]*value="([^"]*)"', page)
    )
    fields |= dict(re.findall(r'<textarea id="veld-[^"]*" name="([^"]+)"[^>]*>([^<]*)</textarea>', page))
    for name, options in re.findall(
        r'<select id="veld-[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    for name, value in re.findall(r'type="checkbox" name="([^"]+)" value="([^"]*)" checked', page):
        fields[name] = (*fields.get(name, ()), value)
    return {**fields, "versie": value_of(page, "versie")}


def base_in(page: str) -> str:
    """What a form held when it was opened, as a browser sends it back."""
    (found,) = re.findall(r'name="basis" value="([^"]*)"', page)
    return html.unescape(found)


def sent_knowing(visitor: Moderator, path: str, **fields: Any) -> httpx.Response:
    """Send a form of the agenda, and once more by whoever read what there is to mind."""
    answer = visitor.send(path, **fields)
    if "Er is nog niets bewaard" in answer.text:
        return visitor.send(path, **fields, gezien=value_of(answer.text, "gezien"))
    return answer


def acts(store: Store, subject: str | None = None) -> list[tuple[str, str | None]]:
    with store.reading() as session:
        return [(each.action, each.place) for each in audit.entries(session, 20, subject=subject)]


# --- the agenda ----------------------------------------------------------------------------------------


def test_a_new_atrium_is_in_the_agenda_and_in_the_audit(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    answer = sent_knowing(visitor, "/beheer/agenda/nieuw", **ATRIUM)
    assert answer.status_code == 303
    uid = answer.headers["location"].rpartition("/")[2]
    assert uid.startswith("thematisch-2027-03-18-mechelen-")
    assert "Toegevoegd aan de agenda" in visitor.get(answer.headers["location"]).text
    assert acts(furnished, uid) == [("added", "console")]


def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(enter: Enter) -> None:
    answer = enter("moderator").send(
        "/beheer/agenda/nieuw", **{**ATRIUM, "gemeente": "Parijs", "einde": "12:00"}
    )
    assert answer.status_code == 422
    assert 'id="veld-gemeente-fout"' in answer.text
    assert 'id="veld-einde-fout"' in answer.text
    assert 'value="Parijs"' in answer.text
    assert 'value="Thematisch Atrium: ontharding"' in answer.text


def test_an_untouched_form_changes_nothing(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    with furnished.reading() as session:
        before = get_atrium(session, "atr-1-044")
    form = form_of(visitor.get("/beheer/agenda/atr-1-044/wijzigen").text)
    assert visitor.send("/beheer/agenda/atr-1-044/wijzigen", **form).status_code == 303
    with furnished.reading() as session:
        assert get_atrium(session, "atr-1-044") == before


def test_of_two_who_edit_at_once_the_second_is_told_and_keeps_what_was_typed(
    enter: Enter, furnished: Store
) -> None:
    first, second = enter("moderator"), enter("collega")
    address = "/beheer/agenda/atr-1-044/wijzigen"
    page = first.get(address).text
    form = {**form_of(page), "basis": base_in(page)}
    theirs = {**form, "locatie": "De Zaal", "doelgroep": ("ambtenaar",), "contact": "Mia"}
    assert first.send(address, **theirs).status_code == 303
    clash = second.send(address, **{**form, "locatie": "De Hal", "thema": "wind op zee"})
    assert clash.status_code == 409
    assert "Iemand anders wijzigde dit atrium" in clash.text
    (only,) = re.findall(r'<ul class="clash">(.*?)</ul>', clash.text, re.DOTALL)
    assert re.findall(r"<dd>(.*?)</dd>", only) == ["De Zaal", "De Hal"]
    assert "overgenomen: Voor wie, Contact." in clash.text
    again = {**form_of(clash.text), "basis": base_in(clash.text)}
    assert (again["locatie"], again["contact"]) == ("De Hal", "Mia")
    assert second.send(address, **again).status_code == 303
    with furnished.reading() as session:
        atrium = get_atrium(session, "atr-1-044")
    assert (atrium.venue, atrium.contact, atrium.theme) == ("De Hal", "Mia", "wind op zee")
    assert atrium.audience == {Audience.AMBTENAAR}
    assert acts(furnished, "atr-1-044")[0] == ("changed", "console")


def test_a_regional_moderator_changes_what_is_theirs_and_nothing_else(enter: Enter, furnished: Store) -> None:
    with furnished.reading() as session:
        from store.agenda import atria_between

        mine = next(
            each
            for each in atria_between(session, dt.datetime(2026, 12, 1, tzinfo=dt.UTC))
            if each.region == "Waasland" and not each.is_cancelled
        )
    address = f"/beheer/agenda/{mine.uid}"
    own, other = enter("regionaal"), enter("elders")
    form = form_of(own.get(f"{address}/wijzigen").text)
    assert other.get(f"{address}/wijzigen").status_code == 403
    assert other.send(f"{address}/wijzigen", **form).status_code == 403
    assert other.send(f"{address}/annuleren", versie=form["versie"]).status_code == 403
    assert own.send(f"{address}/wijzigen", **{**form, "locatie": "De Zaal"}).status_code == 303
    elsewhere = {**form_of(own.get(f"{address}/wijzigen").text), "gemeente": "Ieper", "regio": "Westhoek"}
    assert own.send(f"{address}/wijzigen", **elsewhere).status_code == 403
    assert own.send("/beheer/agenda/nieuw", **ATRIUM).status_code == 403


def test_a_cancellation_asks_once_and_is_told(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    page = visitor.get("/beheer/agenda/atr-1-044/annuleren")
    assert "Annuleer Provinciaal Atrium Gent" in page.text
    assert visitor.send("/beheer/agenda/atr-1-044/annuleren", versie="oud").status_code == 409
    version = value_of(page.text, "versie")
    assert visitor.send("/beheer/agenda/atr-1-044/annuleren", versie=version).status_code == 303
    assert visitor.send("/beheer/agenda/atr-1-044/annuleren", versie=version).status_code == 303
    with furnished.reading() as session:
        assert get_atrium(session, "atr-1-044").is_cancelled
    assert acts(furnished, "atr-1-044").count(("cancelled", "console")) == 1


def test_a_programme_comes_in_more_places_or_in_none(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    answer = sent_knowing(visitor, "/beheer/agenda/nieuw", **ATRIUM)
    uid = answer.headers["location"].rpartition("/")[2]
    place = {"datum-1": "2027-03-19", "begin-1": "13:30", "gemeente-1": "Gent"}
    wrong = {"datum-2": "2027-03-20", "begin-2": "13:30", "gemeente-2": "Parijs"}
    refused = visitor.send(f"/beheer/agenda/{uid}/plaatsen", **place, **wrong)
    assert refused.status_code == 422
    assert 'id="veld-gemeente-2-fout"' in refused.text
    right = {**wrong, "gemeente-2": "Leuven"}
    assert sent_knowing(visitor, f"/beheer/agenda/{uid}/plaatsen", **place, **right).status_code == 303
    with furnished.reading() as session:
        programme = get_atrium(session, uid).programme_uid
        assert programme is not None
        places = programme_places(session, programme)
    assert [each.municipality for each in places] == ["Mechelen", "Gent", "Leuven"]


def upload(visitor: Moderator, name: str, data: bytes) -> str:
    page = visitor.get("/beheer/agenda/bestand").text
    answer = visitor.post(
        "/beheer/agenda/bestand",
        data={"bewijs": value_of(page, "bewijs")},
        files={"bestand": (name, data)},
        headers=SAME_ORIGIN,
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_file_is_looked_at_before_anything_changes(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    data = b"uid;soort;titel;datum;begin;gemeente\nnieuw-1;thematisch;Nieuw;2027-05-05;09:00;Gent\n"
    address = upload(visitor, "agenda.csv", data)
    page = visitor.get(address)
    assert "<b>1 nieuw, 0 gewijzigd, 0 geannuleerd</b>" in page.text
    with furnished.reading() as session:
        assert find_atrium(session, "nieuw-1") is None
    assert enter("collega").get(address).status_code == 404
    assert visitor.send(address).status_code == 303
    with furnished.reading() as session:
        assert find_atrium(session, "nieuw-1") is not None
    assert acts(furnished, "nieuw-1") == [("imported", "console")]
    assert visitor.send(address).status_code == 404


def test_a_file_with_a_mistake_names_its_line_and_is_not_read(enter: Enter) -> None:
    visitor = enter("moderator")
    data = b"uid;soort;titel;datum;begin;gemeente\nnieuw-1;thematisch;Nieuw;2027-05-05;09:00;Parijs\n"
    address = upload(visitor, "agenda.csv", data)
    page = visitor.get(address)
    assert page.status_code == 422
    assert "Regel 2, kolom gemeente" in page.text
    assert visitor.send(address).status_code == 422


def test_a_file_that_changes_much_asks_whether_it_is_right(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    data = (SAMPLES / "atria_voorbeeld.csv").read_bytes().replace(b"Atrium", b"Bijeenkomst")
    address = upload(visitor, "agenda.csv", data)
    assert "Het klopt dat" in visitor.get(address).text
    assert visitor.send(address).status_code == 422
    with furnished.reading() as session:
        assert get_atrium(session, "atr-1-044").title == "Provinciaal Atrium Gent"
    assert visitor.send(address, zeker="ja").status_code == 303


# --- posts ---------------------------------------------------------------------------------------------


def a_post(store: Store, community: str = "algemeen") -> outbox.Entry:
    with store.reading() as session:
        return outbox.entries(session, (OutboxState.PLANNED,), community, not_kinds=("digest",), limit=1)[0]


def step(visitor: Moderator, number: int, name: str, **more: str) -> int:
    page = visitor.get(f"/beheer/berichten/{number}").text
    version = value_of(page, "versie")
    return visitor.send(f"/beheer/berichten/{number}/stap", stap=name, versie=version, **more).status_code


def test_a_post_is_held_released_moved_and_skipped(enter: Enter, furnished: Store, planned: None) -> None:
    visitor, post = enter("moderator"), a_post(furnished)
    assert step(visitor, post.id, "tegenhouden") == 303
    assert step(visitor, post.id, "loslaten") == 303
    assert step(visitor, post.id, "verplaatsen", datum="2026-12-03", uur="10:15") == 303
    assert step(visitor, post.id, "verplaatsen", datum="2020-12-03", uur="10:15") == 409
    assert step(visitor, post.id, "verplaatsen", datum="x", uur="y") == 409
    with furnished.reading() as session:
        moved = outbox.get_entry(session, post.id)
    assert moved.due_at == dt.datetime(2026, 12, 3, 9, 15, tzinfo=dt.UTC)
    assert step(visitor, post.id, "schrappen") == 303
    assert [action for action, _ in acts(furnished, post.key)] == [
        "post skipped",
        "post moved",
        "post released",
        "post held",
    ]


def test_a_moved_post_stays_where_it_was_put_when_everything_is_planned_anew(
    enter: Enter, furnished: Store, planned: None, now: dt.datetime
) -> None:
    from scheduler.changes import replan_all
    from tests.fakes.console_visitors import RULES

    post = a_post(furnished)
    step(enter("moderator"), post.id, "verplaatsen", datum="2026-12-03", uur="10:15")
    replan_all(furnished, RULES, now)
    with furnished.reading() as session:
        assert outbox.get_entry(session, post.id).due_at == dt.datetime(2026, 12, 3, 9, 15, tzinfo=dt.UTC)


def test_a_post_that_is_due_while_the_bot_is_quiet_says_when_it_leaves(
    enter: Enter, furnished: Store, planned: None, now: dt.datetime
) -> None:
    visitor, post = enter("moderator"), a_post(furnished)
    sunday = {"datum": "2026-11-29", "uur": "07:00", "gezien": "2026-11-29 07:00"}
    assert step(visitor, post.id, "verplaatsen", **sunday) == 303
    leaves = "vertrekt maandag 30 november 2026 om 8.00 u."
    assert f"zondag 29 november 2026, 7.00 u., {leaves}" in visitor.get(f"/beheer/berichten/{post.id}").text
    assert leaves in visitor.get("/beheer/berichten").text
    with furnished.reading() as session:
        entry = outbox.get_entry(session, post.id)
        monday = dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC)
        at_monday = replies_of(session, [replace(entry, due_at=monday)], RULES, now)
        assert replies_of(session, [entry], RULES, now) == at_monday
        owed = StoredOutbox(session, RULES, now).find(post.id, frozenset({"algemeen"}))
    assert owed is not None
    assert owed.leaves == monday
    step(visitor, post.id, "tegenhouden")
    assert leaves not in visitor.get(f"/beheer/berichten/{post.id}").text


def test_placing_a_post_at_once_is_asked_first(enter: Enter, furnished: Store, planned: None) -> None:
    visitor, post = enter("moderator"), a_post(furnished)
    page = f"/beheer/berichten/{post.id}"
    version = value_of(visitor.get(page).text, "versie")
    first = visitor.send(f"{page}/stap", stap="nu", versie=version)
    assert first.headers["location"].startswith(f"{page}/nu")
    with furnished.reading() as session:
        assert outbox.get_entry(session, post.id).due_at == post.due_at
    asks = visitor.get(first.headers["location"]).text
    assert "Dit bericht nu plaatsen?" in asks
    assert re.search(r"<li>Atrium Lerend Netwerk, \d+ (lid|leden)</li>", asks)
    assert "plaatst de bot niets uit zichzelf" not in asks
    answer = visitor.send(f"{page}/stap", stap="nu", zeker="ja", versie=value_of(asks, "versie"))
    assert answer.status_code == 303
    after = visitor.get(page).text
    assert "onderweg" in after
    assert 'value="nu"' not in after
    assert visitor.get(f"{page}/nu").status_code == 303


def test_placing_at_once_out_of_hours_is_warned_of(furnished: Store, planned: None, now: dt.datetime) -> None:
    evening = now.replace(hour=19, minute=30)
    visitor = Moderator(application(furnished, evening), furnished, evening, "moderator")
    asks = visitor.get(f"/beheer/berichten/{a_post(furnished).id}/nu").text
    assert "Om 20.30 u. plaatst de bot niets uit zichzelf" in asks
    assert "dan krijgen mensen het toch meteen" in asks


def test_a_step_on_what_somebody_else_touched_is_told(enter: Enter, furnished: Store, planned: None) -> None:
    first, second, post = enter("moderator"), enter("collega"), a_post(furnished)
    old = value_of(second.get(f"/beheer/berichten/{post.id}").text, "versie")
    assert step(first, post.id, "tegenhouden") == 303
    answer = second.send(f"/beheer/berichten/{post.id}/stap", stap="schrappen", versie=old)
    assert answer.status_code == 409
    assert "Intussen is er met dit bericht iets gebeurd" in answer.text


def test_a_post_goes_at_once_and_an_uncertain_one_is_settled(
    enter: Enter, furnished: Store, planned: None, now: dt.datetime
) -> None:
    visitor, post = enter("moderator"), a_post(furnished)
    assert step(visitor, post.id, "nu", zeker="ja") == 303
    with furnished.reading() as session:
        entry = outbox.get_entry(session, post.id)
    assert (entry.state, entry.due_at) == (OutboxState.PLANNED, now)
    from sqlalchemy import update

    from store.tables import OutboxRow

    with furnished.writing() as session:
        session.execute(update(OutboxRow).where(OutboxRow.id == post.id).values(state=OutboxState.AMBIGUOUS))
    assert step(visitor, post.id, "staat-er") == 409
    assert step(visitor, post.id, "staat-er", bericht="m-1") == 303
    with furnished.reading() as session:
        assert outbox.get_entry(session, post.id).state is OutboxState.SENT


def test_a_regional_moderator_cannot_steer_elsewhere(enter: Enter, furnished: Store, planned: None) -> None:
    with furnished.reading() as session:
        provincial = next(
            each
            for each in outbox.entries(session, (OutboxState.PLANNED,), "algemeen", limit=500)
            if each.atrium_uid == "atr-1-044"
        )
    version = value_of(enter("moderator").get(f"/beheer/berichten/{provincial.id}").text, "versie")
    answer = enter("elders").send(f"/beheer/berichten/{provincial.id}/stap", stap="schrappen", versie=version)
    assert answer.status_code == 403


def test_pausing_everything_is_for_administrators(enter: Enter) -> None:
    assert enter("moderator").send("/beheer/pauze", community="", stap="pauzeer").status_code == 403
    assert enter("moderator").send("/beheer/pauze", community="algemeen", stap="pauzeer").status_code == 303
    assert enter("beheerder").send("/beheer/pauze", community="", stap="pauzeer").status_code == 303
    assert "Alles is gepauzeerd" in enter("lezer").get("/beheer").text


# --- questions, words, texts ---------------------------------------------------------------------------


def test_a_question_is_answered_once_in_its_own_thread(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    assert visitor.send("/beheer/vragen/1/antwoord", antwoord="Op 3 december.\nIn Gent.").status_code == 303
    again = enter("collega").send("/beheer/vragen/1/antwoord", antwoord="Ook ik weet het.")
    assert again.status_code == 409
    assert "Ook ik weet het." in again.text or "afgehandeld" in again.text
    with furnished.reading() as session:
        owed = outbox.entry_with_key(session, "answer:console:1")
        assert questions.count_open(session, None) == 1
    assert owed is not None
    assert (owed.platform, owed.community_key, owed.thread) == ("local", "algemeen", "17")


def test_a_taught_word_is_read_from_then_on(enter: Enter, furnished: Store, now: dt.datetime) -> None:
    visitor = enter("moderator")
    word = {"woord": "HWP", "betekenis": "hemelwater"}
    seen = value_of(visitor.send("/beheer/woorden", **word).text, "gezien")
    assert visitor.send("/beheer/woorden", **word, gezien=seen).status_code == 303
    with furnished.reading() as session:
        assert (
            read("welke groep over hwp?", now, vocabulary(session)).theme
            == read("welke groep over hemelwater?", now, vocabulary(session)).theme
        )
    assert visitor.send("/beheer/woorden/vergeten", woord="hwp").status_code == 303
    with furnished.reading() as session:
        assert lexicon.list_words(session) == []


def test_a_text_without_its_placeholder_is_not_kept(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    page = visitor.get("/beheer/teksten/contact").text
    version = value_of(page, "versie")
    wrong = visitor.send("/beheer/teksten/contact", tekst="Bel {nummer}.", versie=version)
    assert wrong.status_code == 422
    assert "Onbekende invulplaats" in wrong.text
    assert "Bel {nummer}." in wrong.text
    assert visitor.send("/beheer/teksten/contact", tekst="Bel {telefoon}.", versie=version).status_code == 303
    clash = enter("collega").send("/beheer/teksten/contact", tekst="Bel gerust {telefoon}.", versie=version)
    assert clash.status_code == 409
    with furnished.reading() as session:
        assert texts.changed_texts(session) == {"contact": "Bel {telefoon}."}
    back = value_of(visitor.get("/beheer/teksten/contact").text, "versie")
    assert visitor.send("/beheer/teksten/contact/terugzetten", versie=back).status_code == 303
    assert TEXTS["contact"].template.partition("{")[0] in visitor.get("/beheer/teksten/contact").text


# --- groups, regions, roles, log -------------------------------------------------------------------------


def test_a_text_that_does_not_fit_where_it_is_shown_is_not_kept(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    address = "/beheer/teksten/slack.titel%20aankondigen"
    page = visitor.get(address).text
    assert "Hier passen hoogstens 24 tekens." in page
    version, long = value_of(page, "versie"), "Een nieuw atrium aankondigen"
    refused = visitor.send(address, tekst=long, versie=version)
    assert refused.status_code == 422
    assert "hoogstens 24 tekens, en dit zijn er 28" in refused.text
    assert long in refused.text
    shown = visitor.send(f"{address}/voorbeeld", tekst=long)
    assert "hoogstens 24 tekens" in shown.text
    with furnished.reading() as session:
        assert texts.changed_texts(session) == {}
    assert visitor.send(address, tekst="Nieuw atrium", versie=version).status_code == 303


def test_names_reasons_and_pages_are_texts_in_groups_of_their_own(enter: Enter) -> None:
    visitor = enter("moderator")
    first = visitor.get("/beheer/teksten").text
    for group in ("Redenen waarom iets niet vertrok", "Slack: startscherm, vensters en knoppen"):
        assert f"{group}</a>" in first
    assert "een moderator kondigde dit atrium al aan" in visitor.get("/beheer/teksten?groep=reden").text
    assert (
        "Een Provinciaal Atrium, zoals de bot het noemt." in visitor.get("/beheer/teksten?q=provinciaal").text
    )


def test_texts_are_found_by_area_by_word_and_by_being_changed(enter: Enter) -> None:
    visitor = enter("moderator")
    first = visitor.get("/beheer/teksten").text
    assert "Inbreng</a>" in first
    assert TEXTS["groet"].about not in first
    one_area = visitor.get("/beheer/teksten?groep=algemeen").text
    assert TEXTS["groet"].about in one_area
    assert TEXTS["inbreng.wat"].about not in one_area
    assert TEXTS["dank"].about in visitor.get("/beheer/teksten?q=graag+gedaan").text
    assert "Geen tekst gevonden" in visitor.get("/beheer/teksten?toon=gewijzigd").text
    version = value_of(visitor.get("/beheer/teksten/dank").text, "versie")
    visitor.send("/beheer/teksten/dank", tekst="Met plezier.", versie=version)
    changed = visitor.get("/beheer/teksten?toon=gewijzigd").text
    assert "1 tekst<" in changed
    assert "Met plezier." in changed


def test_a_text_is_looked_at_with_examples_in_its_places(enter: Enter) -> None:
    assert "02 555 00 00" in enter("moderator").get("/beheer/teksten/contact").text


def test_the_log_words_its_subjects_and_finds_them_by_those_words(enter: Enter) -> None:
    visitor = enter("moderator")
    version = value_of(visitor.get("/beheer/teksten/dank").text, "versie")
    visitor.send("/beheer/teksten/dank", tekst="Met plezier.", versie=version)
    assert "tekst dank, beheer" in visitor.get("/beheer/logboek?over=tekst+dank").text
    assert "tekst dank, beheer" not in visitor.get("/beheer/logboek?over=tekst+groet").text


def test_groups_and_regions_are_edited_in_place(enter: Enter, furnished: Store) -> None:
    visitor = enter("moderator")
    assert visitor.send("/beheer/netwerk/groep", naam="Water", thema="water", was="").status_code == 303
    page = visitor.get("/beheer/netwerk/groep?naam=Water").text
    version = value_of(page, "versie")
    assert (
        visitor.send("/beheer/netwerk/groep", naam="Waterloop", was="Water", versie=version).status_code
        == 303
    )
    stale = visitor.send("/beheer/netwerk/groep", naam="Anders", was="Water", versie=version)
    assert stale.status_code == 409
    assert 'value="Anders"' in stale.text
    with furnished.reading() as session:
        assert [group.name for group in list_groups(session)] == ["Waterloop"]
    double = visitor.send("/beheer/netwerk/regio", naam="Nieuw", gemeenten="Lokeren, Parijs", was="")
    assert double.status_code == 422
    with furnished.reading() as session:
        assert "Nieuw" not in list_regions(session)


def test_a_role_is_given_and_withdrawn_and_the_settings_leave_it_alone(
    enter: Enter, furnished: Store
) -> None:
    from tests.fakes.console_visitors import settle_people

    visitor = enter("beheerder")
    fields = {"wie": "Nieuw@Example.org", "naam": "Nieuw", "rol": "regionaal_moderator"}
    assert visitor.send("/beheer/rollen", **fields).status_code == 422
    assert visitor.send("/beheer/rollen", **fields, werking=("Waasland",)).status_code == 303
    settle_people(furnished)
    with furnished.reading() as session:
        grant = next(each for each in list_grants(session) if each.given)
    assert grant.identities == ("console:nieuw@example.org",)
    assert visitor.send("/beheer/rollen/intrekken", nummer=str(grant.id)).status_code == 303
    with furnished.reading() as session:
        fixed = list_grants(session)
    assert not any(each.given for each in fixed)
    assert visitor.send("/beheer/rollen/intrekken", nummer=str(fixed[0].id)).status_code == 409


def test_the_log_as_a_file_holds_no_formula(enter: Enter) -> None:
    visitor = enter("beheerder")
    visitor.send("/beheer/netwerk/groep", naam='=HYPERLINK("https://x.example.org")', was="")
    visitor.send("/beheer/rollen", wie="x@example.org", naam="=1+1", rol="lezer")
    text = visitor.get("/beheer/logboek.csv").text
    assert "groep =HYPERLINK" in text
    for line in text.splitlines():
        for cell in line.split(";"):
            assert not cell.strip('"').startswith(("=", "+", "-", "@"))


def test_the_form_of_a_cancelled_atrium_shows_that_it_is_and_its_copy_is_planned(
    enter: Enter, furnished: Store
) -> None:
    with furnished.writing() as session:
        save_atrium(session, replace(get_atrium(session, "atr-1-044"), status=Status.GEANNULEERD))
    visitor = enter("moderator")
    assert form_of(visitor.get("/beheer/agenda/atr-1-044/wijzigen").text)["status"] == "geannuleerd"
    assert form_of(visitor.get("/beheer/agenda/nieuw?van=atr-1-044").text)["status"] == "gepland"
    other = visitor.get("/beheer/agenda/atr-1-053/wijzigen").text
    assert '<option value="geannuleerd"' not in other, "cancelling asks once, and is done elsewhere"


def test_what_is_withheld_is_seen_here_alone_and_stays_so_when_its_form_is_sent(
    enter: Enter, furnished: Store
) -> None:
    with furnished.writing() as session:
        hidden = replace(get_atrium(session, "atr-1-044"), visibility=frozenset({WITHHELD}))
        save_atrium(session, hidden)
    visitor = enter("moderator")
    assert "niemand: de afspraak in de mailbox is privé" in visitor.get("/beheer/agenda/atr-1-044").text
    form = form_of(visitor.get("/beheer/agenda/atr-1-044/wijzigen").text)
    sent = visitor.send("/beheer/agenda/atr-1-044/wijzigen", **{**form, "locatie": "De Zaal"})
    assert sent.status_code == 303
    with furnished.reading() as session:
        after = get_atrium(session, "atr-1-044")
        assert (after.venue, after.visibility) == ("De Zaal", frozenset({WITHHELD}))
    assert enter("regionaal").get("/beheer/agenda/atr-1-044").status_code == 404


def test_the_report_of_an_announcement_counts_reactions_and_is_a_file_too(
    enter: Enter, furnished: Store, now: dt.datetime
) -> None:
    announcing = Announcing(RULES)
    with furnished.writing() as session:
        kept = announcing.save(session, AN, "console", now, one_place(communities=("algemeen",)))
        assert isinstance(kept, Saved)
        number = kept.announcement.id
        assert isinstance(announcing.publish(session, AN, "console", now, number), Saved)
        posted = update(OutboxRow).where(OutboxRow.kind == "announcement")
        session.execute(posted.values(state=OutboxState.SENT, message_id="17", sent_at=now))
        reactions.keep(session, "local", "17", 4, now)
    visitor = enter("moderator")
    page = visitor.get(f"/beheer/aankondigingen/{number}").text
    assert 'scope="col">Reacties</th>' in page
    assert 'data-kop="Reacties">4</td>' in page
    file = visitor.get(f"/beheer/aankondigingen/{number}/verslag.csv")
    assert file.headers["content-type"].startswith("text/csv")
    header, line = file.content.decode("utf-8-sig").splitlines()
    assert header.split(";")[5:8] == ["mensen die antwoordden", "volledig", "reacties"]
    assert line.split(";")[5:8] == ["0", "ja", "4"]
