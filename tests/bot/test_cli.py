"""The command line as an operator meets it: results on stdout, talk on stderr, exit 0, 1 or 2."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from store import texts
from store.engine import Store
from tests.fakes.command_line import SAMPLES, Run

AT = ("--at", "2026-11-23T10:00")
MARCH = dt.datetime(2027, 3, 1, 9, tzinfo=dt.UTC)


def test_the_next_provinciaal_atrium_in_gent_is_told_with_place_deadline_and_link(sampled: Run) -> None:
    ran = sampled("ask", "wanneer is het volgende provinciaal atrium in Gent?", *AT)

    assert ran.code == 0
    assert ran.out.splitlines()[:4] == [
        "Het volgende Provinciaal Atrium in Gent is op maandag 12 april 2027, van 9.00 tot 16.00 u.",
        "Waar: Provinciaal Administratief Centrum, Woodrow Wilsonplein 2, Gent",
        "Thema: windturbines en draagvlak",
        "Inschrijven tot en met zondag 11 april: https://inschrijven.example.org/atr-1-044",
    ]


def test_ask_as_json_holds_the_reading_and_the_reply(sampled: Run) -> None:
    ran = sampled("ask", "wanneer is het volgende provinciaal atrium in Gent?", *AT, "--json")

    told = json.loads(ran.out)
    assert told["reading"]["intent"] == "next_session"
    assert told["reading"]["place"] == "Gent"
    assert told["reply"]["atria"][0] == "atr-1-044"
    assert "https://inschrijven.example.org/atr-1-044" in told["reply"]["links"]


def test_an_outsider_changes_nothing(sampled: Run) -> None:
    sampled("ask", "qsdf qsdf over het atrium", *AT)

    assert json.loads(sampled("questions", "unread", "--json").out) == []


def test_importing_twice_changes_nothing(sampled: Run) -> None:
    before = sampled("agenda", "list", "--van", "2026-01-01", "--json").out

    again = sampled("agenda", "import", SAMPLES / "atria_voorbeeld.csv")

    assert "0 nieuw, 0 gewijzigd, 0 geannuleerd, 60 ongewijzigd" in again.out
    assert sampled("agenda", "list", "--van", "2026-01-01", "--json").out == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(run: Run) -> None:
    ran = run("agenda", "import", SAMPLES / "atria_voorbeeld.csv", "--dry-run")

    assert "60 nieuw" in ran.out
    assert json.loads(run("agenda", "list", "--van", "2026-01-01", "--json").out) == []


def test_a_file_with_mistakes_is_refused_whole_with_line_and_column(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "fout.csv"
    file.write_text(
        "uid;soort;titel;datum;begin;gemeente\n"
        "a;lokaal;Goed;2027-03-18;09:30;Gent\n"
        "b;onbekend;Fout;2027-02-31;25:00;Gnt\n",
        encoding="utf-8",
    )

    ran = run("agenda", "import", file)

    assert ran.code == 1
    for column in ("soort", "datum", "begin", "gemeente"):
        assert f"Regel 3, kolom {column}:" in ran.err
    assert json.loads(run("agenda", "list", "--van", "2026-01-01", "--json").out) == []


def test_what_is_wrong_with_a_file_is_told_in_the_words_of_now(
    run: Run, now: dt.datetime, tmp_path: Path
) -> None:
    run("plan")
    store = Store(f"sqlite:///{tmp_path / 'bot.db'}")
    with store.writing() as session:
        texts.change_text(session, "invoer.op regel in kolom", "Op {regel}, bij {kolom}: {reden}", "An", now)
        texts.change_text(session, "invoer.verplicht", "dit moet er staan.", "An", now)
    store.close()
    file = tmp_path / "fout.csv"
    for part, rows, column in (
        ("agenda", "uid;soort;titel;datum;begin;gemeente\na;lokaal;;2027-03-18;09:30;Gent\n", "titel"),
        ("groups", "naam;thema\n;water\n", "naam"),
        ("regions", "regio;gemeente\nWaasland;\n", "gemeente"),
    ):
        file.write_text(rows, encoding="utf-8")
        assert f"Op 2, bij {column}: dit moet er staan." in run(part, "import", file).err


def test_an_import_that_changes_much_asks_first(sampled: Run, tmp_path: Path) -> None:
    file = tmp_path / "verplaatst.csv"
    text = (SAMPLES / "atria_voorbeeld.csv").read_text(encoding="utf-8")
    file.write_text(text.replace(";09:30;", ";10:30;"), encoding="utf-8")

    refused = sampled("agenda", "import", file, *AT)
    agreed = sampled("agenda", "import", file, *AT, "--yes")

    assert refused.code == 1
    assert "--yes" in refused.err
    assert agreed.code == 0


@pytest.mark.parametrize("extension", ["csv", "xlsx", "ics"])
def test_an_export_is_read_back_without_loss(sampled: Run, tmp_path: Path, extension: str) -> None:
    file = tmp_path / f"agenda.{extension}"

    sampled("agenda", "export", file)

    assert "60 ongewijzigd" in sampled("agenda", "import", file).out


def test_understand_gives_one_line_for_each_line(run: Run) -> None:
    lines = [
        '{"id": "1", "text": "wanneer is het volgende lokaal atrium in Zottegem?"}',
        "geen json",
        '{"id": "3"}',
    ]

    ran = run("understand", *AT, stdin="\n".join(lines) + "\n")

    first, second, third = (json.loads(line) for line in ran.out.splitlines())
    assert (first["id"], first["intent"], first["kind"], first["place"]) == (
        "1",
        "next_session",
        "lokaal",
        "Zottegem",
    )
    assert first["period"] is None
    assert "error" in second
    assert third["id"] == "3"
    assert "error" in third


def test_a_reading_is_explained_to_a_person(run: Run) -> None:
    ran = run("understand", *AT, "--trace", "nog iets in maart in Gent?")

    assert "2027-03-01" in ran.out
    assert "Gent" in ran.out


def test_simulating_twice_prints_the_same(sampled: Run) -> None:
    period = ("--from", "2026-12-01", "--until", "2027-01-31", "--json")

    first, second = sampled("simulate", *period).out, sampled("simulate", *period).out

    assert first == second
    assert {"at", "community", "kind", "atrium", "programme", "text"} == set(json.loads(first)[0])


def test_a_pause_stops_what_is_said_unasked_until_it_is_resumed(sampled: Run) -> None:
    sampled("pause", "algemeen")
    paused = {c["key"]: c["paused"] for c in json.loads(sampled("communities", "list", "--json").out)}
    sampled("resume", "algemeen")
    resumed = {c["key"]: c["paused"] for c in json.loads(sampled("communities", "list", "--json").out)}

    assert paused["algemeen"]
    assert not paused["mandatarissen"]
    assert not resumed["algemeen"]


def test_an_unknown_community_is_named_with_where_to_look(run: Run) -> None:
    ran = run("pause", "nergens")

    assert ran.code == 1
    assert "communities list" in ran.err


def test_wrong_usage_is_exit_2(run: Run) -> None:
    assert run("ask", "hallo", "--at", "morgen").code == 2
    assert run("simulate", "--from", "2027-01-02", "--until", "2027-01-01").code == 2
    assert run("onbekend").code == 2


def test_wrong_settings_are_told_at_once_without_a_trace(run: Run, tmp_path: Path) -> None:
    (tmp_path / "atriumbot.toml").write_text('[web]\nport = "x"\nprot = 1\n', encoding="utf-8")

    ran = run("agenda", "list")

    assert ran.code == 1
    assert "web.port" in ran.err
    assert "web.prot" in ran.err
    assert "Traceback" not in ran.err


def test_a_backup_put_back_holds_the_same_agenda(sampled: Run, tmp_path: Path) -> None:
    before = sampled("agenda", "list", "--van", "2026-01-01", "--json").out
    file = tmp_path / "kopie.zip"

    assert sampled("db", "backup", file).code == 0
    assert sampled("db", "restore", file).code == 1
    assert sampled("db", "restore", file, "--replace").code == 0
    assert sampled("agenda", "list", "--van", "2026-01-01", "--json").out == before


def test_the_doctor_finds_a_filled_database_well_and_an_empty_agenda_not(sampled: Run, run: Run) -> None:
    sampled("communities", "list")

    ran = sampled("doctor")

    assert ran.code == 0, ran.out


def test_the_doctor_names_the_mend(run: Run) -> None:
    run("db", "upgrade")

    ran = run("doctor")

    assert ran.code == 1
    assert "atriumbot agenda import FILE" in ran.out


def test_the_database_check_finds_a_migrated_one_whole(run: Run) -> None:
    run("db", "upgrade")

    assert run("db", "check").code == 0


def test_what_could_not_be_answered_is_listed_with_like_questions_together(sampled: Run) -> None:
    """C-37: what nobody could answer is kept and found again."""
    chats = {
        "local:An": "hoe reset ik mijn wachtwoord van yammer\n",
        "local:Bert": "wachtwoord van yammer resetten?\n👎\n",
        "local:Chris": "wanneer is het volgende provinciaal atrium in Gent?\ndat is niet wat ik vroeg\n👎\n",
    }
    for who, said in chats.items():
        sampled("chat", "--as", who, *AT, stdin=said)

    ran = sampled("questions", "unread", "--json")

    largest, other = json.loads(ran.out)
    assert largest == {
        "count": 2,
        "example": "hoe reset ik mijn wachtwoord van yammer",
        "questions": ["hoe reset ik mijn wachtwoord van yammer", "wachtwoord van yammer resetten?"],
        "reasons": {"buiten bereik": 2},
        "first": "2026-11-23T10:00:00+01:00",
        "last": "2026-11-23T10:00:00+01:00",
    }
    assert (other["count"], other["reasons"]) == (1, {"afgekeurd": 1})


def test_the_list_of_unread_questions_is_a_table_for_people(sampled: Run) -> None:
    sampled("chat", "--as", "local:An", *AT, stdin="hoe reset ik mijn wachtwoord van yammer [red]\n")
    sampled("chat", "--as", "local:An", *AT, stdin="waar is het atrium centrumsteden?\nfout antwoord\n")

    ran = sampled("questions", "unread")
    short = sampled("questions", "unread", "--limit", "1")

    assert "1  hoe reset ik mijn wachtwoord van yammer [red]" in ran.out
    assert "afgekeurd 1" in ran.out
    assert "2026-11-23" in ran.out
    assert ran.err.strip() == "2 vragen die we niet konden beantwoorden"
    assert short.err.strip() == "2 vragen die we niet konden beantwoorden, 1 van 2 groepen getoond"


def test_one_unread_question_is_told_as_one(sampled: Run) -> None:
    sampled("chat", "--as", "local:An", *AT, stdin="hoe reset ik mijn wachtwoord van yammer\n")
    assert sampled("questions", "unread").err.strip() == "1 vraag die we niet konden beantwoorden"


def test_unread_questions_can_be_listed_from_a_day_on(sampled: Run) -> None:
    question = "hoe reset ik mijn wachtwoord van yammer"
    for day in ("2026-11-20", "2026-11-23"):
        sampled("chat", "--as", "local:An", "--at", f"{day}T10:00", stdin=f"{question}\n")

    (group,) = json.loads(sampled("questions", "unread", "--json", "--since", "2026-11-21").out)

    assert group["count"] == 1
    assert sampled("questions", "unread", "--since", "gisteren").code == 2


def test_the_database_check_does_not_depend_on_what_was_imported_before(tmp_path: Path) -> None:
    environ = {**os.environ, "ATRIUMBOT_DATABASE__URL": f"sqlite:///{tmp_path / 'bot.db'}"}

    def ran(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *args]
        return subprocess.run(
            command, cwd=SAMPLES.parents[1], env=environ, capture_output=True, text=True, check=False
        )

    ran("db", "upgrade")

    assert ran("db", "check").returncode == 0


def test_a_database_that_cannot_be_made_is_told_with_its_mend(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATRIUMBOT_DATABASE__URL", "sqlite:////dev/null/bot.db")

    ran = run("ask", "hallo")

    assert ran.code == 1
    assert "check [database] url" in ran.err


def test_a_file_that_is_no_database_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "tekst.db"
    file.write_text("dit is geen databank" * 100)
    monkeypatch.setenv("ATRIUMBOT_DATABASE__URL", f"sqlite:///{file}")

    ran = run("ask", "hallo")

    assert ran.code == 1
    assert "[database] url" in ran.err
    assert "Traceback" not in ran.err


def test_a_port_in_use_is_named_before_anything_is_promised(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("ATRIUMBOT_WEB__PORT", str(taken.getsockname()[1]))

        ran = run("run", "--demo")

    assert ran.code == 1
    assert "set another [web] port" in ran.err
    assert "Vraag daar bijvoorbeeld" not in ran.err


def test_a_copy_does_not_overwrite_another(sampled: Run, tmp_path: Path) -> None:
    file = tmp_path / "kopie.zip"
    file.write_bytes(b"een oudere kopie")

    assert sampled("db", "backup", file).code == 1
    assert file.read_bytes() == b"een oudere kopie"


def test_a_database_that_is_busy_is_told_with_what_to_do(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run("db", "upgrade")
    monkeypatch.setattr("store.engine.BUSY_TIMEOUT_MS", 10)
    with contextlib.closing(sqlite3.connect(tmp_path / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ran = run("outbox", "list")
    assert ran.code == 1
    assert "busy" in ran.err
    assert "Try again" in ran.err


def test_an_import_is_kept_when_the_reader_of_its_report_leaves(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave(*_: object, **__: object) -> None:
        raise BrokenPipeError

    with monkeypatch.context() as patched:
        patched.setattr("bot.commands.agenda.out.print", leave)
        patched.setattr("sys.stderr.close", lambda: None)
        run("agenda", "import", SAMPLES / "atria_voorbeeld.csv", *AT)
    assert len(json.loads(run("agenda", "list", "--json", *AT).out)) > 1


def test_a_new_empty_database_is_told(run: Run, tmp_path: Path) -> None:
    assert str(tmp_path / "bot.db") in run("plan").err
    assert "bot.db" not in run("plan").err


def test_a_community_or_place_that_is_not_there_is_refused(run: Run) -> None:
    assert "no community 'nope'" in run("outbox", "list", "--community", "nope").err
    assert "called 'Luik'" in run("agenda", "list", "--plaats", "Luik").err


def test_of_a_long_list_what_is_nearest_is_shown(run: Run) -> None:
    run("agenda", "import", SAMPLES / "atria_voorbeeld.csv", *AT)
    whole = json.loads(run("outbox", "list", "--json", "--at", "2027-03-01T10:00").out)
    cut = json.loads(run("outbox", "list", "--json", "--limit", "3", "--at", "2027-03-01T10:00").out)

    def farness(listed: list[dict[str, str]]) -> list[dt.timedelta]:
        return sorted(abs(dt.datetime.fromisoformat(each["at"]) - MARCH) for each in listed)

    assert farness(cut) == farness(whole)[:3]
    assert [each["at"] for each in cut] == sorted(each["at"] for each in cut)


def test_a_settings_file_that_is_not_there_is_mended_by_its_path(run: Run) -> None:
    assert "--config" in run("--config", "nowhere.toml", "doctor").out


def test_settings_that_miss_a_key_say_so_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('[[communities]]\nkey = "A B"\n')
    told = run("--config", "bad.toml", "plan").err
    assert "has to be given" in told
    assert "'A B' does not fit" in told
