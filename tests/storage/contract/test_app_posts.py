"""How often apps posted, as it is counted: by day, channel, app and way, never what they said."""

from __future__ import annotations

from bot.domain.durations import DAY
from bot.domain.moves import ChannelMove
from bot.domain.sources import Source, SourceKind
from bot.domain.writes import CountPost
from bot.ports import PostsOfSource, Store, Transaction
from tests.storage.samples import CHANNEL, OTHER

DEPLOYS = Source(id="A1", kind=SourceKind.BOT)
HOOK = Source(id="B2", kind=SourceKind.WEBHOOK)
RELAY = Source(id="B3", kind=SourceKind.BOT, trusted=True)
NOON = 100 * DAY + 43_200.0


def post(source: Source, at: float, name: str = "Deploys", channel: str = CHANNEL) -> CountPost:
    return CountPost(channel=channel, source=source, at=at, name=name)


async def test_posts_are_summed_over_days_by_channel_app_and_way(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([post(DEPLOYS, NOON), post(DEPLOYS, NOON - 5.0), post(DEPLOYS, NOON + DAY), post(DEPLOYS, NOON, channel=OTHER)])
        tx.save([post(HOOK, NOON)])
        assert tx.posts_of_sources(NOON) == tuple(
            PostsOfSource(channel=channel, source=source, name="Deploys", posts=posts, last_at=last_at)
            for channel, source, posts, last_at in sorted(
                [(CHANNEL, DEPLOYS, 3, NOON + DAY), (CHANNEL, HOOK, 1, NOON), (OTHER, DEPLOYS, 1, NOON)],
                key=lambda row: (row[0], row[1].id),
            )
        )
        assert [one.posts for one in tx.posts_of_sources(NOON + DAY)] == [1], "days before don't count"

    await store.transact(work)


async def test_an_app_that_goes_by_several_names_has_none(store: Store) -> None:
    def name(tx: Transaction, since: float = NOON) -> str | None:
        (one,) = tx.posts_of_sources(since)
        return one.name

    def work(tx: Transaction) -> None:
        tx.save([post(HOOK, NOON, "")])
        assert name(tx) == ""
        tx.save([post(HOOK, NOON, "Status"), post(HOOK, NOON, "Status")])
        assert name(tx) == "Status"
        tx.save([post(HOOK, NOON + DAY, "Dana")])
        assert name(tx) is None, "on another day"
        assert name(tx, NOON + DAY) == "Dana"
        tx.save([post(HOOK, NOON + DAY, "Erik"), post(HOOK, NOON + DAY, "Erik")])
        assert name(tx, NOON + DAY) is None, "on one day, and it stays so"

    await store.transact(work)


async def test_a_relay_goes_by_peoples_names_and_none_is_kept(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([post(RELAY, NOON, "Dana")])
        (one,) = tx.posts_of_sources(NOON)
        assert (one.name, one.source.trusted) == ("", True)

    await store.transact(work)


async def test_counts_are_kept_for_a_quarter_and_move_with_their_channel(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.save([post(DEPLOYS, NOON), post(DEPLOYS, NOON + DAY)])
        tx.move_channel(ChannelMove(old=CHANNEL, new=OTHER, at=NOON + DAY))
        assert {one.channel for one in tx.posts_of_sources(0.0)} == {OTHER}
        tx.prune(NOON + 92 * DAY, keep=DAY, window=5)
        assert [one.posts for one in tx.posts_of_sources(0.0)] == [2]
        tx.prune(NOON + 93 * DAY, keep=DAY, window=5)
        assert [one.posts for one in tx.posts_of_sources(0.0)] == [1]
        tx.prune(NOON + 200 * DAY, keep=DAY, window=5)
        assert tx.posts_of_sources(0.0) == ()

    await store.transact(work)
