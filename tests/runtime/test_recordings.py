"""What is said in a voice message comes after it: the message is looked at again until it is written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.events import Posted
from bot.domain.messages import Message
from bot.domain.waits import WaitState
from bot.runtime.recordings import LOOKS, Recordings
from tests.runtime.simulated import House, a_house, posted, wait_id
from tests.waits.world import HOUR, MINUTE, NINE


class Platform:
    """What was posted there, as it reads now: in `written` there are the words of recordings."""

    def __init__(self, *events: Posted) -> None:
        self.posted = {event.message.id: event.message for event in events}
        self.written: dict[str, str] = {}
        self.asked: list[str] = []

    async def look(self, channel: str, message: str, thread: str | None) -> Message | None:
        self.asked.append(message)
        if message not in self.written:
            return self.posted[message]
        return replace(self.posted[message], text=self.written[message], recording=False)


async def listening(house: House, platform: Platform, *, minutes: range) -> None:
    recordings = Recordings(house.engine, house.store, house.inbox, platform.look, clock=house.clock)
    for minute in minutes:
        house.clock.time = NINE + minute * MINUTE + 1
        await recordings.run()


async def test_a_customers_recording_counts_by_its_words_once_they_are_there(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house, house.taking_in():
        clip = posted("dana", "", files=1, recording=True)
        platform = Platform(clip)
        await house.happen(clip)
        await listening(house, platform, minutes=range(4))
        before = await house.wait(wait_id())
        assert before is not None and before.probability == 0.6 and len(platform.asked) == 2
        platform.written[clip.message.id] = "where is it?"
        await listening(house, platform, minutes=range(4, 60))
        after = await house.wait(wait_id())
        assert after is not None and after.open and after.probability == 0.9
        assert len(platform.asked) == 3, "what is known isn't asked for again"


async def test_a_members_recording_becomes_the_answer_it_is(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house, house.taking_in():
        question = posted("dana", "where is it?")
        clip = posted("ana", "", NINE + 2, files=1, recording=True, thread=question.message.id)
        platform = Platform(question, clip)
        platform.written[clip.message.id] = "it is in the shed"
        await house.happen(question, clip)
        await listening(house, platform, minutes=range(3))
        wait = await house.wait(wait_id())
        assert wait is not None and wait.state is WaitState.ANSWERED and platform.asked == [clip.message.id]


async def test_it_is_given_up_after_a_while(tmp_path: Path) -> None:
    async with a_house(tmp_path / "a.db") as house, house.taking_in():
        clip = posted("dana", "", files=1, recording=True)
        platform = Platform(clip)
        await house.happen(clip)
        await listening(house, platform, minutes=range(int(2 * HOUR / MINUTE)))
        assert len(platform.asked) == len(LOOKS)
