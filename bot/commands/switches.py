"""Commands by which members choose what they want to be told: how much in a day, nothing for a while, only what is theirs, which
kinds. Leads may say it for others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands.command import Arguments, Command
from bot.commands.context import CommandContext
from bot.commands.ends import read_end
from bot.commands.responses import Response, said, with_note
from bot.commands.subject import MEMBER, does, for_whom, typed
from bot.domain.durations import Instant
from bot.domain.params import FormText, Param
from bot.domain.preferences import ALL_KINDS, NotificationKind, OwnSwitch, SetSwitch
from bot.domain.refusal import Refusal, quoted
from bot.domain.tips import TipKind
from bot.domain.views import CommandText, PersonName, Plain, Spans, Timestamp
from bot.wording.phrases import say_date
from bot.wording.switches import a_day, chosen, wanted_said

MOST = 100
"""The largest budget: more is no limit that anybody would notice."""

UNSET = "unset"

BUDGET_EXAMPLES = ("budget 2", "budget 0", "budget unset")
MUTE_EXAMPLES = ("mute 2h", "mute today", "mute until 3pm")
WANT_EXAMPLES = ("want tips off", "want tips off canned", "want only reminders", "want all")

_WORDS: dict[str, frozenset[NotificationKind]] = {
    **{
        word: frozenset({kind})
        for kind in ALL_KINDS
        for word in (kind, kind.removesuffix("s"))  # one of a kind is as good as the kind
    },
    "all": ALL_KINDS,
    "everything": ALL_KINDS,
}
KINDS = frozenset({"reminder", "reminders", "digests", "tip", "tips"})
"""Words with which a line may begin that says what is wanted: "tips off"."""

_TIPS: dict[str, TipKind] = {
    **{kind.value.replace("_", joint): kind for kind in TipKind for joint in ("_", "-", "")},
    "pitches": TipKind.PITCH,
    "broadcasts": TipKind.BROADCAST,
}
"""Kinds of tips, as they are typed."""

_NOTHING = ("nothing", "none")
_NO = ("no", "not", "without")
_BETWEEN = ("and", "or", "&")


def budget(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """How many notifications a member gets in a day; without a number: how it is."""
    member = for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    if given.text is None:
        switch = ctx.switch_of(member)
        spans: Spans = (*does(member, ctx, "get", "gets"), Plain(f" {a_day(switch.budget, ctx.team_budget)}."), *_by(member, ctx))
        return Response(view=with_note(ctx, now, spans, Plain("For example "), CommandText(typed("budget", member, ctx, "2"))))
    own = own_switch(member, ctx, now)
    if given.text.casefold() == UNSET:
        switch = replace(own, budget=None)
        back = ctx.written_switch(member).budget
        spans = (*does(member, ctx, "get", "gets"), Plain(f" {a_day(back, ctx.team_budget)} again, as the settings say."))
        return saved_switch(member, switch, ctx, now, spans)
    digits = given.text.removesuffix(" a day").removesuffix(" per day").strip()
    if not re.fullmatch(r"[0-9]{1,3}", digits) or int(digits) > MOST:
        says = f"A budget is a number from 0 to {MOST}, not {quoted(given.text)}: notifications a day, 0 for none."
        return Refusal(says=says, tries=tuple(typed("budget", member, ctx, word) for word in ("2", "0", UNSET)))
    number = int(digits)
    beyond = " Whatever is beyond that, somebody else is asked." if number else ""
    spans = (*does(member, ctx, "get", "gets"), Plain(f" {a_day(number, None)}.{beyond}"))
    return saved_switch(member, replace(own, budget=number), ctx, now, spans)


def mute(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Nothing for a member until then; without a time: how it is."""
    member = for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    unmutes = CommandText(typed("unmute", member, ctx))
    if given.text is None:
        until = ctx.switch_of(member).muted_until
        if until is None or until <= now:
            spans: Spans = (*does(member, ctx, "aren't", "isn't"), Plain(" muted."))
            return Response(view=with_note(ctx, now, spans, Plain("For example "), CommandText(typed("mute", member, ctx, "2h"))))
        day = Plain(f" ({say_date(until, ctx.zone, now)}).")
        spans = (*does(member, ctx, "are", "is"), Plain(" muted until "), Timestamp(until), day, *_by(member, ctx))
        return Response(view=with_note(ctx, now, spans, unmutes, Plain(" ends it.")))
    if given.text.casefold() in ("off", UNSET):
        return _unmuted(member, ctx, now)
    end = read_end(given.text, ctx, typed("mute", member, ctx), planned=typed("away", member, ctx))
    if isinstance(end, Refusal):
        return end
    spans = (
        *does(member, ctx, "are", "is"),
        Plain(" muted until "),
        Timestamp(end),
        Plain(f" ({say_date(end, ctx.zone, now)}): no notification of any kind. Colleagues are asked instead."),
    )
    return saved_switch(
        member, replace(own_switch(member, ctx, now), muted_until=end), ctx, now, spans, (unmutes, Plain(" ends it."))
    )


def unmute(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Be told again."""
    member = for_whom(given, ctx)
    return member if isinstance(member, Refusal) else _unmuted(member, ctx, now)


def _unmuted(member: str, ctx: CommandContext, now: Instant) -> Response:
    own, until = own_switch(member, ctx, now), ctx.switch_of(member).muted_until
    if until is None or until <= now:
        spans: Spans = (*does(member, ctx, "aren't", "isn't"), Plain(" muted."))
        return Response(view=with_note(ctx, now, spans, Plain("For example "), CommandText(typed("mute", member, ctx, "2h"))))
    spans = (
        *does(member, ctx, "aren't", "isn't"),
        Plain(" muted any more. It would have lasted until "),
        Timestamp(until),
        Plain(f" ({say_date(until, ctx.zone, now)})."),
    )
    note: Spans = (Plain("Hours, absences and the budget count as before."),)
    return saved_switch(member, replace(own, muted_until=None), ctx, now, spans, note)


def only(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Whether a member is asked about what is theirs alone; without a word: how it is."""
    member = for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    mine = Plain(" asked only about what is yours" if member == ctx.who else " asked only about what is theirs")
    mine = Plain(f"{mine.text}, never about what is the team's or goes to who is on duty")
    everything = Plain(" asked about the team's waits, too")
    are = does(member, ctx, "are", "is")
    word = given.choice
    if word is None:
        spans: Spans = (*are, mine if ctx.switch_of(member).only_mine else everything, Plain("."))
        options: Spans = (
            CommandText(typed("only", member, ctx, "mine")),
            Plain(" or "),
            CommandText(typed("only", member, ctx, "all")),
        )
        return Response(view=with_note(ctx, now, spans, *options))
    own, written = own_switch(member, ctx, now), ctx.written_switch(member)
    on = {"mine": True, "all": False, UNSET: written.only_mine}[word]
    again = " again, as the settings say" if word == UNSET else ""
    spans = (*are, mine if on else everything, Plain(f"{again}."))
    return saved_switch(member, replace(own, only_mine=on), ctx, now, spans)


def want(given: Arguments, ctx: CommandContext, now: Instant) -> Response | Refusal:
    """Which kinds of notifications a member wants; without words: all that they chose."""
    member = for_whom(given, ctx)
    if isinstance(member, Refusal):
        return member
    if given.text is None:
        spans: Spans = (
            *does(member, ctx, "want", "wants"),
            Plain(" "),
            *chosen(ctx.switch_of(member), ctx.team_budget, now, own=member == ctx.who),
            Plain("."),
        )
        example = CommandText(typed("want", member, ctx, "tips off"))
        return Response(view=with_note(ctx, now, spans, Plain("For example "), example))
    own, written = own_switch(member, ctx, now), ctx.written_switch(member)
    words = [word for word in re.split(r"[\s,;]+", given.text.casefold()) if word]
    again = ""
    if words == [UNSET]:
        switch, again = replace(own, wanted=written.wanted, tips_off=written.tips_off), ", as the settings say"
    else:
        read = _told(words, own)
        if isinstance(read, Refusal):
            return replace(read, tries=tuple(typed("want", member, ctx, one.removeprefix("want ")) for one in read.tries))
        switch = read
    spans = (*does(member, ctx, "want", "wants"), Plain(f" {wanted_said(switch)}{again}."))
    return saved_switch(member, switch, ctx, now, spans)


def _told(words: Sequence[str], before: OwnSwitch) -> OwnSwitch | Refusal:
    """What somebody wants who says this and wanted `before`: kinds of notifications, or of tips ("tips off canned")."""
    tips = {_TIPS[word] for word in words if word in _TIPS}
    if tips:
        rest = [word for word in words if word not in _TIPS and word not in (*_BETWEEN, "tip", "tips", "about")]
        off, on = [word for word in rest if word in ("off", *_NO)], [word for word in rest if word == "on"]
        if len(off) + len(on) != len(rest) or bool(off) == bool(on):
            kinds = ", ".join(kind.value.replace("_", "-") for kind in TipKind)
            return Refusal(says=f"Kinds of tips ({kinds}) are on or off.", tries=("want tips off canned", "want tips on canned"))
        if off:
            return replace(before, tips_off=before.tips_off | tips)
        return replace(before, tips_off=before.tips_off - tips, wanted=before.wanted | {"tips"})
    wanted = _kinds(words, before.wanted)
    if isinstance(wanted, Refusal):
        return wanted
    everything = any(_WORDS.get(word) == ALL_KINDS for word in words)
    return replace(before, wanted=wanted, tips_off=frozenset() if everything and "tips" in wanted else before.tips_off)


def _kinds(words: Sequence[str], before: frozenset[NotificationKind]) -> frozenset[NotificationKind] | Refusal:
    """The kinds that somebody wants who says this and wanted `before`: "tips off", "no digests", "only reminders", "all"."""
    wanted: set[NotificationKind] = set() if words[0] == "only" else set(before)
    named: set[NotificationKind] = set()
    without = False
    for word in words[1:] if words[0] == "only" else words:
        if word in _BETWEEN:
            continue
        if word in _NOTHING:
            wanted, named = set(), set()
        elif word in _NO:
            without = True
        elif word in ("on", "off"):
            wanted = wanted | named if word == "on" else wanted - named
            named = set()
        elif word in _WORDS:
            if without:
                wanted -= _WORDS[word]
            else:
                named |= _WORDS[word]
        else:
            return Refusal(says=f"There are reminders, digests and tips; what is {quoted(word)}?", tries=WANT_EXAMPLES)
    return frozenset(wanted | named)


def own_switch(member: str, ctx: CommandContext, now: Instant) -> OwnSwitch:
    """What a member chose so far, on which more is chosen: what is over isn't in it any more."""
    own = ctx.choices.switches.get(member) or replace(ctx.written_switch(member), budget=None)
    return own if own.muted_at(now) else replace(own, muted_until=None)


def _by(member: str, ctx: CommandContext) -> Spans:
    """That a lead said so for them."""
    by = ctx.choices.switched_by.get(member, member)
    return () if by == member else (Plain(" "), PersonName(by), Plain(" chose that."))


def how_told(member: str, switch: OwnSwitch | None, ctx: CommandContext, now: Instant) -> Spans:
    """What a member wants to be told by what they chose; None: nothing, the settings file counts."""
    own = switch or ctx.written_switch(member)
    own = own if own.budget is not None else replace(own, budget=ctx.written_switch(member).budget)
    told = chosen(own, ctx.team_budget, now, own=member == ctx.who)
    return (*does(member, ctx, "want", "wants"), Plain(" "), *told, Plain("."))


def saved_switch(member: str, switch: OwnSwitch, ctx: CommandContext, now: Instant, spans: Spans, note: Spans = ()) -> Response:
    """The answer, and the choice; one that is as the settings say is none."""
    as_written = switch == replace(ctx.written_switch(member), budget=None)
    saved = SetSwitch(member=member, switch=None if as_written else switch, by=ctx.who, at=now)
    spans = (
        spans if member == ctx.who else (*spans, Plain(" They read of it in their own list, and below the next answer they get."))
    )
    view = with_note(ctx, now, spans, *note) if note else said(ctx, now, *spans)
    return Response(view=view, choices=(saved,))


BUDGET = Command(
    name="budget",
    help="the most notifications you get in a day; 0: only your list; for somebody else: leads only",
    params=(
        MEMBER,
        Param(
            name="number",
            kind="text",
            required=False,
            tells=True,
            written=f"NUMBER|{UNSET}",
            question="How many a day?",
            examples=("2", "0", UNSET),
            most=3,
        ),
    ),
    examples=(*BUDGET_EXAMPLES, "budget @ben 2"),
    changes=True,
    run=budget,
)

MUTE = Command(
    name="mute",
    help="nothing for a while, not even a mention; colleagues are asked instead",
    params=(
        MEMBER,
        Param(
            name="when",
            kind="text",
            required=False,
            tells=True,
            question="Until when?",
            examples=("2h", "today", "until 3pm"),
        ),
    ),
    examples=MUTE_EXAMPLES,
    changes=True,
    run=mute,
)

UNMUTE = Command(
    name="unmute",
    help="be told again",
    params=(MEMBER,),
    examples=("unmute",),
    button=True,
    changes=True,
    run=unmute,
)

ONLY = Command(
    name="only",
    help="be asked about what is yours alone, never the team's; all: the team's, too",
    params=(
        MEMBER,
        Param(name="what", kind="choice", options=("mine", "all", UNSET), required=False, tells=True),
    ),
    examples=("only mine", "only all"),
    changes=True,
    run=only,
)

WANT = Command(
    name="want",
    help="what you are told of: reminders, digests (mentions in them), tips or a kind of them; each on or off",
    params=(
        MEMBER,
        Param(
            name="kinds",
            kind="text",
            required=False,
            tells=True,
            written=f"KIND on|off | {UNSET}",
            question="Which kinds: reminders, digests, tips?",
            examples=("tips off", "tips off canned", "only reminders", "all"),
            form=FormText(title="What you are told", label="Such as: tips off canned, only reminders, all"),
        ),
    ),
    examples=WANT_EXAMPLES,
    button=True,
    changes=True,
    run=want,
)
