"""How long each page of the console takes with 10 000 atria and 200 communities, beside an empty page.

Run: `python benchmarks/console.py [--rounds N]`. The aim is less than 50 ms at p95 for every page.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# A file beside this one bears the name of a package.
sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from fastapi import FastAPI

from bot.announcing import Announcing
from bot.effects import Effects
from bot.pseudonyms import Pseudonyms
from bot.web.app import create_app
from bot.web.console.setup import ConsoleSetup
from bot.web.health import OK, Part
from bot.web.site import Web
from handlers.gazetteer import gazetteer
from handlers.model import Atrium, Community, Kind, Person, Role
from scheduler.rules import Rules
from store import audit, outbox, questions, sessions
from store.agenda import save_atrium
from store.communities import sync_communities
from store.engine import Store
from store.migrations import upgrade
from store.outbox import Owed
from store.regions import replace_regions

NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
ATRIA, COMMUNITIES, POSTS, ACTS, QUESTIONS = 10_000, 200, 20_000, 20_000, 2_000
AIM_MS = 50.0
RULES = Rules(public_url="http://127.0.0.1:8000")

PAGES = {
    "leeg": "/beheer/zomaar",
    "overzicht": "/beheer",
    "agenda": "/beheer/agenda",
    "agenda gefilterd": "/beheer/agenda?soort=thematisch&plaats=Gent&q=wind",
    "atrium": "/beheer/agenda/a-5000",
    "atrium wijzigen": "/beheer/agenda/a-5000/wijzigen",
    "aankondigingen": "/beheer/aankondigingen",
    "aankondiging nieuw": "/beheer/aankondigingen/nieuw",
    "aankondiging": "/beheer/aankondigingen/1",
    "berichten": "/beheer/berichten",
    "bericht": "/beheer/berichten/15000",
    "niet verstuurd": "/beheer/berichten?wat=niet-verstuurd",
    "vragen": "/beheer/vragen",
    "vraag": "/beheer/vragen/1000",
    "netwerk": "/beheer/netwerk",
    "teksten": "/beheer/teksten",
    "rollen": "/beheer/rollen",
    "logboek": "/beheer/logboek",
    "verslag": "/beheer/verslag",
}


def atria() -> Iterator[Atrium]:
    towns = gazetteer().municipalities
    kinds = list(Kind)
    for number in range(ATRIA):
        town, kind = towns[number % len(towns)], kinds[number % len(kinds)]
        starts_at = NOW + dt.timedelta(hours=3 * (number - ATRIA // 2))
        yield Atrium(
            uid=f"a-{number}",
            kind=kind,
            title=f"{kind.value} {number} in {town.name}",
            theme=f"thema {number % 150} wind",
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(hours=2),
            municipality=town.name,
            province=town.province,
            region=town.reference_region if kind is Kind.LOKAAL else None,
            visibility=frozenset({"c-1"}) if kind is Kind.MANDATARISSEN else frozenset(),
            updated_at=NOW,
            announced_at=NOW - dt.timedelta(days=900),
        )


def furnish(store: Store) -> None:
    """A network of the size of the aim, with a plan, a history, questions and a draft."""
    person = Person(platform="console", external_id="demo", name="Demo", role=Role.ADMINISTRATOR)
    communities = [
        Community(key=f"c-{n}", platform="local", name=f"Community {n}") for n in range(COMMUNITIES)
    ]
    with store.writing() as session:
        sync_communities(session, communities)
        regions: dict[str, list[str]] = {}
        for town in gazetteer().municipalities:
            regions.setdefault(town.reference_region, []).append(town.name)
        replace_regions(session, regions)
        for atrium in atria():
            save_atrium(session, atrium)
        for number in range(POSTS):
            owed = Owed(
                key=f"reminder:{number}",
                kind="reminder",
                platform="local",
                community_key=f"c-{number % COMMUNITIES}",
                atrium_uid=f"a-{ATRIA // 2 + number % 2000}",
                due_at=NOW + dt.timedelta(minutes=number),
            )
            outbox.enqueue(session, owed, NOW)
        for number in range(ACTS):
            audit.write(session, NOW, person, "console", "changed", f"a-{number % ATRIA}", {"a": 1}, {"a": 2})
        for number in range(QUESTIONS):
            questions.keep_unread(session, f"h{number}", f"vraag {number}?", "niet begrepen", NOW)
        values = {"kind": "thematisch", "theme": "wind", "date-1": "2027-03-18", "begins-1": "13:30"}
        Announcing(RULES).save(
            session,
            person,
            "console",
            NOW,
            {**values, "municipality-1": "Gent", "communities": ("c-2", "c-3")},
        )


def application(store: Store) -> tuple[FastAPI, str]:
    announcing = Announcing(RULES)
    effects = Effects(RULES, Pseudonyms(b"key"), announcing)
    web = Web(
        store=store,
        now=lambda: NOW,
        public_url="http://127.0.0.1:8000",
        readiness=lambda: [Part(name="database", state=OK)],
        console=ConsoleSetup(effects=effects, announcing=announcing, has_link=True),
    )
    with store.writing() as session:
        secret = sessions.open_session(session, "demo", "Demo", Role.ADMINISTRATOR.value, NOW)
    return create_app(web), secret


async def measure(app: FastAPI, secret: str, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each page, by the wall and of this process, the pages in turn so that the machine's
    moods are shared."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in PAGES}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:8000", cookies={"beheer": secret}
    ) as client:
        for number in range(rounds + 1):
            for name, address in PAGES.items():
                began, worked = time.perf_counter(), time.process_time()
                answer = await client.get(address)
                spent = ((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000)
                if answer.status_code not in {200, 404}:
                    raise SystemExit(f"{address} answered {answer.status_code}")
                if number:  # the first round fills what is remembered
                    taken[name].append(spent)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db")
        upgrade(store)
        furnish(store)
        app, secret = application(store)
        taken = asyncio.run(measure(app, secret, rounds))
        store.close()
    print(f"{'page':<20}{'p50 ms':>9}{'p95 ms':>9}{'cpu p50':>9}{'cpu p95':>9}")
    for name, times in taken.items():
        wall, cpu = ([each[number] for each in times] for number in (0, 1))
        shown = [f(each) for each in (wall, cpu) for f in (statistics.median, _p95)]
        late = "  too slow" if shown[1] > AIM_MS else ""
        print(f"{name:<20}" + "".join(f"{each:>9.1f}" for each in shown) + late)


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
