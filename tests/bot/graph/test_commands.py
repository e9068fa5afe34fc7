"""The commands of an operator against the tenant: sign in, look, and be told what to mend."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.commands.mends_engage import registration_faults
from bot.settings import EntraSettings
from tests.bot.graph.conftest import NOW
from tests.fakes.command_line import Run, command_line
from tests.fakes.engage import entra, graph, yammer
from tests.fakes.engage.entra import CLIENT_SECRET
from tests.fakes.engage.graph import Calls
from tests.fakes.engage.graph_calendar import Calendars, an_event
from tests.fakes.engage.tls import Papers, serving
from tests.fakes.engage.world import YAMMER, Group, World

BOX = "agenda@example.org"


@pytest.fixture
def world() -> World:
    """On the machine's clock: the commands are."""
    from bot.clock import SystemClock

    return World(SystemClock().now)


@pytest.fixture
def water(world: World) -> Group:
    an, mia = world.add_user("An Peeters"), world.add_user("Mia Moderator")
    world.add_group("Andere")
    return world.add_group("Water", members=[an], owners=[mia, world.bot])


@pytest.fixture
def run(
    world: World,
    water: Group,
    certificate: Papers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Runs `atriumbot ARGS` with settings that name the tenant and its community Water."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.trusted))
    app = Starlette(routes=[*entra.routes(world), *graph.routes(world), *yammer.routes(world)])
    with serving(app, certificate.server) as url:
        (tmp_path / "atriumbot.toml").write_text(
            f"""
            [entra]
            tenant_id = "{world.tenant_id}"
            client_id = "{world.client_id}"
            authority = "{url}"
            [graph]
            api_url = "{url}/v1.0"
            [engage]
            api_url = "{url}/api/v1"
            [[communities]]
            key = "water"
            platform = "engage"
            name = "Water"
            channel = "{water.id}"
            """
        )
        yield command_line(tmp_path, monkeypatch, capsys)


def test_signing_in_shows_the_code_and_says_who_it_is(run: Run) -> None:
    ran = run("login", "engage")
    assert ran.code == 0, ran.err
    assert "https://login.example.org/device" in ran.err
    assert "FAKE42" in ran.err
    assert "Aangemeld als atriumbot@example.org." in ran.err


def test_signing_in_without_an_app_registration_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = command_line(tmp_path, monkeypatch, capsys)("login", "engage")
    assert ran.code == 1
    assert "[entra] tenant_id and client_id" in ran.err


def test_a_sync_tells_and_keeps_what_there_is(run: Run, water: Group) -> None:
    run("login", "engage")
    told = run("communities", "sync", "--json")
    assert told.code == 0, told.err
    data = json.loads(told.out)
    assert [each["name"] for each in data["communities"]] == ["Andere", "Water"]
    assert data["people"]["water"]["owners"] == ["atriumbot@example.org", "mia.moderator@example.org"]
    listed = run("moderators", "list", "water")
    assert listed.out.splitlines() == ["atriumbot@example.org", "mia.moderator@example.org"]
    asked = run("ask", "welke thematische groepen zijn er rond water?")
    assert "Water" in asked.out
    assert "https://engage.cloud.microsoft/main/groups/" in asked.out


def test_a_sync_without_a_sign_in_says_how(run: Run) -> None:
    ran = run("communities", "sync")
    assert ran.code == 1
    assert "atriumbot login engage" in ran.err


def test_a_sync_names_a_community_that_is_not_as_set(run: Run, water: Group) -> None:
    run("login", "engage")
    water.name = "Bodem"
    ran = run("communities", "sync")
    assert ran.code == 1
    assert 'set name to "Bodem"' in ran.err
    assert str(water.id) in ran.out


def test_moderators_of_an_unknown_community_are_refused(run: Run) -> None:
    assert "atriumbot communities list" in run("moderators", "list", "nergens").err
    assert "atriumbot communities sync" in run("moderators", "list", "water").err


def test_the_calendar_is_brought_in_by_a_command(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("login", "engage")
    assert "calendar_mailbox" in run("agenda", "sync").err
    monkeypatch.setenv("ATRIUMBOT_GRAPH__CALENDAR_MAILBOX", BOX)
    monkeypatch.setenv("ATRIUMBOT_GRAPH__CALENDAR_KIND", "thematisch")
    calendars = world.part(Calendars)
    calendars.events[BOX] = {}
    for name in "abcde":
        calendars.put(BOX, an_event(name, name.upper(), "2027-03-18T09:00:00", "2027-03-18T10:00:00"))
    at = ("--at", NOW.isoformat())
    tried = run("agenda", "sync", "--dry-run", *at)
    assert "5 nieuw, 0 gewijzigd, 0 geannuleerd; 0 afspraken zijn geen atrium" in tried.out
    assert "er is niets veranderd" in tried.err
    assert run("agenda", "sync", *at).code == 0
    calendars.remove(BOX, "a")
    calendars.remove(BOX, "b")
    held = run("agenda", "sync", *at)
    assert held.code == 1
    assert "add --yes" in held.err
    assert "2 geannuleerd" in run("agenda", "sync", "--yes", *at).out


def findings(run: Run) -> dict[str, tuple[bool | None, str, str]]:
    ran = run("doctor", "--engage", "--json")
    return {each["subject"]: (each["well"], each["found"], each["mend"]) for each in json.loads(ran.out)}


def test_the_doctor_says_what_to_do_first(run: Run) -> None:
    found = findings(run)
    assert found["app"][0]
    assert found["yammer token"] == (
        False,
        "nobody is signed in: sign in with: atriumbot login engage",
        "atriumbot login engage",
    )
    assert "account" not in found


def test_the_doctor_finds_all_well_and_answers_what_it_can(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("login", "engage")
    found = findings(run)
    for subject in ("clock", "yammer token", "graph token", "account", "network", "communities"):
        assert found[subject][0], found[subject]
    assert found["members water"] == (True, "2 members, 2 owners; the bot may announce", "")
    assert "native mode" in found["network"][1]
    assert [f"question {number}" in found for number in range(1, 8)] == [True] * 7
    assert "can read" in found["question 4"][1]
    monkeypatch.setenv("ATRIUMBOT_ENTRA__CLIENT_SECRET", CLIENT_SECRET)
    assert "may not look" in findings(run)["question 4"][1]


def test_the_doctor_names_the_mend_of_each_ill(run: Run, world: World, water: Group) -> None:
    run("login", "engage")
    water.owners = {each for each in water.owners if each != world.bot.id}
    water.restricted = True
    found = findings(run)
    assert "no administrator" in found["members water"][1]
    assert "announcements become plain posts" in found["members water"][2]
    assert "only administrators may post" in found["engage water"][1]
    assert "water is restricted" in found["question 7"][1]
    water.members.discard(world.bot.id)
    assert found["members water"][2] != findings(run)["members water"][2] == "add the bot's account"
    world.part(Calls).denied.append("communities")
    assert "Community.Read.All" in findings(run)["communities"][2]


def test_the_doctor_counts_down_to_a_known_end(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATRIUMBOT_ENGAGE__EXPIRES_ON", "2020-01-01")
    well, told, mend = findings(run)["expiry"]
    assert not well
    assert "ends on 2020-01-01" in told
    assert "expires_on" in mend


def test_a_clock_that_is_wrong_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.clock.SystemClock.now", lambda _self: NOW.replace(year=2020))
    assert findings(run)["clock"][2] == "set the clock by NTP"


@pytest.mark.parametrize(
    ("name", "value", "subject", "mend"),
    [
        ("ENGAGE__TOKEN_FILE", "/nowhere/token", "yammer token", "mend the setting"),
        ("ENTRA__CERTIFICATE_FILE", "/nowhere/graph.pem", "graph token", "mend the setting"),
        ("ENTRA__AUTHORITY", "http://127.0.0.1:9", "yammer token", "mend the setting"),
        ("GRAPH__NOTIFICATIONS", "true", "notifications", "public_url"),
    ],
)
def test_a_wrong_setting_is_not_mended_by_signing_in(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, subject: str, mend: str
) -> None:
    monkeypatch.setenv(f"ATRIUMBOT_{name}", value)
    well, _, told = findings(run)[subject]
    assert (well, mend in told) == (False, True)


def test_the_doctor_claims_nothing_of_what_it_could_not_look_at(run: Run) -> None:
    found = findings(run)
    assert {found[f"question {number}"][0] for number in range(1, 8)} == {None}
    assert "could be looked at" in found["question 6"][1]
    shown = run("doctor", "--engage").out
    assert [line.split("  ")[0] for line in shown.splitlines() if " question 6 " in line] == ["not checked"]


def test_the_doctor_says_where_it_looked_for_guests(run: Run) -> None:
    run("login", "engage")
    found = findings(run)
    assert found["question 6"][:2] == (True, "no guests were seen in water")
    assert found["question 7"][:2] == (True, "posting is neither restricted nor moderated in water")
    assert found["question 1"][0] is None


def test_a_ready_token_leaves_signing_in_untried(
    run: Run, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATRIUMBOT_ENGAGE__ACCESS_TOKEN", world.issue(YAMMER, world.bot))
    found = findings(run)
    assert found["account"][0]
    assert found["question 5"][0] is None
    assert "was not tried" in found["question 5"][1]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CERTIFICATE_FILE", "/nowhere/graph.pem", "/nowhere/graph.pem: there is no such file"),
        ("TENANT_ID", "niet-een-guid", "neither a GUID nor a domain"),
        ("CLIENT_ID", "atriumbot", "client_id 'atriumbot' is no GUID"),
    ],
)
def test_an_app_registration_that_cannot_be_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"ATRIUMBOT_ENTRA__{name}", value)
    well, found, _ = findings(run)["app"]
    assert (well, told in found) == (False, True)


def test_a_domain_names_a_tenant_too() -> None:
    given = EntraSettings(tenant_id="example.org", client_id="66666666-7777-8888-9999-000000000000")
    assert registration_faults(given) == []


@pytest.mark.parametrize(
    ("api_url", "found", "mend"),
    [
        ("http://127.0.0.1:9/api/v1", "nothing listens at that address", "check the connection, the proxy"),
        ("{url}/api/v7", "gave 404", "set [engage] api_url to the address of the API"),
        (None, "refused the ready token", "mend the setting that it names"),
    ],
)
def test_each_cause_of_an_account_that_is_not_seen_has_its_own_mend(
    run: Run,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    api_url: str | None,
    found: str,
    mend: str,
) -> None:
    """A dead address, a wrong path, a wrong token: to sign in mends none of them."""
    written = tomllib.loads((tmp_path / "atriumbot.toml").read_text())
    url = written["entra"]["authority"]
    token = world.issue(YAMMER, world.bot) if api_url else "another"
    monkeypatch.setenv("ATRIUMBOT_ENGAGE__ACCESS_TOKEN", token)
    if api_url is not None:
        monkeypatch.setenv("ATRIUMBOT_ENGAGE__API_URL", api_url.format(url=url))
    well, seen, told = findings(run)["account"]
    assert (well, found in seen) == (False, True), seen
    assert told.startswith(mend)
    assert "login" not in told
    assert "licence" not in told


def test_no_name_of_an_exception_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GRAPH__API_URL", "ENGAGE__API_URL"):
        monkeypatch.setenv(f"ATRIUMBOT_{name}", "http://127.0.0.1:9/x")
    run("login", "engage")
    told = run("doctor", "--engage").out
    assert "nothing listens at that address" in told
    assert "Error" not in told
