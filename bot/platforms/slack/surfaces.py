"""The app's home and the forms, as Slack opens and redraws them: each call here comes after the answer."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Callable

from slack_sdk.errors import SlackApiError

from bot import logs
from bot.announcing import Announcing
from bot.platforms.slack import forms, home
from bot.platforms.slack.acting import acting, actor
from bot.platforms.slack.after import After
from bot.platforms.slack.buttons import HANDS_IN_ID
from bot.platforms.slack.client import WebClient
from bot.platforms.slack.connection import NAME
from bot.platforms.slack.contributing import Contributing
from bot.platforms.slack.discarding import discarded
from bot.platforms.slack.forms import FORM, About, View_
from bot.platforms.slack.home import HOME, Filters, home_view, unpacked
from bot.platforms.slack.home_contents import home_of
from bot.platforms.slack.moderating import Moderating
from bot.platforms.slack.payloads import Interaction, PressedAction, View
from bot.platforms.slack.people import People, cause
from bot.platforms.slack.steps import Steps
from handlers.answers.following import what_to_follow
from handlers.answers.question import Question
from handlers.model import Follow, FollowWhat
from handlers.reading.model import Intent, Reading
from handlers.wording.catalogue import say
from scheduler import personal
from store import members
from store.engine import Store

log = logs.get(__name__)

#: What somebody types who wants the form rather than a conversation.
_ASKS_FORM = re.compile(r"\s*kondig(?:en)?(?:\s+iets)?\s+aan\W*", re.IGNORECASE)

#: The global shortcut that opens the form.
ANNOUNCE_SHORTCUT = "atrium_aankondigen"

_TOO_LATE = "slack.te weinig tijd"


class Surfaces:
    """Opens, redraws and reads them.

    Args:
        now: gives the present as aware UTC.
    """

    def __init__(
        self,
        *,
        web: WebClient,
        store: Store,
        now: Callable[[], dt.datetime],
        people: People,
        after: After,
        announcing: Announcing,
    ) -> None:
        self._web = web
        self._store = store
        self._now = now
        self._people = people
        self._after = after
        self._announcing = announcing
        steps = Steps(store, announcing.rules, now)
        self._moderating = Moderating(steps, announcing)
        self._contributing = Contributing(steps)

    # --- the home ----------------------------------------------------------------------------------------

    async def show_home(
        self, user: str, filters: Filters | None = None, shown: View | None = None, notice: str = ""
    ) -> None:
        """Draw somebody's home.

        Args:
            shown: what they look at now; when it was redrawn in the meantime this drawing is not put over it.
        """
        view = await asyncio.to_thread(self._home, user, filters or Filters(), notice)
        try:
            await self._web.views_publish(
                user_id=user, view=view, hash=shown.hash if shown is not None else None
            )
        except SlackApiError as error:
            if cause(error) != "hash_conflict":
                raise

    def _home(self, user: str, filters: Filters, notice: str) -> View_:
        with acting(self._store) as session:
            who = actor(session, user, self._named(user), self._announcing.rules, self._now())
            return home_view(home_of(session, who, filters, self._announcing, notice))

    def owns(self, action_id: str) -> bool:
        """Whether this button or list belongs to the home or to a form, or opens one."""
        return action_id.startswith((HOME, FORM, HANDS_IN_ID))

    async def press(self, press: Interaction, action: PressedAction, community: str | None = None) -> None:
        """Do what a button or list of the home or of a form asks.

        Args:
            community: key of the community where the button stands.
        """
        if action.action_id.startswith(HANDS_IN_ID):
            await self._begin_handing_in(press, About(uid=action.value, community=community))
            return
        user, view = press.user.id, press.view
        if view is None:
            return
        redraws = {forms.BACK: self._moderating.back, forms.MORE_PLACES: self._moderating.with_one_more_place}
        if action.action_id in redraws:
            drawn = await asyncio.to_thread(redraws[action.action_id], user, self._named(user), view)
            await self._redraw(view, drawn)
            return
        if action.action_id.startswith((home.DISCARD, forms.DISCARD)):
            await self._discard(user, view, action)
            return
        opened = await self._opens(press, action)
        if not opened and action.action_id.startswith(HOME):
            filters = await self._chosen(user, unpacked(view.private_metadata), action)
            await self.show_home(user, filters, view)

    async def _discard(self, user: str, view: View, action: PressedAction) -> None:
        """Throw a draft away, and tell so where the button was pressed."""
        told = await asyncio.to_thread(self._discarded, user, action.value)
        if action.action_id.startswith(FORM):
            await self._redraw(view, forms.done_view(say("slack.titel aankondigen"), [told]))
            await self.show_home(user)
        else:
            await self.show_home(user, unpacked(view.private_metadata), notice=told)

    def _discarded(self, user: str, value: str | None) -> str:
        with acting(self._store) as session:
            who = actor(session, user, self._named(user), self._announcing.rules, self._now())
            return discarded(session, who, self._announcing, value)

    async def _opens(self, press: Interaction, action: PressedAction) -> bool:
        """Open the form that the button is for; False when it is for none."""
        user, name, key = press.user.id, self._named(press.user.id), action.value or ""
        what = action.action_id.partition(HOME)[2].partition(":")[0]
        draws: dict[str, Callable[[], View_ | str]] = {
            "announce": lambda: self._moderating.blank(user, name),
            "go-on": lambda: self._moderating.resumed(user, name, int(key) if key.isdecimal() else 0),
            "read": lambda: self._moderating.reading(user, name, int(key) if key.isdecimal() else 0),
            "change": lambda: self._moderating.changing(user, name, key),
            "cancel": lambda: self._moderating.cancelling(user, name, key),
        }
        if what not in draws:
            return False
        drawn = await asyncio.to_thread(draws[what])
        if isinstance(drawn, str):
            await self.show_home(user, notice=drawn)
        else:
            await self._open(user, press.trigger_id, drawn)
        return True

    async def _chosen(self, user: str, filters: Filters, action: PressedAction) -> Filters:
        """Change what is followed, or which part of the agenda is shown."""
        value = action.selected_option.value if action.selected_option else action.value
        if value is None:
            return filters
        what = action.action_id
        if what in (home.KIND, home.PROVINCE, home.THEME):
            return filters.changed(what.removeprefix(HOME), value)
        if what.startswith(home.PAGE):
            return Filters(
                kind=filters.kind,
                province=filters.province,
                theme=filters.theme,
                page=int(value) if value.isdecimal() and len(value) < 4 else 0,
            )
        await asyncio.to_thread(self._follow, user, what, value)
        return filters

    def _follow(self, user: str, what: str, value: str) -> None:
        """Follow something, or no longer: done twice is done once."""
        now = self._now()
        with acting(self._store) as session:
            who = actor(session, user, self._named(user), self._announcing.rules, now)
            member = members.member_id_of(session, NAME, user)
            if what.startswith(home.UNFOLLOW):
                kind, _, rest = value.partition(":")
                if kind in {each.value for each in FollowWhat}:
                    members.unfollow(session, member, Follow(what=FollowWhat(kind), value=rest))
            elif what == home.FOLLOW_KIND:
                members.follow(session, member, Follow(what=FollowWhat.KIND, value=value), now)
            elif what == home.FOLLOW_THEME:
                members.follow(session, member, Follow(what=FollowWhat.THEME, value=value), now)
            elif what == home.FOLLOW_PLACE:
                reading = Reading(text=value, intent=Intent.SUBSCRIBE, place=value)
                wish = what_to_follow(Question(reading=reading, context=who.context))
                members.follow(session, member, wish, now)
            personal.replan_member(session, member, self._announcing.rules, now)

    # --- forms -------------------------------------------------------------------------------------------

    def begins_with(self, text: str) -> bool:
        """Whether a command asks for the form rather than for a conversation."""
        return _ASKS_FORM.fullmatch(text) is not None

    async def begin(self, user: str, trigger: str, tell: Callable[[str], None]) -> None:
        """Open the form for an announcement, or tell why not."""
        drawn = await asyncio.to_thread(self._moderating.blank, user, self._named(user))
        if isinstance(drawn, str):
            tell(drawn)
            return
        try:
            await self._open(user, trigger, drawn)
        except SlackApiError as error:
            if cause(error) not in ("expired_trigger_id", "exchanged_trigger_id"):
                raise
            tell(say(_TOO_LATE))

    async def _begin_handing_in(self, press: Interaction, about: About) -> None:
        """Open the form to hand something in; who cannot, is told why where they pressed."""
        user = press.user.id
        drawn = await asyncio.to_thread(self._contributing.blank, user, self._named(user), about)
        if isinstance(drawn, str):
            self._after.whisper(press.response_url, drawn)
            return
        try:
            await self._open(user, press.trigger_id, drawn)
        except SlackApiError as error:
            if cause(error) not in ("expired_trigger_id", "exchanged_trigger_id"):
                raise
            self._after.whisper(press.response_url, say(_TOO_LATE))

    async def begin_by_shortcut(self, asked: Interaction) -> None:
        """The same, by the shortcut; who may not, is told in the home."""
        if asked.callback_id != ANNOUNCE_SHORTCUT:
            return
        drawn = await asyncio.to_thread(self._moderating.blank, asked.user.id, self._named(asked.user.id))
        if isinstance(drawn, str):
            drawn = forms.done_view(say("slack.titel aankondigen"), [drawn])
        await self._open(asked.user.id, asked.trigger_id, drawn)

    async def submit(self, form: Interaction) -> dict[str, object] | None:
        """Read a form that was handed in; what Slack is to show next."""
        view, user = form.view, form.user.id
        if view is None or not (view.callback_id or "").startswith(FORM):
            return None
        reads = self._contributing if view.callback_id == forms.CONTRIBUTE else self._moderating
        return await asyncio.to_thread(reads.submit, user, self._named(user), view)

    async def search(self, search: Interaction) -> dict[str, object]:
        """The municipalities that somebody may mean."""
        return await asyncio.to_thread(forms.found_municipalities, search.value or "")

    # --- pieces ------------------------------------------------------------------------------------------

    async def _open(self, user: str, trigger: str | None, view: View_) -> None:
        if trigger is not None:
            await self._web.views_open(trigger_id=trigger, view=view)
            # By then they filled it in, their name is known: others read who changed what.
            await self._people.name_of(user)

    async def _redraw(self, shown: View, drawn: View_ | str) -> None:
        view = forms.done_view(say("slack.titel atrium"), [drawn]) if isinstance(drawn, str) else drawn
        await self._web.views_update(view_id=shown.id, hash=shown.hash, view=view)

    def _named(self, user: str) -> str:
        return self._people.known_name(user) or ""
