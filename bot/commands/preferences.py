"""Commands by which members choose: when they are away, their hours, whether they want DMs, how a channel is watched. Each runs
in the transaction that saves what it chose, on what is stored then."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.responses import Response, said, with_note
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.events import Acted
from bot.domain.hours import Hours, WorkingSpan, read_span, weekly
from bot.domain.params import ANYWAY, FormText, Param
from bot.domain.preferences import EndAway, OwnHours, SetAway, SetDm, SetHours, SetWatch, Watched
from bot.domain.refusal import Moment, Refusal, quoted
from bot.domain.rules import Watch
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp, View
from bot.language.times.input import zone_named
from bot.waits.verbs.unwatch import UNWATCH
from bot.wording.phrases import count, say_hours

LONGEST_AWAY: Seconds = 366 * DAY

AWAY_EXAMPLES = ("away until monday", "away friday", "away 2h", "away tomorrow until 1 December")
HOURS_EXAMPLES = ("hours 9-17 mon-thu Europe/Berlin", "hours 8:00-12:00 13:00-16:30", "hours unset")
UNSET = "unset"

_SAYS_UNTIL = re.compile(r"(?:^|\s)(?:until|till|til|to)\s", re.IGNORECASE)
_UNTIL = re.compile(r"(?:^|\s)(?:until|till|til|to)\s+", re.IGNORECASE)
_AM_PM = re.compile(r"(\d{1,2})(?::(\d{2}))?(am|pm)?", re.IGNORECASE | re.ASCII)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_USUAL = weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)])


def away(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be away for a span; without a time: say how it is."""
    member = _for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    if given.text is None:
        return Response(view=_how_away(member, ctx, now))
    if given.text.casefold() in (UNSET, "off"):
        return _back(member, ctx, now)
    span = _away_span(given.text, ctx, now, given.said)
    if isinstance(span, Refusal):
        return span
    since, until = span
    # The new span replaces what it touches: "until Thursday" after "until Friday" means Thursday.
    ends = [(start, end) for start, end in ctx.choices.away.get(member, ()) if start < until and end > since and end > now]
    dropped = tuple(EndAway(member=member, since=start, at=max(start, since)) for start, end in ends if start != since)
    chosen = SetAway(member=member, since=since, until=until, by=ctx.who, at=now)
    begins: Spans = () if since <= now else (Plain(" from "), Timestamp(since))
    subject: Spans = (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))
    spans = (*subject, Plain(" away"), *begins, Plain(" until "), Timestamp(until), Plain(": no reminders in between."))
    return Response(
        view=with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it.")), choices=(*dropped, chosen)
    )


def _for_whom(given: Arguments, ctx: CommandContext) -> str | Refusal:
    """The member a command is about. Leads may act for others."""
    if given.member is None or given.member == ctx.who or ctx.is_a == "lead":
        return given.member or ctx.who
    leads = ", ".join(ctx.name(lead) for lead in ctx.team.leads)
    return Refusal(
        says=f"Only leads say this for somebody else. Please ask {leads}." if leads else "Only leads say this for others."
    )


def _away_span(text: str, ctx: CommandContext, now: Instant, named: str) -> tuple[Instant, Instant] | Refusal:
    """From when to when: "until B", "A until B", or A alone, a day or a span of time. `named` is the command without its times,
    for what one may try instead."""

    def unread(refused: Refusal) -> Refusal:
        return replace(refused, tries=tuple(f"{named} until {time}" for time in refused.tries))

    first, *last = _UNTIL.split(text, maxsplit=1)
    first = first.strip().removeprefix("from ").strip()
    begin = ctx.read_when(first) if first else None
    if isinstance(begin, Refusal):
        return unread(begin)
    if last:
        end = ctx.read_when(last[0])
        if isinstance(end, Refusal):
            return unread(end)
        since = now if begin is None else max(now, _start(begin))
        until = end.at
    elif begin is not None:
        since = max(now, _start(begin)) if begin.kind == "stretch" else now
        until = begin.stretch[1] if begin.stretch is not None else begin.at
    else:
        return Refusal(says="Until when?", tries=AWAY_EXAMPLES)
    if until <= since:
        return Refusal(says="That ends before it begins.", tries=AWAY_EXAMPLES)
    if until > now + LONGEST_AWAY:
        return Refusal(says="That is more than a year ahead.", tries=AWAY_EXAMPLES)
    return since, until


def _start(moment: Moment) -> Instant:
    return moment.at if moment.stretch is None else moment.stretch[0]


def _how_away(member: str, ctx: CommandContext, now: Instant) -> View:
    subject: Spans = (Plain("You are"),) if member == ctx.who else (PersonName(member), Plain(" is"))
    running = ctx.choices.away_now(member, now)
    if running is not None:
        spans = (*subject, Plain(" away until "), Timestamp(running[1]), Plain("."))
        return with_note(ctx, now, spans, CommandText(_back_words(member, ctx)), Plain(" ends it."))
    ahead = [span for span in ctx.choices.away.get(member, ()) if span[0] > now]
    spans = (*subject, Plain(" here."))
    if ahead:
        spans = (
            *subject,
            Plain(" here now, and away from "),
            Timestamp(ahead[0][0]),
            Plain(" until "),
            Timestamp(ahead[0][1]),
            Plain("."),
        )
    return with_note(ctx, now, spans, Plain("For example "), CommandText("away until monday"), Plain("."))


def _back_words(member: str, ctx: CommandContext) -> str:
    return "back" if member == ctx.who else f"back @{ctx.name(member)}"


def back(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be here again: end the span that is running, else drop the next one that was planned."""
    member = _for_whom(given, ctx)
    return member if isinstance(member, Refusal) else _back(member, ctx, now)


def _back(member: str, ctx: CommandContext, now: Instant) -> Response:
    mine = member == ctx.who
    spans = ctx.choices.away.get(member, ())
    running = [span for span in spans if span[0] <= now < span[1]]
    if running:
        who: Spans = (Plain("Welcome back. "),) if mine else (PersonName(member), Plain(" counts as here again. "))
        ended = tuple(EndAway(member=member, since=start, at=now) for start, _ in running)
        return Response(view=said(ctx, now, *who, Plain("Reminders keep to the usual hours again.")), choices=ended)
    ahead = next((span for span in spans if span[0] > now), None)
    if ahead is not None:
        dropped = EndAway(member=member, since=ahead[0], at=now)
        plan: Spans = (Plain("Dropped: away from "), Timestamp(ahead[0]), Plain(" until "), Timestamp(ahead[1]), Plain("."))
        return Response(view=said(ctx, now, *plan), choices=(dropped,))
    subject: Spans = (Plain("You aren't away."),) if mine else (PersonName(member), Plain(" isn't away."))
    return Response(view=said(ctx, now, *subject))


def dm(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Whether reminders come as direct messages."""
    word = given.choice
    if word is None:
        how = "Your reminders come as direct messages." if ctx.wants_dm else "You get no direct messages from me."
        return Response(view=with_note(ctx, now, (Plain(how),), CommandText("dm on"), Plain(" or "), CommandText("dm off")))
    on = None if word == UNSET else word == "on"
    how = {
        "on": "Your reminders and tips come as direct messages from now on.",
        "off": "No direct messages: your reminders stay in the team's channel and on your own list.",
        UNSET: "Direct messages are as the settings file says again.",
    }[word]
    chosen = SetDm(member=ctx.who, on=on, by=ctx.who, at=now)
    return Response(view=said(ctx, now, Plain(how)), choices=(chosen,))


def hours(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """A member's own hours; without words: what they are."""
    current = ctx.hours_of(ctx.who)
    if given.text is None:
        chosen = ctx.who in ctx.choices.hours
        source = "chosen by you" if chosen else "as the settings file says"
        spans: Spans = (Plain(f"Your hours, {source}: {say_hours(current)}."),)
        return Response(view=with_note(ctx, now, spans, Plain("For example "), CommandText(HOURS_EXAMPLES[0]), Plain(".")))
    if given.text.casefold() == UNSET:
        reverted = SetHours(member=ctx.who, hours=None, by=ctx.who, at=now)
        return Response(view=said(ctx, now, Plain("Your hours are as the settings file says again.")), choices=(reverted,))
    read = _read_hours(given.text, current, ctx)
    if isinstance(read, Refusal):
        return read
    zone = zone_named(read.zone) if read.zone is not None else None
    week = read.week if read.week is not None else current.week
    now_on = say_hours(Hours(zone=zone or current.zone, week=week))
    saved = SetHours(member=ctx.who, hours=_merged(read, ctx.choices.hours.get(ctx.who)), by=ctx.who, at=now)
    view = with_note(
        ctx,
        now,
        (Plain(f"Your hours: {now_on}. Reminders keep to them."),),
        CommandText("hours unset"),
        Plain(" takes it back."),
    )
    return Response(view=view, choices=(saved,))


def _merged(read: OwnHours, before: OwnHours | None) -> OwnHours:
    """What was chosen earlier stays where nothing new was said: a zone, then hours, are both one's own."""
    if before is None:
        return read
    return OwnHours(zone=read.zone or before.zone, week=read.week if read.week is not None else before.week)


def _read_hours(said_hours: str, current: Hours, ctx: CommandContext) -> OwnHours | Refusal:
    spans: list[WorkingSpan] = []
    days: set[int] = set()
    zone: str | None = None
    # "9 - 17" is one thing, and so is "mon - thu".
    text = re.sub(r"\s*[-\u2013]\s*", "-", said_hours)
    for part in re.split(r"[\s,;]+", text):
        found = _days_in(part)
        if not part or part.casefold() in ("and", "from", "on"):
            continue
        if found:
            days |= found
        elif (named := zone_named(part)) is not None:
            zone = str(named)
        elif part[0].isdigit():
            try:
                spans.append(read_span(_on_24_hours(part)))
            except ValueError as error:
                return Refusal(says=f"{str(error)[:1].upper()}{str(error)[1:]}.", tries=HOURS_EXAMPLES)
        else:
            says = f"{quoted(part)} is no time, day or zone. Zones are written like Europe/Berlin."
            return Refusal(says=says, tries=HOURS_EXAMPLES)
    if not spans and not days:
        return Refusal(says="Which hours?", tries=HOURS_EXAMPLES) if zone is None else OwnHours(zone=zone)
    usual = next((day for day in current.week if day), None) or _USUAL[0]
    worked = {day for day in range(7) if current.week[day]} or set(range(5))
    return OwnHours(zone=zone, week=weekly(days or worked, spans or usual))


def _days_in(part: str) -> set[int]:
    """ "mon-thu" or "monday" as days, 0 = Monday; none when it says something else."""
    ends = [_day(word) for word in part.split("-")]
    if len(ends) > 2 or any(day is None for day in ends):
        return set()
    first, last = ends[0] or 0, ends[-1] or 0
    return {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}


def _day(word: str) -> int | None:
    said_day = word.casefold()
    return next((index for index, name in enumerate(_DAYS) if len(said_day) >= 3 and name.startswith(said_day)), None)


def _on_24_hours(part: str) -> str:
    """ "9am-5:30pm" as "9-17:30"; anything else as it is."""
    edges = part.split("-")
    found = [_AM_PM.fullmatch(edge) for edge in edges]
    if len(edges) != 2 or not any(edge is not None and edge[3] for edge in found):
        return part
    read = []
    for edge in found:
        if edge is None or not 1 <= int(edge[1]) <= 12:
            return part
        afternoon = (edge[3] or "am").lower() == "pm"
        read.append(f"{int(edge[1]) % 12 + (12 if afternoon else 0)}:{edge[2] or '00'}")
    return "-".join(read)


def watch(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """How a channel is watched; without a word for it: what it is now."""
    channel, mode = given.channel or "", given.choice
    name = f"#{ctx.channel_name(channel)}"
    if mode is None:
        meaning = _meaning(ctx.watched(channel))
        return Response(view=with_note(ctx, now, (Plain(f"{name}: {meaning}."),), CommandText(f"watch {name} mentions")))
    if mode == UNSET:
        chosen = SetWatch(channel=channel, watch=None, by=ctx.who, at=now)
        return Response(view=said(ctx, now, Plain(f"{name} is watched as the settings file says again.")), choices=(chosen,))
    chosen = SetWatch(channel=channel, watch=Watch(mode), by=ctx.who, at=now)
    view = with_note(
        ctx, now, (Plain(f"{name}: {_meaning(Watch(mode))}."),), CommandText(f"watch {name} unset"), Plain(" takes it back.")
    )
    return Response(view=view, choices=(chosen,))


def _meaning(watched: Watched) -> str:
    return {
        "mentions": "only messages that name somebody on the team, the team, me or a watched word count",
        "questions": "every message that calls for a reply counts",
        "everything": "every customer's message counts, except thanks and chatter",
        "nothing": "not watched",
    }[str(watched)]


def unwatch(given: Arguments, ctx: CommandContext, now: Instant) -> Response:
    """Stop watching a channel. Who still waits there is taken off the list, after asking."""
    channel = given.channel or ""
    name = f"#{ctx.channel_name(channel)}"
    open_there = [listed.wait for listed in ctx.waits if listed.wait.channel == channel]
    if open_there and given.choice != ANYWAY:
        waiting = count(len(open_there), "customer still waits", "customers still wait")
        asked: Spans = (Plain(f"In {name} {waiting}; they would be off the list."),)
        return Response(view=with_note(ctx, now, asked, Plain("If that is right: "), CommandText(f"unwatch {name} {ANYWAY}")))
    chosen = SetWatch(channel=channel, watch="nothing", by=ctx.who, at=now)
    # Ended, not left behind: what they wrote is kept only while they wait, and nobody would ever look at these again.
    ended = tuple(Acted(channel=channel, wait=wait.id, verb=UNWATCH.name, by=ctx.who, at=now) for wait in open_there)
    view = with_note(
        ctx, now, (Plain(f"{name} isn't watched any more."),), CommandText(f"watch {name} unset"), Plain(" takes it back.")
    )
    return Response(view=view, events=ended, choices=(chosen,))


def _typed_hours(ctx: CommandContext) -> str:
    """The asker's hours as the command takes them; nothing where days differ, which one line can't say."""
    own = ctx.hours_of(ctx.who)
    return say_hours(own) if len({day for day in own.week if day}) == 1 else ""


MEMBER = Param(name="member", kind="member", required=False)
CHANNEL = Param(name="channel", kind="channel")

AWAY = Command(
    name="away",
    help="no reminders while you are away; for somebody else: leads only",
    params=(
        MEMBER,
        Param(
            name="when",
            kind="text",
            required=False,
            tells=True,
            question="Until when?",
            examples=("until monday", "friday", "2h", "tomorrow until 1 December"),
            form=FormText(title="Away", label="Until when? (monday, 3 days, 1 December)"),
        ),
    ),
    examples=(*AWAY_EXAMPLES, "away @ben until friday"),
    changes=True,
    run=away,
    from_form=lambda text: text if _SAYS_UNTIL.search(text) else f"until {text}",
)

BACK = Command(
    name="back",
    help="you are here again; for somebody else: leads only",
    params=(MEMBER,),
    examples=("back",),
    button=True,
    changes=True,
    run=back,
)

DM = Command(
    name="dm",
    help="have your reminders as direct messages, or not",
    params=(Param(name="dm", kind="choice", options=("on", "off", UNSET), required=False, tells=True),),
    examples=("dm on", "dm off"),
    button=True,
    changes=True,
    run=dm,
)

HOURS = Command(
    name="hours",
    help="when you work; reminders keep to it",
    params=(
        Param(
            name="hours",
            kind="text",
            required=False,
            tells=True,
            written=f"[TIMES] [DAYS] [ZONE] | {UNSET}",
            question="Which hours?",
            examples=("9-17 mon-thu Europe/Berlin", "8:00-12:00 13:00-16:30", UNSET),
            form=FormText(title="Your hours", label="Times, days, zone (9-17 mon-thu)"),
            most=12,
        ),
    ),
    examples=HOURS_EXAMPLES,
    changes=True,
    run=hours,
    filled_in=_typed_hours,
)

WATCH = Command(
    name="watch",
    help="what counts as waiting in a channel",
    role="lead",
    params=(
        CHANNEL,
        Param(
            name="mode",
            kind="choice",
            options=(*(mode.value for mode in Watch), UNSET),
            required=False,
            tells=True,
            wrong="A channel is watched for mentions, questions or everything, not {}.",
        ),
    ),
    examples=("watch #help questions", "watch #help mentions", "watch #help unset"),
    changes=True,
    run=watch,
)

UNWATCH_CHANNEL = Command(
    name="unwatch",
    help="stop watching a channel",
    role="lead",
    params=(CHANNEL, Param(name="anyway", kind="choice", options=(ANYWAY,), required=False, hidden=True)),
    examples=("unwatch #random",),
    changes=True,
    run=unwatch,
)
