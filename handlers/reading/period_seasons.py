"""The rules that read seasons, the school year with its holidays, and feasts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_rules import At, Rules, Unit, any_of
from handlers.reading.period_terms import in_year, is_past, season_meant, year_of

SEASONS = Rules()


@SEASONS.rule(
    "seizoen", "{SEASON} {REL}", r"(?:{REL:rel} )?{SEASON:s}(?: (?:van )?{RY:y})?", r"{SEASON:s} {REL:rel}"
)
def _season(match: re.Match[str], at: At) -> Unit | None:
    return season_meant(match, at)


@SEASONS.rule(
    "schooljaar",
    "schooljaar werkjaar werkingsjaar",
    r"(?:schooljaar|werkjaar|werkingsjaar)(?: (?P<y>20\d\d)(?:[/\- ]?(?:20)?\d\d)?"
    r"| (?P<pair>20\d\d[/\-]\d{2,4}))?",
)
def _school_year(match: re.Match[str], at: At) -> Unit:
    said = match["y"] or (match["pair"] or "")[:4]
    year = int(said) if said else at.today.year - (at.today.month < 9)
    return Unit(calendar.school_year(year), "season")


_SCHOOL_NAMES = {
    "kerstvakantie": "kerst", "kerstverlof": "kerst", "krokusvakantie": "krokus", "krokusverlof": "krokus",
    "carnavalsvakantie": "krokus", "voorjaarsvakantie": "krokus", "paasvakantie": "paas",
    "paasverlof": "paas", "herfstvakantie": "herfst", "herfstverlof": "herfst",
    "allerheiligenvakantie": "herfst", "najaarsvakantie": "herfst", "allerheiligenverlof": "herfst",
    "zomervakantie": "zomer", "zomerverlof": "zomer", "grotevakantie": "zomer",
    "krokus": "krokus", "kerstperiode": "kerst", "bouwverlof": "zomer", "zomermaanden": "zomer",
}  # fmt: skip


@SEASONS.rule(
    "schoolvakantie",
    " ".join([*_SCHOOL_NAMES, "grote", "groot", "{REL}"]),
    rf"(?:{{REL:rel}} )?(?P<h>{any_of(_SCHOOL_NAMES)}|grote vakantie|groot verlof|grote verlof)"
    rf"(?: (?:van )?{{RY:y}})?",
)
def _school_holiday(match: re.Match[str], at: At) -> Unit | None:
    name = _SCHOOL_NAMES.get(match["h"], "zomer")
    relative = match["rel"] or ""
    at = replace(at, past=at.past or is_past(relative))
    year = year_of(match["y"], at)
    unit = in_year(year, at, lambda one: calendar.school_holiday(name, one), "holiday")
    return replace(unit, past=is_past(relative)) if unit else None


_FEAST_NAMES = {
    "nieuwjaar": "nieuwjaar", "nieuwjaarsdag": "nieuwjaar", "driekoningen": "driekoningen",
    "valentijn": "valentijn", "pasen": "pasen", "paasmaandag": "paasmaandag", "paaszondag": "pasen",
    "pinksteren": "pinksteren", "pinkstermaandag": "pinkstermaandag", "hemelvaart": "hemelvaart",
    "hemelvaartsdag": "hemelvaart", "allerheiligen": "allerheiligen", "wapenstilstand": "wapenstilstand",
    "sinterklaas": "sinterklaas", "kerst": "kerst", "kerstmis": "kerst", "kerstdag": "kerst",
    "oudjaar": "oudjaar", "oudejaar": "oudjaar",
    "oudejaarsavond": "oudjaar", "paasdag": "pasen", "sint": "sinterklaas", "pinksterdag": "pinksteren",
}  # fmt: skip
_FEAST_PHRASES = {
    "dag van de arbeid": "dag van de arbeid",
    "feest van de arbeid": "dag van de arbeid",
    "nationale feestdag": "nationale feestdag",
    "vlaamse feestdag": "vlaamse feestdag",
    "olv hemelvaart": "olv hemelvaart",
    "olh hemelvaart": "hemelvaart",
    "tweede kerstdag": "tweede kerstdag",
    "oud en nieuw": "nieuwjaar",
}


@SEASONS.rule(
    "feestdag",
    " ".join([*_FEAST_NAMES, "dag", "feest", "nationale", "vlaamse", "olv", "olh", "tweede", "oud", "{REL}"]),
    rf"(?:{{REL}} )?(?P<f>{any_of([*_FEAST_PHRASES, *_FEAST_NAMES])})(?: (?:van )?{{RY:y}})?",
)
def _feast(match: re.Match[str], at: At) -> Unit | None:
    if match["f"] == "sint" and match.end() < len(match.string):
        return None
    name = _FEAST_PHRASES.get(match["f"]) or _FEAST_NAMES[match["f"]]
    return in_year(year_of(match["y"], at), at, lambda one: calendar.feast(name, one), "feast")


@SEASONS.rule(
    "feestdagen",
    "feestdagen eindejaarsfeesten eindejaar eindejaarsperiode feestperiode",
    r"feestdagen|eindejaarsfeesten|eindejaar|eindejaarsperiode|feestperiode",
)
def _feast_days(_: re.Match[str], at: At) -> Unit | None:
    return in_year(
        None, at, lambda one: Span(first=dt.date(one, 12, 24), last=dt.date(one + 1, 1, 1)), "feast"
    )
