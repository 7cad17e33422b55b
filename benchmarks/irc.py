"""Channels of peers, scored: `python -m benchmarks.irc --shared ../shared [--data dev] [--answers FILE]`.

A labelled chat log goes through the real engine, over real storage, as a channel where everybody is a customer and
`peers_may_answer` is on. Only one thing is forced: the questions that the scorer judges open a wait of their own. The answer to
a question is the first reply of its wait. The scorer's figures stand beside those of the simple rule "the first later line of
another person that names the asker".
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.irc_logs import Log, load, mark_questions
from bot.domain.context import Context
from bot.domain.events import Event, Posted
from bot.domain.hours import ALWAYS
from bot.domain.judge import Judgement
from bot.domain.messages import MessageRecord
from bot.domain.people import Team
from bot.domain.rules import ChannelRules, Sensitivity
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.engine.engine import Engine
from bot.intake.replay import Replay
from bot.judge.peers.model import Helped
from bot.judge.standard import Judged, StandardJudge
from bot.ports import Problem
from bot.waits.ladder import QuietRules
from bot.wiring.database import database

DEV = "dev"
"""The logs that figures are reported on: nothing was learnt from them."""

MINUTES = (5, 10, 30)
"""Reach of the simple rule."""


class Forced(Judged):
    """A judgement about a message that is to open a wait of its own."""

    __slots__ = ()


class AskingJudge(StandardJudge):
    """The judge that ships, except that given messages open waits of their own and answer nobody."""

    def __init__(self, questions: frozenset[str]) -> None:
        super().__init__()
        self.questions = questions

    def expects_reply(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Judged:
        """As it is, marked where the message is to open a wait."""
        judged = super().expects_reply(seen, window, waits)
        if seen.id in self.questions:
            return Forced(judged._model, judged._values, judged.probability)
        return judged

    def calls(self, judgement: Judgement, sensitivity: Sensitivity, shift: float = 0.0) -> bool:
        """Given messages always call."""
        return isinstance(judgement, Forced) or super().calls(judgement, sensitivity, shift)

    def belongs(self, seen: MessageRecord, wait: Wait, window: Window) -> bool:
        """Given messages go on with nothing."""
        return seen.id not in self.questions and super().belongs(seen, wait, window)

    def peers(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> list[Helped]:
        """Given messages help nobody."""
        found = super().peers(seen, window, waits)
        return [] if seen.id in self.questions else found


async def replay(logs: Sequence[Log], folder: Path) -> tuple[list[Wait], float]:
    """The waits of all logs, and the seconds it took."""
    judge = AskingJudge(frozenset(log.messages[place].id for log in logs for place in log.questions))
    rules = ChannelRules(peers_may_answer=True, keep_text=False)
    engine = Engine(
        context=Context(judge=judge, hours_of=lambda _: ALWAYS),
        team=Team(),
        rules_of=lambda _: rules,
        names_of=lambda person: (person,),
    )
    problems: list[Problem] = []
    events: list[Event] = [Posted(message=message) for log in logs for message in log.messages]
    async with database(folder / "irc.db") as store:
        started = time.perf_counter()
        run = Replay(engine, store, quiet=QuietRules(hours_of=lambda _: ALWAYS, budget=None), problem=problems.append)
        await run.run(events, until=0)
        spent = time.perf_counter() - started
        waits = await store.read(lambda tx: list(tx.all_waits()))
    if problems:
        raise RuntimeError(f"{len(problems)} messages couldn't be judged, the first: {problems[0]}")
    return waits, spent


def answers(logs: Sequence[Log], waits: Sequence[Wait]) -> list[dict[str, str | None]]:
    """What score_irc.py reads: for each question the message that answered it, or null."""
    first = {wait.messages[0]: wait.replies[0].message if wait.replies else None for wait in waits}
    found = []
    for log in logs:
        ids = {message.id: id for message, id in zip(log.messages, log.ids, strict=True)}
        for place in log.questions:
            answer = first[log.messages[place].id]
            found.append({"question": log.ids[place], "answer": ids[answer] if answer is not None else None})
    return found


def score(shared: Path, name: str, out: Path | None) -> None:
    """Print the figures of one file of logs."""
    data, scorer = shared / "data" / f"irc-{name}.jsonl.gz", str(shared / "score" / "score_irc.py")
    for minutes in MINUTES:
        print(f"irc-{name}: whoever names the asker within {minutes} minutes")
        print("  " + _run(sys.executable, scorer, str(data), "--rule", str(minutes)))
    logs = load(data)
    mark_questions(logs, data, shared)
    with tempfile.TemporaryDirectory(prefix="realreply-irc-") as folder:
        waits, spent = asyncio.run(replay(logs, Path(folder)))
        path = out if out is not None else Path(folder) / "answers.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in answers(logs, waits)), encoding="utf-8")
        messages = sum(len(log.messages) for log in logs)
        print(f"irc-{name}: realreply, a channel of peers ({messages:,} messages in {spent:.1f} s)")
        print("  " + _run(sys.executable, scorer, str(data), str(path)))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.rstrip()


def main() -> None:
    """Score one file of logs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.irc", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="where data/ and score/ are")
    parser.add_argument("--data", default=DEV, help="which logs: dev (default), train")
    parser.add_argument("--answers", type=Path, help="where to write what was decided")
    options = parser.parse_args()
    score(options.shared, options.data, options.answers)


if __name__ == "__main__":
    main()
