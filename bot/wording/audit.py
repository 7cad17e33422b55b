"""What apps, bots, webhooks and workflows wrote where customers read: sums by app, never by person, and no accusation."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.durations import Instant
from bot.domain.sources import Source, SourceKind
from bot.domain.value import value
from bot.domain.views import BULLET, Button, Buttons, Heading, Link, Node, Plain, SmallPrint, Text, Timestamp, View
from bot.wording.automod import AUTOMOD, HEAD
from bot.wording.phrases import count

MOST_SHOWN = 15
"""Apps that a list in chat names."""

MOST_PRESENT = 25

KINDS: dict[SourceKind, str] = {
    SourceKind.BOT: "bot",
    SourceKind.WEBHOOK: "webhook",
    SourceKind.WORKFLOW: "workflow",
    SourceKind.COMMAND: "answers to commands",
}

SEVERAL_NAMES = "posts under several names"


@value
class AuditRow:
    """How often an app posted where customers write, on a platform by name. `name` is None where it posts under several names.
    `alone` counts customers' waits in which nobody but it, and perhaps other apps, has answered so far."""

    platform: str
    source: Source
    name: str | None
    posts: int
    channels: int
    last_at: Instant
    alone: int = 0


@value
class AuditedApp:
    """An app that is there, on a server by name where there are several; `welcomes` is the address of the documentation that says
    that it can send direct messages to whoever joins."""

    name: str
    server: str = ""
    welcomes: str = ""


@value
class AuditFacts:
    """What was counted from `since` to `now`. Of the `waits` that opened in that time `alone` have had only an automatic reply.
    `present` are the apps that platforms list, `untold` says in sentences what they don't tell; `filters`: one of
    these can be set up to look for who poses as the team. `reported` are direct messages that people reported as automatic."""

    since: Instant
    now: Instant
    rows: tuple[AuditRow, ...]
    waits: int
    alone: int
    present: tuple[AuditedApp, ...] = ()
    untold: tuple[str, ...] = ()
    filters: bool = False
    reported: int = 0


def audit(facts: AuditFacts) -> View:
    """The audit, for a lead."""
    head = "What apps wrote to customers"
    nodes: list[Node] = [Heading(head), Text((Plain("Since "), Timestamp(facts.since), Plain(f": {summed(facts)}")))]
    for row in facts.rows[:MOST_SHOWN]:
        nodes.append(Text((Plain(f"{BULLET}{line_of(row)}, last "), Timestamp(row.last_at), Plain("."))))
    if len(facts.rows) > MOST_SHOWN:
        more = f"And {len(facts.rows) - MOST_SHOWN} more. On my machine, realreply audit lists all."
        nodes.append(SmallPrint((Plain(more),)))
    nodes += _present(facts.present)
    nodes += [SmallPrint((Plain(sentence),)) for sentence in facts.untold]
    buttons: list[Button] = []
    if facts.reported:
        nodes.append(Text((Plain(reported_line(facts.reported)),)))
        buttons.append(Button("Reported auto-DMs", "auto_dms", ""))
    buttons += [Button(HEAD, AUTOMOD, "")] if facts.filters else []
    nodes += [Buttons(tuple(buttons))] if buttons else []
    return View(nodes=tuple(nodes), fallback=f"{head}: {summed(facts)}")


def summed(facts: AuditFacts) -> str:
    """The sums in a sentence."""
    automatic = [row for row in facts.rows if not row.source.trusted]
    if not automatic:
        said = "no app posted where I listen."
    else:
        posts = sum(row.posts for row in automatic)
        said = f"{count(posts, 'post')} by {count(len({row.source.id for row in automatic}), 'app')}."
    if not facts.alone:
        return said
    return f"{said} {facts.alone} of {count(facts.waits, 'wait')} got nothing but an automatic reply so far."


def reported_line(reported: int) -> str:
    """How many direct messages people reported."""
    return f"{count(reported, 'direct message was', 'direct messages were')} reported as automatic."


def line_of(row: AuditRow) -> str:
    """What an app did, in a line."""
    what = f"{shown_name(row)} ({KINDS[row.source.kind]}{', trusted: people speak through it' if row.source.trusted else ''})"
    done = f"{what}: {count(row.posts, 'post')} in {count(row.channels, 'channel')}"
    return f"{done}, {count(row.alone, 'wait')} with no other reply" if row.alone else done


def shown_name(row: AuditRow) -> str:
    """What an app is called; its id where nobody knows, or where it goes by several names."""
    if row.name is None:
        return f"{row.source.id}, which {SEVERAL_NAMES}"
    return row.name or row.source.id


def _present(present: Sequence[AuditedApp]) -> list[Node]:
    if not present:
        return []
    known = [app for app in present if app.welcomes]
    nodes: list[Node] = []
    for app in known:
        where = f" in {app.server}" if app.server else ""
        told = f"{BULLET}{app.name}{where} can send welcome direct messages ("
        rest = "). Whether it does, its settings tell: please look at them."
        nodes.append(Text((Plain(told), Link(app.welcomes, "its documentation says so"), Plain(rest))))
    others = [f"{app.name} ({app.server})" if app.server else app.name for app in present if not app.welcomes]
    if others:
        more = f" and {len(others) - MOST_PRESENT} more" if len(others) > MOST_PRESENT else ""
        nodes.append(SmallPrint((Plain(f"Other bots that are here: {', '.join(others[:MOST_PRESENT])}{more}."),)))
    return nodes
