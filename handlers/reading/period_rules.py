"""The rules that read one stretch of time ("donderdag 3 december", "eind januari", "week 50").

Each rule is named, says with which words it can begin, and turns a match into a `Unit`. How units
join into a period ("van ... tot ...", "na ...") is told in `periods.py`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from handlers.model import Span
from handlers.reading import calendar
from handlers.reading.period_words import (
    AMBIGUOUS,
    DAY_WORDS,
    MONTH_NUMBERS,
    NUMBERS,
    ORDINALS,
    WEEKDAY_NUMBERS,
)
from handlers.wording.catalogue import say

DIGITS = "#"  # stands for "any word that begins with a digit" among the first words of a rule

NEXT = (
    "volgende|volgend|komende|komend|eerstvolgende|eerstvolgend|eerstkomende|eerstkomend|"
    "toekomende|aankomende|aanstaande|naaste"
)
THIS = "deze|dit"
PREVIOUS = "vorige|vorig|afgelopen|voorbije|verleden|laatste|voorgaande"


@dataclass(frozen=True, slots=True)
class At:
    """From where a rule reckons.

    Attributes:
        today: the day of the question.
        anchor: what has no year is the first such day on or after this day.
        past: the question is about what has been: then the last such day before today.
        language: of the question.
        problems: where a rule says, in Dutch, what cannot be.
    """

    today: dt.date
    anchor: dt.date
    past: bool = False
    language: str = "nl"
    problems: list[str] = field(default_factory=list)

    def nearest(self, of_year: Callable[[int], Span | None]) -> Span | None:
        """The span of the year that is meant when none is said."""
        years: Iterable[int] = range(self.anchor.year - 1, self.anchor.year + 5)
        spans = [span for year in years if (span := of_year(year)) is not None]
        if self.past:
            gone = [span for span in spans if span.first is not None and span.first <= self.today]
            return gone[-1] if gone else None
        coming = [span for span in spans if span.last is not None and span.last >= self.anchor]
        return coming[0] if coming else None


@dataclass(frozen=True, slots=True)
class Unit:
    """One stretch of time.

    Attributes:
        span: both ends included.
        floating: the year was not said, so that a range may shift it.
        grain: "day", "week", "month", "season", "year", "relative" ... for what "voor" means before it.
        ends: it is the end of something ("eind maart"): "voor eind maart" includes it.
        past: it lies in the past by its wording.
    """

    span: Span
    grain: str
    floating: bool = False
    ends: bool = False
    past: bool = False


Build = Callable[[re.Match[str], At], "Unit | None"]


@dataclass(frozen=True)
class Rule:
    """A named way of saying a stretch of time; its pattern is compiled when first needed."""

    name: str
    shape: str
    build: Build

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _compile(self.shape)


RULES: dict[str, list[Rule]] = {}


def _alternatives(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SHAPES = {
    "N": rf"(?:\d{{1,3}}|{_alternatives(NUMBERS)})",
    "ORD": rf"(?:\d{{1,2}}(?:ste|de|e|th|st|nd|rd)|{_alternatives(ORDINALS)})",
    "D": rf"(?:\d{{1,2}}(?:ste|de|e|th|st|nd|rd)?|{_alternatives(ORDINALS)}|{_alternatives(DAY_WORDS)})",
    "M": rf"(?:{_alternatives(MONTH_NUMBERS)})",
    "WD": rf"(?:{_alternatives(WEEKDAY_NUMBERS)})",
    "Y": r"20\d\d",
    "RY": rf"(?:20\d\d|(?:{THIS}|{NEXT}|{PREVIOUS}) jaar)",
    "NEXT": f"(?:{NEXT})",
    "THIS": f"(?:{THIS})",
    "PREV": f"(?:{PREVIOUS})",
    "REL": f"(?:{THIS}|{NEXT}|{PREVIOUS})",
    "ART": "(?:de |het |den |een )?",
    "SEASON": "(?:voorjaar|najaar|lente|zomer|herfst|winter)",
}


def _compile(shape: str) -> re.Pattern[str]:
    """A pattern from its shape: "{M}" is any month, "{M:m}" a month to be called m."""

    def expand(found: re.Match[str]) -> str:
        name, _, called = found.group(1).partition(":")
        return f"(?P<{called}>{_SHAPES[name]})" if called else _SHAPES[name]

    return re.compile(re.sub(r"\{([A-Z]+(?::\w+)?)\}", expand, shape) + "(?= |$)")


def rule(name: str, first: str, *shapes: str) -> Callable[[Build], Build]:
    """Register a rule under the words it can begin with: words, "{M}", "{WD}" ... or `DIGITS`."""
    lists = {
        "{M}": MONTH_NUMBERS,
        "{WD}": WEEKDAY_NUMBERS,
        "{ORD}": ORDINALS,
        "{N}": NUMBERS,
        "{REL}": f"{THIS}|{NEXT}|{PREVIOUS}".split("|"),
        "{NEXT}": NEXT.split("|"),
        "{PREV}": PREVIOUS.split("|"),
        "{SEASON}": calendar.SEASONS,
    }
    words = {word for part in first.split() for word in lists.get(part, (part,))}

    def register(build: Build) -> Build:
        for shape in shapes:
            one = Rule(name, shape, build)
            for word in words:
                RULES.setdefault(word, []).append(one)
        return build

    return register


def number_of(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def ordinal_of(word: str) -> int:
    if word in DAY_WORDS:
        return DAY_WORDS[word]
    return ORDINALS[word] if word in ORDINALS else int(re.sub(r"\D", "", word))


def year_of(words: str | None, at: At) -> int | None:
    """The year that is said ("2027", "volgend jaar"), None when none is."""
    if not words:
        return None
    if words[:2] == "20" and words.isdigit():
        return int(words)
    return at.today.year + step_of(words.split()[0])


def step_of(word: str) -> int:
    """-1, 0 or 1 for "vorige", "deze" and "volgende"."""
    if word in THIS.split("|"):
        return 0
    return -1 if word in PREVIOUS.split("|") else 1


def is_past(word: str) -> bool:
    return word in PREVIOUS.split("|")


def _in_year(year: int | None, at: At, of_year: Callable[[int], Span | None], grain: str) -> Unit | None:
    span = at.nearest(of_year) if year is None else of_year(year)
    return Unit(span, grain, floating=year is None) if span else None


def date_unit(at: At, number: int, month: int, year: int | None, weekday: str | None = None) -> Unit | None:
    """A day of the calendar, or nothing and a problem when there is no such day."""

    def of_year(one: int) -> Span | None:
        try:
            return calendar.day(dt.date(one, month, number))
        except ValueError:
            return None

    unit = _in_year(year, at, of_year, "day")
    if unit is None:
        name = next(name for name, value in MONTH_NUMBERS.items() if value == month)
        at.problems.append(say("gelezen.bestaat niet", dag=f"{number} {name}{f' {year}' if year else ''}"))
    elif weekday and unit.span.first and unit.span.first.weekday() != WEEKDAY_NUMBERS[weekday]:
        names = [name for name in WEEKDAY_NUMBERS if len(name) > 5]
        date = unit.span.first
        month_name = next(name for name in MONTH_NUMBERS if MONTH_NUMBERS[name] == date.month)
        at.problems.append(
            say(
                "gelezen.andere weekdag",
                dag=f"{date.day} {month_name} {date.year}",
                weekdag=names[date.weekday()],
                getypt=names[WEEKDAY_NUMBERS[weekday]],
            )
        )
    return unit


# --- days


@rule(
    "datum in cijfers",
    f"{DIGITS} {{WD}}",
    r"(?:{WD:wd} (?:, )?(?:de )?)?(?P<d>\d{1,4}[./\-]\d{1,2}(?:[./\-]\d{1,4})?)",
)
def _numeric(match: re.Match[str], at: At) -> Unit | None:
    parts = [int(part) for part in re.split(r"[./\-]", match["d"])]
    if match["d"] == "24/7":
        return None
    if parts[0] > 31:
        if len(parts) < 3 or not 1 <= parts[1] <= 12:
            return None
        return date_unit(at, parts[2], parts[1], parts[0])
    if not 1 <= parts[1] <= 12 or parts[0] == 0:
        return None
    year = None
    if len(parts) == 3:
        year = parts[2] if parts[2] > 99 else 2000 + parts[2]
        if not 2000 <= year <= 2100:
            return None
    elif "-" in match["d"]:
        return None
    return date_unit(at, parts[0], parts[1], year, match["wd"])


@rule(
    "dag en maand",
    f"{DIGITS} {{WD}} {{ORD}} " + " ".join(DAY_WORDS),
    r"(?:{WD:wd} (?:, )?(?:de )?)?{D:d} (?:van )?(?:de maand )?{M:m}(?: (?:van )?{RY:y})?",
)
def _day_month(match: re.Match[str], at: At) -> Unit | None:
    number = ordinal_of(match["d"])
    if number < 1:
        return None
    return date_unit(at, number, MONTH_NUMBERS[match["m"]], year_of(match["y"], at), match["wd"])


@rule("month day", "{M}", r"{M:m} (?:de )?{D:d}(?: (?:, )?{Y:y})?")
def _month_day(match: re.Match[str], at: At) -> Unit | None:
    if at.language != "en":
        return None
    number = ordinal_of(match["d"])
    return date_unit(at, number, MONTH_NUMBERS[match["m"]], year_of(match["y"], at)) if number > 0 else None


@rule(
    "dagen van een maand",
    f"{DIGITS} {{ORD}} {{WD}}",
    r"(?:{WD} )?{D:a}(?:(?: ,)?(?: en| of| tot en met| tot)? (?:{WD} )?(?:de )?{D:b})"
    r"{1,3} {M:m}(?: (?:van )?{RY:y})?",
    r"(?P<a>\d{1,2})-(?P<b>\d{1,2}) {M:m}(?: (?:van )?{RY:y})?",
)
def _days_of_month(match: re.Match[str], at: At) -> Unit | None:
    first, last = ordinal_of(match["a"]), ordinal_of(match["b"])
    end = date_unit(at, last, MONTH_NUMBERS[match["m"]], year_of(match["y"], at))
    if end is None or end.span.last is None or not 1 <= first <= last:
        return None
    return replace(end, span=Span(first=end.span.last.replace(day=first), last=end.span.last), grain="days")


@rule("days of a month", "{M}", r"{M:m} (?:de )?{D:a} (?:tot|en|tot en met) (?:de )?{D:b}(?: {Y:y})?")
def _month_days(match: re.Match[str], at: At) -> Unit | None:
    return _days_of_month(match, at) if at.language == "en" else None


@rule(
    "dag van de maand",
    f"{{WD}} {DIGITS} de",
    r"{WD:wd} (?:de )?{D:d}",
    r"(?P<wd>)(?:de )?(?P<d>\d{1,2}(?:ste|de|e|th))(?! (?:van )?{M})",
)
def _day_number(match: re.Match[str], at: At) -> Unit | None:
    number = ordinal_of(match["d"])
    if not 1 <= number <= 31:
        return None
    wanted = WEEKDAY_NUMBERS.get(match["wd"] or "")
    start = at.today if not at.past else calendar.plus_months(at.today, -13)
    days = (calendar.plus_days(start, days) for days in range(400))
    fitting = [date for date in days if date.day == number and wanted in (None, date.weekday())]
    chosen = fitting[-1] if at.past else fitting[0] if fitting else None
    return Unit(calendar.day(chosen), "day") if chosen else None


_RELATIVE_DAYS = {
    "eergisteren": -2,
    "gisteren": -1,
    "vandaag": 0,
    "morgen": 1,
    "overmorgen": 2,
    "vanavond": 0,
}
_RELATIVE_DAYS |= {"vanmiddag": 0, "vannamiddag": 0, "vanochtend": 0, "vanmorgen": 0, "vannacht": 0}
_RELATIVE_DAYS |= {
    "morgenvroeg": 1,
    "morgenavond": 1,
    "morgennamiddag": 1,
    "morgenochtend": 1,
    "morgenmiddag": 1,
    "morgenvoormiddag": 1,
}
_RELATIVE_DAYS |= {"gisterenavond": -1, "gisteravond": -1, "gister": -1, "overmorgenvroeg": 2}


@rule(
    "vandaag en morgen",
    " ".join(_RELATIVE_DAYS),
    rf"(?P<d>{_alternatives(_RELATIVE_DAYS)})(?: (?:vroeg|ochtend|voormiddag|middag|namiddag|avond))?",
)
def _relative_day(match: re.Match[str], at: At) -> Unit:
    step = _RELATIVE_DAYS[match["d"]]
    return Unit(calendar.day(calendar.plus_days(at.today, step)), "day", past=step < 0)


@rule("dagdeel van vandaag", "deze", r"deze (?:voormiddag|namiddag|middag|avond|ochtend|morgen)")
def _this_afternoon(_: re.Match[str], at: At) -> Unit:
    return Unit(calendar.day(at.today), "day")


def _coming(weekday: int, after: dt.date) -> dt.date:
    return calendar.plus_days(after, (weekday - after.weekday() - 1) % 7 + 1)


_PART = "(?:(?:voor|na)?middag|avond|ochtend|morgen)"


@rule(
    "weekdag van een week",
    "{WD} {REL} week over weekend",
    r"{REL:rel} week (?:op )?{WD:wd}(?:" + _PART + ")?",
    r"{WD:wd}(?:" + _PART + ")? (?:van |in )?(?:de )?{REL:rel} week",
    r"week {NEXT:rel} {WD:wd}",
    r"{WD:wd} (?:van |in )?week (?P<week>\d{1,2})",
    r"{WD:wd} (?:van |in )?de week van (?:{WD} )?(?P<d>\d{1,2}) {M:m}(?: {Y:y})?",
)
def _weekday_of_week(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    if named.get("week"):
        span = at.nearest(lambda year: calendar.iso_week(year, int(named["week"])))
    elif named.get("m"):
        unit = date_unit(at, int(named["d"]), MONTH_NUMBERS[named["m"]], year_of(named["y"], at))
        span = calendar.week_of(unit.span.first) if unit and unit.span.first else None
    else:
        step = 7 * step_of(named["rel"])
        span = calendar.week_of(calendar.plus_days(at.today, step))
    if span is None or span.first is None:
        return None
    date = calendar.plus_days(span.first, WEEKDAY_NUMBERS[named["wd"]])
    return Unit(calendar.day(date), "day", past=is_past(named.get("rel") or ""))


@rule(
    "weekdag over een week",
    "{WD} over vandaag morgen",
    r"{WD:wd} over {N:n} (?P<unit>weken|week|dagen)",
    r"over {N:n} (?P<unit>weken|week) (?:op )?{WD:wd}",
    r"(?P<rel>vandaag|morgen|overmorgen) over {N:n} (?P<unit>weken|week|dagen)",
)
def _weekday_over_weeks(match: re.Match[str], at: At) -> Unit:
    number = number_of(match["n"])
    days = number if match["unit"] == "dagen" else 7 * number
    named = match.groupdict()
    if named.get("rel"):
        start = calendar.plus_days(at.today, _RELATIVE_DAYS[named["rel"]])
    elif match.group().startswith("over"):
        monday = calendar.monday_of(calendar.plus_days(at.today, days))
        return Unit(calendar.day(calendar.plus_days(monday, WEEKDAY_NUMBERS[named["wd"]])), "day")
    else:
        start = calendar.plus_days(at.today, (WEEKDAY_NUMBERS[named["wd"]] - at.today.weekday()) % 7)
    return Unit(calendar.day(calendar.plus_days(start, days)), "day")


@rule(
    "zoveelste weekdag van een maand",
    "{ORD}",
    r"{ORD:n} {WD:wd} (?:van|in|of) (?:de )?(?:maand )?(?P<what>{M:m}(?: {RY:y})?|{REL:rel} maand)",
)
def _nth_weekday(match: re.Match[str], at: At) -> Unit | None:
    month = _month_meant(match, at)
    if month is None or month.span.first is None or month.span.last is None:
        return None
    length = (month.span.last - month.span.first).days + 1
    days = [calendar.plus_days(month.span.first, step) for step in range(length)]
    fitting = [date for date in days if date.weekday() == WEEKDAY_NUMBERS[match["wd"]]]
    number = ordinal_of(match["n"])
    if number > len(fitting):
        return None
    return Unit(calendar.day(fitting[number - 1 if number > 0 else -1]), "day", floating=month.floating)


@rule(
    "weekdag",
    "{WD} {REL}",
    r"(?:{REL:rel} )?{WD:wd}(?:" + _PART + r")?(?: (?:voor|na)?middag| avond| ochtend)?",
    r"{WD:wd} {REL:rel}",
)
def _weekday(match: re.Match[str], at: At) -> Unit | None:
    wanted, relative = WEEKDAY_NUMBERS[match["wd"]], match["rel"] or ""
    if (relative and is_past(relative)) or (at.past and not relative):
        date = calendar.plus_days(at.today, -((at.today.weekday() - wanted - 1) % 7 + 1))
    elif relative in THIS.split("|"):
        date = calendar.plus_days(at.today, (wanted - at.today.weekday()) % 7)
    else:
        date = _coming(wanted, max(at.today, calendar.plus_days(at.anchor, -1)))
    return Unit(calendar.day(date), "day", floating=not relative, past=is_past(relative))


# --- weeks


def _stretch(what: str, step: int, at: At) -> Span:
    """The week, weekend, month, year ... `step` on from the one that holds today."""
    match what:
        case "week":
            return calendar.week_of(calendar.plus_days(at.today, 7 * step))
        case "weekend" | "weekeinde":
            return calendar.weekend_of(calendar.plus_days(at.today, 7 * step))
        case "maand" | "maanden":
            date = calendar.plus_months(at.today, step)
            return calendar.month(date.year, date.month)
        case "kwartaal" | "trimester":
            start = at.today.replace(month=(at.today.month - 1) // 3 * 3 + 1, day=1)
            date = calendar.plus_months(start, 3 * step)
            return calendar.months(date.year, date.month, date.month + 2)
        case "semester" | "halfjaar":
            start = at.today.replace(month=1 if at.today.month < 7 else 7, day=1)
            date = calendar.plus_months(start, 6 * step)
            return calendar.months(date.year, date.month, date.month + 5)
        case "schooljaar" | "werkjaar" | "werkingsjaar":
            year = at.today.year - (at.today.month < 9)
            return calendar.school_year(year + step)
    return calendar.year_span(at.today.year + step)


_STRETCHES = (
    "week|weekend|weekeinde|maand|kwartaal|trimester|semester|halfjaar|schooljaar|werkjaar|werkingsjaar|jaar"
)


@rule(
    "deze, volgende of vorige week, maand, jaar",
    "{REL} week weekend maand maanden kwartaal jaar van",
    rf"{{REL:rel}} (?P<what>{_STRETCHES})",
    r"(?P<what>week|weekend|maand|maanden|kwartaal|jaar) {REL:rel}",
)
def _relative_stretch(match: re.Match[str], at: At) -> Unit | None:
    relative, what = match["rel"], match["what"]
    if match.group().startswith(what) and at.language == "nl":
        return None
    step = step_of(relative)
    if what in {"weekend", "weekeinde"} and step == 1 and relative.startswith(("komend", "eerst", "aan")):
        step = 0
    return Unit(_stretch(what, step, at), "relative", past=is_past(relative))


@rule(
    "van de week, van 't jaar", "van", r"van (?:de|het) (?P<what>week|weekend|maand|jaar)(?! van)(?! daarna)"
)
def _dialect_stretch(match: re.Match[str], at: At) -> Unit:
    return Unit(_stretch(match["what"], 0, at), "relative")


@rule("deze en volgende week", "{REL}", rf"(?:{THIS}) (?:en|of) (?:de |het )?{{NEXT}} (?P<what>{_STRETCHES})")
def _this_and_next(match: re.Match[str], at: At) -> Unit:
    first, last = _stretch(match["what"], 0, at), _stretch(match["what"], 1, at)
    return Unit(Span(first=first.first, last=last.last), "relative")


@rule(
    "het weekend",
    "weekend weekeinde",
    r"(?:weekend|weekeinde)(?: van (?:{WD} )?(?P<d>\d{1,2}) {M:m}(?: {Y:y})?)?",
)
def _weekend(match: re.Match[str], at: At) -> Unit | None:
    if not match["m"]:
        return Unit(calendar.weekend_of(at.today), "relative")
    unit = date_unit(at, int(match["d"]), MONTH_NUMBERS[match["m"]], year_of(match["y"], at))
    return Unit(calendar.weekend_of(unit.span.first), "week") if unit and unit.span.first else None


@rule(
    "week met nummer",
    "week weeknummer wk",
    r"(?:week|weeknummer|wk) (?:nr |nummer )?(?P<n>\d{1,2})(?: (?:van |in )?{RY:y})?",
)
def _week_number(match: re.Match[str], at: At) -> Unit | None:
    number = int(match["n"])
    unit = _in_year(year_of(match["y"], at), at, lambda year: calendar.iso_week(year, number), "week")
    if unit is None:
        at.problems.append(say("gelezen.bestaat niet", dag=f"week {number}"))
    return unit


@rule(
    "de week van een dag",
    "week",
    r"week (?:van|vanaf|rond) (?:{WD} )?(?:de )?(?P<d>\d{1,2})(?:ste|de|e)? {M:m}(?: {RY:y})?",
    r"week (?:van|vanaf|rond) (?:{WD} )?(?P<num>\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?)",
)
def _week_of_date(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    if named.get("num"):
        parts = [int(part) for part in re.split(r"[./]", named["num"])]
        year = parts[2] % 100 + 2000 if len(parts) == 3 else None
        unit = date_unit(at, parts[0], parts[1], year) if 1 <= parts[1] <= 12 else None
    else:
        unit = date_unit(at, int(named["d"]), MONTH_NUMBERS[named["m"]], year_of(named["y"], at))
    return (
        Unit(calendar.week_of(unit.span.first), "week", floating=unit.floating)
        if unit and unit.span.first
        else None
    )


def _month_meant(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    if named.get("rel"):
        return Unit(_stretch("maand", step_of(named["rel"]), at), "month")
    number = MONTH_NUMBERS[named["m"]]
    return _in_year(year_of(named.get("y"), at), at, lambda year: calendar.month(year, number), "month")


@rule(
    "zoveelste week",
    "{ORD} vorige",
    r"{ORD:n} (?:volle |volledige )?week (?:van|in) (?:de |het )?(?:maand )?(?P<what>{M:m}(?: (?:van )"
    r"?{RY:y})?|{REL:rel} maand|maand|jaar|{RY:year})",
    r"vorige week (?:van|in) (?P<n>)(?P<what>{M:m}(?: (?:van )?{RY:y})?)",
)
def _nth_week(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    number = ordinal_of(match["n"]) if match["n"] else -1
    if named.get("m") or named.get("rel"):
        whole = _month_meant(match, at)
    elif match["what"] == "maand":
        whole = Unit(_stretch("maand", 0, at), "month")
    else:
        year = year_of(named.get("year"), at) or at.today.year
        whole = Unit(calendar.year_span(year), "year")
    if whole is None or whole.span.first is None or whole.span.last is None:
        return None
    if number == -1:
        return replace(whole, span=Span(first=calendar.plus_days(whole.span.last, -6), last=whole.span.last))
    first = calendar.plus_days(whole.span.first, 7 * (number - 1))
    if first > whole.span.last:
        return None
    return replace(whole, span=Span(first=first, last=min(calendar.plus_days(first, 6), whole.span.last)))


# --- months, quarters, halves


@rule("maand", "{M}", r"{M:m}(?: (?:van |in )?{RY:y})?(?:(?P<pair>/){M})?")
def _month(match: re.Match[str], at: At) -> Unit | None:
    return _month_meant(match, at)


@rule("maand van een jaar", "{REL}", r"{RY:y} (?:in )?{M:m}")
def _year_month(match: re.Match[str], at: At) -> Unit | None:
    return _month_meant(match, at)


_THIRDS = {"begin": 0, "half": 1, "midden": 1, "medio": 1, "eind": 2, "einde": 2}


@rule(
    "begin, half of einde",
    "begin half midden medio eind einde",
    r"(?P<third>begin|half|midden|medio|einde|eind) (?:van )?(?:de |het )?(?:maand )"
    r"?(?P<what>{M:m}(?: (?:van )?{RY:y})?|{REL:rel} maand|maand)",
)
def _third(match: re.Match[str], at: At) -> Unit | None:
    third = _THIRDS[match["third"]]
    named = match.groupdict()
    if not named["m"]:
        date = calendar.plus_months(at.today, step_of(named["rel"]) if named["rel"] else 0)
        return Unit(calendar.third_of_month(date.year, date.month, third), "month", ends=third == 2)
    number = MONTH_NUMBERS[named["m"]]
    unit = _in_year(
        year_of(named["y"], at), at, lambda year: calendar.third_of_month(year, number, third), "month"
    )
    return replace(unit, ends=third == 2) if unit else None


@rule(
    "begin of einde van een jaar",
    "begin half midden medio eind einde",
    r"(?P<third>begin|half|midden|medio|einde|eind) (?:van )?(?:het |de )?(?P<y>20\d\d|{REL} jaar|jaar"
    r"|{REL} schooljaar|schooljaar)",
)
def _end_of_year(match: re.Match[str], at: At) -> Unit:
    third = _THIRDS[match["third"]]
    if match["y"].endswith("schooljaar"):
        step = step_of(match["y"].split()[0]) if " " in match["y"] else 0
        start = _stretch("schooljaar", step, at).first
        year = start.year if start else at.today.year
        span = (calendar.months(year, 9, 11), calendar.months(year, 12, 2), calendar.months(year + 1, 6, 8))[
            third
        ]
        return Unit(span, "relative", ends=third == 2)
    year = at.today.year if match["y"] == "jaar" else year_of(match["y"], at) or at.today.year
    if match["y"] == "jaar" and third == 0 and not at.past:
        year += at.today.month > 3
    first = (1, 4, 10)[third]
    span = calendar.months(year, first, (3, 9, 12)[third])
    return Unit(span, "relative", ends=third == 2, past=span.last is not None and span.last < at.today)


@rule(
    "begin of einde van een week",
    "begin half midden eind einde",
    r"(?P<third>begin|half|midden|einde|eind) (?:van )?(?:de )?(?:{REL:rel} )?week",
)
def _third_of_week(match: re.Match[str], at: At) -> Unit:
    step = step_of(match["rel"]) if match["rel"] else 0
    monday = calendar.monday_of(calendar.plus_days(at.today, 7 * step))
    first, last = ((0, 1), (2, 3), (4, 6))[_THIRDS[match["third"]]]
    return Unit(Span(first=calendar.plus_days(monday, first), last=calendar.plus_days(monday, last)), "week")


@rule(
    "begin of einde van een seizoen",
    "begin half midden eind einde",
    r"(?P<third>begin|half|midden|einde|eind) (?:van )?(?:de |het )?(?:{REL:rel} )?{SEASON:s}(?: {Y:y})?",
)
def _third_of_season(match: re.Match[str], at: At) -> Unit | None:
    whole = _season(match, at)
    if whole is None or whole.span.first is None or whole.span.last is None:
        return None
    start, end = whole.span.first, whole.span.last
    size = ((end.year - start.year) * 12 + end.month - start.month + 1) // 3 or 1
    third = _THIRDS[match["third"]]
    first = calendar.plus_months(start, size * third)
    last = end if third == 2 else calendar.plus_days(calendar.plus_months(first, size), -1)
    return replace(whole, span=Span(first=first, last=last), ends=third == 2)


@rule(
    "kwartaal",
    f"q1 q2 q3 q4 q kwartaal trimester {{ORD}} {DIGITS} {{NEXT}}",
    r"q ?(?P<q>[1-4])(?: (?:van |in )?(?:het )?{RY:y})?",
    r"(?:kwartaal|trimester) (?P<q>[1-4])(?: (?:van |in )?{RY:y})?",
    r"{ORD:n} (?:kwartaal|trimester)(?: (?:van |in )?(?:het )?(?:{RY:y}|jaar))?",
)
def _quarter(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    number = int(named["q"]) if named.get("q") else ordinal_of(named["n"])
    number = 4 if number == -1 else number
    if number > 4:
        return None
    year = year_of(named["y"], at)
    return _in_year(year, at, lambda one: calendar.months(one, 3 * number - 2, 3 * number), "season")


@rule(
    "helft",
    f"{{ORD}} {DIGITS} semester",
    r"{ORD:n} helft (?:van )?(?:de |het )?(?:maand )?(?P<what>{M:m}(?: (?:van )?{RY:y})?"
    r"|{REL:rel} maand|maand)",
    r"{ORD:n} (?:helft (?:van )?(?:het )?|jaarhelft ?(?:van )?|semester ?(?:van )?(?:het )?"
    r"|halfjaar ?(?:van )?)(?P<year>{RY}|jaar)",
    r"{ORD:n} (?:jaarhelft|semester|halfjaar)",
)
def _half(match: re.Match[str], at: At) -> Unit | None:
    number, named = ordinal_of(match["n"]), match.groupdict()
    number = 2 if number == -1 else number
    if number > 2:
        return None
    if not named.get("what"):
        said = named.get("year")
        year = at.today.year if said == "jaar" else year_of(said, at)
        return _in_year(year, at, lambda one: calendar.months(one, 6 * number - 5, 6 * number), "season")
    if named.get("m"):
        whole = _month_meant(match, at)
    else:
        whole = Unit(_stretch("maand", step_of(named["rel"]) if named.get("rel") else 0, at), "month")
    if whole is None or whole.span.first is None:
        return None
    first = whole.span.first
    if number == 1:
        return replace(whole, span=Span(first=first, last=first.replace(day=15)))
    return replace(whole, span=Span(first=first.replace(day=16), last=whole.span.last))


@rule(
    "eerste maanden van een jaar",
    "{ORD}",
    r"(?P<n>eerste|laatste) {N:k} (?P<unit>maanden|weken) van (?:het )?(?P<y>{RY}|jaar)",
)
def _first_months(match: re.Match[str], at: At) -> Unit:
    year = at.today.year if match["y"] == "jaar" else year_of(match["y"], at) or at.today.year
    number = number_of(match["k"])
    new_year, end_of_year = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if match["n"] == "eerste":
        first_after = calendar.plus_days(new_year, 7 * number)
        if match["unit"] == "maanden":
            first_after = calendar.plus_months(new_year, number)
        return Unit(Span(first=new_year, last=calendar.plus_days(first_after, -1)), "season")
    first = calendar.plus_days(end_of_year, 1 - 7 * number)
    if match["unit"] == "maanden":
        first = calendar.plus_months(dt.date(year, 12, 1), 1 - number)
    return Unit(Span(first=first, last=end_of_year), "season")


@rule(
    "eerste weken van een maand",
    "{ORD}",
    r"(?P<n>eerste|laatste) {N:k} (?P<unit>weken|dagen) van (?:de )?(?:maand )?{M:m}(?: (?:van )?{RY:y})?",
)
def _first_weeks(match: re.Match[str], at: At) -> Unit | None:
    month = _month_meant(match, at)
    if month is None or month.span.first is None or month.span.last is None:
        return None
    days = number_of(match["k"]) * (7 if match["unit"] == "weken" else 1) - 1
    if match["n"] == "eerste":
        return replace(
            month, span=Span(first=month.span.first, last=calendar.plus_days(month.span.first, days))
        )
    return replace(month, span=Span(first=calendar.plus_days(month.span.last, -days), last=month.span.last))


# --- seasons, school, feasts


@rule("seizoen", "{SEASON} {REL}", r"(?:{REL:rel} )?{SEASON:s}(?: (?:van )?{RY:y})?", r"{SEASON:s} {REL:rel}")
def _season(match: re.Match[str], at: At) -> Unit | None:
    named = match.groupdict()
    name, relative = named["s"], named.get("rel") or ""
    year = year_of(named.get("y"), at)
    if not relative or year is not None or relative in THIS.split("|"):
        return _in_year(year, at, lambda one: calendar.season(name, one), "season")
    spans = [calendar.season(name, one) for one in range(at.today.year - 3, at.today.year + 3)]
    if is_past(relative):
        span = [one for one in spans if one.last is not None and one.last < at.today][-1]
    else:
        span = next(one for one in spans if one.first is not None and one.first > at.today)
    return Unit(span, "season", past=is_past(relative))


@rule(
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


@rule(
    "schoolvakantie",
    " ".join([*_SCHOOL_NAMES, "grote", "groot", "{REL}"]),
    rf"(?:{{REL:rel}} )?(?P<h>{_alternatives(_SCHOOL_NAMES)}|grote vakantie|groot verlof|grote verlof)"
    rf"(?: (?:van )?{{RY:y}})?",
)
def _school_holiday(match: re.Match[str], at: At) -> Unit | None:
    name = _SCHOOL_NAMES.get(match["h"], "zomer")
    relative = match["rel"] or ""
    at = replace(at, past=at.past or is_past(relative))
    year = year_of(match["y"], at)
    unit = _in_year(year, at, lambda one: calendar.school_holiday(name, one), "holiday")
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


@rule(
    "feestdag",
    " ".join([*_FEAST_NAMES, "dag", "feest", "nationale", "vlaamse", "olv", "olh", "tweede", "oud", "{REL}"]),
    rf"(?:{{REL}} )?(?P<f>{_alternatives([*_FEAST_PHRASES, *_FEAST_NAMES])})(?: (?:van )?{{RY:y}})?",
)
def _feast(match: re.Match[str], at: At) -> Unit | None:
    if match["f"] == "sint" and match.end() < len(match.string):
        return None
    name = _FEAST_PHRASES.get(match["f"]) or _FEAST_NAMES[match["f"]]
    return _in_year(year_of(match["y"], at), at, lambda one: calendar.feast(name, one), "feast")


@rule(
    "feestdagen",
    "feestdagen eindejaarsfeesten eindejaar eindejaarsperiode feestperiode",
    r"feestdagen|eindejaarsfeesten|eindejaar|eindejaarsperiode|feestperiode",
)
def _feast_days(_: re.Match[str], at: At) -> Unit | None:
    return _in_year(
        None, at, lambda one: Span(first=dt.date(one, 12, 24), last=dt.date(one + 1, 1, 1)), "feast"
    )


# --- so many days, weeks, months


_UNITS = "dagen|dag|weken|week|maanden|maand|jaren|jaar"


def _after(at: At, number: int, what: str) -> dt.date:
    if what.startswith("dag"):
        return calendar.plus_days(at.today, number)
    if what.startswith("we"):
        return calendar.plus_days(at.today, 7 * number)
    return calendar.plus_months(at.today, number * (12 if what.startswith("ja") else 1))


@rule(
    "binnen of komende zoveel weken",
    "binnen in {NEXT} {N} # eerste",
    rf"binnen (?:de |het )?(?:{{NEXT}} )?{{N:n}}(?: tal)? (?P<unit>{_UNITS})",
    r"(?:{NEXT}|eerste) {N:n} (?P<unit>dagen|weken|maanden|jaar|jaren)",
    r"{N:n} (?:{NEXT}) (?P<unit>dagen|weken|maanden|jaar|jaren)",
)
def _within(match: re.Match[str], at: At) -> Unit | None:
    if match["n"] in {"een", "ene"} and match.group().startswith("een "):
        return None
    return Unit(Span(first=at.today, last=_after(at, number_of(match["n"]), match["unit"])), "relative")


@rule(
    "binnen het half jaar",
    "binnen {NEXT}",
    r"binnen (?:het |een |de )?(?:{NEXT} )?(?:half jaar|halfjaar|zes maanden)",
    r"{NEXT} half jaar",
)
def _within_half_year(_: re.Match[str], at: At) -> Unit:
    return Unit(Span(first=at.today, last=calendar.plus_months(at.today, 6)), "relative")


@rule("binnen de week, de maand", "binnen", r"binnen (?:de|het|dit|deze) (?P<unit>week|maand|jaar)")
def _within_the(match: re.Match[str], at: At) -> Unit:
    return Unit(Span(first=at.today, last=_after(at, 1, match["unit"])), "relative")


@rule(
    "over zoveel weken",
    "over in",
    rf"over (?:een )?{{N:n}} (?P<unit>{_UNITS})",
    r"over een (?P<n>paar) (?P<unit>dagen|weken|maanden)",
    rf"in {{N:n}} (?P<unit>{_UNITS})",
    rf"in {{N:n}} (?P<unit>{_UNITS}) time",
)
def _over(match: re.Match[str], at: At) -> Unit | None:
    if (match.group().startswith("in ") and at.language != "en") or match["n"] == "paar":
        return None
    date = _after(at, number_of(match["n"]), match["unit"])
    span = calendar.week_of(date) if match["unit"].startswith("we") else calendar.day(date)
    return Unit(span, "relative")


@rule("over een half jaar", "over", r"over (?:een )?(?:half jaar|halfjaar)")
def _over_half_year(_: re.Match[str], at: At) -> Unit:
    return Unit(calendar.day(calendar.plus_months(at.today, 6)), "relative")


@rule("zoveel weken van nu", "{N} #", rf"{{N:n}} (?P<unit>{_UNITS}) (?:de )?hierna")
def _from_now(match: re.Match[str], at: At) -> Unit:
    date = _after(at, number_of(match["n"]), match["unit"])
    return Unit(calendar.week_of(date) if match["unit"].startswith("we") else calendar.day(date), "relative")


@rule("zoveel weken geleden", "{N} #", rf"{{N:n}} (?P<unit>{_UNITS}) (?:geleden|terug|ago)")
def _ago(match: re.Match[str], at: At) -> Unit:
    date = _after(at, -number_of(match["n"]), match["unit"])
    span = calendar.week_of(date) if match["unit"].startswith("we") else calendar.day(date)
    return Unit(span, "relative", past=True)


@rule(
    "de voorbije zoveel weken",
    "{PREV} {N} #",
    r"{PREV} {N:n} (?P<unit>dagen|weken|maanden|jaar|jaren)",
    r"{N:n} {PREV} (?P<unit>dagen|weken|maanden|jaar|jaren)",
)
def _past_stretch(match: re.Match[str], at: At) -> Unit:
    return Unit(
        Span(first=_after(at, -number_of(match["n"]), match["unit"]), last=at.today), "relative", past=True
    )


@rule(
    "rest van",
    "rest resterende",
    r"(?:rest|restant) van (?:de|het|dit|deze) (?P<what>week|maand|jaar|kwartaal|schooljaar|werkjaar"
    r"|najaar|voorjaar)",
)
def _rest(match: re.Match[str], at: At) -> Unit:
    if match["what"] in calendar.SEASONS:
        span = at.nearest(lambda year: calendar.season(match["what"], year)) or Span()
        return Unit(Span(first=at.today, last=span.last), "relative")
    return Unit(Span(first=at.today, last=_stretch(match["what"], 0, at).last), "relative")


@rule("nu", "nu vandaag heden hier", r"nu|heden|hier(?= tot)")
def _now(_: re.Match[str], at: At) -> Unit:
    return Unit(calendar.day(at.today), "now")


@rule("jaar", DIGITS, r"{Y:y}(?!-)")
def _year(match: re.Match[str], at: At) -> Unit | None:
    year = int(match["y"])
    if not 2015 <= year <= 2045:
        return None
    return Unit(calendar.year_span(year), "year", past=year < at.today.year)


def is_ambiguous(words: list[str]) -> bool:
    """Whether a unit of these words is one short word that may well be another word."""
    return len(words) == 1 and words[0] in AMBIGUOUS
