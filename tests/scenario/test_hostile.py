"""Thousands of texts that mean harm, through the real path: nobody is called by them, nothing falls over, nothing is lost."""

from __future__ import annotations

import asyncio
import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.slack_sandbox.acting import Person
from tests.thorough import examples

TEXTS = int(os.environ.get("REALREPLY_HOSTILE_TEXTS", examples(1000, 2500)))
"""`make attack` sends ten thousand."""

TOGETHER = 500
CUSTOMERS = 12

HARM = (
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S00000001|@support>",
    "<@U00000001>",
    "<@U00000002|ben>",
    "<@UNOBODY00>",
    "<#C00000001|help>",
    "<https://evil.example/?a=1|https://harbor.slack.com/archives/C1>",
    "<javascript:alert(1)|click>",
    "<mailto:a@evil.example|write us>",
    "<!date^0^{date}|never>",
    "@channel @here @everyone",
    "&lt;!channel&gt; &amp;lt;!here&amp;gt;",
    "<<!channel>>",
    "<!channel",
    "`<!channel>` ```<!here>```",
    "*bold* _it_ ~no~ `code`\n> quote\n>>> all of it",
    ":smile: :+1: :not_an_emoji:",
    "\u202eesrever \u200b\u200d\ufeff \u2028\u2029",
    "\x00\x01\x07\x1b[31m\x7f",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a\u0301" * 50,
    "' OR 1=1; DROP TABLE waits; --",
    "{{7*7}} ${jndi:ldap://evil.example} %s %n {0}",
    '"}],"blocks":[{"type":"section"}]',
    "https://evil.example/<!channel>",
    "\n" * 30,
    " ",
    "",
    "xoxb-000000000000-not-a-token",
    "¿" * 200,
)
MASS = re.compile(r"<!(?!date\^\d+\^)|<@|<#|<(?:javascript|mailto):", re.IGNORECASE)


def texts(seed: int) -> Iterator[str]:
    """Hostile texts: one or several of HARM, often with a question around them so that they are quoted, some of them huge."""
    choose = random.Random(seed)
    for _ in range(TEXTS):
        parts = [choose.choice(HARM) for _ in range(choose.choice((1, 1, 2, 3)))]
        if choose.random() < 0.6:
            parts.insert(choose.randrange(len(parts) + 1), "how can I fix this, can you help?")
        text = choose.choice(("", " ", "\n")).join(parts)
        if choose.random() < 0.01:
            text *= choose.choice((50, 200))
        yield text[:40_000]


def harms(sent: Any, members: frozenset[str]) -> Iterator[str]:
    """What in a payload of the bot's would call or lead somebody somewhere."""
    if isinstance(sent, list):
        for part in sent:
            yield from harms(part, members)
    if not isinstance(sent, dict):
        return
    match sent.get("type"):
        case "user" if sent["user_id"] not in members:
            yield f"names {sent['user_id']}"
        case "broadcast" | "usergroup" | "channel" | "team" | "emoji":
            yield f"holds {sent}"
        case "link" if not sent["url"].startswith("https://harbor.slack.com/archives/"):
            yield f"leads to {sent['url']}"
        case "mrkdwn" if MASS.search(sent["text"]):
            yield f"says {sent['text']}"
        case None if isinstance(sent.get("text"), str) and MASS.search(sent["text"]):
            yield f"falls back to {sent['text']}"
    for part in sent.values():
        yield from harms(part, members)


@pytest.mark.slow
@pytest.mark.only("slack")
@pytest.mark.alone
@pytest.mark.setup(watch="everything", budget=100, mode="http", ack_seconds=60.0)
async def test_thousands_of_hostile_texts(stage: SlackStage) -> None:
    fake = stage.fake
    channel = fake.workspace.conversation("help")
    crowd: list[Person] = []
    for number in range(CUSTOMERS):
        person = stage.arrives(f"<!channel> {HARM[number % len(HARM)][:20]} {number}")
        channel.members.append(person.id)
        crowd.append(person)
    members = frozenset(stage.persons[name].id for name in ("ana", "ben", "cleo"))
    hostile = list(texts(seed=1))
    for start in range(0, TEXTS, TOGETHER):
        batch = hostile[start : start + TOGETHER]
        await asyncio.gather(*(says(stage, crowd[number % CUSTOMERS], text) for number, text in enumerate(batch)))
        await stage.advance(minutes=31)
        ana = stage.people["ana"]
        await ana.commands("waiting")
        if start % 1000 == 0:
            await stage.people["ben"].home()
            await ana.commands("digest now")
            await ana.commands("why " + batch[0].strip()[:50])
        await answer_all(stage)
    assert stage.stored() == TEXTS
    found = [harm for record in fake.outgoing for harm in harms(record.arguments, members)]
    assert found == []
    assert (
        len([record for record in fake.outgoing if record.method == "chat.postMessage" and record.accepted]) >= TEXTS // TOGETHER
    )


async def answer_all(stage: SlackStage) -> None:
    """Ana marks all that is open, so that the next texts open waits of their own."""
    ana, messages = stage.persons["ana"], stage.fake.workspace.conversation("help").messages
    await asyncio.gather(*(ana.reacts(messages[wait.opening], "white_check_mark") for wait in await stage.waits()))
    await stage.settle()
    assert await stage.waits() == ()


async def says(stage: SlackStage, person: Person, text: str) -> None:
    """As it travels: `Person.says` would tidy it up."""
    body = {"client_msg_id": "00000000-0000-0000-0000-000000000000", "text": text, "user": person.id, "team": person.team.id}
    _, sending = stage.fake.put(stage.fake.workspace.conversation("help"), body)
    await asyncio.gather(*sending)
