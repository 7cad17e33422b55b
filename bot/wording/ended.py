"""What a posted reminder says once it is moot: who answered, or who is on it. The quote is gone, nobody is notified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from bot.domain import keys
from bot.domain.durations import Instant
from bot.domain.views import Button, Buttons, Link, Node, PersonName, Plain, Quote, SmallPrint, Spans, Text, Timestamp, View
from bot.domain.waits import ANSWERING, Reply, ReplyKind, Wait, WaitState
from bot.wording.holds import hold_gist, hold_line, offers_not_me, said_why, undo_of
from bot.wording.phrases import after, channel, gist, people, say_moment
from bot.wording.reminder import check_handle


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledFacts:
    """A wait whose posted reminder is brought up to date, as of `now`.

    `by` is who dismissed it, where that is known. `note` is what was said of why it is on hold. `can_reopen`: a button offers to
    put it back on the list ("reopen"). `newest` is what its customer wrote last, where they pressed for what is promised.
    """

    wait: Wait
    handle: str
    now: Instant
    zone: tzinfo
    channel_name: str
    link: str | None = None
    by: str | None = None
    can_reopen: bool = False
    note: str = ""
    newest: str = ""

    def __post_init__(self) -> None:
        check_handle(self.handle)


def settled(facts: SettledFacts) -> View:
    """The reminder after its wait ended: "Answered by Ana after 42 min". Raises ValueError while the customer waits."""
    if facts.wait.open:
        raise ValueError(f"wait {facts.wait.id} hasn't ended: use `held` or `reminder`")
    nodes: list[Node] = [Text(outcome(facts)), SmallPrint(_where(facts))]
    buttons = (*_reopen(facts), Button("Why?", "why", facts.handle))
    return View(nodes=(*nodes, Buttons(buttons)), fallback=f"Done: {_gist(facts.wait)} in {channel(facts.channel_name)}")


def held(facts: SettledFacts) -> View:
    """The reminder while somebody is on it: "Ana is on it". Raises ValueError when no hold keeps the wait quiet."""
    hold = facts.wait.hold
    if not facts.wait.open or hold is None:
        raise ValueError(f"wait {facts.wait.id} isn't on hold: use `settled` or `reminder`")
    done, needless = Button("Answered elsewhere", "answered", facts.handle), Button("No reply needed", "dismiss", facts.handle)
    back = (
        *([Button("Not me", "not_me", facts.handle)] if offers_not_me(hold) else []),
        *([Button("Undo", undo, keys.argument(facts.handle, hold.number))] if (undo := undo_of(hold)) is not None else []),
    )
    more = (needless, Button("Why?", "why", facts.handle))
    nodes: tuple[Node, ...] = (
        Text((*hold_line(facts.wait), *said_why(facts.note))),
        *_pressed(facts),
        SmallPrint(_where(facts)),
        Buttons((done, *back), more),
    )
    gist = hold_gist(hold, say_moment(hold.until, facts.zone, facts.now))
    return View(nodes=nodes, fallback=f"{gist}, in {channel(facts.channel_name)}")


def _pressed(facts: SettledFacts) -> tuple[Node, ...]:
    insisted, latest = facts.wait.insisted, gist((facts.newest,))
    if insisted is None:
        return ()
    asked = SmallPrint((PersonName(facts.wait.customer), Plain(" asked again "), Timestamp(insisted.at), Plain(".")))
    return (asked, Quote(latest)) if latest else (asked,)


def moved(facts: SettledFacts, to: tuple[str, ...], where: str) -> View:
    """The reminder once others are asked elsewhere: "Now with Ben in #support-team". `where` is the channel's name, or what else
    the place is called."""
    says: Spans = (Plain("Now with "), *elsewhere(to, where), Plain("."))
    nodes: tuple[Node, ...] = (Text(says), SmallPrint(_where(facts)), Buttons((Button("Why?", "why", facts.handle),)))
    return View(nodes=nodes, fallback=f"Somebody else is asked now, about {channel(facts.channel_name)}")


def elsewhere(to: tuple[str, ...], where: str) -> Spans:
    """Who is asked, and where: "Ben in #support-team"."""
    return (*(people(to) if to else (Plain("the team"),)), Plain(f" {where}"))


def outcome(facts: SettledFacts) -> Spans:
    """How a wait ended, as a sentence without its full stop: "Answered by Ana after 42 min"."""
    wait, customer = facts.wait, PersonName(facts.wait.customer)
    match wait.state:
        case WaitState.ANSWERED:
            return _answered(wait)
        case WaitState.HELPED:
            helper = wait.replies[-1] if wait.replies else None
            if helper is None:
                return (Plain("Somebody helped "), customer)
            return (PersonName(helper.by), Plain(" helped "), customer, Plain(" " + after(helper.at - wait.opened_at)))
        case WaitState.RESOLVED:
            return (customer, Plain("'s question was marked as solved" if wait.by_thread else " found the answer"))
        case WaitState.WITHDRAWN:
            if wait.by_channel:
                where = "thread" if wait.by_thread else "channel"
                return (Plain(f"The {where} is gone, or I can't see it any more"),)
            return (customer, Plain("'s question was deleted" if wait.by_thread else " took the question back"))
        case WaitState.DISMISSED:
            return (Plain("No reply needed"), *((Plain(", says "), PersonName(facts.by)) if facts.by is not None else ()))
        case WaitState.WAITING:
            return (customer, Plain(" is still waiting"))


def outcome_line(facts: SettledFacts) -> Spans:
    """A wait that has ended, in a list of several: "Dana in #help: answered by Ana after 42 min"."""
    return (PersonName(facts.wait.customer), Plain(f" in {channel(facts.channel_name)}: "), *going_on(outcome(facts)))


def quiet_line(facts: SettledFacts) -> Spans:
    """A wait that is over, or held, in a list of several: "Dana in #help: Ana is on it"."""
    if not facts.wait.open or facts.wait.hold is None:
        return outcome_line(facts)
    where = Plain(f" in {channel(facts.channel_name)}: ")
    return (PersonName(facts.wait.customer), where, *going_on(hold_line(facts.wait)), *said_why(facts.note))


def going_on(sentence: Spans) -> Spans:
    """A sentence as it reads after a colon: its first word in small letters, unless it is somebody's name."""
    first, *rest = sentence
    return (Plain(first.text[:1].lower() + first.text[1:]) if isinstance(first, Plain) else first, *rest)


def _answered(wait: Wait) -> Spans:
    if wait.marked_by is not None and wait.in_private:
        return (Plain("Dealt with in private, says "), PersonName(wait.marked_by))
    if wait.marked_by is not None:
        return (PersonName(wait.marked_by), Plain(" has marked it answered"))
    reply = _answer(wait)
    if reply is None:
        return (Plain("Answered"),)
    when = Plain(" " + after(reply.at - wait.opened_at))
    if reply.kind is ReplyKind.CLARIFYING:
        return (PersonName(reply.by), Plain(" asked "), PersonName(wait.customer), Plain(" back"), when)
    return (Plain("Answered by "), PersonName(reply.by), when)


def _answer(wait: Wait) -> Reply | None:
    """The reply that ended the wait: the last in somebody's own words."""
    return next((reply for reply in reversed(wait.replies) if reply.kind in ANSWERING), None)


def _where(facts: SettledFacts) -> Spans:
    where = channel(facts.channel_name)
    spans: Spans = (PersonName(facts.wait.customer), Plain(f" in {where}, "), Timestamp(facts.wait.opened_at))
    return spans if facts.link is None else (*spans, Plain(", "), Link(facts.link, "open the message"))


def _reopen(facts: SettledFacts) -> tuple[Button, ...]:
    gone = facts.wait.state is WaitState.WITHDRAWN and not facts.wait.by_channel
    return (Button("Still waiting", "reopen", facts.handle),) if facts.can_reopen and not gone else ()


def _gist(wait: Wait) -> str:
    """How it ended, without names: notifications can't resolve ids."""
    if wait.by_channel:
        return "its thread is gone" if wait.by_thread else "its channel is gone"
    return {
        WaitState.ANSWERED: "dealt with in private" if wait.in_private else "answered",
        WaitState.HELPED: "another customer helped",
        WaitState.RESOLVED: "marked as solved" if wait.by_thread else "the customer found the answer",
        WaitState.DISMISSED: "no reply needed",
        WaitState.WITHDRAWN: "the question was deleted" if wait.by_thread else "the question was taken back",
        WaitState.WAITING: "still waiting",
    }[wait.state]
