"""The places of Flanders: 285 municipalities, their former and sub-municipalities, provinces and regions.

The lists are those of 1 January 2025 (`handlers/data/gemeenten.csv`, `deelgemeenten.csv`) and the
names by which others call the same places (`plaatsnamen.csv`). They are read once, at first use.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from handlers.model import Municipality

#: How the canonical name of a province as a place begins ("Provincie Limburg").
PROVINCE_PREFIX = "Provincie "

_SEPARATORS = re.compile(r"[\s\-‐-―.,()]+")
_QUOTES = re.compile(r"[\"'`´‘-‟]+")
#: Words that say nothing by themselves in a compound name ("Grote-Brogel", "Niel-bij-As").
_BOUND_PARTS = frozenset(
    {"sint", "groot", "grote", "klein", "kleine", "onze", "bij", "aan", "boven", "in", "op"}
)


def name_key(name: str) -> str:
    """A name as it is compared: without case, diacritics, hyphens and quotes; "St." is "sint"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words = _SEPARATORS.sub(" ", _QUOTES.sub("", plain)).split()
    return " ".join("sint" if word in {"st", "ste"} else word for word in words)


def province_place(province: str) -> str:
    """The canonical place name of a province: "Limburg" -> "Provincie Limburg"."""
    return PROVINCE_PREFIX + province


class Gazetteer:
    """Looks up places by any name that people use for them.

    Attributes:
        municipalities: the 285, by name.
        provinces: the five, without prefix ("Limburg").
        reference_regions: the fifteen ("Kempen", "Regio Brugge").
        centrumsteden: the names of the thirteen.
        names: key of each name (see `name_key`) -> the municipalities that bear it; where one of
            them is or was a municipality of its own by that name, only that one.
    """

    def __init__(self) -> None:
        self.municipalities: tuple[Municipality, ...] = tuple(_read_municipalities())
        self.provinces: tuple[str, ...] = tuple(sorted({one.province for one in self.municipalities}))
        regions = {one.reference_region for one in self.municipalities}
        self.reference_regions: tuple[str, ...] = tuple(sorted(regions))
        self.centrumsteden: tuple[str, ...] = tuple(
            one.name for one in self.municipalities if one.is_centrumstad
        )
        self._official = {name_key(one.name): one for one in self.municipalities}
        self._capitals = {one.province: one.name for one in self.municipalities if one.is_provincial_capital}
        self.postcodes: Mapping[str, Municipality] = {
            postcode: one for one in self.municipalities for postcode in one.postcodes
        }
        self.names: Mapping[str, tuple[Municipality, ...]] = self._all_names()

    def municipality(self, name: str) -> Municipality | None:
        """The municipality with this official name, whatever the case and diacritics."""
        return self._official.get(name_key(name))

    def find(self, name: str) -> Municipality | None:
        """The municipality meant by an official, former, sub-municipal, French or English name or postcode.

        None when nothing bears the name, and when several do ("Heusden").
        """
        key = name_key(name)
        if key in self.postcodes:
            return self.postcodes[key]
        candidates = self.candidates(name)
        return candidates[0] if len(candidates) == 1 else None

    def candidates(self, name: str) -> tuple[Municipality, ...]:
        """All municipalities that this name may mean; empty when none."""
        return self.names.get(name_key(name), ())

    def province_of(self, municipality_name: str) -> str | None:
        """The province of a municipality by its official name; None for Brussels and the unknown."""
        found = self.municipality(municipality_name)
        return found.province if found else None

    def capital_of(self, province: str) -> str:
        """The capital of a province, with or without "Provincie"; raises KeyError for no province."""
        return self._capitals[province.removeprefix(PROVINCE_PREFIX)]

    def _all_names(self) -> dict[str, tuple[Municipality, ...]]:
        """From the weakest claim on a name to the strongest, each overriding what came before."""
        parts: dict[str, list[Municipality]] = {}
        subs: dict[str, list[Municipality]] = {}
        names: dict[str, tuple[Municipality, ...]] = {}
        for sub, municipality in _read_sub_municipalities():
            _add(subs, name_key(sub), self._official[name_key(municipality)])
            for part in _telling_parts(sub):
                _add(parts, part, self._official[name_key(municipality)])
        for one in self.municipalities:
            for part in _telling_parts(one.name):
                _add(parts, part, one)
        names.update({key: tuple(found) for key, found in parts.items() if len(found) == 1})
        names.update({key: tuple(found) for key, found in subs.items()})
        for other, municipality in _read_other_names():
            names[name_key(other)] = (self._official[name_key(municipality)],)
        for one in self.municipalities:
            if one.french_name:
                names[name_key(one.french_name)] = (one,)
            names.update({name_key(former): (one,) for former in one.former})
        names.update({key: (one,) for key, one in self._official.items()})
        return names


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer, read at first use."""
    return Gazetteer()


def _add(names: dict[str, list[Municipality]], key: str, municipality: Municipality) -> None:
    found = names.setdefault(key, [])
    if municipality not in found:
        found.append(municipality)


def _telling_parts(name: str) -> Iterator[str]:
    """The parts of a compound name that people use alone ("Velzeke" of Velzeke-Ruddershove)."""
    parts = name_key(name).split()
    if "-" in name and len(parts) == 2 and not _BOUND_PARTS.intersection(parts):
        yield from (part for part in parts if len(part) >= 5)


def _rows(file: str) -> Iterator[dict[str, str]]:
    text = files("handlers.data").joinpath(file).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _read_municipalities() -> Iterator[Municipality]:
    for row in _rows("gemeenten.csv"):
        former = _several(row["voormalige_gemeenten_2025"]) + _several(row["voormalige_gemeenten_2019"])
        yield Municipality(
            name=row["naam"],
            province=row["provincie"],
            reference_region=row["referentieregio"],
            postcodes=_several(row["postcodes"]),
            former=former,
            sub_municipalities=_several(row["deelgemeenten"]),
            french_name=row["naam_fr"] or None,
            is_centrumstad=row["centrumstad"] == "1",
            is_provincial_capital=row["provinciehoofdplaats"] == "1",
        )


def _read_sub_municipalities() -> Iterator[tuple[str, str]]:
    for row in _rows("deelgemeenten.csv"):
        yield row["deelgemeente"], row["gemeente"]


def _read_other_names() -> Iterator[tuple[str, str]]:
    for row in _rows("plaatsnamen.csv"):
        yield row["naam"], row["gemeente"]


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
