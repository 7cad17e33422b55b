"""What people can ask the bot for: the table of commands. Parsing, help, buttons, forms and what platforms offer follow from it.

The verbs on a wait bring their rows along (see waits.verbs.registry), and so do preferences; the others' are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial

from bot.commands import lists
from bot.commands.absence import AWAY, BACK
from bot.commands.audit import AUDIT, FILTER
from bot.commands.check import CHECK
from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.direct_messages import DM
from bot.commands.duty import DUTY
from bot.commands.hello import HELLO
from bot.commands.hours import HOURS
from bot.commands.pauses import PAUSE, RESUME
from bot.commands.reach import silence, telling
from bot.commands.responses import Act, PrivateSpeech, Response
from bot.commands.start import preview, start
from bot.commands.switches import BUDGET, KINDS, MUTE, ONLY, UNMUTE, WANT
from bot.commands.thanks import THANKS
from bot.commands.trial import TRIAL
from bot.commands.undo import UNDO
from bot.commands.watching import LEARN_ANEW, UNWATCH_CHANNEL, WATCH
from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.params import WAIT, Param
from bot.domain.refusal import LONGEST_SHOWN, Refusal, quoted
from bot.domain.views import CommandText, Plain, SmallPrint, Span, Spans, Text, View
from bot.waits.verbs.registry import VERBS
from bot.waits.verbs.verb import Verb
from bot.wording.answers import HelpRow, help_for

_ALSO = {"notme": "not-me", "notyet": "not-yet", "list": "waiting", "?": "help", "commands": "help"}

_MEANT: dict[str, tuple[str, ...]] = {
    "waiting": ("open", "queue", "pending", "status", "todo", "inbox", "waits", "home", "mine", "all", "show"),
    "claim": ("take", "grab", "own", "accept", "start-on", "mine"),
    "snooze": ("later", "postpone", "remind", "wait", "defer", "delay", "sleep", "hold"),
    "unsnooze": ("wake", "undo", "resume"),
    "answered": ("done", "close", "solved", "resolve", "resolved", "finish", "finished", "complete", "replied"),
    "dismiss": ("ignore", "skip", "needless", "drop", "remove", "delete", "spam", "noise", "cancel"),
    "reopen": ("restore", "undismiss", "open-again"),
    "not-me": ("pass", "decline"),
    "unclaim": ("release", "let-go", "give-back", "giveback"),
    "why": ("explain", "reason", "because", "details", "info"),
    "who": ("whois", "knows", "expert", "customer"),
    "away": ("vacation", "holiday", "absent", "leave", "ooo", "pto", "sick", "off", "out"),
    "back": ("here", "return", "returned", "available", "present"),
    "dm": ("dms", "direct", "message", "messages", "notify"),
    "hours": ("schedule", "shift", "times", "timezone", "zone", "work", "working"),
    "stats": ("figures", "numbers", "report", "statistics", "metrics", "count"),
    "learn-anew": ("relearn", "reset", "threshold", "sensitivity"),
    "trial": ("experiment", "test", "ab-test", "lot"),
    "duty": ("oncall", "on-call", "rota", "rotate", "rotation", "turns", "shifts"),
    "close-loop": ("loop", "outcome", "private", "enough", "close-the-loop"),
    "audit": ("apps", "bots", "webhooks", "workflows", "automatic"),
    "automod": ("filter", "impostors", "scam", "scams"),
    "hello": ("greet", "welcome", "newcomers", "arrivals", "joined", "hi"),
    "check": ("personal", "review", "proofread", "look-over"),
    "auto-dms": ("auto-dm", "reports", "reported", "autodms"),
    "watch": ("channel", "channels", "listen", "follow", "track"),
    "unwatch": ("unfollow", "untrack"),
    "topics": ("faq", "recurring", "repeated", "themes", "questions"),
    "introductions": ("introduce", "introduction", "lapsed", "churn"),
    "digest": ("summary", "daily", "overview", "today"),
    "help": ("how", "usage", "manual", "man", "docs"),
    "assign": ("reassign", "transfer", "delegate", "forward"),
}
"""Other words for what a command does: who types one is told the command's name. What is taken for which by its letters alone
(`_unknown`) would lead astray: "explain" isn't near "why"."""


_BY_WRITING = dict.fromkeys(
    ("promise", "promised", "reply", "answer"),
    "That has no command: write it to the customer yourself, in your own words, and I understand. "
    "“I'll get back to you by 3pm” is a promise, and keeps it quiet until then.",
)
"""What people may look for that is done by writing to the customer."""


def command_of(verb: Verb) -> Command:
    """The row of a verb on a wait."""
    return Command(
        name=verb.written,
        help=verb.help,
        role=verb.role,
        params=verb.params,
        examples=verb.examples,
        button=verb.button,
        open_only=not verb.on_ended,
        run=partial(_act, verb),
    )


def _act(verb: Verb, given: Arguments, ctx: CommandContext, now: Instant) -> Act:
    wait = given.listed.wait
    until = None if given.when is None else given.when.at
    if until is None and verb.due is not None:
        rules = ctx.snapshot.lookups.preferences.rules_of(wait.channel)
        until = verb.due(rules.holds, ctx.hours_of(ctx.who), now)
    event = Acted(
        channel=wait.channel,
        wait=wait.id,
        verb=verb.name,
        by=ctx.who,
        at=now,
        until=until,
        member=given.member,
        choice=given.choice,
        text=given.text,
    )
    told = {} if given.member is None else {given.member: telling(ctx, given.member, wait.channel, now)}
    return Act(event=event, speech=PrivateSpeech(ctx=ctx, now=now, handle=given.listed.handle, told=told, silence=silence(ctx)))


def _help(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """The commands the asker may use, or one of them with examples."""
    del now
    if given.text is not None:
        command, _ = look_up(given.text.split())
        return command if isinstance(command, Refusal) else Response(view=_about(command))
    open_to = [command for command in COMMANDS.values() if command.role != "lead" or ctx.is_a == "lead"]
    return Response(
        view=help_for([HelpRow(usage=command.usage, help=command.help, topic=command.listed_under) for command in open_to])
    )


def _about(command: Command) -> View:
    for_leads = " For leads." if command.role == "lead" else ""
    first: Spans = (CommandText(command.usage), Plain(f"  {command.help}.{for_leads}"))
    examples: list[Span] = [Plain("For example ")]
    for place, example in enumerate(command.examples):
        examples += [*([Plain(", ")] if place else []), CommandText(example)]
    return View(nodes=(Text(first), SmallPrint(tuple(examples))), fallback=f"{command.usage}: {command.help}")


WAITING = Command(
    name="waiting",
    help="who is waiting for an answer, longest first; mine: those that are yours",
    params=(
        Param(name="whose", kind="choice", options=("mine", "all"), required=False),
        Param(name="page", kind="number", required=False),
    ),
    examples=("waiting", "waiting mine", "waiting 2"),
    button=True,
    topic="lists",
    run=lists.waiting,
)

WHY = Command(
    name="why",
    help="why it counts as waiting, and why it is whose it is",
    # Whatever else is said, it was meant as a question: "why w17 again?".
    params=(WAIT, Param(name="more", kind="text", required=False, hidden=True, most=1)),
    examples=("why w17",),
    button=True,
    run=lists.why,
)

WHO = Command(
    name="who",
    help="who on the team knows this customer",
    params=(Param(name="customer", kind="customer", written="CUSTOMER|WAIT"),),
    examples=("who dana", "who w17"),
    button=True,
    topic="lists",
    run=lists.who,
)

STATS = Command(
    name="stats",
    help="your own figures, the team's as sums, and my own record; of a channel, if you name one",
    params=(
        Param(name="channel", kind="channel", required=False),
        Param(
            name="span",
            kind="choice",
            options=("day", "week", "month"),
            required=False,
            wrong="stats takes a channel, and day, week or month; {} is neither.",
        ),
    ),
    examples=("stats", "stats month", "stats #help day"),
    button=True,
    topic="lists",
    run=lists.stats,
)

AUTO_DMS = Command(
    name="auto-dms",
    help="which apps sent the automatic direct messages that people reported, as sums",
    role="lead",
    params=(
        Param(
            name="span",
            kind="choice",
            options=("day", "week", "month"),
            required=False,
            wrong="auto-dms takes day, week or month; {} is neither.",
        ),
    ),
    examples=("auto-dms", "auto-dms week"),
    button=True,
    run=lists.auto_dms,
)

PREVIEW = Command(
    name="preview",
    help="before reminders begin: what would have been sent in the last day",
    examples=("preview",),
    button=True,
    topic="lists",
    run=preview,
)

START = Command(name="start", help="let reminders begin", role="lead", examples=("start",), button=True, changes=True, run=start)

TOPICS = Command(
    name="topics",
    help="what several customers asked in the last month, in nearly the same words",
    examples=("topics",),
    button=True,
    topic="lists",
    run=lists.topics,
)

INTRODUCTIONS = Command(
    name="introductions",
    help="customers who stopped asking, and those who know only one of us",
    role="lead",
    examples=("introductions",),
    button=True,
    run=lists.introductions,
)

DIGEST = Command(
    name="digest",
    help="the team's summary as it would read now, for you alone",
    params=(Param(name="now", kind="choice", options=("now",), required=False, tells=True),),
    examples=("digest now",),
    topic="lists",
    run=lists.digest,
)

HELP = Command(
    name="help",
    help="this list, or more about one command",
    role="anyone",
    params=(Param(name="command", kind="text", required=False),),
    examples=("help", "help snooze"),
    topic="lists",
    run=_help,
)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        WAITING,
        *(command_of(verb) for verb in VERBS.values() if verb.asked),
        *(
            WHY,
            WHO,
            AWAY,
            BACK,
            DM,
            HOURS,
            UNDO,
            BUDGET,
            MUTE,
            UNMUTE,
            ONLY,
            WANT,
            THANKS,
            CHECK,
            HELLO,
            STATS,
            TOPICS,
            WATCH,
            UNWATCH_CHANNEL,
            LEARN_ANEW,
            PAUSE,
            RESUME,
            DUTY,
            AUDIT,
            FILTER,
            TRIAL,
            AUTO_DMS,
            PREVIEW,
            START,
            INTRODUCTIONS,
            DIGEST,
            HELP,
        ),
    )
}
"""Every command by its name, in the order help lists them."""


def look_up(words: Sequence[str]) -> tuple[Command | Refusal, Sequence[str]]:
    """The command that `words` (at least one) begin with, and the words after its name. Letter case doesn't count."""
    name = words[0].casefold().lstrip("/").replace("_", "-")
    whole = f"{name}-{words[1].casefold()}" if len(words) > 1 else name
    if name not in COMMANDS and whole in COMMANDS:  # "not me", "close loop"
        return COMMANDS[whole], words[2:]
    if name in KINDS or (name == "digest" and words[1:] and words[1].casefold() in ("on", "off")):  # "tips off"
        return WANT, words
    if name == "home" and len(words) == 1:  # what one's own page is called; a line of text can't open it
        return COMMANDS["waiting"], ("mine",)
    name = _ALSO.get(name, name)
    if name in _BY_WRITING:
        return Refusal(says=_BY_WRITING[name], tries=("claim", "snooze")), words[1:]
    if len(words) > 1 and name not in COMMANDS:
        two = f"{name}-{words[1].casefold()}"  # "give back w1"
        if any(two in others for others in _MEANT.values()):
            return _unknown(" ".join(words[:2]), two), words[2:]
    return COMMANDS.get(name) or _unknown(words[0], name), words[1:]


def _unknown(written: str, name: str) -> Refusal:
    near = [known for known, others in _MEANT.items() if name in others and known in COMMANDS]
    near = near or get_close_matches(name[:LONGEST_SHOWN], COMMANDS, n=1, cutoff=0.7)
    near = near or [known for known in COMMANDS if len(name) >= 2 and known.startswith(name)][:1]
    if near:
        return Refusal(
            says=f"There is no command {quoted(written)}. Did you mean {near[0]}?", tries=(COMMANDS[near[0]].usage, "help")
        )
    return Refusal(says=f"There is no command {quoted(written)}.", tries=("help",))
