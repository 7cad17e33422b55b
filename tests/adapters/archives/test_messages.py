"""One record, one message: who wrote it, what it says, what it is."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.events import Deleted, Edited, Posted, Reacted
from bot.domain.people import Role
from tests.adapters.archives.conftest import Export, team_of, ts


def test_a_plain_message(export: Export) -> None:
    message = export.one({"text": "<@U2> is the gate open?", "client_msg_id": "x", "team": "T1"})
    assert (message.channel, message.id, message.at) == ("slack:T1:C1", ts(3600), float(ts(3600)))
    assert (message.author, message.role, message.text) == ("U1", Role.CUSTOMER, "@Ana is the gate open?")
    assert message.mentions == ("U2",) and not message.calls_team and message.thread is None and message.marks == ()


def test_the_team_is_told_by_the_role(export: Export) -> None:
    assert export.one({"user": "U2"}).role is Role.MEMBER


def test_a_team_group_calls_the_team(export: Export) -> None:
    assert export.one({"text": "<!subteam^S1|@harbor-dev> it is down"}).calls_team


@pytest.mark.parametrize(
    ("record", "marks"),
    [
        ({"bot_id": "B1"}, ("bot_id",)),
        ({"app_id": "A123"}, ("app_id=A123",)),
        ({"bot_profile": {"id": "B1", "app_id": "A1", "name": "Relay"}}, ("app_id=A1", "bot_id", "bot_profile")),
        ({"subtype": "bot_message", "user": None, "bot_id": "B1"}, ("bot_id", "subtype=bot_message")),
        ({"user": "USLACKBOT"}, ("slackbot",)),
        ({"user": "UB"}, ("is_bot",)),
        ({"user": None, "username": "Status page"}, ("no_user",)),
        ({"bot_id": None, "app_id": None}, ()),
        ({"client_msg_id": None}, ()),
    ],
)
def test_what_shows_that_an_app_posted(export: Export, record: dict[str, Any], marks: tuple[str, ...]) -> None:
    message = export.one(record)
    assert message.marks == marks
    assert message.role is (Role.APP if marks else Role.CUSTOMER)
    assert message.author


def test_a_trusted_relay_carries_peoples_words(export: Export) -> None:
    record = {"user": None, "subtype": "bot_message", "app_id": "A7", "bot_id": "B7", "username": "Femi (bridge)"}
    assert export.one(record).role is Role.APP
    for trusted in ("A7", "B7"):
        message = export.one(record, trusted_apps=frozenset({trusted}))
        assert message.role is Role.CUSTOMER and message.marks == ()
        assert export.archive.people[message.author].names == ("Femi (bridge)",)
    assert export.one({"user": "U2", "app_id": "A7"}, trusted_apps=frozenset({"A7"})).role is Role.MEMBER


def test_a_workflow_form_is_the_submitters_request(export: Export) -> None:
    text = "*Help request* submission from <@U3>\nThe gate is stuck, what can we do?"
    message = export.one({"user": None, "subtype": "bot_message", "bot_id": "B9", "app_id": "A9", "text": text})
    assert (message.author, message.role, message.marks, message.mentions) == ("U3", Role.CUSTOMER, (), ())
    assert message.text.endswith("what can we do?")
    assert export.one({"text": text}).author == "U1"  # a person who quotes a form stays the author


def test_users_json_says_which_bots_are_workflows(export: Export) -> None:
    text = "*Help request* submission from <@U3>\nThe gate is stuck"
    record = {"user": None, "subtype": "bot_message", "bot_id": "B9", "app_id": "A9", "text": text}
    for told in (True, False):
        export.users.append({"id": "UFLOW", "is_bot": True, "is_workflow_bot": told, "profile": {"bot_id": "B9"}})
        message = export.one(record)
        assert (message.role, message.is_request) == ((Role.CUSTOMER, True) if told else (Role.APP, False))
        export.users.pop()


def test_somebody_from_another_organisation_is_learnt_from_their_message(export: Export) -> None:
    message = export.one(
        {
            "user": "U77",
            "team": "T2",
            "user_team": "T2",
            "source_team": "T2",
            "user_profile": {"display_name": "Ines", "real_name": "Ines Calado", "name": "ines", "team": "T2"},
        }
    )
    ines = export.archive.people[message.author]
    assert (ines.names, ines.home, ines.stranger) == (("Ines", "Ines Calado", "ines"), "T2", True)
    assert export.problems == []


def test_an_unlisted_author_is_read_and_told_once(export: Export) -> None:
    export.lists().day([{"ts": ts(n), "user": "U404", "text": "hi"} for n in (1, 2)]).day(
        [{"ts": ts(1, 1), "user": "U404", "text": "hi"}], day="2026-03-03"
    )
    assert [message.author for message in export.messages()] == ["U404"] * 3
    assert export.told() == [
        "help/2026-03-02.json, message 1: is by somebody whom users.json doesn't list; they are named by their id"
    ]


@pytest.mark.parametrize(
    "subtype",
    [
        "channel_join",
        "channel_leave",
        "channel_topic",
        "channel_purpose",
        "channel_name",
        "channel_archive",
        "group_join",
        "pinned_item",
        "bot_add",
        "tombstone",
        "reply_broadcast",
        "reminder_add",
        "huddle_thread",
    ],
)
def test_notices_are_no_messages(export: Export, subtype: str) -> None:
    record = {"type": "message", "ts": ts(5), "user": "U1", "text": "something", "subtype": subtype, "reply_count": 2}
    assert export.lists().day([record]).events() == []
    assert export.problems == []


def test_subtypes_that_are_somebodys_words(export: Export) -> None:
    for subtype in ("me_message", "thread_broadcast", "file_share"):
        assert export.one({"subtype": subtype}).text == "hello"


def test_subtypes_that_arent_known_are_nobodys_words_and_told_once(export: Export) -> None:
    record = {"type": "message", "user": "U1", "text": "hello", "subtype": "something_new"}
    export.lists().day([record | {"ts": ts(n)} for n in (1, 2)] + [record | {"ts": ts(3), "subtype": "share_shortcut"}])
    assert export.events() == []
    assert export.told() == [
        "help/2026-03-02.json, message 1: has a `subtype` that isn't known, 'something_new'; it was taken for nobody's words"
    ]


@pytest.mark.parametrize(
    ("record", "files", "text"),
    [
        ({"text": "", "files": [{"id": "F1"}, {"id": "F2"}]}, 2, ""),
        ({"text": "", "files": [{"id": "F1", "mode": "tombstone"}]}, 0, ""),
        ({"subtype": "file_share", "files": [{"id": "F1"}], "text": "look"}, 1, "look"),
        ({"subtype": "file_share", "file": {"id": "F1"}, "text": "<@U1> uploaded a file: <http://x|plan>"}, 1, ""),
        (
            {
                "file": {"initial_comment": {"comment": "is this right?"}},
                "text": "<@U1> uploaded a file: <http://x|plan> and commented",
            },
            1,
            "is this right?",
        ),
    ],
)
def test_files(export: Export, record: dict[str, Any], files: int, text: str) -> None:
    message = export.one(record)
    assert (message.files, message.text) == (files, text)


HEARD = {"status": "complete", "locale": "en-US", "preview": {"content": " why is it <empty> & slow? ", "has_more": False}}


@pytest.mark.parametrize(
    ("files", "text", "recording"),
    [
        ([{"id": "F1", "subtype": "slack_audio", "transcription": HEARD}], "why is it <empty> & slow?", False),
        ([{"id": "F1", "subtype": "slack_video", "mimetype": "video/mp4", "transcription": {"status": "processing"}}], "", True),
        (
            [{"id": "F1", "subtype": "slack_audio", "mimetype": "", "transcription": {"status": "failed", "preview": None}}],
            "",
            True,
        ),
        ([{"id": "F1", "subtype": "slack_audio"}], "", True),
        ([{"id": "F1", "mimetype": "audio/mpeg"}], "", True),  # uploaded, not recorded in Slack
        ([{"id": "F1", "media_display_type": "video", "mimetype": 7, "subtype": []}], "", True),
        ([{"id": "F1", "mimetype": "image/png"}], "", False),
        ([{"id": "F1", "subtype": "slack_audio", "mode": "tombstone", "transcription": HEARD}], "", False),
        ([{"id": "F1", "subtype": "slack_audio", "transcription": "complete"}, "F2", None], "", True),
    ],
)
def test_what_is_said_in_a_recording_are_its_authors_words(export: Export, files: list[Any], text: str, recording: bool) -> None:
    message = export.one({"text": "", "files": files})
    assert (message.text, message.recording) == (text, recording)


def test_a_recording_with_words_beside_it_says_both(export: Export) -> None:
    message = export.one({"text": "hi <@U2>", "files": [{"id": "F1", "subtype": "slack_audio", "transcription": HEARD}]})
    assert message.text.endswith("\nwhy is it <empty> & slow?") and message.text.startswith("hi @")


def test_a_comment_on_a_file_belongs_to_who_wrote_it(export: Export) -> None:
    record = {
        "user": None,
        "subtype": "file_comment",
        "text": "<@U3> commented",
        "file": {},
        "comment": {"user": "U3", "comment": "nice"},
    }
    message = export.one(record)
    assert (message.author, message.text) == ("U3", "nice")


def test_threads(export: Export) -> None:
    assert export.one({"thread_ts": ts(3600)}).thread is None
    assert export.one({"thread_ts": ts(1800)}).thread == ts(1800)
    assert export.one({"ts": float(ts(3600)), "thread_ts": ts(3600)}).thread is None


def test_edits_and_deletions_kept_as_records(export: Export) -> None:
    new = {"type": "message", "user": "U1", "ts": ts(10), "text": "after", "edited": {"ts": ts(20)}}
    export.lists().day(
        [
            {"type": "message", "user": "U1", "ts": ts(10), "text": "before"},
            {"subtype": "message_changed", "ts": ts(20), "message": new, "previous_message": {"text": "before"}},
            {"subtype": "message_changed", "ts": ts(21), "message": new, "previous_message": {"text": "after"}},
            {"subtype": "message_deleted", "ts": ts(30), "deleted_ts": ts(10)},
        ]
    )
    posted, edited, deleted = export.events()
    assert isinstance(posted, Posted) and isinstance(edited, Edited)
    assert (edited.message.id, edited.message.text, edited.at) == (ts(10), "after", float(ts(20)))
    assert deleted == Deleted(channel="slack:T1:C1", id=ts(10), at=float(ts(30)))


def test_reactions_follow_their_message_one_a_person(export: Export) -> None:
    record = {
        "type": "message",
        "user": "U1",
        "ts": ts(10),
        "text": "done?",
        "reactions": [
            {"name": "white_check_mark", "users": ["U2", "U2"], "count": 2},
            {"name": "+1::skin-tone-3", "users": ["U3", "UB"], "count": 2},
        ],
    }
    _, *reactions = export.lists().day([record]).events()
    assert all(isinstance(found, Reacted) and not found.timed and found.at == float(ts(10)) for found in reactions)
    assert [(found.by, found.emoji, found.by_member) for found in reactions if isinstance(found, Reacted)] == [
        ("U2", "white_check_mark", True),
        ("U3", "+1", False),
        ("UB", "+1", False),
    ]


def test_an_apps_reaction_is_nobodys_even_if_the_app_is_on_the_team(export: Export) -> None:
    record = {"ts": ts(10), "user": "U1", "reactions": [{"name": "eyes", "users": ["UB", "USLACKBOT"]}]}
    archive = export.lists().day([record]).open()
    found = list(archive.events(role=team_of("UB", "USLACKBOT"), problem=export.problems.append))
    assert [event.by_member for event in found if isinstance(event, Reacted)] == [False, False]


def test_a_hundred_kilobytes_are_one_message(export: Export) -> None:
    assert len(export.one({"text": "word " * 20_000 + "?"}).text) == 100_001
