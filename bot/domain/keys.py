"""Ids made of ids: how a channel's key, a wait's id, a post's reference, a reminder's key and what a button carries are spelled
and split. Nowhere else.

Ids of platforms are whatever they are: a Matrix room is "!help:example.org". Where an id is a part of another one, the letters
that part them are percent-encoded in it; ordinary ids have none of these and are spelled as they are.
"""

from __future__ import annotations

import re
from typing import Final, Literal, Self, get_args

from bot.domain.value import value

_PARTING = re.compile(r"[%/:# ]")
"""What parts the ids in a composed one, and the words of a command."""

_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def encoded(id: str) -> str:
    """An id as a part of another one: without ":", "/", "#", "%", blanks, and whatever else isn't printable."""
    if id.isalnum() or (id.isprintable() and _PARTING.search(id) is None):  # most are, and every event has some
        return id
    return "".join(map(_percent, id))


def decoded(part: str) -> str:
    """The id that `encoded` made a part of."""
    return _PERCENT.sub(_plain, part) if "%" in part else part


def _percent(letter: str) -> str:
    if letter.isprintable() and _PARTING.fullmatch(letter) is None:
        return letter
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "surrogatepass"))


def _plain(found: re.Match[str]) -> str:
    try:
        return bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:  # nothing that `encoded` makes: an id that looks like it
        return found[0]


@value
class ChannelKey:
    """A channel's key: "slack:T1:C1". A channel of no workspace is "local:help", one of no platform "help"."""

    platform: str
    workspace: str
    channel: str

    def spell(self) -> str:
        """The key as it is stored and shown."""
        if self.workspace:
            return f"{encoded(self.platform)}:{encoded(self.workspace)}:{encoded(self.channel)}"
        return f"{encoded(self.platform)}:{encoded(self.channel)}" if self.platform else encoded(self.channel)

    @classmethod
    def parse(cls, key: str) -> Self:
        """The key that is spelled so. Whatever is no key is the channel's id alone."""
        place, _, channel = key.rpartition(":")
        platform, _, workspace = place.partition(":")
        return cls(platform=decoded(platform), workspace=decoded(workspace), channel=decoded(channel))


def platform_of(channel: str) -> str:
    """The platform in a channel's key; "" when it names none."""
    platform, colon, _ = channel.partition(":")
    return decoded(platform) if colon else ""


def server_of(channel: str) -> str:
    """What a channel's key begins with, as it tells its server: "discord:41771983423143937". "" where it tells none."""
    place, _, _ = channel.rpartition(":")
    return place if ":" in place else ""


def channel_id(channel: str) -> str:
    """The platform's own id in a channel's key."""
    return decoded(channel.rpartition(":")[2])


def message_key(channel: str, message: str) -> str:
    """A message's key among those of all channels: "slack:T1:C1/1700000000.000100". A wait has that of the message that opened it
    as its id."""
    return f"{channel}/{encoded(message)}"


def channel_of(key: str) -> str:
    """The key of the channel in a message's key, or a wait's id."""
    return key.rpartition("/")[0]


def message_of(key: str) -> str:
    """The platform's own id in a message's key; of a wait's id, that of the message that opened it."""
    return decoded(key.rpartition("/")[2])


def reminder_keys(wait: str, step: int) -> str:
    """What the keys of a wait's reminders on one rung begin with; the reminder's number follows."""
    return f"{wait}#{step}."


def wait_of(reminder: str) -> str:
    """The wait that a reminder's key is about."""
    return reminder.rpartition("#")[0]


HandoverWhy = Literal["shift", "gap", "away", "left"]
"""Why somebody is told what they have open: their shift ended; so did the time between two shifts, in which the settings had them
on duty; they will be away; they left the team."""

_HANDOVER: Final = "handover"


@value
class HandoverKey:
    """The key of the notice that tells what a `member` has open: since their shift ended `at` an instant (it began at `since`),
    they are away from then on, or left then. `place`: the server or platform of which it tells alone, where servers have a team
    each; "" where it tells of everything."""

    member: str
    at: float
    why: HandoverWhy = "shift"
    since: float = 0.0
    place: str = ""

    def spell(self) -> str:
        """The key as it is stored."""
        return f"{self.prefix(self.member)}{joined(repr(self.at), self.why, repr(self.since), *self._where)}"

    @property
    def _where(self) -> tuple[str, ...]:
        return (self.place,) if self.place else ()

    @staticmethod
    def prefix(member: str) -> str:
        """What all keys about a member begin with, and none of anybody else."""
        return f"{_HANDOVER}:{joined(member)}:"

    @classmethod
    def parse(cls, key: str) -> Self:
        """The key that is spelled so; of earlier versions' only whose it is and when."""
        member, at, *more = (decoded(part) for part in key.split(":")[1:])
        why: HandoverWhy = next((one for one in get_args(HandoverWhy) if more[:1] == [one]), "shift")
        since, place = float(more[1]) if len(more) > 1 else 0.0, more[2] if len(more) > 2 else ""
        return cls(member=member, at=float(at), why=why, since=since, place=place)


def digest_key(at: float, subject: str, place: str | None = None) -> str:
    """The key of the digest of a slot, which is for one platform where there are several, and for one server where those have a
    team each (`server_of` its channels)."""
    return joined("digest", str(int(at)), subject, *(() if place is None else (place,)))


def digests_begin() -> str:
    """What the keys of digests begin with; the time of the slot follows."""
    return "digest:"


def preview_key(place: str, server: str | None = None, *, again: int = 0) -> str:
    """The key of the preview for a place (the id of a channel), which is for one server where those have a team each; `again`:
    how often it was refused there."""
    return joined("preview", place, *(() if server is None else (server,))) + (f".{again}" if again else "")


def preview_server(notice: str) -> str | None:
    """The server in such a key; None where it is for all there is."""
    parts = notice.partition(".")[0].split(":")
    return decoded(parts[2]) if len(parts) == 3 and parts[0] == "preview" else None


def digest_place(notice: str) -> str | None:
    """The platform or server in such a key; None where it is for all there are."""
    parts = notice.split(":")
    return decoded(parts[3]) if len(parts) == 4 and parts[0] == "digest" else None


def post_ref(conversation: str, message: str) -> str:
    """A reference of a post whose conversation isn't told by its address: "C1/1700000000.000100"."""
    return f"{encoded(conversation)}/{encoded(message)}"


def split_ref(ref: str) -> tuple[str, str]:
    """The conversation and the message of a `post_ref`."""
    conversation, _, message = ref.rpartition("/")
    return decoded(conversation), decoded(message)


def joined(*parts: str) -> str:
    """Parts in one text, such as who reacted with what when ("U1:eyes:"): different parts are never spelled the same."""
    return ":".join(map(encoded, parts))


def code(verb: str, argument: str) -> str:
    """What a button carries: `verb:argument`."""
    return f"{verb}:{argument}"


def split_code(code: str) -> tuple[str, str]:
    """The verb and the argument that a button carries; no verb where it is no code."""
    verb, colon, argument = code.partition(":")
    return (verb, argument) if colon else ("", code)


def argument(*parts: str) -> str:
    """A button's argument of several parts: "w17/1700000000.000100"."""
    return "/".join(map(encoded, parts))


def split_argument(argument: str) -> tuple[str, ...]:
    """The parts of a button's argument, without the empty ones."""
    return tuple(decoded(part) for part in argument.split("/") if part)
