"""The process of the storm: `realreply run`, whose database refuses to write while there is a file `refuse` in FOLDER.

`python -m tests.attacks.storm_victim FOLDER` forks lives, as `tests.process.slack_victim` does.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.errors import StorageError
from storage.sqlite.database import Database
from tests.process import slack_victim

REFUSE = "refuse"


def refuse_on_request(folder: Path) -> None:
    """Have the database fail as it does when the disk is full, while it is asked to."""
    transact: Callable[..., Any] = Database.transact

    async def perhaps(self: Database, *given: Any) -> Any:
        if (folder / REFUSE).exists():
            raise StorageError("the disk is full")
        return await transact(self, *given)

    Database.transact = perhaps  # type: ignore[method-assign]


if __name__ == "__main__":
    refuse_on_request(Path(sys.argv[1]))
    slack_victim.main(Path(sys.argv[1]))
