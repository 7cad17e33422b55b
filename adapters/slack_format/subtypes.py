"""What the subtype of a message tells: words of a person (or an app), an edit, a deletion, or nothing that anybody said.

Sources: docs.slack.dev, /reference/events/message, "Message subtypes", with the page of each; the types that Slack publishes
(@slack/types, events/message); and what exports hold. Slack adds to them without a word: a subtype that isn't listed is nobody's
words, and is told of, so that it can be listed.
"""

from __future__ import annotations

from enum import Enum


class SubtypeMeaning(Enum):
    """What a record is, by its subtype."""

    WORDS = "words"
    NOTHING = "nothing"
    EDIT = "edit"
    DELETION = "deletion"


_WORDS = (
    "bot_message",  # of an app; the record's own marks say so, too
    "file_comment",  # until 2018: the comment is the person's
    "file_share",
    "me_message",
    "slackbot_response",  # of Slackbot, whose id says so
    "thread_broadcast",
)

_NOTHING = (
    "app_conversation_join",
    "app_conversation_leave",
    "assistant_app_thread",  # a chat with an app begins; its title is made up
    "bot_add",
    "bot_disable",
    "bot_enable",
    "bot_remove",
    "document_comment_root",  # a canvas' section that somebody comments on
    "document_mention",
    "ekm_access_denied",
    "file_mention",
    "invite_shared",
    "joiner_notification",
    "joiner_notification_for_inviter",
    "list_record_comment",
    "message_replied",
    "pinned_item",
    "reminder_add",
    "reminder_delete",
    "reply_broadcast",
    "sh_room_created",
    "sh_room_shared",
    "share_shortcut",  # a workflow's link, put there with its card
    "tabbed_canvas_updated",
    "tombstone",  # stands for a deleted message whose text is gone
    "unpinned_item",
)

_MEANINGS = (
    dict.fromkeys(_WORDS, SubtypeMeaning.WORDS)
    | dict.fromkeys(_NOTHING, SubtypeMeaning.NOTHING)
    | {"message_changed": SubtypeMeaning.EDIT, "message_deleted": SubtypeMeaning.DELETION}
)

_FAMILIES_OF_NOTHING = ("channel_", "group_", "mpim_", "huddle_")
"""Joins, topics, purposes, names, calls: Slack's own lines about a conversation."""


def meaning_of(subtype: str) -> SubtypeMeaning | None:
    """What a record of this subtype tells of; None for one that isn't known."""
    meaning = _MEANINGS.get(subtype)
    return SubtypeMeaning.NOTHING if meaning is None and subtype.startswith(_FAMILIES_OF_NOTHING) else meaning


def has_words(subtype: object) -> bool:
    """Whether a record of this subtype, or of none, is somebody's words."""
    return type(subtype) is not str or meaning_of(subtype) is SubtypeMeaning.WORDS
