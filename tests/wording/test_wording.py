"""What people read: who waits, why it comes to them, what happened since; and what must never be said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.arrivals import ArrivalEnd
from bot.domain.notifications import PassedOver, Unavailable
from bot.domain.views import (
    Bold,
    Buttons,
    Fields,
    Heading,
    Link,
    Menu,
    PersonName,
    Quote,
    SmallPrint,
    Span,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import Hold, HoldKind, Reply, ReplyKind, WaitState
from bot.wording import phrases
from bot.wording.answers import FOR_THE_TEAM, OwnFigures, own_stats, team_stats, why
from bot.wording.digest import DigestFacts, Row, WeekFacts, digest, week
from bot.wording.ended import held, outcome_line, settled
from bot.wording.holds import WORDS
from bot.wording.home import own_list
from bot.wording.lists import ListPlace, Whose, controls, out_of_list, page
from bot.wording.reminder import LONGEST_HANDLE, MOST_MERGED, ReminderFacts, reminder, reminders
from tests.wording.samples import (
    NAMES,
    NOW,
    ZONE,
    arrival,
    at,
    came,
    ended,
    facts,
    figures,
    hold,
    must,
    name,
    on_hold,
    perhaps,
    reply,
    rows,
    several,
    views,
    wait,
)

TEAM = ("ana", "ben", "mia")
CUSTOMERS = ("dana", "omar", "lee", "zoe")


def spans_of(view: View) -> Iterator[Span]:
    for node in view.nodes:
        if isinstance(node, Text | SmallPrint):
            yield from node.spans
        elif isinstance(node, Fields):
            for _, spans in node.fields:
                yield from spans


def say(spans: Any) -> str:
    """Spans as a reader sees them."""
    said = []
    for span in spans:
        if isinstance(span, PersonName):
            said.append(("@" if span.ping else "") + name(span.person))
        elif isinstance(span, Timestamp):
            said.append(phrases.say_moment(span.at, ZONE, NOW))
        else:
            said.append(span.label if isinstance(span, Link) else span.text)
    return "".join(said)


def read(view: View) -> str:
    """The paragraphs of a view, a line each."""
    lines = []
    for node in view.nodes:
        if isinstance(node, Heading | Quote):
            lines.append(node.text)
        elif isinstance(node, Text | SmallPrint):
            lines.append(say(node.spans))
        elif isinstance(node, Fields):
            lines += [f"{label} = {say(spans)}" for label, spans in node.fields]
    return "\n".join(lines)


def pinged(view: View) -> set[str]:
    return {span.person for span in spans_of(view) if isinstance(span, PersonName) and span.ping}


def codes(view: View) -> dict[str, str]:
    """Label -> what it sends."""
    found = {}
    for node in view.nodes:
        if isinstance(node, Buttons):
            found.update({button.label: button.code for button in (*node.buttons, *node.more)})
        elif isinstance(node, Menu):
            found.update({f"{node.label}/{label}": f"{node.verb}:{argument}" for label, argument in node.options})
    return found


def test_a_reminder_says_who_waits_since_when_what_they_asked_and_why_you() -> None:
    said = read(reminder(facts())).splitlines()
    assert said[0] == "@Ana, Dana has been waiting 42 min in #help, since 13:23."
    assert said[1:3] == ["Hi there", "our export stops at row 5000 since this morning. Is there a limit that we've run into?"]
    assert said[3:] == ["You know Dana: you helped on 3 May.", "Open the message"]


@pytest.mark.parametrize(
    ("opened", "working", "said"),
    [
        (at(15, 13, 23), 2520.0, "waiting 42 min in"),
        (at(15, 13, 5), 3000.0, "waiting 1 h in"),
        (at(14, 17, 30), 5 * 3600.0, "waiting 20 h 35 min (5 h of working time) in"),
        (at(15, 5), 0.0, "waiting 9 h 5 min (none of it working time) in"),
        (at(15, 14, 5), 0.0, "waiting less than a minute in"),
        (at(15, 14, 6), 0.0, "waiting less than a minute in"),
    ],
)
def test_both_clocks_are_shown_where_they_differ(opened: float, working: float, said: str) -> None:
    assert said in read(reminder(facts(wait=wait(opened), working_seconds=working)))


@pytest.mark.parametrize(
    ("changes", "given", "said"),
    [
        ({"owner_reason": "acquaintance"}, {}, "You know Dana: you helped on 3 May."),
        ({"owner_reason": "acquaintance"}, {"last_exchange": ("ana", at(13, 9))}, "You know Dana: you helped on Monday."),
        ({"owner_reason": "acquaintance"}, {"last_exchange": ("ana", at(14, 9))}, "You know Dana: you helped yesterday."),
        ({"owner_reason": "acquaintance"}, {"last_exchange": ("ben", at(3, 9))}, "You know Dana best."),
        ({"owner_reason": "promised"}, {"promised_at": at(15, 14)}, "You said you'd get back to Dana today."),
        ({"owner_reason": "promised"}, {}, "You said you'd get back to Dana."),
        ({"owner_reason": "promised", "replies": (reply(ReplyKind.HOLDING),)}, {}, "You were looking into it."),
        ({"owner_reason": "named"}, {}, "Dana asked for you."),
        ({"owner_reason": "thread"}, {}, "You were talking with Dana in this thread."),
        ({"owner_reason": "claimed"}, {}, "You took this one earlier."),
        ({"owner_reason": "duty"}, {}, "You're on duty."),
        ({"owner": None, "owner_reason": "team"}, {"duty": ("ana",)}, "Nobody has this one yet. You're on duty."),
        ({"owner": None, "owner_reason": "team"}, {"to": ()}, "Nobody has this one yet. Does anybody have a moment?"),
        ({}, {"to": ("ben",)}, "Ana knows Dana best but may be busy just now. Could you look, or find somebody who can?"),
        ({}, {"to": ("ben",), "duty": ("ben",)}, "Ana knows Dana best but may be busy just now. You're on duty."),
        (
            {},
            {"to": ("ben",), "passed": (PassedOver(member="ana", why=Unavailable.LIST_ONLY),)},
            "Ana knows Dana best but wants only the list. Could you look",
        ),
        ({}, {"to": ("ben",), "passed": (PassedOver(member="ana", why=Unavailable.AWAY),)}, "best but is away. Could you look"),
        ({}, {"to": ("ben",), "passed": (PassedOver(member="mia", why=Unavailable.AWAY),)}, "best but may be busy just now."),
        ({"owner_reason": "promised"}, {"to": ("ben", "mia")}, "meant to get back to Dana but may be busy just now. Could one"),
        ({"owner_reason": "duty"}, {"to": ("ana", "ben")}, "Ana is on duty. Could one of you look?"),
    ],
)  # fmt: skip
def test_the_reason_is_said_in_plain_words(changes: dict[str, Any], given: dict[str, Any], said: str) -> None:
    assert said in read(reminder(facts(wait=wait(**changes), **given)))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replies": (reply(ReplyKind.REDIRECT, "ben"),)}, "So far Dana has only been pointed elsewhere."),
        ({"automatic_replies": 1}, "Dana has had only an automatic reply so far."),
        ({"automatic_replies": 1, "automatic_by": ("Zap",)}, "Dana has had only an automatic reply so far (by Zap)."),
        ({"automatic_replies": 3}, "Dana has had only 3 automatic replies so far."),
        ({"came_back_from": "local:help/1"}, "Dana was here before and has come back."),
    ],
)
def test_what_happened_before_is_context_without_a_culprit(changes: dict[str, Any], said: str) -> None:
    view = reminder(facts(wait=wait(**changes)))
    assert said in read(view)
    assert "Ben" not in read(view)
    assert said not in read(reminder(facts()))


def test_what_was_promised_is_said_to_who_didnt_promise_it() -> None:
    promised = wait(owner_reason="promised", replies=(reply(ReplyKind.PROMISE),))
    assert "An answer was promised for Friday 16:00." in read(reminder(facts(wait=promised, to=("ben",), promised_at=at(17, 16))))
    assert "An answer was" not in read(reminder(facts(wait=promised, promised_at=at(17, 16))))


def test_a_real_reply_in_between_isnt_called_a_redirect_only() -> None:
    both = (reply(ReplyKind.REDIRECT, "ben"), reply(ReplyKind.CLARIFYING))
    assert "elsewhere" not in read(reminder(facts(wait=wait(replies=both))))


def test_without_kept_text_there_is_no_quote_and_the_link_leads_to_it() -> None:
    view = reminder(facts(texts=()))
    assert not any(isinstance(node, Quote) for node in view.nodes)
    assert Link("https://chat.example/help/p171577", "Read the message") in tuple(spans_of(view))
    assert not any(isinstance(node, Quote) for node in reminder(facts(texts=(" \n ",))).nodes)


def test_a_long_question_is_shortened_between_words() -> None:
    quote = next(node for node in reminder(facts(texts=("many words " * 200,))).nodes if isinstance(node, Quote))
    assert len(quote.text) <= phrases.QUOTED
    assert quote.text.endswith(("many…", "words…"))


@given(st.lists(st.text(max_size=400), max_size=5))
def test_shortened_texts_are_never_longer_than_they_may_be(texts: list[str]) -> None:
    assert len(phrases.gist(texts)) <= phrases.QUOTED
    assert len(phrases.snippet(texts)) <= phrases.SNIPPET
    assert "\n" not in phrases.snippet(texts)


def test_when_it_isnt_sure_it_asks() -> None:
    assert read(reminder(facts(uncertain=True))).startswith("@Ana, is Dana waiting for a reply in #help? It has been 42 min.")
    assert read(reminder(facts(uncertain=True, to=()))).startswith("Is Dana waiting")


def test_who_wrote_what_may_be_the_answer_is_asked() -> None:
    asked = facts(wait=wait(possible_answer=perhaps("ben")), to=("ben",), asks_writer=True)
    view = reminder(asked)
    assert read(view).startswith("@Ben, did your message of 13:50 answer Dana? They asked in #help, and it has been 42 min.")
    assert "unsure whether" not in read(view) and view.fallback == "Has Dana been answered in #help?"
    assert codes(view)["Yes, answered"] == "confirm:w17/m2" and codes(view)["Not yet"] == "not_yet:w17/m2"
    long = replace(perhaps(), message="m" * 99)
    assert codes(reminder(replace(asked, wait=wait(possible_answer=long))))["Yes, answered"] == "confirm:w17"
    several = reminders([asked, facts(to=("ben",))])
    assert (
        "did your message of 13:50 answer them?" in read(several)
        and codes(several)["Yes, answered/Dana, w17"] == "confirm:w17/m2"
    )
    with pytest.raises(ValueError, match="no message of theirs"):
        facts(wait=wait(possible_answer=perhaps("ben")), to=("ana",), asks_writer=True)


def test_whoever_else_is_reminded_reads_of_a_wait_and_is_asked_nothing() -> None:
    view = reminder(facts(wait=wait(possible_answer=perhaps("ben"))))
    assert read(view).startswith("@Ana, Dana has been waiting 42 min in #help, since 13:23.")
    assert "Ben wrote 13:50; unsure whether that answers Dana." in read(view)
    assert "?" not in view.fallback and "answered" not in view.fallback
    assert codes(view)["That was the answer"] == "confirm:w17/m2" and "Not yet" not in codes(view)
    doubtful = reminder(facts(wait=wait(possible_answer=perhaps("ben")), uncertain=True))
    assert (
        "?" not in read(doubtful).partition("You know Dana")[0].partition("Is there a limit")[0] and "?" not in doubtful.fallback
    )
    assert "Nor am I sure that it needed a reply." in read(doubtful)
    assert "You wrote 13:50; unsure" in read(reminder(facts(wait=wait(possible_answer=perhaps("ana")))))
    listed = reminders([facts(wait=wait(possible_answer=perhaps("ben"))), facts()])
    assert "(Ben wrote 13:50; unsure whether that answers Dana)" in read(listed)
    digested = waiting_list((replace(rows()[0], wait=wait(possible_answer=perhaps("ben"))),))
    assert "(Ben wrote 13:50; unsure whether that answers Dana)" in read(digested)


def test_the_own_list_asks_who_wrote_it_and_tells_others() -> None:
    row = replace(rows()[0], wait=wait(owner="ana", possible_answer=perhaps("ben")))
    to_ben, to_ana = (own_list((row,), member=member, now=NOW) for member in ("ben", "ana"))
    assert "(You wrote 13:50; unsure whether that answers Dana)" in read(to_ben)
    assert codes(to_ben)["Yes, answered"].startswith("confirm:") and codes(to_ben)["Not yet"].startswith("not_yet:")
    assert "(Ben wrote 13:50; unsure whether that answers Dana)" in read(to_ana) and "Not yet" not in codes(to_ana)


def test_buttons_carry_the_handle_and_fit_with_the_longest_one() -> None:
    assert codes(reminder(facts())) == {
        "I'm on it": "claim:w17", "Answered elsewhere": "answered:w17", "No reply needed": "dismiss:w17", "Not me": "not_me:w17",
        "Why?": "why:w17", "Snooze 2 hours": "snooze:w17 2h", "Snooze…": "form:snooze/w17", "Hand over…": "form:assign/w17",
    }  # fmt: skip
    longest = codes(reminder(facts(handle="w" * LONGEST_HANDLE)))
    assert max(len(code) for code in longest.values()) <= 100


@pytest.mark.parametrize("handle", ["", "w 17", "w17\n", "w" * (LONGEST_HANDLE + 1)])
def test_a_handle_that_cant_be_typed_or_carried_is_refused(handle: str) -> None:
    with pytest.raises(ValueError, match="no handle"):
        facts(handle=handle)


def test_several_waits_are_one_message_longest_first_each_with_its_link() -> None:
    view = reminders(several(3))
    said = read(view)
    assert said.startswith("3 customers are waiting\n@Ana, could you have a look?\n• 2 h 5 min  Lee in #help  w3\n")
    links = [span.url for span in spans_of(view) if isinstance(span, Link)]
    assert links == ["https://chat.example/2", "https://chat.example/1", "https://chat.example/0"]
    assert view.addressed == ("ana",)
    assert codes(view)["I'm on it/Omar, w2"] == "claim:w2"


def test_a_long_merged_list_is_capped_and_says_where_the_rest_is() -> None:
    view = reminders(several(MOST_MERGED + 4))
    assert read(view).count("\n• ") == MOST_MERGED
    assert "and 4 more: waiting all" in read(view)
    assert "more" not in read(reminders(several(MOST_MERGED)))


def test_a_list_for_several_people_calls_each_of_them_once_even_below_the_cap() -> None:
    view = reminders([*several(MOST_MERGED + 1), *several(1, to=("ben",))])
    calls = [span.person for span in spans_of(view) if isinstance(span, PersonName) and span.ping]
    assert sorted(calls) == ["ana", "ben"]
    assert "more, for @Ben: " in read(view)


def test_one_wait_is_an_ordinary_reminder_and_none_is_an_error() -> None:
    assert reminders([facts()]) == reminder(facts())
    with pytest.raises(ValueError, match="at least one"):
        reminders([])


def test_a_merged_reminder_is_brought_up_to_date() -> None:
    over = outcome_line(ended(WaitState.ANSWERED, replies=(reply(ReplyKind.PERSONAL),)))
    assert "• Dana in #help: answered by Ana after 42 min" in read(reminders(several(1), over=[over]))
    view = reminders([], over=[over])
    assert read(view).startswith("Nobody on this list is waiting any more")
    assert (view.addressed, codes(view)) == ((), {})


@pytest.mark.parametrize(
    ("state", "changes", "said"),
    [
        (WaitState.ANSWERED, {"replies": (reply(ReplyKind.PERSONAL),)}, "Answered by Ana after 42 min"),
        (WaitState.ANSWERED, {"replies": (reply(ReplyKind.PERSONAL, when=at(15, 13, 23)),)}, "Answered by Ana within a minute"),
        (
            WaitState.ANSWERED,
            {"replies": (reply(ReplyKind.REDIRECT, "ben"), reply(ReplyKind.PERSONAL, "mia"))},
            "Answered by Mia after 42 min",
        ),
        (WaitState.ANSWERED, {"replies": (reply(ReplyKind.CLARIFYING),)}, "Ana asked Dana back after 42 min"),
        (WaitState.ANSWERED, {"marked_by": "ana"}, "Ana has marked it answered"),
        (WaitState.ANSWERED, {}, "Answered"),
        (WaitState.HELPED, {"replies": (reply(ReplyKind.PERSONAL, "omar"),)}, "Omar helped Dana after 42 min"),
        (WaitState.RESOLVED, {}, "Dana found the answer"),
        (WaitState.RESOLVED, {"by_thread": True}, "Dana's question was marked as solved"),
        (WaitState.WITHDRAWN, {"by_thread": True}, "Dana's question was deleted"),
        (WaitState.WITHDRAWN, {"by_channel": True}, "The channel is gone, or I can't see it any more"),
        (WaitState.WITHDRAWN, {"by_channel": True, "by_thread": True}, "The thread is gone, or I can't see it any more"),
        (WaitState.WITHDRAWN, {}, "Dana took the question back"),
        (WaitState.DISMISSED, {"by": "ben"}, "No reply needed, says Ben"),
        (WaitState.ANSWERED, {"marked_by": "ana", "in_private": True}, "Dealt with in private, says Ana"),
        (WaitState.DISMISSED, {}, "No reply needed"),
    ],
)
def test_a_posted_reminder_says_how_it_ended(state: WaitState, changes: dict[str, Any], said: str) -> None:
    view = settled(ended(state, **changes))
    assert read(view).splitlines()[0] == said
    assert not any(isinstance(node, Quote) for node in view.nodes)
    assert (view.addressed, pinged(view)) == ((), set())


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (HoldKind.CLAIM, "Ana is on it"),
        (HoldKind.HOLDING, "Ana is looking into it"),
        (HoldKind.PROMISE, "Ana promised an answer by Friday 16:00"),
        (HoldKind.REDIRECT, "Pointed elsewhere; quiet until Friday 16:00"),
        (HoldKind.SNOOZE, "Ana put it off until Friday 16:00"),
        (HoldKind.OUTCOME, "Ana will post the outcome by Friday 16:00"),
        (HoldKind.TYPING, "Ana is writing"),
    ],
)
def test_a_posted_reminder_says_who_is_on_it(kind: HoldKind, said: str) -> None:
    view = held(on_hold(kind))
    assert read(view).splitlines()[0] == said
    assert (view.addressed, pinged(view)) == ((), set())


def test_every_kind_of_hold_has_its_words() -> None:
    assert set(WORDS) == set(HoldKind)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (HoldKind.CLAIM, "Somebody is on it"),
        (HoldKind.HOLDING, "Somebody is looking into it"),
        (HoldKind.PROMISE, "An answer is promised by Friday 16:00"),
        (HoldKind.REDIRECT, "Quiet until Friday 16:00"),
        (HoldKind.SNOOZE, "Quiet until Friday 16:00"),
        (HoldKind.OUTCOME, "The outcome is to be posted by Friday 16:00"),
        (HoldKind.TYPING, "Somebody is writing"),
    ],
)
def test_a_notification_says_why_it_is_quiet_without_names(kind: HoldKind, said: str) -> None:
    assert held(on_hold(kind)).fallback == f"{said}, in #help"


def test_only_who_is_on_it_is_asked_whether_they_are() -> None:
    assert [kind for kind in HoldKind if "Not me" in codes(held(on_hold(kind)))] == [HoldKind.CLAIM, HoldKind.OUTCOME]


def test_a_members_own_list_says_when_a_claim_ends_too() -> None:
    def listed(kind: HoldKind) -> str:
        row = Row(wait=wait(hold=hold(kind)), handle="w17", channel_name="help", working_seconds=0.0)
        return read(own_list([row], member="ana", now=NOW))

    lines = {kind: listed(kind) for kind in HoldKind}
    assert "you're on it until Friday 16:00" in lines[HoldKind.CLAIM]
    assert "you put it off until Friday 16:00" in lines[HoldKind.SNOOZE]
    assert "you promised an answer by Friday 16:00" in lines[HoldKind.PROMISE]
    ben_is = Row(wait=wait(hold=replace(hold(HoldKind.CLAIM), by="ben")), handle="w17", channel_name="help", working_seconds=0.0)
    assert "Ben is on it until Friday 16:00" in read(own_list([ben_is], member="ana", now=NOW))


def test_a_wait_is_either_settled_or_held() -> None:
    with pytest.raises(ValueError, match="hasn't ended"):
        settled(on_hold(HoldKind.CLAIM))
    with pytest.raises(ValueError, match="isn't on hold"):
        held(ended(WaitState.ANSWERED))


def test_it_can_be_put_back_on_the_list_unless_the_question_is_gone() -> None:
    assert codes(settled(replace(ended(WaitState.DISMISSED), can_reopen=True)))["Still waiting"] == "reopen:w17"
    assert "Still waiting" not in codes(settled(replace(ended(WaitState.WITHDRAWN), can_reopen=True)))
    assert "Still waiting" not in codes(settled(ended(WaitState.DISMISSED)))


def test_a_digest_lists_waiting_then_promised_then_on_hold() -> None:
    said = read(must(digest(DigestFacts(rows=rows(), now=NOW, zone=ZONE))))
    handles = re.findall(r"w\d$", said, re.MULTILINE)
    assert handles == ["w1", "w0", "w2", "w4", "w3"]
    titles = [said.index(f"\n{title}\n") for title in ("Waiting", "Promised", "On hold")]
    assert titles == sorted(titles)
    assert "For one of these no reminder went out, to keep the day quiet." in said


def test_a_digest_is_silent_when_nothing_is_open() -> None:
    assert digest(DigestFacts(rows=(), now=NOW, zone=ZONE)) is None
    assert week(WeekFacts(figures=figures(waits=0), open_now=0)) is None


def test_a_digest_tells_who_came_in_and_was_greeted_by_nobody() -> None:
    several = (came(arrival("dana")), came(arrival("omar", end=ArrivalEnd.LEFT), *(arrival(f"c{n}") for n in range(7))))
    said = read(must(digest(DigestFacts(rows=rows(), now=NOW, zone=ZONE, greetings=several))))
    assert "Nobody has said hello yet to Dana in #help, since 13:20; 7 people in #help, since 13:20. hello lists them." in said
    assert digest(DigestFacts(rows=(), now=NOW, zone=ZONE, greetings=several)) is None, "it makes no digest by itself"


def test_a_digest_tells_who_waited_in_a_channel_or_a_thread_that_is_gone() -> None:
    said = read(must(digest(DigestFacts(rows=(), now=NOW, zone=ZONE, lost={"help": 2}, lost_threads={"ask": 1}))))
    assert "The channel #help is gone, or I can't see it any more, and 2 customers were waiting there." in said
    assert "A thread in #ask is gone, or I can't see it any more, and 1 customer was waiting there." in said


def test_a_digest_doesnt_open_the_same_way_twice_in_a_week() -> None:
    failing = read(must(digest(DigestFacts(rows=rows(), now=NOW, zone=ZONE, calendar_fails=NOW - 90_000))))
    assert "The team's calendar can't be read since" in failing
    openings = {read(must(digest(DigestFacts(rows=rows(), now=at(day, 9), zone=ZONE)))).splitlines()[0] for day in range(20, 27)}
    assert len(openings) == 7


def test_a_long_digest_is_capped_by_group() -> None:
    many = tuple(replace(rows()[0], wait=wait(at(15, 9) + n), handle=f"w{n}") for n in range(11))
    said = read(must(digest(DigestFacts(rows=many, now=NOW, zone=ZONE))))
    assert said.count("\n• ") == 8
    assert "and 3 more: waiting all" in said


def test_the_team_sees_sums_and_no_member_is_named() -> None:
    for view in (must(week(WeekFacts(figures=figures(), open_now=3, before=figures()))), team_stats(figures(), days=30)):
        assert not any(isinstance(span, PersonName) for span in spans_of(view))
        assert not any(person in read(view) for person in ("ana", "Ana", "ben", "Ben"))
        assert "answered personally = 35 (85%)" in read(view)


def test_a_week_is_compared_only_where_it_says_something() -> None:
    def last_line(before: Any) -> str:
        return read(must(week(WeekFacts(figures=figures(), open_now=0, before=before)))).splitlines()[-1]

    assert last_line(figures(personal=[9000.0] * 9)).startswith("Quicker than the week before")
    assert last_line(figures(personal=[60.0] * 9)).startswith("Slower than the week before")
    for nothing in (None, figures(), figures(personal=[7600.0] * 9), figures(personal=[9000.0] * 3)):
        assert last_line(nothing).startswith("open now")


def waiting_list(listed: Sequence[Row], *, number: int = 1, whose: Whose = "all") -> View:
    return page(listed, place=ListPlace(whose=whose, page=number), reader="ana", now=NOW)


def codes_in(view: View) -> list[str]:
    """What all buttons carry, those that are tucked away too."""
    return [each.code for node in view.nodes if isinstance(node, Buttons) for each in (*node.buttons, *node.more)]


def test_waiting_list_says_so_when_nobody_waits() -> None:
    assert read(waiting_list(())).startswith("Nobody is waiting.")
    assert read(waiting_list(rows()[2:3])).startswith("Nobody is waiting just now\nPromised")


def test_a_waiting_list_is_read_page_by_page() -> None:
    many = [replace(rows()[0], wait=wait(at(15, 9) + n), handle=f"w{n}") for n in range(9)] + list(rows()[2:])
    pages = [waiting_list(many, number=number) for number in (1, 2, 3)]
    first, second, beyond = (read(view) for view in pages)
    assert first.count("\n• ") == 8 and first.startswith("9 customers are waiting, page 1 of 2\nWaiting\n")
    assert "On hold" not in first and re.findall(r"w\d$", second, re.MULTILINE)[0] == "w8" and "On hold" in second
    assert second == beyond, "a page that isn't there any more is the last one"
    assert codes(pages[0])["4 more"] == "waiting:all/2" and codes(pages[1])["Back"] == "waiting:all"
    assert (
        len({code for view in pages[:2] for code in codes_in(view)}) == len([c for view in pages[:2] for c in codes_in(view)]) - 1
    )


def test_a_button_in_a_list_knows_its_page_and_what_it_does() -> None:
    for view in (waiting_list(rows()), waiting_list(rows(), whose="mine")):
        acting = [out_of_list(code) for code in codes_in(view) if not code.startswith("waiting")]
        assert acting and all(place is not None for place, _ in acting)
        assert {code.partition(":")[0] for _, code in acting} >= {"claim", "answered", "dismiss", "form", "why"}
    assert out_of_list("claim:w17") == (None, "claim:w17")
    for broken in ("listed:", "listed:all", "listed:all/x/claim%3Aw1", "listed:theirs/1/claim%3Aw1", "listed:all/1/a/b"):
        assert out_of_list(broken) == (None, broken)
    longest = waiting_list([replace(rows()[0], handle="w" * LONGEST_HANDLE)])
    assert all(len(code) <= 100 for code in codes_in(longest)) and f"claim:{'w' * LONGEST_HANDLE}" in str(
        codes_in(longest)
    ).replace("%3A", ":")


def test_what_one_said_oneself_is_taken_back_in_ones_list() -> None:
    def offered(kind: HoldKind, by: str) -> list[str]:
        row = Row(wait=wait(hold=replace(hold(kind), by=by)), handle="w17", channel_name="help", working_seconds=0.0)
        return [button.label for button in controls(row, "ana").buttons]

    assert offered(HoldKind.SNOOZE, "ana") == ["Done", "Undo"]
    for kind in (HoldKind.CLAIM, HoldKind.PROMISE, HoldKind.HOLDING):
        assert offered(kind, "ana") == ["Done", "Give it back"]
        assert "Give it back" not in offered(kind, "ben")


def test_own_figures_are_own() -> None:
    said = read(own_stats(OwnFigures(days=7, customers=1, replies=1, times=(60.0,), reminders=0)))
    assert said.startswith("You, in the last 7 days\npersonal replies = 1 to 1 customer\n")
    assert "promises" not in said
    assert "nothing to count yet" in read(own_stats(OwnFigures(days=1, customers=0, replies=0)))


def test_why_gives_the_evidence_in_words_and_the_way_out() -> None:
    view = views()["why"]
    said = read(view)
    for line in (
        "I'm quite sure (93%)",
        "• it has a question mark",
        "• they are new here",
        "Ana, who knows them best",
        "Ben pointed",
    ):
        assert line in said
    assert codes(view) == {"Answered elsewhere": "answered:w17", "No reply needed": "dismiss:w17"}


def test_a_reason_that_no_words_are_known_for_is_left_out_and_each_sentence_stands_once() -> None:
    from bot.wording.answers import WhyFacts

    reasons = ("only link", "link", "what an older version went by", "only link")
    given = WhyFacts(
        wait=wait(evidence=reasons, owner=None, owner_reason="team", probability=0.55), handle="w1", now=NOW, zone=ZONE,
        channel_name="#help", working_seconds=0.0,
    )  # fmt: skip
    said = read(why(given))
    assert said.count("• it is a link") == 1 and "an older version" not in said
    assert "I'm not very sure (55%)" in said
    assert "Nobody stands out" in said
    unknown = replace(given, wait=replace(given.wait, evidence=("what an older version went by",)))
    assert "because:" in said and "because" not in read(why(unknown))
    over = replace(given, wait=replace(given.wait, state=WaitState.RESOLVED, ended_at=NOW))
    assert read(why(over)).endswith("Dana found the answer.")
    assert codes(why(over)) == {}


def test_a_stranger_gets_one_fixed_sentence_without_data() -> None:
    view = views()["for_the_team"]
    assert view.nodes == (Text(view.nodes[0].spans),)  # type: ignore[union-attr]
    assert read(view) == FOR_THE_TEAM
    assert not any(person in FOR_THE_TEAM for person in NAMES.values())


BLAME = re.compile(r"\b(fail|forgot|late\b|overdue|ignored|neglect|should have|must|still haven't|blame|fault)", re.IGNORECASE)


@pytest.mark.parametrize("kind", sorted(views()))
def test_nothing_blames_shouts_or_guesses_who_is_he_or_she(kind: str) -> None:
    said = read(views()[kind]) + "\n" + views()[kind].fallback + "\n" + "\n".join(codes(views()[kind]))
    assert not BLAME.search(said)
    assert "!" not in said
    assert not re.search(r"\b(he|she|his|her|him|himself|herself)\b", said, re.IGNORECASE)
    assert not [letter for letter in said if ord(letter) > 0x2122 and letter not in "│•…"]


def some_texts() -> st.SearchStrategy[str]:
    return st.text(max_size=60)


@st.composite
def any_facts(draw: st.DrawFn) -> ReminderFacts:
    members = st.sampled_from(TEAM)
    opened = NOW - draw(st.floats(0, 40 * 86400))
    replies = draw(
        st.lists(st.builds(Reply, message=some_texts(), by=members, at=st.just(NOW), kind=st.sampled_from(ReplyKind)), max_size=3)
    )
    of = wait(
        opened,
        customer=draw(st.sampled_from(CUSTOMERS)),
        owner=draw(members | st.none()),
        owner_reason=draw(st.sampled_from(("claimed", "promised", "named", "thread", "acquaintance", "duty", "team"))),
        replies=tuple(replies),
        automatic_replies=draw(st.integers(0, 4)),
        came_back_from=draw(st.none() | st.just("local:help/1")),
        possible_answer=draw(st.none() | st.builds(perhaps, by=members)),
        hold=draw(
            st.none()
            | st.builds(Hold, kind=st.sampled_from(HoldKind), since=st.just(opened), until=st.just(NOW + 60), by=members)
        ),
    )
    to = tuple(draw(st.lists(members, unique=True, max_size=3)))
    return facts(
        wait=of,
        to=to,
        duty=tuple(draw(st.lists(members, unique=True, max_size=2))),
        texts=tuple(draw(st.lists(some_texts(), max_size=3))),
        channel_name=draw(some_texts()),
        customer_name=draw(st.none() | some_texts()),
        last_exchange=draw(st.none() | st.tuples(members, st.just(opened))),
        promised_at=draw(st.none() | st.just(NOW + 3600)),
        uncertain=draw(st.booleans()),
        asks_writer=of.possible_answer is not None and to == (of.possible_answer.by,),
        working_seconds=draw(st.floats(0, 40 * 86400)),
    )


@pytest.mark.slow
@given(st.lists(any_facts(), min_size=1, max_size=9))
def test_only_the_addressed_are_called_and_never_a_customer(many: list[ReminderFacts]) -> None:
    for view, shown in ((reminder(many[0]), many[:1]), (reminders(many), many)):
        assert pinged(view) == set(view.addressed) == {member for each in shown for member in each.to}
        assert not set(view.addressed) & set(CUSTOMERS)
        assert all(len(code) <= 100 for code in codes(view).values())
    listed = tuple(
        Row(
            wait=each.wait, handle=f"w{n}", channel_name=each.channel_name, working_seconds=each.working_seconds, texts=each.texts
        )
        for n, each in enumerate(many)
    )
    for view in (must(digest(DigestFacts(rows=listed, now=NOW, zone=ZONE))), waiting_list(listed)):
        assert (pinged(view), view.addressed) == (set(), ())


def test_titles_of_groups_stand_out() -> None:
    view = must(digest(DigestFacts(rows=rows(), now=NOW, zone=ZONE)))
    assert [node.spans for node in view.nodes if isinstance(node, Text) and isinstance(node.spans[0], Bold)] == [
        (Bold("Waiting"),), (Bold("Promised"),), (Bold("On hold"),),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("then", "moment", "day"),
    [
        (at(15, 9), "09:00", "today"), (at(14, 9), "yesterday 09:00", "yesterday"), (at(16, 9), "tomorrow 09:00", "tomorrow"),
        (at(13, 9), "Monday 09:00", "on Monday"), (at(21, 9), "Tuesday 09:00", "on Tuesday"),
        (at(22, 9), "22 May 09:00", "on 22 May"),
        (at(9, 9), "Thursday 09:00", "on Thursday"), (at(8, 9), "8 May 09:00", "on 8 May"),
        (at(8, 9) - 365 * 86400, "9 May 2023 09:00", "on 9 May 2023"),
    ],
)  # fmt: skip
def test_moments_are_said_by_the_weekday_only_where_it_is_clear(then: float, moment: str, day: str) -> None:
    assert phrases.say_moment(then, ZONE, NOW) == moment
    assert phrases.say_day(then, ZONE, NOW) == day


def test_text_without_blanks_is_shortened_too() -> None:
    assert phrases.shorten("x" * 11, 10) == "x" * 9 + "…"
    assert phrases.shorten("x" * 10, 10) == "x" * 10


def test_what_is_promised_first_is_listed_first() -> None:
    first, later = (replace(rows()[2], wait=wait(opened, hold=hold(HoldKind.PROMISE, until)), handle=handle)
                    for opened, until, handle in ((at(15, 12), at(15, 15), "w8"), (at(15, 9), at(16, 9), "w9")))  # fmt: skip
    assert re.findall(r"w\d$", read(waiting_list([later, first])), re.MULTILINE) == ["w8", "w9"]
