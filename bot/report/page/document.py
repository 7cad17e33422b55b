"""A report as one page that needs nothing beside it: no other file, no server, no network.

What people wrote reaches the page in two ways: as escaped text, and as JSON that a script puts in as text. The page's own
policy allows no script but that one, and no address to be loaded.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from bot.queries.report import OUTCOMES, UNANSWERED, HowEnded, PartSums, Report, ReportedWait
from bot.report import sentences
from bot.report.page import charts
from bot.report.sentences import both, clock, said, share

MOST_PARTS = 50
"""Rows of the tables of channels and customers."""

MOST_UNANSWERED = 50

SHORT: dict[HowEnded, str] = {
    "personal": "personally",
    "marked": "marked",
    "helped": "by a peer",
    "resolved": "by themselves",
    "redirected": "redirected",
    "held": "put off",
    "automatic": "automatic",
    "never": "never",
    "open": "still open",
    "withdrawn": "withdrawn",
    "dismissed": "no need",
}
"""How a wait stands, as it fits under a bar."""

_HIDDEN = {code: None for code in (*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x206A), 0xFEFF)}
"""What turns the text around it or can't be seen: a name or a question made of it would disturb its neighbours."""


def page(report: Report, title: str) -> str:
    """The whole page. `title` says what it is about."""
    script, style = _file("page.js"), _file("page.css")
    seal = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{seal}'; base-uri 'none'; form-action 'none'"
    parts = [
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
        f"<title>{_text(title)}</title><style>{style}</style></head><body>",
        f"<header><h1>{_text(title)}</h1>{_lead(report)}</header><main>",
        _sums(report),
        _longest(report),
        _never(report),
        _slow(report),
        _bot(report),
        _figures(report),
        _table_of("By channel", "channel", report.channels, prefix="#"),
        _table_of("By customer", "customer", report.by_customer),
        _basis(report),
        _waits(report),
        "</main><footer><p>Made by realreply. Channels are counted here, never one member against another.</p></footer>",
        f'<script type="application/json" id="data">{_data(report)}</script><script>{script}</script></body></html>\n',
    ]
    return "".join(parts)


@cache
def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _clean(text: str) -> str:
    return "".join(each for each in text.translate(_HIDDEN) if each >= " " or each == "\n")


def _text(text: str) -> str:
    return escape(_clean(text))


def _name(text: str) -> str:
    return f"<bdi>{_text(text)}</bdi>"


def _lead(report: Report) -> str:
    basis = report.basis
    began, ended = clock(basis.since, basis), clock(basis.until, basis)
    head = f"{report.customers:,} customers waited {report.waits:,} times from {began} to {ended} ({basis.hours.zone})."
    return f'<p class="soft">{_text(head)}</p>'


def _sums(report: Report) -> str:
    longest = report.longest[0] if report.longest else None
    slow = sentences.slowest(report)
    more = "more " if report.unanswered else ""
    cards = [
        (
            "Who waits longest",
            "nobody" if longest is None else _name(longest.customer),
            "" if longest is None else f"{said(longest.waited)}, {_text(OUTCOMES[longest.outcome])}",
        ),
        (
            "When you are slow",
            slow[0][0] if slow else "can't be told",
            f"half of those who ask then wait over {said(slow[0][2])} of working time" if slow else "too few answers",
        ),
        (
            "Never answered",
            f"{report.unanswered:,}",
            f"of {report.waits:,} waits; {report.outcomes['open']:,} {more}were still open at the end",
        ),
        (
            "What the bot would have changed" if report.basis.rehearsed else "What the bot did",
            f"{report.reminders:,} reminders",
            f"about {report.waits_reminded:,} of {report.waits:,} waits",
        ),
        (
            "First personal reply",
            said(report.personal[0]),
            f"half within that; {said(report.personal_working[0])} of working time",
        ),
    ]
    items = (
        f'<li><span class="what">{what}</span><strong>{figure}</strong><span>{under}</span></li>' for what, figure, under in cards
    )
    return f'<ul class="sums">{"".join(items)}</ul>'


def _table(caption: str, heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]], *, kind_of: str = "figures") -> str:
    head = "".join(f'<th scope="col" class="{kind}">{name}</th>' for name, kind in heads)
    kinds = [kind for _, kind in heads]
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row" class="{kind}">{cell}</th>' if not place else f'<td class="{kind}">{cell}</td>'
            for place, (cell, kind) in enumerate(zip(row, kinds, strict=True))
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{caption}"><table class="{kind_of}" role="table">'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _asked(one: ReportedWait) -> str:
    question = f'<span class="quote">{_text(one.question)}</span>' if one.question else ""
    link = f'<a href="{escape(one.link)}" rel="noreferrer">open</a>' if one.link else ""
    return "<br>".join(part for part in (question, link) if part) or "–"


def _some(waits: Iterable[ReportedWait], report: Report, caption: str) -> str:
    heads = (("Customer", "text"), ("Waited", ""), ("Channel", "text"), ("Since", ""), ("Stands", ""), ("Asked", "text"))
    return _table(
        caption,
        heads,
        (
            (
                _name(one.customer),
                both(one.waited, one.working),
                "#" + _name(one.channel),
                clock(one.opened_at, report.basis),
                OUTCOMES[one.outcome],
                _asked(one),
            )
            for one in waits
        ),
        kind_of="waits",
    )


def _longest(report: Report) -> str:
    if not report.longest:
        return "<h2>Who waits longest</h2><p>Nobody waited.</p>"
    return f"<h2>Who waits longest</h2>{_some(report.longest, report, 'The longest waits')}"


def _never(report: Report) -> str:
    left = sorted((one for one in report.details if one.outcome in UNANSWERED), key=lambda one: (-one.waited, one.id))
    still = report.outcomes["open"]
    tail = (
        f"<p>{still:,} {'more ' if left else ''}were still open when the span ended, for less than a working day.</p>"
        if still
        else ""
    )
    if not left:
        return f"<h2>Who was never answered</h2><p>Nobody was left without an answer.</p>{tail}"
    more = f"<p>And {len(left) - MOST_UNANSWERED:,} more, in the list below.</p>" if len(left) > MOST_UNANSWERED else ""
    shown = _some(left[:MOST_UNANSWERED], report, "Never answered")
    return f"<h2>Who was never answered</h2>{shown}{more}{tail}"


def _slow(report: Report) -> str:
    slow = "".join(
        f"<li>{when}: {count} {'wait' if count == 1 else 'waits'}, half answered within {said(half)} of working time</li>"
        for when, count, half in sentences.slowest(report)
    )
    shades = ("nobody asked", "up to 15 min", "up to 1 h", "up to 4 h", "longer", "nobody answered")
    key = "".join(
        f'<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" class="heat{number}"></rect></svg>'
        f"{says}</li>"
        for number, says in enumerate(shades)
    )
    heat = charts.week("Waits by weekday and hour they began, and half answered within what working time", report.slots)
    weeks = charts.bars(
        "Half answered within what working time, by week",
        [(name, half or 0.0, said(half)) for name, _, half in report.weeks],
    )
    weekly = _table(
        "By week",
        (("Week of", ""), ("Waits", "n"), ("Half answered within (working time)", "n")),
        ((name, f"{count:,}", said(half)) for name, count, half in report.weeks),
    )
    return (
        f"<h2>When you are slow</h2><ol>{slow}</ol>"
        f"{_figure('When people asked, and how soon half of them were answered', heat)}<ul class='key'>{key}</ul>"
        f"{_figure('By week: half answered within (working time)', weeks)}"
        f"<details><summary>The weeks as a table</summary>{weekly}</details>"
    )


def _figure(caption: str, drawing: str) -> str:
    scroll = f'<div class="scroll" tabindex="0" role="region" aria-label="Chart: {caption}">{drawing}</div>'
    return f"<figure><figcaption>{caption}</figcaption>{scroll}</figure>"


def _bot(report: Report) -> str:
    head = "What the bot would have changed" if report.basis.rehearsed else "What the bot did"
    said_ = "".join(f"<p>{_text(line)}</p>" for line in sentences.reminder_sentences(report))
    if not report.reminders_by_day:
        return f"<h2>{head}</h2>{said_}"
    days = [(day[5:], float(count), str(count)) for day, count in report.reminders_by_day]
    table = _table("Reminders per day", (("Day", ""), ("Reminders", "n")), ((d, str(c)) for d, c in report.reminders_by_day))
    drawn = _figure("Reminders per day", charts.bars("Reminders per day", days))
    return f"<h2>{head}</h2>{said_}{drawn}<details><summary>The days as a table</summary>{table}</details>"


def _figures(report: Report) -> str:
    outcomes = [(OUTCOMES[each], count) for each, count in report.outcomes.items() if count or each in (*UNANSWERED, "personal")]
    how = _table(
        "How waits ended",
        (("How waits ended", ""), ("Waits", "n"), ("Share", "n")),
        ((name, f"{count:,}", f"{count / report.waits:.0%}" if report.waits else "–") for name, count in outcomes),
    )
    times = _table(
        "How soon",
        (("", "text"), ("Half within", "n"), ("Nine in ten within", "n")),
        (
            (what, said(half), said(most))
            for what, (half, most) in (
                ("First reply of any kind", report.first),
                ("First personal reply", report.personal),
                ("First personal reply, working time", report.personal_working),
            )
        ),
    ).replace('<th scope="col" class="text"></th>', '<th scope="col" class="text">Reply</th>')
    within = _table(
        "Answered personally within",
        (("Answered personally within", ""), ("By the clock", "n"), ("In working time", "n")),
        ((each.bound, share(each.wall, each.wall_of), share(each.working, each.working_of)) for each in report.within),
    )
    lengths = charts.bars("How long people waited for a personal reply", [(n, float(c), str(c)) for n, c in report.lengths])
    ended = charts.bars(
        "How waits ended", [(SHORT[each], float(count), str(count)) for each, count in report.outcomes.items() if count]
    )
    return (
        f"<h2>In figures</h2>{times}{within}{_figure('How long people waited for a personal reply (by the clock)', lengths)}"
        f"{how}{_figure('How waits ended', ended)}"
    )


def _table_of(title: str, what: str, parts: Sequence[PartSums], *, prefix: str = "") -> str:
    heads = (
        (what.capitalize(), "text"), ("Waits", "n"), ("Personally", "n"), ("Never", "n"), ("Still open", "n"),
        ("Half within", "n"), ("Working time", "n"), ("Longest", "n"),
    )  # fmt: skip
    rows = (
        (
            prefix + _name(part.name), f"{part.waits:,}", f"{part.personally:,}", f"{part.unanswered:,}", f"{part.still_open:,}",
            said(part.half), said(part.half_working), said(part.longest),
        )
        for part in parts[:MOST_PARTS]
    )  # fmt: skip
    more = f"<p>And {len(parts) - MOST_PARTS:,} more with fewer waits.</p>" if len(parts) > MOST_PARTS else ""
    return f"<h2>{title}</h2>{_table(title, heads, rows)}{more}"


def _basis(report: Report) -> str:
    rows = "".join(
        f"<dt>{what}</dt><dd>{_text(is_)}{f' <code>{option}</code>' if option else ''}</dd>"
        for what, is_, option in sentences.basis_rows(report.basis)
    )
    note = "<p>Where an option stands behind, it changes that.</p>" if report.basis.changes else ""
    return f'<h2>What these figures rest on</h2><dl class="basis">{rows}</dl>{note}'


def _waits(report: Report) -> str:
    hows = "".join(f'<option value="{number}">{name}</option>' for number, name in enumerate(OUTCOMES.values()))
    table = _Table()
    channels = dict.fromkeys(one.channel for one in _ordered(report))
    for channel in channels:
        table.number(channel)
    wheres = "".join(f'<option value="{table.number(name)}">#{_text(name)}</option>' for name in channels)
    return (
        "<h2>Every wait</h2><noscript><p>This list needs JavaScript; everything above doesn't.</p></noscript>"
        '<form id="filter" hidden>'
        '<div><label for="text">Customer or question</label><input id="text" name="text" type="search" autocomplete="off"></div>'
        '<div><label for="how">How it stands</label>'
        f'<select id="how" name="how"><option value="">any</option>{hows}</select></div>'
        '<div><label for="where">Channel</label>'
        f'<select id="where" name="where"><option value="">all</option>{wheres}</select></div>'
        '<div><label for="order">Order</label><select id="order" name="order"><option value="longest">longest first</option>'
        '<option value="latest">latest first</option></select></div></form>'
        '<p id="count" class="soft" role="status"></p><ul id="list"></ul>'
        '<p><button id="more" type="button" hidden>Show more</button></p>'
    )


class _Table:
    """Texts that come again and again, each written once and then named by its number."""

    def __init__(self) -> None:
        self.texts: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.texts.setdefault(text, len(self.texts))


def _ordered(report: Report) -> list[ReportedWait]:
    return sorted(report.details, key=lambda one: (-one.waited, one.id))


def _data(report: Report) -> str:
    table, basis = _Table(), report.basis
    places = {outcome: number for number, outcome in enumerate(OUTCOMES)}
    ordered = _ordered(report)
    for one in ordered:  # first, so that a channel's number is that in the form
        table.number(one.channel)
    waits = [
        {
            "c": table.number(one.customer),
            "h": table.number(one.channel),
            "o": round(one.opened_at),
            "d": clock(one.opened_at, basis),
            "w": table.number(both(one.waited, one.working)),
            "s": places[one.outcome],
            "n": len(one.reminders),
            "t": [[table.number(when), table.number(what)] for when, what in sentences.life(one, basis)],
            "e": [table.number(sentence) for sentence in one.evidence],
            **({"q": _clean(one.question)} if one.question else {}),
            **({"l": one.link} if one.link else {}),
        }
        for one in ordered
    ]
    told = {"names": [_clean(text) for text in table.texts], "how": list(OUTCOMES.values()), "waits": waits}
    written = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    # Nothing in a script may look like its end or like a comment.
    for sign in "<>&\u2028\u2029":
        written = written.replace(sign, f"\\u{ord(sign):04x}")
    return written
