"""A channel with people in it, for tests of the core: no storage, no text judgement, just decisions one after the other.

The judge is scripted: a customer's message calls for a reply when it ends with "?" or starts with "!", and closes their wait when
it starts with "solved"; a member's message replies to the waits whose customer it names, else to the only open one;
"probably ..." replies to the first of several, and doubtfully; "perhaps ..." may answer a wait ("perhaps, ..." is likelier). Its
kind is its first word ("holding ...", "promise ...", "redirect ...", "asks ...", "nothing ..."), personal otherwise; whether
"vague ..." answers is in doubt.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.context import Context
from bot.domain.events import Acted, Corrected, Deleted, Edited, Event, Posted, Reacted, Says, Typing
from bot.domain.hours import ALWAYS, Hours
from bot.domain.judge import Evidence
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role, Team
from bot.domain.reading import Cue
from bot.domain.reply_index import ReplyIndex
from bot.domain.rules import ChannelRules, Sensitivity, Step
from bot.domain.thresholds import moved
from bot.domain.trace import Trace
from bot.domain.waits import ReplyKind, Wait
from bot.domain.window import Window
from bot.domain.writes import BlankText, DropCorrection, DropReminder, KeepText, SaveCorrection, SetReminder
from bot.waits import decide as watching
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
NINE = 1_772_442_000.0
"""Monday, 2 March 2026, 09:00 UTC."""

LADDER = (Step(after=10 * MINUTE, to="owner"), Step(after=2 * HOUR, to="duty"), Step(after=DAY, to="lead"))


@dataclass(frozen=True)
class Said:
    """A reading that a test can see through."""

    text: str
    addressed: tuple[tuple[str, int], ...] = ()
    fingerprints: tuple[int, ...] = ()
    cues: int = 0

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def rest(self) -> int:
        return len(self.text.split())

    def has(self, cue: int) -> bool:
        return bool(self.cues & cue)

    @property
    def wordless(self) -> bool:
        return not self.text

    def names(self, person: str) -> int:
        return dict(self.addressed).get(person, 0)

    def pack(self) -> bytes:
        return json.dumps([self.text, self.addressed, self.cues]).encode()

    @staticmethod
    def unpack(packed: bytes) -> Said:
        text, addressed, cues = json.loads(packed)
        return Said(text, tuple((person, how) for person, how in addressed), cues=cues)


@dataclass(frozen=True)
class Judged:
    probability: float
    wait: str = ""

    def evidence(self) -> tuple[Evidence, ...]:
        return (Evidence(name="scripted", value=1.0, weight=1.0),)


@dataclass(frozen=True)
class Kind:
    kind: ReplyKind
    evidence: tuple[str, ...] = ("scripted",)
    probability: float = 1.0
    doubtful: bool = False
    asked_when: bool = False


KINDS = {
    "holding": ReplyKind.HOLDING,
    "promise": ReplyKind.PROMISE,
    "redirect": ReplyKind.REDIRECT,
    "asks": ReplyKind.CLARIFYING,
    "nothing": ReplyKind.NOTHING,
}


class ScriptedJudge:
    def read(self, message: Message, names: Mapping[str, tuple[str, ...]]) -> Said:
        words = message.text.casefold().replace(",", " ").replace(":", " ").split()
        addressed = tuple((person, 1) for person, called in names.items() if called and called[0].casefold() in words)
        cues = (Cue.RECORDING.value if message.recording else 0) | (Cue.UNREAD.value if message.unread else 0)
        return Said(message.text, addressed + tuple((person, 3) for person in message.mentions), cues=cues)

    def expects_reply(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Judged:
        text = seen.reading.text
        if text.endswith("?") or text.startswith("!"):
            return Judged(0.9)
        return Judged(0.02 if text.startswith(("thanks", "solved")) else 0.3)

    def calls(self, judgement: Judged, sensitivity: Sensitivity, shift: float = 0.0) -> bool:
        return judgement.probability > self.threshold(sensitivity, shift)

    def threshold(self, sensitivity: Sensitivity, shift: float = 0.0) -> float:
        return moved(0.5, shift)

    def closes(self, seen: MessageRecord, window: Window, wait: Wait) -> Judged | None:
        return Judged(0.9) if seen.reading.text.startswith("solved") else None

    def belongs(self, seen: MessageRecord, wait: Wait, window: Window) -> bool:
        return "another matter" not in seen.reading.text

    def overlooked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        if "thanks" not in seen.reading.text:
            return None
        for earlier in window.before(seen.at, seen.id):
            if earlier.role is Role.MEMBER and earlier.at > wait.opened_at:
                return earlier.id
        return None

    def attribute(
        self, seen: MessageRecord, window: Window, waits: Sequence[Wait], without: frozenset[str] = frozenset()
    ) -> list[Judged]:
        if seen.reading.text.startswith("aside"):
            return []
        if seen.reading.text.startswith("perhaps") and waits:
            return [Judged(0.3 if "perhaps," in seen.reading.text else 0.25, waits[0].id)]
        named = [person for person, _ in seen.reading.addressed]
        found = []
        for wait in waits:
            referred = seen.reply_to in wait.messages or (
                seen.thread is not None and seen.thread in (wait.thread, *wait.messages)
            )
            alone = len(waits) == 1 and not named and seen.thread is None
            if referred or wait.customer in named or alone:
                found.append(Judged(0.9, wait.id))
        if seen.reading.text.startswith("probably") and not found:
            first = min((wait for wait in waits if wait.customer not in without), key=lambda wait: wait.opened_at, default=None)
            found = [Judged(0.6, first.id)] if first is not None else []
        return found

    def answers(self, attribution: Judged) -> bool:
        return attribution.probability > 0.5

    def may_answer(self, attribution: Judged) -> bool:
        return 0.2 <= attribution.probability <= 0.5

    def peers(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> list[Judged]:
        return self.attribute(seen, window, waits)

    def helps(self, attribution: Judged) -> bool:
        return attribution.probability > 0.5

    def thanked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        if "thanks" not in seen.reading.text:
            return None
        named = [person for person, _ in seen.reading.addressed]
        return next((earlier.id for earlier in window.before(seen.at, seen.id) if earlier.author in named), None)

    def canned(self, seen: MessageRecord, customer: str, told: ReplyIndex) -> float | None:
        return 1.0 if "as always" in seen.reading.text else None

    def reply_kind(self, seen: MessageRecord, wait: Wait, window: Window, members: Collection[str] = ()) -> Kind:
        first = seen.reading.text.split(" ", 1)[0] if seen.reading.text else ""
        kind = KINDS.get(first, ReplyKind.PERSONAL)
        if kind is ReplyKind.NOTHING:
            return Kind(kind, probability=0.0)
        return Kind(kind, doubtful=first == "vague", probability=0.5 if first == "vague" else 1.0)


@dataclass
class Someone:
    world: World
    id: str
    role: Role

    def says(
        self, text: str, *, thread: str | None = None, reply_to: str | None = None, at: float | None = None, **more: object
    ) -> str:
        """Post a message now (or at the clock time `at`) and give its id."""
        world = self.world
        when = world.now if at is None else at
        id = f"{when:.6f}" if f"{when:.6f}" not in world.posted else f"{when + next(world.ticks):.6f}"
        message = Message(
            channel=world.state.key, id=id, at=float(id), author=self.id, role=self.role, text=text, thread=thread,
            reply_to=reply_to, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        world.posted[id] = message
        world.happens(Posted(message=message))
        return id

    def edits(self, id: str, text: str) -> None:
        message = replace(self.world.posted[id], text=text)
        self.world.happens(Edited(message=message, at=self.world.now))

    def deletes(self, id: str) -> None:
        self.world.happens(Deleted(channel=self.world.state.key, id=id, at=self.world.now))

    def reacts(self, id: str, emoji: str, *, added: bool = True, timed: bool = True) -> None:
        self.world.happens(
            Reacted(
                channel=self.world.state.key,
                id=id,
                by=self.id,
                by_member=self.role is Role.MEMBER,
                emoji=emoji,
                at=self.world.now,
                added=added,
                timed=timed,
            )
        )

    def types(self, *, thread: str | None = None) -> None:
        self.world.happens(
            Typing(channel=self.world.state.key, by=self.id, by_member=self.role is Role.MEMBER, at=self.world.now, thread=thread)
        )

    def acts(
        self,
        verb: str,
        wait: Wait,
        until: float | None = None,
        message: str | None = None,
        member: str | None = None,
        choice: str | None = None,
    ) -> Outcome:
        world = self.world
        world.happens(
            Acted(
                channel=self.world.state.key,
                wait=wait.id,
                verb=verb,
                by=self.id,
                at=self.world.now,
                until=until,
                member=member,
                text=message,
                choice=choice,
            )
        )
        assert world.outcome is not None
        return world.outcome

    def corrects(self, message: str, says: Says, posted: Message | None = None) -> Outcome:
        world = self.world
        world.happens(Corrected(channel=world.state.key, message=message, by=self.id, at=world.now, says=says, posted=posted))
        assert world.outcome is not None
        return world.outcome


@dataclass
class World:
    """A watched channel at a certain time. `reminders` are the pending ones by wait, `texts` what is kept of messages,
    `corrections` what members said of them."""

    rules: ChannelRules = field(default_factory=lambda: ChannelRules(steps=LADDER))
    hours: Hours = ALWAYS
    now: float = NINE
    judge: object = field(default_factory=ScriptedJudge)

    def __post_init__(self) -> None:
        team = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))
        self.state = ChannelState(key="local:harbor:help", rules=self.rules, team=team)
        self.context = Context(judge=self.judge, hours_of=lambda _: self.hours)  # type: ignore[arg-type]
        self.posted: dict[str, Message] = {}
        self.reminders: dict[str, SetReminder] = {}
        self.texts: dict[tuple[str, str], str] = {}
        self.corrections: dict[str, SaveCorrection] = {}
        self.outcome: Outcome | None = None
        self.trace: list[str] = []
        self.ticks = itertools.count(0.000001, 0.000001)
        for member in ("ana", "ben", "mia"):
            setattr(self, member, Someone(self, member, Role.MEMBER))
        for customer in ("dana", "omar"):
            setattr(self, customer, Someone(self, customer, Role.CUSTOMER))
        self.robot = Someone(self, "robot", Role.APP)
        self.state.names = {person: (person.title(),) for person in ("ana", "ben", "mia", "dana", "omar")}

    ana: Someone = field(init=False)
    ben: Someone = field(init=False)
    mia: Someone = field(init=False)
    dana: Someone = field(init=False)
    omar: Someone = field(init=False)

    def later(self, seconds: float) -> None:
        self.now += seconds

    def happens(self, event: Event) -> None:
        """Decide an event, and the early ones that waited for it."""
        early = list(self.state.early.get(event.message.id, ())) if isinstance(event, Posted) else []
        for each in (event, *early):
            self._decide(each)

    def _decide(self, event: Event) -> None:
        trace = Trace(on=True)
        decision = watching.decide(self.state, self.context, event, trace)
        writes, self.outcome = decision.writes, decision.outcome
        self.state.apply(writes)
        self.trace = trace.lines
        for write in writes:
            if isinstance(write, SetReminder):
                self.reminders[write.wait] = write
            elif isinstance(write, DropReminder):
                self.reminders.pop(write.wait, None)
            elif isinstance(write, SaveCorrection):
                if write.message not in self.corrections or self.corrections[write.message].says != write.says:
                    self.corrections[write.message] = write
            elif isinstance(write, DropCorrection):
                self.corrections.pop(write.message, None)
            elif isinstance(write, KeepText):
                self.texts[write.wait, write.message] = write.text
            elif isinstance(write, BlankText):
                self.texts = {key: text for key, text in self.texts.items() if key[0] != write.wait}

    @property
    def waits(self) -> list[Wait]:
        """All waits, in order of opening."""
        return sorted(self.state.waits.values(), key=lambda wait: (wait.opened_at, wait.id))

    @property
    def wait(self) -> Wait:
        """The only wait there is."""
        (only,) = self.waits
        return only

    def due(self, wait: Wait) -> float:
        """How many seconds from now the wait's reminder is due."""
        return self.reminders[wait.id].due_at - self.now
