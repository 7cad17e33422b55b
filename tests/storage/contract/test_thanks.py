"""Thanks as they are stored: one row for each member in each message, for two weeks."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.moves import ChannelMove
from bot.domain.thanks import THANKS_KEPT, Thanks
from bot.domain.writes import DropMessage, SaveThanks
from bot.ports import Store, Transaction
from tests.storage.samples import CHANNEL, OTHER

TO_ANA = Thanks(channel=CHANNEL, message="9.0", at=9.0, customer="dana", member="ana", thread="8.0")
TO_BEN = replace(TO_ANA, member="ben")
SAVED = SaveThanks(channel=CHANNEL, message="9.0", thanks=(TO_ANA, TO_BEN))


async def test_a_message_thanks_whom_it_thanked_last(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([SAVED, SAVED])
        assert tx.thanks_to("ana", 9.0, 5) == (TO_ANA,) and tx.thanks_to("ben", 0.0, 5) == (TO_BEN,)
        assert tx.thanks_to("ana", 9.5, 5) == () == tx.thanks_to("mia", 0.0, 5)
        tx.save([SaveThanks(channel=CHANNEL, message="9.0", thanks=(TO_BEN,))])
        assert tx.thanks_to("ana", 0.0, 5) == () and tx.thanks_to("ben", 0.0, 5) == (TO_BEN,)
        tx.save([DropMessage(channel=OTHER, id="9.0", at=9.0), DropMessage(channel=CHANNEL, id="9.0", at=9.0)])
        assert tx.thanks_to("ben", 0.0, 5) == ()

    await store.transact(work)


async def test_the_latest_come_first_and_no_more_than_are_asked_for(store: Store) -> None:
    def work(tx: Transaction) -> None:
        for at in (1.0, 3.0, 2.0):
            one = replace(TO_ANA, message=f"{at}", at=at)
            tx.save([SaveThanks(channel=CHANNEL, message=one.message, thanks=(one,))])
        assert [thanks.at for thanks in tx.thanks_to("ana", 0.0, 2)] == [3.0, 2.0]

    await store.transact(work)


async def test_they_go_along_with_a_moved_channel_and_are_forgotten_after_two_weeks(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([SAVED])
        tx.move_channel(ChannelMove(old=CHANNEL, new="slack:T1:C9", at=12.0))
        assert [thanks.channel for thanks in tx.thanks_to("ana", 0.0, 5)] == ["slack:T1:C9"]
        tx.prune(9.0 + THANKS_KEPT - 1, keep=10 * THANKS_KEPT, window=200)
        assert len(tx.thanks_to("ana", 0.0, 5)) == 1
        tx.prune(9.0 + THANKS_KEPT + 1, keep=10 * THANKS_KEPT, window=200)
        assert tx.thanks_to("ana", 0.0, 5) == ()

    await store.transact(work)
