"""What members want to be told, in words, and what keeps quiet just now: on their own list, in digests, for who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.durations import Instant
from bot.domain.notifications import NothingLeaves
from bot.domain.preferences import ALL_KINDS, NotificationKind, OwnSwitch
from bot.domain.tips import TipKind
from bot.domain.views import CommandText, PersonName, Plain, Span, Spans, Timestamp
from bot.wording.phrases import channel
from bot.wording.tips import about

MOST_NAMED = 8
"""Pauses and people that a digest names; more are counted."""

_ORDER: tuple[NotificationKind, ...] = ("reminders", "digests", "tips")


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedPlace:
    """A pause: of the channel of this name (None: of everything), until then, by a lead. `key` is what `resume` takes for it;
    `begins` where that is ahead."""

    channel_name: str | None
    until: Instant
    by: str
    key: str = "all"
    begins: Instant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quieted:
    """What keeps reminders from leaving though customers wait: pauses, who is muted until when, whose budget is 0, who wants no
    reminders; each member once. `nobody_left`: that is the whole team."""

    pauses: tuple[PausedPlace, ...] = ()
    muted: tuple[tuple[str, Instant], ...] = ()
    without_budget: tuple[str, ...] = ()
    unwilling: tuple[str, ...] = ()
    nobody_left: bool = False


def a_day(budget: int | None, team: int | None) -> str:
    """How much somebody gets in a day: of their own number, else the team's."""
    number = team if budget is None else budget
    if number is None:
        return "notifications without a limit"
    return (
        f"at most {number} notification{'' if number == 1 else 's'} a day"
        if number
        else "no notifications: what waits is on the list"
    )


def wanted_said(switch: OwnSwitch) -> str:
    """Which kinds somebody wants, and of which tips none: "reminders, digests and tips, but no tips about lines that repeat"."""
    off = [about(kind) for kind in TipKind if kind in switch.tips_off] if "tips" in switch.wanted else []
    return kinds_said(switch.wanted) + (f", but no tips about {' or '.join(off)}" if off else "")


def kinds_said(wanted: frozenset[NotificationKind]) -> str:
    """Which kinds somebody wants: "reminders and digests, no tips"."""
    if wanted == ALL_KINDS:
        return "reminders, digests and tips"
    if not wanted:
        return "no reminders, digests or tips"
    yes = [kind for kind in _ORDER if kind in wanted]
    no = [kind for kind in _ORDER if kind not in wanted]
    return f"{' and '.join(yes)}, no {' or '.join(no)}"


def chosen(switch: OwnSwitch, team: int | None, now: Instant, *, own: bool = False) -> Spans:
    """All that somebody wants to be told, in one sentence without its subject and full stop. `own`: they read it themselves."""
    mine = f", only what is {'yours' if own else 'their own'}" if switch.only_mine else ""
    muted: Spans = ()
    if switch.muted_until is not None and now < switch.muted_until:
        muted = (Plain("; muted until "), Timestamp(switch.muted_until))
    thanks = "; thanks may stand in the weekly digest" if switch.thanks_public else ""
    return (Plain(f"{wanted_said(switch)}; {a_day(switch.budget, team)}{mine}{thanks}"), *muted)


def said_for(by: str, switch: OwnSwitch, team: int | None, now: Instant) -> Spans:
    """What a lead chose for somebody, as that one reads it in their list."""
    wants: Spans = (PersonName(by), Plain(" chose for you: "), *chosen(switch, team, now), Plain(". "))
    if switch.muted_at(now):
        return (*wants, CommandText("unmute"), Plain(" ends the mute, "), CommandText("want"), Plain(" shows the rest."))
    return (*wants, CommandText("want"), Plain(" shows it, and what you can say instead."))


def own_rows(switch: OwnSwitch, team: int | None, now: Instant, *, by: str | None = None) -> list[tuple[str, Spans]]:
    """What a member wants to be told, for their own list. `by`: a lead who said so for them."""
    number = team if switch.budget is None else switch.budget
    rows: list[tuple[str, Spans]] = []
    if number is not None:
        rows.append(("notifications", (Plain(f"at most {number} a day" if number else "none: what waits is on this list"),)))
    if switch.wanted != ALL_KINDS or switch.tips_off:
        rows.append(("you want", (Plain(wanted_said(switch)),)))
    if switch.only_mine:
        rows.append(("you are asked", (Plain("only about what is yours, never the team's"),)))
    if switch.muted_at(now):
        assert switch.muted_until is not None
        rows.append(("muted", (Plain("until "), Timestamp(switch.muted_until))))
    if switch.thanks_public:
        rows.append(("thanks to you", (Plain("also in the team's weekly digest"),)))
    if by is not None:
        rows.append(("chosen for you by", (PersonName(by),)))
    return rows


def silence_words(silence: NothingLeaves) -> Spans:
    """That nothing leaves at all; nothing where it does."""
    match silence:
        case "observing":
            return (Plain("This run only observes: nothing leaves."),)
        case "not_begun":
            return (Plain("Reminders haven't begun: nothing leaves until a lead says "), CommandText("start"), Plain("."))
        case "":
            return ()


def paused_lines(pauses: Sequence[PausedPlace], most: int = MOST_NAMED) -> list[Spans]:
    """What is paused until when and by whom, a line each."""
    lines: list[Spans] = []
    for pause in pauses[:most]:
        what = "Everything" if pause.channel_name is None else channel(pause.channel_name)
        begins: Spans = (Plain(f"{what} is paused until "),)
        if pause.begins is not None:
            begins = (Plain(f"{what} will be paused from "), Timestamp(pause.begins), Plain(" until "))
        lines.append((*begins, Timestamp(pause.until), Plain(", by "), PersonName(pause.by), Plain(".")))
    if len(pauses) > most:
        lines.append((Plain(f"{len(pauses) - most} more channels are paused."),))
    return lines


def quieted_lines(quieted: Quieted) -> list[Spans]:
    """What a digest says of it, a line each; nothing where nothing keeps quiet."""
    lines = paused_lines(quieted.pauses)
    if quieted.muted:
        muted: list[tuple[Span, ...]] = [(PersonName(who), Plain(" until "), Timestamp(until)) for who, until in quieted.muted]
        lines.append((Plain("Muted: "), *_listed(muted), Plain(".")))
    for says, members in (
        ("On their list only, with a budget of 0: ", quieted.without_budget),
        ("Want no reminders: ", quieted.unwilling),
    ):
        if members:
            named: list[tuple[Span, ...]] = [(PersonName(who),) for who in members]
            lines.append((Plain(says), *_listed(named), Plain(".")))
    if quieted.nobody_left:
        lines.append(
            (Plain("That is everybody on the team, so nobody is asked by name just now. Please look at the list yourselves."),)
        )
    return lines


def _listed(items: Sequence[tuple[Span, ...]]) -> Spans:
    spans: list[Span] = []
    for place, item in enumerate(items[:MOST_NAMED]):
        spans += [*([Plain(", ")] if place else []), *item]
    if len(items) > MOST_NAMED:
        spans.append(Plain(f" and {len(items) - MOST_NAMED} more"))
    return tuple(spans)
