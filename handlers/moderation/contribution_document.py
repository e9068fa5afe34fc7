"""What was handed in for an atrium, as a document for its organiser: Markdown, or HTML that prints well.

Names are only in it where their owners agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from handlers.context import HandedIn
from handlers.model import Atrium
from handlers.moderation.contribution_state import ContributionState
from handlers.wording.cards import place_text, when_text
from handlers.wording.catalogue import say
from handlers.wording.sentences import quoted

#: The name of the title above each.
_SECTIONS: Mapping[ContributionState, str] = {
    ContributionState.OP_DE_AGENDA: "inbreng.lijst agenda",
    ContributionState.NIEUW: "inbreng.lijst nieuw",
    ContributionState.BEANTWOORD: "inbreng.lijst beantwoord",
    ContributionState.GEWEIGERD: "inbreng.lijst geweigerd",
}

#: The one stylesheet of the page; whoever serves it lets exactly this one through.
STYLE = (
    "body{font:12pt/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "li{margin-bottom:.6rem;break-inside:avoid}h2{break-after:avoid;font-size:1.1rem}"
    "@media print{body{margin:0;max-width:none}}@page{margin:2cm}"
)


def as_markdown(atrium: Atrium, handed_in: Sequence[HandedIn]) -> str:
    """The document as Markdown; what members typed cannot add markup to it."""
    where = f"{when_text(atrium)} {_plain(place_text(atrium))}"
    out = ["# " + say("inbreng.lijst titel", titel=_plain(atrium.title)), "", where, ""]
    for title, items in _sections(handed_in):
        out += [f"## {title}", ""]
        for number, (each, merged) in enumerate(items, start=1):
            out.append(f"{number}. {_plain(each.text)}{_by(each, _plain)}")
            out += [f"   - {_plain(other.text)}{_by(other, _plain)}" for other in merged]
            if each.answer:
                out.append("   - " + say("inbreng.lijst antwoord", antwoord=_plain(each.answer)))
        out.append("")
    if len(out) == 4:
        out += [say("inbreng.lijst leeg"), ""]
    return "\n".join(out)


def as_html(atrium: Atrium, handed_in: Sequence[HandedIn]) -> str:
    """The same as a page of its own, to print or to send along. It loads nothing and runs nothing."""
    title = escape(say("inbreng.lijst titel", titel=atrium.title))
    out = [f"<h1>{title}</h1>", f"<p>{escape(when_text(atrium))} {escape(place_text(atrium))}</p>"]
    for name, items in _sections(handed_in):
        out += [f"<h2>{escape(name)}</h2>", "<ol>"]
        for each, merged in items:
            inner = [f"{escape(other.text)}{_by(other, escape)}" for other in merged]
            if each.answer:
                inner.append(escape(say("inbreng.lijst antwoord", antwoord=each.answer)))
            more = f"<ul>{''.join(f'<li>{line}</li>' for line in inner)}</ul>" if inner else ""
            out.append(f"<li>{escape(each.text)}{_by(each, escape)}{more}</li>")
        out.append("</ol>")
    if len(out) == 2:
        out.append(f"<p>{escape(say('inbreng.lijst leeg'))}</p>")
    head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="nl-BE"><head>{head}</head><body>{"".join(out)}</body></html>\n'


def answers_text(handed_in: Sequence[HandedIn]) -> str | None:
    """The answers, for the post after the atrium; None when nothing was answered."""
    answered = [each for each in handed_in if each.state is ContributionState.BEANTWOORD and each.answer]
    if not answered:
        return None
    lines = [
        f"- {quoted(each.text, 200)}\n  "
        + say("inbreng.lijst antwoord", antwoord=quoted(each.answer or "", 500))
        for each in answered
    ]
    return "\n".join([say("bedanking.vragen"), *lines])


def _sections(
    handed_in: Sequence[HandedIn],
) -> list[tuple[str, list[tuple[HandedIn, list[HandedIn]]]]]:
    """Each section that holds something, with what was merged under the one that speaks for it."""
    merged: dict[int, list[HandedIn]] = {}
    for each in handed_in:
        if each.state is ContributionState.SAMENGEVOEGD and each.into is not None:
            merged.setdefault(each.into, []).append(each)
    sections = []
    for state, title in _SECTIONS.items():
        items = [(each, merged.get(each.number, [])) for each in handed_in if each.state is state]
        if items:
            sections.append((say(title), items))
    return sections


def _by(each: HandedIn, safe: Callable[[str], str]) -> str:
    told = [each.sort.value] if each.sort else []
    if each.author:
        told.append(safe(each.author))
    if not each.is_vouched_for:
        told.append(say("inbreng.van de pagina"))
    return f" ({', '.join(told)})" if told else ""


def _plain(text: str) -> str:
    """On one line, with the signs of Markdown taken as they are."""
    one_line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in one_line)
