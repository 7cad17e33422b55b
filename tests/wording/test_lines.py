"""The line by which a later rung notifies: short, who is asked, and why."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.domain.outgoing import SentReminder
from bot.domain.views import Buttons, PersonName, SmallPrint, Text, Timestamp, View
from bot.domain.waits import HoldKind, Insistence, WaitState
from bot.wording import ended, lines, reminder
from bot.wording.lines import AskedFacts
from bot.wording.reminder import ReminderFacts
from tests.wording.samples import at, facts, hold, on_hold, perhaps, wait
from tests.wording.samples import ended as over


def sent(*to: str, when: float = at(15, 13, 53), step: int = 0) -> SentReminder:
    return SentReminder(wait=wait().id, step=step, at=when, to=to)


def words(view: View) -> list[str]:
    """A view's paragraphs, people by id, those who are notified with an @."""

    def said(span: object) -> str:
        match span:
            case PersonName(person=person, ping=ping):
                return f"@{person}" if ping else person
            case Timestamp():
                return "<time>"
            case _:
                return str(getattr(span, "text", ""))

    return ["".join(said(span) for span in node.spans) for node in view.nodes if isinstance(node, Text)]


def line(**changes: Any) -> str:
    (said,) = words(lines.line([facts(**{"earlier": (sent("ana"),), "to": ("ben",), **changes})]))
    return said


def test_a_line_says_who_is_asked_now_about_whom_and_why() -> None:
    waited = reminder.span_of(facts().waited)
    assert line() == f"@ben: dana still waits in #help, {waited}; ana was asked first."
    assert line(earlier=(sent("ana", "mia"),)).endswith("; ana and mia were asked first.")
    assert "; you were asked <time>. " in line(to=("ana",))
    both = (sent("ben"), sent("ana", when=at(15, 14, 53)))
    assert "; you were asked <time>" in line(earlier=both) and "first" not in line(earlier=both), "Ben was first himself"
    assert line(earlier=both, to=("mia",)).endswith("; ben was asked first.")
    assert line(earlier=(sent("ben", "mia"), sent("ana"))).endswith("; ana was asked before, too.")
    assert line(earlier=(sent(),)).endswith("; the team was asked before.")
    unowned = wait(owner=None, owner_reason="team")
    assert line(wait=unowned, duty=("ben",)).endswith("; ana was asked first. You're on duty.")
    assert line(to=(), lead="mia").startswith("dana still waits") and "mia may know" in line(to=(), lead="mia")


def test_a_line_notifies_whom_it_asks_and_nobody_else_and_its_gist_has_no_ids() -> None:
    view = lines.line([facts(to=("ben",), earlier=(sent("ana"),))])
    assert view.addressed == ("ben",) and view.fallback.startswith("Dana still waits in #help, ")
    with pytest.raises(ValueError, match="at least one wait"):
        lines.line([])


@pytest.mark.parametrize("number", [2, reminder.MOST_MERGED, reminder.MOST_MERGED + 1])
def test_a_line_about_more_than_it_names_leads_to_the_lists(number: int) -> None:
    many = [facts(to=("ben",), earlier=(sent("ana"),), handle=f"w{place}") for place in range(number)]
    merged = lines.with_lines(reminder.reminder(facts(to=("ben",))), many)
    for view in (lines.line(many), merged):
        codes = [button.code for node in view.nodes if isinstance(node, Buttons) for button in node.buttons]
        assert ({"waiting:mine", "waiting:all"} <= set(codes)) is (number > reminder.MOST_MERGED)


@pytest.mark.parametrize(
    ("kind", "mine", "others"),
    [
        (HoldKind.CLAIM, "you were on it", "ben was on it"),
        (HoldKind.HOLDING, "you were looking into it", "ben was looking into it"),
        (HoldKind.SNOOZE, "you had put it off", "ben had put it off"),
    ],
)
def test_who_held_it_reads_that_the_customer_has_asked_again(kind: HoldKind, mine: str, others: str) -> None:
    insisted = wait(insisted=Insistence(kind=kind, by="ben", at=at(15, 14)))
    assert line(wait=insisted) == f"@ben: dana has asked again; {mine}."
    assert line(wait=insisted, to=("mia",)) == f"@mia: dana has asked again; {others}."
    told = (sent("ana"), sent("ben", when=at(15, 14, 1)))
    assert line(wait=insisted, to=("mia",), earlier=told).startswith("@mia: dana still waits"), "the next rung is one as any"


def test_who_wrote_what_may_be_the_answer_is_asked_with_the_buttons_for_that() -> None:
    view = lines.line([facts(wait=wait(possible_answer=perhaps("ben")), to=("ben",), asks_writer=True, earlier=(sent("ana"),))])
    assert words(view) == ["@ben: did your message of <time> answer dana?"]
    assert [button.label for node in view.nodes if isinstance(node, Buttons) for button in node.buttons] == [
        "Yes, answered",
        "Not yet",
    ]
    others = lines.line([facts(wait=wait(possible_answer=perhaps("ben")), to=("mia",), earlier=(sent("ben"),))])
    assert "ben wrote <time>; unsure whether that answers dana." in words(others)[0]


def two() -> list[ReminderFacts]:
    later = wait(at(15, 13, 30), customer="omar")
    return [facts(wait=later, handle="w18", to=("ben",)), facts(to=("ben",), earlier=(sent("ana"),))]


def test_several_waits_are_one_line_the_longest_first() -> None:
    said = words(lines.line(two()))
    assert said[0] == "@ben: 2 customers still wait."
    assert "dana still waits" in said[1] and said[1].endswith("w17") and "omar still waits" in said[2] and "@" not in said[1]
    apart = [two()[0], facts(to=("mia",), earlier=(sent("ana"),))]
    said = words(lines.line(apart))
    assert said[0].startswith("@mia and @ben: ") and ", for @mia" in said[1] and ", for @ben" in said[2]


def test_a_new_post_tells_of_the_others_in_lines_above_its_buttons() -> None:
    first, second = two()
    view = lines.with_lines(reminder.reminder(first), [second])
    said = words(view)
    place = said.index("Still waiting, too:")
    assert "dana still waits" in said[place + 1] and view.addressed == ("ben",)
    kinds = [type(node).__name__ for node in view.nodes]
    assert kinds.index("Buttons") > max(place for place, kind in enumerate(kinds) if kind == "Text")


def asked(*to: str, customer: str = "dana", handle: str = "w17") -> AskedFacts:
    return AskedFacts(customer=customer, handle=handle, channel_name="help", to=to, at=at(15, 14))


def test_a_line_that_isnt_so_any_more_says_who_was_asked_and_stays_true_whatever_comes() -> None:
    view = lines.line_asked([asked("ben")])
    assert words(view) == ["ben was asked about dana in #help, <time>."] and view.addressed == ()
    assert words(lines.line_asked([asked("ben", "mia")])) == ["ben and mia were asked about dana in #help, <time>."]
    several = lines.line_asked([asked(), asked("ben", customer="omar", handle="w18")])
    assert words(several) == [
        "• The team was asked about dana in #help, <time>  w17",
        "• ben was asked about omar in #help, <time>  w18",
    ]
    assert "and 2 more" in words(lines.line_asked([asked(handle=f"w{number}") for number in range(8)]))
    with pytest.raises(ValueError, match="at least one wait"):
        lines.line_asked([])


def test_a_post_that_had_lines_tells_who_was_asked_there_by_the_handle() -> None:
    view = lines.with_asked(ended.settled(over(WaitState.RESOLVED)), [asked("ben", customer="omar", handle="w18")])
    said = words(View(nodes=tuple(Text(node.spans) for node in view.nodes if isinstance(node, SmallPrint)), fallback="x"))
    assert said[-1] == "• ben was asked about omar in #help, <time>  w18"
    assert isinstance(view.nodes[-1], Buttons)


INSISTED = Insistence(kind=HoldKind.CLAIM, by="ben", at=at(15, 14))
PERHAPS = wait(possible_answer=perhaps("ben"))


@pytest.mark.parametrize(
    "ours",
    [
        facts(to=("ben",), earlier=(sent("ben"),)),
        facts(to=("ben",), wait=wait(insisted=INSISTED), earlier=(sent("ana"),)),
        facts(to=("ben",), wait=PERHAPS, asks_writer=True, earlier=(sent("ana"),)),
        facts(to=("ben",), wait=PERHAPS, earlier=(sent("ana"),)),
        facts(to=("ben",), wait=wait(owner="ben", hold=hold(HoldKind.PROMISE, at(15, 20))), promise_due=at(15, 20)),
    ],
)
def test_you_is_said_only_where_all_who_are_called_are_meant(ours: ReminderFacts) -> None:
    theirs = facts(to=("mia",), wait=wait(at(15, 13, 30), customer="omar"), handle="w18")
    for view in (
        lines.line([ours, theirs]),
        lines.with_lines(reminder.reminder(theirs), [ours]),
        reminder.reminders([ours, theirs]),
    ):
        assert not any(re.search(r"\byou\b|\byour\b", one, re.IGNORECASE) for one in words(view) if "dana" in one), words(view)
        assert any("ben" in one for one in words(view) if "dana" in one)


def test_a_post_tells_whom_the_rungs_before_went_to_and_what_was_written_since() -> None:
    earlier = (sent("ana"), sent("ana", when=at(15, 14)), sent("ben", "mia", when=at(15, 15)), sent(when=at(15, 16)))
    (spans,) = [line for line in reminder.so_far(facts(earlier=earlier, to=("ben",))) if len(line) > 8]
    said = words(View(nodes=(Text(spans),), fallback="x"))
    assert said == ["ana was asked <time> and again <time>, then ben and mia <time>, then the team <time>."]
    nodes = reminder.reminder(facts(texts=("first", "second", "any news?"), more=2)).nodes
    assert [getattr(node, "text", "") for node in nodes if type(node).__name__ == "Quote"] == ["first", "any news?"]
    assert "2 more messages since" in repr(nodes)


def test_a_direct_message_says_who_is_asked_where_by_now() -> None:
    view = ended.moved(on_hold(HoldKind.CLAIM), ("ben",), "in #support-team")
    assert words(view) == ["Now with ben in #support-team."] and view.addressed == ()
    assert words(ended.moved(on_hold(HoldKind.CLAIM), (), "in #support-team")) == ["Now with the team in #support-team."]
