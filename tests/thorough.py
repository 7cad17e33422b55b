"""How much of what is tried at random or on every stage: little in `make test`, more in `make soak`."""

from __future__ import annotations

import os

THOROUGH = bool(os.environ.get("THOROUGH"))
"""Whether there is time for more than the suite has."""


def examples(usual: int, thorough: int) -> int:
    """How many examples there are."""
    return thorough if THOROUGH else usual
