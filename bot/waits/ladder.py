"""Which reminder comes next, when and to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain import hours
from bot.domain.durations import Instant, Seconds
from bot.domain.hours import ALWAYS, Hours
from bot.domain.people import Team
from bot.domain.preferences import ORDINARY, OwnSwitch
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
    reminders a person gets in one of their days (None: no limit); `switch_of` is what a member chose for themselves; `paused`
    gives until when a channel (by key) is paused at an instant, if it is."""

    hours_of: Callable[[str], Hours]
    budget: int | None = None
    switch_of: Callable[[str], OwnSwitch] = lambda _: ORDINARY
    paused: Callable[[str, Instant], Instant | None] = lambda _channel, _now: None


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


def writer_to_ask(wait: Wait, team: Team) -> str | None:
    """The member who is to be asked whether what they wrote answered the wait; None where nothing is in question, or they were
    asked already."""
    maybe = wait.possible_answer
    if maybe is None or maybe.by in maybe.asked or maybe.by in wait.not_me or maybe.by not in team.members:
        return None
    return maybe.by


def asks_writer(wait: Wait, team: Team, to: tuple[str, ...]) -> bool:
    """Whether a reminder that goes to these members now is the question to who wrote what may be the answer."""
    writer = writer_to_ask(wait, team)
    return writer is not None and to == (writer,)


def following(wait: Wait, rules: ChannelRules, *, step: int, now: Instant, left: bool, asked: bool = False) -> list[Write]:
    """What comes after rung `step`, which `left` just now (else it was left out). `asked`: it was the question to who wrote what
    may be the answer. Where no rung comes after that one, it comes once more, as the wait's own."""
    writes = schedule(wait, rules, step=step + 1, now=now, below_left=left)
    if not asked or any(isinstance(write, SetReminder) for write in writes):
        return writes
    steps = rules.steps
    apart = steps[step].after - (steps[step - 1].after if step else 0.0) if step < len(steps) else 0.0
    return again(wait, rules, step=step, at=now + apart) or writes


def again(wait: Wait, rules: ChannelRules, *, step: int, at: Instant) -> list[Write]:
    """Rung `step` once more, at an instant or when the wait's hold runs out; nothing where there is no such rung."""
    if not wait.open or step >= len(rules.steps):
        return []
    due = at if wait.hold is None else max(at, wait.hold.until)
    return [SetReminder(wait=wait.id, step=step, to=rules.steps[step].to, due_at=due)]


def _climbs(wait: Wait) -> bool:
    """Whether a wait climbs beyond the first rung. One that was redirected comes back once, to ask whether that helped."""
    return wait.probability >= SURE and holds.climbs(wait)


def becomes_sure(before: Wait, after: Wait, rules: ChannelRules, at: Instant) -> bool:
    """Whether the judge has become sure of a wait by its customer's message at `at`, after the one rung that a doubtful wait has
    fell due: nothing would come any more."""
    if not rules.steps or before.probability >= SURE or after.probability < SURE:
        return False
    return at >= before.ladder_start + rules.steps[0].after


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
    question = _question(wait, team, quiet, now, later, sent_since)
    if question is not None:
        return question
    if later is not None:
        if _sooner_by_next(wait, rules, team, quiet, step=step, now=now, later=later):
            return Skip(reason=Reason(code=ReasonCode.BACK_TOO_LATE, about=asked))
        return later
    if not asked:
        return Send(to=())
    working = tuple(member for member in asked if hours.is_open(quiet.hours_of(member), now))
    within = tuple(member for member in working if not _over_budget(member, quiet, now, sent_since))
    return Send(to=within) if within else Skip(reason=Reason(code=ReasonCode.OVER_BUDGET, about=working))


def _question(
    wait: Wait,
    team: Team,
    quiet: QuietRules,
    now: Instant,
    usual: Later | Moot | None,
    sent_since: Callable[[str, Instant], int],
) -> Send | Later | None:
    """The rung as a question to who wrote what may be the answer, if that is to be asked and they can be: they are at work now,
    or are so no later than those whom the rung would remind (`usual`). Else nobody waits for them: the wait itself goes on."""
    writer = writer_to_ask(wait, team)
    if writer is None:
        return None
    at_work = _at_work((writer,), quiet, now)
    if at_work is None:
        return None if _over_budget(writer, quiet, now, sent_since) else Send(to=(writer,))
    if isinstance(at_work, Moot) or usual is None or (isinstance(usual, Later) and usual.at < at_work.at):
        return None
    return at_work


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
