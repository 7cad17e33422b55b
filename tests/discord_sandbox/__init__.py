"""A strict, loud fake Discord on loopback. See README.md in this folder."""

from tests.discord_sandbox.acting import NotOffered, Person
from tests.discord_sandbox.fake import FakeDiscord
from tests.discord_sandbox.model import Channel, Guild, Message, Role

__all__ = ["Channel", "FakeDiscord", "Guild", "Message", "NotOffered", "Person", "Role"]
