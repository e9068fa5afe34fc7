"""The words of the console are texts: what a moderator makes of them is read at once, on every page."""

from __future__ import annotations

import re

import pytest

from bot.web.console.text_examples import examples
from bot.web.console.texts import PAGE_SIZE, area_of
from handlers.wording.catalogue import TEXTS
from tests.bot.console.conftest import Enter
from tests.bot.console.test_areas import value_of
from tests.fakes.console_visitors import Moderator
from tests.fakes.visitor import SAME_ORIGIN


def change(visitor: Moderator, name: str, words: str) -> None:
    address = f"/beheer/teksten/{name.replace(' ', '%20')}"
    version = value_of(visitor.get(address).text, "versie")
    assert visitor.send(address, tekst=words, versie=version).status_code == 303


def test_the_menu_a_notice_and_a_refusal_are_worded_by_moderators(enter: Enter) -> None:
    visitor, reader = enter("moderator"), enter("lezer")
    assert ">Groepen en regio&#39;s</a>" in reader.get("/beheer").text
    change(visitor, "beheer.menu netwerk", "Kringen")
    change(visitor, "beheer vraag.van de lijst", "Dat is geregeld.")
    change(visitor, "beheer.mag modereren", "Vraag dit aan Mo.")
    page = reader.get("/beheer").text
    assert page.count(">Kringen</a>") == 2
    assert "Groepen en regio" not in page
    assert visitor.send("/beheer/vragen/1/afhandelen").status_code == 303
    assert '<p class="notice done">Dat is geregeld.</p>' in visitor.get("/beheer/vragen").text
    refused = reader.get("/beheer/logboek")
    assert refused.status_code == 403
    assert "Vraag dit aan Mo." in refused.text


def test_whoever_is_not_signed_in_reads_changed_words_too(enter: Enter) -> None:
    change(enter("moderator"), "beheer.aanmelden", "Kom binnen")
    change(enter("moderator"), "beheer.formulier afgemeld", "Je was even weg.")
    nobody = enter(None)
    assert "<h1>Kom binnen</h1>" in nobody.get("/beheer").text
    answer = nobody.post("/beheer/rollen", data={}, headers=SAME_ORIGIN)
    assert "Je was even weg." in answer.text


def test_what_the_scripts_say_stands_on_the_page(enter: Enter) -> None:
    change(enter("moderator"), "beheer.te lang", "{lengte} is meer dan {hoogstens}.")
    page = enter("lezer").get("/beheer").text
    assert 'data-te-lang="{lengte} is meer dan {hoogstens}."' in page


def test_a_planned_post_gets_no_mark_in_the_overview_whatever_its_state_is_called(
    enter: Enter, planned: None
) -> None:
    for name in (each for each in TEXTS if TEXTS[each].template == "gepland"):
        change(enter("moderator"), name, "klaargezet")
    posts = enter("lezer").get("/beheer").text.partition('id="vertrekt"')[2]
    assert "/beheer/berichten/" in posts
    assert ">klaargezet</span>" not in posts


def test_the_texts_of_the_console_stand_apart_below_those_that_members_read(enter: Enter) -> None:
    page = enter("lezer").get("/beheer/teksten").text
    members, _, console = page.partition('<h2 id="beheer"')
    listed = [set(re.findall(r"\?groep=([^\"]+)\"", part)) for part in (members, console)]
    assert not any(area.startswith(("beheer", "invoer")) for area in listed[0])
    assert all(area.startswith(("beheer", "invoer")) for area in listed[1])
    assert len(listed[0] | listed[1]) == len({area_of(name) for name in TEXTS})
    assert 'href="#beheer"' in members
    for title in ("Beheer: algemeen", "Beheer: vragen en woorden", "Een bestand inlezen"):
        assert f"{title}</a>" in console


def test_much_that_is_found_comes_in_pages_that_keep_what_was_asked(enter: Enter) -> None:
    visitor = enter("lezer")
    page = visitor.get("/beheer/teksten?q=de").text
    seen: list[str] = []
    while True:
        names = re.findall(r'class="main" href="/beheer/teksten/([^"]+)"', page)
        assert 0 < len(names) <= PAGE_SIZE
        seen += names
        following = re.search(r'href="([^"]+)">Volgende<', page)
        if following is None:
            break
        assert "q=de" in following[1]
        page = visitor.get(following[1].replace("&amp;", "&")).text
    assert len(seen) == len(set(seen)) > PAGE_SIZE
    assert f"{len(seen)} teksten<" in page


def test_words_are_found_wherever_they_stand_in_a_text(enter: Enter) -> None:
    reader, found = enter("lezer"), 'href="/beheer/teksten/beheer.menu%20overzicht"'
    assert found in reader.get("/beheer/teksten?q=pagina+menu").text
    assert found not in reader.get("/beheer/teksten?q=pagina+menu+knop").text


def test_the_page_of_a_text_is_named_by_its_words_and_its_place(enter: Enter) -> None:
    title = f"“Agenda” · {TEXTS['beheer.menu agenda'].about}"
    page = enter("lezer").get("/beheer/teksten/beheer.menu%20agenda").text
    assert f"<h1>{title}</h1>" in page
    assert f"<title>{title} - " in page
    assert f'/beheer.menu%20agenda">{title}</a>' in enter("lezer").get("/beheer/teksten?groep=beheer").text


def test_a_text_of_the_console_is_not_said_by_the_bot(enter: Enter) -> None:
    visitor = enter("moderator")
    of_console, of_members = (
        visitor.get(f"/beheer/teksten/{name}").text for name in ("beheer.menu%20agenda", "dank")
    )
    assert "Zo staat het in het beheer" in of_console
    assert "Zo zegt de bot het" not in of_console
    assert "Zo zegt de bot het" in of_members


def test_a_refusal_stands_on_the_page_once(enter: Enter) -> None:
    visitor, address = enter("moderator"), "/beheer/teksten/beheer.menu%20agenda"
    version = value_of(visitor.get(address).text, "versie")
    refused = visitor.send(address, tekst="een } los", versie=version)
    assert refused.status_code == 422
    assert refused.text.count("staat alleen") == 1


@pytest.mark.parametrize("where", sorted(examples()))
def test_every_example_is_of_a_placeholder_that_is_there(where: str) -> None:
    areas = {area_of(name) for name in TEXTS}
    of = (
        [text for name, text in TEXTS.items() if not where or area_of(name) == where]
        if where in areas | {""}
        else [TEXTS[where]]
    )
    there = frozenset().union(*(text.placeholders for text in of))
    assert set(examples()[where]) <= there


def test_a_text_is_looked_at_with_what_suits_it_best(enter: Enter) -> None:
    visitor = enter("lezer")
    assert "<pre>1 vraag</pre>" in visitor.get("/beheer/teksten/beheer%20vraag.aantal%20een").text
    assert "<pre>3 vragen</pre>" in visitor.get("/beheer/teksten/beheer%20vraag.aantal%20meer").text
