"""Pictures of what Discord shows, for the documentation: `python -m tests.adapters.discord.pictures docs/discord`.

The components of the golden files are drawn by a small viewer of our own (plain HTML that resembles Discord) and photographed by
a chromium without a window, as wide as on a desktop or, where it says so, as on a phone. It shows how things are laid out, not
what a given client of Discord makes of it to the pixel.
"""

from __future__ import annotations

import re
import sys
import tempfile
from datetime import datetime
from html import escape, unescape
from pathlib import Path
from typing import Any

from tests.adapters.discord.samples import CALLED, PRIVATE, surfaces
from tests.adapters.slack.pictures import chromium, indexed
from tests.wording.samples import NOW, ZONE, at

DESKTOP, PHONE, MODAL = 640, 390, 480

PICTURES = (
    "reminder", "reminder_team", "reminder_escalated", "reminder_promised", "reminder_uncertain",
    "reminder_asks_writer", "reminder_newcomer", "reminder_before_promise",
    "reminder_followed", "line", "line_asked", "line_insisted", "held_snooze", "loop_question", "check", "moved",
    "reminders", "reminders_many", "settled", "held", "held_promise", "digest", "week", "waiting_list", "waiting_done",
    "why", "help", "own_stats", "team_stats", "refused", "for_the_team", "preview", "settled_dismissed",
    "home", "home_lead", "home_outsider", "modal_form",
    "tip_canned", "tip_pitch", "tip_broadcast", "tip_auto_dm", "auto_dm_thanks", "auto_dm_sums", "audit", "automod",
    "arrivals", "arrivals_settled", "own_record", "trial_report", "settled_in_private",
)  # fmt: skip

ON_PHONE = ("reminder", "waiting_list", "digest", "home")

STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: #313338; color: #dbdee1;
  font: 16px/1.375 "gg sans", "Noto Sans", "Liberation Sans", Arial, sans-serif; }
.message { display: flex; gap: 16px; padding: 12px 16px; } .phone .message { gap: 12px; padding: 10px 12px; font-size: 15px; }
.avatar { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #1b6e5c; color: #fff; text-align: center;
  font: bold 22px/38px "Liberation Sans", Arial, sans-serif; }
.body { flex: 1; min-width: 0; }
.who b { color: #f2f3f5; font-weight: 600; } .who i { font: bold 10px/1 "Liberation Sans", Arial, sans-serif; color: #fff;
  background: #5865f2; padding: 2px 4px; border-radius: 4px; vertical-align: 2px; margin: 0 6px; }
.who span { color: #949ba4; font-size: 12px; }
.private { color: #949ba4; font-size: 12px; margin-top: 6px; } .private a { font-size: 12px; }
.container { background: #2b2d31; border: 1px solid #3a3c41; border-left: 4px solid #1b6e5c; border-radius: 8px; padding: 14px;
  margin-top: 6px; max-width: 600px; display: flex; flex-direction: column; gap: 8px; }
.plain { display: flex; flex-direction: column; gap: 8px; }
.text { overflow-wrap: anywhere; } .text div { min-height: 1em; white-space: pre-wrap; }
.text h3 { font-size: 16px; font-weight: 700; margin: 6px 0 2px; color: #f2f3f5; } .text h3:first-child { margin-top: 0; }
.text .small { color: #949ba4; font-size: 13px; }
.text blockquote { margin: 0; padding: 0 8px 0 12px; border-left: 4px solid #4e5058; white-space: pre-wrap; }
.text .item { padding-left: 20px; text-indent: -14px; } .text .item::before { content: "• "; }
code { font: 14px/1.3 "Liberation Mono", Menlo, monospace; background: #1e1f22; border-radius: 4px; padding: 0 4px; }
a { color: #00a8fc; text-decoration: none; }
.call { background: #3c4270; color: #c9cdfb; padding: 0 2px; border-radius: 3px; font-weight: 500; }
.time { background: #3f4147; border-radius: 3px; padding: 0 2px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; }
.button { font: 500 14px/32px "gg sans", "Liberation Sans", Arial, sans-serif; background: #4e5058; color: #fff;
  border-radius: 8px; padding: 0 14px; height: 32px; white-space: nowrap; } .primary { background: #5865f2; }
.select { background: #1e1f22; border: 1px solid #3a3c41; border-radius: 8px; color: #949ba4; padding: 7px 12px;
  width: 100%; max-width: 400px; display: flex; justify-content: space-between; font-size: 15px; }
.select::after { content: "⌄"; } .section { display: flex; gap: 14px; align-items: flex-start; justify-content: space-between; }
.rule { border: 0; border-top: 1px solid #3f4147; margin: 4px 0; width: 100%; }
.stage { background: #17181a; padding: 24px 20px; } .modal { background: #313338; border-radius: 8px; padding: 20px; }
.modal h1 { font-size: 20px; margin: 0 0 14px; color: #f2f3f5; } .label { font-weight: 600; margin-bottom: 2px; color: #f2f3f5; }
.label em { color: #f23f43; font-style: normal; } .hint { color: #949ba4; font-size: 13px; margin-bottom: 4px; }
.field { background: #1e1f22; border-radius: 6px; padding: 9px 12px; min-height: 40px; margin: 4px 0 16px; color: #dbdee1; }
.field.empty { color: #87898c; } .foot { display: flex; justify-content: flex-end; gap: 10px; } .boxes { margin: 4px 0 16px; }
"""


def draw(kind: str, surface: dict[str, Any], now: float) -> str:
    """A surface as HTML."""
    if "title" in surface:
        inputs = "".join(_input(each) for each in surface["components"])
        foot = '<div class="foot"><span class="button">Cancel</span><span class="button primary">Submit</span></div>'
        return f'<div class="stage"><div class="modal"><h1>{escape(surface["title"])}</h1>{inputs}{foot}</div></div>'
    shown = "".join(_component(each, now) for each in surface["components"])
    alone = kind in PRIVATE or kind == "for_the_team" or kind.startswith("home")
    private = '<div class="private">👁 Only you can see this • <a>Dismiss message</a></div>' if alone else ""
    head = f'<div class="who"><b>realreply</b><i>APP</i><span>Today at {datetime.fromtimestamp(now, ZONE):%H:%M}</span></div>'
    body = f'<div class="body">{head}<div class="plain">{shown}</div>{private}</div>'
    return f'<div class="message"><div class="avatar">r</div>{body}</div>'


def as_embed(surface: dict[str, Any], now: float) -> str:
    """The same as an embed with buttons would be, to compare: all that can be clicked stands below all that is said, in five rows
    at most."""
    inside = surface["components"][0]["components"]
    texts = "".join(_component(each, now) for each in inside if each["type"] == 10)
    rows = [_component(each, now) for each in inside if each["type"] == 1][:5]
    head = f'<div class="who"><b>realreply</b><i>APP</i><span>Today at {datetime.fromtimestamp(now, ZONE):%H:%M}</span></div>'
    box = f'<div class="container">{texts}</div><div class="plain" style="margin-top: 8px">{"".join(rows)}</div>'
    return f'<div class="message"><div class="avatar">r</div><div class="body">{head}{box}</div></div>'


def _component(component: dict[str, Any], now: float) -> str:
    match component["type"]:
        case 17:
            return f'<div class="container">{"".join(_component(each, now) for each in component["components"])}</div>'
        case 1:
            return f'<div class="row">{"".join(_component(each, now) for each in component["components"])}</div>'
        case 2:
            return f'<span class="button {"primary" if component["style"] == 1 else ""}">{escape(component["label"])}</span>'
        case 3:
            return f'<span class="select">{escape(component.get("placeholder", "Select"))}</span>'
        case 9:
            texts = "".join(_component(each, now) for each in component["components"])
            return f'<div class="section"><div>{texts}</div>{_component(component["accessory"], now)}</div>'
        case 10:
            return f'<div class="text">{"".join(_line(line, now) for line in component["content"].split(chr(10)))}</div>'
        case 14:
            return '<hr class="rule">'
    raise ValueError(f"no such component: {component['type']}")


def _line(line: str, now: float) -> str:
    if line.startswith("### "):
        return f"<h3>{_markdown(line[4:], now)}</h3>"
    if line.startswith("-# "):
        return f'<div class="small">{_markdown(line[3:], now)}</div>'
    if line.startswith("> "):
        return f"<blockquote>{_markdown(line[2:], now)}</blockquote>"
    if line.startswith("- "):
        return f'<div class="item">{_markdown(line[2:], now)}</div>'
    return f"<div>{_markdown(line, now)}</div>"


_TOKEN = re.compile(
    r"\\(?P<sign>[^0-9A-Za-z\s])|<@(?P<who>\d+)>|<t:(?P<at>\d+):(?P<form>[fR])>|`(?P<code>[^`]+)`"
    r"|\[(?P<label>(?:\\.|[^\]\\])+)\]\(<(?P<url>[^>]+)>\)|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*|(?P<other>.)",
    re.DOTALL,
)


def _markdown(text: str, now: float) -> str:
    """The little of Discord's Markdown that is sent."""
    said = []
    for found in _TOKEN.finditer(text):
        match found.lastgroup:
            case "who":
                said.append(f'<span class="call">@{escape(CALLED[found["who"]])}</span>')
            case "form":
                said.append(f'<span class="time">{escape(_moment(int(found["at"]), found["form"], now))}</span>')
            case "code":
                said.append(f"<code>{escape(found['code'])}</code>")
            case "url":
                said.append(f"<a>{_markdown(found['label'], now)}</a>")
            case "bold":
                said.append(f"<b>{_markdown(found['bold'], now)}</b>")
            case _:
                said.append(escape(found["sign"] or found["other"]))
    return "".join(said)


def _moment(timestamp: int, form: str, now: float) -> str:
    if form == "f":
        then = datetime.fromtimestamp(timestamp, ZONE)
        return f"{then.day} {then:%B %Y %H:%M}"
    far = abs(timestamp - now)
    if far < 1:
        return "now"
    unit, size = next(
        (unit, size) for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)) if far >= size
    )
    said = f"{round(far / size)} {unit}{'' if round(far / size) == 1 else 's'}"
    return f"in {said}" if timestamp > now else f"{said} ago"


def _input(labelled: dict[str, Any]) -> str:
    element = labelled["component"]
    star = " <em>*</em>" if element["required"] else ""
    hint = f'<div class="hint">{escape(labelled["description"])}</div>' if "description" in labelled else ""
    match element["type"]:
        case 22:
            boxes = "".join(
                f"<div>{'☑' if each['default'] else '☐'} {escape(each['label'])}</div>" for each in element["options"]
            )
            shown = f'<div class="boxes">{boxes}</div>'
        case 3:
            chosen = next((each["label"] for each in element["options"] if each.get("default")), "Select an option")
            shown = f'<div class="field">{escape(chosen)}</div>'
        case 5:
            shown = '<div class="field empty">Select somebody</div>'
        case _:
            said = element.get("value", "")
            shown = f'<div class="field{"" if said else " empty"}">{escape(said or element.get("placeholder", ""))}</div>'
    return f'<div class="label">{escape(labelled["label"])}{star}</div>{hint}{shown}'


def page(drawn: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{drawn}</body>'


def photograph(drawn: dict[str, tuple[str, int]], folder: Path) -> None:
    """Photograph pieces of HTML, each as wide as it is said to be, and as high as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        all_of_them = "".join(f'<div style="width:{width}px" id="{kind}">{html}</div>' for kind, (html, width) in drawn.items())
        measure = "document.querySelectorAll('body > div').forEach(d => d.title = Math.ceil(d.getBoundingClientRect().height))"
        paper = Path(scratch) / "page.html"
        paper.write_text(page(all_of_them + f"<script>{measure}</script>"), encoding="utf-8")
        heights = dict(re.findall(r'id="(\w+)" title="(\d+)"', unescape(chromium("--dump-dom", paper.as_uri()))))
        for kind, (html, width) in drawn.items():
            paper.write_text(page(html), encoding="utf-8")
            picture = folder / f"{kind}.png"
            # No window is narrower than 500: what is on a phone stands at its left.
            chromium(f"--screenshot={picture.absolute()}", f"--window-size={width},{heights[kind]}", paper.as_uri())
            picture.write_bytes(indexed(picture.read_bytes()))
            print(picture, heights[kind], "px,", picture.stat().st_size, "bytes")


def main(folder: Path) -> None:
    """Draw, measure and photograph them all."""
    made = surfaces()
    drawn = {
        kind: (draw(kind, made[kind], at(16, 9) if kind == "digest" else NOW), MODAL if "modal" in kind else DESKTOP)
        for kind in PICTURES
    }
    for kind in ON_PHONE:
        html = draw(kind, made[kind], at(16, 9) if kind == "digest" else NOW)
        drawn[f"{kind}_phone"] = (f'<div class="phone" style="width:{PHONE}px">{html}</div>', PHONE)
    drawn["instead_an_embed"] = (as_embed(made["waiting_list"], NOW), DESKTOP)
    photograph(drawn, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
