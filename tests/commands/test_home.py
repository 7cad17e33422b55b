"""The own list and its forms: what is whose, what its buttons do, what nobody else learns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from bot.commands import forms
from bot.commands import home as own_list
from bot.commands.command import Request
from bot.commands.parse import parse_click
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.outgoing import Address, Attempt
from bot.domain.preferences import Choices
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.refusal import Refusal
from bot.domain.tags import person_tag
from bot.domain.views import Button, Buttons, Form, View
from bot.domain.waits import Hold, HoldKind, WaitState
from bot.domain.writes import KeepText, SetReminder
from bot.queries.snapshot import ListedWait
from tests.commands.test_commands import a_wait, answered, ask, here, words
from tests.queries.stored import OFFICE, TEN, transaction
from tests.waits.world import DAY, HOUR, NINE


def held(number: int, kind: HoldKind, by: str, customer: str = "dana", **changes: object) -> ListedWait:
    return a_wait(number, customer, hold=Hold(kind=kind, since=NINE, until=TEN + HOUR, by=by), **changes)


WAITS = (
    a_wait(1, owner="ana"),
    a_wait(2, "omar", owner="ben"),
    held(3, HoldKind.PROMISE, "ana", owner="ana"),
    held(4, HoldKind.PROMISE, "ben", "omar", owner="ben"),
    held(5, HoldKind.SNOOZE, "ana", "dan", owner="ben"),
    held(6, HoldKind.SNOOZE, "ben", "omar", owner="ana"),
)


def home(who: str = "ana", waits: tuple[ListedWait, ...] = WAITS, **more: Any) -> View:
    return own_list.home(here(who, waits, **more))


def buttons(view: View) -> dict[str, Button]:
    return {button.code: button for node in view.nodes if isinstance(node, Buttons) for button in node.buttons}


def test_what_is_whose() -> None:
    shown = words(home())
    parts = shown.partition("You promised an answer")
    quiet = parts[2].partition("Quiet just now")
    assert "1 customer is waiting for you" in shown
    assert "w1" in parts[0] and not {"w2", "w3", "w5"} & set(parts[0].split())
    assert "w3" in quiet[0] and "w4" not in shown and "w2" not in shown
    assert "w5" in quiet[2] and "w6" in quiet[2], "put off by them, and theirs but put off by somebody else"
    assert words(ask("waiting mine", waits=WAITS).view) in shown


def test_every_button_is_understood_and_every_form_opens() -> None:
    for who in ("ana", "mia"):
        busy = home(who, choices=Choices(away={who: ((NINE, TEN + DAY),)}), dm=True)
        for code in buttons(busy):
            if code.startswith("form:"):
                assert isinstance(forms.form(code, here(who, WAITS)), Form), code
            else:
                given = answered(parse_click(code), here(who, WAITS), TEN)
                assert not given.view.refused and "isn't known" not in words(given.view), code
    assert {"dm:off", "back:", "form:hours", "form:away", "form:snooze/w1"} <= set(buttons(home(choices=_away(), dm=True)))
    assert "dm:on" in buttons(home()) and "back:" not in buttons(home())


def _away() -> Choices:
    return Choices(away={"ana": ((TEN + DAY, TEN + 2 * DAY),)})


def test_settings_are_said() -> None:
    shown = words(home(choices=_away()))
    assert "Mon-Fri 09:00-17:00, UTC" in shown and "none" in shown and "from" in shown


def test_however_much_there_is_it_stays_short() -> None:
    many = [a_wait(n, owner="mia") for n in range(1, 40)]
    many += [held(n, HoldKind.PROMISE, "mia", owner="mia") for n in range(40, 60)]
    many += [held(n, HoldKind.CLAIM, "mia", owner="mia") for n in range(60, 99)]
    told = [KeepText(wait=one.wait.id, message=one.wait.messages[0], text="where is it?") for one in many]
    reminders = [SetReminder(wait=one.wait.id, step=0, to="owner", due_at=NINE) for one in many[:9]]
    tx = transaction([one.wait for one in many], [*told, *reminders])
    for due in tx.claim_due(TEN, limit=9, lease=60):
        tx.mark_dead(due, reason=Reason(code=ReasonCode.REFUSED, about=("no",)))
    view = home("mia", tx=tx)
    assert len(view.nodes) <= 80
    assert "and 31 more: w9, w10" in words(view).replace(":  ", ": ")


def test_what_couldnt_be_delivered_is_for_leads() -> None:
    tx = transaction([WAITS[0].wait], [SetReminder(wait=WAITS[0].wait.id, step=0, to="owner", due_at=NINE)])
    (due,) = tx.claim_due(TEN, limit=9, lease=60)
    tx.mark_leaving([(due, Attempt(address=Address("local", "person", "ana"), key="k", at=TEN, to=("ana",)))])
    tx.mark_dead(due, reason=Reason(code=ReasonCode.REFUSED, about=("the channel is gone",)))
    shown = words(home("mia", tx=tx))
    assert " w1 " in shown and "the channel is gone. It may have arrived all the same." in shown
    assert "the channel is gone" not in words(home("ana", tx=tx))


# Forms


def test_a_form_asks_what_the_command_takes() -> None:
    asks = forms.form("form:hours", here())
    assert asks is not None and asks.inputs[0].value == "Mon-Fri 09:00-17:00, UTC"
    again = forms.filled("hours:", {"text": asks.inputs[0].value})
    given = answered(again, here(), TEN)  # what stands there is understood as it stands
    assert given.choices[0].hours.week == OFFICE.week  # type: ignore[union-attr]
    mixed = Hours(zone=UTC, week=(*OFFICE.week[:4], weekly(range(5), [WorkingSpan(opens=540, closes=780)])[4], (), ()))
    shown = forms.form("form:hours", here(hours=mixed)).inputs[0].value  # type: ignore[union-attr]
    given = answered(forms.filled("hours:", {"text": shown}), here(), TEN)
    assert given.choices[0].hours.week == mixed.week, "days that differ can be said in one line"  # type: ignore[union-attr]
    snooze = forms.form("form:snooze/w1", here(waits=WAITS))
    assert snooze is not None and (snooze.verb, snooze.argument) == ("snooze", "w1")
    for made in (asks, snooze, forms.form("form:away", here())):
        assert made is not None and len(made.title) <= 24 and all(len(field.label) <= 45 for field in made.inputs)


OVER = replace(WAITS[0], wait=replace(WAITS[0].wait, state=WaitState.ANSWERED, ended_at=TEN))


NO_FORM = ["form:", "form:snooze", "form:snooze/", "form:snooze/w99", "form:snooze/w1", "form:dismiss/w2", "x"]


@pytest.mark.parametrize("code", NO_FORM)
def test_what_opens_nothing(code: str) -> None:
    assert forms.form(code, here(waits=(OVER, *WAITS[1:]))) is None


@pytest.mark.parametrize(
    ("code", "text", "request_"),
    [
        ("hours:", "9-17 mon-thu", Request(verb="hours", given={"hours": "9-17 mon-thu"})),
        ("away:", "until monday", Request(verb="away", given={"when": "until monday"})),
        ("away:", "tomorrow until 1 December", Request(verb="away", given={"when": "tomorrow until 1 December"})),
        ("snooze:w17", " tomorrow 9am ", Request(verb="snooze", given={"wait": "w17", "when": "tomorrow 9am"})),
        ("snooze:17", "2h", Request(verb="snooze", given={"wait": "w17", "when": "2h"})),
    ],
)
def test_a_form_comes_back_as_what_the_command_takes(code: str, text: str, request_: Request) -> None:
    assert forms.filled(code, {"text": text}) == request_


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        ("hours:", "", "Which hours?"),
        ("away:", "  ", "Until when?"),
        ("snooze:w17", "", "Until when?"),
        ("away:", "@ben until friday", "for yourself alone"),
        ("away:", f"{person_tag('ben')} until friday", "for yourself alone"),
        ("snooze:w17", "x " * 17, "more than snooze understands"),
        ("snooze:dana", "2h", "isn't known"),
        ("snooze:", "2h", "isn't known"),
        ("away:x", "2h", "isn't known"),
        ("unwatch:", "#help", "isn't known"),
        ("", "2h", "isn't known"),
        ("hours:", "9-17 " * 90, "longer than a command"),
    ],
)
def test_a_form_that_cant_be_read_is_refused(code: str, text: str, says: str) -> None:
    refused = forms.filled(code, {"text": text})
    assert isinstance(refused, Refusal) and says in refused.says and refused.tries


def test_what_a_form_gives_is_read_as_one_param_each() -> None:
    """What stands in one input never spills into another: a line would read "dana 2h" as a customer and a time."""
    taken = answered(forms.filled("snooze:w1", {"text": "2h"}), here(waits=WAITS), TEN)
    assert [(event.verb, event.until) for event in taken.events] == [("snooze", TEN + 2 * HOUR)]
    spilled = answered(Request(verb="snooze", given={"wait": "w1 2h", "when": "2h"}), here(waits=WAITS), TEN)
    assert not spilled.events and "takes only a wait; what is “2h”?" in spilled.view.fallback
    away = answered(forms.filled("away:", {"text": "friday"}), here(), TEN)
    assert [type(choice).__name__ for choice in away.choices] == ["SetAway"]


def test_a_hold_that_ran_out_waits_again() -> None:
    past = held(1, HoldKind.PROMISE, "ana", owner="ana")
    assert "You promised" in words(home("ana", (past,)))
    shown = words(home("ana", (past,), now=TEN + 2 * HOUR))
    assert "1 customer is waiting for you" in shown and "promised" not in shown
