"""What the bot is, in dialogues: read this first. Each runs through the real store and conversation.

A line that begins with `> ` is said; what follows is the whole answer. The conversation in the README is one
of them.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.network import settle_in
from bot.samples import load_samples
from bot.settings import load_settings
from bot.wiring import build_conversation
from handlers.message import Message
from handlers.model import Role
from scheduler.rules import Rules
from store.engine import Store
from tests.fakes.network import brussels

README = Path(__file__).parents[1] / "README.md"

DIALOGUES = {
    "a typo, one's own atrium, and what hangs on it": """
> ik werk in zotegem, wanneer is mijn lokaal atrium
Voor Zottegem: het volgende Lokaal Atrium Vlaamse Ardennen is op woensdag 24 februari 2027, van 9.30 tot 12.30 u.
Waar: Stadhuis, Markt 1, Oudenaarde
Thema: erfgoed in het vergunningenbeleid
Inschrijven tot en met dinsdag 23 februari: https://inschrijven.example.org/atr-1-027
Ik las zotegem als Zottegem.
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> hoe schrijf ik me in?
Je kunt je inschrijven voor het Lokaal Atrium Vlaamse Ardennen van woensdag 24 februari 2027.
Wanneer: woensdag 24 februari 2027, van 9.30 tot 12.30 u.
Waar: Stadhuis, Markt 1, Oudenaarde
Inschrijven tot en met dinsdag 23 februari: https://inschrijven.example.org/atr-1-027
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "the next one, and the same elsewhere": """
> wanneer is het volgende provinciaal atrium in Gent?
Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, van 9.00 tot 16.00 u.
Waar: Provinciaal Administratief Centrum, Woodrow Wilsonplein 2, Gent
Thema: windturbines en draagvlak
Inschrijven tot en met zondag 11 april: https://inschrijven.example.org/atr-1-044
Ook in Antwerpen (6/4), Leuven (9/4), Hasselt (15/4) en Brugge (19/4).
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> en in Leuven?
Het volgende Provinciaal Atrium in Leuven is op vrijdag 9 april 2027, van 9.00 tot 16.00 u.
Waar: Provinciehuis, Provincieplein 1, Leuven
Thema: windturbines en draagvlak
Inschrijven tot en met donderdag 8 april: https://inschrijven.example.org/atr-1-043
Ik nam over uit je vorige vraag: provinciaal atrium.
Ook in Antwerpen (6/4), Gent (12/4), Hasselt (15/4) en Brugge (19/4).
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> merci
Graag gedaan.
""",
    "one's own atrium without a municipality, and a correction": """
> wanneer is mijn lokaal atrium?
In welke gemeente werk je?
Antwoord met de naam van je gemeente, dan zoek ik jouw atrium.

> Zottegem
Voor Zottegem: het volgende Lokaal Atrium Vlaamse Ardennen is op woensdag 24 februari 2027, van 9.30 tot 12.30 u.
Waar: Stadhuis, Markt 1, Oudenaarde
Thema: erfgoed in het vergunningenbeleid
Inschrijven tot en met dinsdag 23 februari: https://inschrijven.example.org/atr-1-027
Ik nam over uit je vorige vraag: lokaal atrium.
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> nee, Halle
Het volgende Lokaal Atrium Halle-Vilvoorde is op woensdag 10 februari 2027, van 9.30 tot 12.30 u.
Waar: Stadhuis, Oudstrijdersplein 18, Halle
Thema: handhaving van bouwmisdrijven
Inschrijven tot en met dinsdag 9 februari: https://inschrijven.example.org/atr-1-020
Ik nam over uit je vorige vraag: lokaal atrium.
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "a cancelled atrium is said to be cancelled": """
> gaat het thematisch atrium klimaatadaptatie in leuven door?
Het Thematisch Atrium over klimaatadaptatie in de dorpskern van dinsdag 26 januari 2027 is geannuleerd.
Wat wel doorgaat: het Thematisch Atrium over circulair bouwen is op donderdag 17 december 2026, van 13.00 tot 16.30 u.
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "a list, and one of it": """
> welke atria zijn er in maart?
Er zijn twee atria in maart 2027:
- ma 15 maart 2027, 10.00 u., Hasselt: Atrium Centrumsteden, warmtenetten
- di 23 maart 2027, 13.00 u., Brugge: Thematisch Atrium: vergunningen voor zonneparken
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> de tweede
Het Thematisch Atrium over vergunningen voor zonneparken is op dinsdag 23 maart 2027, van 13.00 tot 16.30 u.
We verzamelen lokale input over vergunningen voor zonneparken voor het Vlaamse beleid.
Waar: Concertgebouw, 't Zand 34, Brugge
Thema: vergunningen voor zonneparken
Voor wie: lokale omgevingsambtenaren, provinciale ambtenaren, intercommunales en koepelorganisaties
Inschrijven tot en met maandag 22 maart: https://inschrijven.example.org/atr-1-055
Meer: http://127.0.0.1:8000/atria/atr-1-055
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "what is left out, alternatives, and a place across the border": """
> welke atria zijn er in maart of juni 2027, behalve de lokale?
Zonder de Lokale Atria: er zijn drie atria in maart 2027 of in juni 2027:
- ma 15 maart 2027, 10.00 u., Hasselt: Atrium Centrumsteden, warmtenetten
- di 23 maart 2027, 13.00 u., Brugge: Thematisch Atrium: vergunningen voor zonneparken
- ma 7 juni 2027, 10.00 u., Oostende: Atrium Centrumsteden, groenblauwe dooradering
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> en in Gent of Brugge?
Zonder de Lokale Atria: er is één atrium voor Gent of Brugge in maart 2027 of in juni 2027: het Thematisch Atrium over vergunningen voor zonneparken, op dinsdag 23 maart 2027, van 13.00 tot 16.30 u.
Waar: Concertgebouw, 't Zand 34, Brugge
Thema: vergunningen voor zonneparken
Inschrijven tot en met maandag 22 maart: https://inschrijven.example.org/atr-1-055
Ik nam over uit je vorige vraag: in maart of juni 2027.
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> en in Rotterdam?
Rotterdam ligt niet in Vlaanderen of Brussel: daar ken ik geen atria.
Zonder de Lokale Atria: het volgende atrium is het Atrium Centrumsteden in Hasselt, op maandag 15 maart 2027, van 10.00 tot 15.30 u.
Waar: 't Scheep, Guffenslaan 37, Hasselt
Thema: warmtenetten
Inschrijven tot en met zondag 14 maart: https://inschrijven.example.org/atr-1-030
Ik nam over uit je vorige vraag: in maart of juni 2027.
Ik zocht in maart 2027 of in juni 2027.
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "a theme that the agenda calls otherwise": """
> wat is er over de betonstop
Er is één atrium over bouwshift: het Atrium op Maat voor de taalgrensgemeenten en Zuid-Limburg, op donderdag 20 mei 2027, van 10.00 tot 13.00 u.
Onder de naam betonstop staat er niets in de agenda: ik zocht op bouwshift.
Waar: Gemeentehuis, Maastrichtersteenweg 2b, Riemst
Thema: bestuurskracht en bouwshift en open ruimte
Inschrijven tot en met maandag 17 mei: https://inschrijven.example.org/atr-1-060
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> atrium over zonneparken
Er zijn twee atria over zonneparken:
- di 23 maart 2027, 13.00 u., Brugge: Thematisch Atrium: vergunningen voor zonneparken
- vr 11 juni 2027, 9.30 u., Sint-Niklaas: Lokaal Atrium Waasland, vergunningen voor zonneparken
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "days of the week, and a new question that leans on nothing": """
> welke atria vallen op een maandag in februari
Er zijn twee atria op een maandag in februari 2027:
- ma 8 februari 2027, 9.30 u., Aalst: Lokaal Atrium Denderregio, hemelwater- en droogteplannen
- ma 8 februari 2027, 10.00 u., Knokke-Heist: Atrium op Maat voor de kustgemeenten, bestuurskracht en erfgoed in het vergunningenbeleid
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.

> wat is er vandaag te doen
In de agenda staat nu geen atrium op maandag 23 november 2026 (vandaag).
Wel in de agenda:
1. Wanneer is het volgende atrium? (do 17 december, Brussel)
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "two questions at once": """
> volgende atrium in Genk en welke groepen over water?
Het volgende atrium in Genk is het Lokaal Atrium Limburg, op dinsdag 23 februari 2027, van 9.30 tot 12.30 u.
Waar: Thor Central, Thor-Park 8000, Genk
Thema: groenblauwe dooradering
Inschrijven tot en met maandag 22 februari: https://inschrijven.example.org/atr-1-011
Genk hoort bij het Lokaal Atrium Limburg.
Er is één groep over "water":
Water en droogte: Ervaringen met hemelwater- en droogteplannen, ontharding en infiltratie. https://engage.example.org/groups/water
Vraag bijvoorbeeld: "hoe word ik lid van de groep Water en droogte?"
Bron: agenda van het Atrium Lerend Netwerk, bijgewerkt op 20 november 2026.
""",
    "a day that does not exist": """
> nog iets op 31 februari?
31 februari bestaat niet.
Stel je vraag opnieuw met een datum die bestaat.
""",
    "what is not for here is not told here": """
> is er nog iets voor schepenen dit najaar?
Data van het Atrium Lokale Mandatarissen staan in de eigen community. Vraag het daar, of bel 02 553 80 56 (op werkdagen tussen 8.30 en 17.00 u.).
""",
    "a group, and how to join it": """
> welke groepen zijn er rond water?
Er is één groep over "water":
Water en droogte: Ervaringen met hemelwater- en droogteplannen, ontharding en infiltratie. https://engage.example.org/groups/water
Vraag bijvoorbeeld: "hoe word ik lid van de groep Water en droogte?"

> hoe word ik lid van de eerste
Groep Water en droogte: Klik op "Lid worden" in de groep.
Waarover: Ervaringen met hemelwater- en droogteplannen, ontharding en infiltratie.
Beheerder: Team Water (voorbeeld)
Link: https://engage.example.org/groups/water
Ik nam over uit je vorige vraag: water.
""",
    "what the bot is not for": """
> ik wil een omgevingsvergunning aanvragen
Daar kan ik je niet mee helpen: ik antwoord alleen over de atria en de groepen van het Atrium Lerend Netwerk.
Vragen over het netwerk: Afdeling Partnerschappen met Besturen en Maatschappij (PBM), 02 553 80 56, bereikbaar op werkdagen tussen 8.30 en 17.00 u.
""",
    "announcing is for moderators": """
> kondig aan: thematisch atrium over ontharding op 18 maart 2027 om 14u in Mechelen
Aankondigen doen de moderatoren van het netwerk.
Heb je een idee voor een thema? Schrijf: "ik stel een thema voor: ...". Zij krijgen het te zien.
""",
}


def turns(text: str) -> Iterator[tuple[str, str]]:
    """What is said, and the answer that must follow."""
    for turn in re.split(r"^> ", text.strip(), flags=re.MULTILINE)[1:]:
        said, _, answer = turn.partition("\n")
        yield said, answer.strip()


class Talk:
    """One thread in `algemeen`, with the program's own conversation on the sample agenda."""

    def __init__(self, store: Store, folder: Path) -> None:
        settings = load_settings(None, {"ATRIUMBOT_DATABASE__URL": f"sqlite:///{folder / 'bot.db'}"})
        settle_in(store, settings, demo=True)
        load_samples(store, Rules(), brussels("2026-11-20 09:00"))
        self._store = store
        self._conversation = build_conversation(settings)
        self._number = 0

    def say(self, text: str, role: Role = Role.MEMBER) -> str:
        self._number += 1
        message = Message(
            platform="local",
            event_id=str(self._number),
            text=text,
            author_id="An Peeters",
            author_name="An Peeters",
            author_role=role,
            sent_at=brussels("2026-11-23 10:00") + dt.timedelta(minutes=self._number),
            community="algemeen",
            thread="1",
        )
        with self._store.writing() as session:
            return self._conversation.answer(session, message).plain_text()


@pytest.fixture
def talk(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Talk:
    monkeypatch.chdir(tmp_path)
    return Talk(sqlite_store, tmp_path)


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES.keys())
def test_the_dialogue_goes_as_written(talk: Talk, dialogue: str) -> None:
    for said, answer in turns(dialogue):
        assert talk.say(said) == answer


def test_the_conversation_in_the_readme_goes_as_written(talk: Talk) -> None:
    shown = re.search(r"^```\n(> .*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert shown is not None

    for said, answer in turns(shown[1]):
        assert talk.say(said) == answer


def test_every_sample_question_gets_an_answer(talk: Talk) -> None:
    lines = (
        (Path(__file__).parent / "data" / "questions_sample_nl.jsonl")
        .read_text(encoding="utf-8")
        .splitlines()
    )

    for line in lines:
        assert talk.say(json.loads(line)["text"]).strip()
