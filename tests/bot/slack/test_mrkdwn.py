"""What somebody wrote stands in Slack as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.lengths import pieces, shortened, size
from bot.platforms.slack.mrkdwn import bold, bold_link, is_address, link, linked, literal, struck
from tests.fakes.slack_blocks import length, problems


def message(text: str) -> dict[str, object]:
    return {
        "text": "x",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}],
    }


@pytest.mark.parametrize(
    "text",
    [
        "<!channel> kom",
        "<@U0AN> dag",
        "<#C0ALG>",
        "<!date^1^{date}|nu>",
        "<https://example.org|klik>",
        "a & b > c",
    ],
)
def test_what_looks_like_a_mention_or_a_link_is_shown_as_it_was_written(text: str) -> None:
    shown = literal(text)
    assert "<" not in shown
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("het *hele* dorp", "het ∗hele∗ dorp"),
        ("_schuin_", "ˍschuinˍ"),
        ("~weg~", "∼weg∼"),
        ("**vet** en *(ook)*.", "∗∗vet∗∗ en ∗(ook)∗."),
        ("`code`", "ˋcodeˋ"),
        ("2*3 en atr_1_2", "2*3 en atr_1_2"),
        ("9.00 ~ 12.00", "9.00 ~ 12.00"),
        ("> aangehaald", "› aangehaald"),
    ],
)
def test_a_sign_that_would_open_a_format_gives_way_to_a_look_alike(text: str, shown: str) -> None:
    assert literal(text) == shown


def test_bold_and_struck_end_with_their_line_and_nowhere_before() -> None:
    assert bold("een\ntwee") == "*een*\n*twee*"
    assert bold("vijf* sterren") == "*vijf∗ sterren*"
    assert struck("a ~ b\n\nc") == "~a ∼ b~\n\n~c~"


def test_addresses_in_a_text_become_links_and_keep_the_signs_of_their_sentence() -> None:
    assert linked("Inschrijven: https://example.org/atr-1.") == (
        "Inschrijven: <https://example.org/atr-1|example.org/atr-1>."
    )
    assert (
        linked("https://example.org/a?b=1&c=2")
        == "<https://example.org/a?b=1&amp;c=2|example.org/a?b=1&amp;c=2>"
    )


def test_a_label_cannot_end_its_link_nor_an_address_hold_another() -> None:
    assert link("https://example.org/>x", "a|b>c") == "<https://example.org/%3Ex|a/b&gt;c>"
    assert bold_link("https://example.org/", "5* hotel") == "*<https://example.org/|5∗ hotel>*"
    assert link("javascript:alert(1)", "klik") == "klik"
    assert link(None, "klik") == "klik"
    assert not is_address("https://[")


@given(st.text(max_size=300))
def test_no_text_breaks_the_markup(text: str) -> None:
    for shown in (literal(text), linked(text), bold(text), struck(text), link("https://example.org/", text)):
        if shown.strip():
            assert not [each for each in problems(message(shown)) if "characters" not in each]


@given(st.text(alphabet=st.sampled_from("ab &<\n🌳*"), max_size=400), st.integers(min_value=20, max_value=60))
def test_pieces_fit_and_lose_nothing(text: str, most: int) -> None:
    parts = list(pieces(text, literal, most))
    assert all(length(part) <= most for part in parts)
    # At the end of a piece a sign opens nothing, and needs no look-alike.
    shown = "".join("".join(parts).split()).replace("*", "∗")
    assert shown == "".join(literal(text).replace("*", "∗").split())


def test_pieces_are_parted_between_words() -> None:
    words = "omgevingsambtenaar " * 400
    parts = list(pieces(words, literal, 3000))
    assert len(parts) == 3
    assert all(set(part.split()) == {"omgevingsambtenaar"} for part in parts)


@given(st.text(max_size=200), st.integers(min_value=10, max_value=80))
def test_what_is_shortened_fits(text: str, most: int) -> None:
    assert size(shortened(text, most)) <= most


def test_what_is_shortened_is_cut_between_words() -> None:
    assert shortened("Atrium Lokale Mandatarissen in Gent", 25) == "Atrium Lokale …"
    assert shortened("past precies", 12) == "past precies"
