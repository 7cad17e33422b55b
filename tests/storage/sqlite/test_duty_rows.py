"""Who is on duty when, as earlier versions stored it."""

from __future__ import annotations

from bot.domain.duty import Rotation
from storage.sqlite.choices import duty_plan, packed_duty


def test_turns_of_one_day_are_read_as_they_were_stored_once() -> None:
    plan = duty_plan({"said": None, "turns": [["ana", "ben"], 3, 540, "Europe/Berlin", 7.5]})
    assert plan.rotation == Rotation(members=("ana", "ben"), weekdays=(3,), minute=540, zone="Europe/Berlin", since=7.5)
    assert duty_plan(packed_duty(plan)) == plan
