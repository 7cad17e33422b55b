"""Why a decision came out as it did, in sentences. Collected only for `explain`; otherwise it costs nothing."""

from __future__ import annotations

from bot.domain.judge import Evidence, Judgement
from bot.domain.value import value


@value
class TracedReason:
    """One reason of a decision: a sentence, or a question that was judged with how likely it is and what that rests on, heaviest
    first. A sentence that begins with blanks is why the next one is so."""

    says: str
    probability: float | None = None
    evidence: tuple[Evidence, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """It with its features, each with what it weighs."""
        if self.probability is None:
            return (self.says,)
        features = (f"  {item.weight:+.2f}  {item.name.replace('_', ' ')} = {item.value:g}" for item in self.evidence)
        return (f"{self.says}: {self.probability:.0%}", *features)


class Trace:
    """Takes down the reasons of one decision."""

    __slots__ = ("on", "reasons")

    def __init__(self, *, on: bool = False) -> None:
        self.on = on
        self.reasons: list[TracedReason] = []

    @property
    def lines(self) -> list[str]:
        """The reasons with all features."""
        return [line for reason in self.reasons for line in reason.lines()]

    def say(self, line: str) -> None:
        """Take down a sentence."""
        if self.on:
            self.reasons.append(TracedReason(says=line))

    def judged(self, question: str, judgement: Judgement) -> None:
        """Take down a judgement with its evidence."""
        if self.on:
            reason = TracedReason(says=question, probability=judgement.probability, evidence=judgement.evidence())
            self.reasons.append(reason)


SILENT = Trace()
"""For decisions nobody asks about."""
