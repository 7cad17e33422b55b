"""Reading channels back. Pages come newest first (docs.slack.dev, /reference/methods/conversations.history)."""

from __future__ import annotations

from typing import Any

import pytest
import structlog

from adapters.slack import history as histories
from adapters.slack.history import SlackHistory
from bot.domain.events import Event, Posted, Reacted
from bot.domain.people import Role
from bot.errors import Forbidden, Gone, Rejected, RetryLater
from tests.adapters.slack.conftest import NOW, Script


def ts(seconds: float) -> str:
    return f"{NOW + seconds:.6f}"


def record(seconds: float, text: str = "hello", user: str = "UDANA", **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": user, "text": text, "ts": ts(seconds), "team": "T1"} | more


class Channel:
    """Answers history and replies out of its records, in pages of `page`."""

    def __init__(self, slack: Script, page: int = 200) -> None:
        self.top: list[dict[str, Any]] = []
        self.threads: dict[str, list[dict[str, Any]]] = {}
        self.page = page
        slack.answers |= {"conversations.history": self.history, "conversations.replies": self.replies}

    def history(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._paged(sorted(self.top, key=lambda one: float(one["ts"]), reverse=True), given)

    def replies(self, given: dict[str, Any]) -> dict[str, Any]:
        first, *replies = self.threads[given["ts"]]
        answer = self._paged(replies, given)
        return answer | {"messages": [first, *answer["messages"]]}

    def _paged(self, records: list[dict[str, Any]], given: dict[str, Any]) -> dict[str, Any]:
        low, high = float(given.get("oldest", 0)), float(given.get("latest", "inf"))
        inclusive = given.get("inclusive") is True
        fits = [one for one in records if low < float(one["ts"]) < high or (inclusive and float(one["ts"]) in (low, high))]
        start, page = int(given.get("cursor", 0)), min(self.page, given["limit"])
        following = str(start + page) if start + page < len(fits) else ""
        answer = {"ok": True, "messages": fits[start : start + page], "has_more": bool(following)}
        return answer | {"response_metadata": {"next_cursor": following}}

    def thread(self, parent: dict[str, Any], *replies: dict[str, Any]) -> dict[str, Any]:
        first = parent | {"thread_ts": parent["ts"], "reply_count": len(replies), "latest_reply": replies[-1]["ts"]}
        self.threads[parent["ts"]] = [first, *(reply | {"thread_ts": parent["ts"]} for reply in replies)]
        return first


async def read(slack: Script, mark: float = 0.0, parents: float = -1000.0) -> list[Event]:
    history = SlackHistory(slack, await slack.inbound(), clock=slack.clock)
    return [event async for event in history.since("slack:T1:C1", NOW + mark, parents=NOW + parents)]


async def test_what_was_missed_comes_oldest_first(slack: Script) -> None:
    channel = Channel(slack, page=3)
    channel.top = [record(seconds, f"m{seconds}") for seconds in range(-5, 8)]
    events = await read(slack)
    assert [event.message.text for event in events if isinstance(event, Posted)] == [f"m{seconds}" for seconds in range(1, 8)]
    assert slack.count("conversations.history") == 5
    assert all(event.channel == "slack:T1:C1" for event in events)


async def test_replies_in_older_threads_are_found(slack: Script) -> None:
    channel = Channel(slack)
    broadcast = record(6, "also to the channel", subtype="thread_broadcast")
    channel.top = [
        channel.thread(record(-500, "old"), record(-400, "seen"), record(3, "late", user="UANA"), broadcast),
        channel.thread(record(-300, "quiet"), record(-200, "seen")),
        channel.thread(record(2, "new"), record(4, "answered", user="UANA")),
        channel.thread(record(-2000, "too old"), record(5, "missed")),
        broadcast | {"thread_ts": ts(-500)},
        record(5, "between"),
    ]
    events = await read(slack)
    texts = [event.message.text for event in events if isinstance(event, Posted)]
    assert texts == ["new", "late", "answered", "between", "also to the channel"]
    late = next(event for event in events if isinstance(event, Posted) and event.message.text == "late")
    assert (late.message.thread, late.message.role) == (ts(-500), Role.MEMBER)
    asked = [given["ts"] for method, given in slack.asked if method == "conversations.replies"]
    assert sorted(asked) == [ts(-500), ts(2)]


async def test_reactions_come_without_a_time(slack: Script) -> None:
    channel = Channel(slack)
    channel.top = [record(1, reactions=[{"name": "eyes", "users": ["UANA"], "count": 1}]), record(2)]
    _, eyes, _ = await read(slack)
    assert isinstance(eyes, Reacted) and eyes.by_member and not eyes.timed and eyes.id == ts(1)


async def test_what_nobody_waits_for_is_read_patiently(slack: Script) -> None:
    channel = Channel(slack)
    channel.top = [channel.thread(record(1, user="UNEW"), record(2))]
    await read(slack)
    methods = ("users.info", "conversations.history", "conversations.replies")
    assert [slack.patient[method] for method in methods] == [True] * 3
    history = SlackHistory(slack, await slack.inbound(), clock=slack.clock)
    await history.find("C1", "k1", NOW)
    await history.message("C1", ts(2), ts(1))
    assert [slack.patient[method] for method in methods[1:]] == [False] * 2


async def test_a_members_mark_on_an_older_message_is_found(slack: Script) -> None:
    channel = Channel(slack)
    marks = [{"name": "white_check_mark", "users": ["UANA", "UOMAR"], "count": 2}]
    channel.top = [record(-100, reactions=marks), record(-50, user="UBOT", reactions=marks), record(1)]
    done, posted = await read(slack)
    assert isinstance(done, Reacted) and (done.by, done.id, done.timed) == ("UANA", ts(-100), False)
    assert isinstance(posted, Posted)


async def test_our_own_posts_and_notices_are_no_events(slack: Script) -> None:
    channel = Channel(slack)
    channel.top = [record(1, user="UBOT", bot_id="BBOT"), record(2, subtype="channel_join"), {"type": "message"}, record(3)]
    channel.top[2]["ts"] = ts(2.5)
    assert [event.at for event in await read(slack)][-1] == NOW + 3


async def test_a_gap_too_long_loses_its_oldest_and_says_so(slack: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "MOST_MESSAGES", 4)
    channel = Channel(slack, page=2)
    channel.top = [record(seconds) for seconds in range(1, 10)]
    with structlog.testing.capture_logs() as lines:
        events = await read(slack)
    assert [event.at - NOW for event in events] == [6, 7, 8, 9]
    assert [line["event"] for line in lines if line["log_level"] == "warning"] == ["slack_gap_too_long"]


async def test_a_thread_that_went_meanwhile_is_left_out(slack: Script) -> None:
    channel = Channel(slack)
    channel.top = [channel.thread(record(1, "new"), record(4, "answered")), record(2)]
    slack.answers["conversations.replies"] = Gone("thread_not_found")
    assert [event.at - NOW for event in await read(slack)] == [1, 2]


async def test_without_the_channel_nothing_is_given(slack: Script) -> None:
    Channel(slack)
    for error in (Forbidden("not_in_channel"), RetryLater("later", after=5)):
        slack.answers["conversations.history"] = error
        with pytest.raises(type(error)):
            await read(slack)


# -- our own posts


def ours(seconds: float, key: str, **more: Any) -> dict[str, Any]:
    """docs.slack.dev, /messaging/message-metadata"""
    metadata = {"event_type": "realreply_post", "event_payload": {"key": key}}
    return record(seconds, user="UBOT", bot_id="BBOT", metadata=metadata) | more


async def test_our_post_is_found_by_its_key(slack: Script) -> None:
    channel = Channel(slack, page=2)
    others = [record(seconds) for seconds in range(10)]
    forged = ours(12, "k1", user="UROBOT", bot_id="B7")
    channel.top = [ours(-400, "k0"), ours(1.5, "k1"), ours(2.5, "k2"), ours(3.5, "k3", metadata="?"), forged, *others]
    history = SlackHistory(slack, await slack.inbound(), clock=slack.clock)
    assert await history.find("C1", "k1", NOW) == ts(1.5)
    assert await history.find("C1", "k2", NOW + 60) == ts(2.5)  # clocks differ
    assert await history.find("C1", "k0", NOW) is None
    assert await history.find("C1", "k3", NOW) is None
    asked = [given for method, given in slack.asked if method == "conversations.history"]
    assert all(given["include_all_metadata"] is True for given in asked)


async def test_where_too_much_was_posted_it_isnt_guessed(slack: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "MOST_SEARCHED", 4)
    channel = Channel(slack, page=2)
    channel.top = [ours(0.5, "k1"), *(record(seconds) for seconds in range(1, 10))]
    history = SlackHistory(slack, await slack.inbound(), clock=slack.clock)
    with pytest.raises(Rejected):
        await history.find("C1", "k1", NOW)


async def test_one_message_as_it_reads_now(slack: Script) -> None:
    channel = Channel(slack)
    channel.top = [record(0, "before"), record(1, "Where is <@UANA>?"), record(2, "after")]
    channel.top.append(channel.thread(record(3, "start"), record(4, "one"), record(5, "two")))
    history = SlackHistory(slack, await slack.inbound(), clock=slack.clock)
    message = await history.message("C1", ts(1))
    assert message is not None and (message.text, message.id) == ("Where is @Ana?", ts(1))
    reply = await history.message("C1", ts(5), ts(3))
    assert reply is not None and (reply.text, reply.thread) == ("two", ts(3))
    assert await history.message("C1", ts(1.5)) is None
    channel.top[1]["subtype"] = "tombstone"
    assert await history.message("C1", ts(1)) is None
