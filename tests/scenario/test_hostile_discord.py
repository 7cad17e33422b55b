"""Texts, names, threads, titles and clicks that mean harm, through Discord's whole path: the gateway, storage, reminders,
requests. Nobody is called by them, nothing falls over, nothing is lost, nothing leaves to customers."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from tests.discord_sandbox import Channel, Person
from tests.discord_sandbox.model import FORUM, Outgoing
from tests.scenario.discord_looks import look
from tests.scenario.discord_stage import DiscordStage
from tests.thorough import examples

TEXTS = int(os.environ.get("REALREPLY_HOSTILE_TEXTS", examples(500, 10_000)))
"""`make soak` and `make attack` send ten thousand."""

TOGETHER = 250
MOST = 4_000
"""Letters that Discord lets people write who pay for it."""

HARM = (
    "@everyone",
    "@here @everyone",
    "<@&{role}> <@&{team}>",
    "<@{ana}> <@!{ben}>",
    "<@1> <@&1> <#1> </x:1>",
    "[discord.com](https://evil.example/?a=1)",
    "[click](<javascript:alert(1)>) [x](data:text/html,1)",
    "<https://evil.example> https://evil.example/@everyone",
    "@\u200beveryone @\u2060here <\u200b@{ana}>",
    "\u202eenoyreve@ \u2066\u2067\u2069 \u200f\u200e",
    "\ufeff\u200b\u200c\u200d\u00ad\u034f\u115f\u3164",
    "*bold* **b** __u__ ~~no~~ ||spoiler|| `code` ```\n@everyone\n```",
    "# big\n## big\n-# small\n> quote\n>>> all of it\n- a\n1. b",
    "<t:0:R> <t:99999999999999:F> <:x:1> <a:x:1> :smile:",
    "<id:customize> <id:guide> <sound:0:1>",
    "\\@everyone \\<@{ana}> \\\\",
    "`` ` ``` ` <@{ana}>",
    "\x1b[31m\x07\x7f",
    "a\u0301" * 60,
    "\N{GRINNING FACE}" * 90,
    "' OR 1=1; DROP TABLE waits; --",
    "{{7*7}} ${{jndi:ldap://evil.example}} %s %n {0}",
    '"}}],"components":[{{"type":2,"custom_id":"claim:w1"}}]',
    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.not-a-token-of-anybody",
    "claim:w1 ~n1~claim:w1 dismiss:w1",
    "\n" * 30,
    " ",
    "@realreply start",
    "@realreply dismiss w1",
)

FORGED = (
    "claim:w99",
    "drop:tables",
    "~n1~",
    "~n1.h2~claim:",
    "~~claim:w1",
    "~k@everyone~claim:w1",
    "x" * 100,
    "claim:w1/../../w2",
    "form:@everyone",
    "claim:\u202ew99",
    "answered:w99\x00",
    "home:999999999999999999999",
)


def texts(stage: DiscordStage, seed: int) -> Iterator[str]:
    """One or several of HARM, often with a question around them so that they are quoted, some as long as can be."""
    choose, world = random.Random(seed), stage.fake.world
    guild = world.guild()
    names = {name: stage.persons[name].id for name in ("ana", "ben")}
    names |= {"team": world.role(guild, "team").id, "role": world.role(guild, "crowd").id}
    while True:
        parts = [choose.choice(HARM).format(*[""], **names) for _ in range(choose.choice((1, 1, 2, 3)))]
        if choose.random() < 0.6:
            parts.insert(choose.randrange(len(parts) + 1), "how can I fix this, can you help?")
        text = choose.choice(("", " ", "\n")).join(parts)
        if choose.random() < 0.05:
            text = (text + " ") * (MOST // (len(text) + 1) + 1)
        yield text[:MOST]


def harms(record: Outgoing, members: frozenset[str]) -> Iterator[str]:
    """What in a message of the bot's would call or lead somebody somewhere."""
    data: dict[str, Any] = record.body.get("data") or record.body
    strangers = set(record.notified) - members
    if strangers:
        yield f"notifies {strangers}"
    allowed = data.get("allowed_mentions")
    if record.what in ("message", "edit", "followup", "answer") and bool(data.get("components") or data.get("content")):
        calls = set(map(str, (allowed or {}).get("users") or ()))
        careful = allowed is not None and not allowed.get("parse") and not allowed.get("roles")
        yield from () if careful and calls <= members else (f"allows to call {allowed}",)
    seen = look(str(data.get("content") or ""), data.get("components") or [], str)
    yield from (f"leads to {link}" for link in seen.links if not link.startswith("https://discord.com/channels/"))
    yield from (f"names {call}" for call in seen.calls if call not in members)


async def settled_by_ana(stage: DiscordStage) -> None:
    """Ana marks all that is open, so that the next texts open waits of their own."""
    posts = {post.id: post for channel in stage.fake.world.channels.values() for post in channel.posts}
    for wait in await stage.waits():
        post = posts[wait.opening]
        post.reactions.setdefault("✅", []).append(stage.persons["ana"].id)
        stage.fake.announcer.reaction("MESSAGE_REACTION_ADD", stage.persons["ana"], post, "✅")
    await stage.settle()
    assert await stage.waits() == ()


@pytest.mark.only("discord")
@pytest.mark.alone
@pytest.mark.setup(watch="everything", budget=100)
async def test_hundreds_of_hostile_texts(stage: DiscordStage) -> None:
    fake, ana = stage.fake, stage.people["ana"]
    await fake.creates_role("crowd")
    forum = await fake.creates("questions", kind=FORUM)
    foreign = fake.guild("Evil")
    lair = fake.channel("lair", guild=foreign)
    fake.role("team", guild=foreign)
    await fake.invites(foreign)
    await stage.advance(minutes=1)  # the forum's past is read
    members = frozenset(stage.persons[name].id for name in ("ana", "ben", "cleo"))
    hostile = texts(stage, seed=1)
    crowd = [stage.arrives(f"p{n}", nick=text.strip()[:32] or None) for n, text in enumerate(islice(hostile, 12))]
    eve = fake.person("Eve", guild=foreign, roles=["team"])
    places: list[Channel] = [fake.world.channel("help"), fake.world.channel("help")]
    places.append(await crowd[0].opens_thread("help", next(hostile).strip()[:90] or "x"))
    written = 0
    for start in range(0, TEXTS, TOGETHER):
        title = next(text for text in hostile if text.strip())
        starter = await crowd[1].posts(forum, title[:90], "\u200b" + title[:1900])
        written += 1
        posted = fake.world.channels[starter.id]
        for number, text in enumerate(islice(hostile, TOGETHER)):
            said(fake, crowd[number % len(crowd)], (*places, posted)[number % 4], text)
            written += 1
        said(fake, eve, lair, next(hostile))
        await stage.settle()
        await stage.advance(minutes=31)
        await ana.commands("waiting")
        if start == 0:
            await forged_clicks(stage, crowd[0])
            await stage.people["ben"].home()
            await ana.commands("digest now")
            await ana.commands("why w1")
        await settled_by_ana(stage)
    assert [found for record in stage.outbox for found in harms(record, members)] == []
    assert len([record for record in stage.outbox if record.what == "message" and record.accepted]) >= TEXTS // TOGETHER
    assert all("a tool of the team" in words and len(words) < 200 for words in stage.seen_outside()), "one fixed sentence"
    assert not [record for record, _ in stage.outbox.outside if record.what in ("message", "edit")]
    assert not [post for post in lair.posts if post.author.id == fake.world.bot.id]
    assert stage.stored() == written


def said(fake: Any, person: Person, place: Channel, text: str) -> None:
    """As it travels: `Person.says` would tidy it up."""
    fake.put(place, person, text)


async def forged_clicks(stage: DiscordStage, customer: Person) -> None:
    """Below a post of the bot's, by a member, and by a customer who can't see it: always answered, and nothing comes of it."""
    (post, *_) = stage.team.sees()
    before = {wait.id for wait in await stage.waits()}
    for custom_id in FORGED:
        for person in (stage.persons["ana"], customer):
            pressed = await person.presses(post.native, custom_id)
            await stage.settle()
            assert pressed.answered, custom_id
    pressed = await customer.presses(post.native, "dismiss:w1")
    await stage.settle()
    assert pressed.answered and {wait.id for wait in await stage.waits()} == before
