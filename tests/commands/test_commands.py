"""Commands: how lines and buttons are read, who may use what, what comes of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.answer import answer
from bot.commands.command import Request
from bot.commands.context import CommandContext
from bot.commands.parse import LONGEST_LINE, parse, parse_click
from bot.commands.responses import Act, Response
from bot.commands.table import COMMANDS
from bot.domain.events import Acted
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.preferences import Choices, ChoiceWrite, EndAway, OwnHours, SetAway, SetDm, SetHours, SetWatch
from bot.domain.refusal import Permission, Refusal
from bot.domain.rules import ChannelRules, Watch
from bot.domain.tags import channel_tag, person_tag
from bot.domain.trace import SILENT
from bot.domain.views import Bold, Buttons, Code, CommandText, Fields, Heading, PersonName, Plain, Quote, SmallPrint, Text, View
from bot.domain.waits import Hold, HoldKind, Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import KeepText, SaveExchange, SetReminder
from bot.ports import Transaction
from bot.queries.snapshot import ListedWait
from bot.waits.channel_state import ChannelState
from bot.waits.verbs import registry
from bot.wording.answers import for_the_team
from bot.wording.phrases import say_hours
from tests.queries.stored import HELP, NAMES, SALES, TEAM, TEN, lookups, snapshot, transaction
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE


def a_wait(number: int, customer: str = "dana", channel: str = HELP, **changes: object) -> ListedWait:
    at = NINE + number * MINUTE
    values = {
        "channel": channel,
        "customer": customer,
        "thread": None,
        "messages": (f"{at}",),
        "opened_at": at,
        "last_message_at": at,
    }
    return ListedWait(handle=f"w{number}", wait=Wait(id=f"{channel}/{at}", **{**values, **changes}))  # type: ignore[arg-type]


WAITS = (a_wait(1), a_wait(2, "omar"), a_wait(3, "dan", SALES))


@cache
def stored(waits: tuple[ListedWait, ...]) -> Transaction:
    return transaction([listed.wait for listed in waits])


def here(
    who: str = "ana",
    waits: tuple[ListedWait, ...] = WAITS,
    *,
    now: float = TEN,
    is_a: Permission | None = None,
    tx: Transaction | None = None,
    **known: Any,
) -> CommandContext:
    """Who asks, with these waits in storage (or whatever `tx` holds)."""
    permission: Permission = "lead" if who in TEAM.leads else ("member" if who in TEAM.members else "anyone")
    return CommandContext(
        who=who, is_a=is_a or permission, snapshot=snapshot(tx if tx is not None else stored(waits), now, lookups(**known))
    )


@dataclass(frozen=True)
class Given:
    """What was shown, and what was stored: the events that changed something, and the choices."""

    view: View
    events: tuple[Acted, ...] = ()
    choices: tuple[ChoiceWrite, ...] = ()


def ask(text: str, who: str = "ana", waits: tuple[ListedWait, ...] = WAITS, now: float = TEN, **more: Any) -> Given:
    return answered(parse(text), here(who, waits, now=now, **more), now, waits=waits)


def answered(request: Request | Refusal, ctx: CommandContext, now: float, waits: tuple[ListedWait, ...] = ()) -> Given:
    """What comes of a request, decided on the waits as they stand. `waits` adds those that are over to the open ones."""
    given_ = answer(request, ctx, now)
    if isinstance(given_, Response):
        return Given(given_.view, given_.events, given_.choices)
    return performed(given_, {*(listed.wait for listed in ctx.waits), *(listed.wait for listed in waits)})


def performed(act: Act, stored: Iterable[Wait]) -> Given:
    """What comes of a verb, decided on waits as they are stored by then."""
    state = ChannelState(key=act.event.channel, rules=ChannelRules(steps=LADDER), team=TEAM)
    state.load([wait for wait in stored if wait.channel == state.key], ())
    writes, outcome = registry.decide(state, act.event, SILENT)
    view = registry.respond(registry.VERBS[act.event.verb], outcome, act.speech)
    return Given(view, (act.event,) if writes else ())


def notes(view: View) -> list[object]:
    """The spans of what is in small print."""
    return [span for node in view.nodes if isinstance(node, SmallPrint) for span in node.spans]


def words(view: View) -> str:
    """All that is shown, as text."""
    found: list[str] = [view.fallback]
    for node in view.nodes:
        if isinstance(node, Heading | Quote):
            found.append(node.text)
        elif isinstance(node, Buttons):
            found += [f"[{button.label} {button.code}]" for button in node.buttons]
        for spans in (
            [node.spans]
            if isinstance(node, Text | SmallPrint)
            else ([s for _, s in node.fields] if isinstance(node, Fields) else [])
        ):
            for span in spans:
                found.append(
                    span.text
                    if isinstance(span, Plain | Code | Bold | CommandText)
                    else (NAMES[span.person][0] if isinstance(span, PersonName) else "")
                )
    return " ".join(found)


# Reading lines and buttons


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("claim w17", Request(verb="claim", words=("w17",))),
        ("  CLAIM\tw17 \n", Request(verb="claim", words=("w17",))),
        ("/realreply snooze dana tomorrow 9am", Request(verb="snooze", words=("dana", "tomorrow", "9am"))),
        ("not-me w1", Request(verb="not-me", words=("w1",))),
        ("not me w1", Request(verb="not-me", words=("w1",))),
        ("not_me w1", Request(verb="not-me", words=("w1",))),
        ("waiting Mine", Request(verb="waiting", words=("Mine",))),
        ("", Request(verb="waiting")),
        ("waiting 2", Request(verb="waiting", words=("2",))),
        ("hours 9-17 Europe/Berlin", Request(verb="hours", words=("9-17", "Europe/Berlin"))),
        (": waiting", Request(verb="waiting")),
        (", waiting mine", Request(verb="waiting", words=("mine",))),
        ("Home", Request(verb="waiting", words=("mine",))),
        ("@realreply: waiting", Request(verb="waiting")),
        ("`waiting`", Request(verb="waiting")),
        ("*waiting* mine", Request(verb="waiting", words=("mine",))),
        ("\u201cclaim w1\u201d", Request(verb="claim", words=("w1",))),
        ("Waiting.", Request(verb="waiting")),
        ("why w1?", Request(verb="why", words=("w1",))),
        ("claim w1.", Request(verb="claim", words=("w1",))),
        ("?", Request(verb="help")),
        ("snooze w1 31.3.", Request(verb="snooze", words=("w1", "31.3."))),
        ("snooze w1 2h it's late", Request(verb="snooze", words=("w1", "2h", "it's", "late"))),
    ],
)
def test_lines(line: str, request_: Request) -> None:
    assert parse(line) == request_


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("clam w17", "Did you mean claim?"),
        ("snoze w17 2h", "Did you mean snooze?"),
        ("xyzzy", "There is no command “xyzzy”"),
        ("nope", "There is no command “nope”."),
        (f"claim {person_tag('mia')}", "Nobody called “@Mia” is waiting"),
        (f"budget many {person_tag('dana')}", "not “many @Dana Reyes”"),
        ("claim", "which wait"),
        ("watch", "Which channel"),
        ("who", "which customer"),
        ("waiting yours", "mine or all, not “yours”"),
        ("dm maybe", "on, off or unset"),
        ("digest later", "digest takes now, not “later”"),
        ("back a b c d e f g h i", "more than back understands"),
        ("a" * 400, "longer than a command"),
    ],
)
def test_slips_are_answered_with_what_to_write(line: str, says: str) -> None:
    refused = ask(line, "mia").view
    assert refused.refused and says in refused.fallback
    assert any(isinstance(span, CommandText) for span in notes(refused))


def test_who_is_mentioned_and_isnt_on_the_team_is_named() -> None:
    for line, name in ((f"budget {person_tag('dana')} 2", "Dana Reyes"), (f"assign w1 {person_tag('omar')}", "Omar")):
        said = ask(line, "mia").view
        assert said.refused and f"{name} isn't on the team. The team: Ana" in said.fallback


@pytest.mark.parametrize(
    ("code", "request_"),
    [
        ("claim:w17", Request(verb="claim", words=("w17",))),
        ("snooze:w17/2h", Request(verb="snooze", words=("w17", "2h"))),
        ("snooze:w17 tomorrow morning", Request(verb="snooze", words=("w17", "tomorrow", "morning"))),
        ("not_me:w17", Request(verb="not-me", words=("w17",))),
        ("why:w17", Request(verb="why", words=("w17",))),
        ("waiting:", Request(verb="waiting")),
    ],
)
def test_buttons(code: str, request_: Request) -> None:
    assert parse_click(code) == request_


@pytest.mark.parametrize("code", ["", "claim", "claim:", "drop:tables", "help:", "watch:help", "claim:" + "w" * 100])
def test_a_button_nobody_made_is_refused(code: str) -> None:
    assert isinstance(parse_click(code), Refusal)


def test_every_example_and_usage_in_the_table_is_understood() -> None:
    for command in COMMANDS.values():
        assert command.usage.split()[0] == command.name
        for example in command.examples:
            request = parse(example)
            assert isinstance(request, Request) and request.verb == command.name, example


def test_usage_follows_from_what_a_command_takes() -> None:
    usages = {command.usage for command in COMMANDS.values()}
    assert usages >= {
        "waiting [mine|all] [PAGE]", "claim WAIT", "snooze WAIT WHEN [WHY]", "confirm WAIT", "who CUSTOMER|WAIT",
        "away [@member] WHEN", "back [@member]", "dm on|off|unset", "hours [TIMES] [DAYS] [ZONE] | unset",
        "stats [CHANNEL] [day|week|month]",
        "watch CHANNEL mentions|questions|everything|unset", "unwatch CHANNEL", "preview", "digest now", "help [COMMAND]",
        "budget [@member] NUMBER|unset", "mute [@member] WHEN", "unmute [@member]", "only [@member] mine|all|unset",
        "want [@member] KIND on|off | unset", "pause CHANNEL|all WHEN", "resume [CHANNEL|all]",
    }  # fmt: skip


# Roles


@pytest.mark.parametrize("verb", COMMANDS)
@pytest.mark.parametrize("who", ["dana", "ana", "mia"])
def test_every_command_behaves_by_its_role(verb: str, who: str) -> None:
    command = COMMANDS[verb]
    for line in (command.name, *command.examples, f"{verb} w1", f"{verb} " + "x " * 9):
        given_ = ask(line, who)
        if who == "dana":
            assert given_ == Given(view=for_the_team()), "a customer hears the one sentence, whatever they ask"
        elif who == "ana" and command.role == "lead" and isinstance(parse(line), Request):
            assert "for leads. Please ask Mia." in words(given_.view)
            assert not given_.events and not given_.choices
        else:
            assert "for leads" not in words(given_.view)


def test_a_customer_sees_no_data_even_by_mistakes() -> None:
    for line in ("why w1", "who dana", "claim w99", "nonsense", ""):
        assert words(ask(line, "omar").view) == words(for_the_team())


def test_help_lists_what_one_may_do() -> None:
    assert "unwatch" not in words(ask("help").view)
    assert "unwatch CHANNEL" in words(ask("help", "mia").view)
    assert "snooze dana tomorrow 9am" in words(ask("help snooze").view)
    assert "Did you mean snooze?" in words(ask("help snoze").view)


# Which wait


@pytest.mark.parametrize("said", ["w2", "W2", "#w2", "2", "omar", "Omar", "@Omar", person_tag("omar")])
def test_a_wait_is_named_by_handle_or_customer(said: str) -> None:
    (event,) = ask(f"claim {said}").events
    assert (event.verb, event.by, event.wait, event.channel) == ("claim", "ana", WAITS[1].wait.id, HELP)


def test_a_whole_name_wins_over_the_beginning_of_another() -> None:
    assert ask("claim dana").events[0].wait == WAITS[0].wait.id
    assert ask("claim dan").events[0].wait == WAITS[2].wait.id
    assert ask("claim dana reyes").events[0].wait == WAITS[0].wait.id


def test_who_is_called_just_that_is_meant() -> None:
    names = {"p1": ("Dana Reyes",), "p2": ("Dana",), "p3": ("Danauta",)}
    waits = (a_wait(1, "p1"), a_wait(2, "p2"), a_wait(3, "p3"))
    assert ask("claim dana", waits=waits, names_of=lambda p: names.get(p, ())).events[0].wait == waits[1].wait.id
    assert ask("claim reyes", waits=waits, names_of=lambda p: names.get(p, ())).events[0].wait == waits[0].wait.id
    assert ask("claim danau", waits=waits, names_of=lambda p: names.get(p, ())).events[0].wait == waits[2].wait.id


def test_several_waits_of_one_customer_are_listed() -> None:
    given_ = ask("claim dana", waits=(*WAITS, a_wait(4, "dana", SALES)))
    assert not given_.events
    assert "could be w1 (Dana Reyes in #help) or w4 (Dana Reyes in #sales)" in given_.view.fallback


def test_an_unknown_wait_names_those_there_are() -> None:
    assert "no wait “w99”. Waiting now: w1 (Dana Reyes in #help)" in ask("claim w99").view.fallback
    assert "Did you mean Omar?" in ask("claim ommar").view.fallback
    assert "Nobody is waiting just now" in ask("claim w99", waits=()).view.fallback


# Acting on waits


def test_claiming() -> None:
    given_ = ask("claim w1")
    assert "Dana Reyes in #help. Nobody is reminded of it before 12:00" in given_.view.fallback
    assert "[Undo unclaim:w1/" in words(given_.view)


def held(by: str, kind: HoldKind = HoldKind.CLAIM, until: float = TEN + HOUR) -> tuple[ListedWait, ...]:
    return (a_wait(1, owner=by, hold=Hold(kind=kind, since=NINE + 30 * MINUTE, until=until, by=by)),)


def test_claiming_twice_changes_nothing() -> None:
    given_ = ask("claim w1", waits=held("ana"))
    assert not given_.events
    assert "on it already. It stays quiet until 11:00" in given_.view.fallback


def test_somebody_elses_claim_is_taken_over_only_on_purpose() -> None:
    given_ = ask("claim w1", waits=held("ben"))
    assert not given_.events
    assert "Ben has been on w1 since 09:30" in words(given_.view)
    assert "claim:w1/anyway" in words(given_.view)
    taken = answered(parse_click("claim:w1/anyway"), here(waits=held("ben")), TEN)
    assert taken.events[0].by == "ana"
    assert ask("claim w1", waits=held("ben", until=TEN - 1)).events, "an expired claim isn't in the way"


def test_snoozing() -> None:
    (event,) = ask("snooze w1 2h").events
    assert (event.verb, event.until) == ("snooze", TEN + 2 * HOUR)
    assert ask("snooze dana friday").events[0].until == NINE + 4 * DAY
    assert "comes up again 12:00" in ask("snooze w1 2h").view.fallback
    for line in ("snooze w1 after lunch", "snooze w1 tomorrow from work", "snooze w1 nach der mittagspause"):
        assert ask(line).events, line
    assert not ask("snooze w1 2h", waits=held("ben", HoldKind.SNOOZE, TEN + 2 * HOUR)).events
    assert ask("snooze w1 2h", waits=held("ana", HoldKind.SNOOZE, TEN + 2 * HOUR)).events, "it takes a reason back"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("snooze w1", "Until when?"),
        ("snooze w1 someday", "don't understand “someday”"),
        ("snooze w1 60 days", "31 days at most"),
        ("snooze w1 from friday", "That begins later"),
        ("snooze w1 ab freitag", "That begins later"),
        ("dismiss w1 tomorrow", "dismiss takes only a wait; what is “tomorrow”?"),
        ("answered w1 yes", "answered takes only a wait"),
    ],
)
def test_what_doesnt_fit_does_nothing(line: str, says: str) -> None:
    given_ = ask(line)
    assert not given_.events
    assert says in given_.view.fallback


@pytest.mark.parametrize(
    ("line", "tried"),
    [
        ("snooze w1 someday", "snooze w1 2h"),
        ("snooze Dana someday", "snooze w1 2h"),
        ("snooze dana from friday waiting for the release", "snooze w1 until friday"),
        ("away someday", "away 2h"),
        ("away friday until someday", "away 2h"),
        ("away @ben someday", "away @ben 2h"),
    ],
)
def test_a_time_that_isnt_understood_is_answered_with_commands_that_work(line: str, tried: str) -> None:
    refused = ask(line, "mia")
    assert not refused.events and not refused.choices
    assert CommandText(tried) in notes(refused.view)
    again = ask(tried, "mia")
    assert again.events or again.choices


def test_of_several_waits_each_is_offered_as_a_command() -> None:
    refused = ask("snooze dana 2h", waits=(*WAITS, a_wait(4, channel=SALES)))
    assert {CommandText("snooze w1"), CommandText("snooze w4")} <= set(notes(refused.view))


@pytest.mark.parametrize(("line", "verb"), [("answered w1", "answered"), ("dismiss w1", "dismiss"), ("not-me w1", "not_me")])
def test_ending_and_passing_on(line: str, verb: str) -> None:
    assert [event.verb for event in ask(line).events] == [verb]


def test_passing_on_twice_changes_nothing() -> None:
    passed = (a_wait(1, owner="ben", not_me=("ana",)),)
    again = ask("not-me w1", waits=passed)
    assert not again.events and "you aren't asked again about w1" in again.view.fallback
    assert ask("not-me w1", waits=(a_wait(1, owner="ana", not_me=("ana",)),)).events, "it came back to them"


ENDED = a_wait(
    1,
    state=WaitState.ANSWERED,
    ended_at=NINE + 43 * MINUTE,
    replies=(Reply(message="m", by="ben", at=NINE + 43 * MINUTE, kind=ReplyKind.PERSONAL),),
)


@pytest.mark.parametrize("verb", ["claim", "snooze", "answered", "dismiss", "not-me"])
def test_a_wait_that_is_over_says_how_it_ended(verb: str) -> None:
    line = f"{verb} w1 2h" if verb == "snooze" else f"{verb} w1"
    given_ = ask(line, waits=(ENDED,))
    assert not given_.events
    assert "w1, Dana Reyes in #help, is over already: answered by Ben after 42 min, 09:43." in given_.view.fallback


def test_what_is_over_is_put_back_on_the_list() -> None:
    (event,) = ask("reopen w1", waits=(ENDED,)).events
    assert (
        event.verb == "reopen"
        and "w1, Dana Reyes in #help, is back on the list" in ask("reopen w1", waits=(ENDED,)).view.fallback
    )
    assert "[Still waiting reopen:w1]" in words(ask("dismiss w1", waits=(ENDED,)).view), "also whoever comes too late"
    assert "[Still waiting reopen:w1]" in words(ask("dismiss w1").view)
    assert not ask("reopen w1").events and "is on the list already" in ask("reopen w1").view.fallback
    gone = replace(ENDED, wait=replace(ENDED.wait, state=WaitState.WITHDRAWN))
    assert not ask("reopen w1", waits=(gone,)).events
    assert "nobody is waiting" in ask("reopen w1", waits=(gone,)).view.fallback
    assert "Still waiting" not in words(ask("dismiss w1", waits=(gone,)).view)
    assert "reopen takes only a wait" in ask("reopen w1 tomorrow").view.fallback


def act(line: str, waits: tuple[ListedWait, ...] = WAITS, who: str = "ana") -> Act:
    """A verb that was asked for while these waits stood so; others may be quicker."""
    given_ = answer(parse(line), here(who, waits), TEN)
    assert isinstance(given_, Act)
    return given_


def test_who_was_quicker_is_told() -> None:
    late = performed(act("answered w1"), [ENDED.wait])
    assert not late.events and "over already: answered by Ben" in late.view.fallback
    late = performed(act("claim w1"), [held("ben")[0].wait])
    assert not late.events and "Ben has been on w1 since 09:30" in late.view.fallback
    assert "claim:w1/anyway" in words(late.view)
    assert "isn't there any more" in performed(act("claim w1"), []).view.fallback
    asked = replace(WAITS[0].wait, possible_answer=Reply(message="m2", by="ben", at=TEN, kind=ReplyKind.PERSONAL))
    other = performed(act("confirm w1 m1"), [asked])
    assert not other.events and "nothing is in question about that message" in other.view.fallback


def test_what_is_over_is_told_however_the_rest_was_meant() -> None:
    for line in ("snooze w1", "snooze w1 someday", "dismiss w1 tomorrow"):
        assert "w1, Dana Reyes in #help, is over already" in ask(line, waits=(ENDED,)).view.fallback, line


def test_who_waited_last_is_named_where_nobody_of_this_name_waits() -> None:
    """Whoever comes a minute too late says the name that stood in the reminder."""
    earlier = replace(ENDED, handle="w2", wait=replace(ENDED.wait, id=f"{HELP}/1", ended_at=NINE + 2 * MINUTE))
    told = ask("dismiss dana", waits=(ENDED, earlier))
    assert not told.events
    assert "w1, Dana Reyes in #help, is over already: answered by Ben after 42 min, 09:43." in told.view.fallback
    assert "[Still waiting reopen:w1]" in words(told.view)
    assert [event.wait for event in ask("reopen dana", waits=(ENDED,)).events] == [ENDED.wait.id]
    assert "Nobody called “zoe” is waiting" in ask("dismiss zoe", waits=(ENDED,)).view.fallback
    assert "is over already" not in ask("dismiss dana", waits=(ENDED, a_wait(3))).view.fallback, "she waits again"
    long_ago = ask("dismiss dana", waits=(ENDED,), now=TEN + 9 * DAY)
    assert "Nobody called “dana” is waiting" in long_ago.view.fallback


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("explain", "why"),
        ("help explain", "why"),
        ("done w1", "answered"),
        ("take w1", "claim"),
        ("ignore w1", "dismiss"),
        ("later w1", "snooze"),
        ("vacation", "away"),
        ("help snoze", "snooze"),
        ("summary", "digest"),
    ],
)
def test_another_word_for_a_command_leads_to_it(said: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in ask(said).view.fallback


def test_help_for_nothing_that_is_known_shows_the_way_to_all_of_it() -> None:
    told = ask("help nonsense").view
    assert told.refused and "There is no command “nonsense”." in told.fallback and CommandText("help") in notes(told)


def test_help_is_in_parts() -> None:
    def titles(who: str) -> list[str]:
        nodes = ask("help", who).view.nodes
        return [node.spans[0].text for node in nodes if isinstance(node, Text) and isinstance(node.spans[0], Bold)]

    assert titles("ana") == ["My list", "A wait", "Me"] and titles("mia") == ["My list", "A wait", "Me", "For leads"]
    shown = words(ask("help", "mia").view)
    parts = [
        shown.index(at) for at in ("waiting [mine", "A wait", "claim WAIT", "Me", "hours [TIMES]", "For leads", "watch CHANNEL")
    ]
    assert parts == sorted(parts)


# Telling


def test_waiting() -> None:
    mine = (a_wait(1, owner="ana"), a_wait(2, "omar", owner="ben"))
    assert "2 customers are waiting" in ask("waiting", waits=mine).view.fallback
    asked = KeepText(wait=mine[0].wait.id, message=mine[0].wait.messages[0], text="where is it?")
    shown = words(ask("waiting mine", tx=transaction([listed.wait for listed in mine], [asked])).view)
    assert "w1" in shown and "w2" not in shown and "where is it?" in shown
    assert "Nobody is waiting." in ask("waiting", waits=()).view.fallback


def test_why_tells_evidence_reminders_and_what_comes_next() -> None:
    waits = (a_wait(1, owner="ben", owner_reason="duty", evidence=("question mark",), not_me=("mia",)),)
    next_one = SetReminder(wait=waits[0].wait.id, step=0, to="owner", due_at=TEN + HOUR)
    shown = words(ask("why w1", tx=transaction([waits[0].wait], [next_one])).view)
    assert "it has a question mark" in shown and "Ben" in shown and "on duty" in shown
    assert "next reminder is due" in shown
    assert "Not asked any more, as they wished:  Mia" in shown
    assert "Answered by" in words(ask("why w1", waits=(ENDED,)).view), "also when it is over"
    assert "question mark" in words(ask("why w1 again, please", waits=waits).view), "however they go on"


def test_who_knows_a_customer() -> None:
    known = (
        (HELP, "ben", 1.0, NINE - 30 * DAY),
        (HELP, "ana", 4.0, NINE - DAY),
        (SALES, "ana", 1.0, NINE - 2 * DAY),
        (HELP, "gone", 9.0, NINE),
    )
    away = Choices(away={"ben": ((NINE, NINE + DAY),)})
    exchanges = [
        SaveExchange(channel=channel, member=member, customer="dana", strength=strength, at=at)
        for channel, member, strength, at in known
    ]
    given_ = ask("who dana", tx=transaction([listed.wait for listed in WAITS], exchanges), choices=away)
    assert given_.view.fallback == "Who knows Dana Reyes: Ana, Ben"
    shown = words(given_.view)
    assert "Ana  knows them well" in shown and "Ben  has helped them" in shown and "away until" in shown and "gone" not in shown
    assert "Nobody on the team has talked with Omar yet" in ask("who w2").view.fallback
    assert "No customer called “zoe”" in ask("who zoe").view.fallback


def test_stats_show_ones_own_figures_and_the_teams_sums_only() -> None:
    def replied(by: str, after: float) -> tuple[Reply, ...]:
        return (Reply(message="m", by=by, at=NINE + after, kind=ReplyKind.PERSONAL),)

    waits = (
        a_wait(0, state=WaitState.ANSWERED, ended_at=TEN, replies=replied("ana", 10 * MINUTE)),
        a_wait(0, "omar", SALES, state=WaitState.ANSWERED, ended_at=TEN, replies=replied("ben", 33 * MINUTE)),
        a_wait(-31 * 24 * 60, "dan", state=WaitState.ANSWERED, ended_at=TEN - 31 * DAY, replies=replied("ana", -31 * DAY)),
    )
    shown = words(ask("stats month", waits=waits).view)
    assert "1 to 1 customer" in shown and "10 min" in shown
    assert "2 (100%)" in shown
    assert not {"Ben", "Mia", "Ana"} & set(shown.replace(",", " ").split()), "nobody is named"


def test_stats_of_a_channel_and_a_day() -> None:
    def replied(by: str) -> tuple[Reply, ...]:
        return (Reply(message="m", by=by, at=NINE + 10 * MINUTE, kind=ReplyKind.PERSONAL),)

    waits = (
        a_wait(0, state=WaitState.ANSWERED, ended_at=TEN, replies=replied("ana")),
        a_wait(1, "omar", SALES, state=WaitState.ANSWERED, ended_at=TEN, replies=replied("ana")),
        a_wait(-2 * 24 * 60, "dan", SALES, state=WaitState.ANSWERED, ended_at=TEN, replies=replied("ben")),
    )
    for line in ("stats #help", "stats help", "stats #help week", "stats week #help", f"stats #{{{HELP}}}"):
        shown = words(ask(line, waits=waits).view)
        assert "You in #help, in the last 7 days" in shown and "The team in #help, in the last 7 days" in shown, line
        assert "1 to 1 customer" in shown and "1 (100%)" in shown and "reminders you got" not in shown
    shown = words(ask("stats sales day", waits=waits).view)
    assert "You in #sales, in the last 24 hours" in shown and "1 (100%)" in shown
    assert "2 (100%)" in words(ask("stats sales month", waits=waits).view)
    assert "You, in the last 24 hours" in words(ask("stats day", waits=waits).view)
    bens = words(ask("stats #help", "ben", waits).view)
    assert "nothing to count yet" in bens and "The team in #help" in bens, "never another's figures"
    assert not {"Ben", "Mia", "Ana"} & set(bens.replace(",", " ").split())


@pytest.mark.parametrize("line", ["stats year", "stats #nowhere", "stats #help year", "stats #help #sales", "stats month week"])
def test_what_stats_takes_no_more_of(line: str) -> None:
    given_ = ask(line)
    assert given_.view.refused
    assert all(not ask(span.text).view.refused for span in notes(given_.view) if isinstance(span, CommandText))


def test_the_digest_as_it_would_read_now() -> None:
    assert "3 customers are waiting" in ask("digest now").view.fallback
    assert "Nobody is waiting" in ask("digest", waits=()).view.fallback


# Choosing


@pytest.mark.parametrize(
    ("line", "since", "until"),
    [
        ("away until friday", TEN, NINE + 4 * DAY),
        ("away 2h", TEN, TEN + 2 * HOUR),
        ("away 3 days", TEN, TEN + 3 * DAY),
        ("away until 15:00", TEN, NINE + 6 * HOUR),
        ("away from 15:00", NINE + 6 * HOUR, NINE + 8 * HOUR),
        ("away this afternoon", NINE + 3 * HOUR, NINE + 8 * HOUR),
        ("away friday", NINE + 3 * DAY + 15 * HOUR, NINE + 4 * DAY + 15 * HOUR),
        ("away tuesday until friday", NINE + 15 * HOUR, NINE + 4 * DAY),
        ("away from tuesday to friday", NINE + 15 * HOUR, NINE + 4 * DAY + 15 * HOUR),
        ("away friday until tuesday", NINE + 3 * DAY + 15 * HOUR, NINE + 8 * DAY),
    ],
)
def test_being_away(line: str, since: float, until: float) -> None:
    assert ask(line).choices == (SetAway(member="ana", since=since, until=until, by="ana", at=TEN),)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("away until someday", "don't understand “someday”"),
        ("away friday until tomorrow", "ends before it begins"),
        ("away 15:00", "Until 15:00, or from then on?"),
        ("away 3/4", "read in two ways: 3 April or 4 March"),
        ("away @zed until friday", "Nobody on the team is called"),
        ("away until", "don't understand"),
    ],
)
def test_being_away_not_understood(line: str, says: str) -> None:
    given_ = ask(line, "mia")
    assert not given_.choices
    assert says in given_.view.fallback


def test_a_new_span_replaces_what_it_touches() -> None:
    before = Choices(away={"ana": ((NINE, NINE + 5 * DAY), (NINE + 10 * DAY, NINE + 11 * DAY))})
    assert ask("away until friday", choices=before).choices == (
        SetAway(member="ana", since=NINE, until=NINE + 4 * DAY, by="ana", at=TEN),
    )


def test_only_leads_say_it_for_others() -> None:
    refused = ask("away @ben until friday")
    assert not refused.choices and "Please ask Mia" in refused.view.fallback
    assert ask("away @ana 2h").choices, "oneself is fine"
    assert ask("away @ben until friday", "mia").choices[0].member == "ben"  # type: ignore[union-attr]
    gone = Choices(away={"ben": ((NINE, NINE + 5 * DAY),)})
    assert not ask("back ben", choices=gone).choices
    assert ask("back ben", "mia", choices=gone).choices == (EndAway(member="ben", since=NINE, at=TEN),)


def test_being_back() -> None:
    now, later = (NINE, NINE + DAY), (NINE + 9 * DAY, NINE + 10 * DAY)
    assert ask("back", choices=Choices(away={"ana": (now, later)})).choices == (EndAway(member="ana", since=NINE, at=TEN),)
    assert ask("back", choices=Choices(away={"ana": (later,)})).choices == (EndAway(member="ana", since=later[0], at=TEN),)
    idle = ask("back")
    assert not idle.choices and "aren't away" in idle.view.fallback


def test_what_was_chosen_can_be_asked() -> None:
    gone = Choices(away={"ana": ((NINE, NINE + 4 * HOUR),)})
    assert "You are away until 13:00" in ask("away", choices=gone).view.fallback
    assert "You are here" in ask("away").view.fallback
    assert "no direct messages" in ask("dm").view.fallback
    assert "Mon-Fri 09:00-17:00, UTC" in ask("hours").view.fallback
    assert "#help: every message that calls for a reply" in ask("watch help", "mia").view.fallback


@pytest.mark.parametrize(("word", "on"), [("on", True), ("off", False), ("unset", None)])
def test_direct_messages(word: str, on: bool | None) -> None:
    assert ask(f"dm {word}").choices == (SetDm(member="ana", on=on, by="ana", at=TEN),)


IST = ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")
NINE_TO_FIVE, LATE = WorkingSpan(opens=540, closes=1020), WorkingSpan(opens=13 * 60, closes=17 * 60 + 30)


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("hours 9-17 mon-thu Europe/Berlin", OwnHours(zone="Europe/Berlin", week=weekly(range(4), [NINE_TO_FIVE]))),
        ("hours europe/berlin", OwnHours(zone="Europe/Berlin")),
        ("hours mon, wed", OwnHours(week=weekly([0, 2], [NINE_TO_FIVE]))),
        ("hours 13:00 - 17:30", OwnHours(week=weekly(range(5), [LATE]))),
        ("hours 9am-12pm and 1pm-5:30pm sat-mon", OwnHours(week=weekly([5, 6, 0], [WorkingSpan(opens=540, closes=720), LATE]))),
        ("hours 9-5", OwnHours(week=weekly(range(5), [NINE_TO_FIVE]))),
        ("hours 9 to 5 mo-fr", OwnHours(week=weekly(range(5), [NINE_TO_FIVE]))),
        ("hours mon 9-17, tue 13:00-17:30", OwnHours(week=((NINE_TO_FIVE,), (LATE,), (), (), (), (), ()))),
        ("hours 22:00-06:00 next day", OwnHours(week=weekly(range(5), [WorkingSpan(opens=22 * 60, closes=30 * 60)]))),
        ("hours unset", None),
    ],
)
def test_own_hours(line: str, own: OwnHours | None) -> None:
    assert ask(line).choices == (SetHours(member="ana", hours=own, by="ana", at=TEN),)


@pytest.mark.parametrize("line", ["hours zzz", "hours ,", "hours unset now"])
def test_hours_not_understood(line: str) -> None:
    given_ = ask(line)
    assert not given_.choices
    assert "hours 9-17 mon-thu Europe/Berlin" in words(given_.view)


@pytest.mark.parametrize(
    ("line", "says", "tries"),
    [
        ("hours 22:00-06:00", "ends before it starts", ["hours 22:00-06:00 next day", "hours 06:00-22:00"]),
        ("hours 9-17 new york", "Did you mean America/New_York?", ["hours 9-17 America/New_York"]),
        (
            "hours 1-5 mon-fri",
            "did you mean 13:00-17:00 or 01:00-05:00?",
            ["hours 13:00-17:00 mon-fri", "hours 01:00-05:00 mon-fri"],
        ),
        ("hours 9-17 Berlin", "Did you mean Europe/Berlin?", ["hours 9-17 Europe/Berlin"]),
        ("hours 9-17 europe/berln", "Did you mean Europe/Berlin?", ["hours 9-17 Europe/Berlin"]),
        ("hours 9-17 EST", "no summer time", ["hours 9-17 America/New_York", "hours 9-17 America/Panama"]),
        ("hours 9-17 hst", "no summer time", ["hours 9-17 Pacific/Honolulu"]),
        ("hours 9-17 UTC+2", "called Etc/GMT-2", ["hours 9-17 Etc/GMT-2"]),
        ("hours mon 9-17 GMT -5", "called Etc/GMT+5", ["hours mon 9-17 Etc/GMT+5"]),
        ("hours never", "can't be none", ["budget 0", "away until monday", "hours unset"]),
        ("hours 9-12, 11-15 mon-fri", "overlap", ["hours 09:00-15:00 mon-fri"]),
        ("hours 9-17 IST", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem?", [f"hours 9-17 {zone}" for zone in IST]),
        ("hours 9-17 montag-freitag", "Did you mean mon-fri?", ["hours 9-17 mon-fri"]),
        ("hours 9-17 wedensday", "Did you mean wed?", ["hours 9-17 wed"]),
        ("hours 9-9", "no time at all", ["hours 00:00-24:00"]),
    ],
)
def test_unclear_hours_are_asked_with_the_whole_command(line: str, says: str, tries: list[str]) -> None:
    given_ = ask(line)
    assert not given_.choices and says in given_.view.fallback
    assert [span.text for span in notes(given_.view) if isinstance(span, CommandText)] == tries


def test_the_hours_shown_can_be_typed_again() -> None:
    for line in ("hours mon-thu 9-17, fri 9-12 13-15", "hours 22:00-06:00 next day sat-sun"):
        (first,) = ask(line).choices
        assert isinstance(first, SetHours) and first.hours is not None and first.hours.week is not None
        (again,) = ask(f"hours {say_hours(Hours(zone=UTC, week=first.hours.week))}").choices
        assert isinstance(again, SetHours) and again.hours == replace(first.hours, zone="UTC")


def test_a_zone_chosen_before_stays_when_hours_are_chosen() -> None:
    (chosen,) = ask("hours 13-17:30", choices=Choices(hours={"ana": OwnHours(zone="Europe/Berlin")})).choices
    assert isinstance(chosen, SetHours) and chosen.hours == OwnHours(zone="Europe/Berlin", week=weekly(range(5), [LATE]))


@pytest.mark.parametrize("said", ["help", "#help", channel_tag("help"), "HELP", HELP])
def test_watching(said: str) -> None:
    chosen = ask(f"watch {said} everything", "mia").choices
    assert chosen == (SetWatch(channel=HELP, watch=Watch.EVERYTHING, by="mia", at=TEN),)


def test_watching_not_understood() -> None:
    assert "I watch no channel called “helpp”. Those I know: #help" in ask("watch helpp questions", "mia").view.fallback
    assert "mentions, questions or everything" in ask("watch help sometimes", "mia").view.fallback
    assert ask("watch help unset", "mia").choices == (SetWatch(channel=HELP, watch=None, by="mia", at=TEN),)


def test_unwatching_asks_before_it_takes_customers_off_the_list() -> None:
    asked = ask("unwatch #help", "mia")
    assert not asked.choices and not asked.events
    assert "2 customers still wait" in asked.view.fallback
    (stop,) = [button for node in asked.view.nodes if isinstance(node, Buttons) for button in node.buttons]
    assert parse_click(stop.code) == Request(verb="unwatch", words=("#help", "anyway"))
    sure = ask("unwatch #help anyway", "mia")
    assert sure.choices == (SetWatch(channel=HELP, watch="nothing", by="mia", at=TEN),)
    assert [event.verb for event in sure.events] == ["unwatch", "unwatch"]
    assert ask("unwatch #help", "mia", waits=()).choices


# Whatever is typed

PIECES = (
    "w1 w99 dana @ben @{ @{ben} #{help} {} until to from friday 2h #help unset on mine anyway "
    "9-17 mon-thu Europe/Berlin - 9am-5pm @ # 24:00-0"
)
ODD = ("–", "٣", "²-³", "\u202e", "\x00", "\ud800")
TOKENS = st.sampled_from((*COMMANDS, *PIECES.split(), *ODD))
LINES = st.one_of(st.text(max_size=LONGEST_LINE + 5), st.lists(st.one_of(TOKENS, st.text(max_size=9)), max_size=12).map(" ".join))


@given(LINES, st.sampled_from(["dana", "ana", "mia"]))
def test_any_line_is_answered(line: str, who: str) -> None:
    for request in (parse(line), parse_click(line), parse_click(line.replace(" ", ":", 1))):
        given_ = answered(request, here(who), TEN)
        assert len(given_.view.fallback) < 1500
        if who == "dana":
            assert given_ == Given(view=for_the_team())


@pytest.mark.parametrize(
    ("said", "until", "why"),
    [
        ("friday 13 containers arrive", NINE + 4 * DAY, "13 containers arrive"),
        ("2h 3 parts missing", TEN + 2 * HOUR, "3 parts missing"),
        ("2h 30 boxes are missing", TEN + 2 * HOUR, "30 boxes are missing"),
        ("2h 30 min the parts", TEN + 2.5 * HOUR, "the parts"),
        ("tomorrow 10 people needed", NINE + DAY, "10 people needed"),
        ("morgen 3 Kisten fehlen", NINE + DAY, "3 Kisten fehlen"),
        ("tomorrow 10 because of customs", NINE + DAY + HOUR, "because of customs"),
        ("tomorrow 10: customs", NINE + DAY + HOUR, "customs"),
        ("tomorrow at 10 customs", NINE + DAY + HOUR, "customs"),
        ("friday first", NINE + 4 * DAY, "first"),
        ("friday first batch arrives", NINE + 4 * DAY, "first batch arrives"),
        ("friday first thing", NINE + 4 * DAY + HOUR, None),
        ("1h half the order is lost", TEN + HOUR, "half the order is lost"),
        ("6 march customs", NINE + 4 * DAY, "customs"),
        ("明日まで部品待ち", NINE + DAY, "部品待ち"),
        ("来週まで 部品待ち", NINE + 7 * DAY, "部品待ち"),
        ("周五等零件", NINE + 4 * DAY, "等零件"),
    ],
)
def test_what_is_said_of_a_snooze_is_no_part_of_its_time(said: str, until: float, why: str | None) -> None:
    (event,) = ask(f"snooze w1 {said}").events
    assert (event.until, event.text or None) == (until, why)


def test_two_days_are_asked() -> None:
    told = ask("snooze w1 friday or monday")
    assert not told.events and {CommandText("snooze w1 6 March"), CommandText("snooze w1 9 March")} <= set(notes(told.view))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("9-5 daily", "Mon-Sun 09:00-17:00"),
        ("every day 9-5", "Mon-Sun 09:00-17:00"),
        ("weekdays 9-5", "Mon-Fri 09:00-17:00"),
        ("weekends 10-14", "Sat-Sun 10:00-14:00"),
        ("24/7", "Mon-Sun 00:00-24:00"),
    ],
)
def test_hours_of_days_in_words(said: str, shown: str) -> None:
    assert f"Your hours: {shown}, " in words(ask(f"hours {said}").view)
