"""The secret in `meta.realtime` and every token never reach a log, an error or the database."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from store.engine import Store
from tests.fakes.engage.gate import Fault
from tests.fakes.engage.tenant import Tenant
from tests.fakes.engage.world import REALTIME_SECRET

QUESTION = "wanneer is het volgende atrium in Gent?"


def test_no_secret_reaches_a_log_an_error_or_the_database(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    tenant = Tenant(sqlite_store)
    for what in ("timeout-after", "drop-after", "503-after", "401", "429", "503", "410"):
        tenant.ask(QUESTION)
        tenant.rest.faults.append(Fault(what=what, on=r"POST /messages\.json"))
        tenant.rest.faults.append(Fault(what=what, on="GET"))
        tenant.run(200)
    tenant.world.revoke()
    tenant.run(200)

    given = [*tenant.keys.given, REALTIME_SECRET]
    assert len(given) > 2
    conditions = repr(tenant.bot.connection.condition())
    reasons = repr([entry.reason for entry in tenant.entries()])
    captured = capfd.readouterr()
    told = "\n".join([caplog.text, captured.out, captured.err, conditions, reasons])
    file = sqlite_store.file
    assert file is not None
    stored = b"".join(each.read_bytes() for each in sorted(Path(file).parent.glob(f"{file.name}*")))
    assert b"answer:engage" in stored
    for secret in given:
        assert secret not in told
        assert secret.encode() not in stored
