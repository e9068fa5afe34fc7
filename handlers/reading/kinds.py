"""The kind of atrium and the audience of a question.

A kind counts only when the platform is named ("lokaal atrium", "atrium voor schepenen"); a role counts
when it is named, also when the asker has it ("ik ben schepen").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from handlers.model import Audience, Kind
from handlers.reading.corrections import is_denied
from handlers.reading.lexicon import forms, rows
from handlers.reading.word_lists import word_set
from handlers.reading.words import Sentence

_ONE = (
    "atrium|sessie|bijeenkomst|overleg|vergadering|samenkomst|overlegmoment|editie|seance|session|meeting|"
    "reunion|atelier|netwerkmoment|one|gathering|ronde|platform|overlegplatform|atriumoverleg"
)
_MANY = (
    "atria|atriums|sessies|bijeenkomsten|vergaderingen|samenkomsten|overlegmomenten|edities|seances|sessions|"
    "meetings|reunions|ateliers|overleggen|netwerkmomenten|ones|gatherings"
)
_NOUN = f"(?:{_ONE}|{_MANY})"
_ATRIUM = "(?:atrium|atria|atriums)"
_TO = "(?:voor|van|for|of|pour|des|de|met)"
_ART = "(?:de |het |een |alle |onze |the |les |des |lokale |local |locaux |)*"
_WITH = r" (?:en|of|et|and|or|,)(?: (?:een|het|de|alle))*"

_LOCAL = "(?:lokaal|lokale|lokalen|regionaal|regionale|plaatselijk|plaatselijke|local|locaux|locale|regional)"
_PROVINCIAL = "(?:provinciaal|provinciale|provinciaals|provincial|provinciaux|provinciele|provincieel)"
_THEMATIC = "(?:tema|thematisch|thematische|thematiek|thematique|thematiques|thematic|themed|thema)"
_CITIES = (
    "(?:centrumsteden|centrum steden|villes centres|ville centres|centre cities|central cities|city centres|"
    "centrumstedenoverleg|regional cities)"
)
_CITY = "(?:centrumstad|centrum stad)"
_POLITICAL = "(?:mandatarissen|mandataris|mandataires|elected officials|mandatarisen)"
_ROLES = (
    "(?:schepenen|schepen|burgemeesters|burgemeester|gedeputeerden|gedeputeerde|politici|politiekers|mayors|"
    "aldermen|bourgmestres|echevins|politicians)"
)
#: After an adjective that stands alone for its atrium.
_ALONE = r"(?= (?:in|van|voor|en|of|is|dan|,|\.|ook|nu|er|komen|komt|volgen|wanneer|waar|tegenover|vs)|$)"
_TAILORED = "(?:op maat|sur mesure|tailored|tailor made|custom|customised|bespoke|made to measure|maatwerk)"

#: In order: the first rule that matches at a place claims it. What follows "(?=" is not claimed.
_RULES: tuple[tuple[Kind, str], ...] = (
    (Kind.MANDATARISSEN, rf"{_ATRIUM} (?:{_TO} )?{_ART}{_POLITICAL}"),
    (Kind.MANDATARISSEN, rf"(?:mandatarissen(?:sessie|overleg)|politieke? {_ATRIUM})"),
    (Kind.MANDATARISSEN, rf"(?:mandataris|mandatarissen|burgemeesters?|schepenen|schepen) {_ATRIUM}"),
    (Kind.MANDATARISSEN, rf"(?:lokale |lokaal )?{_POLITICAL} {_ATRIUM}"),
    (Kind.MANDATARISSEN, rf"{_ATRIUM}(?= (?:{_TO} )?{_ART}{_ROLES})"),
    (Kind.CENTRUMSTEDEN, rf"{_NOUN} (?:{_TO} )?{_ART}(?:13 |dertien )?{_CITIES}"),
    (Kind.CENTRUMSTEDEN, rf"{_ATRIUM} (?:{_TO} )?{_ART}{_CITY}"),
    (Kind.CENTRUMSTEDEN, rf"{_CITIES} ?{_NOUN}?"),
    (Kind.PROVINCIAAL, rf"provincie {_ATRIUM}"),
    (Kind.LOKAAL, rf"{_LOCAL}(?={_WITH} (?:{_PROVINCIAL}|{_THEMATIC}) {_ATRIUM})"),
    (Kind.LOKAAL, rf"{_LOCAL} {_NOUN}"),
    (Kind.LOKAAL, rf"{_NOUN} {_LOCAL}(?! (?:bestuur|besturen|ambtena|beleid|omgevings|mandata))"),
    (Kind.PROVINCIAAL, rf"{_PROVINCIAL}(?={_WITH} (?:{_LOCAL}|{_THEMATIC}) {_ATRIUM})"),
    (Kind.PROVINCIAAL, rf"{_PROVINCIAL} {_NOUN}"),
    (Kind.PROVINCIAAL, rf"{_NOUN} {_PROVINCIAL}(?! (?:ambtena|omgevings|dienst|stuurgroep))"),
    (Kind.THEMATISCH, rf"{_THEMATIC}(?={_WITH} (?:{_LOCAL}|{_PROVINCIAL}) {_ATRIUM})"),
    (Kind.THEMATISCH, rf"{_THEMATIC} {_NOUN}"),
    (Kind.THEMATISCH, r"(?:thema ?atrium|thema ?atria|themasessie|themasessies)"),
    (Kind.THEMATISCH, rf"{_NOUN} (?:thematisch|thematique|thematiques|thematic)"),
    (Kind.OP_MAAT, rf"{_ATRIUM} (?:{_TAILORED})"),
    (Kind.OP_MAAT, rf"{_TAILORED} {_NOUN}"),
    (Kind.OP_MAAT, rf"(?:maatatrium|maatatria|{_NOUN} op maat)"),
    (Kind.OP_MAAT, r"op maat(?= (?:van|voor)| |$)"),
    # The adjective alone, where it stands for the whole: "en het provinciale?"
    (Kind.LOKAAL, rf"(?:(?<=het )|(?<=een )|(?<=van )|(?<=volgende )|(?<=welke ))(?:lokale|lokaal){_ALONE}"),
    (Kind.PROVINCIAAL, rf"(?:provinciaal|provinciale){_ALONE}"),
    (Kind.THEMATISCH, rf"(?:thematisch|thematische){_ALONE}"),
    (Kind.LOKAAL, rf"^(?:en )?(?:de |die |het )?(?:lokaal|lokale){_ALONE}"),
    (Kind.LOKAAL, rf"(?:(?<=of )|(?<=noch ))(?:lokale|lokaal){_ALONE}"),
    (Kind.LOKAAL, rf"(?:lokale|lokaal)(?= of (?:een |het |de )?(?:{_PROVINCIAL}|{_THEMATIC})(?: |$))"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundKind:
    kind: Kind
    first: int
    after: int
    many: bool


@dataclass(frozen=True, slots=True)
class FoundRole:
    audience: Audience
    first: int
    after: int


@cache
def _compiled() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])")) for kind, pattern in _RULES)


_HINTS = re.compile(
    r"atri|loka|local|locaux|region|plaatselijk|provin|themat|thema|themed|centrum|villes|cities|mandata|maat|mesure|"
    r"tailor|custom|bespoke|schepen|burgemeest|politiek|elected"
)
#: What every name of a kind has in it, whichever rule it is found by.
_SIGNS: Mapping[Kind, re.Pattern[str]] = {
    Kind.MANDATARISSEN: re.compile(
        "mandata|elected|burgemeest|schepen|gedeputeerd|politi|mayors|aldermen|bourgmestres|echevins"
    ),
    Kind.CENTRUMSTEDEN: re.compile("centr|cities"),
    Kind.PROVINCIAAL: re.compile("provin"),
    Kind.LOKAAL: re.compile("lok|loc|region|plaatselijk"),
    Kind.THEMATISCH: re.compile("them|tema"),
    Kind.OP_MAAT: re.compile("maat|mesure|tailor|custom|bespoke|measure"),
}
_NOUN_WORD = re.compile(rf"(?:^| )(?:{_ONE}|{_MANY})(?: |$)|atri|overleg")
_MANY_WORD = re.compile(rf"(?:^| )(?:{_MANY}|mandatarissenatria|provincieatria)(?: |$)")


def read_kinds(sentence: Sentence) -> list[FoundKind]:
    """The kinds that are named, in the order of the sentence; each claims its words."""
    text = " ".join(
        word if claim is None or claim == "PLAATS" else "~" * len(word)
        for word, claim in zip(sentence.words, sentence.claims, strict=True)
    )
    if not _HINTS.search(text):
        return list(_abbreviated(sentence))
    starts, position = {}, 0
    for index, word in enumerate(sentence.words):
        starts[position] = index
        position += len(word) + 1
    found: list[FoundKind] = []
    signed = {kind for kind, sign in _SIGNS.items() if sign.search(text)}
    for kind, pattern in _compiled():
        if kind not in signed:
            continue
        for match in pattern.finditer(text):
            first = starts.get(match.start())
            if first is None:
                continue
            after = first + len(match.group().split())
            if not sentence.is_free(first, after):
                continue
            many = bool(_MANY_WORD.search(match.group()))
            following = sentence.words[after] if after < len(sentence.words) else ""
            many = many or (following in {"atria", "atriums", "sessies"} and sentence.claims[after] is None)
            found.append(FoundKind(kind, first, after, many))
            bare = kind is Kind.CENTRUMSTEDEN and not _NOUN_WORD.search(match.group())
            sentence.claim("STEDEN" if bare else "SOORTEN" if many else "SOORT", first, after)
    ordered = sorted(found + list(_abbreviated(sentence)), key=lambda one: one.first)
    asked = [one for one in ordered if not is_denied(sentence.words, one.first)]
    return asked or ordered


_ABBREVIATIONS = {
    "la": Kind.LOKAAL,
    "pa": Kind.PROVINCIAAL,
    "ta": Kind.THEMATISCH,
    "acs": Kind.CENTRUMSTEDEN,
    "alm": Kind.MANDATARISSEN,
}


#: Adjectives that stand for their atrium before a place ("provinciaal Gent").
_ADJECTIVES = {"provinciaal": Kind.PROVINCIAAL, "lokaal": Kind.LOKAAL, "thematisch": Kind.THEMATISCH}


def _abbreviated(sentence: Sentence) -> Iterator[FoundKind]:
    """ "LA Westhoek", "PA Gent": the initials beside a place, in Dutch."""
    if sentence.language != "nl":
        return
    for index, word in enumerate(sentence.words):
        around = sentence.claims[max(0, index - 1) : index + 2]
        owned = index > 0 and sentence.words[index - 1] in {
            "ons",
            "onze",
            "mijn",
            "volgende",
            "volgend",
            "het",
            "een",
        }
        following = sentence.claims[index + 1] if index + 1 < len(sentence.words) else None
        if word in _ADJECTIVES and sentence.claims[index] is None and following == "PLAATS":
            sentence.claim("SOORT", index, index + 1)
            yield FoundKind(_ADJECTIVES[word], index, index + 1, many=False)
        if word in _ABBREVIATIONS and sentence.claims[index] is None and (owned or "PLAATS" in around):
            sentence.claim("SOORT", index, index + 1)
            yield FoundKind(_ABBREVIATIONS[word], index, index + 1, many=False)


@cache
def _roles() -> tuple[dict[str, Audience], dict[str, int]]:
    roles: dict[str, Audience] = {}
    longest: dict[str, int] = {}
    for row in rows("rollen.csv"):
        try:
            audience = Audience(row.cells["doelgroep"])
        except ValueError as error:
            raise row.fault(f"onbekende doelgroep {row.cells['doelgroep']!r}") from error
        for form in forms(row.cells["vormen"]):
            roles[form] = audience
            words = form.split()
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return roles, longest


def role_words() -> frozenset[str]:
    """All words that occur in a role, so that they count as known."""
    return frozenset(word for form in _roles()[0] for word in form.split())


def read_roles(sentence: Sentence) -> list[FoundRole]:
    """The roles that are named, those of the asker first; each claims its words."""
    roles, longest = _roles()
    words = sentence.words
    found: list[FoundRole] = []
    index = 0
    while index < len(words):
        most = longest.get(words[index], 0)
        after = index + 1
        for size in range(min(most, len(words) - index), 0, -1):
            audience = roles.get(" ".join(words[index : index + size]))
            if audience and sentence.is_free(index, index + size):
                after = index + size
                found.append(FoundRole(audience, index, after))
                sentence.claim("ROL", index, after)
                break
        else:
            audience = _compounded_role(words[index]) if sentence.claims[index] is None else None
            if audience:
                found.append(FoundRole(audience, index, after))
                sentence.claim("ROL", index, after)
        index = after
    found += _departments(sentence)
    found = [one for one in found if words[one.first] not in _ONLY_OWN or _is_own(words, one)]
    found = [one for one in found if not is_denied(words, one.first)]
    for role in found:
        _claim_portfolio(sentence, role.after)
    own = [one for one in found if _is_own(words, one)]
    return own + [one for one in found if one not in own]


_ROLE_ENDINGS = {
    "burgemeester": Audience.MANDATARIS,
    "burgemeesters": Audience.MANDATARIS,
    "schepen": Audience.MANDATARIS,
    "schepenen": Audience.MANDATARIS,
    "ambtenaar": Audience.AMBTENAAR,
    "ambtenaren": Audience.AMBTENAAR,
}


def _compounded_role(word: str) -> Audience | None:
    """ "kustburgemeesters", "onthardingsambtenaar": the role by its last part."""
    for ending, audience in _ROLE_ENDINGS.items():
        if word.endswith(ending) and len(word) >= len(ending) + 3:
            return audience
    return None


#: Offices that count only where the asker holds them ("ik ben diensthoofd").
_ONLY_OWN = word_set("diensthoofd diensthoofden afdelingshoofd teamleider teamleiders")


def _claim_portfolio(sentence: Sentence, after: int) -> None:
    """ "schepen van ruimtelijke ordening": what a role is for is no theme."""
    words = sentence.words
    if words[after : after + 1] == ["bevoegd"]:
        after += 1
    if words[after : after + 1] not in (["voor"], ["van"], ["of"], ["for"]):
        return
    last = after + 1
    while last < len(words) and words[last] in _DEPARTMENTS and sentence.claims[last] is None:
        last += 1
    if last > after + 1 and sentence.is_free(after, last):
        sentence.claim("ROL", after, last)


def _departments(sentence: Sentence) -> list[FoundRole]:
    """ "dienst vergunningen en wonen": a department of a local authority, whatever it is called."""
    words = sentence.words
    for index, word in enumerate(words[:-1]):
        if word not in {"dienst", "diensten", "cel", "afdeling"} or sentence.claims[index] is not None:
            continue
        after = index + 1
        if index and words[index - 1] in {"jullie", "uw", "deze", "die"}:
            continue
        while after < len(words) and after - index < 4 and sentence.claims[after] is None:
            if words[after] not in _DEPARTMENTS:
                break
            after += 1
        while words[after - 1] == "en":
            after -= 1
        if after > index + 1:
            sentence.claim("ROL", index, after)
            return [FoundRole(Audience.AMBTENAAR, index, after)]
    return []


_DEPARTMENTS = word_set(
    "omgeving ruimte ruimtelijke ordening planning milieu vergunningen wonen ro stedenbouw klimaat "
    "groen energie en duurzaamheid openbare werken mobiliteit natuur landbouw economie erfgoed "
    "patrimonium handhaving bouwen omgevingsvergunningen grondgebiedszaken grondgebonden "
    "stadsontwikkeling projecten leefmilieu bodem water"
)


def _is_own(words: list[str], role: FoundRole) -> bool:
    before = words[max(0, role.first - 6) : role.first]
    return any(word in before for word in ("ik", "wij", "we", "als", "suis", "im", "am", "sommes"))
