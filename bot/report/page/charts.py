"""A report's charts, as SVG that takes its colours from the page it stands in. Every chart has a table with the same figures."""

from __future__ import annotations

from collections.abc import Sequence

import svg

from bot.domain import durations
from bot.domain.durations import Seconds

WIDTH = 640
HEIGHT = 200
_LEFT, _BOTTOM, _TOP = 34, 26, 18
_MOST_LABELS = 12
MOST_ROOM = 90
"""How wide a bar is at most, with the space around it."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def bars(title: str, rows: Sequence[tuple[str, float, str]]) -> str:
    """Upright bars: each a label, a height, and what is written above it."""
    drawn: list[svg.Element] = [svg.Title(text=_escaped(title))]
    most = max((height for _, height, _ in rows), default=0.0) or 1.0
    room = min(MOST_ROOM, (WIDTH - _LEFT) / max(1, len(rows)))
    high = HEIGHT - _BOTTOM - _TOP
    every = max(1, -(-len(rows) // _MOST_LABELS))
    for number, (label, height, said) in enumerate(rows):
        tall = high * height / most
        left = _LEFT + number * room
        drawn.append(
            svg.Rect(
                x=round(left + room * 0.12, 1),
                y=round(HEIGHT - _BOTTOM - tall, 1),
                width=round(room * 0.76, 1),
                height=round(tall, 1),
                rx=2,
                class_=["bar"],
            )
        )
        middle = round(left + room / 2, 1)
        if number % every == 0:
            drawn.append(svg.Text(x=middle, y=HEIGHT - 8, class_=["label"], text_anchor="middle", text=_escaped(label)))
            if height:
                above = round(HEIGHT - _BOTTOM - tall - 5, 1)
                drawn.append(svg.Text(x=middle, y=above, class_=["figure"], text_anchor="middle", text=_escaped(said)))
    drawn.append(svg.Line(x1=_LEFT, x2=WIDTH, y1=HEIGHT - _BOTTOM, y2=HEIGHT - _BOTTOM, class_=["axis"]))
    return _drawing(title, HEIGHT, drawn)


def week(title: str, slots: dict[tuple[int, int], tuple[int, Seconds | None]]) -> str:
    """Weekday by hour: the darker, the longer half of those who began to wait then waited; a dash: nobody was answered."""
    drawn: list[svg.Element] = [svg.Title(text=_escaped(title))]
    wide, tall = (WIDTH - _LEFT) / 24, 24
    for hour in range(0, 24, 3):
        drawn.append(svg.Text(x=round(_LEFT + hour * wide, 1), y=12, class_=["label"], text=f"{hour:02}"))
    for day, name in enumerate(DAYS):
        drawn.append(svg.Text(x=0, y=_TOP + day * tall + 16, class_=["label"], text=name))
        for hour in range(24):
            count, half = slots.get((day, hour), (0, None))
            says = f"{name} {hour:02}:00: " + ("nobody" if not count else f"{count}, half within {_said(half)}")
            drawn.append(
                svg.Rect(
                    x=round(_LEFT + hour * wide + 1, 1),
                    y=_TOP + day * tall + 1,
                    width=round(wide - 2, 1),
                    height=tall - 2,
                    rx=2,
                    class_=[f"heat{_heat(count, half)}"],
                    elements=[svg.Title(text=_escaped(says))],
                )
            )
            if count:
                at = round(_LEFT + (hour + 0.5) * wide, 1)
                shade = "cell" if _heat(count, half) < 4 else "cell light"
                drawn.append(
                    svg.Text(x=at, y=_TOP + day * tall + 16, class_=shade.split(), text_anchor="middle", text=str(count))
                )
    return _drawing(title, _TOP + 7 * tall + 2, drawn)


def _heat(count: int, half: Seconds | None) -> int:
    if not count:
        return 0
    if half is None:
        return 5
    return next((shade for shade, bound in enumerate((900, 3600, 4 * 3600), 1) if half <= bound), 4)


def _said(seconds: Seconds | None) -> str:
    return "no answer" if seconds is None else durations.say(seconds)


def _drawing(title: str, height: int, elements: list[svg.Element]) -> str:
    drawn = svg.SVG(viewBox=svg.ViewBoxSpec(0, 0, WIDTH, height), elements=elements, class_=["chart"])
    # The library has no place for these two.
    return str(drawn).replace("<svg ", f'<svg role="img" aria-label="{_escaped(title)}" ', 1)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
