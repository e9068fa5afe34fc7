"""Every conversation in the moderators' guide is what the bot says, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.model import Person, Role
from tests.fakes.talking import AN, BOB, COMMUNITIES, MEMBER, Thread, person

GUIDE = Path(__file__).parents[3] / "docs" / "gebruik" / "moderatoren.md"
SPEAKERS: dict[str, Person] = {
    "Moderator": AN,
    "Andere moderator": BOB,
    "Lid": MEMBER,
    "Beheerder": person("Cil", Role.ADMINISTRATOR),
}
_TURN = re.compile(rf"\n(?=(?:Bot|{'|'.join(SPEAKERS)}): )")
_SPEAKER = re.compile(rf"^(?P<who>{'|'.join(SPEAKERS)}): (?P<text>.*)$")


def dialogues() -> list[str]:
    return re.findall(r"^```gesprek\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def turns(dialogue: str) -> list[tuple[str, str, str]]:
    """Who says what, and what the bot then answers; indented lines go on with the message."""
    found: list[tuple[str, str, str]] = []
    for part in _TURN.split(dialogue.strip()):
        spoken = _SPEAKER.match(part.splitlines()[0])
        if spoken:
            more = [line.strip() for line in part.splitlines()[1:]]
            found.append((spoken["who"], "\n".join([spoken["text"], *more]), ""))
        elif part.startswith("Bot: ") and found:
            who, text, answer = found[-1]
            found[-1] = (who, text, answer + part.removeprefix("Bot: ").rstrip())
    return found


def thread_of(dialogue: str) -> Thread:
    """The thread that the first line between brackets places the conversation in."""
    place = re.match(r"^\((?:in de draad van (?P<uid>\S+)|in (?P<name>.+))\)\n", dialogue)
    if place is None:
        return Thread()
    if place["uid"]:
        return Thread(uids=(place["uid"],))
    return Thread(next(one for one in COMMUNITIES if one.name == place["name"]))


@pytest.mark.parametrize("dialogue", dialogues())
def test_the_guide_says_what_the_bot_says(dialogue: str) -> None:
    thread = thread_of(dialogue)
    spoken = turns(re.sub(r"^\(.*\)\n", "", dialogue))
    assert spoken

    for who, text, answer in spoken:
        assert thread.say(text, SPEAKERS[who]) == answer


def test_the_guide_shows_every_act() -> None:
    said = "\n".join(dialogues())
    for word in (
        "kondig aan:",
        "wijzig ",
        "annuleer ",
        "pauzeer ",
        "hervat ",
        "inbreng: ",
        "wat staat er gepland",
        "wat is er niet verstuurd",
        "hou ",
        "laat ",
        "schrap ",
        "toch versturen ",
        "bevestig",
        "stop",
    ):
        assert word in said
