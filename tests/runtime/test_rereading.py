"""Words that are missing are read again, as far as they are to be kept and their platform has them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.domain.writes import KeepText, SaveWait, Write
from bot.ports import Transaction
from bot.runtime import rereading
from bot.runtime.rereading import Rereading
from storage.sqlite.database import Database
from tests.runtime.simulated import a_house

HELP, ELSEWHERE = "local:harbor:help", "other:harbor:help"


def wait(channel: str, number: int) -> Wait:
    message = f"{number}.0"
    return Wait(
        id=f"{channel}/{message}",
        channel=channel,
        customer="dana",
        thread=None,
        messages=(message,),
        opened_at=float(number),
        last_message_at=float(number),
    )


class Platform:
    """What its messages say now. None: it can't be asked."""

    def __init__(self, says: dict[str, str] | None) -> None:
        self.says = says
        self.asked: list[tuple[str, str]] = []

    async def reread(self, channel: str, message: str, thread: str | None) -> str | None:
        self.asked.append((channel, message))
        if channel == ELSEWHERE or self.says is None:
            return None
        return self.says.get(message, "")


async def unworded(store: Database, *waits: Wait) -> None:
    for one in waits:
        writes: list[Write] = [SaveWait(wait=one), KeepText(wait=one.id, message=one.messages[0], text="")]
        await store.transact(partial(_save, writes=writes))


def _save(tx: Transaction, writes: list[Write]) -> None:
    tx.save(writes)


async def texts(store: Database, one: Wait) -> list[str]:
    return [kept.text for kept in await store.read(lambda tx: tx.texts(one.id))]


async def test_words_come_back_and_what_is_gone_isnt_asked_for_again(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        there, gone = wait(HELP, 1), wait(HELP, 2)
        await unworded(house.store, there, gone)
        platform = Platform({"1.0": "Where is it?"})
        reading = Rereading(house.store, platform.reread, rules_of=lambda _: ChannelRules())
        await reading.run()
        await reading.run()
        assert platform.asked == [(HELP, "2.0"), (HELP, "1.0")]
        assert (await texts(house.store, there), await texts(house.store, gone)) == (["Where is it?"], [])


async def test_a_platform_that_cant_be_asked_is_asked_the_next_time_and_stands_in_nobodys_way(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        here = wait(HELP, 1)
        await unworded(house.store, here, *(wait(ELSEWHERE, number) for number in range(2, 6)))
        platform = Platform(None)
        reading = Rereading(house.store, platform.reread, rules_of=lambda _: ChannelRules())
        await reading.run()
        assert len(platform.asked) == 2, "each platform once"
        platform.says = {"1.0": "Where is it?"}
        await reading.run()
        assert await texts(house.store, here) == ["Where is it?"]


async def test_so_many_are_asked_for_in_one_turn(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        count = rereading.AT_ONCE + 5
        await unworded(house.store, *(wait(HELP, number) for number in range(1, count + 1)))
        platform = Platform({f"{number}.0": "Where is it?" for number in range(1, count + 1)})
        reading = Rereading(house.store, platform.reread, rules_of=lambda _: ChannelRules())
        await reading.run()
        assert len(platform.asked) == rereading.AT_ONCE
        await reading.run()
        assert len(platform.asked) == count and len(set(platform.asked)) == count


async def test_where_no_text_is_kept_nothing_is_asked_for(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house:
        await unworded(house.store, wait(HELP, 1))
        platform = Platform({"1.0": "Where is it?"})
        await Rereading(house.store, platform.reread, rules_of=lambda _: ChannelRules(keep_text=False)).run()
        assert platform.asked == [] and await house.store.transact(lambda tx: tx.unworded(9)) == ()
