"""What a digest says of channels that can't be read back."""

from __future__ import annotations

from datetime import UTC

from bot.domain.views import Text
from bot.wording.digest import DigestFacts, digest
from tests.waits.world import HOUR, NINE


def words(facts: DigestFacts) -> str:
    view = digest(facts)
    assert view is not None
    (node,) = view.nodes
    assert isinstance(node, Text)
    return "".join(getattr(span, "text", "") for span in node.spans)


def test_channels_that_can_not_be_read_are_named_with_how_long() -> None:
    unread = {"help": NINE - 2 * HOUR, "billing": NINE - HOUR}
    said = words(DigestFacts(rows=(), now=NINE, zone=UTC, unread=unread))
    assert "nobody is reminded of these channels: #help (for 2 h), #billing (for 1 h)" in said
    assert "look into them yourselves" in said


def test_of_many_the_first_are_named() -> None:
    unread = {f"help-{number}": NINE - HOUR for number in range(30)}
    assert "and 22 more" in words(DigestFacts(rows=(), now=NINE, zone=UTC, unread=unread))


def test_without_any_the_digest_stays_silent() -> None:
    assert digest(DigestFacts(rows=(), now=NINE, zone=UTC)) is None
