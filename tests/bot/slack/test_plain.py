"""Slack's markup is read as the person who typed it sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.plain import mentioned, plain_text

BOT = "U0ATRIUMBOT"
NAMES = {"C0KUST": "De kust"}

READ = [
    ("<@U0ATRIUMBOT> wanneer is het?", "wanneer is het?"),
    ("<@U0ATRIUMBOT>: wanneer is het?", "wanneer is het?"),
    ("hallo <@U0ATRIUMBOT|atriumbot>", "hallo"),
    ("<@U0AN|An> en <@U0MO> komen", "@An en @iemand komen"),
    ("in <#C0KUST|kust> of <#C0KUST> of <#C0ONBEKEND|>", "in #kust of #De kust of #kanaal"),
    ("<!here> en <!subteam^S1|@moderatoren>", "here en @moderatoren"),
    ("<!date^1795470867^{date}|maandag>", "maandag"),
    ("via <https://example.org/a_b_c>", "via https://example.org/a_b_c"),
    ("via <http://example.org|example.org>", "via http://example.org"),
    ("via <https://example.org/x?a=1&amp;b=2|hier>", "via hier https://example.org/x?a=1&b=2"),
    ("mail <mailto:an@example.org|an@example.org>", "mail an@example.org"),
    ("Ruimte &amp; Wonen &lt;3 &amp;lt;", "Ruimte & Wonen <3 &lt;"),
    ("*Gent* en _Brugge_ en ~Aalst~ en `Halle`", "Gent en Brugge en Aalst en Halle"),
    ("atr_1_044 kost 2*3 euro", "atr_1_044 kost 2*3 euro"),
    ("om 13:30 uur :wave: :+1:", "om 13:30 uur"),
    ("&gt; het volgende atrium\nwaar is dat?", "waar is dat?"),
    ("ti\u202etel\u0000 \ud800x", "titel x"),
]


@pytest.mark.parametrize(("typed", "read"), READ)
def test_markup_is_read(typed: str, read: str) -> None:
    assert plain_text(typed, BOT, NAMES) == read


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_stored(text: str) -> None:
    read = plain_text(text, BOT)
    assert read.encode() is not None
    assert "\x00" not in read


def test_a_mention_in_a_quote_is_none() -> None:
    assert mentioned("&gt; <@U0ATRIUMBOT> wanneer?\n<@U0AN> kijk") == {"U0AN"}
