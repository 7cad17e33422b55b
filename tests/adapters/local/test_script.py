"""The made-up day as data: it fits together, and a script that doesn't is refused."""

from __future__ import annotations

import re

import pytest

from adapters.local import script
from adapters.local.platform import LocalPlatform
from adapters.local.script import Narration, Player, Presses, Reacts, SaysLine, Until
from adapters.local.timeline import Block, Timeline
from bot.domain.durations import Instant
from bot.engine.clock import VirtualClock
from bot.errors import UsageError


def test_time_only_goes_forward() -> None:
    times = [script.instant(beat.at) for beat in script.DAY if not isinstance(beat, Narration)]
    assert times == sorted(times)
    assert script.instant("02 09:00") == script.instant("03 09:00") - 24 * 3600


def test_everybody_in_it_lives_there_and_threads_have_a_beginning() -> None:
    known = {*script.MEMBERS, *script.CUSTOMERS, script.APP}
    spoken: set[str] = set()
    for beat in script.DAY:
        if isinstance(beat, SaysLine | Reacts | Presses):
            assert beat.who in known
        if isinstance(beat, SaysLine):
            assert beat.thread is None or beat.thread in spoken
            spoken.add(beat.who)
        if isinstance(beat, Reacts):
            assert beat.to in spoken
    assert spoken >= {*script.CUSTOMERS, script.APP}
    assert set(script.MEMBERS) == script.TEAM.members


def test_nobody_and_nothing_in_it_is_real() -> None:
    said = " ".join(beat.text for beat in script.DAY if isinstance(beat, SaysLine))
    for address in re.findall(r"\S+@\S+|https?://\S+", said):
        assert ".example" in address


def test_who_is_who_is_said_from_the_rules_that_hold() -> None:
    said = " ".join(script.introduction())
    for words in ("Ana (on duty)", "Mia (lead)", "after 20 min", "after 1 h", "after 3 h", "for 3 h"):
        assert words in said
    assert script.TEAM.duty == ("ana",) and script.TEAM.leads == ("mia",)


async def play(*beats: script.Beat) -> tuple[list[str], list[Instant]]:
    clock = VirtualClock(script.instant("02 09:00"))
    town = LocalPlatform(clock=clock)
    script.people(town)
    passed: list[Instant] = []
    shown: list[str] = []

    async def advance(to: Instant) -> None:
        clock.advance_to(to)
        passed.append(to)

    async def show(blocks: list[Block]) -> None:
        shown.extend(line.plain for block in blocks for line in block)

    timeline = Timeline(town, zone=script.team_hours().zone, width=80)
    await Player(town=town, timeline=timeline, advance=advance, answers=[], show=show).play(beats)
    return [line for line in shown if line and "──" not in line], passed


async def test_beats_are_played_at_their_times_in_order() -> None:
    shown, passed = await play(
        Narration(text="look"),
        SaysLine(at="02 09:05", who="dana", text="Where is it?"),
        Reacts(at="02 09:06", who="ben", emoji="eyes", to="dana"),
        SaysLine(at="02 09:10", who="ben", text="In Husum.", thread="dana"),
        Until(at="02 10:00"),
    )
    assert passed == [script.instant(at) for at in ("02 09:05", "02 09:06", "02 09:10", "02 10:00")]
    assert shown == [
        "  ▸ look",
        "09:05  #help     Dana      Where is it?",
        "09:06  #help     Ben       👀 on Dana's message of 09:05: “Where is it?”",
        "09:10  #help     Ben       ↳ In Husum.",
    ]


async def test_a_script_that_names_what_isnt_there_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no 'zoe'"):
        await play(SaysLine(at="02 09:05", who="zoe", text="hello"))
    with pytest.raises(LookupError, match="no post has a button 'Not there'"):
        await play(Presses(at="02 09:05", who="ana", label="Not there"))
