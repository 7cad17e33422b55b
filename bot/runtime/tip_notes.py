"""A tip at somebody's next use of the bot: beside what they asked for, or on top of their own list; once, and to them alone.

It counts as told before it is shown: whatever happens in between, nobody reads the same tip twice.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from bot.domain.durations import Instant
from bot.domain.views import Divider, Form, View
from bot.domain.writes import SeeTip
from bot.engine.engine import Engine
from bot.errors import described
from bot.ports import Store, Transaction
from bot.queries.snapshot import Lookups
from bot.queries.tips import tip_for
from bot.wording.tips import TipFacts, tip_nodes

SHORT = 8
"""Nodes of an answer up to which a tip comes below it; a list comes below the tip."""

log = structlog.get_logger()


class TipNotes:
    """Shows members the tips that wait for them."""

    def __init__(self, engine: Engine, store: Store, lookups: Lookups) -> None:
        self._engine = engine
        self._store = store
        self._lookups = lookups

    async def beside(self, view: View, member: str, now: Instant) -> View:
        """What a member is shown, with the tip that waits for them, if one does. A refusal stays by itself."""
        if view.refused or any(isinstance(node, Form) for node in view.nodes):
            return view
        try:
            if await self._store.read(lambda tx: tip_for(self._lookups.at(tx, now), member)) is None:
                return view
            facts = await self._engine.transact(self._store, lambda tx: self._take(tx, member, now))
        except Exception as error:
            say = "A tip couldn't be shown beside an answer; it comes with the next one."
            log.warning("tip_not_shown", say=say, repeats=True, error=described(error))
            return view
        if facts is None:
            return view
        nodes = tip_nodes(facts)
        below = len(view.nodes) <= SHORT
        return replace(view, nodes=(*view.nodes, Divider(), *nodes) if below else (*nodes, Divider(), *view.nodes))

    def _take(self, tx: Transaction, member: str, now: Instant) -> TipFacts | None:
        facts = tip_for(self._lookups.at(tx, now), member)
        if facts is not None:
            tx.save([SeeTip(key=facts.tip.key, at=now)])
        return facts
