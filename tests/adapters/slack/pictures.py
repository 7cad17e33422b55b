"""Pictures of what Slack shows, for the documentation: `python -m tests.adapters.slack.pictures docs/slack`.

The blocks of the golden files are drawn by a small viewer of our own (plain HTML that resembles Slack) and photographed by a
chromium without a window. It shows how things are laid out, not what a given client of Slack makes of it to the pixel.
"""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import tempfile
import zlib
from datetime import datetime, timedelta
from html import escape, unescape
from pathlib import Path
from typing import Any

from tests.adapters.slack.samples import CALLED, surfaces
from tests.wording.samples import NOW, ZONE, at

CHROMIUM = "chromium"
WIDTH = 640
MODAL_WIDTH = 520

PICTURES = (
    "reminder", "reminder_team", "reminder_escalated", "reminder_promised", "reminder_uncertain",
    "reminder_asks_writer", "reminder_maybe_answered", "reminder_newcomer", "reminder_before_promise",
    "reminder_followed", "line", "line_asked", "line_insisted", "held_snooze", "loop_question", "check", "moved",
    "reminders", "reminders_many", "settled", "held", "held_promise", "digest", "week", "waiting_list", "waiting_done",
    "why", "help", "own_stats", "team_stats", "refused", "for_the_team", "preview", "settled_dismissed",
    "home", "home_lead", "home_outsider", "modal_form", "modal_why",
    "tip_canned", "tip_pitch", "tip_broadcast", "tip_auto_dm", "auto_dm_thanks", "auto_dm_sums",
    "arrivals", "arrivals_settled", "own_record", "trial_report", "settled_in_private",
)  # fmt: skip

PRIVATE = {
    "check",
    "waiting_list",
    "waiting_done",
    "why",
    "help",
    "own_stats",
    "team_stats",
    "refused",
    "for_the_team",
    "auto_dm_thanks",
    "auto_dm_sums",
    "audit",
    "automod",
    "own_record",
    "trial_report",
}
"""Answers that only who asked sees."""

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, "Liberation Sans", Arial, sans-serif; }
.message { display: flex; gap: 8px; padding: 10px 16px 12px; }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #1b6e5c; color: #fff; text-align: center;
  font: bold 21px/35px "Liberation Sans", Arial, sans-serif; }
.who b { font-weight: 900; } .who i { font: 10px/1 "Liberation Sans", Arial, sans-serif; background: #eeeeee; color: #616061;
  padding: 1px 3px; border-radius: 2px; vertical-align: 1px; margin: 0 4px; } .who span { color: #616061; font-size: 12px; }
.private { color: #616061; font-size: 13px; display: block; }
.body { flex: 1; min-width: 0; }
.block { margin: 6px 0; overflow-wrap: anywhere; }
.block:first-child { margin-top: 0; }
.header { font: bold 18px/1.33 "Liberation Sans", Arial, sans-serif; margin-top: 10px; }
.context { color: #616061; font-size: 13px; line-height: 1.4; }
.divider { border: 0; border-top: 1px solid #dddddd; margin: 12px 0; }
.line { white-space: pre-wrap; }
blockquote { margin: 4px 0; padding: 0 0 0 14px; border-left: 4px solid #dddddd; white-space: pre-wrap; }
ul { margin: 0; padding-left: 26px; } li { white-space: pre-wrap; }
code { font: 12px/1.5 "Liberation Mono", Menlo, monospace; color: #c01343; background: #f6f6f6; border: 1px solid #dddddd;
  border-radius: 3px; padding: 1px 3px; }
a { color: #1264a3; text-decoration: none; }
.call { background: #f8e6b9; color: #1264a3; padding: 0 2px 1px; border-radius: 3px; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; } .fields div { white-space: pre-line; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.button { font: bold 13px/26px "Liberation Sans", Arial, sans-serif; border: 1px solid #c7c7c8; border-radius: 4px;
  padding: 0 9px; height: 28px; background: #fff; }
.primary { background: #007a5a; border-color: #007a5a; color: #fff; } .danger { background: #e01e5a; border-color: #e01e5a;
  color: #fff; } .menu { font-weight: normal; min-width: 120px; display: flex; justify-content: space-between; gap: 14px; }
.menu::after { content: ""; width: 6px; height: 6px; border: solid #616061; border-width: 0 1.5px 1.5px 0;
  transform: rotate(45deg); margin-top: 8px; }
.home { padding: 14px 24px 20px; } .tabs { border-bottom: 1px solid #dddddd; padding: 12px 24px 0; display: flex; gap: 18px; }
.tabs b { border-bottom: 2px solid #1b6e5c; padding-bottom: 7px; } .tabs span { color: #616061; }
.stage { background: #8d8c8d; padding: 22px 26px; } .modal { background: #fff; border-radius: 8px; }
.modal > h1 { font: bold 20px/1.3 "Liberation Sans", Arial, sans-serif; margin: 0; padding: 16px 22px; display: flex;
  justify-content: space-between; } .modal > h1 span { font-weight: normal; color: #616061; }
.inside { padding: 0 22px 6px; } .foot { display: flex; justify-content: flex-end; gap: 10px; padding: 14px 22px 18px; }
.foot .button { height: 34px; line-height: 32px; padding: 0 14px; }
label { display: block; font-weight: bold; margin-bottom: 5px; } .field { border: 1px solid #868686; border-radius: 4px;
  padding: 6px 11px; min-height: 36px; margin-bottom: 12px; } .tall { min-height: 84px; }
.picked { max-width: 300px; } .boxes { margin-bottom: 12px; } .hint { color: #616061; font-size: 13px; margin: -8px 0 12px; }
label small { color: #616061; font-weight: normal; } .tucked { min-width: 34px; text-align: center; padding: 0 6px; }
"""


def draw(kind: str, surface: dict[str, Any], now: float) -> str:
    """A surface as HTML."""
    blocks = "".join(_block(block, now) for block in surface["blocks"])
    if surface.get("type") == "home":
        return f'<div class="tabs"><b>Home</b><span>About</span></div><div class="home">{blocks}</div>'
    if surface.get("type") == "modal":
        buttons = f'<span class="button">{_plain(surface["close"])}</span>'
        if "submit" in surface:
            buttons += f'<span class="button primary">{_plain(surface["submit"])}</span>'
        head = f"<h1>{_plain(surface['title'])}<span>×</span></h1>"
        inside = f'{head}<div class="inside">{blocks}</div><div class="foot">{buttons}</div>'
        return f'<div class="stage"><div class="modal">{inside}</div></div>'
    clock = datetime.fromtimestamp(now, ZONE)
    private = '<span class="private">Only visible to you</span>' if kind in PRIVATE else ""
    head = f'<div class="who"><b>realreply</b><i>APP</i><span>{clock:%H:%M}</span></div>'
    return f'<div class="message"><div class="avatar">r</div><div class="body">{private}{head}{blocks}</div></div>'


def _block(block: dict[str, Any], now: float) -> str:
    match block["type"]:
        case "header":
            return f'<div class="block header">{_plain(block["text"])}</div>'
        case "divider":
            return '<hr class="divider">'
        case "rich_text":
            return f'<div class="block">{"".join(_group(each, now) for each in block["elements"])}</div>'
        case "context":
            return f'<div class="block context">{"".join(_mrkdwn(each["text"], now) for each in block["elements"])}</div>'
        case "section":
            fields = "".join(f"<div>{_mrkdwn(each['text'], now)}</div>" for each in block["fields"])
            return f'<div class="block fields">{fields}</div>'
        case "actions":
            return f'<div class="block actions">{"".join(_control(each) for each in block["elements"])}</div>'
        case "input":
            more = " <small>(optional)</small>" if block.get("optional") else ""
            hint = f'<div class="hint">{_plain(block["hint"])}</div>' if "hint" in block else ""
            return f'<div class="block"><label>{_plain(block["label"])}{more}</label>{_field(block["element"], now)}{hint}</div>'
    raise ValueError(f"no such block: {block['type']}")


def _field(element: dict[str, Any], now: float) -> str:
    """What is filled in, as Slack's element for it."""
    match element["type"]:
        case "checkboxes":
            ticked = element.get("initial_options", [])
            boxes = "".join(f"<div>{'☑' if each in ticked else '☐'} {_plain(each['text'])}</div>" for each in element["options"])
            return f'<div class="boxes">{boxes}</div>'
        case "datetimepicker":
            said = (
                _date(element["initial_date_time"], "{date_short_pretty} {time}", now) if "initial_date_time" in element else ""
            )
            return f'<div class="field picked">🗓 {escape(said) or "Select a date and a time"}</div>'
        case "timepicker":
            return f'<div class="field picked">🕓 {escape(element.get("initial_time", "")) or "Select a time"}</div>'
        case "users_select":
            return '<div class="field picked menu">Select a person</div>'
        case "static_select":
            chosen = element.get("initial_option")
            return f'<div class="field picked menu">{_plain(chosen["text"]) if chosen else "Select"}</div>'
    tall = " tall" if element["multiline"] else ""
    return f'<div class="field{tall}">{escape(element.get("initial_value", ""))}</div>'


def _control(element: dict[str, Any]) -> str:
    if element["type"] == "overflow":
        return '<span class="button tucked">⋯</span>'
    if element["type"] == "button":
        return f'<span class="button {element.get("style", "")}">{_plain(element["text"])}</span>'
    return f'<span class="button menu">{_plain(element["placeholder"])}</span>'


def _group(group: dict[str, Any], now: float) -> str:
    if group["type"] == "rich_text_list":
        return f"<ul>{''.join(f'<li>{_elements(item, now)}</li>' for item in group['elements'])}</ul>"
    if group["type"] == "rich_text_quote":
        return f"<blockquote>{_elements(group, now)}</blockquote>"
    return f'<div class="line">{_elements(group, now)}</div>'


def _elements(group: dict[str, Any], now: float) -> str:
    return "".join(_element(element, now) for element in group["elements"])


def _element(element: dict[str, Any], now: float) -> str:
    match element["type"]:
        case "user":
            return f'<span class="call">@{escape(CALLED[element["user_id"]])}</span>'
        case "link":
            return f'<a href="{escape(element["url"])}">{escape(element["text"])}</a>'
        case "date":
            return escape(_date(element["timestamp"], element["format"], now))
    said, style = escape(element["text"]), element.get("style", {})
    if style.get("code"):
        return f"<code>{said}</code>"
    return f"<b>{said}</b>" if style.get("bold") else said


def _mrkdwn(text: str, now: float) -> str:
    """The little of mrkdwn that is sent: bold, code, links, calls, dates."""
    said = re.sub(r"<!date\^(\d+)\^([^|]+)\|[^>]*>", lambda f: escape(_date(int(f[1]), f[2], now)), text)
    said = re.sub(r"<@(\w+)>", lambda f: f'<span class="call">@{CALLED[f[1]]}</span>', said)
    said = re.sub(r"<(https?:[^|>]+)\|([^>]*)>", r'<a href="\1">\2</a>', said)
    said = re.sub(r"`([^`]+)`", r"<code>\1</code>", said)
    return re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", said)


def _date(timestamp: int, form: str, now: float) -> str:
    then, today = datetime.fromtimestamp(timestamp, ZONE), datetime.fromtimestamp(now, ZONE)
    days = {today.date() + timedelta(days=n): word for n, word in ((-1, "yesterday"), (0, "today"), (1, "tomorrow"))}
    day = days.get(then.date(), f"{then:%b} {then.day}, {then.year}")
    said = form.replace("{date_short_pretty}", day).replace("{time}", f"{then:%H:%M}")
    return said.removeprefix("\u200b") if said.startswith("\u200b") else said[:1].upper() + said[1:]


def _plain(text: dict[str, Any]) -> str:
    return escape(text["text"])


def page(drawn: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{drawn}</body>'


def chromium(*arguments: str) -> str:
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-lcd-text"]
    command.append("--force-device-scale-factor=1")
    return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True, timeout=120).stdout


def indexed(png: bytes) -> bytes:
    """The picture with a palette of at most 256 colours, a third of the bytes; as it was when it has more, nearly equal ones
    counted as one. Takes what chromium writes: 8 bits a channel, not interlaced."""
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    if (depth, interlaced) != (8, 0) or colour not in (2, 6):
        raise ValueError(f"a PNG with depth {depth}, colour type {colour}, interlacing {interlaced}")
    size = 3 if colour == 2 else 4
    data, place = b"", 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        data += png[place + 8 : place + 8 + length] if png[place + 4 : place + 8] == b"IDAT" else b""
        place += 12 + length
    raw, stride = zlib.decompress(data), width * size
    before, rows, palette = bytearray(stride), bytearray(), dict[bytes, int]()
    for top in range(0, height * (stride + 1), stride + 1):
        before = _unfiltered(raw[top], bytearray(raw[top + 1 : top + 1 + stride]), before, size)
        rough = before.translate(bytes(min(255, (value + 4) // 8 * 8) for value in range(256)))
        rows.append(0)
        rows += bytes(palette.setdefault(bytes(rough[at : at + 3]), len(palette) % 256) for at in range(0, stride, size))
    if len(palette) > 256:
        return png
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    written = b"".join(
        len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big") for kind, body in chunks
    )
    return png[:8] + written


def _unfiltered(kind: int, row: bytearray, above: bytearray, size: int) -> bytearray:
    """A row's bytes, from what they differ by (https://www.w3.org/TR/png-3/#9Filters)."""
    for place in range(len(row)):
        left, up = row[place - size] if place >= size else 0, above[place]
        corner = above[place - size] if place >= size else 0
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        elif kind == 4:
            guess = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
        else:
            return row
        row[place] = (row[place] + guess) & 255
    return row


def main(folder: Path) -> None:
    """Draw, measure and photograph them all."""
    made = surfaces()
    drawn = {
        kind: (draw(kind, made[kind], at(16, 9) if kind == "digest" else NOW), MODAL_WIDTH if "modal" in kind else WIDTH)
        for kind in PICTURES
    }
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        all_of_them = "".join(f'<div style="width:{width}px" id="{kind}">{html}</div>' for kind, (html, width) in drawn.items())
        measure = "document.querySelectorAll('body > div').forEach(d => d.title = Math.ceil(d.getBoundingClientRect().height))"
        paper = Path(scratch) / "page.html"
        paper.write_text(page(all_of_them + f"<script>{measure}</script>"), encoding="utf-8")
        found = unescape(chromium("--dump-dom", paper.as_uri()))
        heights = dict(re.findall(r'id="(\w+)" title="(\d+)"', found))
        for kind, (html, width) in drawn.items():
            paper.write_text(page(html), encoding="utf-8")
            picture = folder / f"{kind}.png"
            chromium(f"--screenshot={picture.absolute()}", f"--window-size={width},{heights[kind]}", paper.as_uri())
            picture.write_bytes(indexed(picture.read_bytes()))
            print(picture, heights[kind], "px,", picture.stat().st_size, "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
