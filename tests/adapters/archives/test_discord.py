"""What DiscordChatExporter wrote, as events: as live, told by file and place where it is damaged, held in no memory."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from adapters.archives.discord.export import DiscordArchive
from adapters.archives.recognition import open_archive
from bot.domain.events import Event, Posted, Reacted
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.sources import SourceKind
from bot.errors import NotAnArchive
from bot.ports import Archive, Problem
from tests.adapters.archives.conftest import team_of
from tests.adapters.archives.discord_channel import ANA, DANA, DAY, HELP, account, channel, said, snowflake, write


class Reading:
    """What reading a path gave, Ana being the team."""

    def __init__(self, path: Path, channels: tuple[str, ...] = ("*",)) -> None:
        self.archive: Archive = open_archive(path)
        problems: list[Problem] = []
        self.events: list[Event] = list(self.archive.events(role=team_of("22"), channels=channels, problem=problems.append))
        self.told = [str(problem) for problem in problems]
        self.messages: list[Message] = [event.message for event in self.events if isinstance(event, Posted)]
        self.texts = [message.text for message in self.messages]


def one(tmp_path: Path, record: dict[str, Any], **more: Any) -> Message:
    (message,) = Reading(write(tmp_path / "one.json", channel([record], **more))).messages
    return message


def test_a_file_a_folder_and_a_zip_are_told_by_what_they_hold(tmp_path: Path) -> None:
    file = write(tmp_path / "out" / "Harbor - help [1].json", channel(DAY))
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.write(file, "deep/help.json")
    for path in (file, tmp_path / "out", tmp_path / "out.zip"):
        reading = Reading(path)
        assert reading.archive.platform == "discord" and reading.told == []
        assert [(message.author, message.role) for message in reading.messages] == [
            ("11", Role.CUSTOMER),
            ("22", Role.MEMBER),
            ("33", Role.CUSTOMER),
            ("44", Role.APP),
        ]
        assert reading.archive.channels[0].key == f"discord:5:{HELP}" and reading.archive.channels[0].name == "help"


def test_other_json_is_no_archive_and_the_sentence_names_both_kinds(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"guild": 1}')
    with pytest.raises(NotAnArchive, match=r"Slack export.*DiscordChatExporter"):
        open_archive(tmp_path / "x.json")


def test_a_reference_is_whom_it_replies_to_and_a_forwarded_message_replies_to_nobody(tmp_path: Path) -> None:
    messages = Reading(write(tmp_path / "a.json", channel(DAY))).messages
    assert messages[1].reply_to == snowflake(0)
    forward = said(ANA, 1, "", reference={"type": "Forward", "messageId": "9", "channelId": str(HELP)})
    assert one(tmp_path, forward).reply_to is None
    pinned = said(ANA, 1, "Pinned a message.", type="ChannelPinnedMessage", reference={"messageId": "9"})
    assert Reading(write(tmp_path / "p.json", channel([pinned]))).messages == []


def test_whom_a_reply_notifies_is_not_named_by_it(tmp_path: Path) -> None:
    record = said(DANA, 1, "thanks, and @Omar?", type="Reply", mentions=[ANA, account("33", "Omar")])
    message = one(tmp_path, record)
    assert message.mentions == ("33",) and message.pings_member


def test_a_role_that_only_members_have_calls_the_team(tmp_path: Path) -> None:
    def calls(text: str) -> list[bool]:
        records = [said(ANA, 0, "hi"), said(DANA, 1, text)]
        return [message.calls_team for message in Reading(write(tmp_path / "a.json", channel(records))).messages]

    assert calls("@Support anybody here?") == [False, True]
    assert calls("@Verified anybody here?") == [False, False]


def test_markup_that_was_left_in_is_undone(tmp_path: Path) -> None:
    message = one(tmp_path, said(DANA, 1, "<@22> see <#7>, **now**", mentions=[ANA]))
    assert message.text.startswith("@Ana see #7") and message.mentions == ("22",)


def test_bots_webhooks_and_commands_bear_their_marks(tmp_path: Path) -> None:
    hook = one(tmp_path, said(account("44", "News", isBot=True), 1, "out now", embeds=[{"title": "x"}]))
    assert hook.marks == ("webhook_id",) and hook.source is not None and hook.source.kind is SourceKind.WEBHOOK
    bot = account("44", "Greeter", isBot=True, discriminator="1234")
    assert one(tmp_path, said(bot, 1, "hi")).marks == ("bot",)
    command = one(tmp_path, said(bot, 1, "hi", type="20", interaction={"id": "1", "name": "x", "user": DANA}))
    assert command.source is not None and command.source.kind is SourceKind.COMMAND


def test_people_speak_through_a_relay_that_the_settings_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", channel([said(account("44", "Omar", isBot=True), 1, "is it down?")]))
    archive = open_archive(path, relays=frozenset({"44"}))
    (event,) = archive.events(role=team_of("22"), problem=lambda _: None)
    assert isinstance(event, Posted)
    assert event.message.author == "44/Omar" and event.message.role is Role.CUSTOMER and not event.message.marks


def test_a_thread_belongs_to_its_channel_and_a_post_begins_with_its_title(tmp_path: Path) -> None:
    write(tmp_path / "help.json", channel([said(DANA, 0, "where is it?")]))
    inside = [said(ANA, 4, "", type="21"), said(ANA, 5, "on its way")]
    thread = {"id": snowflake(0), "type": "GuildPublicThread", "categoryId": str(HELP), "category": "help"}
    write(tmp_path / "thread.json", channel(inside, **thread, name="container"))
    asks = [said(DANA, 10, "It says error 5."), said(ANA, 12, "update, please")]
    forum = {"id": snowflake(10), "type": "GuildPublicThread", "categoryId": "77", "category": "questions"}
    write(tmp_path / "post.json", channel(asks, **forum, name="Invoices fail?"))
    reading = Reading(tmp_path)
    assert [(message.channel.rpartition(":")[2], message.thread) for message in reading.messages] == [
        (str(HELP), None),
        (str(HELP), snowflake(0)),
        ("77", None),
        ("77", snowflake(10)),
    ]
    assert reading.texts[2] == "Invoices fail?\nIt says error 5."
    assert [found.name for found in reading.archive.channels] == ["help", "questions"]
    assert Reading(tmp_path, ("questions",)).texts == reading.texts[2:]


def test_reactions_tell_who_but_not_when(tmp_path: Path) -> None:
    reaction = {"emoji": {"id": "", "name": "👀"}, "count": 1, "users": [{"id": "22", "name": "ana"}]}
    record = said(DANA, 1, "hm?", reactions=[reaction, {"emoji": {"name": "✅"}, "count": 3}])
    events = Reading(write(tmp_path / "a.json", channel([record]))).events
    (reacted,) = [event for event in events if isinstance(event, Reacted)]
    assert (reacted.by, reacted.by_member, reacted.emoji, reacted.timed) == ("22", True, "eyes", False)


def test_stickers_files_and_voice_messages(tmp_path: Path) -> None:
    sticker = one(tmp_path, said(DANA, 1, "", stickers=[{"id": "1", "name": "wave"}]))
    assert sticker.text == "" and sticker.files == 0
    voice = one(tmp_path, said(DANA, 1, "", attachments=[{"id": "1", "fileName": "voice-message.ogg"}]))
    assert voice.files == 1 and voice.recording


def test_direct_messages_are_never_read(tmp_path: Path) -> None:
    write(tmp_path / "dm.json", channel([said(DANA, 1, "secret")], guild="0", type="DirectTextChat", name="Dana"))
    write(tmp_path / "help.json", channel([said(DANA, 2, "hello?")]))
    reading = Reading(tmp_path)
    assert reading.texts == ["hello?"]
    assert isinstance(reading.archive, DiscordArchive) and reading.archive.skipped == ("Dana",)


def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", channel([said(DANA, n, f"message {n}") for n in range(5)]))
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"message 3") + 4])
    reading = Reading(path)
    assert reading.texts == ["message 0", "message 1", "message 2"]
    (told,) = reading.told
    assert told.startswith("a.json, message 4: is cut off")


def test_what_stands_after_the_damage_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", channel([said(DANA, n, f"message {n}") for n in range(5)]))
    path.write_bytes(path.read_bytes().replace(b'"message 2"', b'"mess\n"x'))
    reading = Reading(path)
    assert reading.texts == ["message 0", "message 1", "message 3", "message 4"]
    assert len(reading.told) == 1 and reading.told[0].startswith("a.json, message 3: is broken JSON")


def test_a_byte_that_is_no_utf8_and_a_file_in_utf16(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", channel([said(DANA, 1, "caf\u00e9 Q")]))
    path.write_bytes(path.read_bytes().replace(b" Q", b" \xff"))
    reading = Reading(path)
    assert reading.texts == ["caf\u00e9 \ufffd"] and "aren't UTF-8" in reading.told[0]
    wide = Reading(write(tmp_path / "w.json", channel([said(DANA, 1, "caf\u00e9")]), "utf-16"))
    assert wide.texts == ["caf\u00e9"] and "UTF-16" in wide.told[0]


def test_missing_keys_are_told_by_their_place(tmp_path: Path) -> None:
    records: list[Any] = [
        said(DANA, 0, "kept"),
        7,
        said(DANA, 1, "x", id=""),
        said({}, 2, "y"),
        {"id": "a", "author": DANA},
    ]
    value = channel(records)
    del value["guild"]
    reading = Reading(write(tmp_path / "a.json", value))
    assert reading.texts == ["kept"]
    assert reading.told == [
        "a.json: doesn't say which guild it is of (`guild.id`); its own name was taken",
        "a.json, message 2: is a number, not an object; it was skipped",
        "a.json, message 3: has no `id`; it was skipped",
        "a.json, message 4: has no author with an `id`; it was skipped",
        "a.json, message 5: has no readable time (`timestamp`); it was skipped",
    ]


def test_parts_of_one_export_and_two_that_overlap(tmp_path: Path) -> None:
    write(tmp_path / "help.json", channel([said(DANA, 0, "a"), said(DANA, 1, "b")]))
    write(tmp_path / "help [part 2].json", channel([said(DANA, 2, "c")]))
    assert Reading(tmp_path).told == [] and Reading(tmp_path).texts == ["a", "b", "c"]
    later = channel([said(DANA, 1, "b, edited"), said(DANA, 2, "c"), said(DANA, 3, "d")], exported="2026-03-20T00:00:00+00:00")
    write(tmp_path / "again.json", later)
    reading = Reading(tmp_path)
    assert reading.texts == ["a", "b, edited", "c", "d"]
    assert [line.split(": of what")[0] for line in reading.told] == [
        "help.json, message 2: is in again.json, too",
        "help [part 2].json, message 1: is in again.json, too",
    ]


def test_a_file_in_the_other_order_is_put_in_order(tmp_path: Path) -> None:
    records = [said(DANA, n, str(n)) for n in (5, 3, 3, 1)]
    reading = Reading(write(tmp_path / "a.json", channel(records)))
    assert reading.texts == ["1", "3", "5"]
    assert reading.told[0] == "a.json, message 2: is earlier than the one before it; the file's messages were put in order"
    assert len(reading.told) == 2 and "which another message has" in reading.told[1]


def _peak(path: Path, count: int) -> int:
    write(path, channel([said(DANA, n / 10, f"message {n} " * 10) for n in range(count)]))
    tracemalloc.start()
    archive = open_archive(path)
    assert sum(1 for _ in archive.events(role=team_of("22"), problem=lambda _: None)) == count
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    short = _peak(tmp_path / "short.json", 3_000)
    assert _peak(tmp_path / "long.json", 9_000) < short * 1.3
