"""Cues as flags of a model: from a reading's bits to the places of the flags they raise, by one look a byte."""

from __future__ import annotations

from collections.abc import Sequence
from operator import getitem

from bot.domain.reading import Cue

_BYTES = 10
"""Bytes that hold all cues."""


class CueFlags:
    """The flags that these cues raise, at places from `first` on, in their order."""

    __slots__ = ("_places",)

    def __init__(self, cues: Sequence[Cue], first: int) -> None:
        place = {cue.value: first + number for number, cue in enumerate(cues)}
        tables: list[tuple[tuple[int, ...], ...]] = []
        for byte in range(_BYTES):
            table: list[tuple[int, ...]] = [()]
            for number in range(1, 256):
                lowest = number & -number
                raised = place.get(lowest << (8 * byte))
                without = table[number ^ lowest]
                table.append(without if raised is None else tuple(sorted((*without, raised))))
            tables.append(tuple(table))
        # For each byte of the cues and each value of it: the places of the flags it raises.
        self._places = tuple(tables)

    def raised(self, cues: int) -> list[int]:
        """The places of the flags that a reading's cues raise, in order of their bits' bytes."""
        found: list[int] = []
        for places in map(getitem, self._places, cues.to_bytes(_BYTES, "little")):
            if places:
                found += places
        return found
