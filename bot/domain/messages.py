"""One post in a watched channel: as it came, and what is kept of it. Ids are the platform's own, as text."""

from __future__ import annotations

from bot.domain.durations import Instant
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.sources import Source
from bot.domain.value import value


@value
class Message:
    """One post in a watched channel.

    `text` is plain: the platform's markup is undone, a mention of a person reads `@Name`. `thread` is the id of the
    thread's first message, None outside threads and for that first message itself. `mentions` are ids of people named by
    the platform's own markup; `calls_team` says it names the bot, a team group or role, or a watched word. `marks` is the
    platform's hard evidence that an app made the post ("bot_id", "workflow"), empty for a person's own words. `text` is empty
    where its author wrote nothing of their own: a message passed on, a link to another message, a picture. `is_request` says
    that the platform itself calls it one, whatever its words: what somebody filled into a workflow's form. What is said in a
    voice message or clip counts as its author's words where the platform has written it down; `recording`: it carries one of
    which that isn't known. `unread`: its platform keeps its words from the bot. `pings_member`: it
    replies to a member, who is notified of that as of a mention. `to_bot`: it begins with the bot's name, so what
    follows is for the bot. `app` is what the app is called that made the post, as the platform tells; "" where it doesn't, and
    for a person's own words. `source` is through what it came, unless a person wrote it by hand: an app, or a relay through which
    people speak.
    """

    channel: str
    id: str
    at: Instant
    author: str
    role: Role
    text: str = ""
    thread: str | None = None
    reply_to: str | None = None
    mentions: tuple[str, ...] = ()
    calls_team: bool = False
    files: int = 0
    recording: bool = False
    unread: bool = False
    pings_member: bool = False
    marks: tuple[str, ...] = ()
    is_request: bool = False
    to_bot: bool = False
    app: str = ""
    source: Source | None = None


@value
class MessageRecord:
    """What is kept of a message in the channel's window: its place, its author and the judge's reading, never its text.

    `reply_probability` is the probability that it calls for a reply (0 for members); `wait` the wait it opened or extended;
    `answers` the waits it replied to.
    """

    id: str
    at: Instant
    author: str
    role: Role
    thread: str | None
    reply_to: str | None
    reading: Reading
    reply_probability: float = 0.0
    wait: str | None = None
    answers: tuple[str, ...] = ()

    def marked(self, *, reply_probability: float, wait: str | None = None, answers: tuple[str, ...] = ()) -> MessageRecord:
        """The same message with what was decided about it. (`dataclasses.replace` costs three times as much, and this runs for
        every message.)"""
        return MessageRecord(
            id=self.id,
            at=self.at,
            author=self.author,
            role=self.role,
            thread=self.thread,
            reply_to=self.reply_to,
            reading=self.reading,
            reply_probability=reply_probability,
            wait=wait,
            answers=answers,
        )
