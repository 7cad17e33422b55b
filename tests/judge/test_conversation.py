"""Who spoke since whom: kept up as customers come, speak again and are forgotten."""

from __future__ import annotations

import random

from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.window import Window
from bot.judge.conversation import MOST_PEOPLE, Conversation


def wrote(number: int, author: str, role: Role = Role.CUSTOMER) -> MessageRecord:
    return MessageRecord(
        id=f"m{number}", at=float(number), author=author, role=role, thread=None, reply_to=None, reading=Reading()
    )  # fmt: skip


def test_how_many_customers_spoke_since_one_did() -> None:
    conversation, window = Conversation(0), Window()
    authors = ("dana", "omar", "ana", "lena", "dana", "omar", "omar")
    conversation.take([wrote(n, who, Role.MEMBER if who == "ana" else Role.CUSTOMER) for n, who in enumerate(authors)], window)
    assert conversation.customers_since(["omar", "dana", "lena"]) == [0, 1, 2]
    assert min(conversation.customers_since(["ana", "yuki"])) >= MOST_PEOPLE  # a member, and somebody who never spoke


def test_a_customer_who_becomes_a_member_keeps_the_place_they_had() -> None:
    conversation, window = Conversation(0), Window()
    conversation.take([wrote(1, "dana"), wrote(2, "omar"), wrote(3, "lena"), wrote(4, "omar", Role.MEMBER)], window)
    assert conversation.customers_since(["lena", "omar", "dana"]) == [0, 1, 2]


def test_the_order_stays_right_when_people_are_forgotten() -> None:
    conversation, window, chance = Conversation(0), Window(), random.Random(14)
    people = [f"p{number}" for number in range(MOST_PEOPLE + 200)]
    conversation.take([wrote(number, chance.choice(people)) for number in range(3_000)], window)
    assert len(conversation.customers) <= MOST_PEOPLE
    latest_first = list(reversed(conversation.customers))
    assert conversation.customers_since(latest_first) == list(range(len(latest_first)))
