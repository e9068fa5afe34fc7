"""The forms of moderators in Slack: announcing, changing and cancelling an atrium. Pure: words in, views out.

The fields are those of `handlers.moderation.fields`; a field's name is the id of its block, so that an error
appears at its field. A view remembers in its metadata what it is about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bot.outcomes import TargetPreview
from bot.platforms.slack.blocks import render
from bot.platforms.slack.buttons import Block, Pages
from bot.platforms.slack.discarding import discard_button
from bot.platforms.slack.elements import (
    BLOCKS,
    HEADER,
    LABEL,
    TITLE,
    actions,
    button,
    divider,
    header,
    literal,
    option,
    plain,
    search,
    section,
    small,
)
from bot.platforms.slack.municipalities import municipalities_like
from bot.platforms.slack.payloads import FieldState, View
from handlers.moderation.fields import Field, Sort, Values
from handlers.wording.catalogue import say
from handlers.wording.dates import clock_text, date_with_year, local_day

#: What the callback ids of our forms begin with, and the ids of the two steps of each.
FORM = "form:"
ANNOUNCE, CHANGE, CANCEL = (f"{FORM}{each}" for each in ("announce", "change", "cancel"))
CONTRIBUTE = f"{FORM}contribute"
ANNOUNCE_SURE, CHANGE_SURE, AGREE = f"{ANNOUNCE}-sure", f"{CHANGE}-sure", f"{FORM}agree"

#: The one input of each block, and the buttons that go back to the form, that ask for one more place and that
#: throw the draft away.
INPUT = f"{FORM}field"
BACK, MORE_PLACES, DISCARD = f"{FORM}back", f"{FORM}more-places", f"{FORM}discard"

#: Places that fit in one form: Slack takes no more than `BLOCKS` blocks.
MOST_PLACES = 10

#: What Slack takes in one text field.
_MOST = 3000

View_ = dict[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a form is about.

    Attributes:
        number, version: of the announcement that is kept already.
        draft: it is a draft, and can be thrown away; None where it is not.
        uid, sequence: of the atrium that is changed or cancelled.
        places: how many places the form shows.
        community: key of the community where the card of the atrium stands that something is handed in for.
        quiet: it says that what is agreed to leaves at an hour at which the bot says nothing by itself.
        base: by field a mark of what the form held when it was opened. The values themselves need not fit
            in the 3000 characters that Slack keeps; the marks of the fullest form do.
    """

    number: int | None = None
    version: int | None = None
    draft: bool | None = None
    places: int | None = None
    uid: str | None = None
    sequence: int | None = None
    community: str | None = None
    quiet: bool | None = None
    base: Mapping[str, str] = field(default_factory=dict)

    def packed(self) -> str:
        told = {name: value for name, value in asdict(self).items() if value is not None and value != {}}
        return json.dumps(told, separators=(",", ":"))


def about(view: View) -> About:
    """What a view is about; nothing when its metadata is none of ours."""
    try:
        told = json.loads(view.private_metadata or "{}")
    except ValueError:
        return About()
    if not isinstance(told, dict):
        return About()
    words = {name: value for name, value in told.items() if isinstance(value, str)}
    numbers = {name: value for name, value in told.items() if isinstance(value, int)}
    base = told.get("base")
    return About(
        number=numbers.get("number"),
        version=numbers.get("version"),
        draft=True if told.get("draft") is True else None,
        places=numbers.get("places"),
        uid=words.get("uid"),
        sequence=numbers.get("sequence"),
        community=words.get("community"),
        quiet=True if told.get("quiet") is True else None,
        base={name: str(mark) for name, mark in base.items()} if isinstance(base, dict) else {},
    )


# --- the views ---------------------------------------------------------------------------------------------


def form_view(callback: str, title: str, fields: Sequence[Field], values: Values, about: About) -> View_:
    """The form, with what was typed so far; where it may hold more places, the button for one more."""
    places = max((each.place or 1 for each in fields), default=1)
    blocks: list[Block] = []
    for each in fields:
        if each.name == "organiser" and about.places is not None and places < MOST_PLACES:
            blocks.append(actions([button(MORE_PLACES, say("slack.nog een plaats"))]))
        blocks.append(_input(each, values.get(each.name, ""), is_one_of_more=places > 1))
    if about.draft and about.number is not None:
        blocks.append(actions([discard_button(DISCARD, str(about.number))]))
    return _modal(callback, title, blocks, about, submit=say("slack.bekijk"))


def preview_view(
    callback: str,
    title: str,
    blocks: Sequence[Block],
    about: About,
    submit: str,
    *,
    goes_back: bool = True,
) -> View_:
    """What will be said, and the way back; nothing of it has happened yet."""
    back = [actions([button(BACK, say("slack.terug"))])] if goes_back else []
    return _modal(callback, title, [*blocks[: BLOCKS - 1], *back], about, submit=submit)


def done_view(title: str, lines: Sequence[str]) -> View_:
    """How it ended."""
    return _modal(
        f"{FORM}done", title, [section(literal(line)) for line in lines if line], About(), submit=None
    )


def target_blocks(
    targets: Sequence[TargetPreview], warnings: Sequence[str], pages: Pages, *, needs_approval: bool
) -> list[Block]:
    """What each community will read, drawn by what draws the posts, with what to mind first."""
    blocks: list[Block] = [section(say("slack.let op", waarschuwing=literal(each))) for each in warnings]
    if needs_approval:
        blocks.append(section(say("aankondiging.goed te keuren")))
    if not targets:
        blocks.append(section(say("slack.alleen agenda")))
    for text in dict.fromkeys(each.text for each in targets):
        same = [each for each in targets if each.text == text]
        names = ", ".join(each.community.name for each in same)
        at = f"{date_with_year(local_day(same[0].at))}, {clock_text(same[0].at)} u."
        blocks += [
            header(say("slack.in communities", communities=names)),
            small(say("slack.vertrekt", moment=at)),
        ]
        blocks += [small(literal(each)) for one in same for each in one.warnings]
        blocks += [*without_buttons(render(same[0].reply, pages, same[0].at).blocks), divider()]
    return blocks


def without_buttons(blocks: Sequence[Block]) -> list[Block]:
    """The post as it will look; its buttons do nothing yet, so they stand here as words."""
    shown: list[Block] = []
    for block in blocks:
        elements = block.get("elements")
        if block.get("type") != "actions" or not isinstance(elements, list):
            shown.append(block)
            continue
        labels = [str(each["text"]["text"]) for each in elements if "text" in each]
        shown.append(small("  ".join(f"[{literal(label)}]" for label in labels)))
    return shown


def refused(errors: Mapping[str, str]) -> dict[str, object]:
    """The answer that shows each error at its field; nothing that was typed is lost."""
    return {"response_action": "errors", "errors": dict(errors)}


def shows(view: View_) -> dict[str, object]:
    """The answer that puts another view in the place of the form."""
    return {"response_action": "update", "view": view}


# --- what was filled in ----------------------------------------------------------------------------------


def values_of(view: View) -> dict[str, str | tuple[str, ...]]:
    """What was filled in, by the name of the field."""
    states = view.state.values if view.state is not None else {}
    found = {name: _value(state[INPUT]) for name, state in states.items() if INPUT in state}
    return {name: value for name, value in found.items() if value}


def _value(state: FieldState) -> str | tuple[str, ...]:
    if state.selected_options is not None:
        return tuple(each.value for each in state.selected_options if each.value)
    if state.selected_option is not None:
        return state.selected_option.value or ""
    return state.selected_date or state.selected_time or state.value or ""


# --- fields ---------------------------------------------------------------------------------------------


def _input(field: Field, value: str | Sequence[str], *, is_one_of_more: bool = False) -> Block:
    is_of_place = is_one_of_more and field.place is not None
    block: Block = {
        "type": "input",
        "block_id": field.name,
        # A place that was asked for and is not filled in is none; what lacks of the others we say ourselves.
        "optional": not field.required or (is_of_place and field.place != 1),
        "label": plain(
            say("slack.veld van plaats", nummer=str(field.place), veld=field.label.lower())
            if is_of_place
            else field.label,
            LABEL,
        ),
        "element": _element(field, value),
    }
    return block | {"hint": plain(field.help, LABEL)} if field.help else block


def _element(field: Field, value: str | Sequence[str]) -> Block:
    text = value if isinstance(value, str) else ", ".join(value)
    match field.sort:
        case Sort.DATE:
            return _filled("datepicker", "initial_date", text)
        case Sort.TIME:
            return _filled("timepicker", "initial_time", text)
        case Sort.CHOICE:
            return _chosen(field, (text,), several=False)
        case Sort.CHOICES:
            return _chosen(field, (value,) if isinstance(value, str) else tuple(value), several=True)
        case Sort.MUNICIPALITY:
            return search(INPUT, say("slack.typ de gemeente"), option(text, text) if text else None)
        case Sort.TEXT | Sort.LONG_TEXT | Sort.URL | Sort.EMAIL:
            made = _filled("plain_text_input", "initial_value", text[:_MOST])
            # Ours says how much too long it is; Slack would only not let one type on.
            return made | {"multiline": field.sort is Sort.LONG_TEXT, "max_length": _MOST}


def _filled(kind: str, initial: str, text: str) -> Block:
    made: Block = {"type": kind, "action_id": INPUT}
    return made | {initial: text} if text else made


def _chosen(field: Field, values: Sequence[str], *, several: bool) -> Block:
    options = [option(each.label, each.value) for each in field.options][:100]
    chosen = [each for each in options if each["value"] in values]
    made: Block = {
        "type": "multi_static_select" if several else "static_select",
        "action_id": INPUT,
        "placeholder": plain(say("slack.kies"), HEADER),
        "options": options,
    }
    if not chosen:
        return made
    return made | ({"initial_options": chosen} if several else {"initial_option": chosen[0]})


def found_municipalities(typed: str) -> dict[str, object]:
    """The answer to a search for a municipality."""
    found = municipalities_like(typed)
    return {"options": [option(each.label, each.municipality) for each in found]}


def _modal(callback: str, title: str, blocks: Sequence[Block], about: About, *, submit: str | None) -> View_:
    view: View_ = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE),
        "close": plain(say("slack.sluiten"), TITLE),
        "blocks": list(blocks)[:BLOCKS],
        "private_metadata": about.packed(),
    }
    return view | {"submit": plain(submit, TITLE)} if submit is not None else view
