"""Why a decision came out as it did, in sentences. Collected only for `explain`; otherwise it costs nothing."""

from __future__ import annotations

from bot.domain.judge import Judgement


class Trace:
    """Takes down the reasons of one decision."""

    __slots__ = ("lines", "on")

    def __init__(self, *, on: bool = False) -> None:
        self.on = on
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Take down a sentence."""
        if self.on:
            self.lines.append(line)

    def judged(self, question: str, judgement: Judgement) -> None:
        """Take down a judgement with its evidence, heaviest first."""
        if not self.on:
            return
        self.lines.append(f"{question}: {judgement.probability:.0%}")
        for item in judgement.evidence():
            self.lines.append(f"  {item.weight:+.2f}  {item.name.replace('_', ' ')} = {item.value:g}")


SILENT = Trace()
"""For decisions nobody asks about."""
