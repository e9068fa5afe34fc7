"""Two moderators who change the same at once: neither loses what they typed, nor undoes the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.platforms.slack.forms import About, about, form_view
from bot.platforms.slack.payloads import View
from handlers.moderation.fields import FIELDS, MOST_PLACES, PLACE_FIELDS, name_of
from handlers.moderation.merging import marks_of
from store import announcements
from store.agenda import get_atrium, save_atrium
from store.announcements import Announcement
from store.engine import Store
from tests.fakes.platform import SteeredClock
from tests.fakes.slack_blocks import shown
from tests.fakes.slack_caller import shortcut, view_press
from tests.fakes.slack_forms import (
    FILLED_IN,
    as_shown,
    form_button,
    handed_in,
    home_button,
    opened,
    pressed,
    typed,
)
from tests.fakes.slack_program import CHANNEL, SlackProgram
from tests.fakes.slack_views import view_problems
from tests.fakes.slack_workspace import Workspace

MO, BO = "U0MO", "U0BO"

#: An atrium of the sample agenda that is to come.
UID = "atr-1-044"


@pytest.fixture
def bot(bot: SlackProgram, workspace: Workspace, sqlite_store: Store, clock: SteeredClock) -> SlackProgram:
    workspace.add_person(BO, "Bo Claes", CHANNEL)
    moderators = {"roles": {"moderators": [f"slack:{MO}", f"slack:{BO}"]}}
    return SlackProgram(sqlite_store, workspace, clock, settings=moderators)


async def drafted(bot: SlackProgram) -> None:
    """Mo keeps a draft."""
    form = await opened(bot, shortcut("atrium_aankondigen", user=MO))
    await handed_in(bot, form, FILLED_IN, MO)


async def from_home(bot: SlackProgram, user: str, action: str, key: str | None = None) -> dict[str, Any]:
    await bot.told(bot.caller.event({"type": "app_home_opened", "user": user, "tab": "home"}))
    button = home_button(bot, user, action, key)
    return await opened(bot, view_press(bot.slack.homes[user], button, user=user))


async def both_opened(bot: SlackProgram) -> tuple[dict[str, Any], dict[str, Any]]:
    await drafted(bot)
    return await from_home(bot, MO, "go-on"), await from_home(bot, BO, "go-on")


def only(bot: SlackProgram) -> Announcement:
    with bot.store.reading() as session:
        (found,) = announcements.list_announcements(session)
    return found


def test_what_only_the_other_changed_is_kept_too_and_told(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_opened(bot)
        await handed_in(bot, theirs, {**as_shown(theirs), "venue-1": typed("Cultuurcentrum")}, BO)
        preview = await handed_in(bot, mine, {**as_shown(mine), "theme": typed("groen")}, MO)
        assert preview["callback_id"] == "form:announce-sure"
        assert "Bo Claes wijzigde intussen ook: Zaal. Dat blijft staan." in shown(preview)
        assert "Cultuurcentrum" in shown(preview)
        kept = only(bot).typed
        assert (kept["venue-1"], kept["theme"]) == ("Cultuurcentrum", "groen")

    bot.run(act)


def test_what_both_changed_is_asked_at_its_field_and_a_second_press_settles_it(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_opened(bot)
        others = {**as_shown(theirs), "theme": typed("groen dak"), "venue-1": typed("Cultuurcentrum")}
        await handed_in(bot, theirs, others, BO)
        filled = {**as_shown(mine), "theme": typed("groene gevel")}
        told = await handed_in(bot, mine, filled, MO)
        assert told["response_action"] == "errors"
        assert list(told["errors"]) == ["theme"]
        assert "Bo Claes wijzigde dit intussen ook." in told["errors"]["theme"]
        assert told["errors"]["theme"].endswith("Daar staat nu: groen dak")
        assert only(bot).typed["theme"] == "groen dak", "nothing is kept yet"
        # Slack shows the errors in the form as it is, and sends it once more as it was.
        preview = await handed_in(bot, mine, filled, MO)
        assert "Bo Claes wijzigde intussen ook: Zaal." in shown(preview)
        kept = only(bot).typed
        assert (kept["theme"], kept["venue-1"]) == ("groene gevel", "Cultuurcentrum")

    bot.run(act)


def test_what_the_other_made_of_it_after_that_is_asked_again(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_opened(bot)
        await handed_in(bot, theirs, {**as_shown(theirs), "theme": typed("groen dak")}, BO)
        filled = {**as_shown(mine), "theme": typed("groene gevel")}
        assert "groen dak" in (await handed_in(bot, mine, filled, MO))["errors"]["theme"]
        later = await from_home(bot, BO, "go-on")
        await handed_in(bot, later, {**as_shown(later), "theme": typed("groene muur")}, BO)
        assert "groene muur" in (await handed_in(bot, mine, filled, MO))["errors"]["theme"]
        await handed_in(bot, mine, filled, MO)
        assert only(bot).typed["theme"] == "groene gevel"

    bot.run(act)


def test_whoever_gives_in_at_the_field_keeps_what_the_other_made(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_opened(bot)
        await handed_in(bot, theirs, {**as_shown(theirs), "theme": typed("groen dak")}, BO)
        filled = {**as_shown(mine), "theme": typed("groene gevel")}
        await handed_in(bot, mine, filled, MO)
        await handed_in(bot, mine, {**filled, "theme": typed("groen dak")}, MO)
        assert only(bot).typed["theme"] == "groen dak"

    bot.run(act)


def test_a_place_that_the_other_added_is_kept_and_one_more_can_be_asked_meanwhile(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_opened(bot)
        more = await pressed(bot, theirs, "form:more-places", as_shown(theirs), BO)
        second = {name.replace("-1", "-2"): state for name, state in FILLED_IN.items() if name.endswith("-1")}
        second["municipality-2"] = {**second["municipality-2"], "selected_option": _option("Gent")}
        await handed_in(bot, more, {**as_shown(more), **second}, BO)
        preview = await handed_in(bot, mine, {**as_shown(mine), "theme": typed("groen")}, MO)
        assert "Gent" in shown(preview)
        assert only(bot).typed["municipality-2"] == "Gent"

    bot.run(act)


def test_what_is_wrong_in_a_place_that_the_other_added_is_shown_with_that_place(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, _ = await both_opened(bot)
        with bot.store.writing() as session:
            found = announcements.list_announcements(session)[0]
            values = {**found.typed, "venue-2": "Stadhuis"}
            announcements.amend(session, found.id, found.version, bot.clock.now(), typed=values)
        form = await handed_in(bot, mine, {**as_shown(mine), "theme": typed("groen")}, MO)
        assert form["callback_id"] == "form:announce"
        filled = as_shown(form)
        assert filled["venue-2"]["value"] == "Stadhuis"
        assert filled["theme"]["value"] == "groen"
        told = await handed_in(bot, form, filled, MO)
        assert {"date-2", "begins-2", "municipality-2"} <= told["errors"].keys()

    bot.run(act)


def test_what_another_changed_after_the_preview_is_shown_before_it_is_placed(bot: SlackProgram) -> None:
    async def act() -> None:
        form = await opened(bot, shortcut("atrium_aankondigen", user=MO))
        preview = await handed_in(bot, form, FILLED_IN, MO)
        theirs = await from_home(bot, BO, "go-on")
        await handed_in(bot, theirs, {**as_shown(theirs), "venue-1": typed("Cultuurcentrum")}, BO)
        again = await handed_in(bot, preview, {}, MO)
        assert "Bo Claes wijzigde deze aankondiging intussen." in shown(again)
        assert "Cultuurcentrum" in shown(again)
        assert "vertrekt" in shown(await handed_in(bot, again, {}, MO))

    bot.run(act)


def test_what_is_out_already_is_not_changed_by_a_form_that_was_open(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_opened(bot)
        preview = await handed_in(bot, theirs, as_shown(theirs), BO)
        await handed_in(bot, preview, {}, BO)
        done = await handed_in(bot, mine, {**as_shown(mine), "theme": typed("groen")}, MO)
        assert "Wijzigen kan niet" in shown(done)
        assert only(bot).typed["theme"] == "ontharding"

    bot.run(act)


# --- an atrium of the agenda -------------------------------------------------------------------------


async def both_changing(bot: SlackProgram) -> tuple[dict[str, Any], dict[str, Any]]:
    forms = []
    for user in (MO, BO):
        await bot.told(bot.caller.event({"type": "app_home_opened", "user": user, "tab": "home"}))
        button = {"type": "button", "action_id": "home:change", "value": UID}
        forms.append(await opened(bot, view_press(bot.slack.homes[user], button, user=user)))
    return forms[0], forms[1]


async def changed(bot: SlackProgram, form: dict[str, Any], user: str, **different: str) -> None:
    filled = {**as_shown(form), **{name.replace("_", "-"): typed(text) for name, text in different.items()}}
    preview = await handed_in(bot, form, filled, user)
    assert "Gewijzigd" in shown(await handed_in(bot, preview, {}, user))


def test_of_an_atrium_too_what_only_the_other_changed_stays_and_is_told(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_changing(bot)
        await changed(bot, theirs, BO, venue_1="Cultuurcentrum")
        preview = await handed_in(bot, mine, {**as_shown(mine), "contact": typed("Bel 09 123 45 67")}, MO)
        told = shown(preview)
        assert "Bo Claes wijzigde intussen ook: Zaal. Dat blijft staan." in told
        assert "Waar:" not in told, "the other's change is no difference of mine"
        assert "Gewijzigd" in shown(await handed_in(bot, preview, {}, MO))
        with bot.store.reading() as session:
            atrium = get_atrium(session, UID)
        assert (atrium.venue, atrium.contact) == ("Cultuurcentrum", "Bel 09 123 45 67")

    bot.run(act)


def test_of_an_atrium_too_what_both_changed_is_asked_once(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, theirs = await both_changing(bot)
        await changed(bot, theirs, BO, venue_1="Cultuurcentrum")
        filled = {**as_shown(mine), "venue-1": typed("Bibliotheek")}
        told = await handed_in(bot, mine, filled, MO)
        assert told["response_action"] == "errors"
        assert told["errors"]["venue-1"].endswith("Daar staat nu: Cultuurcentrum")
        preview = await handed_in(bot, mine, filled, MO)
        assert "Cultuurcentrum" in shown(preview), "what it is now, and what it becomes"
        assert "Gewijzigd" in shown(await handed_in(bot, preview, {}, MO))
        with bot.store.reading() as session:
            assert get_atrium(session, UID).venue == "Bibliotheek"

    bot.run(act)


def test_what_another_changed_after_the_preview_of_a_change_is_shown_and_confirmed_anew(
    bot: SlackProgram,
) -> None:
    async def act() -> None:
        mine, theirs = await both_changing(bot)
        preview = await handed_in(bot, mine, {**as_shown(mine), "venue-1": typed("Bibliotheek")}, MO)
        await changed(bot, theirs, BO, venue_1="Cultuurcentrum", contact="Bel Bo")
        again = await handed_in(bot, preview, {}, MO)
        assert "Bo Claes wijzigde dit atrium intussen ook: Contact en Zaal." in shown(again)
        assert "Cultuurcentrum" in shown(again)
        assert "Gewijzigd" in shown(await handed_in(bot, again, {}, MO))
        with bot.store.reading() as session:
            atrium = get_atrium(session, UID)
        assert (atrium.venue, atrium.contact) == ("Bibliotheek", "Bel Bo")

    bot.run(act)


def test_a_form_leaves_alone_what_it_does_not_ask(bot: SlackProgram) -> None:
    async def act() -> None:
        with bot.store.writing() as session:
            atrium = get_atrium(session, UID)
            quiet = frozenset({"deadline"})
            save_atrium(session, replace(atrium, is_full=True, quiet_posts=quiet))
        mine, _ = await both_changing(bot)
        await changed(bot, mine, MO, venue_1="Bibliotheek")
        with bot.store.reading() as session:
            after = get_atrium(session, UID)
        assert (after.venue, after.is_full, after.quiet_posts) == ("Bibliotheek", True, quiet)

    bot.run(act)


# --- what the form remembers -------------------------------------------------------------------------


def test_the_marks_of_the_fullest_form_fit_in_what_slack_keeps() -> None:
    names = [
        *(name for name in FIELDS if name not in PLACE_FIELDS),
        *(name_of(name, number) for number in range(1, MOST_PLACES + 1) for name in PLACE_FIELDS),
    ]
    kept = About(number=999_999, version=999, places=10, base=marks_of(dict.fromkeys(names, "x" * 2000)))
    view = form_view("form:announce", "Atrium", [FIELDS["title"]], {}, kept)
    assert view_problems(view) == []
    assert about(View(private_metadata=str(view["private_metadata"]))) == kept


def test_metadata_that_is_none_of_ours_holds_no_marks() -> None:
    for strange in ('{"base": 3}', '{"base": ["x"]}', '{"base": null}'):
        assert about(View(private_metadata=strange)) == About()


def test_the_form_stays_a_form_of_its_own_with_one_more_place(bot: SlackProgram) -> None:
    async def act() -> None:
        mine, _ = await both_opened(bot)
        before = about(View(private_metadata=mine["private_metadata"]))
        assert form_button(mine, "form:more-places")
        more = await pressed(bot, mine, "form:more-places", as_shown(mine), MO)
        assert about(View(private_metadata=more["private_metadata"])).base == before.base != {}

    bot.run(act)


def _option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text"}, "value": value}
