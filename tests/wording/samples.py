"""Made-up waits and the views about them: one of every kind, shared by the tests of wording and of rendering."""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.coaching.check import Copies, Observations
from bot.domain.absences import KnownAbsence
from bot.domain.arrivals import Arrival, ArrivalEnd
from bot.domain.auto_dms import AutoDmSort
from bot.domain.delay_trial import DelayTrial
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.outgoing import SentReminder
from bot.domain.preferences import OwnSwitch
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import Watch
from bot.domain.shares import Share
from bot.domain.sources import Source, SourceKind
from bot.domain.tips import Tip, TipKind
from bot.domain.views import Button, Buttons, Divider, Form, Input, Plain, SmallPrint, Text, View
from bot.domain.waits import Hold, HoldKind, Insistence, Reply, ReplyKind, Wait, WaitState
from bot.waits.figures import Figures
from bot.wording.answers import HelpRow, OwnFigures, WhyFacts, for_the_team, help_for, own_stats, refused, team_stats, why
from bot.wording.arrivals import ArrivalsFacts, CameIn, arrivals, arrivals_now
from bot.wording.audit import AuditedApp, AuditFacts, AuditRow, audit
from bot.wording.auto_dms import AutoDmSource, auto_dm_sums, report_form, thanks
from bot.wording.automod import FilterFacts, made, proposed
from bot.wording.check import CheckFacts, check
from bot.wording.delay_trial import TrialArm, TrialReport, trial_report
from bot.wording.digest import DigestFacts, Row, WeekFacts, digest, week
from bot.wording.ended import SettledFacts, held, moved, outcome_line, settled
from bot.wording.home import HomeFacts, TeamNow, Undelivered, about
from bot.wording.home import home as home_view
from bot.wording.lines import AskedFacts, line, line_asked
from bot.wording.lists import ListPlace, brought_up_to_date, page
from bot.wording.loops import line as loop_line
from bot.wording.loops import question
from bot.wording.own_record import MovedThreshold, OwnRecord, own_record
from bot.wording.preview import PreviewFacts, WouldBe, preview
from bot.wording.reminder import ReminderFacts, reminder, reminders
from bot.wording.tips import SeenMessage, TipFacts, tip_view

ZONE = ZoneInfo("Europe/Berlin")
NAMES = {
    "ana": "Ana", "ben": "Ben", "mia": "Mia", "dana": "Dana", "omar": "Omar", "lee": "Lee", "zoe": "Zoe",
    "kim": "Kim", "noor": "Noor", "tom": "Tom", "eva": "Eva", "gus": "Gus", "ines": "Ines",
}  # fmt: skip


def at(day: int, hour: int, minute: int = 0, *, month: int = 5) -> float:
    """An instant of 2024 by the clock of ZONE. 15 May is a Wednesday."""
    return datetime(2024, month, day, hour, minute, tzinfo=ZONE).timestamp()


NOW = at(15, 14, 5)


def name(person: str) -> str:
    return NAMES.get(person, person)


def wait(opened: float = at(15, 13, 23), **changes: Any) -> Wait:
    first = str(opened)
    made = Wait(
        id=f"local:help/{first}", channel="local:help", customer="dana", thread=None, messages=(first,), opened_at=opened,
        last_message_at=opened, owner="ana", owner_reason="acquaintance", probability=0.93,
        evidence=("question mark", "problem", "new here"),
    )  # fmt: skip
    return replace(made, **changes)


def tip(kind: TipKind, **changes: Any) -> TipFacts:
    made = Tip(kind=kind, member="ana", at=NOW, trigger="x", count=2)
    places = ((at(2, 9, 40), "https://slack.example/p1"), (at(15, 13, 50), None))
    seen = tuple(SeenMessage(channel_name="help", at=instant, link=link) for instant, link in places)
    return TipFacts(tip=replace(made, **changes), messages=seen)


def arrival(person: str, *, company: str | None = None, link: str | None = None, **changes: Any) -> CameIn:
    made = Arrival(person=person, channel="local:help", at=at(15, 13, 20), first_message=None if link is None else "1", number=7)
    return CameIn(arrival=replace(made, **changes), company=company, link=link)


def came(*several: CameIn) -> ArrivalsFacts:
    return ArrivalsFacts(came=several, to="ana", channel_name="help")


def facts(**changes: Any) -> ReminderFacts:
    of = changes.pop("wait", None) or wait()
    given: dict[str, Any] = {
        "wait": of, "handle": "w17", "to": ("ana",), "now": NOW, "zone": ZONE, "channel_name": "help",
        "working_seconds": max(0.0, NOW - of.opened_at), "link": "https://chat.example/help/p171577",
        "texts": ("Hi there", "our export stops at row 5000 since this morning. Is there a limit that we've run into?"),
        "last_exchange": ("ana", at(3, 11)), "customer_name": "Dana",
    }  # fmt: skip
    return ReminderFacts(**{**given, **changes})


def hold(kind: HoldKind, until: float = at(17, 16), by: str = "ana") -> Hold:
    return Hold(kind=kind, since=at(15, 13, 30), until=until, by=by)


def reply(kind: ReplyKind, by: str = "ana", when: float = at(15, 14, 5)) -> Reply:
    return Reply(message="m2", by=by, at=when, kind=kind)


def perhaps(by: str = "ben", when: float = at(15, 13, 50)) -> Reply:
    return Reply(message="m2", by=by, at=when, kind=ReplyKind.PERSONAL, probability=0.3)


def ended(state: WaitState, **changes: Any) -> SettledFacts:
    by = changes.pop("by", None)
    of = wait(state=state, ended_at=at(15, 14, 5), **changes)
    return SettledFacts(wait=of, handle="w17", now=NOW, zone=ZONE, channel_name="help", link="https://chat.example/1", by=by)


def on_hold(kind: HoldKind, **changes: Any) -> SettledFacts:
    of = wait(hold=hold(kind, **changes))
    return SettledFacts(wait=of, handle="w17", now=NOW, zone=ZONE, channel_name="help", link="https://chat.example/1")


ASKED = (
    ("Hi there", "our export stops at row 5000 since this morning. Is there a limit that we've run into?"),
    ("Can I move the invoices of two branches into one account?",),
    ("The webhook for refunds hasn't called us since noon, what could that be?",),
    ("How do I add a colleague who may see bookings but not prices?",),
    ("Since the update the calendar shows last week. Is that known?",),
    ("Where can I download last month's statement as a PDF?",),
    ("We can't log in with the new key, it says expired. Any idea?",),
    ("Could somebody look at why room 12 is booked twice?",),
    ("Is there a way to print the labels in Polish?",),
    ("Our card was charged twice yesterday, can you check?",),
)
CUSTOMERS = ("dana", "omar", "lee", "zoe", "kim", "noor", "tom", "eva", "gus", "ines")


def several(number: int, *, first: int = 0, **changes: Any) -> list[ReminderFacts]:
    return [
        facts(
            wait=wait(at(15, 13) - 1800 * index, customer=CUSTOMERS[index]), handle=f"w{index + 1}",
            customer_name=NAMES[CUSTOMERS[index]], link=f"https://chat.example/{index}", texts=ASKED[index], **changes,
        )
        for index in range(first, first + number)
    ]  # fmt: skip


def rows() -> tuple[Row, ...]:
    asked = "Is there a way to rotate the key without restarting everything that uses it, and if so, how long does it take?"
    texts = ((asked,), ASKED[1])
    made = [
        wait(at(15, 13, 23)),
        wait(at(14, 17, 30), customer="omar", owner=None, owner_reason="team"),
        wait(at(15, 9), customer="lee", hold=hold(HoldKind.PROMISE)),
        wait(at(15, 12), customer="zoe", hold=hold(HoldKind.CLAIM, at(15, 16), "ben")),
        wait(at(15, 11), customer="omar", hold=hold(HoldKind.REDIRECT, at(16, 11))),
    ]
    return tuple(
        Row(
            wait=each, handle=f"w{index}", channel_name="help", working_seconds=min(4 * 3600.0, NOW - each.opened_at),
            link=f"https://chat.example/{index}", texts=texts[index] if index < len(texts) else (), unsent=index == 0,
        )
        for index, each in enumerate(made)
    )  # fmt: skip


def figures(**changes: Any) -> Figures:
    made = Figures(
        end=NOW, waits=41, personally=35, redirected=2, automatic_only=1, resolved=2, unanswered=1,
        customers={f"c{number}" for number in range(23)}, reminded=Counter(ana=9, ben=3), reminders=12,
        first=array("d", [300.0 * n for n in range(1, 39)]), personal=array("d", [400.0 * n for n in range(1, 36)]),
    )  # fmt: skip
    for key, value in changes.items():
        setattr(made, key, value)
    return made


FILTER = FilterFacts(id="41771983423143937", server="Harbor", name="realreply: “DM me”", exempt=("team",), alerts="support-team")


REPORTED = (
    AutoDmSource(
        app="A1", app_name="Greeter", platform="slack", messages=9, sorts=((AutoDmSort.WELCOME, 6),), alike=8
    ),
    AutoDmSource(app="B2", app_name="", platform="slack", messages=1, alike=1),
    AutoDmSource(app="", app_name="", platform="slack", messages=2, sorts=((AutoDmSort.PITCH, 2),), alike=1),
)  # fmt: skip


def audited() -> AuditFacts:
    def row(id: str, name: str | None, kind: SourceKind, posts: int, **more: Any) -> AuditRow:
        source = Source(id=id, kind=kind, trusted=bool(more.pop("trusted", False)))
        values: dict[str, Any] = {"channels": 1, "last_at": at(15, 9), **more}
        return AuditRow(platform="slack", source=source, name=name, posts=posts, **values)

    return AuditFacts(
        since=NOW - 30 * 86_400,
        now=NOW,
        rows=(
            row("A1", "Answer bot", SourceKind.BOT, 41, channels=3, alone=5),
            row("B2", None, SourceKind.WEBHOOK, 12),
            row("A3", "Intake", SourceKind.WORKFLOW, 7),
            row("A4", "", SourceKind.BOT, 4, trusted=True),
        ),
        waits=60,
        alone=5,
        present=(AuditedApp(name="YAGPDB", welcomes="https://docs.example/welcome"), AuditedApp(name="Tunes")),
        untold=("Discord tells nobody which bots send direct messages: that shows in their settings alone.",),
        filters=True,
    )


def must(view: View | None) -> View:
    assert view is not None
    return view


def refused_as(said: str) -> Reason:
    return Reason(code=ReasonCode.REFUSED, about=(said,))


def home_facts() -> HomeFacts:
    own = OwnFigures(days=7, customers=4, replies=6, times=(600, 900, 7200), reminders=3)
    mine = tuple(row for row in rows() if row.wait.customer != "zoe")
    return HomeFacts(
        rows=mine, member="ana", now=NOW, own=own,
        team=figures(overlooked=3, needless=5),
        hours=Hours(zone=ZONE, week=weekly(range(5), [WorkingSpan(opens=540, closes=1020)])), dms=False,
    )  # fmt: skip


FILLED = (
    Input("what", "What"),
    Input("since", "Since", f"{at(15, 9):.0f}", kind="moment", hint="As far as you remember."),
    Input("clock", "At which time", "09:30", kind="time", required=False),
    Input("days", "On which days", "mon,tue", kind="days", options=(("Monday", "mon"), ("Tuesday", "tue"), ("Friday", "fri"))),
    Input("who", "Who", kind="person"),
    Input("where", "Where", "#help", kind="option", options=(("#help", "#help"), ("#sales", "#sales"))),
)
"""One input of every kind."""


STILL = Buttons((Button("Still waiting", "reopen", "w17"),))


def many_rows() -> tuple[Row, ...]:
    return tuple(replace(rows()[0], wait=wait(at(15, 9) + n), handle=f"w{n}") for n in range(18))


HELP = (
    HelpRow(usage="waiting [mine]", help="who is waiting, longest first"),
    HelpRow(usage="claim w17", help="say that you are on it", topic="wait"),
    HelpRow(usage="snooze w17 2h", help="ask me again later", topic="wait"),
    HelpRow(
        usage="away until Monday",
        topic="me",
        help="nothing reaches you until then, and what you own is passed on to others meanwhile",
    ),
)


def asked(*to: str, when: float = at(15, 13, 53)) -> SentReminder:
    return SentReminder(wait=wait().id, step=0, at=when, to=to)


def views() -> dict[str, View]:
    """One of every kind of view, by the name of its golden file."""
    redirected = wait(
        at(14, 17, 30), replies=(reply(ReplyKind.REDIRECT, "ben", at(14, 17, 40)),), owner="ben", came_back_from="local:help/1"
    )
    promised = wait(owner_reason="promised", replies=(reply(ReplyKind.PROMISE),))
    night = facts(wait=redirected, to=("ana", "mia"), duty=("ana", "mia"), working_seconds=5.0 * 3600)
    return {
        "reminder": reminder(facts()),
        "reminder_promised": reminder(facts(wait=promised, promised_at=at(15, 14), texts=())),
        "reminder_escalated": reminder(night),
        "reminder_team": reminder(
            facts(wait=wait(owner=None, owner_reason="team", automatic_replies=1, automatic_by=("Zap",)), to=(), link=None)
        ),
        "reminder_uncertain": reminder(facts(uncertain=True)),
        "reminder_asks_writer": reminder(facts(wait=wait(possible_answer=perhaps("ben")), to=("ben",), asks_writer=True)),
        "reminder_maybe_answered": reminder(facts(wait=wait(possible_answer=perhaps("ben")))),
        "reminder_newcomer": reminder(
            facts(
                wait=wait(newcomer=True, owner="ben", owner_reason="duty"), to=("ben",), duty=("ben",), last_exchange=None,
                company="Reef Hotels",
            )
        ),
        "reminder_before_promise": reminder(
            facts(wait=replace(promised, hold=hold(HoldKind.PROMISE, at(15, 15))), promise_due=at(15, 15))
        ),
        "loop_question": question(facts(wait=wait(hold=hold(HoldKind.REDIRECT, at(16, 13, 30))))),
        "loop_line": loop_line(facts(wait=wait(hold=hold(HoldKind.REDIRECT, at(16, 13, 30))))),
        "check": check(
            CheckFacts(
                seen=Observations(
                    marks=("{{first_name}}", "<NAME>"), anybody="Dear customer", greets_nobody="Hi ,", names_nothing=True,
                    only_redirects=True, copies=Copies(customers=3, last=at(3, 11)), mostly_link=True, only_we=True,
                ),
                now=NOW, zone=ZONE, handle="w17", customer="dana",
            )
        ),
        "check_fine": check(CheckFacts(seen=Observations(shared=("csv", "export"), says_i=True), now=NOW, zone=ZONE)),
        "reminders": reminders(several(3)),
        "reminders_many": reminders(
            [*several(7), *several(3, first=7, to=("ben",))],
            over=[outcome_line(ended(WaitState.ANSWERED, replies=(reply(ReplyKind.PERSONAL),)))],
        ),
        "reminder_followed": reminder(
            facts(
                to=("ben",), earlier=(asked("ana"),), more=2,
                texts=("Our export stops at row 5000. Is there a limit?", "It is the large one", "Any news? We need it tonight."),
            )
        ),
        "line": line([facts(to=("ben",), earlier=(asked("ana"),))]),
        "line_insisted": line([facts(wait=wait(insisted=Insistence(kind=HoldKind.SNOOZE, by="ben", at=NOW)), to=("ben",))]),
        "line_asked": line_asked([AskedFacts(customer="dana", handle="w17", channel_name="help", to=("ben",), at=NOW)]),
        "line_several": line([replace(one, earlier=(asked("ben"),)) for one in several(3)]),
        "settled": settled(ended(WaitState.ANSWERED, replies=(reply(ReplyKind.PERSONAL),))),
        "settled_in_private": settled(ended(WaitState.ANSWERED, marked_by="ana", in_private=True)),
        "settled_dismissed": settled(replace(ended(WaitState.DISMISSED, by="ben"), can_reopen=True)),
        "held": held(on_hold(HoldKind.CLAIM)),
        "held_promise": held(on_hold(HoldKind.PROMISE)),
        "held_outcome": held(on_hold(HoldKind.OUTCOME)),
        "held_snooze": held(on_hold(HoldKind.SNOOZE)),
        "moved": moved(on_hold(HoldKind.CLAIM), ("ben",), "in #support-team"),
        "digest": must(digest(DigestFacts(rows=rows(), now=at(16, 9), zone=ZONE))),
        "preview": preview(
            PreviewFacts(
                rows=(
                    WouldBe(wait=wait(), channel_name="help", at=at(15, 13, 53), to=("ana",)),
                    WouldBe(wait=wait(at(14, 16), customer="omar"), channel_name="help", at=at(15, 9), to=()),
                ),
                waiting=3,
                old=1,
                leads=("mia",),
            )
        ),
        "preview_anew": preview(PreviewFacts(rows=(), waiting=1, old=0, leads=("mia", "ben"), anew=True)),
        "preview_none": preview(PreviewFacts(rows=(), waiting=0, old=0, leads=(), observing=True)),
        "arrivals": must(arrivals(came(arrival("dana", company="Reef Hotels", link="https://x.example/1"), arrival("omar")))),
        "arrivals_one": must(arrivals(came(arrival("dana")))),
        "arrivals_settled": arrivals_now(
            came(arrival("dana", end=ArrivalEnd.GREETED, by="ben"), arrival("omar", end=ArrivalEnd.ASKED), arrival("lee"))
        ),
        "tip_canned": tip_view(tip(TipKind.CANNED, count=3)),
        "tip_pitch": tip_view(tip(TipKind.PITCH, count=1, about="dana")),
        "tip_broadcast": tip_view(tip(TipKind.BROADCAST, count=4)),
        "tip_auto_dm": tip_view(TipFacts(tip=replace(tip(TipKind.AUTO_DM).tip, messages=()), apps=("Zap",))),
        "auto_dm_form": View(nodes=(report_form("5f2a"),), fallback="Report an auto-DM"),
        "auto_dm_thanks": thanks(AutoDmSort.WELCOME, member=True),
        "auto_dm_sums": auto_dm_sums(REPORTED, days=30),
        "week": must(week(WeekFacts(figures=figures(), open_now=3, before=figures(personal=array("d", [9000.0] * 9))))),
        "waiting_list": page(rows(), place=ListPlace(), reader="ana", now=NOW),
        "waiting_page": page(many_rows(), place=ListPlace(page=2), reader="ana", now=NOW),
        "waiting_done": brought_up_to_date(
            View(nodes=(Text((Plain("w17, Dana in #help, needs no reply."),)), STILL), fallback="no reply needed"),
            page(rows(), place=ListPlace(), reader="ana", now=NOW),
            ListPlace(),
        ),
        "waiting_none": page((), place=ListPlace(), reader="ana", now=NOW),
        "home": home_view(home_facts()),
        "home_lead": home_view(
            replace(
                home_facts(),
                rows=(), dms=True, away=KnownAbsence(since=at(15, 9), until=at(20, 0), source="chat"), team_budget=3,
                switch=OwnSwitch(budget=1, muted_until=at(15, 18), only_mine=True, wanted=frozenset({"reminders"})),
                team_now=TeamNow(
                    waiting=2, others=rows()[:2], duty=("ana",), away=(("ben", at(20, 9)),),
                    watched=(("billing", Watch.MENTIONS, False), ("help", Watch.QUESTIONS, True)),
                ),
                undelivered=(
                    Undelivered(
                        what="reminder", handle="w17", reason=refused_as("the channel #team is gone")
                    ),
                    Undelivered(what="digest", reason=refused_as("the connection was lost"), perhaps=True),
                ),
            )
        ),
        "home_outsider": about(),
        "why": why(
            WhyFacts(
                wait=wait(replies=(reply(ReplyKind.REDIRECT, "ben"),), automatic_replies=2), handle="w17", now=NOW, zone=ZONE,
                channel_name="help", working_seconds=2520.0, last_exchange=("ana", at(3, 11)),
            )
        ),
        "own_stats": own_stats(
            OwnFigures(days=30, customers=9, replies=14, times=(600, 900, 7200), promises=3, kept=2, reminders=6)
        ),
        "team_stats": team_stats(figures(), days=30),
        "audit": audit(audited()),
        "automod": proposed((FILTER, replace(FILTER, server="Reef", obstacle="It takes Manage Server.")), ("dm me", "pm me")),
        "automod_made": made(replace(FILTER, existing=FILTER.name), blocks=True),
        "own_record": own_record(
            OwnRecord(
                days=30, heeded=Share(number=31, of=52), about=40, needless=Share(number=3, of=40),
                overlooked=Share(number=1, of=61), moved=MovedThreshold(less=True, needless=3, overlooked=1),
            ),
            channel_name="help",
        ),
        "trial_report": trial_report(
            TrialReport(
                trial=DelayTrial(since=at(1, 9), until=at(26, 9, month=6), by="mia"), now=NOW,
                at_once=TrialArm(soon=Share(number=30, of=81), within_hour=Share(number=55, of=81), times=(1500.0,) * 81),
                later=TrialArm(soon=Share(number=3, of=12), within_hour=Share(number=7, of=12), times=(2400.0,) * 12),
            )
        ),
        "own_record_few": own_record(
            OwnRecord(
                days=30, heeded=Share(number=2, of=3), about=3, needless=Share(number=0, of=3), overlooked=Share(number=0, of=0)
            )
        ),
        "help": help_for(HELP),
        "refused": refused('I don\'t know "wiating". Did you mean waiting?'),
        "for_the_team": for_the_team(),
        "form": View(
            nodes=(
                Text((Plain("Tell us what happened."),)),
                Divider(),
                Form("Report a conversation", "report", "w17", FILLED),
                SmallPrint((Plain("Only the team's leads see this."),)),
            ),
            fallback="A form",
        ),
    }  # fmt: skip
