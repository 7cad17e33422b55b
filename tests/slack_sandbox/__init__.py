"""A strict, loud fake Slack on loopback. See README.md in this folder."""

from tests.sandbox.clock import FakeClock, RealClock
from tests.slack_sandbox.acting import Person, Seen
from tests.slack_sandbox.fake import FakeSlack
from tests.slack_sandbox.model import Conversation, Message

__all__ = ["Conversation", "FakeClock", "FakeSlack", "Message", "Person", "RealClock", "Seen"]
