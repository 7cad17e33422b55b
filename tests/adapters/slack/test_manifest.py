"""The manifest that a team pastes: the least scopes, what the code listens to, and Slack's limits for its texts."""

from __future__ import annotations

import itertools
import re

import pytest

from adapters.slack.manifest import Wanted, events, manifest, scopes
from adapters.slack.surfaces import AUTO_DM, CHECK, COMMAND, NEEDS_NONE, WAITS
from bot.settings.model import Settings
from bot.wiring.slack_tokens import wanted
from tests.slack_sandbox.announcing import EVENTS

LEAST = {
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "dnd:read",
    "team:read",
    "reactions:read",
    "users:read",
}
EVERY = [
    Wanted(private=private, email=email, groups=groups, dm=dm, http=http)
    for private, email, groups, dm, http in itertools.product((False, True), repeat=5)
]


def found(pattern: str, text: str) -> list[str]:
    return re.findall(pattern, text, re.MULTILINE)


def test_only_what_is_wanted_is_asked_for() -> None:
    assert scopes(Wanted(private=False, dm=False)) == LEAST
    assert scopes(Wanted(dm=False)) - LEAST == {"groups:history", "groups:read"}
    assert scopes(Wanted(private=False)) - LEAST == {"im:write"}
    assert scopes(Wanted(private=False, dm=False, email=True)) - LEAST == {"users:read.email"}
    assert scopes(Wanted(private=False, dm=False, groups=True)) - LEAST == {"usergroups:read"}


def test_user_groups_are_listened_to_where_the_settings_name_some() -> None:
    groups = {"subteam_created", "subteam_members_changed", "subteam_updated"}
    assert events(Wanted(groups=True)) - events(Wanted()) == groups
    for named in ([], ["support"]):
        settings = Settings.model_validate({"team": {"slack_user_groups": named}, "slack": {}})
        assert ("usergroups:read" in scopes(wanted(settings))) is bool(named)


@pytest.mark.parametrize("asked", EVERY, ids=str)
def test_every_event_has_its_scope_and_every_scope_is_used(asked: Wanted) -> None:
    """The scopes events need: as the pages of docs.slack.dev, /reference/events, have them. Those left are of methods."""
    granted, sent = scopes(asked), events(asked)
    needed = [set(EVENTS[event].split("|")) for event in sent - {"channel_id_changed"} if EVENTS[event]]
    assert all(any_of & granted for any_of in needed)
    of_methods = {"chat:write", "commands", "im:write", "team:read", "users:read.email"}
    assert granted - of_methods - {"channels:history", "groups:history"} <= set().union(*needed)


@pytest.mark.parametrize("asked", EVERY, ids=str)
def test_no_line_is_there_twice_and_no_mark_is_left(asked: Wanted) -> None:
    text = manifest(asked)
    assert "# [" not in text and "\t" not in text
    assert ("YOUR-HOST" in text) is asked.http
    assert len(found(r"socket_mode_enabled: (\w+)", text)) == 1
    listed = found(r"^      - (.+)$", text)
    assert len(listed) == len(set(listed))


def test_it_never_asks_for_direct_messages_other_names_or_channels_management() -> None:
    text = manifest(Wanted(email=True))
    for forbidden in ("im:history", "mpim", "customize", "manage", "message.im", "admin", "users:write"):
        assert forbidden not in text


def test_the_events_exist_and_private_channels_need_their_scope() -> None:
    sent = events(Wanted(groups=True))
    assert sent == set(found(r"^      - ([a-z_]+(?:\.[a-z]+)?)$", manifest(Wanted(groups=True)).partition("bot_events")[2]))
    assert sent <= EVENTS.keys() and {"message.channels", "message.groups", "app_home_opened", "tokens_revoked"} <= sent
    public = manifest(Wanted(private=False))
    assert "group_" not in public and "message.groups" not in public


def test_command_and_shortcuts_are_those_the_code_answers() -> None:
    text = manifest(Wanted())
    assert found(r"command: (\S+)", text) == [COMMAND]
    assert set(found(r"callback_id: (\S+)", text)) == {WAITS, NEEDS_NONE, CHECK, AUTO_DM}
    assert text.count("type: message\n") == 4
    for on in (True, False):
        settings = Settings.model_validate({"slack": {}, "reports": {"auto_dms": on}})
        assert ("callback_id: auto_dm" in manifest(wanted(settings))) is on


def test_the_texts_are_within_slacks_limits() -> None:
    """https://docs.slack.dev/reference/app-manifest"""
    text = manifest(Wanted())
    assert len(found(r"^  name: (.+)$", text)[0]) <= 35
    assert len(found(r"^  description: (.+)$", text)[0]) <= 140
    long = " ".join(text[text.index(">-") + 2 : text.index("  background_color")].split())
    assert 174 <= len(long) <= 4000
    assert all(len(name) <= 24 for name in found(r"^    - name: (.+)$", text))
    assert all(len(said) <= 150 for said in found(r"^      description: (.+)$", text))
