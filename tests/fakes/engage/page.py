"""A small page of the fake network: write as a member, see the threads."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tests.fakes.engage.world import Said, World

_STYLE = """
:root{color-scheme:light dark;--line:#bbb;--soft:#555}
@media (prefers-color-scheme:dark){:root{--line:#555;--soft:#bbb}}
*{box-sizing:border-box}
body{font:17px/1.5 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem;line-height:1.25;margin:0 0 .3rem}
article{border:1px solid var(--line);border-radius:.5rem;padding:.8rem .9rem;margin:1rem 0}
article>.note{margin:0 0 .4rem}
.reply{border-left:4px solid #ffe615;padding-left:.8rem;margin:.8rem 0}
.who{font-weight:600} .what{white-space:pre-wrap;overflow-wrap:anywhere}
.note,.who .note{color:var(--soft);font-size:.9rem;font-weight:400}
form{display:grid;gap:.7rem;margin:.8rem 0 0} label{display:grid;gap:.2rem}
.tick{display:flex;align-items:center;gap:.5rem;min-height:44px} .tick input{width:22px;height:22px;margin:0}
textarea,select,button{font:inherit;width:100%;padding:.5rem;min-height:44px}
textarea,select,button{border:1px solid var(--line);border-radius:.3rem}
textarea{resize:vertical} button{font-weight:600;cursor:pointer}
summary{min-height:44px;display:flex;align-items:center;cursor:pointer;text-decoration:underline}
"""


def page_routes(world: World) -> list[BaseRoute]:
    """The page and where its forms go."""

    async def page(request: Request) -> Response:
        return HTMLResponse(_page(world))

    async def say(request: Request) -> Response:
        form = await request.form()
        text, where = str(form.get("text", "")).strip(), str(form.get("where", ""))
        who = world.users[int(str(form["user"]))]
        if text and form.get("thread"):
            world.say(who, text, thread=int(str(form["thread"])), mention=bool(form.get("mention")))
        elif text and where == "private":
            world.say(who, text, to=[world.bot])
        elif text:
            world.say(who, text, group=world.groups[int(where)], mention=bool(form.get("mention")))
        return RedirectResponse("/", status_code=303)

    return [Route("/", page), Route("/say", say, methods=["POST"])]


def _page(world: World) -> str:
    places = "".join(
        f"<option value={each.id}>{escape(each.name)}</option>" for each in world.groups.values()
    )
    threads = sorted(world.by_thread, key=lambda number: world.by_thread[number][-1].id, reverse=True)
    return (
        "<!doctype html><html lang=nl><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Nagebootste Viva Engage</title><style>{_STYLE}</style><h1>Nagebootste Viva Engage</h1>"
        "<p class=note>De bot kijkt nu en dan: ververs de pagina om zijn antwoord te zien.</p>"
        f"<form method=post action=/say>{_people(world)}"
        f"<label>Waar <select name=where>{places}"
        "<option value=private>Privé aan de bot</option></select></label>"
        "<label>Bericht <textarea name=text rows=3>wanneer is het volgende atrium?</textarea></label>"
        "<label class=tick><input type=checkbox name=mention checked> vermeld de bot (@Atriumbot)</label>"
        "<button>Plaats</button></form>" + "".join(_thread(world, number) for number in threads[:50])
    )


def _people(world: World) -> str:
    people = "".join(
        f"<option value={each.id}>{escape(each.name)}</option>"
        for each in world.users.values()
        if each is not world.bot
    )
    return f"<label>Als <select name=user>{people}</select></label>"


def _thread(world: World, number: int) -> str:
    said = world.thread(number)
    if not said:
        return ""
    first = said[0]
    place = "privé" if first.participants else world.groups[first.group].name if first.group else ""
    kind = "aankondiging in " if first.announcement else ""
    replies = "".join(f"<div class=reply>{_said(world, each)}</div>" for each in said[1:])
    return (
        f"<article><p class=note>{kind}{escape(place)}</p>{_said(world, first)}{replies}"
        "<details><summary>Antwoorden</summary>"
        f"<form method=post action=/say><input type=hidden name=thread value={number}>{_people(world)}"
        "<label>Bericht <textarea name=text rows=2></textarea></label>"
        "<button>Antwoord</button></form></details></article>"
    )


def _said(world: World, said: Said) -> str:
    title = f"<strong>{escape(said.title)}</strong><br>" if said.title else ""
    return (
        f"<div class=who>{escape(world.users[said.sender].name)} "
        f"<span class=note>{said.at:%H:%M:%S}</span></div>"
        f"<div class=what>{title}{escape(world.plain(said))}</div>"
    )
