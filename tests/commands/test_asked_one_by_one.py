"""Commands whose params a platform asks for one by one, and what it may offer while somebody types them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands.command import Request
from bot.commands.offers import MOST_OFFERED, offers
from bot.commands.parse import TOO_LONG, asked
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.tags import person_tag
from bot.domain.views import opens_form
from bot.wording.answers import FOR_THE_TEAM
from tests.commands.test_commands import a_wait, here
from tests.queries.stored import SALES
from tests.runtime.test_interactions import HELP, NINE, Office, an_office


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as made:
        await made.says("dana", "my order hasn't come, what now?")
        yield made


# --- what may be meant


def offered(command: str, param: str, typed: str) -> list[str]:
    return [offer.value for offer in offers(command, param, typed, here())]


def test_waits_are_offered_by_handle_customer_and_channel() -> None:
    assert offered("claim", "wait", "") == ["w1", "w2", "w3"]
    assert offered("claim", "wait", "w2") == ["w2"]
    assert offered("claim", "wait", "oMa") == ["w2"]
    assert offered("claim", "wait", "nobody") == []
    (first, *_) = offers("claim", "wait", "w1", here())
    assert first.label == "w1: Dana Reyes in #help, waiting 59 min"


def test_no_more_are_offered_than_are_read() -> None:
    many = tuple(a_wait(n, "dana") for n in range(1, 40))
    assert len(offers("claim", "wait", "", here(waits=many))) == MOST_OFFERED


def test_members_are_offered_by_name_and_given_by_account() -> None:
    assert offered("assign", "member", "be") == [person_tag("ben")]
    assert offered("assign", "member", "@Ben") == [person_tag("ben")]
    assert person_tag("dana") not in offered("assign", "member", "")


def test_customers_who_wait_are_offered() -> None:
    assert offered("who", "customer", "dana") == [person_tag("dana")]
    assert set(offered("who", "customer", "")) >= {person_tag("dana"), person_tag("omar")}


def test_times_say_when_they_are() -> None:
    found = offers("snooze", "when", "mon", here())
    assert [offer.value for offer in found] == ["mon", "monday"]
    assert all("(" in offer.label for offer in found)
    assert offered("snooze", "when", "") == ["30m", "2h", "tomorrow 9am", "monday", "next week"]
    assert offered("snooze", "when", "gibberish") == []
    assert offered("snooze", "when", "2h" * 60) == []


def test_words_are_offered_by_their_examples() -> None:
    assert offered("away", "when", "until") == ["until monday", "until"]
    assert offered("help", "command", "sn") == ["snooze", "unsnooze"]
    assert offered("watch", "mode", "men") == ["mentions"]
    assert offered("stats", "channel", "sal") == [f"#{{{SALES}}}"]
    assert offered("waiting", "page", "1") == []


def test_what_no_command_takes_is_offered_nothing() -> None:
    assert offered("nonsense", "wait", "") == offered("claim", "nonsense", "") == offered("claim", "anyway", "") == []


# --- asked


def test_a_request_holds_what_was_given_for_each_param() -> None:
    given = {"wait": "w1", "when": " ", "nonsense": "x"}
    assert asked("snooze", given) == Request(verb="snooze", given={"wait": "w1"})
    assert asked("snooze", {"why": "x" * 400}) == TOO_LONG
    assert isinstance(asked("nonsense", {}), Refusal)
    assert asked("", {}) == Request(verb="help")


async def test_what_was_given_is_done(office: Office) -> None:
    view = await office.desk.ask("ana", Role.MEMBER, "snooze", {"wait": "w1", "when": "2h", "why": "waits for the depot"})
    assert "comes up again" in view.fallback and "waits for the depot" in view.fallback
    view = await office.desk.ask("ana", Role.MEMBER, "snooze", {"when": "2h"})
    assert view.refused and "which wait" in view.fallback
    assert (await office.desk.ask("dana", Role.CUSTOMER, "waiting", {})).fallback == FOR_THE_TEAM


async def test_nothing_is_offered_to_who_isnt_on_the_team(office: Office) -> None:
    assert [value for _, value in await office.desk.offer("ana", Role.MEMBER, "claim", "wait", "")] == ["w1"]
    assert list(await office.desk.offer("dana", Role.CUSTOMER, "claim", "wait", "")) == []


async def test_a_message_is_explained_by_its_wait(office: Office) -> None:
    view = await office.desk.explain("ana", Role.MEMBER, HELP, f"{NINE:.6f}")
    assert "w1" in view.fallback
    view = await office.desk.explain("ana", Role.MEMBER, HELP, "1.000000")
    assert view.refused and "no wait I know of" in view.fallback
    assert (await office.desk.explain("dana", Role.CUSTOMER, HELP, f"{NINE:.6f}")).fallback == FOR_THE_TEAM


@pytest.mark.parametrize(
    ("code", "opens"),
    [
        ("form:snooze/w1", True), ("listed:all/1/form%3Asnooze%2Fw1", True), ("listed:leaving/ana/form%3Aassign%2Fw1", True),
        ("claim:w1", False), ("listed:all/1/claim%3Aw1", False), ("listed:", False), ("", False), ("waiting:all/2", False),
    ],
)  # fmt: skip
def test_which_buttons_open_a_form(code: str, opens: bool) -> None:
    assert opens_form(code) is opens
