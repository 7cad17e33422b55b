"""A platform's own filters, which a lead may have made: asked of the platform, shown first, made on a click. Nothing of it is
stored here: whether there is one the platform tells, each time it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.commands.responses import FilterRequest, Response, refusal
from bot.domain.refusal import Refusal
from bot.domain.views import View
from bot.errors import DeliveryError
from bot.language.lures import shipped_lures
from bot.outbox.guard import Guard
from bot.ports import FilterProposal, Moderation
from bot.wording.automod import FilterFacts, made, proposed, there_already

EXPOSED = "Somebody who isn't on the team can read the channel for reminders, so what is found can't be shown there."
UNTOLD = (
    "Who reads the channel for reminders can't be told just now, so I don't have anything shown there. Try again in a minute."
)

log = structlog.get_logger()


class Filters:
    """Answers what leads ask of filters. What a filter finds is shown only where `guard` would let us post."""

    def __init__(self, moderation: Moderation | None, guard: Guard | None) -> None:
        self._moderation = moderation
        self._guard = guard

    async def told(self, given: Response, may_read: Callable[[str], bool]) -> View:
        """What is shown of an answer: its view, or what comes of a filter that was asked for. `may_read` says in which channels,
        by their keys, who asks may read."""
        if given.filters is None or self._moderation is None:
            return given.view
        return await self._answer(self._moderation, given.filters, may_read)

    async def _answer(self, moderation: Moderation, request: FilterRequest, may_read: Callable[[str], bool]) -> View:
        """The preview of all servers, or what came of making it on one."""
        words = shipped_lures().privately
        try:
            found = [await self._guarded(one) for one in await moderation.proposals() if may_read(f"{one.server}:")]
            if request.server is None:
                return proposed([_facts(one) for one in found], words)
            wanted = next((one for one in found if _id(one) == request.server), None)
            if wanted is None:
                return refusal(Refusal(says="I am in no such server. Nothing was made.", tries=("automod",)))
            if wanted.existing is not None:
                return there_already(_facts(wanted))
            if not wanted.obstacle:
                wanted = await moderation.make(wanted, words, blocks=request.blocks)
            return made(_facts(wanted), blocks=request.blocks)
        except DeliveryError as error:
            say = "A lead asked for a filter of the platform's own, and the platform couldn't be asked; they were told so."
            log.warning("filter_not_made", say=say, reason=str(error))
            return refusal(
                Refusal(says=f"That didn't work: {error}. Look whether it was made before you try again.", tries=("automod",))
            )

    async def _guarded(self, proposal: FilterProposal) -> FilterProposal:
        if proposal.alerts is None or proposal.obstacle or proposal.existing is not None:
            return proposal
        exposed = None if self._guard is None else await self._guard.is_exposed(proposal.alerts)
        if exposed is False:
            return proposal
        return replace(proposal, obstacle=EXPOSED if exposed else UNTOLD)


def _id(proposal: FilterProposal) -> str:
    return proposal.server.rpartition(":")[2]


def _facts(proposal: FilterProposal) -> FilterFacts:
    return FilterFacts(
        id=_id(proposal),
        server=proposal.server_name,
        name=proposal.name,
        exempt=proposal.exempt,
        alerts=proposal.alerts_name,
        obstacle=proposal.obstacle,
        existing=proposal.existing,
    )
