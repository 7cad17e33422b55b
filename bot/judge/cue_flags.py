"""Cues as flags of a model: from a reading's bits to the places of the flags they raise, by one look a byte."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.reading import Cue

_BYTES = 9
"""Bytes that hold all cues."""


class CueFlags:
    """The flags that these cues raise, at places from `first` on, in their order."""

    __slots__ = ("_places",)

    def __init__(self, cues: Sequence[Cue], first: int) -> None:
        place = {cue.value: first + number for number, cue in enumerate(cues)}
        order = sorted(place.values())
        tables = []
        for byte in range(_BYTES):
            bits = [place.get(1 << (8 * byte + bit)) for bit in range(8)]
            tables.append(
                tuple(
                    tuple(where for where in order if where in {bits[bit] for bit in range(8) if number >> bit & 1})
                    for number in range(256)
                )
            )
        # For each byte of the cues and each value of it: the places of the flags it raises.
        self._places: tuple[tuple[tuple[int, ...], ...], ...] = tuple(tables)

    def raised(self, cues: int) -> list[int]:
        """The places of the flags that a reading's cues raise, in order of their bits' bytes."""
        found: list[int] = []
        for places, byte in zip(self._places, cues.to_bytes(_BYTES, "little"), strict=True):
            if byte:
                found += places[byte]
        return found
