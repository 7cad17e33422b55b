"""Which reminder comes next, when and to whom."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from bot.domain import hours
from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.notifications import APART, STRAIGHT, Asking, PassedOver, Unavailable
from bot.domain.people import Team
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import ChannelRules, Step, in_proportion
from bot.domain.waits import Hold, Wait
from bot.domain.writes import DropReminder, SetReminder, Write
from bot.waits import holds, loops
from bot.waits.availability import AskingFacts, Availability, QuietRules

SURE = 0.8
"""A wait the judge is less sure of than this climbs no further than the first rung: one question, no escalation. Waking a lead
over one that may not be a wait at all is what teaches a team to ignore us."""


LATE: Seconds = 15 * 60
"""A rung that left this long after its time was held up by somebody's hours or a hold, not by a busy platform. Where the next
rung is nearer than that, the way to it counts."""

TEAM_APART: Seconds = 2 * HOUR
"""Where nobody can be asked the team is, as a whole: no more often than this, with all that came up meanwhile."""

PATIENT_SHARE = 1 / 8
"""For longer than the settings say (`QuietRules.patience`) a rung waits for whom it is for where it comes late: for this part of
the time after which it does. After a day it may wait some hours for the lead, since others were asked before."""

HURRIED_SHARE = 1 / 3
"""This part of that patience is left where the customer has asked again, or said that it is urgent, with the first message or
later. The steps come no sooner for that: how soon is the settings' to say (targets), and some say it of everything."""

SAYS_URGENT = "says urgent"
"""The evidence of a wait that its customer said was urgent."""

URGENT = frozenset({SAYS_URGENT, "urgent"})
"""The same, or that this alone opened it (`circumstances.URGENT`)."""

MOST_PASSED = 12
"""Members noted as passed over for one reminder: enough to see why it went where it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """The reminder should leave now, to these members; empty means the team as a whole. `asking`: how they were chosen."""

    to: tuple[str, ...]
    asking: Asking = STRAIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: look again at `at`."""

    at: Instant
    asking: Asking = STRAIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Moot:
    """No reminder is needed any more, for this reason."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """This rung is left out, for this reason; the next one stays on the ladder."""

    reason: Reason
    asking: Asking = STRAIGHT


Verdict = Send | Later | Moot | Skip


def schedule(wait: Wait, rules: ChannelRules, *, step: int = 0, now: Instant, below_left: bool = False) -> list[Write]:
    """The write that makes rung `step` the wait's pending reminder, or withdraws it when the ladder has no such rung.

    A rung falls due `after` seconds past `wait.ladder_start`, never before now or before the wait's hold runs out.
    `below_left`: the rung below left just now. If that was late (it had to wait for somebody's working hours), this one keeps
    its distance, so that the night doesn't end with the owner and the lead reminded in the same minute.
    """
    steps = steps_of(wait, rules)
    if not wait.open or step >= len(steps) or (step > 0 and not _climbs(wait)):
        return [DropReminder(wait=wait.id)]
    due = max(wait.ladder_start + steps[step].after, now)
    if below_left and step > 0:
        apart = steps[step].after - steps[step - 1].after
        if now - (wait.ladder_start + steps[step - 1].after) > min(LATE, apart):
            due = max(due, now + apart)
    if wait.hold is not None:
        noticed = _noticed_from(wait.hold, rules, now) if step == 0 else None
        due = max(due, wait.hold.until) if noticed is None else noticed
    return [SetReminder(wait=wait.id, step=step, to=steps[step].to, due_at=due)]


def steps_of(wait: Wait, rules: ChannelRules) -> tuple[Step, ...]:
    """The rungs of a wait's ladder: its channel's, or where it has a target of its own, those in proportion to it."""
    steps, target = rules.steps, wait.target
    if target is None or not steps:
        return steps
    if target.whose == "newcomer" and target.first >= steps[0].after:
        return steps
    return in_proportion(steps, target.first)


def _noticed_from(hold: Hold, rules: ChannelRules, now: Instant) -> Instant | None:
    """When a wait that is held by a promise is looked at before that is due: at once, since the last look knows when who made it
    works, and so when they are to be told. So is one whose customer was pointed elsewhere. None: it isn't."""
    if rules.close_loop and holds.leaves_open(hold):
        return max(now, hold.since)
    until = holds.promised_for(hold)
    if until is None or not rules.promise_notice or until <= now or until - hold.since <= rules.promise_notice:
        return None
    return max(now, hold.since)


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


def following(
    wait: Wait, rules: ChannelRules, *, step: int, now: Instant, left: bool, asked: bool = False, asking: Asking = STRAIGHT
) -> list[Write]:
    """What comes after rung `step`, which `left` just now (else it was left out). `asked`: it was the question to who wrote what
    may be the answer. Where no rung comes after that one, it comes once more, as the wait's own. What went to the team because
    nobody's day had room (`asking`) comes again until somebody was asked; and after a word before a promise is due the rung
    itself comes, when it is."""
    if (asking.handed or asking.pressed) and wait.hold is not None:  # what was promised stands, and is looked at before it is due
        return schedule(wait, rules, step=step, now=now)
    if asking.promised is not None:
        return again(wait, rules, step=step, at=max(now, asking.promised)) or [DropReminder(wait=wait.id)]
    if left and asking.days_full:
        return again(wait, rules, step=step, at=now + TEAM_APART) or [DropReminder(wait=wait.id)]
    writes = schedule(wait, rules, step=step + 1, now=now, below_left=left)
    if asking.returns is not None and wait.handed_to is not None:
        due = min((write.due_at for write in writes if isinstance(write, SetReminder)), default=None)
        if due is None or asking.returns <= due:
            return again(wait, rules, step=0, at=max(now, asking.returns)) or writes
    if not asked or any(isinstance(write, SetReminder) for write in writes):
        return writes
    steps = steps_of(wait, rules)
    apart = steps[step].after - (steps[step - 1].after if step else 0.0) if step < len(steps) else 0.0
    return again(wait, rules, step=step, at=now + apart) or writes


def again(wait: Wait, rules: ChannelRules, *, step: int, at: Instant) -> list[Write]:
    """Rung `step` once more, at an instant or when the wait's hold runs out; nothing where there is no such rung."""
    if not wait.open or step >= len(rules.steps):
        return []
    due = at if wait.hold is None else max(at, wait.hold.until)
    return [SetReminder(wait=wait.id, step=step, to=rules.steps[step].to, due_at=due)]


def _climbs(wait: Wait) -> bool:
    """Whether a wait climbs beyond the first rung. One that was redirected does, when its time is up: like a broken promise."""
    return wait.probability >= SURE


def span(wait: Wait, rules: ChannelRules, step: int) -> Seconds:
    """How long rung `step` is the one that was reached last: until the next one; the last one as long as it is above the one
    below it."""
    steps = steps_of(wait, rules)
    if step + 1 < len(steps):
        return steps[step + 1].after - steps[step].after
    return steps[step].after - (steps[step - 1].after if step else 0.0)


def waits_for(wait: Wait, rules: ChannelRules, quiet: QuietRules, *, step: int, since: Instant, until: Instant) -> bool:
    """Whether rung `step` waits that long for whom it is for, although a colleague can be asked: never longer than until the next
    rung, nor in working time longer than a moment."""
    if until - since > span(wait, rules, step):
        return False
    steps = steps_of(wait, rules)
    urgent = wait.insisted is not None or not URGENT.isdisjoint(wait.evidence)
    patience = quiet.patience
    moment = patience * HURRIED_SHARE if urgent or not patience else max(patience, steps[step].after * PATIENT_SHARE)
    if step == 0:
        moment = min(moment, steps[0].after)  # who is in such a hurry doesn't want to wait as long again
    return until <= since or hours.working_between(quiet.hours_of(""), since, until) <= moment


def put_back(
    wait: Wait,
    rules: ChannelRules,
    *,
    step: int,
    now: Instant,
    left: tuple[int, Instant] | None,
    since: Instant | None = None,
) -> list[Write]:
    """Rung `step` at its own place on the ladder, after it was put off. It keeps the distance that `following` gave it to the
    rung that left last, `left` (step, instant), and has waited `since` then for whom it is for."""
    writes, steps = schedule(wait, rules, step=step, now=now), steps_of(wait, rules)
    writes = [replace(write, since=since) if isinstance(write, SetReminder) else write for write in writes]
    if left is None or step >= len(steps) or left[1] < wait.ladder_start:
        return writes
    before, at = left
    if before >= step:  # it comes again
        at += span(wait, rules, step)
    elif at - (wait.ladder_start + steps[before].after) > LATE:
        at += steps[step].after - steps[before].after
    return [replace(write, due_at=max(write.due_at, at)) if isinstance(write, SetReminder) else write for write in writes]


def becomes_sure(before: Wait, after: Wait, rules: ChannelRules, at: Instant) -> bool:
    """Whether the judge has become sure of a wait by its customer's message at `at`, after the one rung that a doubtful wait has
    fell due: nothing would come any more."""
    if not rules.steps or before.probability >= SURE or after.probability < SURE:
        return False
    return at >= before.ladder_start + steps_of(before, rules)[0].after


def restart(wait: Wait, rules: ChannelRules, at: Instant) -> Instant:
    """The `ladder_from` with which the first rung falls due exactly at `at` (a hold runs out: its reminder is due)."""
    first: Seconds = steps_of(wait, rules)[0].after if rules.steps else 0.0
    return at - first


def review(
    wait: Wait, rules: ChannelRules, team: Team, quiet: QuietRules, *, step: int, now: Instant, facts: AskingFacts
) -> Verdict:
    """What to do with a reminder whose time has come, looking at its wait and at people's day as they are now.

    Who can't be asked is passed over, and the next suitable colleague is asked in the same rung; but for somebody who is back in
    a moment it waits (`waits_for`), and within the rung's own span where nobody else can be asked. Where all who are at work
    can't be asked the team is, as a whole and not too often.
    """
    if not wait.open:
        return Moot(reason=Reason(code=ReasonCode.ENDED, about=(wait.state.value,)))
    if step >= len(rules.steps):
        return Moot(reason=Reason(code=ReasonCode.NO_STEP))
    if wait.hold is not None and wait.hold.until > now:
        at = loops.asked_at(wait, rules, team, quiet, now=now, facts=facts)
        if at is not None:
            return Later(at=at) if at > now else Send(to=(wait.hold.by,), asking=Asking(promised=wait.hold.until, loop=True))
        return _before_promise(wait, rules, team, quiet, now=now, facts=facts) or Later(at=wait.hold.until)
    paused = quiet.paused(wait.channel, now)
    if paused is not None and paused > now:
        return Later(at=paused)
    apart = min(APART, steps_of(wait, rules)[0].after)  # who is in such a hurry doesn't want to wait for others
    people = Availability(quiet=quiet, facts=facts, now=now, apart=apart, about=wait.channel)
    usual = _usual(wait, rules, team, people, step=step)
    return _question(wait, team, people, usual) or usual


def _before_promise(
    wait: Wait, rules: ChannelRules, team: Team, quiet: QuietRules, *, now: Instant, facts: AskingFacts
) -> Send | Later | None:
    """A word to who promised an answer, before it is due: once, and only where they named a time. None: there is none to say."""
    hold = wait.hold
    until = holds.promised_for(hold)
    if hold is None or until is None or not rules.promise_notice:
        return None
    whose = wait.handed_to or hold.by
    if whose not in team.members or whose in wait.not_me:
        return None
    theirs = quiet.hours_of(whose)
    since = hold.since if wait.handed is None or wait.handed_to is None else max(hold.since, wait.handed.at)
    if wait.insisted is not None:
        since = max(since, wait.insisted.at)  # they were told of it then
    if hours.next_day_open(theirs, hold.since) == until or until in facts.told_of_promises():
        return None
    from_ = hours.working_before(theirs, until, rules.promise_notice)
    if from_ is None or from_ <= since:
        return None
    at = max(from_, quiet.paused(wait.channel, now) or from_)
    if at > now:
        return Later(at=at) if at < until else None
    people = Availability(quiet=quiet, facts=facts, now=now, about=wait.channel)
    if people.passed(whose, own=True) is None:
        found = _apart((whose,), people, Asking(promised=until))
        return found if isinstance(found, Send) or found.at < until else None
    back = people.back(whose, own=True)
    return Later(at=back) if back is not None and now < back < until else None


def _usual(wait: Wait, rules: ChannelRules, team: Team, people: Availability, *, step: int) -> Verdict:
    """The rung as a reminder of the wait."""
    asked = recipients(wait, rules, team, step=step)
    if not asked and (people.quiet.budget is None or all(map(people.is_outside, team.members))):
        return _team(people)  # where nothing is counted (a replay) nobody knows whose day has room; or there is nobody to ask
    anybody = not asked and rules.steps[step].to == "team"
    own = asked == (wait.owner,)
    circle = dict.fromkeys((*_outside(wait, rules, team, people, step=step), *asked))
    passed = tuple(one for member in circle if (one := people.passed(member, own=own)) is not None)
    lately = {member: until for member in asked if (until := people.facts.lately(member)) is not None}
    free = tuple(member for member in people.free(asked, own=own) if member not in lately)
    if free:
        return _apart(free, people, Asking(passed=passed))
    gone = {one.member for one in passed if one.why is Unavailable.AWAY}
    know = _know(wait, people, lately, gone)
    if know:
        return asked_lately(wait, rules, step=step, now=people.now, until=min(know.values()), about=tuple(know), passed=passed)
    away = [one for one in passed if one.why in _COMES_BACK]
    back = _first(people.back(one.member, own=own) for one in away)
    since = people.now if people.facts.since is None else people.facts.since
    if back is not None and waits_for(wait, rules, people.quiet, step=step, since=since, until=back):
        return Later(at=back, asking=Asking(passed=passed, since=since))
    handed_by = () if wait.handed is None or wait.handed_to is None else (wait.handed.by,)  # they know, and passed it on
    colleagues = people.colleagues(wait, team, but=(*asked, *handed_by))
    for member in _owner_first(wait, team, people, colleagues) if anybody else colleagues:
        found, until = people.passed(member, own=anybody and member == wait.owner), people.facts.lately(member)
        if found is None and until is None:
            return _apart((member,), people, Asking(passed=passed, anybody=anybody))
        if found is None and until is not None:
            lately[member] = until
        elif found is not None and len(passed) < MOST_PASSED:
            passed = (*passed, found)
    known = {member: until for member, until in lately.items() if member not in gone}
    if back is not None and back - since <= span(wait, rules, step):
        return Later(at=min((back, *known.values())), asking=Asking(passed=passed, since=since))
    if known:
        return asked_lately(wait, rules, step=step, now=people.now, until=min(known.values()), about=tuple(known), passed=passed)
    return _nobody(wait, rules, team, people, step=step, asked=asked, passed=passed)


def _outside(wait: Wait, rules: ChannelRules, team: Team, people: Availability, *, step: int) -> tuple[str, ...]:
    """Whom a rung would be for, were they on the team of the server where the customer waits."""
    audience = rules.steps[step].to
    circle = {"duty": team.duty, "lead": team.leads}.get(audience, team.duty if audience == "owner" and not wait.owner else ())
    return tuple(member for member in circle if people.is_outside(member)) if team.servers else ()


def _know(wait: Wait, people: Availability, lately: Mapping[str, Instant], gone: Container[str]) -> dict[str, Instant]:
    """Those who know of the wait because they were asked too lately to be asked again, and until when they aren't: those whom the
    rung is for (`lately`), and who was asked last instead of them, unless they are away. Once that one says Not me it is passed
    on, whoever knows of it besides."""
    last = people.facts.asked_last()
    if last and all(member in wait.not_me for member in last):
        return {}
    found = {member: until for member in last if (until := people.facts.lately(member)) is not None}
    away = [member for member in found if (one := people.passed(member, own=False)) and one.why is Unavailable.AWAY]
    known = {member: until for member, until in found.items() if member not in wait.not_me and member not in away}
    return {member: until for member, until in lately.items() if member not in gone} | known


def _owner_first(wait: Wait, team: Team, people: Availability, colleagues: tuple[str, ...]) -> Iterable[str]:
    """Who may be asked by a rung that is for the whole team, best first: whose the wait is, unless they were asked before."""
    owner = wait.owner
    theirs = owner is not None and owner in colleagues and owner not in people.facts.asked()
    return dict.fromkeys((owner, *colleagues)) if owner is not None and theirs else colleagues


def _team(people: Availability) -> Verdict:
    """The rung goes to the team as a whole, in the team's own hours."""
    opens = hours.next_open(people.quiet.hours_of(""), people.now)
    if opens is None:
        return Moot(reason=Reason(code=ReasonCode.NOBODY_WORKS))
    return Send(to=()) if opens <= people.now else Later(at=opens)


def asked_lately(
    wait: Wait,
    rules: ChannelRules,
    *,
    step: int,
    now: Instant,
    until: Instant,
    about: tuple[str, ...],
    passed: tuple[PassedOver, ...] = (),
) -> Later | Skip:
    """Rung `step`, where those whom it is for (`about`; none: the team) were asked so lately that they aren't again until then.
    The next rung takes its place where that comes about then by itself; else it waits: a ladder doesn't end by what was said."""
    asking = Asking(passed=passed)
    steps = steps_of(wait, rules)
    if step + 1 < len(steps) and _climbs(wait):
        following = wait.ladder_start + steps[step + 1].after
        if now < following <= until + LATE:
            return Skip(reason=Reason(code=ReasonCode.ASKED_LATELY, about=about), asking=asking)
    return Later(at=until, asking=asking)


_COMES_BACK = frozenset({Unavailable.AWAY, Unavailable.OFF_HOURS, Unavailable.MUTED})
"""Who can't be asked for one of these is waited for, if that isn't long. A full day lasts until the next."""


def _nobody(
    wait: Wait,
    rules: ChannelRules,
    team: Team,
    people: Availability,
    *,
    step: int,
    asked: tuple[str, ...],
    passed: tuple[PassedOver, ...],
) -> Verdict:
    """Nobody on the team can be asked now."""
    now, quiet = people.now, people.quiet
    there = {member for member in team.members if not people.is_outside(member)}
    everybody = tuple(sorted((there | set(asked)) - set(wait.not_me))) or tuple(sorted(there))
    working = [member for member in everybody if people.at_work(member)]
    if not working:
        soonest = _first(people.opens(member) for member in everybody)  # who wants nothing then leaves it to the team
        theirs = _first(people.back(member, own=asked == (wait.owner,)) for member in asked)
        if soonest is None:
            return Moot(reason=Reason(code=ReasonCode.NOBODY_WORKS))
        since = soonest if people.facts.since is None else people.facts.since
        if theirs is not None and waits_for(wait, rules, quiet, step=step, since=since, until=theirs):
            return Later(at=theirs, asking=Asking(passed=passed, since=since))
        return Later(at=soonest, asking=Asking(passed=passed))
    if quiet.budget == 0:  # the settings say: digests only
        return Skip(reason=Reason(code=ReasonCode.OVER_BUDGET, about=asked), asking=Asking(passed=passed))
    lead, back = _named(wait, team, people)
    whys = [found.why for member in working if (found := people.passed(member, own=member in asked)) is not None]
    asking = Asking(passed=passed, lead=lead, back=back, days_full=Unavailable.FULL in whys)
    before = people.facts.team_asked_at()
    if before is not None and now - before < TEAM_APART:
        return Later(at=before + TEAM_APART, asking=asking)
    gathers = people.facts.team_gathers(people.apart)  # else what falls due a second later would wait for the next one
    if gathers is not None:
        return Later(at=gathers, asking=asking)
    return Send(to=(), asking=asking)


def _named(wait: Wait, team: Team, people: Availability) -> tuple[str | None, Instant | None]:
    """Whom a message to the team names, and when they are at work, where they aren't: a lead who is, else who of them is first.
    Whoever passed the wait on comes last, who has no account where the customer waits before them, and where nobody is a lead
    everybody is."""
    here = team.there(wait.channel, team.members)
    reached = [lead for lead in team.leads if people.quiet.reaches(lead) and not people.is_outside(lead)]
    known = reached or (team.leads if not team.servers else ()) or sorted(here or team.members)
    leads = sorted(known, key=lambda member: (member in wait.not_me, member not in here))
    opens = {member: at for member in leads if (at := people.opens(member)) is not None}
    if not opens:
        return (leads[0] if leads else None), None
    lead = min(opens, key=lambda member: opens[member])  # the first of those who are at work
    return lead, (opens[lead] if opens[lead] > people.now else None)


def _first(instants: Iterable[Instant | None]) -> Instant | None:
    return min((at for at in instants if at is not None), default=None)


def _apart(to: tuple[str, ...], people: Availability, asking: Asking) -> Send | Later:
    """To those of them who weren't told something just now; where all were, when the first of them may be again."""
    rests = {member: people.rests_until(member) for member in to}
    ready = tuple(member for member in to if rests[member] is None)
    if ready:
        return Send(to=ready, asking=asking)
    return Later(at=min(at for at in rests.values() if at is not None), asking=asking)


def _question(wait: Wait, team: Team, people: Availability, usual: Verdict) -> Send | Later | None:
    """The rung as a question to who wrote what may be the answer, if that is to be asked and they can be: now, or no later than
    those whom the rung would remind (`usual`). Else nobody waits for them: the wait itself goes on."""
    writer = writer_to_ask(wait, team)
    if writer is None:
        return None
    found = people.passed(writer, own=True)
    if found is None:
        return _apart((writer,), people, STRAIGHT)
    back = people.back(writer, own=True) if found.why in _COMES_BACK else None
    if back is None or not isinstance(usual, Later) or usual.at < back:
        return None
    return Later(at=back)


def recipients(wait: Wait, rules: ChannelRules, team: Team, *, step: int) -> tuple[str, ...]:
    """Whom rung `step` addresses. Where nobody fits, the next wider circle is asked: owner, duty, lead, the team."""
    audience = rules.steps[step].to
    if step == 0 and wait.owner_reason == "assigned" and wait.owner in team.members:  # whoever the first rung is for else
        return (wait.owner,)
    if audience == "owner" and wait.owner is not None and wait.owner in team.members:  # they may have left
        return (wait.owner,)
    if audience in ("owner", "duty"):
        duty = _here(wait, team, team.duty)
        if duty:
            return duty[:1] if audience == "owner" else duty
    if audience in ("duty", "lead"):
        leads = _here(wait, team, team.leads)
        if leads:
            return leads
    return ()


def _here(wait: Wait, team: Team, members: Iterable[str]) -> tuple[str, ...]:
    """Those who didn't pass the wait on and can reply where the customer waits."""
    return tuple(member for member in team.there(wait.channel, members) if member not in wait.not_me)
