"""What couldn't be read of an archive, as it is told on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from bot.ports import Problem

MOST_PROBLEMS_SHOWN = 20
"""Problems of an archive printed one by one; with more, the rest is only counted (all of them with --strict)."""


class Problems:
    """Prints an archive's problems as they come; after many of them only counts."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._count = 0

    def __call__(self, problem: Problem) -> None:
        """Print a problem."""
        self._count += 1
        if self._count <= MOST_PROBLEMS_SHOWN:
            self._console.print(escape(str(problem)), style="yellow", soft_wrap=True)

    def close(self) -> None:
        """Say how many there were beyond those shown."""
        if self._count > MOST_PROBLEMS_SHOWN:
            self._console.print(f"... and {self._count - MOST_PROBLEMS_SHOWN} more like these", style="yellow")
