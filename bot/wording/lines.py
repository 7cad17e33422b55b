"""The short line by which a later rung notifies: who is asked now, about whom, and why. The post it goes with says all else.

"@Ben: Dana still waits in #help, 2 h; Ana was asked first."

A line is history. It is changed once, when it isn't so any more, to what stays true: "Ben was asked about Dana in #help, 14:01".
How things are says the post alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.durations import Instant
from bot.domain.views import (
    BULLET,
    Button,
    Buttons,
    Code,
    Menu,
    Node,
    PersonName,
    Plain,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.wording.holds import insisted_line
from bot.wording.phrases import channel, count, people, span_of
from bot.wording.reminder import (
    ANYBODY,
    LISTS,
    MOST_MERGED,
    ReminderFacts,
    asked_about,
    nobody_free,
    on_duty_words,
    perhaps_answered,
    promised_words,
    why_owner,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFacts:
    """What stays true of a line: about whose wait it asked whom, and when."""

    customer: str
    handle: str
    channel_name: str
    to: tuple[str, ...]
    at: Instant


def line(waiting: Sequence[ReminderFacts]) -> View:
    """A rung about waits that stand in posts already, the longest first. Whom it is addressed to is notified. Raises ValueError
    when there is nothing to say."""
    if not waiting:
        raise ValueError("a line needs at least one wait")
    ranked = _ranked(waiting)
    everybody = _everybody(ranked)
    if len(ranked) == 1:
        (facts,) = ranked
        stop = Plain("." if facts.question is None else "?")
        anybody = ANYBODY if facts.anybody and facts.to else ()
        said = (*_call(facts.to), *_news(facts, facts.to), stop, *_why_them(facts), *anybody)
        nodes: list[Node] = [Text(said), *_question(facts), *(() if facts.to else (LISTS,))]
        return View(nodes=tuple(nodes), fallback=_gist(facts), addressed=everybody)
    total = count(len(ranked), "customer still waits", "customers still wait")
    unasked = next((facts for facts in ranked if facts.lead is not None and not facts.to), None)
    free: Spans = () if unasked is None else (Plain(" "), *nobody_free(unasked))
    nodes = [Text((*_call(everybody), Plain(f"{total}."), *free))]
    nodes += _listed(ranked, called=everybody, shared=len({facts.to for facts in ranked}) == 1)
    nodes += [LISTS] if len(ranked) > MOST_MERGED or not everybody else []
    return View(nodes=tuple(nodes), fallback=total, addressed=everybody)


def with_lines(view: View, waiting: Sequence[ReminderFacts]) -> View:
    """A reminder that tells besides, in lines, of waits which stand in other posts."""
    ranked = _ranked(waiting)
    controls = next((place for place, node in enumerate(view.nodes) if isinstance(node, Buttons | Menu)), len(view.nodes))
    still = Text((Plain("Still waiting, too:"),))
    called = view.addressed
    nodes = [still, *_listed(ranked, called=called, shared=all(set(facts.to) <= {*called} for facts in ranked))]
    nodes += [LISTS] if len(ranked) > MOST_MERGED and LISTS not in view.nodes else []
    addressed = tuple(dict.fromkeys((*view.addressed, *_everybody(ranked))))
    return replace(view, nodes=(*view.nodes[:controls], *nodes, *view.nodes[controls:]), addressed=addressed)


def line_asked(asked: Sequence[AskedFacts]) -> View:
    """What a line says that isn't so any more: whom it asked about whom, and when. Nobody is notified. Raises ValueError
    when there is nothing to say."""
    if not asked:
        raise ValueError("a line tells of at least one wait")
    if len(asked) == 1:
        nodes: tuple[Node, ...] = (Text((*_was_asked(asked[0]), Plain("."))),)
    else:
        nodes = tuple(Text(one) for one in _all_asked(asked))
    return View(nodes=nodes, fallback=f"{count(len(asked), 'customer')} asked about before")


def with_asked(view: View, asked: Sequence[AskedFacts]) -> View:
    """A reminder that is brought up to date, and what stays true of the lines it had about waits in other posts."""
    controls = next((place for place, node in enumerate(view.nodes) if isinstance(node, Buttons | Menu)), len(view.nodes))
    said = tuple(SmallPrint(one) for one in _all_asked(asked))
    return replace(view, nodes=(*view.nodes[:controls], *said, *view.nodes[controls:]))


def _all_asked(asked: Sequence[AskedFacts]) -> list[Spans]:
    said: list[Spans] = [(Plain(BULLET), *_was_asked(one), Plain("  "), Code(one.handle)) for one in asked[:MOST_MERGED]]
    more = len(asked) - MOST_MERGED
    return [*said, (Plain(f"and {more} more"),)] if more > 0 else said


def _was_asked(asked: AskedFacts) -> Spans:
    whom: Spans = people(asked.to) if asked.to else (Plain("The team"),)
    verb = " were asked about " if len(asked.to) > 1 else " was asked about "
    where = Plain(f" in {channel(asked.channel_name)}, ")
    return (*whom, Plain(verb), PersonName(asked.customer), where, Timestamp(asked.at))


def _ranked(waiting: Sequence[ReminderFacts]) -> list[ReminderFacts]:
    return sorted(waiting, key=lambda facts: (facts.wait.opened_at, facts.wait.id))


def _everybody(ranked: Sequence[ReminderFacts]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(member for facts in ranked for member in facts.to))


def _call(to: tuple[str, ...]) -> Spans:
    return (*people(to, ping=to), Plain(": ")) if to else ()


def _listed(ranked: Sequence[ReminderFacts], *, called: tuple[str, ...], shared: bool) -> list[Node]:
    """Waits, a line each. `called` are those whom the message is for; unless they are the same for all (`shared`), each line
    names its own."""
    nodes: list[Node] = []
    for facts in ranked[:MOST_MERGED]:
        whose: Spans = () if shared or not facts.to else (Plain(", for "), *people(facts.to, ping=facts.to))
        nodes.append(Text((Plain(BULLET), *_news(facts, called), *whose, Plain("  "), Code(facts.handle))))
    more = ranked[MOST_MERGED:]
    if more:
        uncalled = () if shared else _everybody(more)
        whose = (Plain(", for "), *people(uncalled, ping=uncalled)) if uncalled else ()
        nodes.append(Text((Plain(f"and {len(more)} more"), *whose)))
    for facts in ranked:
        nodes += _question(facts)
    return nodes


def _news(facts: ReminderFacts, called: tuple[str, ...]) -> Spans:
    """Why there is a line: they still wait, have asked again, or somebody is asked about their own message. "You" is said where
    exactly those are `called` whom it asks."""
    wait, customer = facts.wait, PersonName(facts.wait.customer)
    where = Plain(f" in {channel(facts.channel_name)}, {span_of(facts.waited)}")
    to_them = facts.to == called
    if facts.promise_due is not None:
        return promised_words(facts, facts.promise_due, to_them=to_them)
    maybe = facts.question
    if maybe is not None and not to_them:
        return (Plain("does what "), PersonName(maybe.by), Plain(" wrote "), Timestamp(maybe.at), Plain(" answer "), customer)
    if maybe is not None:
        return (Plain("did your message of "), Timestamp(maybe.at), Plain(" answer "), customer)
    if wait.insisted is not None and not any(sent.at >= wait.insisted.at for sent in facts.earlier):
        return insisted_line(wait.insisted, wait.customer, facts.to if to_them else ())
    return (customer, Plain(" still waits"), where, *_asked_first(facts, to_them=to_them))


def _asked_first(facts: ReminderFacts, *, to_them: bool) -> Spans:
    """Who was asked before: whoever was first, unless that is who is asked now."""
    if not facts.earlier:
        return ()
    mine = [sent for sent in facts.earlier if sent.to == facts.to]
    others = [sent for sent in facts.earlier if sent.to and not set(sent.to) & set(facts.to)]
    first = next((sent for sent in facts.earlier if sent.to), None)
    if others and (first is others[0] or not (mine and facts.to)):
        verb = " were asked " if len(others[0].to) > 1 else " was asked "
        return (Plain("; "), *people(others[0].to), Plain(f"{verb}{'first' if first is others[0] else 'before, too'}"))
    if mine and facts.to:
        whom: Spans = (Plain("you"),) if to_them else people(facts.to)
        verb = " was asked " if len(facts.to) == 1 and not to_them else " were asked "
        return (Plain("; "), *whom, Plain(verb), Timestamp(mine[-1].at))
    return (Plain("; the team was asked before"),) if any(not sent.to for sent in facts.earlier) else ()


def _why_them(facts: ReminderFacts) -> Spans:
    """What somebody wrote that may be the answer; else why it comes to whom it comes, where that is said in a few words."""
    if facts.promise_due is not None and not facts.pressed:
        return ()
    if facts.lead is not None and not facts.to:
        return (Plain(" "), *nobody_free(facts))
    if facts.pressed:
        return ()
    maybe = facts.wait.possible_answer
    if maybe is not None and facts.question is None:
        return (Plain(" "), *perhaps_answered(maybe, PersonName(facts.wait.customer), facts.to), Plain("."))
    owned = facts.wait.owner is not None and facts.to == (facts.wait.owner,)
    on_duty = bool(facts.to) and facts.wait.owner is None and all(member in facts.duty for member in facts.to)
    if facts.question is not None or not (owned or on_duty):
        return ()
    why = why_owner(facts) if owned else on_duty_words(facts.to)
    was_on_it = None if facts.history is None else facts.history.was_on_it
    if was_on_it is not None:
        why = (*why, Plain(" "), PersonName(was_on_it), Plain(" was on it until then."))
    return (Plain(" "), *why)


def _question(facts: ReminderFacts) -> list[Node]:
    """The buttons below the question to who wrote what may be the answer: those of the post are about the wait itself."""
    maybe = facts.question
    if maybe is None:
        return []
    about = asked_about(facts.handle, maybe)
    return [Buttons((Button("Yes, answered", "confirm", about, "primary"), Button("Not yet", "not_yet", about)))]


def _gist(facts: ReminderFacts) -> str:
    who, where = facts.customer_name or "A customer", channel(facts.channel_name)
    if facts.question is not None:
        return f"Has {facts.customer_name or 'a customer'} been answered in {where}?"
    if facts.pressed or (facts.wait.insisted is not None and not facts.earlier):
        return f"{who} has asked again in {where}"
    return f"{who} still waits in {where}, {span_of(facts.waited)}"
