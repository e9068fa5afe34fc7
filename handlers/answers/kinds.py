"""What the network is and what each kind of atrium is: for whom, how often, who leads it.

The facts are those of the department's own page on the network; nothing else is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from handlers.answers.absent import ask_others_text, unassigned, which_municipality
from handlers.answers.contact import contact
from handlers.answers.phrases import question_text
from handlers.answers.question import Question, folded
from handlers.answers.scope import place_of
from handlers.answers.shown import source_text
from handlers.gazetteer import gazetteer
from handlers.model import Audience, Kind
from handlers.reading.model import Intent, Reading
from handlers.reply import Choice, Fact, Reply
from handlers.wording.catalogue import say
from handlers.wording.sentences import capitalised, enumeration, number_text
from handlers.wording.texts import kind_name


@dataclass(frozen=True, slots=True)
class About:
    """The names of the texts on what is published of one kind of atrium.

    Attributes:
        led_by: None where the page names nobody.
    """

    what: str
    for_whom: str
    how_often: str
    led_by: str | None = None


ABOUT: Mapping[Kind, About] = {
    Kind.LOKAAL: About("soort.lokaal wat", "soort.lokaal voor wie", "soort.lokaal hoe vaak"),
    Kind.CENTRUMSTEDEN: About(
        "soort.centrumsteden wat",
        "soort.centrumsteden voor wie",
        "soort.centrumsteden hoe vaak",
        "soort.centrumsteden door wie",
    ),
    Kind.MANDATARISSEN: About(
        "soort.mandatarissen wat", "soort.mandatarissen voor wie", "soort.mandatarissen hoe vaak"
    ),
    Kind.PROVINCIAAL: About(
        "soort.provinciaal wat",
        "soort.provinciaal voor wie",
        "soort.provinciaal hoe vaak",
        "soort.provinciaal door wie",
    ),
    Kind.THEMATISCH: About(
        "soort.thematisch wat",
        "soort.thematisch voor wie",
        "soort.thematisch hoe vaak",
        "soort.thematisch door wie",
    ),
    Kind.OP_MAAT: About(
        "soort.op maat wat", "soort.op maat voor wie", "soort.op maat hoe vaak", "soort.op maat door wie"
    ),
}

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
        return f"{say(ABOUT[kind].for_whom)}: {enumeration(gazetteer().centrumsteden)}"
    return say(ABOUT[kind].for_whom)


def _facts(kind: Kind) -> tuple[Fact, ...]:
    about = ABOUT[kind]
    found = [
        Fact(label=say("label.voor wie"), text=_for_whom(kind)),
        Fact(label=say("label.hoe vaak"), text=say(about.how_often)),
    ]
    if about.led_by:
        found.append(Fact(label=say("label.wie"), text=say(about.led_by)))
    return tuple(found)


def _next_choice(kind: Kind) -> Choice:
    says = question_text(Reading(text="", intent=Intent.NEXT_SESSION, kind=kind))
    return Choice(label=says, says=says)


def _kind(kind: Kind, question: Question) -> Reply:
    about, name = ABOUT[kind], kind_name(kind)
    if question.says(_HOW_OFTEN):
        headline = say("soort.hoe vaak", atrium=name, hoe_vaak=say(about.how_often))
    elif question.says(_FOR_WHOM):
        headline = say("soort.voor wie", atrium=name, voor_wie=say(about.for_whom))
    elif question.says(_LED_BY) and about.led_by:
        headline = say("soort.door wie", atrium=name, door_wie=say(about.led_by))
    elif question.says(_LED_BY):
        headline = say("soort.door wie onbekend", atrium=name)
        return Reply(headline=headline, paragraphs=(ask_others_text(),))
    else:
        headline = say("soort.wat", atrium=name, wat=say(about.what))
        return Reply(headline=headline, facts=_facts(kind), choices=(_next_choice(kind),))
    return Reply(
        headline=headline,
        paragraphs=(say("soort.het is", wat=say(about.what)),),
        facts=_facts(kind),
        choices=(_next_choice(kind),),
    )


def _difference(first: Kind, second: Kind) -> Reply:
    lines = [
        say(
            "soort.verschil regel",
            atrium=kind_name(kind),
            wat=say(about.what),
            voor_wie=say(about.for_whom),
            hoe_vaak=capitalised(say(about.how_often)),
        )
        for kind, about in ((kind, ABOUT[kind]) for kind in (first, second))
    ]
    return Reply(
        headline=say("soort.verschil", ene=kind_name(first), andere=kind_name(second)),
        paragraphs=tuple(lines),
    )


def _network() -> Reply:
    names = [kind_name(kind) for kind in Kind]
    return Reply(
        headline=say("netwerk.wat"),
        paragraphs=(
            say("netwerk.soorten", soorten=enumeration(names)),
            say("netwerk.online"),
            say("netwerk.vraag bijvoorbeeld"),
        ),
    )


def _outsiders(question: Question) -> Reply:
    kind = question.reading.kind
    for_whom = (
        say("soort.voor wie", atrium=kind_name(kind), voor_wie=say(ABOUT[kind].for_whom))
        if kind
        else say("netwerk.wat")
    )
    return Reply(
        headline=say("soort.buitenstaanders"),
        paragraphs=(for_whom, ask_others_text()),
    )


def _belonging(place: str, question: Question) -> Reply:
    """Which Lokaal Atrium and which Provinciaal Atrium a municipality belongs to."""
    region = question.context.agenda.region_of(place)
    if region is None:
        return unassigned(question, place)
    province = gazetteer().province_of(place)
    capital = gazetteer().capital_of(province) if province else None
    provincial = (say("hoort bij.provinciaal in", plaats=place, hoofdplaats=capital),) if capital else ()
    says = question_text(Reading(text="", intent=Intent.NEXT_SESSION, kind=Kind.LOKAAL, place=place))
    return Reply(
        headline=say("hoort bij.lokaal", plaats=place, regio=region),
        paragraphs=provincial,
        choices=(Choice(label=says, says=says),),
        source=source_text((), question.context),
    )


def _regions(question: Question) -> Reply:
    regions = list(question.context.agenda.regions())
    if not regions:
        return Reply(
            headline=say("hoort bij.geen regios"),
            paragraphs=(ask_others_text(),),
        )
    return Reply(
        headline=say("hoort bij.regios", streken=enumeration(regions)),
        paragraphs=(say("hoort bij.regios uitleg"),),
        source=source_text((), question.context),
    )


def _municipalities_of(region: str, question: Question) -> Reply:
    """Which municipalities the moderators' table gives this region."""
    region_of = question.context.agenda.region_of
    names = [each.name for each in gazetteer().municipalities if region_of(each.name) == region]
    return Reply(
        headline=say("hoort bij.gemeenten", regio=region, aantal=number_text(len(names))),
        paragraphs=(f"{enumeration(names)}.",),
        source=source_text((), question.context),
    )


def _centrumstad(place: str) -> Reply:
    cities = gazetteer().centrumsteden
    name = "hoort bij.wel centrumstad" if place in cities else "hoort bij.geen centrumstad"
    listed = say("hoort bij.centrumsteden", steden=enumeration(cities))
    return Reply(headline=say(name, plaats=place), paragraphs=(listed,))


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
        return Reply(headline=say("netwerk.online"), paragraphs=(say("netwerk.vraag groepen"),))
    return _network()
