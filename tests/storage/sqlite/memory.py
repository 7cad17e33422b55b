"""An open transaction on a database in memory, for tests elsewhere that only ask and write."""

from __future__ import annotations

import sqlite3

from storage.sqlite import migrate
from storage.sqlite.channels import Channels
from storage.sqlite.messages import Unpack
from storage.sqlite.transaction import OpenTransaction


def in_memory(unpack: Unpack) -> OpenTransaction:
    """One that is never committed. The database goes with it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate.upgrade(connection, migrate.migrations())
    return OpenTransaction(connection, Channels(), unpack)
