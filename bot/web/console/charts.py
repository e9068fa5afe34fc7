"""Bar charts as SVG, drawn here and styled by the stylesheet; the numbers stand in a table beside them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from handlers.wording.catalogue import say

WIDTH, HEIGHT = 420, 200
LEFT, RIGHT, TOP, BOTTOM = 34, 8, 14, 30

#: Rows of a chart with lying bars.
ROW, LABELS = 30, 150


def bars(title: str, moments: Sequence[str], series: Sequence[Sequence[int]]) -> Markup:
    """Standing bars, at most two at each moment: each series has a number for every one."""
    top = nice(max((value for one in series for value in one), default=0))
    room = (WIDTH - LEFT - RIGHT) / max(1, len(moments))
    width = room * 0.8 / max(1, len(series))
    parts = [_axis(step, top) for step in sorted({0, top // 2, top})]
    for number, one in enumerate(series):
        for place, value in enumerate(one):
            x = LEFT + place * room + room * 0.1 + number * width
            height = (HEIGHT - TOP - BOTTOM) * value / top
            kind = "bar" if number == 0 else "bar-2"
            parts.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{HEIGHT - BOTTOM - height:.1f}" '
                f'width="{width:.1f}" height="{height:.1f}"/>'
            )
    every = max(1, len(moments) // 5)
    parts += [
        f'<text x="{LEFT + place * room + room / 2:.1f}" y="{HEIGHT - 10}" text-anchor="middle">'
        f"{escape(moment)}</text>"
        for place, moment in enumerate(moments)
        if place % every == 0
    ]
    return _svg(title, HEIGHT, parts)


def lying(title: str, rows: Sequence[tuple[str, int, int]]) -> Markup:
    """Lying bars: a name, how many there are and how many were promised (a dashed frame), in figures too."""
    top = max((max(count, promised) for _, count, promised in rows), default=1) or 1
    parts = []
    for place, (name, count, promised) in enumerate(rows):
        y = TOP + place * ROW
        room = WIDTH - LABELS - 60
        wanted, held = room * promised / top, room * count / top
        figures = say("beheer verslag.aantal van belofte", aantal=str(count), belofte=str(promised))
        parts += [
            f'<text x="0" y="{y + 16}">{escape(name if len(name) < 21 else name[:19] + "…")}</text>',
            f'<rect class="bar-2" x="{LABELS}" y="{y + 3}" width="{held:.1f}" height="16"/>',
            f'<rect class="promised" x="{LABELS}" y="{y}" width="{wanted:.1f}" height="22"/>',
            f'<text x="{LABELS + max(held, wanted) + 6:.1f}" y="{y + 16}">{escape(figures)}</text>',
        ]
    return _svg(title, TOP + len(rows) * ROW + 6, parts)


def nice(value: int) -> int:
    """A round number at or above this one, at least 2."""
    for step in (2, 4, 6, 10, 20, 30, 40, 50, 60, 80, 100):
        if value <= step:
            return step
    size = int("1" + "0" * (len(str(value)) - 1))
    return -(-value // size) * size


def _axis(value: int, top: int) -> str:
    y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top
    return (
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value}</text>'
    )


def _svg(title: str, height: int, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704  # every text in it was escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
