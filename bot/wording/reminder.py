"""What a reminder says: who waits, since when, what they asked, who could answer and why, and what happened so far.

Context, never a draft: nothing here offers words to paste. Short, warm, no blame. Who left somebody waiting isn't said, and
nobody is guessed to be he or she.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.domain import keys
from bot.domain.durations import Instant, Seconds
from bot.domain.notifications import PassedOver
from bot.domain.outgoing import SentReminder
from bot.domain.views import (
    ALL_WAITING,
    BULLET,
    MOST_IN_BUTTON,
    Bold,
    Button,
    Buttons,
    Code,
    CommandText,
    Heading,
    Link,
    Menu,
    Node,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import Reply, ReplyKind, Wait
from bot.wording.automatic import only_automatic
from bot.wording.history import CustomerHistory, handed_line, handed_words, lines_of
from bot.wording.holds import insisted_line, what_is_promised
from bot.wording.owner_reasons import LOOKING, OWNER_WORDS, OwnerWords
from bot.wording.passed import cannot_be_asked
from bot.wording.phrases import channel, count, customer_name, gist, people, place, say_day, since, snippet, span_of, waited
from bot.wording.rungs import asked_apart, asked_before

LONGEST_HANDLE = 60
"""Characters of a handle. Leaves room for the verb and a time within the 100 characters a button carries."""

MOST_MERGED = 6
"""Waits listed in one merged reminder; a longer list is skipped over, and its end is what waited least."""

QUICK_SNOOZE = "2h"
"""How long the snooze lasts that asks nothing more."""

LISTS = Buttons((Button("My list", "waiting", "mine"), Button("Everybody who waits", "waiting", "all")))
"""The way to all of it, with all that can be done there, from where some are named: seen by whoever presses alone."""

ANYBODY: Spans = (Plain(" Anybody else who has a moment may take it, too."),)
"""Said where a rung is for the whole team."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """All that a reminder says of one wait, as of `now`.

    `handle` is the wait's short name ("w17") that buttons carry and people type. `to` are the members it goes to (empty: the
    team as a whole), `duty` those on duty. `channel_name` comes with or without its "#", `link` leads to the message.
    `texts` are the customer's messages, none when none is kept. `working_seconds` is how much working time lies in the wait.
    `last_exchange` is (member, instant) of the owner's last exchange with this customer, `promised_at` when an answer was
    promised for, `asked_at` when the very same members were reminded of it last. `uncertain`: the judge isn't sure that they
    wait, so the reminder asks. `asks_writer`: it asks the one it goes to whether what they wrote (`wait.possible_answer`) was the
    answer; whoever else is reminded reads that it was written. `customer_name` is for the line that notifications show, which
    holds no ids. `lead`: the lead that is named, and not notified, where nobody could be asked, and `back` when that one is at
    work again, where they aren't; `passed` are those who couldn't be asked. `earlier` are the rungs that left before this one,
    `more` is how many messages the customer has written since the post.
    `company` stands beside the customer's name. `promise_due`: it is no rung, but a word to who promised an answer until then.
    `anybody`: the rung is for the whole team, and who is named is asked first. `pressed`: the customer asked again, though an
    answer is promised, and whoever is to keep that is told. `apart` is the rung that asked somebody in a direct message: the post
    is the team's, and calls on nobody (`to` is empty).

    Raises ValueError for a handle that a button can't carry and for a time that can't be.
    """

    wait: Wait
    handle: str
    to: tuple[str, ...]
    now: Instant
    zone: tzinfo
    channel_name: str
    working_seconds: Seconds
    step: int = 0
    duty: tuple[str, ...] = ()
    link: str | None = None
    texts: tuple[str, ...] = ()
    last_exchange: tuple[str, Instant] | None = None
    promised_at: Instant | None = None
    uncertain: bool = False
    asks_writer: bool = False
    customer_name: str | None = None
    asked_at: Instant | None = None
    lead: str | None = None
    back: Instant | None = None
    passed: tuple[PassedOver, ...] = ()
    earlier: tuple[SentReminder, ...] = ()
    more: int = 0
    history: CustomerHistory | None = None
    company: str | None = None
    promise_due: Instant | None = None
    anybody: bool = False
    pressed: bool = False
    apart: SentReminder | None = None

    def __post_init__(self) -> None:
        check_handle(self.handle)
        if self.asks_writer and self.question is None:
            raise ValueError("there is no message of theirs to ask about")
        if not self.working_seconds >= 0:
            raise ValueError(f"{self.working_seconds} seconds of working time can't have passed")

    @property
    def question(self) -> Reply | None:
        """The message it asks about, if it asks who wrote it."""
        maybe = self.wait.possible_answer
        return maybe if self.asks_writer and maybe is not None and self.to == (maybe.by,) else None

    @property
    def waited(self) -> Seconds:
        """How long the customer has waited by the clock on the wall."""
        return max(0.0, self.now - self.wait.opened_at)


def check_handle(handle: str) -> None:
    """Raise ValueError unless buttons can carry this handle, and people type it as one word."""
    if not handle or len(handle) > LONGEST_HANDLE or any(letter.isspace() for letter in handle):
        raise ValueError(f"{handle[:80]!r} is no handle of a wait: one word of at most {LONGEST_HANDLE} characters")


def reminder(facts: ReminderFacts) -> View:
    """One wait's reminder. Whom it is addressed to is notified, nobody else."""
    if facts.promise_due is not None:
        return _before_promise(facts, facts.promise_due)
    nodes: list[Node] = [Text(_call(facts) + _headline(facts))]
    question = gist(facts.texts[: len(facts.texts) - facts.more] or facts.texts)
    if question:
        nodes.append(Quote(question))
    nodes += newest(facts, question)
    nodes.append(Text((*reason(facts), *(ANYBODY if facts.anybody and facts.to else ()))))
    nodes += [SmallPrint(line) for line in so_far(facts)]
    if facts.link is not None:
        nodes.append(Text((Link(facts.link, "Open the message" if question else "Read the message"),)))
    nodes += _controls(facts)
    return View(nodes=tuple(nodes), fallback=_fallback(facts), addressed=facts.to)


def promised_words(facts: ReminderFacts, due: Instant, *, to_them: bool = True) -> Spans:
    """What who made a promise is told before it is due: "you promised Dana an answer by Thu 15:00 in #help". Unless it is said
    `to_them` alone, by their name. Whom it was handed to reads who promised it, who handed it over and with what words. Where the
    customer pressed for it: "Dana has asked again in #help; you promised an answer by Thu 15:00"."""
    named, where = customer_name(facts.wait.customer, facts.company), Plain(f" in {channel(facts.channel_name)}")
    hold, history = facts.wait.hold, facts.history
    whose: Spans = (Plain("you"),) if to_them or not facts.to else people(facts.to)
    if hold is not None and facts.wait.handed_to is not None and facts.to != (hold.by,):
        whose = (PersonName(hold.by),)
    what = f" {what_is_promised(hold)} by "
    said: Spans = (*whose, Plain(" promised "), *named, Plain(what), Timestamp(due), where)
    if facts.pressed and hold is not None:
        promiser: Spans = (Plain("you"),) if to_them and facts.to == (hold.by,) else (PersonName(hold.by),)
        said = (
            *named,
            Plain(" has asked again"),
            where,
            Plain("; "),
            *promiser,
            Plain(f" promised{what}"),
            Timestamp(due),
        )
    if history is None or facts.wait.handed_to not in facts.to:
        return said
    return (*said, Plain("; "), *handed_words(history.handover, facts.to))


def _before_promise(facts: ReminderFacts, due: Instant) -> View:
    free: Spans = (Plain(" "), *nobody_free(facts)) if facts.lead is not None and not facts.to else ()
    nodes: list[Node] = [Text((*_call(facts), *promised_words(facts, due), Plain("."), *free))]
    question = gist(facts.texts)
    if question:
        nodes.append(Quote(question))
    latest = gist(facts.texts[-1:])
    if facts.pressed and latest and not question.endswith(latest):  # what they ask for now was cut off
        nodes.append(Quote(latest))
    if facts.link is not None:
        nodes.append(Text((Link(facts.link, "Open the message" if question else "Read the message"),)))
    nodes += _promise_controls(facts)
    who = facts.customer_name or "a customer"
    where = channel(facts.channel_name)
    said = f"An answer was promised to {who} in {where}, and it is due soon"
    if facts.pressed:
        said = f"{who} has asked again in {where}" if facts.customer_name else f"A customer has asked again in {where}"
    return View(nodes=tuple(nodes), fallback=said, addressed=facts.to)


def snoozes(handle: str) -> tuple[Button, Button]:
    """The ways to put a wait off: at once for a while, or by a form that asks until when and why."""
    quick = Button("Snooze 2 hours", "snooze", f"{handle} {QUICK_SNOOZE}")
    return quick, Button("Snooze…", "form", keys.argument("snooze", handle))


def reminders(waiting: Sequence[ReminderFacts], *, over: Sequence[Spans] = ()) -> View:
    """Several waits in one message: those of one person, or too many that fell due at once. Longest wait first.

    `over` are the lines (`wording.ended.outcome_line`) of waits that the message listed and that have ended since. Raises
    ValueError when there is nothing to say.
    """
    if not waiting and not over:
        raise ValueError("a merged reminder needs at least one wait")
    if len(waiting) == 1 and not over:
        return reminder(waiting[0])
    ranked = sorted(waiting, key=lambda facts: (facts.wait.opened_at, facts.wait.id))
    shown, more = ranked[:MOST_MERGED], len(ranked) - MOST_MERGED
    everybody = tuple(dict.fromkeys(member for facts in ranked for member in facts.to))
    shared = len({facts.to for facts in ranked}) <= 1
    total = (
        count(len(ranked), "customer is waiting", "customers are waiting")
        if ranked
        else "Nobody on this list is waiting any more"
    )
    nodes: list[Node] = [Heading(total)]
    if shared and everybody:
        nodes.append(Text((*people(everybody, ping=everybody), Plain(", could you have a look?" if ranked else ""))))
    free = next((facts for facts in ranked if facts.lead is not None and not facts.to), None)
    if shared and free is not None:
        nodes.append(Text(nobody_free(free)))
    called: set[str] = set()
    for facts in shown:
        nodes += _line(facts, None if shared else called)
        called.update(facts.to)
    if more > 0:
        uncalled = () if shared else tuple(member for member in everybody if member not in called)
        whose: Spans = (Plain(", for "), *people(uncalled, ping=uncalled)) if uncalled else ()
        nodes.append(Text((Plain(f"and {more} more"), *whose, Plain(": "), CommandText(ALL_WAITING))))
    nodes += [SmallPrint((Plain(BULLET), *line)) for line in over]
    if shown:
        labels = [
            (f"{facts.customer_name}, {facts.handle}" if facts.customer_name else facts.handle, facts.handle) for facts in shown
        ]
        about = tuple(
            (label, asked_about(handle, facts.question))
            for facts, (label, handle) in zip(shown, labels, strict=True)
            if facts.question is not None
        )
        nodes += [
            *([Menu("Yes, answered", "confirm", about)] if about else []),
            Menu("I'm on it", "claim", tuple(labels)),
            Menu("Answered elsewhere", "answered", tuple(labels)),
            Menu("No reply needed", "dismiss", tuple(labels)),
            Menu("Hand over…", "form", tuple((label, keys.argument("assign", handle)) for label, handle in labels)),
            LISTS,
        ]
    longest = f", the longest for {span_of(ranked[0].waited)}" if ranked else ""
    return View(nodes=tuple(nodes), fallback=total + longest, addressed=everybody)


def reason(facts: ReminderFacts) -> Spans:
    """Why it comes to whom it comes, in warm plain words: "You know Dana: you helped on 3 May."."""
    wait, to = facts.wait, facts.to
    if facts.apart is not None:
        return (*asked_apart(facts.apart), Plain("."))
    if facts.lead is not None and not to:
        return nobody_free(facts)
    if wait.owner is not None and to == (wait.owner,):
        return why_owner(facts)
    on_duty = bool(to) and all(member in facts.duty for member in to)
    yours: Spans = on_duty_words(to) if on_duty else ()
    if wait.owner is None:
        nobody = (Plain("Nobody has this one yet."),)
        return (*nobody, Plain(" "), *(yours or _request(to)))
    theirs: Spans = (PersonName(wait.owner), *_owner_words(facts).to_others(wait.customer))
    if wait.owner in to:
        return (*theirs, Plain(". "), *_request(to))
    why = cannot_be_asked(facts.passed, wait.owner, facts.zone, facts.now)
    return (*theirs, Plain(f" but {why}. "), *(yours or _request(to)))


def nobody_free(facts: ReminderFacts) -> Spans:
    """Where nobody could be asked: a lead is named, and not notified; of one who isn't at work, when they are."""
    nobody = Plain("Nobody can be asked just now")
    if facts.lead is None:
        return (nobody, Plain("."))
    if facts.back is None or facts.back <= facts.now:
        return (nobody, Plain(". "), PersonName(facts.lead), Plain(" may know who has a moment."))
    return (nobody, Plain("; "), PersonName(facts.lead), Plain(" is back "), Timestamp(facts.back), Plain("."))


def so_far(facts: ReminderFacts) -> list[Spans]:
    """What happened before, a line each: they came back, were pointed elsewhere, got an automatic answer only, or perhaps one."""
    wait, customer = facts.wait, PersonName(facts.wait.customer)
    lines: list[Spans] = []
    if wait.newcomer:
        lines.append((customer, Plain("'s first question here.")))
    history = facts.history
    if history is not None:
        lines += lines_of(history, wait.customer, to=facts.to, zone=facts.zone, now=facts.now)
    if wait.came_back_from is not None and not (history is not None and history.earlier):
        lines.append((customer, Plain(" was here before and has come back.")))
    if wait.insisted is not None:
        lines.append((*insisted_line(wait.insisted, wait.customer, facts.to, when=True), Plain(".")))
    if facts.earlier:
        lines.append((*asked_before(facts.earlier), Plain(".")))
    elif facts.asked_at is not None:
        lines.append((Plain("I asked before, "), Timestamp(facts.asked_at), Plain(".")))
    kinds = [reply.kind for reply in wait.replies]
    if ReplyKind.REDIRECT in kinds and all(kind in (ReplyKind.REDIRECT, ReplyKind.HOLDING) for kind in kinds):
        lines.append((Plain("So far "), customer, Plain(" has only been pointed elsewhere.")))
    elif wait.automatic_replies and not kinds:
        lines.append((customer, Plain(f" has had {only_automatic(wait)}.")))
    if wait.possible_answer is not None and facts.question is None:
        lines.append((*perhaps_answered(wait.possible_answer, customer, facts.to), Plain(".")))
        if facts.uncertain:
            lines.append((Plain("Nor am I sure that it needed a reply."),))
    if facts.promised_at is not None and not _yours_is_the_promise(facts):
        lines.append((Plain("An answer was promised for "), Timestamp(facts.promised_at), Plain(".")))
    return lines


def newest(facts: ReminderFacts, question: str) -> list[Node]:
    """How much the customer has written since the post, and the latest of it unless that is quoted already."""
    if not facts.more:
        return []
    nodes: list[Node] = [SmallPrint((Plain(f"{count(facts.more, 'more message')} since"),))]
    latest = gist(facts.texts[-1:])
    return [*nodes, Quote(latest)] if latest and latest != question else nodes


def _yours_is_the_promise(facts: ReminderFacts) -> bool:
    return facts.wait.owner_reason == "promised" and facts.to == (facts.wait.owner,)


def on_duty_words(to: tuple[str, ...]) -> Spans:
    """That it comes to them because they are on duty."""
    return (Plain(("You're", "You're both", "You're all")[min(len(to), 3) - 1] + " on duty."),)


def why_owner(facts: ReminderFacts) -> Spans:
    """The owner's own reason, said to the owner."""
    reason = facts.wait.owner_reason
    if reason == "promised":
        at = facts.promised_at
    else:
        at = facts.last_exchange[1] if facts.last_exchange is not None and facts.last_exchange[0] == facts.wait.owner else None
    day = None if at is None else say_day(at, facts.zone, facts.now)
    return _owner_words(facts).to_owner(facts.wait.customer, day)


def _owner_words(facts: ReminderFacts) -> OwnerWords:
    reason = facts.wait.owner_reason
    return LOOKING if reason == "promised" and _held_only(facts) else OWNER_WORDS[reason]


def _held_only(facts: ReminderFacts) -> bool:
    """Whether the owner only said "one sec", without promising to come back."""
    own = [reply.kind for reply in facts.wait.replies if reply.by == facts.wait.owner]
    return bool(own) and own[-1] is ReplyKind.HOLDING and facts.promised_at is None


def _request(to: tuple[str, ...]) -> Spans:
    if not to:
        return (Plain("Does anybody have a moment?"),)
    return (Plain("Could you look, or find somebody who can?" if len(to) == 1 else "Could one of you look?"),)


def _call(facts: ReminderFacts) -> Spans:
    return (*people(facts.to, ping=facts.to), Plain(", ")) if facts.to else ()


def _headline(facts: ReminderFacts) -> Spans:
    named, where = customer_name(facts.wait.customer, facts.company), Plain(f" in {channel(facts.channel_name)}")
    long = waited(facts.waited, facts.working_seconds)
    maybe = facts.question
    if maybe is not None:
        asked = Plain("? They asked in " + channel(facts.channel_name) + ", and it has been ")
        return (Plain("did your message of "), Timestamp(maybe.at), Plain(" answer "), *named, asked, *long, Plain("."))
    if _asks_whether(facts):
        opening = Plain("is " if facts.to else "Is ")
        return (opening, *named, Plain(" waiting for a reply"), where, Plain("? It has been "), *long, Plain("."))
    return (*named, Plain(" has been waiting "), *long, where, Plain(", "), *since(facts.wait.opened_at), Plain("."))


def _asks_whether(facts: ReminderFacts) -> bool:
    """Whether it asks if somebody waits at all. Where a member wrote something since, that is one doubt too many to ask about."""
    return facts.uncertain and facts.wait.possible_answer is None


def _promise_controls(facts: ReminderFacts) -> list[Node]:
    handle = facts.handle
    why, hold = Button("Why?", "why", handle), facts.wait.hold
    if hold is None or facts.wait.handed_to is None or facts.to == (hold.by,):
        # Who is asked in the promiser's place may take it on.
        claim = () if hold is not None and facts.to == (hold.by,) else (Button("I'm on it", "claim", handle),)
        return [Buttons((*claim, Button("Answered elsewhere", "answered", handle, "primary")), (*snoozes(handle), why))]
    mine, passed = Button("I'm on it", "claim", handle, "primary"), Button("Not me", "not_me", handle)
    done, to_hand = (
        Button("Answered elsewhere", "answered", handle),
        Button("Hand over…", "form", keys.argument("assign", handle)),
    )
    return [Buttons((mine, passed), (done, *snoozes(handle), to_hand, why))]


def _controls(facts: ReminderFacts) -> list[Node]:
    handle, maybe = facts.handle, facts.wait.possible_answer
    mine, done = Button("I'm on it", "claim", handle, "primary"), Button("Answered elsewhere", "answered", handle)
    needless = Button("No reply needed", "dismiss", handle)
    # Whom nobody asked has nothing to pass on.
    asked = bool(facts.to) or facts.wait.owner is not None or facts.apart is not None
    passed = (Button("Not me", "not_me", handle),) if asked else ()
    to_hand, why = Button("Hand over…", "form", keys.argument("assign", handle)), Button("Why?", "why", handle)
    more = (*snoozes(handle), to_hand, why)
    if maybe is None:
        return [Buttons((mine, *passed, needless), (done, *more))]
    about = asked_about(handle, maybe)
    if facts.question is not None:
        yes, no = Button("Yes, answered", "confirm", about, "primary"), Button("Not yet", "not_yet", about)
        return [Buttons((yes, no, *passed), (needless, *more))]
    return [Buttons((mine, Button("That was the answer", "confirm", about), *passed), (needless, *more))]


def perhaps_answered(maybe: Reply, customer: PersonName, to: tuple[str, ...] = ()) -> Spans:
    """That somebody wrote what may be the answer: "Ana wrote 10:05; unsure whether that answers Dana". `to` are those who read
    it. Never a question: only who wrote it could say, and was asked."""
    who: Spans = (Plain("You"),) if to == (maybe.by,) else (PersonName(maybe.by),)
    doubt = "I can't read whether that answers " if maybe.unread else "unsure whether that answers "
    return (*who, Plain(" wrote "), Timestamp(maybe.at), Plain(f"; {doubt}"), customer)


def asked_about(handle: str, maybe: Reply) -> str:
    """What the buttons carry that say whether a message answered a wait: its id goes along, so that a button below an older post
    says nothing of another message. An id too long for a button (none of Slack's or Discord's is) stays out."""
    about = keys.argument(handle, maybe.message)
    return about if len(keys.code("confirm", about)) <= MOST_IN_BUTTON else handle


def _fallback(facts: ReminderFacts) -> str:
    who, where, long = facts.customer_name or "A customer", channel(facts.channel_name), span_of(facts.waited)
    if facts.question is not None:
        return f"Has {who if facts.customer_name else 'a customer'} been answered in {where}?"
    if _asks_whether(facts):
        return f"Is {who if facts.customer_name else 'a customer'} waiting for a reply in {where}? It has been {long}."
    return f"{who} has been waiting {long} in {where}"


def _line(facts: ReminderFacts, called: set[str] | None) -> list[Node]:
    """One wait in a merged reminder: a line, and its question. Whom it goes to is named unless `called` is None (then the whole
    message is for them, and says "you"), and notified unless a line above did so."""
    spans: Spans = (
        Plain(BULLET),
        Bold(span_of(facts.waited)),
        Plain("  "),
        *customer_name(facts.wait.customer, facts.company),
        Plain(" in "),
        place(facts.channel_name, facts.link),
    )
    if called is not None and facts.to:
        spans = (*spans, Plain(", for "), *people(facts.to, ping=tuple(m for m in facts.to if m not in called)))
    elif facts.apart is not None:
        spans = (*spans, Plain("; "), *asked_apart(facts.apart))
    elif called is not None:  # they passed it on: among lines that name somebody this one says so
        spans = (*spans, Plain(", for whoever has a moment"))
    maybe, readers = facts.wait.possible_answer, facts.to if called is None else ()
    if facts.promise_due is not None:
        spans = (*spans, Plain(": an answer is promised by "), Timestamp(facts.promise_due))
        if facts.pressed:
            spans = (*spans, Plain(", and they have asked again"))
    elif facts.question is not None and not readers:
        wrote = (PersonName(facts.question.by), Plain(" wrote "), Timestamp(facts.question.at))
        spans = (*spans, Plain(": does what "), *wrote, Plain(" answer them?"))
    elif facts.question is not None:
        spans = (*spans, Plain(": did your message of "), Timestamp(facts.question.at), Plain(" answer them?"))
    elif maybe is not None:
        spans = (*spans, Plain(" ("), *perhaps_answered(maybe, PersonName(facts.wait.customer), readers), Plain(")"))
    elif facts.uncertain:
        spans = (*spans, Plain(" (not sure it needs a reply)"))
    if facts.wait.newcomer:
        spans = (*spans, Plain("; their first question here"))
    if facts.history is not None:
        reader = facts.to[0] if called is None and len(facts.to) == 1 else ""
        spans = (*spans, Plain("; "), *handed_line(facts.history.handover, reader))
    spans = (*spans, Plain("  "), Code(facts.handle))
    if facts.more:
        spans = (*spans, Plain(f"  ({count(facts.more, 'more message')} since)"))
    asked = snippet(facts.texts[-1:] if facts.more or facts.pressed else facts.texts)
    return [Text(spans), *([Quote(asked)] if asked else [])]
