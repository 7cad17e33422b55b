"""`realreply judge`: what the bot thinks of a sentence, and why. Reads no settings and no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot.coaching.check import CheckedReply, observe
from bot.domain import durations
from bot.domain.context import Context
from bot.domain.durations import Instant
from bot.domain.hours import Hours, weekly
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.waits import ReplyKind
from bot.domain.written_hours import read_span
from bot.domain.zone_names import or_of, zones_meant
from bot.errors import UsageError
from bot.judge.standard import StandardJudge
from bot.language.personal import load_personal_words
from bot.language.pitches import shipped_pitches
from bot.language.times.input import zone_named
from bot.waits import trial
from bot.wording import evidence
from bot.wording.check import NOTHING, remarked, well

QUESTION = "Hello, why does my export come out empty?"
"""What a member's sentence answers, unless `--question` says otherwise."""

ZONE = "UTC"
WORKING_DAY = "09:00-17:00"
"""When whoever promises works, Monday to Friday: a day that is said becomes an hour of it."""

AT_FORM = "%Y-%m-%d %H:%M"
AT_EXAMPLE = "2026-03-02 10:00"
EARLIEST, LATEST = 1980, 2100

MOST_REASONS = 4
UNSURE = "unsure"


class From(StrEnum):
    """Whose sentence it is."""

    CUSTOMER = "customer"
    MEMBER = "member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What the bot thinks of a sentence. `opens`: a customer's calls for a reply (None for a member's). `kind`: what a member's
    reply is (None for a customer's). `until`: until when an answer is promised, by the clock of the zone. `observations`: what is
    seen of whether a member's reply is personal, as `check` says it."""

    text: str
    said_by: From
    opens: bool | None
    probability: float
    kind: str | None
    until: str | None
    evidence: tuple[str, ...]
    observations: tuple[str, ...] = ()

    def as_json(self) -> str:
        """One object, in one line."""
        row = asdict(self)
        row["from"] = row.pop("said_by").value
        order = ("text", "from", "opens", "probability", "kind", "until", "evidence", "observations")
        return json.dumps({key: row[key] for key in order} | {"probability": round(self.probability, 3)}, ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """In what a sentence is said: by whom, to which question, when, by whose clock."""

    said_by: From
    question: str
    at: Instant
    zone: tzinfo

    @property
    def hours(self) -> Hours:
        """When whoever promises works."""
        return Hours(zone=self.zone, week=weekly(range(5), [read_span(WORKING_DAY)]))


def judge(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The sentence; - reads one a line from standard input.")],
    said_by: Annotated[str, typer.Option("--from", metavar="WHO", help="Who says it: customer or member.")] = From.CUSTOMER.value,
    question: Annotated[
        str, typer.Option("--question", metavar="TEXT", help="The customer's open question that a member's sentence replies to.")
    ] = QUESTION,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help=f'When it is said, as in "{AT_EXAMPLE}" (default: now).')
    ] = None,
    zone: Annotated[str, typer.Option("--zone", metavar="ZONE", help="By whose clock, as in Europe/Berlin.")] = ZONE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Say what the bot thinks of a sentence and why: does a customer's first message call for a reply; is a member's reply to an
    open question an answer? Reads and stores nothing else."""
    local = zone_named(zone)
    if local is None:
        meant = zones_meant(zone)
        hint = f"Did you mean {or_of(meant)}?" if meant else "Write one as in Europe/Berlin or America/New_York."
        raise UsageError(f"--zone {zone[:40]}: there is no such time zone. {hint}")
    said = Circumstances(said_by=_read_from(said_by), question=question, at=_read_at(at, local), zone=local)
    if said.said_by is From.MEMBER and not question.strip():
        raise UsageError("--question is empty: write what the customer asked, or leave it out.")
    console = _console()
    for opinion in opinions(_lines(sys.stdin) if text == "-" else [text], said):
        if as_json:
            # As it is: a line of JSON must not be wrapped.
            print(opinion.as_json(), flush=True)
        else:
            _show(console, opinion)


def opinions(texts: Iterable[str], said: Circumstances) -> Iterator[Opinion]:
    """What the bot thinks of each of these sentences, said in the same circumstances."""
    context = Context(judge=StandardJudge(), hours_of=lambda _: said.hours)
    for text in texts:
        if not text.strip():
            raise UsageError("There is no sentence to judge: write one, or pipe one a line to `realreply judge -`.")
        yield _of_customer(context, text, said) if said.said_by is From.CUSTOMER else _of_member(context, text, said)


def _of_customer(context: Context, text: str, said: Circumstances) -> Opinion:
    found = trial.first_message(context, text, said.at)
    reasons = evidence.reasons(found.judgement.evidence(), against=not found.opens)[:MOST_REASONS]
    return Opinion(
        text=text,
        said_by=From.CUSTOMER,
        opens=found.opens,
        probability=found.judgement.probability,
        kind=None,
        until=None,
        evidence=reasons,
    )


def _of_member(context: Context, text: str, said: Circumstances) -> Opinion:
    found = trial.reply_to_question(context, said.question, text, said.at)
    until, reasons = None, list(found.evidence)
    if found.kind is ReplyKind.PROMISE and found.hold is not None:
        until = datetime.fromtimestamp(found.hold.until, said.zone).strftime(AT_FORM)
    elif found.hold is not None:
        reasons.append(f"keeps the reminder back for {durations.say(found.hold.until - said.at)}")
    return Opinion(
        text=text,
        said_by=From.MEMBER,
        opens=None,
        probability=found.probability,
        kind=found.kind.value if found.kind is not None else UNSURE,
        until=until,
        evidence=tuple(reasons),
        observations=_observations(context, text, said),
    )


def _observations(context: Context, text: str, said: Circumstances) -> tuple[str, ...]:
    """What `check` says of a reply; of what was asked only where that was given."""
    judge, shared, asks = context.judge, None, 0
    if said.question != QUESTION:
        asked = Message(channel="", id="1", at=said.at, author=trial.CUSTOMER, role=Role.CUSTOMER, text=said.question)
        reading = judge.read(asked, trial.NAMES)
        shared, asks = judge.words_with(text, reading.fingerprints), reading.cues
    written = Message(channel="", id="2", at=said.at, author=trial.WRITER, role=Role.MEMBER, text=text)
    seen = observe(
        CheckedReply(
            personal=load_personal_words().read(text),
            reading=judge.read(written, trial.NAMES),
            shared=shared,
            offers=shipped_pitches().offers(text),
            asks=asks,
            same_language=load_personal_words().same_language(text, said.question),
        )
    )
    return (*remarked(seen, said.at, said.zone), *well(seen)) or (NOTHING,)


def _show(console: Console, opinion: Opinion) -> None:
    if opinion.opens is not None:
        says = "calls for a reply: a wait opens" if opinion.opens else "calls for no reply"
        says += f" ({opinion.probability:.0%} sure that it does)"
    elif opinion.kind == UNSURE:
        says = f"unsure: whoever wrote it is asked once whether that was the answer ({opinion.probability:.0%} sure that it is)"
    else:
        kind = ReplyKind(opinion.kind or "")
        ends = kind in (ReplyKind.PERSONAL, ReplyKind.CLARIFYING)
        says = f"{evidence.KINDS[kind]}: the wait {'ends' if ends else 'stays open'}"
        says += f", quiet until {opinion.until}" if opinion.until is not None else ""
    console.print(escape(f"“{opinion.text}”"), style="bold", soft_wrap=True)
    console.print(f"  {escape(says)}", soft_wrap=True)
    for reason in opinion.evidence:
        console.print(f"  · {escape(reason)}", soft_wrap=True)
    for seen in opinion.observations:
        console.print(f"  - {escape(seen)}", soft_wrap=True)


def _read_from(text: str) -> From:
    # Read here and not by the type of the option: what the library says of a mistake begins with words that are nobody's.
    try:
        return From(text.strip().lower())
    except ValueError as error:
        raise UsageError(f"--from {text[:40]}: write customer or member.") from error


def _read_at(text: str | None, zone: tzinfo) -> Instant:
    if text is None:
        return datetime.now(zone).timestamp()
    try:
        at = datetime.strptime(text.strip(), AT_FORM)
    except ValueError as error:
        raise UsageError(f'--at {text[:40]}: write a day and a clock time, as in "{AT_EXAMPLE}".') from error
    if not EARLIEST <= at.year <= LATEST:
        raise UsageError(f"--at {text[:40]}: write a year from {EARLIEST} to {LATEST}.")
    return at.replace(tzinfo=zone).timestamp()


def _lines(stream: Iterable[str]) -> Iterator[str]:
    """The texts of a pipe, one a line; empty lines say nothing."""
    return (line.rstrip("\r\n") for line in stream if line.strip())


def _console() -> Console:
    for stream in (sys.stdin, sys.stdout):
        # A terminal without Unicode shows question marks, and a pipe may hold any bytes: neither is a reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return Console(highlight=False)
