"""Ids made of ids: whatever is put in comes out again, and ordinary ids are spelled as they always were."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain import keys
from bot.domain.events import Acted, EventKey, Reacted
from bot.domain.keys import ChannelKey

IDS = st.one_of(
    st.text(min_size=1, max_size=30),
    st.text(alphabet=":/%#! .@$ae5C\n\t\u00a0\u200b\ud800", min_size=1, max_size=12),
    st.sampled_from(["!room:example.org", "$event/1:example.org", "100%", "%3A", "a b", "#help", "C1", "1700000000.000100"]),
)
NAMES = st.sampled_from(["slack", "discord", "local", "ma:trix", "irc/net"])


@given(platform=NAMES, workspace=IDS | st.just(""), channel=IDS, message=IDS)
@example(platform="matrix", workspace="example.org:8448", channel="!room:server/x", message="$a/b:c#d%2Fe f")
def test_what_is_put_into_a_key_comes_out_of_it(platform: str, workspace: str, channel: str, message: str) -> None:
    value = ChannelKey(platform=platform, workspace=workspace, channel=channel)
    key = value.spell()
    assert ChannelKey.parse(key) == value
    assert (keys.platform_of(key), keys.channel_id(key)) == (platform, channel)
    wait = keys.message_key(key, message)
    assert (keys.channel_of(wait), keys.message_of(wait)) == (key, message)
    assert keys.wait_of(keys.reminder_keys(wait, 2) + "0") == wait
    assert keys.split_ref(keys.post_ref(channel, message)) == (channel, message)
    assert not set(key + wait) & set(" \n\t\u00a0\u200b"), "a key is one printable word"


@given(verb=st.sampled_from(["claim", "not_me"]), parts=st.lists(IDS, max_size=3))
def test_what_is_put_into_a_button_comes_out_of_it(verb: str, parts: list[str]) -> None:
    argument = keys.argument(*parts)
    assert keys.split_argument(argument) == tuple(parts)
    assert keys.split_code(keys.code(verb, argument)) == (verb, argument)


@given(one=st.lists(IDS, min_size=2, max_size=2), other=st.lists(IDS, min_size=2, max_size=2))
@example(one=["a:b", "c"], other=["a", "b:c"])
def test_different_parts_are_never_spelled_the_same(one: list[str], other: list[str]) -> None:
    assert (keys.joined(*one) == keys.joined(*other)) == (one == other)
    assert (keys.post_ref(*one) == keys.post_ref(*other)) == (one == other)


def test_ordinary_ids_are_spelled_as_in_databases_that_are_there() -> None:
    slack = ChannelKey(platform="slack", workspace="T024BE7LD", channel="C024BE91L").spell()
    assert slack == "slack:T024BE7LD:C024BE91L"
    assert keys.message_key(slack, "1700000000.000100") == "slack:T024BE7LD:C024BE91L/1700000000.000100"
    assert keys.reminder_keys(f"{slack}/1700000000.000100", 1) == "slack:T024BE7LD:C024BE91L/1700000000.000100#1."
    assert keys.post_ref("C024BE91L", "1700000000.000100") == "C024BE91L/1700000000.000100"
    assert keys.code("confirm", keys.argument("w17", "1700000000.000100")) == "confirm:w17/1700000000.000100"
    reaction = Reacted(channel=slack, id="1.0", by="U1", by_member=True, emoji="+1", at=17.5)
    assert reaction.key == EventKey(channel=slack, message="1.0", kind="reacted", edit="U1:+1:17.5")
    assert Acted(channel=slack, wait="w", verb="claim", by="U1", at=17.0).key == EventKey(
        channel=slack, message="w", kind="acted:claim", edit="U1:17.0"
    )
    for name in ("überseehafen", "help-desk_2", "привет", "日本"):
        assert keys.encoded(name) == name


@pytest.mark.parametrize(("key", "platform", "channel"), [("help", "", "help"), ("local:help", "local", "help"), ("", "", "")])
def test_shorter_keys(key: str, platform: str, channel: str) -> None:
    assert (keys.platform_of(key), keys.channel_id(key)) == (platform, channel)
    value = ChannelKey.parse(key)
    assert (value.platform, value.workspace, value.channel) == (platform, "", channel)
    assert value.spell() == key


@pytest.mark.parametrize("code", ["", "claim", "no colon at all"])
def test_what_is_no_code_has_no_verb(code: str) -> None:
    assert keys.split_code(code) == ("", code)


def test_what_only_looks_encoded_stays_as_it_is() -> None:
    assert keys.decoded("100%") == "100%"
    assert keys.decoded("%FF") == "%FF", "no letter is spelled so"
