"""Channels by number: their keys are long and in every row."""

from __future__ import annotations

import sqlite3

FIND = "SELECT no FROM channels WHERE key = ?"

ADD = "INSERT INTO channels (key) VALUES (?)"


class Channels:
    """The numbers of channel keys, remembered per connection. `forget` after every rollback: the number may be gone."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def forget(self) -> None:
        """Forget all numbers."""
        self._numbers.clear()

    def find(self, connection: sqlite3.Connection, key: str) -> int | None:
        """A channel's number, or None when nothing was ever stored of it."""
        number = self._numbers.get(key)
        if number is None:
            row = connection.execute(FIND, (key,)).fetchone()
            if row is None:
                return None
            number = self._numbers[key] = row[0]
        return number

    def number(self, connection: sqlite3.Connection, key: str) -> int:
        """A channel's number, given to it now when it has none."""
        number = self.find(connection, key)
        if number is None:
            number = connection.execute(ADD, (key,)).lastrowid
            assert number is not None
            self._numbers[key] = number
        return number
