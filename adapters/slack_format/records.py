"""One record, as Slack tells of a message live, in its history and in exports, as an event. Pure but for what it learns about
people.

What tells a person's words from an app's: `bot_id`, `bot_profile`, `app_id` and subtype `bot_message` mean "posted through
an app", also beside a person's `user` id (Slack: "bot_message", "chat.postMessage" with a user token). A missing
`client_msg_id` means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from adapters.slack_format.files import count_files, is_unheard, spoken
from adapters.slack_format.forms import is_workflow, submitters
from adapters.slack_format.people import SLACKBOT, People
from adapters.slack_format.subtypes import SubtypeMeaning, has_words, meaning_of
from adapters.slack_format.text import (
    clean_name,
    describe,
    escape,
    identifier,
    is_by_app,
    only_links_into_slack,
    plain,
    written,
)
from bot.domain.durations import Instant
from bot.domain.emoji import canonical
from bot.domain.events import Deleted, Edited, Posted, Reacted
from bot.domain.letters import clean
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.sources import Source, SourceKind

_TS = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?", re.ASCII)

LATEST: Instant = 4_102_444_800.0
"""1 January 2100: whatever claims to be later is no time."""

UNKNOWN_AUTHOR = "unknown"
"""Stands for whoever wrote a message that names no author."""

_NAMED = re.compile(r"<@([A-Z0-9]{1,80})[|>]")

_MOST_NAMED = 12
"""People looked up for one message: somebody who names half the workspace doesn't make us ask for all of them."""

_MOST_UNKNOWN = 100
"""Subtypes that aren't known, each told of once; after that there are enough of them there."""

_UPLOADED = re.compile(r"<@[^>]+>\s+(?:uploaded|shared) a file:", re.IGNORECASE)
"""How exports before 2018 word a file's message; the person's own words are the file's first comment."""

_SAME_EDIT = 2.0
"""Seconds between an edit and the event that tells of it at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedRecord:
    """What a record turned into: an event and the reactions on it."""

    event: Posted | Edited | Deleted
    reactions: tuple[Reacted, ...] = ()


def stamp(value: object) -> str:
    """A Slack timestamp as the text that is the message's id; "" when it is none."""
    if type(value) is str:
        return value if _TS.fullmatch(value) and float(value) < LATEST else ""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < LATEST:
        return str(value) if isinstance(value, int) else f"{value:.6f}"
    return ""


def people_in(record: dict[str, object]) -> tuple[str, ...]:
    """The people one has to know to read a record: who wrote it, who filled in a form, whom it names. At most `_MOST_NAMED`."""
    subtype = record.get("subtype")
    if not has_words(subtype):
        return ()
    text = written(record)
    found = [identifier(record.get("user")) or _stand_in(record)]
    found += [*(submitters(text, workflow=True) if is_by_app(record) else ()), *_NAMED.findall(text)]
    return tuple(dict.fromkeys(user for user in found if user))[:_MOST_NAMED]


class Records:
    """Turns the records of one workspace into events.

    `channel_name` gives the name of a channel by its id ("" when unknown). `role` is asked about every author of a message
    without marks and everybody who reacts. `trusted_apps` holds app or bot ids whose posts count as the words of the people
    behind them. `calls_team` says whether naming a person or user group (by id) calls on the team; without it every user
    group does, for an archive doesn't say whose groups they are. What begins with a mention of `bot_user` is said to the bot.
    """

    def __init__(
        self,
        people: People,
        channel_name: Callable[[str], str],
        role: Callable[[str, Message], Role],
        trusted_apps: frozenset[str],
        calls_team: Callable[[str], bool] | None = None,
        bot_user: str = "",
    ) -> None:
        self._people = people
        self._lists_people = len(people.view) > 0
        self._channel_name = channel_name
        self._role = role
        self._trusted_apps = trusted_apps
        self._calls_team = calls_team
        self._to_bot = f"<@{bot_user}" if bot_user else ""
        self._unknown: set[str] = set()

    def translate(self, record: dict[str, object], channel: str, note: Callable[[str], None]) -> TranslatedRecord | None:
        """The event a record tells of, or None when it tells of none. `note` takes what couldn't be read as it stands."""
        ts = stamp(record.get("ts"))
        if not ts:
            note("has no readable time (`ts`); it was skipped" if "ts" in record else "has no time (`ts`); it was skipped")
            return None
        kind = record.get("type", "message")
        if type(kind) is str and kind != "message":
            note("is of another type than `message`; it was skipped")
            return None
        subtype = record.get("subtype")
        if subtype is not None:
            if type(subtype) is not str:
                note(f"has {describe(subtype)} as `subtype`; that was left out")
                subtype = None
            elif (meaning := self._meaning(subtype, note)) is SubtypeMeaning.NOTHING:
                return None
            elif meaning is SubtypeMeaning.EDIT:
                return self._changed(record, ts, channel, note)
            elif meaning is SubtypeMeaning.DELETION:
                gone = stamp(record.get("deleted_ts"))
                if not gone:
                    note("deletes a message but doesn't name it; it was skipped")
                    return None
                return TranslatedRecord(event=Deleted(channel=channel, id=gone, at=float(ts)))
        message = self._message(record, ts, subtype, channel, note)
        reactions = record.get("reactions")
        return TranslatedRecord(
            event=Posted(message=message), reactions=self._reactions(reactions, message, note) if reactions else ()
        )

    def _meaning(self, subtype: str, note: Callable[[str], None]) -> SubtypeMeaning:
        """What a subtype tells of. Of each that isn't known is told once."""
        meaning = meaning_of(subtype)
        if meaning is not None:
            return meaning
        if subtype not in self._unknown and len(self._unknown) < _MOST_UNKNOWN:
            self._unknown.add(subtype)
            note(f"has a `subtype` that isn't known, {clean_name(subtype)!r}; it was taken for nobody's words")
        return SubtypeMeaning.NOTHING

    def _changed(self, record: dict[str, object], ts: str, channel: str, note: Callable[[str], None]) -> TranslatedRecord | None:
        inner = record.get("message")
        changed = stamp(inner.get("ts")) if isinstance(inner, dict) else ""
        if not isinstance(inner, dict) or not changed:
            note("tells of an edit but doesn't hold the message; it was skipped")
            return None
        before = record.get("previous_message")
        if inner.get("subtype") == "tombstone":
            return TranslatedRecord(event=Deleted(channel=channel, id=changed, at=float(ts)))
        subtype = inner.get("subtype")
        subtype = subtype if type(subtype) is str else None
        if subtype is not None and self._meaning(subtype, note) is not SubtypeMeaning.WORDS:
            return None
        if not _is_rewritten(inner, before, ts):
            return None
        message = self._message(inner, changed, subtype, channel, note)
        return TranslatedRecord(event=Edited(message=message, at=float(ts)))

    def _message(
        self, record: dict[str, object], ts: str, subtype: str | None, channel: str, note: Callable[[str], None]
    ) -> Message:
        text = record.get("text")
        if type(text) is not str or not text:
            if text is not None and type(text) is not str:
                note(f"has {describe(text)} as `text`; it was read without")
            text = written(record)
        author, marks = self._author(record, subtype, note)
        files, recording = 0, False
        if "files" in record or "file" in record:
            files, recording = count_files(record), is_unheard(record)
            if files and "file" in record:
                text = _own_words(record, text)
        if "slack" in text and only_links_into_slack(text):
            text = ""  # where it points somebody may have said something; here nobody did
        if files and (heard := spoken(record)):
            text = f"{text}\n{escape(heard)}" if text else escape(heard)
        workflow = is_workflow(record, self._people) if marks else None
        filled_in_by = submitters(text, workflow=workflow) if marks else ()
        named: list[str] = []
        mentions: tuple[str, ...] = ()
        calls_team = False
        to_bot = bool(self._to_bot) and text.lstrip().startswith((f"{self._to_bot}>", f"{self._to_bot}|"))
        if "<" in text:
            said = plain(text, self._people.name, self._channel_name)
            text = said.text
            calls = self._calls_team
            calls_team = bool(said.groups) if calls is None else any(map(calls, said.groups + said.mentions))
            named = [mention for found in said.mentions if (mention := identifier(found))]
            by = filled_in_by[0] if filled_in_by else author
            mentions = tuple(mention for mention in named if mention != by)
        else:
            if "&" in text:
                text = plain(text, self._people.name, self._channel_name).text
            if not text.isprintable():
                text = clean(text)
        thread = None
        if "thread_ts" in record and record["thread_ts"] != record.get("ts"):
            thread = stamp(record["thread_ts"]) or None
            if thread is None and record["thread_ts"] is not None:
                note("has an unreadable `thread_ts`; it was read as if outside a thread")
            elif thread == ts:
                thread = None
        for submitter in filled_in_by:
            request = Message(
                channel=channel,
                id=ts,
                at=float(ts),
                author=self._settle(submitter, {}),
                role=Role.CUSTOMER,
                text=text,
                thread=thread,
                mentions=tuple(mention for mention in named if mention != submitter),
                calls_team=calls_team,
                files=files,
                recording=recording,
                is_request=workflow is True,
            )
            if self._role(submitter, request) is Role.CUSTOMER:
                return request
            # What a member fills in asks nothing of the team, and answers nobody: it stays the app's post.
        message = Message(
            channel=channel,
            id=ts,
            at=float(ts),
            author=author,
            role=Role.APP if marks else Role.CUSTOMER,
            text=text,
            thread=thread,
            mentions=mentions,
            calls_team=calls_team,
            files=files,
            recording=recording,
            marks=marks,
            app=self._app_name(record, author) if marks else "",
            source=self._source(record, author, marks, is_workflow=workflow is True) if marks else None,
        )
        if marks:
            return message
        relay = self._source(record, author, marks, is_workflow=False) if self._trusted_apps and _app_ids(record) else None
        role = self._role(author, message)
        if role is Role.CUSTOMER:
            return message if relay is None else replace(message, source=relay)
        return Message(
            channel=channel,
            id=ts,
            at=message.at,
            author=author,
            role=role,
            text=text,
            thread=thread,
            mentions=mentions,
            calls_team=calls_team,
            to_bot=to_bot,
            files=files,
            recording=recording,
            source=relay,
        )

    def _author(self, record: dict[str, object], subtype: str | None, note: Callable[[str], None]) -> tuple[str, tuple[str, ...]]:
        """Who wrote a record, and the evidence that an app did."""
        user = record.get("user")
        if (
            type(user) is str
            and self._people.is_human(user)
            and subtype is None
            and not ("bot_id" in record or "app_id" in record or "bot_profile" in record)
        ):
            return user, ()  # nearly every message of an archive
        if type(user) is not str or not user:
            user = _stand_in(record)
            if record.get("user") is not None and not isinstance(record.get("user"), str):
                note(f"has {describe(record['user'])} as `user`" + (f"; {user} was read from it" if user else ""))
        author = identifier(user)
        app = bot = ""
        if "bot_id" in record or "app_id" in record or "bot_profile" in record or subtype == "bot_message":
            app, bot = identifier(record.get("app_id")), identifier(record.get("bot_id"))
        profile = record.get("bot_profile")
        if isinstance(profile, dict):
            app = app or identifier(profile.get("app_id"))
            bot = bot or identifier(profile.get("id"))
        marks: list[str] = []
        if app or bot or profile or subtype == "bot_message":
            relayed = self._relayed(app, bot, author, record)
            if relayed:
                return relayed, ()
            marks = [f"app_id={app}"] if app else []
            marks += ["bot_id"] if bot else []
            marks += ["bot_profile"] if profile else []
            marks += ["subtype=bot_message"] if subtype == "bot_message" else []
        if author == SLACKBOT:
            marks.append("slackbot")
        if not author:
            name = clean_name(record.get("username"))
            author = bot or app or name
            if name and not marks:
                marks.append("no_user")  # only apps may post under a name of their own (Slack: chat.postMessage, username)
            if author and marks:
                self._people.learn_app(author, name or (profile.get("name") if isinstance(profile, dict) else None))
                return author, tuple(marks)
            note("names no author; it was read as written by somebody unknown")
            return UNKNOWN_AUTHOR, tuple(marks)
        known = self._people.get(author)
        if known is not None and known.app and not marks:
            marks.append("is_bot")
        if not marks:
            self._settle(author, record)
            if known is None and self._lists_people and not self._people.is_settled(author):
                note("is by somebody whom users.json doesn't list; they are named by their id")
        return author, tuple(marks)

    def _source(self, record: dict[str, object], author: str, marks: tuple[str, ...], *, is_workflow: bool) -> Source:
        """Through what app it came, never by whom: one that posts with somebody's token has their id as its author. Without
        marks it is a relay's. What nobody is the author of came by an incoming webhook, or under a name of the app's choice."""
        ids = _app_ids(record)
        if not marks:
            trusted = next((id for id in ids if id in self._trusted_apps), ids[0])
            return Source(id=trusted, kind=SourceKind.BOT, trusted=True)
        known = self._people.get(author)
        by = ids[0] if ids else author if known is not None and known.app else UNKNOWN_AUTHOR
        if is_workflow:
            return Source(id=by, kind=SourceKind.WORKFLOW)
        nobody = record.get("subtype") == "bot_message" and not record.get("user")
        return Source(id=by, kind=SourceKind.WEBHOOK if nobody else SourceKind.BOT)

    def _app_name(self, record: dict[str, object], author: str) -> str:
        """What an app's post says the app is called: under the name it posts, which may be one of its own choice; "" where nobody
        knows. A post made with somebody's token has their id as its author, and the app's name in its profile."""
        profile = record.get("bot_profile")
        named = profile.get("name") if isinstance(profile, dict) else None
        name = clean_name(record.get("username")) or clean_name(named)
        if name:
            return name
        known = self._people.get(author)
        return self._people.name(author) if known is not None and known.app else ""

    def _relayed(self, app: str, bot: str, author: str, record: dict[str, object]) -> str:
        """The person behind a trusted relay's post; "" when the app isn't trusted."""
        if not self._trusted_apps or not ({app, bot} - {""}) & self._trusted_apps:
            return ""
        name = clean_name(record.get("username"))
        if not name:
            return author or bot or app
        person = f"{app or bot}/{name}"
        self._people.learn_relayed(person, name)
        return person

    def _settle(self, author: str, record: dict[str, object]) -> str:
        if not self._people.is_settled(author):
            self._people.learn(author, record)
        return author

    def _reactions(self, reactions: object, message: Message, note: Callable[[str], None]) -> tuple[Reacted, ...]:
        """One event per person and emoji. Exports don't say when: the time is the message's own."""
        if not isinstance(reactions, list):
            note(f"has {describe(reactions)} as `reactions`; they were left out")
            return ()
        found: dict[tuple[str, str], Reacted] = {}
        odd = False
        for reaction in reactions:
            emoji = canonical(clean_name(reaction.get("name"))) if isinstance(reaction, dict) else ""
            users = reaction.get("users") if isinstance(reaction, dict) else None
            if not emoji or not isinstance(users, list):
                odd = True
                continue
            for value in users:
                user = identifier(value)
                if not user:
                    odd = True
                    continue
                known = self._people.get(user)
                is_app = user == SLACKBOT or (known is not None and known.app)
                found[user, emoji] = Reacted(
                    channel=message.channel,
                    id=message.id,
                    by=user,
                    by_member=not is_app and self._role(user, message) is Role.MEMBER,
                    emoji=emoji,
                    at=message.at,
                    timed=False,
                )
        if odd:
            note("has reactions that can't be read; those were left out")
        return tuple(found.values())


def _app_ids(record: dict[str, object]) -> tuple[str, ...]:
    """The ids of the app and of the bot that a record names."""
    profile = record.get("bot_profile")
    told = profile if isinstance(profile, dict) else {}
    found = (record.get("app_id") or told.get("app_id"), record.get("bot_id") or told.get("id"))
    return tuple(id for each in found if (id := identifier(each)))


def _is_rewritten(message: dict[str, object], before: object, ts: str) -> bool:
    """Whether somebody changed what a message says. Slack tells of a change at `ts` also when a link was unfolded, a reply
    counted or a language recognised: nobody wrote anything then.

    Not every such event holds the message as it was before. Without it the message's own `edited` tells: it is as old as the
    change only where the change was an edit (Slack: "message_changed"); its time is in whole seconds.
    """
    if isinstance(before, dict):
        told = [(written(each), count_files(each), spoken(each)) for each in (before, message)]
        return told[0] != told[1]  # what is said in a recording is written down after it was posted
    edited = message.get("edited")
    changed = stamp(edited.get("ts")) if isinstance(edited, dict) else ""
    return bool(changed) and abs(float(ts) - float(changed)) < _SAME_EDIT


def _stand_in(record: dict[str, object]) -> str:
    """Where else an author's id may stand: `user` as an object, or the comment on a file (exports before 2018)."""
    user = record.get("user")
    if isinstance(user, dict):
        return identifier(user.get("id"))
    comment = record.get("comment")
    if isinstance(comment, dict):
        return identifier(comment.get("user"))
    return str(user) if isinstance(user, int) and not isinstance(user, bool) and abs(user) < 1e18 else ""


def _own_words(record: dict[str, object], text: str) -> str:
    """What the person wrote in an old-style file message."""
    comment = record.get("comment")
    file = record.get("file")
    if not isinstance(comment, dict) and isinstance(file, dict):
        comment = file.get("initial_comment")
    said = comment.get("comment") if isinstance(comment, dict) else None
    if isinstance(said, str):
        return said
    return "" if _UPLOADED.match(text) else text
