"""How far the reading of an archive is, as a terminal shows it."""

from __future__ import annotations

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.intake import replay as replaying


class ProgressBar:
    """Counts messages on a terminal; says nothing elsewhere."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("replaying"),
            TextColumn("{task.completed} messages"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("replaying", total=None)

    def __enter__(self) -> ProgressBar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, progress: replaying.Progress) -> None:
        """Show how far the replay is."""
        self._progress.update(self._task, completed=progress.messages)
