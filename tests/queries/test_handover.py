"""Lists of what somebody has open: when there is one."""

from __future__ import annotations

import pytest

from bot.domain.keys import HandoverKey
from bot.domain.preferences import Choices
from bot.queries.handover import list_facts
from tests.commands.test_commands import a_wait
from tests.queries.stored import TEN, lookups, snapshot, transaction
from tests.waits.world import DAY, HOUR

GONE = Choices(away={"ana": ((TEN + HOUR, TEN + DAY),)})


@pytest.mark.parametrize(
    ("key", "choices", "told"),
    [
        (HandoverKey(member="ana", at=TEN), Choices(), True),
        (HandoverKey(member="ben", at=TEN), Choices(), False),  # on duty, by now
        (HandoverKey(member="ana", at=TEN + HOUR, why="away"), GONE, True),
        (HandoverKey(member="ana", at=TEN + HOUR, why="away"), Choices(), False),  # they won't be, after all
        (HandoverKey(member="ana", at=TEN, why="away"), Choices(away={"ana": ((TEN, TEN + DAY),)}), False),  # it is too late
        (HandoverKey(member="zoe", at=TEN, why="left"), Choices(), True),
    ],
)
def test_a_list_is_told_while_it_helps(key: HandoverKey, choices: Choices, told: bool) -> None:
    tx = transaction([a_wait(1, owner="ana", owner_reason="claimed").wait])
    facts = list_facts(snapshot(tx, known=lookups(choices=choices)), key.spell(), 0)
    assert (facts is not None) is told


def test_keys_of_lists_come_back_and_those_of_earlier_versions_too() -> None:
    key = HandoverKey(member="a:b/c", at=12.5, why="gap", since=3.25)
    assert HandoverKey.parse(key.spell()) == key
    assert HandoverKey.parse("handover:ana:1772442000.5") == HandoverKey(member="ana", at=1772442000.5)


def test_a_list_of_one_server_says_so_in_its_key() -> None:
    key = HandoverKey(member="a:b/c", at=12.5, why="left", place="discord:12")
    assert HandoverKey.parse(key.spell()) == key
