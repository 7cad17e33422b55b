"""What forms ask, input by input, and the words that a command takes for what was filled in.

An input is named after the param it is for ("when"), or a part of it ("when.until"). What a platform's own element gives (an
instant, a time of day, days, a person) becomes the words that somebody would have typed, so that a form does what its command
does, mistakes included. Where a platform has no such element, what was typed is passed on as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from bot.commands.absence import LONGEST_AWAY
from bot.commands.command import Command
from bot.commands.context import CommandContext
from bot.commands.hours import known_zone
from bot.domain.durations import Instant
from bot.domain.hours import Week, WorkingSpan
from bot.domain.params import FormText, Param
from bot.domain.refusal import Moment, Refusal, quoted
from bot.domain.tags import channel_tag
from bot.domain.views import Input
from bot.domain.written_hours import NEXT_DAY
from bot.wording.phrases import say_hours

MOST_OPTIONS = 100
"""Options of one input: Slack's most."""

_MIDNIGHT = 24 * 60

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LINE = "line"
"""The part of working hours that is all of them in one line, as the command takes them."""

_FRESH = "tomorrow morning"
"""What stands in an input for an instant at first: the day after, when the reader begins to work."""


def inputs_of(command: Command, ctx: CommandContext, *, keeps_text: bool) -> tuple[Input, ...]:
    """What a command's form asks. `keeps_text`: what people write is kept where its wait is."""
    params = (param for param in command.params if keeps_text or not param.kept)
    return tuple(asked for param in params for asked in _inputs(param, ctx))


def answers_at(command: Command, values: Mapping[str, str]) -> str:
    """The input of those that were sent, by its name, at which a refusal is shown that isn't about another one."""
    param = command.asked_by_form
    if param is None or param.form is None:
        return ""
    if f"{param.name}.{_LINE}" in values:
        return f"{param.name}.{_LINE}"
    return {"": param.name, "span": f"{param.name}.until", "hours": f"{param.name}.from"}[param.form.parts]


def given_in(command: Command, values: Mapping[str, str], ctx: CommandContext) -> Mapping[str, str] | Refusal:
    """What a command is given, by its params' names, for the values of its form's inputs; or which of them is missing."""
    given: dict[str, str] = {}
    for param in command.params:
        if param.form is None:
            continue
        found = _words(param, param.form, values, ctx)
        if isinstance(found, Refusal):
            return found
        if found:
            given[param.name] = found
        elif param is command.asked_by_form or param.required:
            says = param.question or "Please fill this in."
            return Refusal(
                says=says, tries=(), field=answers_at(command, values) if param is command.asked_by_form else param.name
            )
    return given


def _inputs(param: Param, ctx: CommandContext) -> Iterator[Input]:
    if param.form is None:
        return
    name, label = param.name, param.form.label
    if param.form.parts == "span":
        yield Input(f"{name}.from", "From", kind="moment", hint="From now on, if you leave this empty.", required=False)
        yield Input(f"{name}.until", "Until", _fresh(ctx), kind="moment")
        return
    if param.form.parts == "hours":
        yield from _week(name, ctx)
        return
    required = param.required or param.tells
    match param.kind:
        case "when":
            yield Input(name, label, _fresh(ctx), kind="moment", required=required)
        case "member":
            yield Input(name, label, kind="person", required=required)
        case "channel":
            channels = sorted(ctx.channels.items(), key=lambda pair: pair[1])[:MOST_OPTIONS]
            options = tuple((f"#{channel.removeprefix('#')}", channel_tag(key)) for key, channel in channels)
            yield Input(name, label, options[0][1] if options else "", kind="option", options=options, required=required)
        case "choice":
            yield Input(name, label, kind="option", options=tuple((word, word) for word in param.options), required=required)
        case _:
            yield Input(name, label, required=required)


def _week(name: str, ctx: CommandContext) -> Iterator[Input]:
    """Working hours: the days, the day's beginning and end, a break, and the zone. Hours that this can't hold are asked in one
    line: a form that is sent as it was opened changes nothing."""
    own = ctx.hours_of(ctx.who)
    worked = [DAYS[day] for day in range(7) if own.week[day]]
    spans = _like_every_day(own.week)
    if spans is None:
        hint = "Days, times and zone, as in mon-thu 9-17, fri 9-13."
        yield Input(f"{name}.{_LINE}", "Hours", say_hours(own).replace(" and ", ", "), hint=hint)
        return
    clock = [f"{minute // 60 % 24:02}:{minute % 60:02}" for span in spans for minute in (span.opens, span.closes)]
    opens, closes = (clock[0], clock[-1]) if clock else ("09:00", "17:00")
    pause = (clock[1], clock[2]) if len(clock) == 4 else ("", "")
    days = tuple(zip(_DAY_NAMES, DAYS, strict=True))
    yield Input(f"{name}.days", "Days", ",".join(worked or DAYS[:5]), kind="days", options=days)
    yield Input(f"{name}.from", "From", opens, kind="time")
    yield Input(f"{name}.to", "To", closes, kind="time", hint="An end before the beginning is on the next day.")
    yield Input(f"{name}.break", "Break from", pause[0], kind="time", required=False, hint="Only if there is one every day.")
    yield Input(f"{name}.back", "Break to", pause[1], kind="time", required=False)
    yield Input(f"{name}.zone", "Time zone", str(own.zone), hint="As in Europe/Berlin.", required=False)


def _like_every_day(week: Week) -> tuple[WorkingSpan, ...] | None:
    """The spans of every working day, none where there is no such day; None where the days differ, or have more than one break
    or one at night."""
    days = {day for day in week if day}
    if not days:
        return ()
    spans = next(iter(days))
    told = len(spans) == 1 or (len(spans) == 2 and spans[-1].closes <= _MIDNIGHT)
    return spans if len(days) == 1 and told else None


def _fresh(ctx: CommandContext) -> str:
    moment = ctx.read_when(_FRESH)
    return str(int(moment.at)) if isinstance(moment, Moment) else ""


def _words(param: Param, form: FormText, values: Mapping[str, str], ctx: CommandContext) -> str | Refusal:
    """What a param is told, as one would type it; "" where nothing was filled in."""

    def said(part: str = "") -> str:
        return values.get(f"{param.name}.{part}" if part else param.name, "").strip()

    if form.parts == "span":
        wrong = _wrong_span(param.name, _instant(said("from")), _instant(said("until")), ctx.now)
        if wrong is not None:
            return wrong
        began = _instant(said("from"))
        until = _moment(said("until"), ctx.zone)
        since = "" if began is not None and began <= ctx.now else _moment(said("from"), ctx.zone)
        if since and not until:
            return Refusal(says=param.question, field=f"{param.name}.until")
        return f"{f'from {since} ' if since else ''}until {until.removeprefix('until ')}" if until else ""
    if form.parts == "hours" and f"{param.name}.{_LINE}" in values:
        return said(_LINE)
    if form.parts == "hours":
        return _hours(param.name, {part: said(part) for part in ("days", "from", "to", "break", "back", "zone")})
    if param.kind == "when":
        return _moment(said(), ctx.zone)
    return said()


def _hours(name: str, parts: Mapping[str, str]) -> str | Refusal:
    """Working hours as the command takes them: "09:00-12:00 13:00-17:00 mon tue Europe/Berlin"."""
    days, opens, closes, pause, back, zone = parts.values()
    wanting = {"days": (days, "Which days?"), "from": (opens, "From when?"), "to": (closes, "Until when?")}
    for part, (value, says) in wanting.items():
        if not value:
            return Refusal(says=says, field=f"{name}.{part}")
    known = known_zone(zone) if zone else None
    if isinstance(known, Refusal):
        return replace(known, field=f"{name}.zone")
    clock = {"from": opens, "to": closes, "break": pause, "back": back}
    for part, value in clock.items():
        clock[part], wrong = _time_of_day(value)
        if wrong:
            return Refusal(says=wrong, field=f"{name}.{part}")
    opens, closes, pause, back = clock.values()
    closes = "24:00" if closes == "00:00" else closes  # midnight, as an element for a time of day holds it
    if opens == closes:
        return Refusal(says="Your day begins and ends at the same time.", field=f"{name}.to")
    if bool(pause) != bool(back):
        return Refusal(says="A break has a beginning and an end.", field=f"{name}.{'back' if pause else 'break'}")
    spans = f"{opens}-{closes}" if opens < closes else f"{opens}-{closes} {NEXT_DAY}"
    if pause:
        if opens > closes:
            says = "A night with a break is said in words: hours, then its times and days."
            return Refusal(says=says, field=f"{name}.break")
        if not opens < pause < back < closes:
            return Refusal(says="The break lies outside of your day, or ends before it begins.", field=f"{name}.back")
        spans = f"{opens}-{pause} {back}-{closes}"
    return " ".join((spans, *days.split(","), *((zone,) if zone else ())))


def _time_of_day(value: str) -> tuple[str, str]:
    """A time of day as it sorts ("9:00" is "09:00"), and what is wrong with it; what isn't written as one is passed on."""
    found = _CLOCK.fullmatch(value)
    if found is None:
        return value, ""
    hour, minute = int(found[1]), int(found[2])
    if hour * 60 + minute > _MIDNIGHT or minute > 59:
        return value, f"{quoted(value)} is no time: a day runs from 00:00 to 24:00."
    return f"{hour:02}:{minute:02}", ""


def _moment(value: str, zone: tzinfo) -> str:
    """An instant as one would type it; what is none is passed on as it was typed."""
    instant = _instant(value)
    return value if instant is None else f"{datetime.fromtimestamp(instant, zone):%Y-%m-%d %H:%M}"


def _instant(value: str) -> Instant | None:
    """An instant that an element for one gave."""
    return int(value) if value.isascii() and value.isdigit() and 9 <= len(value) <= 12 else None


def _wrong_span(name: str, since: Instant | None, until: Instant | None, now: Instant) -> Refusal | None:
    """What is wrong with the two ends of an absence, at the input that is to be changed."""
    if until is not None and until <= now:
        return Refusal(says="That is over already.", field=f"{name}.until")
    if until is not None and until > now + LONGEST_AWAY:
        return Refusal(says="That is more than a year ahead.", field=f"{name}.until")
    if since is not None and since > now + LONGEST_AWAY:
        return Refusal(says="That is more than a year ahead.", field=f"{name}.from")
    if since is not None and until is not None and since >= until:
        return Refusal(says="This has to be later than From.", field=f"{name}.until")
    return None
