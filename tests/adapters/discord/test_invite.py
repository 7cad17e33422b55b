"""The link that lets the bot in asks for the least, by Discord's own numbers."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import discord

from adapters.discord.invite import BITS, POSTS, READS, VOICE, for_oneself, invitation, permissions


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


def test_who_installs_it_for_themselves_lets_it_into_no_server_and_gives_it_nothing() -> None:
    asked = parse_qs(urlsplit(for_oneself(77)).query)
    assert asked == {"client_id": ["77"], "integration_type": ["1"], "scope": ["applications.commands"]}
