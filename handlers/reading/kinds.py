"""The kind of atrium and the audience of a question.

A kind counts only when the platform is named ("lokaal atrium", "atrium voor schepenen"); a role counts
when it is named, also when the asker has it ("ik ben schepen").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from handlers.model import Audience, Kind
from handlers.reading.lexicon import forms, rows
from handlers.reading.words import Sentence

_ONE = (
    "atrium|sessie|bijeenkomst|overleg|vergadering|samenkomst|overlegmoment|editie|seance|session|meeting|"
    "reunion|atelier|netwerkmoment|meeting|gathering"
)
_MANY = (
    "atria|atriums|sessies|bijeenkomsten|vergaderingen|samenkomsten|overlegmomenten|edities|seances|sessions|"
    "meetings|reunions|ateliers|overleggen|netwerkmomenten|gatherings"
)
_NOUN = f"(?:{_ONE}|{_MANY})"
_ATRIUM = "(?:atrium|atria|atriums)"
_TO = "(?:voor|van|for|of|pour|des|de|met)"
_ART = "(?:de |het |een |alle |onze |the |les |des |lokale |local |locaux |)*"
_AND = r"(?: (?:en|of|et|and|or|,)(?: (?:een|het|de|alle))*)?"

_LOCAL = "(?:lokaal|lokale|lokalen|regionaal|regionale|plaatselijk|plaatselijke|local|locaux|locale|regional)"
_PROVINCIAL = "(?:provinciaal|provinciale|provinciaals|provincial|provinciaux|provinciele|provincieel)"
_THEMATIC = "(?:thematisch|thematische|thematiek|thematique|thematiques|thematic|themed|thema)"
_CITIES = "(?:centrumsteden|centrumstedenatrium|centrum steden|villes centres|ville centres|centre cities|central cities|city centres|centrumstedenoverleg|regional cities)"
_CITY = "(?:centrumstad|centrum stad)"
_POLITICAL = "(?:mandatarissen|mandataris|mandataires|elected officials|mandatarisen)"
_ROLES = (
    "(?:schepenen|schepen|burgemeesters|burgemeester|gedeputeerden|gedeputeerde|politici|politiekers|mayors|"
    "aldermen|bourgmestres|echevins|politicians)"
)
_TAILORED = "(?:op maat|sur mesure|tailored|tailor made|custom|customised|bespoke|made to measure|maatwerk)"

#: In order: the first rule that matches at a place claims it. What follows "(?=" is not claimed.
_RULES: tuple[tuple[Kind, str], ...] = (
    (Kind.MANDATARISSEN, rf"{_ATRIUM} (?:{_TO} )?{_ART}{_POLITICAL}"),
    (Kind.MANDATARISSEN, rf"(?:mandatarissenatrium|mandatarissenatria|mandatarissensessie|mandatarissenoverleg|mandatarisatrium|politiek atrium|politieke atria)"),
    (Kind.MANDATARISSEN, rf"(?:lokale |lokaal )?{_POLITICAL} {_ATRIUM}"),
    (Kind.MANDATARISSEN, rf"{_ATRIUM}(?= (?:{_TO} )?{_ART}{_ROLES})"),
    (Kind.MANDATARISSEN, rf"(?:schepenenatrium|schepenatrium|burgemeestersatrium|schepenen atrium|burgemeesters atrium)"),
    (Kind.CENTRUMSTEDEN, rf"{_NOUN} (?:{_TO} )?{_ART}(?:13 |dertien )?{_CITIES}"),
    (Kind.CENTRUMSTEDEN, rf"{_ATRIUM} (?:{_TO} )?{_ART}{_CITY}"),
    (Kind.CENTRUMSTEDEN, rf"{_CITIES} ?{_NOUN}?"),
    (Kind.PROVINCIAAL, rf"(?:provincieatrium|provincie atrium|provincieatria|provincie atria|provinciaalatrium)"),
    (Kind.LOKAAL, rf"{_LOCAL}(?={_AND} (?:{_PROVINCIAL}|{_THEMATIC}) {_ATRIUM})"),
    (Kind.LOKAAL, rf"{_LOCAL} {_NOUN}"),
    (Kind.LOKAAL, rf"{_ATRIUM} {_LOCAL}(?! (?:bestuur|besturen|ambtena|beleid|omgevings|mandata))"),
    (Kind.PROVINCIAAL, rf"{_PROVINCIAL}(?={_AND} (?:{_LOCAL}|{_THEMATIC}) {_ATRIUM})"),
    (Kind.PROVINCIAAL, rf"{_PROVINCIAL} {_NOUN}"),
    (Kind.PROVINCIAAL, rf"{_ATRIUM} {_PROVINCIAL}(?! (?:ambtena|omgevings|dienst|stuurgroep))"),
    (Kind.THEMATISCH, rf"{_THEMATIC}(?={_AND} (?:{_LOCAL}|{_PROVINCIAL}) {_ATRIUM})"),
    (Kind.THEMATISCH, rf"{_THEMATIC} {_NOUN}"),
    (Kind.THEMATISCH, rf"(?:thema ?atrium|thema ?atria|themasessie|themasessies)"),
    (Kind.THEMATISCH, rf"{_ATRIUM} (?:thematisch|thematique|thematiques|thematic)"),
    (Kind.OP_MAAT, rf"{_ATRIUM} (?:{_TAILORED})"),
    (Kind.OP_MAAT, rf"{_TAILORED} {_ATRIUM}"),
    (Kind.OP_MAAT, rf"(?:maatatrium|maatatria|{_NOUN} op maat)"),
    (Kind.OP_MAAT, r"op maat(?= (?:van|voor)| |$)"),
    # The adjective alone, where it stands for the whole: "en het provinciale?"
    (Kind.LOKAAL, rf"(?<=(?:het|een|van|het) )(?:lokale|lokaal)(?= (?:in|van|voor|en|is|dan|,|\.|ook|nu|wanneer|waar|tegenover|vs)|$)"),
    (Kind.PROVINCIAAL, rf"(?:provinciaal|provinciale)(?= (?:in|van|voor|en|is|dan|,|\.|ook|nu|wanneer|waar|PLAATS)|$)"),
    (Kind.THEMATISCH, rf"(?:thematisch|thematische)(?= (?:in|van|voor|en|is|dan|,|\.|ook|nu|wanneer|waar)|$)"),
    (Kind.LOKAAL, rf"^(?:en )?lokaal(?= (?:in|van|voor|dan|,|\.|ook|nu)|$)"),
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
_MANY_WORD = re.compile(rf"(?:^| )(?:{_MANY}|mandatarissenatria|provincieatria)(?: |$)")


def read_kinds(sentence: Sentence) -> list[FoundKind]:
    """The kinds that are named, in the order of the sentence; each claims its words."""
    text = " ".join(
        word if claim is None or claim == "PLAATS" else "~" * len(word)
        for word, claim in zip(sentence.words, sentence.claims)
    )
    if not _HINTS.search(text):
        return list(_abbreviated(sentence))
    starts, position = {}, 0
    for index, word in enumerate(sentence.words):
        starts[position] = index
        position += len(word) + 1
    found: list[FoundKind] = []
    for kind, pattern in _compiled():
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
            sentence.claim("SOORTEN" if many else "SOORT", first, after)
    return sorted(found + list(_abbreviated(sentence)), key=lambda one: one.first)


_ABBREVIATIONS = {
    "la": Kind.LOKAAL,
    "pa": Kind.PROVINCIAAL,
    "ta": Kind.THEMATISCH,
    "acs": Kind.CENTRUMSTEDEN,
    "alm": Kind.MANDATARISSEN,
}


def _abbreviated(sentence: Sentence) -> Iterator[FoundKind]:
    """ "LA Westhoek", "PA Gent": the initials beside a place, in Dutch."""
    if sentence.language != "nl":
        return
    for index, word in enumerate(sentence.words):
        around = sentence.claims[max(0, index - 1) : index + 2]
        if word in _ABBREVIATIONS and sentence.claims[index] is None and "PLAATS" in around:
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
        index = after
    own = [one for one in found if _is_own(words, one)]
    return own + [one for one in found if one not in own]


def _is_own(words: list[str], role: FoundRole) -> bool:
    before = words[max(0, role.first - 6) : role.first]
    return any(word in before for word in ("ik", "wij", "we", "als", "suis", "im", "am", "sommes"))
