"""Bad input: told by file and place, the rest still read, never a traceback."""

from __future__ import annotations

import json
import math
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.archives.slack_export import open_archive
from adapters.archives.tolerant_json import read_list
from bot.domain.events import Edited, Event, Posted
from bot.domain.people import Role
from bot.errors import NotAnArchive
from bot.ports import Problem
from tests.adapters.archives.conftest import Export, ts


def record(n: int, **more: object) -> dict[str, object]:
    """Message `n`, with the parts that hold objects of their own."""
    return {
        "user": "U1",
        "type": "message",
        "ts": ts(1000 + n * 61.37),
        "text": f"message {n} \u00e9 {{ }}",
        "edited": {"user": "U1", "ts": ts(1)},
        "attachments": [{"text": "quoted", "ts": ts(2), "author_id": "U3"}],
        "user_profile": {"display_name": "Dana", "real_name": "Dana Vester"},
        "reactions": [{"name": "eyes", "users": ["U2"], "count": 1}],
    } | more


RECORDS = [record(n) for n in range(8)]
TEXTS = [str(r["text"]) for r in RECORDS]


def pretty(records: list[dict[str, object]]) -> bytes:
    return json.dumps(records, indent=4, ensure_ascii=False).encode()


def texts(data: bytes) -> list[str]:
    entries, _ = read_list(data, "message")
    return [str(entry["text"]) for entry in entries if isinstance(entry, dict) and "text" in entry]


def test_what_stands_before_and_after_the_damage_is_rescued(export: Export) -> None:
    lines = pretty(RECORDS).splitlines(keepends=True)
    hurt = next(n for n, line in enumerate(lines) if b"message 3" in line)
    lines[hurt] = b'        "text": "mess\n'
    export.lists().put("help/2026-03-02.json", b"".join(lines))
    assert [message.text for message in export.messages()] == TEXTS[:3] + TEXTS[4:]
    (told,) = export.told()
    assert told.startswith(f"help/2026-03-02.json, line {hurt + 1} column ")
    assert "broken JSON" in told and told.endswith("7 complete messages were rescued")


@pytest.mark.parametrize("write", [pretty, lambda records: json.dumps(records, separators=(",", ":")).encode()])
def test_a_cut_off_file_gives_all_complete_messages(write: Any) -> None:
    data = write(RECORDS)
    for share in (0.2, 0.5, 0.77, 0.99):
        cut = data[: int(len(data) * share)]
        ends = [_ends(data, data.find(str(r["ts"]).encode())) for r in RECORDS]
        complete = [text for text, end in zip(TEXTS, ends, strict=True) if end <= len(cut)]
        assert texts(cut) == complete


def _ends(data: bytes, inside: int) -> int:
    """Where the message that holds position `inside` ends: just before the next one's beginning."""
    following = data.find(b'"type"', inside)
    return len(data.rstrip(b"]\n ")) if following < 0 else data.rfind(b"}", 0, following) + 1


@pytest.mark.parametrize(
    ("data", "read", "told"),
    [
        (b"", 0, "is empty"),
        (b"\x00" * 50, 0, "is empty"),
        (b"null", 0, "holds null where a list of messages was expected"),
        (b'{"messages": ' + pretty(RECORDS) + b"}", 8, "the list under 'messages' was read instead"),
        (json.dumps(RECORDS[0]).encode(), 1, "was read as one message"),
        (b"[" * 100_000, 0, "nested too deeply"),
        (b'{"a":' * 30_000, 0, ""),
        (pretty(RECORDS)[:-2] + b', {"blocks": ' + b"[" * 50_000 + b"]" * 50_000 + b"}]", 8, "nested too deeply"),
        (b"hello", 0, "0 complete messages were rescued"),
        (b"[" + b"9" * 5000 + b"," + pretty(RECORDS)[1:], 8, "broken JSON"),
        (pretty(RECORDS).decode().encode("utf-16"), 8, "UTF-16"),
        (pretty(RECORDS).decode().encode("utf-16-be"), 8, "UTF-16"),
        (b"\xef\xbb\xbf" + pretty(RECORDS), 8, "byte order mark"),
        (pretty(RECORDS).decode().encode("latin-1"), 8, "line 6: isn't UTF-8; it was read as Windows-1252"),
        (pretty(RECORDS).replace(b"message 3", b"message \xff3"), 8, "1 unreadable letters were replaced"),
    ],
)
def test_whole_files_gone_wrong(export: Export, data: bytes, read: int, told: str) -> None:
    export.lists().put("help/2026-03-02.json", data)
    found = export.messages()
    assert len(found) == read
    assert all(problem.where.startswith("help/2026-03-02.json") for problem in export.problems)
    assert told in " ".join(export.told()).replace("help/2026-03-02.json, ", "") and export.problems
    if read == 8 and b"\xff3" not in data:
        assert [message.text for message in found] == TEXTS


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ({"text": 7}, "has a number as `text`; it was read without"),
        ({"user": {"id": "U1"}}, "has an object as `user`; U1 was read from it"),
        ({"user": ["U1"]}, "has a list as `user`"),
        ({"user": None}, "names no author; it was read as written by somebody unknown"),
        ({"reactions": "eyes"}, "has a text as `reactions`; they were left out"),
        ({"reactions": [{"name": "eyes"}, 3]}, "has reactions that can't be read; those were left out"),
        ({"subtype": {}}, "has an object as `subtype`; that was left out"),
        ({"thread_ts": "yesterday"}, "has an unreadable `thread_ts`; it was read as if outside a thread"),
        ({"ts": 1772413200}, None),
        ({"ts": 1772413200.000001}, None),
    ],
)
def test_wrong_types_are_told_and_the_message_still_read(export: Export, odd: dict[str, object], told: str | None) -> None:
    export.lists().day([record(0), record(1) | odd, record(2)])
    assert len(export.messages()) == 3
    if told is None:
        assert export.told() == []
    else:
        assert export.told()[0].startswith(f"help/2026-03-02.json, message 2: {told}")


@pytest.mark.parametrize(
    "bad", ["", "soon", None, True, -5, math.inf, 1e300, "99999999999", "9999999999", "17_72", "nan", "1772413200.", [1]]
)
def test_messages_without_a_time_are_told_once_a_file(export: Export, bad: object) -> None:
    export.lists().day([record(0), record(1, ts=bad), record(2, ts=bad), record(3)])
    assert [message.text for message in export.messages()] == [TEXTS[0], TEXTS[3]]
    assert export.told() == [
        "help/2026-03-02.json, message 2: has no readable time (`ts`); it was skipped (and 1 more in this file)"
    ]


def test_entries_that_are_no_objects(export: Export) -> None:
    export.lists().day([record(0), None, 7, "text", [], record(1)])
    assert len(export.messages()) == 2
    assert [told.split(": ")[1] for told in export.told()] == [
        f"is {kind}, not an object; it was skipped" for kind in ("null", "a number", "a text", "a list")
    ]


def test_damaged_lists_of_people_and_channels(export: Export) -> None:
    export.lists().day([record(0)])
    export.put("users.json", (export.root / "users.json").read_bytes()[:-40])
    export.put("channels.json", [{"name": "no id"}, 4, {"id": "C1", "name": "help"}])
    (message,) = export.messages()
    assert (message.channel, export.archive.people["U1"].names[0]) == ("slack:T1:C1", "Dana")
    assert export.told()[0].startswith("users.json, line ") and "3 complete persons were rescued" in export.told()[0]
    assert export.told()[1:] == [
        "channels.json, channel 1: has no `id`; it was skipped",
        "channels.json, channel 2: is a number, not an object; it was skipped",
    ]


def test_days_that_do_not_exist_are_still_read(export: Export) -> None:
    export.lists().day([record(0)], day="2026-02-31")
    assert len(export.messages()) == 1
    assert "help/2026-02-31.json: is named after a day that doesn't exist" in export.told()[0]


def test_parts_of_a_damaged_message_are_no_messages() -> None:
    root = {"type": "message", "user": "U1", "text": "the root", "ts": ts(3)}
    records = [record(0), record(1, root=root), record(2)]
    for data in (pretty(records), json.dumps(records, ensure_ascii=False).encode()):
        at = data.find(b"message 1")
        for hurt in (data[:at] + b'", ' + data[at:], data[:at] + b'"}, ' + data[at:]):
            entries, _ = read_list(hurt, "message")
            assert [entry["text"] for entry in entries if isinstance(entry, dict)][-1] == TEXTS[2]
            assert all(isinstance(entry, dict) and "text" in entry and entry["text"] != "the root" for entry in entries)


def test_bare_messages_are_known_by_their_place(export: Export) -> None:
    bare: list[dict[str, object]] = [{"ts": ts(n), "text": f"bare {n}"} for n in range(5)]
    assert texts(pretty(bare).replace(b'"bare 2"', b"bare 2")) == ["bare 0", "bare 1", "bare 3", "bare 4"]


# ---- fuzzing -------------------------------------------------------------------------------------------------------------


def spans(records: list[dict[str, object]], *, indent: int | None) -> tuple[bytes, list[tuple[int, int]]]:
    """A day file and where in it each message lies."""
    data, found = b"[\n", []
    for n, value in enumerate(records):
        body = json.dumps(value, indent=indent, ensure_ascii=False).encode()
        if indent:
            body = b"    " + body.replace(b"\n", b"\n    ")
        data += b",\n" * (n > 0)
        found.append((len(data) + (4 if indent else 0), len(data) + len(body)))
        data += body
    return data + b"\n]\n", found


@given(st.data(), st.sampled_from([None, 4]), st.integers(0, 255), st.sampled_from(["replace", "insert", "delete"]))
def test_a_changed_byte_costs_at_most_the_message_it_lies_in(
    data: st.DataObject, indent: int | None, byte: int, how: str
) -> None:
    whole, places = spans(RECORDS, indent=indent)
    at = data.draw(st.integers(0, len(whole) - 1))
    middle = {"replace": bytes([byte]), "insert": bytes([byte]) + whole[at : at + 1], "delete": b""}[how]
    found = texts(whole[:at] + middle + whole[at + 1 :])
    untouched = [text for text, (start, end) in zip(TEXTS, places, strict=True) if not start <= at < end]
    assert [text for text in found if text in untouched] == untouched


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["U1", "C1", "help", ts(5), ts(6)]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
KEYS = [
    "type",
    "subtype",
    "ts",
    "thread_ts",
    "user",
    "text",
    "files",
    "file",
    "reactions",
    "blocks",
    "attachments",
    "bot_id",
    "app_id",
    "bot_profile",
    "user_profile",
    "username",
    "team",
    "user_team",
    "message",
    "previous_message",
    "deleted_ts",
    "comment",
    "id",
    "name",
    "elements",
    "users",
    "profile",
    "real_name",
    "is_bot",
    "team_id",
    "is_stranger",
    "connected_team_ids",
    "enterprise_user",
    "display_name",
    "fields",
]
shaped = st.recursive(
    junk
    | st.sampled_from(
        ["message", "thread_broadcast", "message_changed", "message_deleted", "rich_text", "tombstone", "bot_message"]
    ),
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=8) | st.lists(inner, max_size=4),
    max_leaves=30,
)


def read_all(path: Path) -> tuple[list[Event], list[Problem]]:
    """Everything from a path; only NotAnArchive may be raised, and what comes out must be fit to be stored."""
    problems: list[Problem] = []
    try:
        archive = open_archive(path)
        events = list(archive.events(role=lambda *_: Role.CUSTOMER, problem=problems.append))
    except NotAnArchive as error:
        str(error).encode()
        return [], []
    for problem in problems:
        str(problem).encode()
        assert problem.where
    for person in archive.people.values():
        "".join([person.id, *person.names]).encode()
        assert person.id and person.names
    for event in events:
        key = event.key
        "\0".join([event.channel, key.message, key.kind, key.edit]).encode()
        assert 0 <= event.at < 4_102_444_800
        if isinstance(event, Posted | Edited):
            message = event.message
            "".join([message.text, message.author, message.thread or "", *message.mentions, *message.marks]).encode()
            assert message.author and message.id
    return events, problems


@settings(max_examples=40)
@given(st.lists(shaped, max_size=5) | shaped, shaped | st.lists(shaped), shaped | st.lists(shaped))
@example([record(0) | {"text": "\ud800", "user": "\udfff", "thread_ts": "\ud800"}], [{"id": "\ud800", "name": "\ud800"}], [])
def test_any_json_in_place_of_what_is_expected(day: Any, users: Any, channels: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export = Export(Path(folder) / "export")
        export.users, export.channels = users, channels
        export.lists().day(day).day([record(0)], channel="untouched")
        export.put("groups.json", channels)
        export.put("dms.json", users)
        events, _ = read_all(export.root)
        assert any(isinstance(event, Posted) and event.message.text == TEXTS[0] for event in events)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(KEYS), shaped, max_size=6))
def test_any_value_in_any_field(odd: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        export = Export(Path(folder) / "export")
        export.lists().day([record(0), record(1) | odd, record(2)])
        events, _ = read_all(export.root)
        read = [event.message.text for event in events if isinstance(event, Posted)]
        assert [text for text in read if text in (TEXTS[0], TEXTS[2])] == [TEXTS[0], TEXTS[2]]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4), st.integers(0, 10_000))
def test_a_damaged_zip_never_ends_in_a_traceback(changes: list[tuple[int, int]], cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("users.json", "[]")
            archive.writestr("help/2026-03-02.json", pretty(RECORDS[:2]))
        data = bytearray(path.read_bytes())
        for at, byte in changes:
            data[at % len(data)] = byte
        path.write_bytes(data[: len(data) - cut] if cut < len(data) else data)
        read_all(path)


def test_a_hostile_file_is_given_up_in_time() -> None:
    assert read_list(b'[{"a":[' * 50_000, "message")[0] == []
    assert read_list(b"{" * 250_000, "message")[0] == []
