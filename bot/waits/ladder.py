"""Which reminder comes next, when and to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import hours
from bot.domain.durations import Instant, Seconds
from bot.domain.hours import ALWAYS, Hours
from bot.domain.people import Team
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.domain.writes import DropReminder, SetReminder, Write
from bot.waits import holds

SURE = 0.8
"""A wait the judge is less sure of than this climbs no further than the first rung: one question, no escalation. Waking a lead
over one that may not be a wait at all is what teaches a team to ignore us."""


LATE: Seconds = 15 * 60
"""A rung that left this long after its time was held up by somebody's hours or a hold, not by a busy platform. Where the next
rung is nearer than that, the way to it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """The reminder should leave now, to these members; empty means the team as a whole."""

    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: look again at `at`."""

    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Moot:
    """No reminder is needed any more, for this reason."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """This rung is left out, for this reason; the next one stays on the ladder."""

    reason: Reason


Verdict = Send | Later | Moot | Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRules:
    """What keeps reminders bearable. `hours_of` gives working hours by member id ("" = the team's own); `budget` is the most
    reminders a person gets in one of their days (None: no limit)."""

    hours_of: Callable[[str], Hours]
    budget: int | None = None


ROUND_THE_CLOCK = QuietRules(hours_of=lambda _: ALWAYS)
"""No working hours, no budget."""


def schedule(wait: Wait, rules: ChannelRules, *, step: int = 0, now: Instant, below_left: bool = False) -> list[Write]:
    """The write that makes rung `step` the wait's pending reminder, or withdraws it when the ladder has no such rung.

    A rung falls due `after` seconds past `wait.ladder_start`, never before now or before the wait's hold runs out.
    `below_left`: the rung below left just now. If that was late (it had to wait for somebody's working hours), this one keeps
    its distance, so that the night doesn't end with the owner and the lead reminded in the same minute.
    """
    steps = rules.steps
    if not wait.open or step >= len(steps) or (step > 0 and not _climbs(wait)):
        return [DropReminder(wait=wait.id)]
    due = max(wait.ladder_start + steps[step].after, now)
    if below_left and step > 0:
        apart = steps[step].after - steps[step - 1].after
        if now - (wait.ladder_start + steps[step - 1].after) > min(LATE, apart):
            due = max(due, now + apart)
    if wait.hold is not None:
        due = max(due, wait.hold.until)
    return [SetReminder(wait=wait.id, step=step, to=steps[step].to, due_at=due)]


def _climbs(wait: Wait) -> bool:
    """Whether a wait climbs beyond the first rung. One that was redirected comes back once, to ask whether that helped."""
    return wait.probability >= SURE and holds.climbs(wait)


def restart(rules: ChannelRules, at: Instant) -> Instant:
    """The `ladder_from` with which the first rung falls due exactly at `at` (a hold runs out: its reminder is due)."""
    first: Seconds = rules.steps[0].after if rules.steps else 0.0
    return at - first


def review(
    wait: Wait,
    rules: ChannelRules,
    team: Team,
    quiet: QuietRules,
    *,
    step: int,
    now: Instant,
    sent_since: Callable[[str, Instant], int],
) -> Verdict:
    """What to do with a reminder whose time has come, looking at its wait and at people's day as they are now.

    `sent_since(person, instant)` counts the reminders a person got since then.
    """
    if not wait.open:
        return Moot(reason=Reason(code=ReasonCode.ENDED, about=(wait.state.value,)))
    if step >= len(rules.steps):
        return Moot(reason=Reason(code=ReasonCode.NO_STEP))
    if wait.hold is not None and wait.hold.until > now:
        return Later(at=wait.hold.until)
    asked = recipients(wait, rules, team, step=step)
    later = _at_work(asked, quiet, now)
    if later is not None:
        if _sooner_by_next(wait, rules, team, quiet, step=step, now=now, later=later):
            return Skip(reason=Reason(code=ReasonCode.BACK_TOO_LATE, about=asked))
        return later
    if not asked:
        return Send(to=())
    working = tuple(member for member in asked if hours.is_open(quiet.hours_of(member), now))
    within = tuple(member for member in working if not _over_budget(member, quiet, now, sent_since))
    return Send(to=within) if within else Skip(reason=Reason(code=ReasonCode.OVER_BUDGET, about=working))


def _at_work(who: tuple[str, ...], quiet: QuietRules, now: Instant) -> Later | Moot | None:
    """None when one of them (nobody: the team) is at work now; else when the first of them will be."""
    opens = [at for member in who or ("",) if (at := hours.next_open(quiet.hours_of(member), now)) is not None]
    if not opens:
        return Moot(reason=Reason(code=ReasonCode.NOBODY_WORKS))
    return Later(at=min(opens)) if min(opens) > now else None


def _sooner_by_next(
    wait: Wait, rules: ChannelRules, team: Team, quiet: QuietRules, *, step: int, now: Instant, later: Later | Moot
) -> bool:
    """Whether the next rung can reach somebody before this one can: the owner sleeps at the other end of the world or is on
    vacation, while who is on duty is at work. Where all start work at the same time, the one who knows the customer is asked."""
    if step + 1 >= len(rules.steps) or not _climbs(wait):
        return False
    due = max(wait.ladder_start + rules.steps[step + 1].after, now)
    asked = recipients(wait, rules, team, step=step + 1)
    opens = [at for member in asked or ("",) if (at := hours.next_open(quiet.hours_of(member), due)) is not None]
    return bool(opens) and (isinstance(later, Moot) or min(opens) < later.at)


def _over_budget(member: str, quiet: QuietRules, now: Instant, sent_since: Callable[[str, Instant], int]) -> bool:
    if quiet.budget is None:
        return False
    zone = quiet.hours_of(member).zone
    midnight = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return sent_since(member, midnight.timestamp()) >= quiet.budget


def recipients(wait: Wait, rules: ChannelRules, team: Team, *, step: int) -> tuple[str, ...]:
    """Whom rung `step` addresses. Where nobody fits, the next wider circle is asked: owner, duty, lead, the team."""
    audience = rules.steps[step].to
    if audience == "owner" and wait.owner is not None and wait.owner in team.members:  # they may have left
        return (wait.owner,)
    if audience in ("owner", "duty"):
        duty = tuple(member for member in team.duty if member not in wait.not_me)
        if duty:
            return duty[:1] if audience == "owner" else duty
    if audience in ("duty", "lead"):
        leads = tuple(member for member in team.leads if member not in wait.not_me)
        if leads:
            return leads
    return ()
