"""A community that the bot cannot reach does not pass for well: at the start, to doctor, in /readyz."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from bot.program import application
from bot.settings import Settings, SettingsError, load_settings
from bot.unconnected import unconnected
from bot.wiring import build
from store.engine import Store
from tests.fakes.command_line import Run
from tests.fakes.platform import SteeredClock
from tests.fakes.visitor import Visitor

GRAPH_ID = "eyJfdHlwZSI6Ikdyb3VwIiwiaWQiOiI0NzY5MTM1ODIwOSJ9"
TOLD = "community algemeen is on slack, but [slack] bot_token is not set"


def on(platform: str, channel: str | None) -> dict[str, str]:
    told = {"key": "algemeen", "name": "Algemeen", "platform": platform}
    return told if channel is None else told | {"channel": channel}


def in_slack(**more: object) -> Settings:
    return Settings.model_validate({"communities": [on("slack", "C0614TZR7")], **more})


@pytest.mark.parametrize(
    ("platform", "channel", "told"),
    [
        ("slack", "#algemeen", "C0614TZR7"),
        ("slack", "algemeen", "C0614TZR7"),
        ("slack", "c0614tzr7", "C0614TZR7"),
        ("engage", "Algemeen", "atriumbot communities sync"),
        ("engage", "één", "atriumbot communities sync"),
    ],
)
def test_a_channel_that_can_be_no_id_is_refused_with_what_to_write(
    platform: str, channel: str, told: str
) -> None:
    environ = {"ATRIUMBOT_COMMUNITIES": json.dumps([on(platform, channel)])}
    with pytest.raises(SettingsError, match=r"communities\.0\.channel") as refused:
        load_settings(None, environ)
    assert repr(channel) in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("platform", "channel", "kept"),
    [
        ("slack", "C0614TZR7", "C0614TZR7"),
        ("slack", "G0614TZR7", "G0614TZR7"),
        ("engage", "47691358209", "47691358209"),
        ("engage", GRAPH_ID, "47691358209"),
        ("local", "om het even", "om het even"),
    ],
)
def test_an_id_is_taken_and_that_of_graph_gives_its_number(platform: str, channel: str, kept: str) -> None:
    settings = Settings.model_validate({"communities": [on(platform, channel)]})
    assert settings.communities[0].channel == kept


def test_what_is_lacking_is_named_for_each_platform() -> None:
    assert [each.told for each in unconnected(in_slack())] == [TOLD]
    given = in_slack(slack={"bot_token": "xoxb-1", "signing_secret": "s"})
    assert unconnected(given) == ()
    engage = Settings.model_validate({"communities": [on("engage", "7")]})
    assert "[entra] tenant_id and client_id are not set" in unconnected(engage)[0].told
    ready = Settings.model_validate({"communities": [on("engage", "7")], "engage": {"access_token": "t"}})
    assert unconnected(ready) == ()
    bare = Settings.model_validate({"communities": [on("engage", None)], "engage": {"access_token": "t"}})
    assert "its channel is not set" in unconnected(bare)[0].told
    assert unconnected(Settings.model_validate({"communities": [on("local", None)]})) == ()


def test_readiness_and_metrics_tell_of_a_platform_without_a_way_in(
    sqlite_store: Store, now: dt.datetime
) -> None:
    visitor = Visitor(application(build(in_slack(), sqlite_store, SteeredClock(now))))
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    (slack,) = [each for each in answer.json()["parts"] if each["name"] == "slack"]
    assert slack["state"] == "AUTH_REQUIRED"
    assert TOLD in slack["reason"]
    assert (
        'atriumbot_platform_state{platform="slack",state="AUTH_REQUIRED"} 1.0' in visitor.get("/metrics").text
    )


def test_a_bot_that_starts_is_said_to_start_and_only_later_to_stand_still(
    sqlite_store: Store, now: dt.datetime
) -> None:
    clock = SteeredClock(now)
    visitor = Visitor(application(build(Settings(), sqlite_store, clock)))

    def clockwork() -> dict[str, str]:
        (part,) = [each for each in visitor.get("/readyz").json()["parts"] if each["name"] == "clockwork"]
        return {name: part[name] for name in ("state", "reason")}

    assert clockwork()["state"] == "STARTING"
    assert "start the bot again" not in clockwork()["reason"]
    clock.forward(seconds=60)
    assert clockwork()["state"] == "STOPPED"


@pytest.fixture
def forgotten(run: Run, tmp_path: Path) -> Run:
    """An operator who forgot the token."""
    (tmp_path / "atriumbot.toml").write_text(
        '[[communities]]\nkey = "algemeen"\nname = "Algemeen"\nplatform = "slack"\nchannel = "C0614TZR7"\n'
    )
    run("db", "upgrade")
    return run


def test_the_doctor_finds_a_forgotten_token_amiss(forgotten: Run) -> None:
    told = forgotten("doctor", "--json")
    assert told.code == 1
    (found,) = [each for each in json.loads(told.out) if each["subject"] == "communities"]
    assert (found["well"], found["found"]) == (False, TOLD)
    assert "ATRIUMBOT_SLACK__BOT_TOKEN" in found["mend"]


def test_the_start_warns_of_a_forgotten_token_and_goes_on(
    forgotten: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    monkeypatch.setattr("bot.program.serve", lambda program, listening: served.append(listening.close()))
    monkeypatch.setattr("bot.logs.configure", lambda: None)
    monkeypatch.setenv("ATRIUMBOT_WEB__PORT", "0")
    told = forgotten("run")
    assert served == [None]
    assert TOLD in told.err
    assert "ATRIUMBOT_SLACK__BOT_TOKEN" in told.err


def test_the_doctor_reads_the_communities_of_the_settings_before_the_first_start(
    forgotten: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATRIUMBOT_SLACK__BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("ATRIUMBOT_SLACK__SIGNING_SECRET", "s")
    found = {each["subject"]: each for each in json.loads(forgotten("doctor", "--json").out)}
    assert (found["communities"]["well"], found["communities"]["found"]) == (True, "algemeen")


def test_the_doctor_speaks_one_language(forgotten: Run) -> None:
    lines = [line.strip() for line in forgotten("doctor").out.splitlines()]
    marks = {line.split("  ")[0] for line in lines if not line.startswith("->")}
    assert marks == {"ok", "amiss"}
