"""What the network is and what each kind of atrium is: for whom, how often, who leads it.

The facts are those of the department's own page on the network; nothing else is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.answers.absent import contact_text, unassigned, which_municipality
from handlers.answers.contact import contact
from handlers.answers.phrases import question_text
from handlers.answers.question import Question, folded
from handlers.answers.scope import place_of
from handlers.answers.shown import source_text
from handlers.gazetteer import gazetteer
from handlers.model import Audience, Kind
from handlers.reading.model import Intent, Reading
from handlers.reply import Choice, Fact, Reply
from handlers.wording.sentences import capitalised, enumeration, number_text
from handlers.wording.texts import KIND_NAMES, kind_name


@dataclass(frozen=True, slots=True)
class About:
    """What is published on one kind of atrium.

    Attributes:
        led_by: None where the page names nobody.
    """

    what: str
    for_whom: str
    how_often: str
    led_by: str | None = None


ABOUT: Mapping[Kind, About] = {
    Kind.LOKAAL: About(
        "een overleg van een vaste groep per regio, over vooraf afgesproken thema's; "
        "netwerking en kennisdeling staan centraal",
        "lokale omgevingsambtenaren, provinciale ambtenaren en intercommunales, in vaste regionale groepen",
        "twee tot vier keer per jaar",
    ),
    Kind.CENTRUMSTEDEN: About(
        "een overleg van de 13 centrumsteden; kennisdeling en netwerking staan centraal",
        "de 13 centrumsteden",
        "vier keer per jaar",
        "het Kenniscentrum Vlaamse Steden trekt het; de agenda wordt in overleg met het Departement Omgeving "
        "samengesteld",
    ),
    Kind.MANDATARISSEN: About(
        "een interactief kennisdelings- en netwerkmoment over de brede omgevingsmaterie",
        "burgemeesters, schepenen en gedeputeerden voor ruimtelijke ordening, milieu en klimaat, "
        "en algemeen directeurs",
        "twee keer per jaar",
    ),
    Kind.PROVINCIAAL: About(
        "een atrium met toelichtingen en workshops rond één centraal thema, "
        "in de vijf provinciehoofdplaatsen",
        "lokale en provinciale omgevingsambtenaren en intercommunales",
        "twee keer per jaar, telkens in de vijf provinciehoofdplaatsen",
        "het wordt georganiseerd in afstemming met de provinciale stuurgroep",
    ),
    Kind.THEMATISCH: About(
        "een atrium over een specifiek thema, ook om lokale input te verzamelen voor het Vlaamse "
        "ruimtelijk beleid; het vult de vaste atria aan",
        "wie het thema aanbelangt",
        "wanneer er een aanleiding is",
        "een moderator kondigt het aan",
    ),
    Kind.OP_MAAT: About(
        "een atrium voor een specifieke doelgroep, bijvoorbeeld rond bestuurskracht of een ander thema dat "
        "een groep gemeenten aangaat; het vult de vaste atria aan",
        "een specifieke doelgroep, bijvoorbeeld een groep gemeenten",
        "wanneer er een aanleiding is",
        "een moderator kondigt het aan",
    ),
}

_NETWORK = (
    "Het Atrium Lerend Netwerk is een informeel netwerk waarin omgevingsambtenaren, mandatarissen en "
    "algemeen directeurs van lokale besturen en provincies, intercommunales en koepelorganisaties "
    "kennis uitwisselen."
)
_ONLINE = (
    "Het onlinenetwerk (Yammer, nu Viva Engage) vult de fysieke atria aan. Het is een kennisnetwerk "
    "voor lokale ambtenaren, met meer dan 1 000 leden. Lokale mandatarissen, gedeputeerden en algemeen "
    "directeurs hebben er een eigen community: Atrium Lokale Mandatarissen."
)

#: How each kind is recognised in a sentence that names two of them.
_KIND_SIGNS: Mapping[Kind, str] = {
    Kind.LOKAAL: r"\blokaal\b|\blokale\b(?!\s+mandataris)",
    Kind.CENTRUMSTEDEN: r"centrumsteden|centrumstad",
    Kind.MANDATARISSEN: r"mandataris",
    Kind.PROVINCIAAL: r"\bprovincia(al|le)\b",
    Kind.THEMATISCH: r"\bthematisch",
    Kind.OP_MAAT: r"\bop maat\b",
}

_DIFFERENCE = r"\b(verschil\w*|onderscheid|versus|vs|of een)\b"
_FOR_WHOM = r"\b(wie mag|voor wie|wie kan|mag (ik|een|iedereen|er)|deelnem\w*|doelgroep|wie komt|wie zit)\b"
_HOW_OFTEN = r"\b(hoe vaak|hoeveel keer|hoeveel maal|hoe dikwijls|frequentie|per jaar)\b"
_LED_BY = r"\b(organise\w*|trekt|getrokken|leid\w*|verantwoordelijk\w*|wie .*achter|stuurgroep)\b"
_ONLINE_SIGNS = r"\b(yammer\w*|engage|onlinenetwerk|online netwerk|online)\b"
_BELONGS = r"\b(hoort|horen|behoor\w*|valt|vallen|zit|zitten|regio|streek|onder welk\w*|tot welk\w*)\b"
_MEMBERS = r"\b(welke|hoeveel) (gemeente|gemeenten|steden|besturen)\b"


def kinds_named(text: str) -> tuple[Kind, ...]:
    """The kinds of atrium that a sentence names, in the order of the house."""
    plain = folded(text)
    return tuple(kind for kind, sign in _KIND_SIGNS.items() if re.search(sign, plain))


def _for_whom(kind: Kind) -> str:
    if kind is Kind.CENTRUMSTEDEN:
        return f"{ABOUT[kind].for_whom}: {enumeration(gazetteer().centrumsteden)}"
    return ABOUT[kind].for_whom


def _facts(kind: Kind) -> tuple[Fact, ...]:
    about = ABOUT[kind]
    found = [Fact(label="Voor wie", text=_for_whom(kind)), Fact(label="Hoe vaak", text=about.how_often)]
    if about.led_by:
        found.append(Fact(label="Wie", text=about.led_by))
    return tuple(found)


def _next_choice(kind: Kind) -> Choice:
    says = question_text(Reading(text="", intent=Intent.NEXT_SESSION, kind=kind))
    return Choice(label=says, says=says)


def _kind(kind: Kind, question: Question) -> Reply:
    about, name = ABOUT[kind], kind_name(kind)
    if question.says(_HOW_OFTEN):
        headline = f"Het {name} is er {about.how_often}."
    elif question.says(_FOR_WHOM):
        headline = f"Het {name} is voor {about.for_whom}."
    elif question.says(_LED_BY) and about.led_by:
        headline = f"{name}: {about.led_by}."
    elif question.says(_LED_BY):
        headline = f"Wie het {name} trekt, staat niet in de beschrijving van het netwerk."
        return Reply(headline=headline, paragraphs=(f"Vraag het aan: {contact_text()}",))
    else:
        headline = f"Een {name} is {about.what}."
        return Reply(headline=headline, facts=_facts(kind), choices=(_next_choice(kind),))
    return Reply(
        headline=headline,
        paragraphs=(f"Het is {about.what}.",),
        facts=_facts(kind),
        choices=(_next_choice(kind),),
    )


def _difference(first: Kind, second: Kind) -> Reply:
    lines = [
        f"{kind_name(kind)}: {about.what}. Voor {about.for_whom}. {capitalised(about.how_often)}."
        for kind, about in ((kind, ABOUT[kind]) for kind in (first, second))
    ]
    return Reply(
        headline=f"Het verschil tussen het {kind_name(first)} en het {kind_name(second)}:",
        paragraphs=tuple(lines),
    )


def _network() -> Reply:
    names = [name.singular for name in KIND_NAMES.values()]
    return Reply(
        headline=_NETWORK,
        paragraphs=(
            f"Er zijn zes soorten atria: {enumeration(names)}.",
            _ONLINE,
            'Vraag bijvoorbeeld: "wat is een provinciaal atrium?"',
        ),
    )


def _outsiders(question: Question) -> Reply:
    kind = question.reading.kind
    for_whom = f"Het {kind_name(kind)} is voor {ABOUT[kind].for_whom}." if kind else _NETWORK
    return Reply(
        headline="Of iemand van buiten de besturen kan deelnemen, "
        "staat niet in de beschrijving van het netwerk.",
        paragraphs=(for_whom, f"Vraag het aan: {contact_text()}"),
    )


def _belonging(place: str, question: Question) -> Reply:
    """Which Lokaal Atrium and which Provinciaal Atrium a municipality belongs to."""
    region = question.context.agenda.region_of(place)
    if region is None:
        return unassigned(question, place)
    province = gazetteer().province_of(place)
    capital = gazetteer().capital_of(province) if province else None
    provincial = (f"Het Provinciaal Atrium voor {place} is dat in {capital}.",) if capital else ()
    says = question_text(Reading(text="", intent=Intent.NEXT_SESSION, kind=Kind.LOKAAL, place=place))
    return Reply(
        headline=f"{place} hoort bij het Lokaal Atrium {region}.",
        paragraphs=provincial,
        choices=(Choice(label=says, says=says),),
        source=source_text((), question.context),
    )


def _regions(question: Question) -> Reply:
    regions = list(question.context.agenda.regions())
    if not regions:
        return Reply(
            headline="Welke Lokale Atria er zijn, staat niet in de tabel van de moderatoren.",
            paragraphs=(f"Vraag het aan: {contact_text()}",),
        )
    return Reply(
        headline=f"Er zijn Lokale Atria voor {enumeration(regions)}.",
        paragraphs=("Zeg in welke gemeente je werkt, dan zeg ik bij welk je hoort.",),
        source=source_text((), question.context),
    )


def _municipalities_of(region: str, question: Question) -> Reply:
    """Which municipalities the moderators' table gives this region."""
    region_of = question.context.agenda.region_of
    names = [each.name for each in gazetteer().municipalities if region_of(each.name) == region]
    return Reply(
        headline=f"Bij het Lokaal Atrium {region} horen {number_text(len(names))} gemeenten.",
        paragraphs=(f"{enumeration(names)}.",),
        source=source_text((), question.context),
    )


def _centrumstad(place: str) -> Reply:
    cities = gazetteer().centrumsteden
    answer = f"Ja, {place} is een centrumstad." if place in cities else f"Nee, {place} is geen centrumstad."
    return Reply(headline=answer, paragraphs=(f"De 13 centrumsteden zijn {enumeration(cities)}.",))


def _about_a_place(question: Question) -> Reply | None:
    """The answer where it is asked which atrium a municipality belongs to; None where it is not."""
    place = place_of(question.reading, question.context)
    if place is not None and place in question.context.agenda.regions() and question.says(_MEMBERS):
        return _municipalities_of(place, question)
    if place is not None and question.reading.kind is Kind.CENTRUMSTEDEN and gazetteer().municipality(place):
        return _centrumstad(place)
    asks = question.says(_BELONGS) or question.reading.kind is Kind.LOKAAL
    if place is not None and asks and gazetteer().municipality(place) is not None:
        return _belonging(place, question)
    if place is None and question.reading.mine and asks:
        return which_municipality()
    if question.reading.kind is Kind.LOKAAL and question.says(r"\bwelke (lokale|regio|streken)"):
        return _regions(question)
    return None


def platform_info(question: Question) -> Reply:
    """What the network or a kind of atrium is, for whom, how often, by whom, and who belongs where."""
    if question.focus and question.says(_LED_BY):
        return contact(question)
    named = kinds_named(question.reading.text)
    if len(named) > 1 and question.says(_DIFFERENCE):
        return _difference(named[0], named[1])
    if question.reading.audience is Audience.EXTERN:
        return _outsiders(question)
    placed = _about_a_place(question)
    if placed is not None:
        return placed
    if question.reading.kind is not None:
        return _kind(question.reading.kind, question)
    if question.reading.audience in (Audience.MANDATARIS, Audience.ALGEMEEN_DIRECTEUR):
        return _kind(Kind.MANDATARISSEN, question)
    if question.says(_ONLINE_SIGNS):
        return Reply(
            headline=_ONLINE, paragraphs=('Vraag "welke groepen zijn er?" voor de thematische groepen.',)
        )
    return _network()
