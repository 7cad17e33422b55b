"""The guard: the one way by which a message leaves. It refuses every place that a customer could read.

Nothing else calls a platform's `deliver`, `whisper`, `update` or `remove` (a test reads the source to make sure), so no reminder,
update, digest or tip can go round it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Team
from bot.domain.views import View
from bot.errors import DeliveryError, Forbidden, ReadByOthers, Rejected, RetryLater, described
from bot.ports import Clock, KnownSince, Platform
from bot.wording.removed import removed

KNOWN_FOR: Seconds = 60
"""How long an answer about who reads a channel, or whether a person is on the team, is believed when no event says that something
changed."""

MOST_KNOWN = 200
"""Channels whose readers are kept in mind. A team has a handful of channels that we write to."""

ASK_AGAIN: Seconds = 30
"""When the platform couldn't be asked who reads a channel, try after this long."""

log = structlog.get_logger()


class Guard:
    """Checks and sends, on the platform that an address names (`platforms` are by name). `team` tells who is on the team now,
    `wants_dm` which of its members asked for direct messages."""

    def __init__(
        self,
        platforms: Mapping[str, Platform],
        *,
        team: Callable[[], Team],
        wants_dm: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self._platforms = platforms
        self._team = team
        self._wants_dm = wants_dm
        self._clock = clock
        self._known: dict[Address, tuple[Readers, KnownSince]] = {}
        self.changes = 0
        """How often something changed about who reads what. What was sent while this grew may have been taken when others could
        read it already."""

    async def send(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        """Post a message where only members can read it and give its reference; `under` an earlier post of ours there, if one is
        given. Raises Forbidden for any other place (also on a platform we aren't on), and whatever DeliveryError the platform
        raises."""
        platform = self._platform(address)
        await self._check(platform, address)
        if address.kind == "person":
            if not self._wants_dm(self._team().accounts.member(address.platform, address.id)):
                raise Forbidden(f"{address.id} hasn't asked for direct messages")
            await platform.open_direct(address)
            await self._check(platform, address, again=True)  # that took a while: what changed meanwhile counts
        return await platform.deliver(address, view, keys, under=under)

    async def whisper(self, address: Address, person: str, view: View, *, thread: str | None = None) -> None:
        """Show a private answer to somebody in a channel where they asked, under the same rule as a message: only members read
        there, and they are one. Raises Forbidden else, and whatever DeliveryError the platform raises."""
        platform = self._platform(address)
        if not self._is_member(Address(address.platform, "person", person)):
            raise Forbidden(f"{person} isn't on the team: nothing is ever sent to customers")
        await self._check(platform, address)
        await platform.whisper(address, person, view, thread=thread)

    async def change(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post of ours says, under the same rule: its readers may have changed since it was posted. A member who
        wants no direct messages any more has those that are there brought up to date all the same."""
        platform = self._platform(address)
        await self._check(platform, address)
        await platform.update(address, ref, view)

    async def remove(self, address: Address, ref: str) -> None:
        """Remove a post of ours, whoever reads it: that is why it goes. Where the platform refuses, what it says is taken out.
        Raises whatever DeliveryError the platform raises. Removing twice does no harm."""
        platform = self._platform(address)
        try:
            await platform.remove(address, ref)
        except (Forbidden, Rejected):
            await platform.update(address, ref, removed())

    async def is_exposed(self, address: Address) -> bool | None:
        """Whether somebody who isn't on the team can read what we posted there; None: it can't be told. Raises as `send` does."""
        if address.kind == "person" and self._is_member(address):
            return False
        readers = await self._readers(self._platform(address), address)
        return None if readers.internal is None else not readers.internal

    def can_find(self, address: Address) -> bool:
        """Whether what was posted there can be read back. Never on a platform we aren't on."""
        platform = self._platforms.get(address.platform)
        return platform is not None and platform.can_find(address)

    async def find(self, address: Address, key: str, since: Instant, *, under: str | None = None) -> str | None:
        """The reference of the message posted under a key at `since` or later, if there is one; `under` the post it was to go
        with. Raises Forbidden where we aren't, and whatever DeliveryError the platform raises."""
        return await self._platform(address).find_delivered(address, key, since, under=under)

    def forget(self, address: Address | None = None) -> None:
        """Something changed about who reads a channel (shared, unshared, somebody joined, permissions); None: about the team's
        people or roles. The platform is asked again before the next message."""
        self.changes += 1
        if address is None:
            self._known.clear()
        else:
            self._known.pop(address, None)

    def _platform(self, address: Address) -> Platform:
        try:
            return self._platforms[address.platform]
        except KeyError:
            where = address.platform or "a platform without a name"
            connected = ", ".join(self._platforms) or "nothing"
            raise Forbidden(
                f"nothing was sent to {address.kind} {address.id}: it is on {where}, and realreply is connected to {connected}"
            ) from None

    async def _check(self, platform: Platform, address: Address, *, again: bool = False) -> None:
        if address.kind == "person" and not self._is_member(address):
            raise ReadByOthers(f"{address.id} isn't on the team: nothing is ever sent to customers", lately=again)
        readers = await self._readers(platform, address)
        if readers.internal:
            return
        if address.kind == "person":
            if readers.internal is None:
                raise Forbidden(f"nothing was sent to {address.id}: it can't be told whether they are on the team")
            why = f"{address.id} isn't on the team any more, says {address.platform}: nothing is sent to customers"
            raise ReadByOthers(why, lately=True)
        if readers.shared:
            why = "it is shared with another organisation"
        elif readers.outsiders:
            why = "somebody who isn't on the team can read it"
        else:
            why = "it can't be told who reads it"
        kind = Forbidden if readers.internal is None else ReadByOthers
        raise kind(f"nothing was sent to channel {address.id}: {why}. Choose a channel that only the team can read")

    def _is_member(self, address: Address) -> bool:
        """Whether somebody's direct messages are a member's, as far as we know. An id may be a customer's here and a member's key
        for another platform."""
        team = self._team()
        member = team.accounts.member(address.platform, address.id)
        return member in team.members and team.accounts.account(address.platform, member) == address.id

    async def _readers(self, platform: Platform, address: Address) -> Readers:
        known = self._known.get(address)
        if known is not None and known[1].is_within(KNOWN_FOR, self._clock):
            return known[0]
        while True:
            changes, since = self.changes, KnownSince.of(self._clock)
            readers = await self._ask(platform, address)
            # A change that was announced while the platform was answering may not be in its answer.
            if changes == self.changes:
                break
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[address] = (readers, since)
        return readers

    async def _ask(self, platform: Platform, address: Address) -> Readers:
        try:
            return await platform.readers_of(address)
        except RetryLater as error:
            raise RetryLater(str(error), after=error.after, uncertain=False) from error
        except DeliveryError:
            raise
        except Exception as error:  # an adapter's mistake: nothing was posted, and nothing may be until it answers
            log.error(
                "audience_unknown",
                say="It couldn't be found out who reads a channel, so nothing was sent there yet.",
                channel=address.id,
                error=described(error),
            )
            why = f"who reads {address.id} couldn't be found out: {described(error)}"
            raise RetryLater(why, after=ASK_AGAIN, uncertain=False) from error
