"""The rules of the engine in fifty lines, for training: fast, in memory, and able to follow given answers instead of the judge.

Figures that count come from `realreply replay`; this one exists so that training can see the contexts the judge will meet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from typing import Any

from adapters.archives.slack_export import open_archive
from bot.domain.events import Posted
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import MENTIONED
from bot.domain.rules import Sensitivity
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.window import Window
from bot.judge.standard import StandardJudge
from bot.language import promises
from bot.waits.reply_kind import may_promise

BURST = 300.0
CHATTER = 0.08
LEADING_NAME = re.compile(r"^\s*@?\S+?\s*[:,]\s+")
HOLDS = (ReplyKind.HOLDING, ReplyKind.PROMISE, ReplyKind.REDIRECT)


@dataclass(slots=True)
class Labelled:
    """A channel with its labels: the messages in order, what people are called, the gold rows by customer's message, and the
    labels of members' messages by id where there are such."""

    name: str
    messages: list[Message]
    names: dict[str, tuple[str, ...]]
    gold: dict[str, dict[str, Any]]
    targets: dict[str, tuple[frozenset[str], float]] = field(default_factory=dict)
    """Whom a member's message is meant for, with the weight of that label; an empty set: nobody in particular."""
    members: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """Whose channel it is: variants of the same conversations share it."""
        return self.name.removesuffix("-threads")


def load_export(folder: Path) -> list[Labelled]:
    """The channels of a labelled Slack export, read as `realreply replay` reads them: `<folder>`, `<folder>.team.txt`,
    `<folder>.gold.jsonl` and, where there is one, `<folder>.members.jsonl`."""
    archive = open_archive(folder)
    team = set(folder.with_name(folder.name + ".team.txt").read_text().split())
    members = {person.id for person in archive.people.values() if person.names[0] in team}
    gold = _rows(folder, "gold")
    told = {row["id"]: row for row in _rows(folder, "members")}
    found: dict[str, Labelled] = {}
    for event in archive.events(
        role=lambda person, _: Role.MEMBER if person in members else Role.CUSTOMER, problem=lambda _: None
    ):
        if not isinstance(event, Posted):
            continue
        key = event.message.channel
        if key not in found:
            found[key] = Labelled(folder.name, [], {person.id: person.names for person in archive.people.values()}, {})
        found[key].messages.append(event.message)
    for channel in found.values():
        ids = {message.id for message in channel.messages}
        channel.gold = {row["message"]: row for row in gold if row["message"] in ids}
        channel.members = {id: row for id, row in told.items() if id in ids}
    if len(found) > 1:
        names = {channel.key: channel.name for channel in archive.channels}
        for key, channel in found.items():
            channel.name = f"{folder.name}/{names[key]}"
    return list(found.values())


def _rows(folder: Path, what: str) -> list[dict[str, Any]]:
    path = folder.with_name(f"{folder.name}.{what}.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


@dataclass(slots=True)
class Record:
    """What happened in a run."""

    waits: list[Wait]
    ends: dict[str, float]


OnCustomer = Callable[[MessageRecord, Window, Sequence[Wait]], float | None]
OnMember = Callable[[MessageRecord, Window, Sequence[Wait]], Sequence[str] | None]


DOUBTED = 0.9
LEARNS_OF_REPLY = 24 * 3600.0
LEARNS_BY_NAME = 3600.0


def learns(wait: Wait, seen: MessageRecord, ends: Mapping[str, float]) -> bool:
    """Whether a wait that its customer said was over still takes this message as the reply that went with it."""
    if wait.state is not WaitState.RESOLVED or wait.replies:
        return False
    refers = seen.reply_to in wait.messages or (seen.thread is not None and seen.thread in (wait.thread, *wait.messages))
    named = seen.reading.names(wait.customer) >= MENTIONED
    return (refers or named) and seen.at <= ends[wait.id] + (LEARNS_OF_REPLY if refers else LEARNS_BY_NAME)


def doubtful(wait: Wait, seen: MessageRecord, window: Window) -> bool:
    """Whether this message refers to one of the wait's, and shows that the doubtful reply which ended it since was for
    somebody else (bot.waits.reattribution)."""
    if wait.state is not WaitState.ANSWERED or len(wait.replies) != 1 or wait.replies[0].probability >= DOUBTED:
        return False
    for reference in (seen.thread, seen.reply_to):
        root = window.get(reference) if reference is not None else None
        if root is not None and root.id in wait.messages and root.at < wait.replies[0].at:
            return True
    return False


def run(
    data: Labelled,
    judge_of: Callable[[int], StandardJudge],
    on_customer: OnCustomer | None = None,
    on_member: OnMember | None = None,
    readings: Mapping[str, Any] | None = None,
) -> Record:
    """Walk through a channel. `judge_of(place)` gives the judge for a message; `on_customer` may give the probability that a
    message calls, `on_member` the customers whose waits a message answers, instead of the judge (None: ask the judge)."""
    window = Window()
    members = frozenset(message.author for message in data.messages if message.role is Role.MEMBER)
    waits: dict[str, Wait] = {}
    done: list[Wait] = []
    ends: dict[str, float] = {}
    names: dict[str, tuple[str, ...]] = {}

    def finish(wait: Wait, state: WaitState, at: float) -> None:
        waits.pop(wait.id, None)
        done.append(replace(wait, state=state))
        ends[wait.id] = at

    def reconsider(judge: StandardJudge, wait: Wait) -> None:
        taken = wait.replies[0]
        earlier = window.get(taken.message)
        assert earlier is not None
        others = [one for one in reversed(waits.values()) if one.opened_at < earlier.at and one.customer != wait.customer]
        found = judge.attribute(earlier, window, others, frozenset((wait.customer,)))
        instead = next((one for one in found if judge.answers(one)), None)
        if instead is not None:
            moved = waits[instead.wait]
            reply = replace(taken, probability=instead.probability)
            finish(replace(moved, replies=(*moved.replies, reply)), WaitState.ANSWERED, earlier.at)
        kept = [answered for answered in earlier.answers if answered != wait.id]
        window.put(replace(earlier, answers=(*kept, instead.wait) if instead is not None else tuple(kept)))
        waits[wait.id] = replace(wait, replies=(), state=WaitState.WAITING)

    for place, message in enumerate(data.messages):
        judge = judge_of(place)
        if message.author not in names:
            names = {**names, message.author: data.names[message.author]}
        reading = readings[message.id] if readings is not None else judge.read(message, names)
        seen = MessageRecord(
            id=message.id, at=message.at, author=message.author, role=message.role, thread=message.thread,
            reply_to=message.reply_to, reading=reading,
        )  # fmt: skip
        order = list(reversed(waits.values()))
        if message.role is Role.CUSTOMER:
            given = on_customer(seen, window, order) if on_customer is not None else None
            judged = judge.expects_reply(seen, window, order)
            calls = given if given is not None else judged.probability
            says = calls >= 0.5 if given is not None else judge.calls(judged, Sensitivity.BALANCED)
            seen = replace(seen, reply_probability=calls)
            named = tuple(person for person, _ in reading.addressed)
            mine = next(
                (
                    w
                    for w in order
                    if w.customer == seen.author and (w.thread == seen.thread or (seen.thread or "-") in w.messages)
                ),
                None,
            )
            if mine is not None:
                over = judge.closes(seen, window, mine) if given is None else None
                if over is not None:
                    answer = judge.overlooked(seen, mine, window) if not mine.replies else None
                    if answer is not None:
                        entry = window.get(answer)
                        assert entry is not None
                        reply = Reply(message=answer, by=entry.author, at=entry.at, kind=ReplyKind.PERSONAL)
                        finish(replace(mine, replies=(reply,)), WaitState.ANSWERED, seen.at)
                        window.put(replace(entry, answers=(mine.id,)))
                    else:
                        finish(mine, WaitState.RESOLVED, seen.at)
                elif says and given is None and not judge.belongs(seen, mine, window):
                    wait = Wait(
                        id=f"{message.channel}/{seen.id}", channel=message.channel, customer=seen.author, thread=seen.thread,
                        messages=(seen.id,), opened_at=seen.at, last_message_at=seen.at, probability=calls,
                    )  # fmt: skip
                    waits[wait.id] = wait
                    seen = replace(seen, wait=wait.id)
                elif says or (seen.at - mine.last_message_at <= BURST and calls >= CHATTER and not mine.replies):
                    waits[mine.id] = replace(
                        mine,
                        messages=(*mine.messages, seen.id),
                        last_message_at=seen.at,
                        probability=max(mine.probability, calls) if says else mine.probability,
                    )
                    seen = replace(seen, wait=mine.id)
            elif says:
                wait = Wait(
                    id=f"{message.channel}/{seen.id}", channel=message.channel, customer=seen.author, thread=seen.thread,
                    messages=(seen.id,), opened_at=seen.at, last_message_at=seen.at, probability=calls, named_members=named,
                )  # fmt: skip
                waits[wait.id] = wait
                seen = replace(seen, wait=wait.id)
        elif message.role is Role.MEMBER:
            for doubted in [wait for wait in done if doubtful(wait, seen, window)]:
                done.remove(doubted)
                reconsider(judge, doubted)
            order = list(reversed(waits.values()))
            people = on_member(seen, window, order) if on_member is not None else None
            if people is not None:
                hit = [(wait, 1.0) for wait in order if wait.customer in people]
            else:
                late = [wait for wait in done if learns(wait, seen, ends)]
                by_id = {wait.id: wait for wait in (*order, *late)}
                hit = [(by_id[a.wait], a.probability) for a in judge.attribute(seen, window, [*order, *late]) if judge.answers(a)]
            taken: list[str] = []
            for wait, probability in hit:
                kind = _kind(judge, message, seen, wait, window, members)
                if kind is None and people is None:
                    continue
                taken.append(wait.id)
                kind = kind or ReplyKind.PERSONAL
                reply = Reply(message=seen.id, by=seen.author, at=seen.at, kind=kind, probability=probability)
                if wait in done:
                    done[done.index(wait)] = replace(wait, replies=(*wait.replies, reply))
                    continue
                replied = waits[wait.id] = replace(wait, replies=(*wait.replies, reply))
                if kind not in HOLDS or people is not None:
                    finish(replied, WaitState.ANSWERED, seen.at)
            seen = replace(seen, answers=tuple(taken))
        window.put(seen)
    return Record(done + list(waits.values()), ends)


def _kind(
    judge: StandardJudge, message: Message, seen: MessageRecord, wait: Wait, window: Window, members: frozenset[str]
) -> ReplyKind | None:
    """What kind of reply a member's message is (bot.waits.member_messages); None: it says nothing, or is only asked about."""
    judged = judge.reply_kind(seen, wait, window, members)
    if may_promise(judged, message.text) and promises.find(message.text, seen.at, UTC, None) is not None:
        return ReplyKind.PROMISE
    return None if judged.kind is ReplyKind.NOTHING or judged.doubtful else judged.kind


def rows_of(record: Record, after: float, until: float = 24 * 3600) -> list[dict[str, Any]]:
    """The waits as score.py reads them, with one reminder `after` seconds on when nobody had replied by then."""
    rows = []
    for wait in record.waits:
        end = min(
            record.ends.get(wait.id, float("inf")),
            wait.replies[0].at if wait.replies and wait.replies[0].kind in HOLDS else float("inf"),
        )
        due = wait.opened_at + after
        rows.append(
            {
                "customer": wait.customer,
                "messages": list(wait.messages),
                "answer": wait.replies[0].message if wait.replies else None,
                "reminders": [{"at": due}] if due < end else [],
            }
        )
    return rows
