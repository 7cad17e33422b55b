"""Made-up values with every field set, so that a forgotten column shows."""

from __future__ import annotations

from typing import Any

from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.waits import (
    BeforeHanding,
    Displaced,
    FollowUp,
    Handing,
    Hold,
    HoldKind,
    Insistence,
    LetGo,
    Reply,
    ReplyKind,
    Target,
    Wait,
    WaitState,
)

CHANNEL = "slack:T1:C1"
OTHER = "slack:T1:C2"


def seen(id: str, at: float, **changes: Any) -> MessageRecord:
    values: dict[str, Any] = {
        "author": "dana",
        "role": Role.CUSTOMER,
        "thread": "0.5",
        "reply_to": "0.7",
        "reading": Reading(cues=5, chars=80, words=14, rest=9, questions=1, fingerprints=(7, 2**32 - 1), addressed=(("ana", 3),)),
        "reply_probability": 0.75,
        "wait": f"{CHANNEL}/{id}",
        "answers": (f"{CHANNEL}/0.1", f"{CHANNEL}/0.2"),
    }
    return MessageRecord(id=id, at=at, **{**values, **changes})


def wait(number: int = 1, **changes: Any) -> Wait:
    values: dict[str, Any] = {
        "id": f"{CHANNEL}/{number}.0",
        "channel": CHANNEL,
        "customer": "dana",
        "thread": None,
        "messages": (f"{number}.0",),
        "opened_at": float(number),
        "last_message_at": float(number),
    }
    return Wait(**{**values, **changes})


def full_wait() -> Wait:
    """Every field differs from its default."""
    return Wait(
        id=f"{CHANNEL}/5.0",
        channel=CHANNEL,
        customer="dana",
        thread="4.0",
        messages=("5.0", "5.5"),
        opened_at=5.0,
        last_message_at=5.5,
        state=WaitState.ANSWERED,
        ended_at=9.25,
        replies=(
            Reply(message="8.0", by="ben", at=8.0, kind=ReplyKind.HOLDING, probability=0.875),
            Reply(message="8.5", by="ben", at=8.5, kind=ReplyKind.PROMISE, until=8.75),
            Reply(message="9.0", by="ana", at=9.25, kind=ReplyKind.PERSONAL, probability=0.5, canned=True),
        ),
        hold=Hold(kind=HoldKind.SNOOZE, since=6.0, until=7.5, by="mia", noted=True),
        owner="ana",
        owner_reason="named",
        not_me=("mia", "ben"),
        probability=0.625,
        evidence=("asks", "says “why?”"),
        came_back_from=f"{CHANNEL}/1.0",
        named_members=("ana",),
        automatic_replies=2,
        marked_by="ben",
        ladder_start=6.5,
        opened_by="member",
        possible_answer=Reply(
            message="7.0", by="mia", at=7.0, kind=ReplyKind.CLARIFYING, probability=0.25, asked=("mia", "ben"), unread=True
        ),
        insisted=Insistence(kind=HoldKind.CLAIM, by="ana", at=6.25),
        newcomer=True,
        by_thread=True,
        in_private=True,
        by_channel=True,
        automatic_by=("Zap", "Slackbot"),
        target=Target(first=900.0, whose="customer"),
        went_on=(FollowUp(message="7.5", at=7.5),),
        handed=Handing(
            by="mia",
            to="ana",
            at=6.0,
            before=BeforeHanding(
                owner="ben",
                owner_reason="claimed",
                hold=Hold(kind=HoldKind.CLAIM, since=5.25, until=9.0, by="ben"),
                ladder_start=7.0,
                not_me=("ana",),
                handed=Handing(by="ana", to="ben", at=5.75),
            ),
        ),
        displaced=Displaced(
            at=5.25,
            hold=Hold(kind=HoldKind.SNOOZE, since=4.5, until=9.5, by="mia"),
            owner="ana",
            owner_reason="duty",
            ladder_start=4.0,
            passed=True,
            earlier=Displaced(at=4.5, hold=None, owner=None, owner_reason="team", ladder_start=3.0),
        ),
        let_go=(
            LetGo(
                by="ben",
                how="unsnooze",
                was=Displaced(
                    at=5.5,
                    hold=Hold(kind=HoldKind.SNOOZE, since=4.5, until=9.5, by="mia", noted=True),
                    owner=None,
                    owner_reason="team",
                    ladder_start=4.0,
                ),
            ),
        ),
    )


def message(id: str = "3.0", **changes: Any) -> Message:
    values: dict[str, Any] = {
        "channel": CHANNEL,
        "at": 3.0,
        "author": "omar",
        "role": Role.CUSTOMER,
        "text": "Does “export” work?\n\U0001f642",
        "thread": "2.0",
        "reply_to": "2.5",
        "mentions": ("ana",),
        "calls_team": True,
        "files": 2,
        "marks": ("bot_id",),
    }
    return Message(id=id, **{**values, **changes})
