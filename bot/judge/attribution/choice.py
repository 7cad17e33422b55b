"""From scores to probabilities: which of the candidates of a message are those it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp

from bot.domain.durations import Instant, Seconds
from bot.domain.messages import MessageRecord
from bot.domain.reading import MENTIONED, Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.attribution.features import MEASURES
from bot.judge.attribution.model import Candidate
from bot.judge.conversation import Conversation
from bot.judge.cue_sets import WANTS_ANSWER
from bot.judge.linear import Linear

WORDS_IN_COMMON = MEASURES.index("words in common")

CROSSED: Seconds = 10.0
"""A question that is no older than this, in seconds, wasn't read by who answers an earlier one of the same customer."""

ONE_OF_TWO = 0.25
"""Half the rarity-weighted words that a message has in common with one of a customer's questions, from which it is about that one
and not about another question that it shares no word with."""

PUT_OFF: Seconds = 3600.0
"""A hold that lasts this long, in seconds, is more than somebody looking for a moment."""

JOINS: Seconds = 2 * 3600.0
"""How long after a report somebody may join it by saying that they have the same, in seconds."""

ASKS_ANEW = WANTS_ANSWER | Cue.PROBLEM.value
"""What begins a matter of its own, and doesn't only add to what was said."""

_SAME = Cue.SAME.value


def probabilities_of(
    model: Linear, seen: MessageRecord, window: Window, found: Sequence[Candidate], reports: Mapping[str, Wait]
) -> list[float]:
    """How likely the message is for each of the candidates' waits. `reports`: see `reports_joined`."""
    return _for_all_their_waits(seen, window, found, share(model, found), reports)


def share(model: Linear, found: Sequence[Candidate]) -> list[float]:
    """The probability of each candidate. They compete, but not with each other those whom the message is for together: several
    people named in front, and the waits that a message for everybody is for."""
    scores = model.scores([candidate.values for candidate in found])
    top = max(scores)
    raised = [exp(score - top) for score in scores]
    total = sum(raised)
    together = {candidate.customer for candidate in found if candidate.named >= MENTIONED or candidate.among}
    if len(together) > 1:
        rest = sum(value for value, candidate in zip(raised, found, strict=True) if candidate.customer not in together)
        per: dict[str | None, float] = {}
        for value, candidate in zip(raised, found, strict=True):
            per[candidate.customer] = per.get(candidate.customer, 0.0) + value
        return [
            value / (rest + per[candidate.customer] if candidate.customer in together else total)
            for value, candidate in zip(raised, found, strict=True)
        ]
    return [value / total for value in raised]


def _for_all_their_waits(
    seen: MessageRecord,
    window: Window,
    found: Sequence[Candidate],
    probabilities: list[float],
    reports: Mapping[str, Wait],
) -> list[float]:
    """A customer's several open waits, and those that joined one of them, are one candidate in all but name: what they have
    together goes to the likeliest of them, and to all others that the message answers with it."""
    if reports:
        weighed = {candidate.wait.id for candidate in found if candidate.wait is not None}
        whose = [_whose(candidate, weighed, reports) for candidate in found]
    else:
        whose = [candidate.customer if candidate.wait is not None else None for candidate in found]
    told = [one for one in whose if one is not None]
    if len(set(told)) == len(told):
        return probabilities  # each is by itself
    best: dict[str, int] = {}
    total: dict[str, float] = {}
    for place, one in enumerate(whose):
        if one is None:
            continue
        total[one] = total.get(one, 0.0) + probabilities[place]
        if one not in best or _likelier(seen, found, probabilities, place, best[one]):
            best[one] = place
    least = {one: probabilities[place] for one, place in best.items()}
    for place, one in enumerate(whose):
        if one is None:
            continue
        if place == best[one] or _answered_with(seen, window, found[best[one]], found[place]):
            probabilities[place] = total[one]
        else:
            probabilities[place] = min(probabilities[place], least[one])
    return probabilities


def _likelier(seen: MessageRecord, found: Sequence[Candidate], probabilities: Sequence[float], place: int, other: int) -> bool:
    """Whether a message is more likely about the wait at one place than about that at another: not about what it crossed."""
    crossed, crossed_too = _crossed(seen, found[place]), _crossed(seen, found[other])
    return crossed_too if crossed != crossed_too else probabilities[place] > probabilities[other]


def _crossed(seen: MessageRecord, candidate: Candidate) -> bool:
    wait = candidate.wait
    return wait is not None and seen.reply_to not in wait.messages and 0.0 <= seen.at - wait.opened_at <= CROSSED


def _whose(candidate: Candidate, weighed: set[str], reports: Mapping[str, Wait]) -> str | None:
    """With whose waits a candidate's goes: its customer's, or those of the report it joined; None without a wait."""
    if candidate.wait is None:
        return None
    report = reports.get(candidate.wait.id)
    return report.customer if report is not None and report.id in weighed else candidate.customer


def _answered_with(seen: MessageRecord, window: Window, best: Candidate, other: Candidate) -> bool:
    """Whether a message to a customer, most likely about one of their waits, answers another of them as well. In a slow channel
    somebody asks, adds something hours later, and is answered once, about both. Not where the message refers to one of them,
    where an answer to the other was promised or put off, where that came just now, or where words say which question it is."""
    mine, theirs = best.wait, other.wait
    if best.customer != other.customer:
        return True  # one of them joined the other's report
    if mine is None or theirs is None or seen.reply_to is not None or mine.thread != theirs.thread:
        return False
    if seen.thread is not None and seen.thread not in (theirs.thread, *theirs.messages):
        return False
    if _put_off(mine, seen.at) or _put_off(theirs, seen.at) or _crossed(seen, other):
        return False
    common, elsewhere = other.values[0][WORDS_IN_COMMON], best.values[0][WORDS_IN_COMMON]
    if common > 0.0 or elsewhere < ONE_OF_TWO:
        return True
    opening = window.get(theirs.opening)
    return opening is not None and not opening.reading.cues & ASKS_ANEW


def _put_off(wait: Wait, at: Instant) -> bool:
    """Whether an answer to the wait is to come at its own time."""
    hold = wait.hold
    return hold is not None and hold.until > at and hold.until - hold.since >= PUT_OFF


def reports_joined(seen: MessageRecord, window: Window, conversation: Conversation, waits: Sequence[Wait]) -> dict[str, Wait]:
    """The report that each wait joined whose customer only said that they have the same, by that wait's id: what is said to the
    report is said to them."""
    joining = conversation.joining
    found: dict[str, Wait] = {}
    for wait in [wait for wait in waits if wait.customer in joining] if joining else ():
        opening = window.get(wait.opening) if wait.customer != seen.author else None
        if opening is not None and opening.reading.cues & _SAME:
            report = _report(wait, waits, joining)
            if report is not None:
                found[wait.id] = report
    return found


def _report(joins: Wait, waits: Sequence[Wait], joining: set[str]) -> Wait | None:
    """The report that a wait joined: the last one before it, of somebody else."""
    customer, thread, opened = joins.customer, joins.thread, joins.opened_at
    found: Wait | None = None
    for wait in waits:
        last = wait.last_message_at
        # The times first: they rule most out.
        if wait.opened_at >= opened or last + JOINS < opened or (found is not None and last <= found.last_message_at):
            continue
        if wait.customer != customer and wait.thread == thread and wait.customer not in joining:
            found = wait
    return found
