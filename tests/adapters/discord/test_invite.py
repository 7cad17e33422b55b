"""The link that lets the bot in asks for the least, by Discord's own numbers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord

from adapters.discord.invite import BITS, POSTS, READS, VOICE, invitation, permissions


def test_the_numbers_are_discords() -> None:
    for name in BITS:
        assert 1 << BITS[name] == discord.Permissions(**{name: True}).value
    assert set(BITS) == {*READS, *POSTS, *VOICE}


def test_the_link() -> None:
    link = urlsplit(invitation(77, 88))
    asked = parse_qs(link.query)
    assert (link.netloc, link.path) == ("discord.com", "/oauth2/authorize")
    assert asked == {
        "client_id": ["77"],
        "scope": ["bot applications.commands"],
        "permissions": [str(permissions())],
        "guild_id": ["88"],
    }
    least = discord.Permissions(view_channel=True, read_message_history=True, send_messages=True)
    assert discord.Permissions(permissions()) == least
