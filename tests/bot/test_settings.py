"""The settings: read from file and environment, checked all at once, and every key documented."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.settings import CommunitySettings, Settings, SettingsError, load_settings
from handlers.model import Kind

DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


def settings_of(tmp_path: Path, toml: str, **environ: str) -> Settings:
    file = tmp_path / "atriumbot.toml"
    file.write_text(toml, encoding="utf-8")
    return load_settings(file, environ)


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = load_settings(None, {})

    assert settings.database.url == "sqlite:///var/atriumbot.db"
    assert settings.rules().reminders[Kind.LOKAAL] == (dt.timedelta(days=14), dt.timedelta(days=1))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, "[web]\nport = 8001", ATRIUMBOT_WEB__PORT="8002", HOME="/home/an")

    assert settings.web.port == 8002


@pytest.mark.parametrize("text", ["7d, 1d", '["7d", "1d"]'])
def test_a_list_in_the_environment_is_words_or_json(tmp_path: Path, text: str) -> None:
    settings = settings_of(tmp_path, "", ATRIUMBOT_REMINDERS__LOKAAL=text)

    assert settings.reminders.lokaal == (dt.timedelta(days=7), dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "numbers"), [("mo-fr", {0, 1, 2, 3, 4}), ("mo, we", {0, 2}), ('["sa"]', {5}), ("tu-tu", {1})]
)
def test_weekdays_are_a_range_or_a_list(tmp_path: Path, text: str, numbers: set[int]) -> None:
    settings = settings_of(tmp_path, "", ATRIUMBOT_ATTENTION__WEEKDAYS=text)

    assert settings.rules().attention.weekdays == numbers


def test_every_problem_is_told_at_once_with_its_key(tmp_path: Path) -> None:
    toml = """
        [web]
        port = 99999
        public_url = "atrium.example.org"
        [attention]
        weekdays = "fr-mo"
        [digest]
        weekday = "maandag"
        [delivery]
        late = { reminder = "5m" }
        [reminders]
        lokaal = ["7 dagen"]
        [roles]
        moderators = ["An"]
        [database]
        url = "mysql://localhost"
        [onbekend]
        sleutel = 1
        [[communities]]
        key = "Met Spatie"
        platform = "teams"
        name = "X"
    """

    with pytest.raises(SettingsError) as refused:
        settings_of(tmp_path, toml)

    keys = {problem.split(":")[0] for problem in refused.value.problems}
    assert keys == {
        "web.port",
        "web.public_url",
        "attention.weekdays",
        "digest.weekday",
        "delivery.late.reminder",
        "reminders.lokaal.0",
        "roles.moderators",
        "database.url",
        "onbekend",
        "communities.0.key",
        "communities.0.platform",
    }


@pytest.mark.parametrize("wrong", ['at = "22:00"', 'from = "19:00"', 'weekdays = ""'])
def test_a_window_in_which_nothing_could_be_said_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingsError, match="attention"):
        settings_of(tmp_path, f"[attention]\n{wrong}")


def test_a_misspelled_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"web\.prot: there is no such key"):
        settings_of(tmp_path, "", ATRIUMBOT_WEB__PROT="1")


def test_two_communities_cannot_share_a_key(tmp_path: Path) -> None:
    community = '[[communities]]\nkey = "a"\nplatform = "local"\nname = "A"\n'

    with pytest.raises(SettingsError, match="twice: a"):
        settings_of(tmp_path, community * 2)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"atriumbot\.toml: not valid TOML"):
        settings_of(tmp_path, "[web")


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no such file"):
        load_settings(tmp_path / "elsewhere.toml", {})


def test_a_kind_of_atrium_can_have_other_posts_and_the_rest_keep_theirs(tmp_path: Path) -> None:
    toml = """
        [posts.save_the_date]
        provinciaal = []
        thematisch = ["8w"]
        [posts.thanks]
        lokaal = []
        [posts.off]
        lokaal = ["deadline"]
    """
    posts = settings_of(tmp_path, toml).rules().posts

    assert posts.save_the_date == {
        Kind.MANDATARISSEN: (dt.timedelta(days=84),),
        Kind.PROVINCIAAL: (),
        Kind.THEMATISCH: (dt.timedelta(days=56),),
    }
    assert [kind for kind in Kind if not posts.thanks[kind]] == [Kind.LOKAAL]
    assert posts.off == {Kind.LOKAAL: {"deadline"}}


def test_posts_can_be_set_in_the_environment(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        "",
        ATRIUMBOT_POSTS__PRACTICAL__OP_MAAT="2d, 1d",
        ATRIUMBOT_POSTS__OFF='{"lokaal": ["reminder"]}',
    )

    assert settings.rules().posts.practical == {Kind.OP_MAAT: (dt.timedelta(days=2), dt.timedelta(days=1))}
    assert settings.rules().posts.off == {Kind.LOKAAL: {"reminder"}}


@pytest.mark.parametrize(
    "toml", ['[posts.off]\nlokaal = ["nieuws"]', '[posts.off]\nlokaal = ["cancellation"]']
)
def test_only_planned_posts_can_be_switched_off(tmp_path: Path, toml: str) -> None:
    with pytest.raises(SettingsError, match=r"posts\.off\.lokaal: .*write some of all, deadline"):
        settings_of(tmp_path, toml)


@pytest.mark.parametrize(
    ("digest", "takes", "every"),
    [("true", True, None), ("false", False, None), ('"weekly"', True, "week"), ('"monthly"', True, "month")],
)
def test_a_community_chooses_how_often_its_overview_comes(
    tmp_path: Path, digest: str, takes: bool, every: str | None
) -> None:
    toml = (
        '[[communities]]\nkey = "a"\nplatform = "local"\nname = "A"\n'
        f'digest = {digest}\nposts_off = ["reminder"]'
    )
    community = settings_of(tmp_path, toml).communities[0].community()

    assert (community.digest, community.digest_every) == (takes, every)
    assert community.posts_off == {"reminder"}


def test_the_moderators_community_must_exist(tmp_path: Path) -> None:
    toml = (
        '[digest]\nmoderators_community = "b"\n[[communities]]\nkey = "a"\nplatform = "local"\nname = "A"\n'
    )

    with pytest.raises(SettingsError, match="digest: moderators_community: there is no community 'b'"):
        settings_of(tmp_path, toml)
    assert settings_of(tmp_path, toml.replace('"b"', '"a"')).rules().digest.moderators_community == "a"


def test_calm_in_the_school_holidays_is_asked_for(tmp_path: Path) -> None:
    assert not settings_of(tmp_path, "").rules().attention.calm_school_holidays
    calm = settings_of(tmp_path, '[attention]\nschool_holidays = "calm"')
    assert calm.rules().attention.calm_school_holidays


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        key = field.alias or name
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys_of(field.annotation, f"{prefix}{key}.")
        else:
            yield prefix + key


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = set()
    for section, body in re.findall(
        r"^## \[+(\w+)\]+\n(.*?)(?=^## |\Z)", DOCS.read_text(), re.DOTALL | re.MULTILINE
    ):
        documented |= {f"{section}.{key}" for key in re.findall(r"^\| `([\w.]+)` \|", body, re.MULTILINE)}

    existing = {key for key in keys_of(Settings) if key != "communities"}
    existing |= {f"communities.{key}" for key in keys_of(CommunitySettings)}
    assert documented == existing
