"""A report links to the post itself, where its platform gave an address and nowhere else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest

from bot.addresses import link_on
from bot.platforms.engage.messages import read_page
from bot.platforms.local import LocalPlatform
from store.engine import Store
from tests.fakes.bench import SILENT
from tests.fakes.network import GENERAL
from tests.fakes.platform import RecordingPlatform


@dataclass
class _Elsewhere(RecordingPlatform):
    """A platform without addresses."""


def test_a_message_of_the_local_community_stands_on_its_page(sqlite_store: Store, now: dt.datetime) -> None:
    local = LocalPlatform(sqlite_store, lambda: now)
    link_to = link_on({"local": local}, "https://atria.example.org")
    address = link_to(replace(SILENT[0], key="de kust"), "12")
    assert address == "https://atria.example.org/community/de%20kust#bericht-12"


def test_a_platform_that_is_not_there_or_tells_nothing_has_none(now: dt.datetime) -> None:
    link_to = link_on({"slack": _Elsewhere(now=lambda: now, name="slack")}, "https://atria.example.org")
    assert link_to(SILENT[0], "12") is None
    assert link_to(replace(GENERAL, platform="slack"), "C1:1.1") is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (
            "https://engage.cloud.microsoft/main/threads/eyJ",
            "https://engage.cloud.microsoft/main/threads/eyJ",
        ),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
def test_the_address_in_viva_engage_is_the_one_that_it_told(told: str | None, kept: str | None) -> None:
    message = {"id": 7, "sender_id": 1, "created_at": "2026/11/23 09:00:00 +0000", "web_url": told}
    (heard,) = read_page({"messages": [message]}).messages
    assert heard.address == kept
