"""The words by which a question leaves something out, and those that stand around them."""

from __future__ import annotations

from enum import StrEnum

from handlers.reading.word_lists import word_set


class Strength(StrEnum):
    """How surely a word leaves something out: "niet" says many things, "behalve" only this."""

    SURE = "sure"
    LIKELY = "likely"
    DENIAL = "denial"


#: What opens an exclusion, the longest first.
OPENINGS: tuple[tuple[tuple[str, ...], Strength], ...] = tuple(
    (tuple(phrase.split()), strength)
    for phrase, strength in (
        ("met uitzondering van", Strength.SURE),
        ("met uitsluiting van", Strength.SURE),
        ("met uitzondering voor", Strength.SURE),
        ("afgezien van", Strength.SURE),
        ("with the exception of", Strength.SURE),
        ("a exception de", Strength.SURE),
        ("except for", Strength.SURE),
        ("los van", Strength.LIKELY),
        ("behalve", Strength.SURE),
        ("uitgezonderd", Strength.SURE),
        ("uitgenomen", Strength.SURE),
        ("exclusief", Strength.SURE),
        ("tenzij", Strength.SURE),
        ("except", Strength.SURE),
        ("excluding", Strength.SURE),
        ("sauf", Strength.SURE),
        ("buiten", Strength.LIKELY),
        ("zonder", Strength.LIKELY),
        ("outside", Strength.LIKELY),
        ("without", Strength.LIKELY),
        ("hors", Strength.LIKELY),
        ("sans", Strength.LIKELY),
        ("niet", Strength.DENIAL),
        ("geen", Strength.DENIAL),
        ("nooit", Strength.DENIAL),
        ("noch", Strength.DENIAL),
        ("not", Strength.DENIAL),
    )
)
FIRST_WORDS = frozenset(phrase[0] for phrase, _ in OPENINGS)
#: Those of one word: no theme runs on over them into what is left out.
SINGLE_WORDS = frozenset(phrase[0] for phrase, _ in OPENINGS if len(phrase) == 1)
#: Of "op de provinciale na" and "in januari ben ik weg".
LATER_WORDS = word_set("na weg verlof afwezig niets uitgesloten buitenland vakantie ziek vrij")
#: A question that holds none of these leaves nothing out.
MARKS = frozenset(max(phrase, key=len) for phrase, _ in OPENINGS) | LATER_WORDS

#: What may stand between an opening and what it leaves out.
SKIPPED = word_set(
    "de het een den der die dat wat deze alle al elke iedere in op te van voor over rond rondom omtrent bij "
    "tijdens met aan naar nabij enige enkel per dan degene diegene degenen alles iets als ook noch zowel "
    "the of for in on about those ones le la les des ceux celles pour du a gedurende doorgaan ergens "
    "atria atrium sessies sessie bijeenkomst bijeenkomsten maand zijn gaan gaat is er ze het aub graag meer"
)
MOST_SKIPPED = 5
#: What may follow it and belongs to it.
TRAILING = word_set(
    "gaat gaan doorgaat doorgaan is zijn handelt handelen bedoeld valt vallen plaatsvindt plaatsvinden "
    "betreft aangaat georganiseerd wordt worden liggen ligt door atria atrium sessies sessie bijeenkomst "
    "bijeenkomsten ones behandelt behandelen hebben heeft hoort horen behoort horende"
)
JOINERS = word_set("en of , noch ofwel alsook and or et ou ook evenmin")
#: What belongs to a stretch that follows: "voor maart", "over water".
LEADING = word_set("in op voor na vanaf tot over rond de het tijdens te")
SURE_JOINERS, STOPS = word_set("en of noch or and niet geen"), word_set(". , maar wel en of want dus")
ABOUT = word_set("over rond rondom omtrent thema onderwerp about")
BARE_KINDS = word_set(
    "lokale lokaal plaatselijke provinciale provinciaal thematische thematisch maatwerk centrumsteden "
    "mandatarissen"
)
AFTER_BARE_KIND = word_set(
    ". , en of maar nog aub graag wel in op dan na niet hoef hoeft die atria ook noch alsjeblieft meer"
)
BARE_SLOTS = frozenset({"PLAATS", "PERIODE", "DAG", "SOORT", "SOORTEN", "STEDEN", "ROL", "THEMA", "TITEL"})

#: Right before "niet" these make it a question or a part of another phrase.
NO_DENIAL_AFTER = word_set("of nog waarom wel nu al hoezo how why")
#: "Waarom gaat het nooit over trage wegen?" leaves nothing out.
WONDERING = word_set("waarom hoezo why pourquoi")
POINTING, ASKING = (
    word_set("er het dat dit die"),
    word_set("is was komt komen gaat gaan zit ligt valt zijn kan kunnen heeft hebben"),
)
#: Before "geen" only these: "is er geen atrium in Gent?" asks for one.
DENIES_GEEN = word_set(
    ". , maar liefst liever en wil willen wou zoek zoeken hoef hoeven moet mogen mag aub dus dan wel graag "
    "noch ook please heb hebben wens wensen bij voorkeur"
)
ABLE = word_set(
    "kan kunnen hoef hoeft hoeven moet past passen lukt mag wil willen interesseert interesseren "
    "boeit boeien zou pas"
)
BEING = word_set("ben zijn zit zitten heb hebben is")
SUBJECTS = word_set(
    "ik wij we me mij ons er dat het die voor mijn onze u daar dan zelf al sowieso echt liever beter helemaal"
)
AWAY = word_set("weg verlof afwezig buitenland vakantie ziek vrij")
#: "In maart ben ik weg, wat mis ik dan?" asks for March.
MEANWHILE = word_set("mis missen gemist dan ondertussen intussen toen tussentijd")
CLAUSE_ENDS = word_set(". , en maar dus want wel of dan")
CLOSING = word_set(
    "mee nodig bij zo goed hebben zien weten aanwezig beschikbaar vrij komen geraken erbij lukken aub he hoor"
)
FAR = word_set("net vlak juist van daar")
#: "Die niet doorgaan" asks for what is cancelled, and says nothing of a slot.
CALLED_OFF = word_set("geannuleerd afgelast geschrapt afgezegd door doorgaan doorgaat gaan gaat meer")
#: What says who cannot, and belongs to what is left out: "ik kan niet op dinsdag".
SAYING_WHO = word_set(
    "ik wij we kan kunnen ben zijn pas past mag wil willen hoef hoeft moet er me mij ons liever liefst maar"
)
