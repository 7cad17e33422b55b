"""The proof, for the type checker, that nothing is left in the write buffer."""

from __future__ import annotations

import sqlite3
from typing import NewType

Flushed = NewType("Flushed", sqlite3.Connection)
"""A connection on which everything that was saved can be read. What reads messages, waits, texts or exchanges takes one of these,
and `WriteBuffer.flushed` alone gives them: a read that would miss what is buffered doesn't pass the type checker. Other tables
are written as it comes."""
