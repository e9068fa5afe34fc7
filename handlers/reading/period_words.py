"""Words of time: the Dutch ones by meaning, and the French and English ones as Dutch.

A French or English question is turned, word by word, into Dutch words of time, so that one grammar
reads all three. A phrase of several words becomes as many words, padded with articles in front.
"""

from __future__ import annotations

from handlers.reading.word_lists import word_set

MONTHS = (
    ("januari", "jan"),
    ("februari", "feb", "febr"),
    ("maart", "mrt"),
    ("april", "apr"),
    ("mei",),
    ("juni", "jun"),
    ("juli", "jul"),
    ("augustus", "aug", "augustes"),
    ("september", "sep", "sept"),
    ("oktober", "okt"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, start=1) for name in names}

WEEKDAYS = (
    ("maandag", "ma", "maa"),
    ("dinsdag", "di", "din"),
    ("woensdag", "wo", "woe", "woens"),
    ("donderdag", "do", "don", "dond"),
    ("vrijdag", "vr"),
    ("zaterdag", "za", "zat"),
    ("zondag", "zo", "zon"),
)
WEEKDAY_NUMBERS = {name: number for number, names in enumerate(WEEKDAYS) for name in names}

#: Short words that are also other words; they count only after a preposition or beside a number.
AMBIGUOUS = word_set("ma maa di din wo woe do don vr za zat zo zon mei jan sep jun jul mar")

_COUNTING = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien twintig"
)
_RANKING = (
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde dertiende "
    "veertiende vijftiende zestiende zeventiende achttiende negentiende twintigste eenentwintigste "
    "tweeentwintigste drieentwintigste vierentwintigste vijfentwintigste zesentwintigste "
    "zevenentwintigste achtentwintigste negenentwintigste dertigste eenendertigste"
)
#: Days of the month said in full ("zeventien februari").
DAY_WORDS = {word: number for number, word in enumerate(_COUNTING.split()) if number > 1} | {
    "eenentwintig": 21, "tweeentwintig": 22, "drieentwintig": 23, "vierentwintig": 24, "vijfentwintig": 25,
    "zesentwintig": 26, "zevenentwintig": 27, "achtentwintig": 28, "negenentwintig": 29, "dertig": 30,
    "eenendertig": 31,
}  # fmt: skip
NUMBERS = {word: number for number, word in enumerate(_COUNTING.split())}
NUMBERS |= {"eenentwintig": 21, "tweeentwintig": 22, "dertig": 30, "paar": 2, "ene": 1}
ORDINALS = {word: number for number, word in enumerate(_RANKING.split(), start=1)}
ORDINALS |= {"1ste": 1, "1e": 1, "2de": 2, "2e": 2, "3de": 3, "3e": 3, "4de": 4, "4e": 4, "laatste": -1}

FRENCH = {
    "aujourdhui": "vandaag", "demain": "morgen", "hier": "gisteren", "semaine": "week", "semaines": "weken",
    "mois": "maanden", "an": "jaar", "annee": "jaar", "ans": "jaar", "jour": "dag", "jours": "dagen",
    "trimestre": "kwartaal", "semestre": "semester", "weekend": "weekend", "ce": "deze", "cet": "deze",
    "cette": "deze", "prochain": "volgende", "prochaine": "volgende", "prochains": "volgende",
    "prochaines": "volgende", "dernier": "vorige", "derniere": "vorige", "derniers": "vorige",
    "dernieres": "vorige", "passe": "vorige", "passee": "vorige", "le": "de", "la": "de", "les": "de",
    "l": "de", "un": "een", "une": "een", "deux": "twee", "trois": "drie", "quatre": "vier", "cinq": "vijf",
    "six": "zes", "sept": "zeven", "huit": "acht", "neuf": "negen", "dix": "tien", "douze": "twaalf",
    "quinze": "vijftien", "premier": "eerste", "premiere": "eerste", "1er": "1ste", "deuxieme": "tweede",
    "troisieme": "derde", "quatrieme": "vierde", "derniere semaine": "laatste", "janvier": "januari",
    "fevrier": "februari", "mars": "maart", "avril": "april", "mai": "mei", "juin": "juni",
    "juillet": "juli", "aout": "augustus", "septembre": "september", "octobre": "oktober",
    "novembre": "november", "decembre": "december", "lundi": "maandag", "mardi": "dinsdag",
    "mercredi": "woensdag", "jeudi": "donderdag", "vendredi": "vrijdag", "samedi": "zaterdag",
    "dimanche": "zondag", "printemps": "voorjaar", "ete": "zomer", "automne": "najaar", "hiver": "winter",
    "noel": "kerst", "paques": "pasen", "pentecote": "pinksteren", "toussaint": "allerheiligen",
    "fin": "eind", "debut": "begin", "mi": "half", "avant": "voor", "apres": "na", "depuis": "sinds",
    "entre": "tussen", "des": "vanaf", "jusqua": "tot", "jusquau": "tot", "jusquen": "tot", "dici": "binnen",
    "pendant": "tijdens", "durant": "tijdens", "dans": "over", "en": "in", "du": "van", "de": "van",
    "d": "van", "et": "en", "ou": "of", "pour": "tijdens", "a": "op", "aux": "in", "rentree": "schooljaar",
}  # fmt: skip

FRENCH_PHRASES = {
    ("apres", "demain"): "overmorgen",
    ("a", "partir", "de"): "vanaf",
    ("a", "partir", "du"): "vanaf",
    ("week", "end"): "weekend",
    ("nouvel", "an"): "nieuwjaar",
    ("vacances", "de", "noel"): "kerstvakantie",
    ("vacances", "de", "paques"): "paasvakantie",
    ("vacances", "de", "printemps"): "paasvakantie",
    ("vacances", "de", "carnaval"): "krokusvakantie",
    ("vacances", "de", "toussaint"): "herfstvakantie",
    ("vacances", "de", "la", "toussaint"): "herfstvakantie",
    ("vacances", "d", "ete"): "zomervakantie",
    ("vacances", "ete"): "zomervakantie",
    ("vacances", "automne"): "herfstvakantie",
}

ENGLISH = {
    "today": "vandaag", "tonight": "vandaag", "tomorrow": "morgen", "yesterday": "gisteren", "weeks": "weken",
    "month": "maand", "months": "maanden", "year": "jaar", "years": "jaar", "day": "dag", "days": "dagen",
    "quarter": "kwartaal", "this": "deze", "next": "volgende", "coming": "komende", "upcoming": "komende",
    "following": "volgende", "last": "vorige", "past": "vorige", "previous": "vorige", "the": "de",
    "a": "een", "one": "een", "two": "twee", "three": "drie", "four": "vier", "five": "vijf", "six": "zes",
    "seven": "zeven", "eight": "acht", "nine": "negen", "ten": "tien", "twelve": "twaalf", "first": "eerste",
    "second": "tweede", "third": "derde", "fourth": "vierde", "january": "januari", "february": "februari",
    "march": "maart", "april": "april", "may": "mei", "june": "juni", "july": "juli", "august": "augustus",
    "september": "september", "october": "oktober", "november": "november", "december": "december",
    "monday": "maandag", "tuesday": "dinsdag", "wednesday": "woensdag", "thursday": "donderdag",
    "friday": "vrijdag", "saturday": "zaterdag", "sunday": "zondag", "spring": "voorjaar",
    "summer": "zomer", "autumn": "najaar", "fall": "najaar", "winter": "winter", "christmas": "kerst",
    "easter": "pasen", "pentecost": "pinksteren", "end": "eind", "late": "eind", "beginning": "begin",
    "early": "begin", "start": "begin", "mid": "half", "middle": "half", "before": "voor", "after": "na",
    "since": "sinds", "between": "tussen", "until": "tot", "till": "tot", "by": "tegen", "from": "van",
    "to": "tot", "and": "en", "or": "of", "of": "van", "on": "op", "in": "in", "within": "binnen",
    "during": "tijdens", "half": "helft", "around": "rond", "starting": "vanaf", "onwards": "verder",
    "rest": "rest", "through": "tot", "at": "op", "for": "tijdens", "holidays": "vakantie",
}  # fmt: skip

ENGLISH_PHRASES = {
    ("day", "after", "tomorrow"): "overmorgen",
    ("new", "year"): "nieuwjaar",
    ("new", "years"): "nieuwjaar",
    ("new", "years", "day"): "nieuwjaar",
    ("christmas", "holidays"): "kerstvakantie",
    ("christmas", "holiday"): "kerstvakantie",
    ("christmas", "break"): "kerstvakantie",
    ("easter", "holidays"): "paasvakantie",
    ("easter", "holiday"): "paasvakantie",
    ("easter", "break"): "paasvakantie",
    ("summer", "holidays"): "zomervakantie",
    ("summer", "holiday"): "zomervakantie",
    ("autumn", "holidays"): "herfstvakantie",
    ("carnival", "holidays"): "krokusvakantie",
    ("as", "of"): "vanaf",
    ("from", "now"): "hierna",
    ("a", "fortnight"): "veertien",
    ("school", "year"): "schooljaar",
}

_TABLES = {"fr": (FRENCH, FRENCH_PHRASES), "en": (ENGLISH, ENGLISH_PHRASES)}


def in_dutch(words: list[str], language: str) -> list[str]:
    """The words of a question with its words of time in Dutch; as many words as went in."""
    if language not in _TABLES:
        return words
    table, phrases = _TABLES[language]
    dutch = [table.get(word, word) for word in words]
    for index, word in enumerate(words):
        if language == "fr" and word == "au":
            before = dutch[index - 1] if index else ""
            is_date = before.isdigit() or before in MONTH_NUMBERS or before in WEEKDAY_NUMBERS
            dutch[index] = "tot" if is_date else "in"
        if language == "fr" and word == "ici" and index + 1 < len(words):
            dutch[index] = "binnen" if dutch[index + 1] in NUMBERS else "tot"
        for size in (4, 3, 2):
            found = phrases.get(tuple(words[index : index + size]))
            if found and index + size <= len(words):
                dutch[index : index + size] = ["de"] * (size - 1) + [found]
                break
    return dutch
