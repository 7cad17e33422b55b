"""How long replies took, in a line."""

from __future__ import annotations

from bot.domain.views import Plain
from bot.wording.digest import times


def said(values: list[float]) -> str:
    """The line's words."""
    return "".join(span.text for _, spans in times("time to reply", values) for span in spans if isinstance(span, Plain))


def test_one_reply_is_no_half_of_any() -> None:
    assert said([]) == ""
    assert said([60.0]) == "1 min, of one"
    assert said([600.0, 60.0]) == "1 min to 10 min, of 2"
    assert said([60.0, 120.0, 300.0, 480.0, 600.0]) == "half within 5 min, nine in ten within 10 min"
