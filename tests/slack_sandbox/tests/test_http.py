"""HTTP mode, with Bolt's own server as the app."""

from __future__ import annotations

from typing import Any

from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.bolts import make_app, over_http


async def test_events_commands_and_the_challenge(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    ana = slack.person("Ana")
    slack.channel("help", members=[ana])
    app = make_app(slack, got)

    @app.command("/realreply")
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack(f"You said {body['text']} & more")

    async with over_http(slack, app):
        assert await slack.http.verify()
        await ana.says("help", "hello")
        await ana.slash("/realreply", "waiting mine", channel="help")
    assert [b["event"]["text"] for b in got] == ["hello"]
    assert [seen.text for seen in ana.sees()] == ["You said waiting mine & more"]


async def test_spoilt_requests_are_refused(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    ana = slack.person("Ana")
    slack.channel("help", members=[ana])
    async with over_http(slack, make_app(slack, got)):
        slack.http.wrong_signature = True
        await ana.says("help", "forged")
        slack.http.wrong_signature = False
        slack.http.age = 400
        await ana.says("help", "old")
        slack.http.age = 0
        await ana.says("help", "fresh")
        assert await slack.http.replay() == ("", {})
    first, second, third = slack.deliveries("message")
    assert first.tries == second.tries == ["http_error", "http_error"] and third.tries == [""]
    assert [b["event"]["text"] for b in got] == ["fresh", "fresh"]
    retried = slack.http.sent[1].headers
    assert (retried["X-Slack-Retry-Num"], retried["X-Slack-Retry-Reason"]) == ("1", "http_error")


async def test_a_flood_is_measured(slack: FakeSlack) -> None:
    got: list[dict[str, Any]] = []
    ana = slack.person("Ana")
    help_ = slack.channel("help", members=[ana])
    async with over_http(slack, make_app(slack, got)):
        flooded = await slack.flood(50, 5, channel=help_)
    assert flooded.failed == 0 and len(flooded.seconds) == len(got) == len(help_.posts) == 50
    assert 0 < flooded.percentile(0.5) <= flooded.percentile(0.99) < 5
