"""Reader of Slack exports (Slack's own, and slackdump's): people, channels and a stream of events in order of time.

Limits that come with the format: of an edited message only the last text exists, so it is read as posted with that text; of a
deleted one only a tombstone, so nothing is read; reactions carry no time. Direct messages are never read.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Literal

from adapters.archives.slack_files import EXPECTED, DayFile, Folder, Layout, Read, Zip, open_files
from adapters.archives.tolerant_json import read_list
from adapters.slack_format.people import People
from adapters.slack_format.records import Records, TranslatedRecord
from adapters.slack_format.text import clean_name, describe, identifier
from bot.domain.durations import Instant
from bot.domain.events import Event, Posted
from bot.domain.keys import ChannelKey
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.errors import NotAnArchive
from bot.ports import ArchiveChannel, ArchivePerson, Problem

_DAY = 86_400.0

_AHEAD = 14 * 3600.0
"""Seconds by which a day begins before its UTC midnight at most: day files follow somebody's time zone, UTC+14 at the extreme."""

_LATE_REPLY = 366 * _DAY
"""Replies kept with their parent may be this much later than the archive's last day without being reported."""

_PLACE_BITS = 32

_Item = tuple[Instant, int, TranslatedRecord]
"""When, where it was read (file number and place in the file), what."""


def open_archive(path: Path, *, trusted_apps: frozenset[str] = frozenset()) -> SlackArchive:
    """Open a Slack export, as a folder or a zip. Raises NotAnArchive, which says what was expected.

    `trusted_apps`: app or bot ids of relays through which people type; their posts bear no marks.
    """
    try:
        files = open_files(path)
        layout = files.layout()
        with files.opened() as read:
            return SlackArchive(files, layout, read, trusted_apps)
    except OSError as error:
        raise NotAnArchive(f"{path} can't be read ({error.strerror or error}); {EXPECTED}") from error


class SlackArchive:
    """One export. `problems` are those found when it was opened; `events` reports them again, before its own.

    `skipped` names the conversations that are never read: direct messages, group direct messages, comments on canvases.
    """

    def __init__(self, files: Folder | Zip, layout: Layout, read: Read, trusted_apps: frozenset[str]) -> None:
        self._files = files
        self._trusted_apps = trusted_apps
        self._opening: list[Problem] = list(layout.problems)
        users: list[dict[str, object]] = []
        for name in ("users.json", "org_users.json"):
            if name in layout.lists:
                users += self._read_list(read, name, "person")
        if not layout.lists & {"users.json", "org_users.json"}:
            self._say("users.json", "is missing: people are named by their ids")
        self._people = People(users)
        self._channels: dict[str, ArchiveChannel] = {}
        self._days: dict[str, list[DayFile]] = {}
        self._skipped: set[str] = set()
        self._list_channels(read, layout)
        days = [day.starts for files_of in self._days.values() for day in files_of]
        self._last_day = max(days, default=0.0)

    def _say(self, where: str, what: str) -> None:
        self._opening.append(Problem(where=where, what=what))

    def _read_list(self, read: Read, name: str, thing: str) -> list[dict[str, object]]:
        """The objects of one of the export's lists; problems are kept for `events`."""
        data, trouble = read(name)
        if trouble:
            self._say(name, trouble)
        entries, remarks = read_list(data, thing) if data or not trouble else ([], ())
        for remark in remarks:
            self._say(_where(name, remark.place), remark.what)
        found: list[dict[str, object]] = []
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, dict):
                self._say(f"{name}, {thing} {number}", f"is {describe(entry)}, not an object; it was skipped")
            elif not identifier(entry.get("id")):
                self._say(f"{name}, {thing} {number}", "has no `id`; it was skipped")
            else:
                found.append(entry)
        return found

    def _list_channels(self, read: Read, layout: Layout) -> None:
        """Match the lists of conversations with the folders that hold their days."""
        by_folder: dict[str, list[DayFile]] = {}
        for day in layout.days:
            by_folder.setdefault(day.folder, []).append(day)
        if "channels.json" not in layout.lists and "groups.json" not in layout.lists:
            self._say("channels.json", "is missing: channels are named by their folders")
        listed: list[dict[str, object]] = []
        for name in ("channels.json", "groups.json"):
            if name in layout.lists:
                listed += self._read_list(read, name, "channel")
        private: set[str] = set()
        for name in ("dms.json", "mpims.json"):
            if name in layout.lists:
                for entry in self._read_list(read, name, "conversation"):
                    private |= {identifier(entry.get("id")), clean_name(entry.get("name"))} - {""}
        for entry in listed:
            channel, name = identifier(entry.get("id")), clean_name(entry.get("name"))
            if entry.get("is_mpim") is True or entry.get("is_im") is True or name.startswith("mpdm-"):
                private |= {channel, name} - {""}
            elif channel not in self._channels and channel not in private:
                raw = entry.get("name")
                folders = [folder for folder in (raw, name, channel) if isinstance(folder, str) and folder in by_folder]
                shared = entry.get("is_ext_shared") is True or bool(entry.get("connected_team_ids"))
                self._add(channel, name or channel, by_folder.pop(folders[0]) if folders else [], shared=shared)
        for folder, days in by_folder.items():
            if folder in private or _is_private(folder):
                private.add(folder)
                continue
            name = clean_name(folder) or "unnamed"
            if name in self._channels:
                name = f"{name} ({folder!r})"
            self._say(f"{name}/", "is a channel folder that channels.json doesn't list; its name was taken as the channel's id")
            self._add(name, name, days, shared=False)
        self._skipped = private

    def _add(self, channel: str, name: str, days: list[DayFile], *, shared: bool) -> None:
        key = ChannelKey(platform="slack", workspace=self._people.home or "archive", channel=channel).spell()
        self._channels[channel] = ArchiveChannel(key=key, id=channel, name=name, shared=shared)
        self._days[channel] = days

    @property
    def platform(self) -> Literal["slack"]:
        """The platform it was exported from."""
        return "slack"

    @property
    def people(self) -> Mapping[str, ArchivePerson]:
        """Everybody known so far, by id: those users.json lists, and those that reading the messages has shown."""
        return self._people.view

    @property
    def channels(self) -> Sequence[ArchiveChannel]:
        """Public and private channels, by name."""
        return sorted(self._channels.values(), key=lambda channel: (channel.name, channel.id))

    @property
    def home(self) -> str | None:
        """The workspace most of its people belong to, when users.json says it."""
        return self._people.home

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with the lists of people and channels."""
        return tuple(self._opening)

    @property
    def skipped(self) -> tuple[str, ...]:
        """Ids and names of the conversations that are never read."""
        return tuple(sorted(self._skipped))

    def events(
        self,
        *,
        role: Callable[[str, Message], Role],
        channels: Sequence[str] = ("*",),
        problem: Callable[[Problem], None],
    ) -> Iterator[Event]:
        """All events of the channels that match a glob (by name, "#name" or id), merged in order of time.

        Day by day is read, so that memory holds about two days of messages. Only a message that lies in the file of a much
        later day than its own comes out of order; it is reported. Of messages with one id in a channel the first is kept.
        """
        for found in self._opening:
            problem(found)
        picked = [channel for channel in self.channels if _is_picked(channel, channels)]
        days = [(day, channel.key) for channel in picked for day in self._days[channel.id]]
        days.sort(key=lambda pair: pair[0].starts)
        names = {channel.id: channel.name for channel in self._channels.values()}
        records = Records(self._people, lambda id: names.get(id, ""), role, self._trusted_apps)
        merge = _Merge([day.name for day, _ in days], problem)
        with self._files.opened() as read:
            number = 0
            for starts, group in groupby(days, key=lambda pair: pair[0].starts):
                yield from merge.before(starts - _AHEAD)
                for day, key in group:
                    merge.add(self._read_day(day, key, number, read=read, records=records, problem=problem))
                    number += 1
        yield from merge.before(float("inf"))

    def _read_day(
        self, day: DayFile, channel: str, number: int, *, read: Read, records: Records, problem: Callable[[Problem], None]
    ) -> list[_Item]:
        data, trouble = read(day.name)
        if trouble:
            problem(Problem(where=day.name, what=trouble))
            if not data:
                return []
        entries, remarks = read_list(data, "message")
        for remark in remarks:
            problem(Problem(where=_where(day.name, remark.place), what=remark.what))
        notes: dict[str, list[int]] = {}
        misdated: list[tuple[int, Instant]] = []
        place = 0

        def note(what: str) -> None:
            notes.setdefault(what, []).append(place)

        items: list[_Item] = []
        earliest, latest = day.starts - _AHEAD, day.starts + _DAY + _AHEAD
        base = number << _PLACE_BITS
        for place, record in enumerate(entries, 1):
            if type(record) is not dict:
                note(f"is {describe(record)}, not an object; it was skipped")
                continue
            entry = records.translate(record, channel, note)
            if entry is not None:
                at = entry.event.at
                if not earliest <= at < latest and not self._is_kept_with_parent(entry, at, earliest):
                    misdated.append((place, at))
                items.append((at, base | place, entry))
        for what, places in notes.items():
            problem(Problem(where=f"{day.name}, message {places[0]}", what=what + _and_more(len(places))))
        if misdated:
            first, at = misdated[0]
            shown = dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%d")
            what = f"is dated {shown}, not the day of its file; it was read at that time{_and_more(len(misdated))}"
            problem(Problem(where=f"{day.name}, message {first}", what=what))
        return items

    def _is_kept_with_parent(self, entry: TranslatedRecord, at: Instant, earliest: Instant) -> bool:
        """Whether this is a reply that lies in the file of what it replies to, as some exporters do it."""
        event = entry.event
        is_reply = isinstance(event, Posted) and event.message.thread is not None
        return is_reply and earliest <= at < self._last_day + _LATE_REPLY


def _and_more(count: int) -> str:
    return "" if count == 1 else f" (and {count - 1} more in this file)"


class _Merge:
    """Messages of all channels in order of time. Holds only what later files could still come before."""

    def __init__(self, names: Sequence[str], problem: Callable[[Problem], None]) -> None:
        self._names = names
        self._problem = problem
        self._waiting: list[_Item] = []
        self._told: set[int] = set()

    def add(self, items: list[_Item]) -> None:
        """Take what was read from one file."""
        self._waiting += items

    def before(self, end: Instant) -> Iterator[Event]:
        """Give out, in order, everything that happened before an instant."""
        self._waiting.sort()
        cut = bisect_left(self._waiting, end, key=lambda item: item[0])
        ready, self._waiting = self._waiting[:cut], self._waiting[cut:]
        previous = -1.0
        together: list[Event] = []
        for at, place, entry in ready:
            event = entry.event
            if at == previous:
                if self._is_known(event, place, together):
                    continue
                together.append(event)
            else:
                previous, together = at, [event]
            yield event
            yield from entry.reactions

    def _is_known(self, event: Event, place: int, together: list[Event]) -> bool:
        """Whether the same event came already. A repetition to the letter is normal (broadcast replies); others are told."""
        for other in together:
            if other.key == event.key:
                if other != event:
                    self._tell(event, place)
                return True
        return False

    def _tell(self, event: Event, place: int) -> None:
        number = place >> _PLACE_BITS
        if number not in self._told:
            self._told.add(number)
            where = f"{self._names[number]}, message {place & ((1 << _PLACE_BITS) - 1)}"
            what = f"has the id {event.key.message}, which another message has; the first was kept (the file may repeat more)"
            self._problem(Problem(where=where, what=what))


def _where(name: str, place: str) -> str:
    return f"{name}, {place}" if place else name


def _is_private(folder: str) -> bool:
    """Whether an unlisted folder's name says that it holds a direct message (D..., mpdm-...) or a canvas's comments (FC:...)."""
    if folder.startswith(("mpdm-", "FC:", "FC_")):
        return True
    return folder.startswith("D") and len(folder) >= 9 and folder.isalnum() and folder.isupper()


def _is_picked(channel: ArchiveChannel, globs: Sequence[str]) -> bool:
    name = channel.name.casefold()
    return any(channel.id == glob or fnmatchcase(name, glob.removeprefix("#").casefold()) for glob in globs)
