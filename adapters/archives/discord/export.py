"""Reader of what DiscordChatExporter writes as JSON: one file a channel, thread or forum post, perhaps in several parts.

Everything is read twice. The first time tells who is there and when each file begins; the second gives the events of all files,
merged in order of time, while memory holds a message a file. A file that isn't in order is put in order on disk.

Limits that come with the format: of an edited message only the last text exists, and nothing of a deleted one; reactions carry no
time. Direct messages are never read.
"""

from __future__ import annotations

import heapq
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from adapters.archives.discord.files import DiscordFiles, Opener
from adapters.archives.discord.records import DiscordRecords, ExportPlace, fields, objects, person_of, text_of, time_of
from adapters.archives.json_stream import read_messages
from adapters.archives.tolerant_json import Remark
from adapters.slack_format.text import describe
from bot.domain.durations import Instant
from bot.domain.events import Event
from bot.domain.keys import ChannelKey
from bot.domain.letters import on_one_line
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.ports import ArchiveChannel, ArchivePerson, Problem

_RUN: Final = 10_000
"""Messages put in order at once."""

_Row = tuple[Instant, str, int, int, dict[str, object]]
"""When, the message's id, which file (the latest export first), its number there, and the record."""


@dataclass(slots=True, kw_only=True)
class _Exported:
    """A file: its name, where its messages stand, when it was made and what the first reading told."""

    name: str
    place: ExportPlace
    exported: str = ""
    first: Instant = float("inf")
    in_order: bool = True
    out_of_order: int = 0
    """The number of the first message that is earlier than the one before it."""


class DiscordArchive:
    """One export, of any number of channels."""

    def __init__(self, files: DiscordFiles, *, relays: frozenset[str] = frozenset()) -> None:
        self._files = files
        self._relays = relays
        self._people: dict[str, ArchivePerson] = {}
        self._channels: dict[str, ArchiveChannel] = {}
        self._skipped: set[str] = set()
        self._exported: list[_Exported] = []
        self._home: str | None = None
        with files.opened() as opener:
            for name in files.names:
                self._scan(opener, name)
        self._exported.sort(key=lambda one: (one.exported, one.name), reverse=True)

    # -- the first reading

    def _scan(self, opener: Opener, name: str) -> None:
        heads: list[dict[str, object]] = []
        at_last = -1.0
        found: _Exported | None = None
        for number, record in self._messages(opener, name, heads.append, lambda _: None):
            if found is None:
                found = self._begun(name, heads[0])
                if found is None:
                    return
            at = time_of(record)
            if at is None:
                continue
            found.first = min(found.first, at)
            if at < at_last and found.in_order:
                found.in_order, found.out_of_order = False, number
            at_last = at
            self._learn(record)
        if found is None and heads:
            found = self._begun(name, heads[0])
        if found is not None:
            self._exported.append(found)

    def _begun(self, name: str, head: dict[str, object]) -> _Exported | None:
        """Take what stands before a file's messages. None for direct messages."""
        guild, channel = fields(head.get("guild")), fields(head.get("channel"))
        kind, id = text_of(channel.get("type")), text_of(channel.get("id"))
        shown = on_one_line(text_of(channel.get("name")), 100)
        if kind.startswith("Direct") or kind in ("1", "3"):
            self._skipped.add(shown or id or name)
            return None
        server = text_of(guild.get("id")) or "archive"
        self._home = self._home or server
        parent, parent_name = text_of(channel.get("categoryId")), on_one_line(text_of(channel.get("category")), 100)
        is_thread = (kind.endswith("Thread") or kind in ("10", "11", "12")) and bool(parent)
        stem = Path(name).stem
        in_channel, called = (parent, parent_name or parent) if is_thread else (id or stem, shown or id or stem)
        key = ChannelKey(platform="discord", workspace=server, channel=in_channel).spell()
        self._channels.setdefault(key, ArchiveChannel(key=key, id=in_channel, name=called))
        place = ExportPlace(key=key, id=id or stem, thread=id if is_thread else None, title=shown if is_thread else "")
        return _Exported(name=name, place=place, exported=text_of(head.get("exportedAt")))

    def _learn(self, record: dict[str, object]) -> None:
        for account in (fields(record.get("author")), *objects(record.get("mentions"))):
            found = person_of(account)
            if found is None:
                continue
            known = self._people.get(found.id)
            if known is None:
                self._people[found.id] = found
            elif found.roles != known.roles or not set(found.names) <= set(known.names):
                roles = tuple(dict.fromkeys((*known.roles, *found.roles)))
                names = tuple(dict.fromkeys((*known.names, *found.names)))[:10]
                self._people[found.id] = replace(known, roles=roles, names=names)

    # -- what the archive holds

    @property
    def platform(self) -> Literal["discord"]:
        """The platform it was exported from."""
        return "discord"

    @property
    def people(self) -> Mapping[str, ArchivePerson]:
        """Everybody who wrote, or was named, by id."""
        return MappingProxyType(self._people)

    @property
    def channels(self) -> Sequence[ArchiveChannel]:
        """The channels, by name. Threads and posts belong to the channel or forum that they stand in."""
        return sorted(self._channels.values(), key=lambda channel: (channel.name, channel.id))

    @property
    def home(self) -> str | None:
        """The server's id."""
        return self._home

    @property
    def skipped(self) -> tuple[str, ...]:
        """The conversations that are never read: direct messages."""
        return tuple(sorted(self._skipped))

    def events(
        self,
        *,
        role: Callable[[str, Message], Role],
        channels: Sequence[str] = ("*",),
        problem: Callable[[Problem], None],
    ) -> Iterator[Event]:
        """All events of the channels that match a glob (by name, "#name" or id), merged in order of time. Of a message that is
        there more than once, the one of the latest export is read."""
        for found in self._files.problems:
            problem(found)
        picked = {channel.key for channel in self.channels if _is_picked(channel, channels)}
        chosen = [one for one in self._exported if one.place.key in picked]
        records = DiscordRecords(role=role, team_roles=self._team_roles(role), relays=self._relays)
        told: set[tuple[int, int]] = set()
        with self._files.opened() as opener:
            seen: dict[tuple[str, str], tuple[int, int]] = {}
            seen_at = -1.0
            for at, id, which, number, record in self._merged(opener, chosen, problem):
                if at != seen_at:
                    seen.clear()
                    seen_at = at
                there = chosen[which]
                known = seen.setdefault((there.place.key, id), (which, number))
                if known != (which, number):
                    if (known[0], which) not in told:
                        told.add((known[0], which))
                        problem(_twice(chosen, known, (which, number), id))
                    continue
                yield from records.events(record, there.place, at)

    def _team_roles(self, role: Callable[[str, Message], Role]) -> frozenset[str]:
        """The roles that only members have: naming one calls the team."""
        whose: dict[str, bool] = {}
        for person in self._people.values():
            if not person.app and person.roles:
                message = Message(channel="", id="", at=0.0, author=person.id, role=Role.CUSTOMER)
                is_member = role(person.id, message) is Role.MEMBER
                for name in person.roles:
                    whose[name] = whose.get(name, True) and is_member
        return frozenset(name for name, members in whose.items() if members)

    # -- the second reading

    def _merged(self, opener: Opener, chosen: Sequence[_Exported], problem: Callable[[Problem], None]) -> Iterator[_Row]:
        """The messages of all files in order of time. A file is opened when its first message's time has come."""
        pending = sorted(range(len(chosen)), key=lambda which: chosen[which].first, reverse=True)
        heap: list[tuple[Instant, str, int, int, dict[str, object], Iterator[_Row]]] = []
        while heap or pending:
            while pending and (not heap or chosen[pending[-1]].first <= heap[0][0]):
                which = pending.pop()
                rows = self._rows(opener, chosen[which], which, problem)
                if (row := next(rows, None)) is not None:
                    heapq.heappush(heap, (*row, rows))
            if not heap:
                continue
            at, id, which, number, record, rows = heap[0]
            yield at, id, which, number, record
            following = next(rows, None)
            if following is None:
                heapq.heappop(heap)
            else:
                heapq.heapreplace(heap, (*following, rows))

    def _rows(self, opener: Opener, one: _Exported, which: int, problem: Callable[[Problem], None]) -> Iterator[_Row]:
        rows = self._unsorted(opener, one, which, problem)
        if one.in_order:
            return rows
        where = f"{one.name}, message {one.out_of_order}"
        problem(Problem(where=where, what="is earlier than the one before it; the file's messages were put in order"))
        return _sorted(rows)

    def _unsorted(self, opener: Opener, one: _Exported, which: int, problem: Callable[[Problem], None]) -> Iterator[_Row]:
        notes: dict[str, list[int]] = {}

        def tell(remark: Remark) -> None:
            problem(Problem(where=f"{one.name}, {remark.place}" if remark.place else one.name, what=remark.what))

        heads: list[dict[str, object]] = []
        for number, record in self._messages(opener, one.name, heads.append, tell, notes):
            at, id = time_of(record), text_of(record.get("id"))
            if not id:
                notes.setdefault("has no `id`; it was skipped", []).append(number)
            elif at is None:
                notes.setdefault("has no readable time (`timestamp`); it was skipped", []).append(number)
            elif not text_of(fields(record.get("author")).get("id")):
                notes.setdefault("has no author with an `id`; it was skipped", []).append(number)
            else:
                yield at, id, which, number, record
        for head in heads:
            for key in ("guild", "channel"):
                if not text_of(fields(head.get(key)).get("id")):
                    tell(Remark(place="", what=f"doesn't say which {key} it is of (`{key}.id`); its own name was taken"))
        for what, places in notes.items():
            more = f" (and {len(places) - 1} more in this file)" if len(places) > 1 else ""
            problem(Problem(where=f"{one.name}, message {places[0]}", what=what + more))

    def _messages(
        self,
        opener: Opener,
        name: str,
        head: Callable[[dict[str, object]], None],
        tell: Callable[[Remark], None],
        notes: dict[str, list[int]] | None = None,
    ) -> Iterator[tuple[int, dict[str, object]]]:
        try:
            file = opener(name)
        except Exception as error:  # a damaged zip makes zlib, bz2, lzma and zipfile raise errors of their own
            tell(Remark(place="", what=f"can't be read ({error}); it was skipped"))
            return
        with file:
            for number, record in read_messages(file, head=head, tell=tell):
                if isinstance(record, dict):
                    yield number, record
                elif notes is not None:
                    notes.setdefault(f"is {describe(record)}, not an object; it was skipped", []).append(number)


def _sorted(rows: Iterator[_Row]) -> Iterator[_Row]:
    """The same in order, put so on disk by parts."""
    parts = []
    while part := list(islice(rows, _RUN)):
        part.sort(key=lambda row: row[:4])
        file = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115  # it goes with its reader
        for row in part:
            file.write(json.dumps(row) + "\n")
        file.seek(0)
        parts.append(file)
    try:
        yield from heapq.merge(*(map(_row, file) for file in parts), key=lambda row: row[:4])
    finally:
        for file in parts:
            file.close()


def _row(line: str) -> _Row:
    at, id, which, number, record = json.loads(line)
    return at, id, which, number, record


def _twice(chosen: Sequence[_Exported], kept: tuple[int, int], other: tuple[int, int], id: str) -> Problem:
    where = f"{chosen[other[0]].name}, message {other[1]}"
    if kept[0] == other[0]:
        return Problem(
            where=where, what=f"has the id {id}, which another message has; the first was kept (the file may repeat more)"
        )
    what = f"is in {chosen[kept[0]].name}, too: of what both hold, that one's was read, the later export"
    return Problem(where=where, what=what)


def _is_picked(channel: ArchiveChannel, globs: Sequence[str]) -> bool:
    name = channel.name.casefold()
    return any(channel.id == glob or fnmatchcase(name, glob.removeprefix("#").casefold()) for glob in globs)
