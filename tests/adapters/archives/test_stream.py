"""Events in order of time, whatever file they lie in, without holding the archive in memory."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from bot.domain.events import Posted
from tests.adapters.archives.conftest import Export, team_of, ts


def say(seconds: float, text: str, day: int = 0, **more: object) -> dict[str, object]:
    return {"type": "message", "user": "U1", "ts": ts(seconds, day), "text": text} | more


def test_channels_and_files_are_merged_in_order_of_time(export: Export) -> None:
    export.lists()
    rng = random.Random(3)
    expected = []
    for day, name in ((0, "2026-03-02"), (1, "2026-03-03"), (4, "2026-03-06")):
        for channel in ("help", "random"):
            # Days of a workspace on the west coast: the file's day ends eight hours after the UTC day.
            records = [say(8 * 3600 + rng.random() * 86_399, f"{channel}{n}", day) for n in range(40)]
            expected += records
            export.day(records, channel, name)
    found = export.messages()
    assert [message.id for message in found] == sorted((str(record["ts"]) for record in expected), key=float)
    assert export.problems == []


def test_replies_kept_with_their_parent_come_when_they_were_written(export: Export) -> None:
    export.lists()
    export.day([say(100, "question"), say(50, "answer", 3, thread_ts=ts(100), user="U2")])
    export.day([say(10, "next day", 1)], day="2026-03-03").day([say(90, "later", 3)], "random", "2026-03-05")
    assert [message.text for message in export.messages()] == ["question", "next day", "answer", "later"]
    assert export.problems == []


def test_a_broadcast_reply_in_both_days_files_comes_once(export: Export) -> None:
    reply = say(50, "for all", 1, thread_ts=ts(100), subtype="thread_broadcast", reactions=[{"name": "eyes", "users": ["U2"]}])
    export.lists().day([say(100, "question"), reply]).day([reply, say(60, "on", 1)], day="2026-03-03")
    assert [event.key.kind for event in export.events()] == ["posted", "posted", "reacted", "posted"]
    assert export.problems == []


def test_of_two_messages_with_one_id_the_first_is_kept_and_the_file_told_once(export: Export) -> None:
    export.lists().day([say(1, "first"), say(1, "second"), say(2, "a"), say(2, "b")]).day([say(1, "same time")], "random")
    assert [message.text for message in export.messages()] == ["first", "same time", "a"]
    (told,) = export.told()
    assert told.startswith(f"help/2026-03-02.json, message 2: has the id {ts(1)}, which another message has; the first was kept")


def test_times_that_do_not_fit_are_told_and_still_in_order(export: Export) -> None:
    late = say(30, "reply of 2041", 5500, thread_ts=ts(10))
    export.lists().day([say(20, "future", 2000), say(10, "now"), say(5, "past", -400), late])
    export.day([say(10, "tomorrow", 1)], day="2026-03-03")
    assert [message.text for message in export.messages()] == ["past", "now", "tomorrow", "future", "reply of 2041"]
    assert export.told() == [
        "help/2026-03-02.json, message 1: is dated 2031-08-23, not the day of its file; it was read at that time "
        "(and 2 more in this file)"
    ]


def test_a_day_is_opened_only_when_its_time_has_come(export: Export) -> None:
    export.lists().day([say(1, "one")]).day([say(1, "two", 1)], day="2026-03-03").day([say(1, "three", 2)], day="2026-03-04")
    events = export.open().events(role=team_of(), problem=export.problems.append)
    assert isinstance(next(events), Posted)
    export.day([say(2, "changed meanwhile", 2)], day="2026-03-04")
    assert [event.message.text for event in events if isinstance(event, Posted)] == ["two", "changed meanwhile"]


def test_a_file_that_vanishes_is_told(export: Export) -> None:
    export.lists().day([say(1, "one")]).day([say(1, "two", 2)], day="2026-03-04")
    events = export.open().events(role=team_of(), problem=export.problems.append)
    next(events)
    (export.root / "help/2026-03-04.json").unlink()
    assert list(events) == []
    assert "help/2026-03-04.json: can't be read" in export.told()[0]


def _peak(export: Export, days: int) -> int:
    """Bytes at most while reading `days` days."""
    export.lists()
    for day in range(days):
        name = f"2026-{3 + day // 28:02d}-{1 + day % 28:02d}"
        offset = (day // 28) * 31 + day % 28 - 1 - 3 * (day >= 56) + 2 * (day >= 56)
        export.day([say(n, f"message {n} " * 20, offset) for n in range(60)], day=name)
    archive = export.open()
    tracemalloc.start()
    for _ in archive.events(role=team_of(), problem=export.problems.append):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert export.problems == []
    return peak


def test_memory_does_not_grow_with_the_archive(export: Export) -> None:
    short = _peak(export, 5)
    assert _peak(export, 50) < short * 1.3


@pytest.mark.parametrize("run", [1, 2])
def test_an_archive_can_be_read_again(export: Export, run: int) -> None:
    export.lists().day([say(1, "one"), {"ts": "never"}])
    archive = export.open()
    for _ in range(run):
        export.problems = []
        assert len(list(archive.events(role=team_of(), problem=export.problems.append))) == 1
        assert export.told() == ["help/2026-03-02.json, message 2: has no readable time (`ts`); it was skipped"]
