"""The judge that ships: readings by cue phrases, judgements by the small models of weights.json."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.domain.durations import Seconds
from bot.domain.judge import Attribution, Evidence, Judgement
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import MEMBER
from bot.domain.reading import MENTIONED, Cue, Reading
from bot.domain.reply_index import ReplyIndex
from bot.domain.rules import Sensitivity
from bot.domain.thresholds import moved
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.attribution import choice
from bot.judge.attribution import model as attribution
from bot.judge.conversation import Conversation
from bot.judge.cue_sets import WANTS_ANSWER
from bot.judge.expects import model as expects_reply
from bot.judge.expects.tenor import in_company, takes_back
from bot.judge.linear import Linear, Values, Weights, load_weights, sigmoid
from bot.judge.peers.model import Helped, PeerJudge
from bot.judge.replies.kinds import MAY_BE_FORMULAS, may_be_formulas
from bot.judge.replies.letters import LetterModel, load_letters, reads_as_english, undecided
from bot.judge.replies.model import KindOfReply, ReplyJudge, ReplyWeights
from bot.language.formulas import holds_formulas
from bot.language.reader import Reader

SENSITIVITY: Mapping[Sensitivity, str] = {
    Sensitivity.CAREFUL: "calls_careful",
    Sensitivity.BALANCED: "calls_balanced",
    Sensitivity.EAGER: "calls_eager",
}

LOOK_BACK: Seconds = 4 * 86_400
"""How old a member's message may be to count as the answer a customer thanks for, in seconds: Friday's answer on a Monday."""

MOST_LOOKED_AT = 40
"""Messages looked through for an overlooked answer."""

SAME_MATTER: Seconds = 2400.0
"""Up to this long after the last message of a wait, whatever its customer says belongs to it."""

TELLING = 1.5
"""Rarity-weighted words in common from which a late message is about the same matter."""

EVEN = 0.5

ASKS = 0.2
"""From this probability on, up to where it is asserted, somebody is asked whether a message was the answer. Cross-validated, of
24 such messages in the labelled channel and its variant with threads 4 were the labelled answer and 8 came when the customer had
been answered; of the 12 that a reminder after 5, 10 or 30 minutes would ask about, 3 and 8. Of the 172 below, one was labelled.
A wrong question costs little: the reminder would have gone out anyway."""

_BUMPS = Cue.BUMP.value | Cue.WAITING.value
_BEGINS = WANTS_ANSWER | Cue.PROBLEM.value | Cue.WANT.value | Cue.URGENT.value | Cue.GREETING.value
"""What a new matter begins with: a question, trouble, a wish, a greeting. Anything else goes on with what its author said."""

_SOLVED = Cue.SOLVED.value
_THANKS = Cue.THANKS.value


class Judged:
    """A probability; its evidence is worked out when somebody asks."""

    __slots__ = ("_model", "_values", "probability")

    def __init__(self, model: Linear, values: Values, probability: float) -> None:
        self._model = model
        self._values = values
        self.probability = probability

    def evidence(self) -> tuple[Evidence, ...]:
        """The features that mattered, heaviest first."""
        return self._model.evidence(self._values)


class Attributed(Judged):
    """How likely a member's message replies to one open wait."""

    __slots__ = ("likeliest", "wait")

    def __init__(self, wait: str, model: Linear, values: Values, probability: float) -> None:
        # What `super().__init__` would do: several of these are made for every message of a member.
        self._model = model
        self._values = values
        self.probability = probability
        self.wait = wait
        self.likeliest = False

    def shared_with(self, wait: str) -> Attributed:
        """The same for a wait that is answered with this one."""
        return Attributed(wait, self._model, self._values, self.probability)


class StandardJudge:
    """Fits `judge.Judge`. Loads its weights and cue phrases when it is made, never at import."""

    def __init__(
        self,
        weights: Weights | None = None,
        key: bytes = b"",
        replies: ReplyWeights | None = None,
        letters: LetterModel | None = None,
    ) -> None:
        self.weights = weights if weights is not None else load_weights()
        self._replies = ReplyJudge(replies)
        self._letters = letters
        self._reader = Reader(key)
        self._calls = {level: self.weights.thresholds[name] for level, name in SENSITIVITY.items()}
        self._answers = self.weights.thresholds["answers"]
        self._closes = self.weights.thresholds["closes"]
        self._peers: PeerJudge | None = None

    def read(self, message: Message, names: Mapping[str, tuple[str, ...]]) -> Reading:
        """What the text says by itself. `names`: person id -> the names of people recently seen in this channel."""
        reading = self._reader.read(message, names)
        if message.role is not MEMBER:
            return reading
        if reading.cues & MAY_BE_FORMULAS and may_be_formulas(reading) and holds_formulas(message.text):
            return replace(reading, cues=reading.cues | Cue.FORMULAS.value)
        if undecided(reading) and not reads_as_english(message.text):
            if self._letters is None:
                # Most teams write English: read when the first other text comes.
                self._letters = load_letters()
            return self._letters.mark(reading, message.text)
        return reading

    def words_with(self, text: str, fingerprints: Collection[int]) -> tuple[str, ...]:
        """The words of a text that have one of these fingerprints, each once."""
        return self._reader.words_with(text, fingerprints)

    def expects_reply(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Judged:
        """Does this customer message call for a reply? Only what stands before it in the window is looked at."""
        model = self.weights.expects_reply
        values = expects_reply.features(seen, window, waits)
        return Judged(model, values, sigmoid(model.score(values)))

    def calls(self, judgement: Judgement, sensitivity: Sensitivity, shift: float = 0.0) -> bool:
        """Whether the judgement is over the channel's threshold, which members' corrections moved by `shift` log odds."""
        return judgement.probability >= self.threshold(sensitivity, shift)

    def threshold(self, sensitivity: Sensitivity, shift: float = 0.0) -> float:
        """The probability from which `calls` says yes."""
        return moved(self._calls[sensitivity], shift)

    def closes(self, seen: MessageRecord, window: Window, wait: Wait) -> Judged | None:
        """Does the customer say with this message that their open wait is over? None: no."""
        reading = seen.reading
        cues = in_company(reading.cues)
        if cues & WANTS_ANSWER or not cues & (_SOLVED | _THANKS):
            return None
        if takes_back(cues, reading.rest, len(reading.fingerprints), heard=True):
            return None
        solved = bool(cues & _SOLVED)
        thanked = bool(cues & _THANKS) and reading.rest <= 6
        answered = thanked and (wait.replies or self.overlooked(seen, wait, window) is not None)
        if not solved and not answered and not (cues & _THANKS and _thanks_a_member(seen, window)):
            return None
        values = expects_reply.features(seen, window, [wait])
        model = self.weights.expects_reply
        probability = 1.0 - sigmoid(model.score(values))
        return Judged(model, values, probability) if probability >= self._closes else None

    def belongs(self, seen: MessageRecord, wait: Wait, window: Window) -> bool:
        """Whether a customer's calling message goes on with their open wait, or is a new matter that deserves its own: one
        that comes long after, asks for no news, says something ("hello??" doesn't) and shares no telling words with the wait."""
        cues = seen.reading.cues
        if seen.at - wait.last_message_at <= SAME_MATTER or cues & _BUMPS or not cues & _BEGINS or not seen.reading.fingerprints:
            return True
        if seen.thread != wait.thread or seen.reply_to in wait.messages:
            return True
        conversation = Conversation.before(window, seen)
        prints = set(seen.reading.fingerprints)
        common = 0.0
        for id in wait.messages[:3] + wait.messages[3:][-3:]:
            entry = window.get(id)
            if entry is not None:
                common = max(common, sum(conversation.rarities(prints.intersection(entry.reading.fingerprints))))
        return common >= TELLING

    def overlooked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        """Which earlier member's message was the answer that the customer now thanks for, if any was overlooked?"""
        named = {person for person, _ in seen.reading.addressed}
        found: str | None = None
        for looked, entry in enumerate(window.before(seen.at, seen.id)):
            if looked >= MOST_LOOKED_AT or seen.at - entry.at > LOOK_BACK or entry.at <= wait.opened_at:
                break
            if entry.author == wait.customer and entry.id in wait.messages:
                break
            if entry.role is not MEMBER or entry.answers:
                continue
            if entry.thread is not None and entry.thread not in (wait.thread, *wait.messages):
                continue  # said in somebody else's thread
            others = [person for person, strength in entry.reading.addressed if strength >= MENTIONED and person != wait.customer]
            if others:
                continue
            if named and entry.author not in named:
                continue
            if self._replies.looks_like_none(entry, wait, window):
                continue  # nobody thanks for "noted"
            found = entry.id
        return found

    def attribute(
        self, seen: MessageRecord, window: Window, waits: Sequence[Wait], without: frozenset[str] = frozenset()
    ) -> list[Attributed]:
        """Which of the open waits does this message reply to? Likeliest first; conversations without a wait compete, but for
        those of the customers `without` whom it is known to be."""
        if not waits:
            return []
        conversation = Conversation.before(window, seen)
        found = attribution.candidates(seen, window, waits, conversation)
        if without:
            found = [candidate for candidate in found if candidate.customer not in without]
        named = seen.reading.addressed and attribution.names_customer(found)
        model = self.weights.attribution_named if named else self.weights.attribution
        joinable = [wait for wait in waits if wait.customer not in without] if without else waits
        reports = choice.reports_joined(seen, window, conversation, joinable)
        made = [
            Attributed(candidate.wait.id, model, candidate.values, probability)
            for candidate, probability in zip(found, choice.probabilities_of(model, seen, window, found, reports), strict=True)
            if candidate.wait is not None
        ]
        if reports:
            by_wait = {attributed.wait: attributed for attributed in made}
            made += [
                by_wait[report.id].shared_with(id) for id, report in reports.items() if id not in by_wait and report.id in by_wait
            ]
        # Of those that go together the oldest first: they are written down, and read again, in that order.
        made.sort(key=lambda item: (-item.probability, item.wait))
        for attributed in made:
            if attributed.probability < made[0].probability:
                break
            attributed.likeliest = True  # of several that go together, each
        return made

    def answers(self, attribution: Attribution) -> bool:
        """Whether the attribution is over the threshold at which the bot asserts it."""
        if attribution.probability >= EVEN:
            return True
        # Short of even odds only the likeliest wait counts: a reply that is missed costs more than one that is misplaced.
        return attribution.probability >= self._answers and getattr(attribution, "likeliest", True)

    def may_answer(self, attribution: Attribution) -> bool:
        """Whether an attribution that isn't asserted is likely enough to ask the owner about."""
        likeliest = getattr(attribution, "likeliest", True)
        return likeliest and attribution.probability >= ASKS and not self.answers(attribution)

    def peers(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> list[Helped]:
        """Which of the others' open waits does a customer's message answer? Likeliest first."""
        return self._among_peers().attribute(seen, window, waits)

    def helps(self, attribution: Attribution) -> bool:
        """Whether what `peers` gave is over the threshold at which the bot asserts it."""
        return self._among_peers().helps(attribution)

    def thanked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        """The message of another customer that this one's thanks go to, if they end their open wait."""
        return self._among_peers().thanked(seen, wait, window)

    def _among_peers(self) -> PeerJudge:
        # Most teams have no such channel: its weights are loaded when one is met.
        if self._peers is None:
            self._peers = PeerJudge()
        return self._peers

    def canned(self, seen: MessageRecord, customer: str, replies_sent: ReplyIndex) -> float | None:
        """The share of words a member's reply has in common with what another customer was told, if it is a near-copy of that."""
        return replies_sent.alike(seen.reading.fingerprints, customer)

    def reply_kind(self, seen: MessageRecord, wait: Wait, window: Window, members: Collection[str] = ()) -> KindOfReply:
        """What kind of reply a message is to this wait, and whether it is in doubt that it answers it."""
        return self._replies.kind(seen, wait, window, members)


def _thanks_a_member(seen: MessageRecord, window: Window) -> bool:
    """Whether a customer's message is for the member by name who wrote to them last: then the thanks are for that."""
    speaker = Conversation.before(window, seen).people.get(seen.author)
    from_member = speaker.from_member if speaker is not None else None
    return from_member is not None and any(person == from_member.author for person, _ in seen.reading.addressed)
