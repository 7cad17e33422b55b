"""A strict, loud fake Slack on loopback. See README.md in this folder."""

from tests.fakes.slack.acting import Person, Seen
from tests.fakes.slack.clock import FakeClock, RealClock
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.model import Conversation, Message

__all__ = ["Conversation", "FakeClock", "FakeSlack", "Message", "Person", "RealClock", "Seen"]
