"""The fake as a process of its own: its control surface, its page, its pictures."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.bolts import make_app, over_http, over_socket
from tests.slack_sandbox.picture import document
from tests.slack_sandbox.sample import Harbor, harbor

ROOT = Path(__file__).parents[3]
BUTTONS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "block_id": f"row{number}",
        "elements": [
            {"type": "button", "action_id": "claim", "value": str(number), "text": {"type": "plain_text", "text": "Claim"}}
        ],
    }
    for number in (1, 2)
]
Ask = Callable[..., Any]


@pytest_asyncio.fixture
async def town(slack: FakeSlack) -> Harbor:
    return harbor(slack)


@pytest_asyncio.fixture
async def ask(slack: FakeSlack, town: Harbor) -> AsyncIterator[Ask]:
    """Asks the control surface; gives the answer, whatever its status."""
    async with aiohttp.ClientSession() as session:

        async def call(path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
            verb = method or ("POST" if body is not None else "GET")
            async with session.request(verb, f"http://127.0.0.1:{slack.port}/fake/{path}", json=body) as response:
                return await response.json()

        yield call


async def test_another_process_can_act_and_look(slack: FakeSlack, town: Harbor, ask: Ask) -> None:
    got: list[dict[str, Any]] = []
    app = make_app(slack, got)
    clicked: list[str] = []

    @app.action("claim")
    async def claim(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        clicked.append(body["actions"][0]["value"])

    async with over_socket(slack, app):
        said = await ask("do", {"who": "Dana", "verb": "says", "channel": "help", "text": "hello"})
        await ask("do", {"who": "Ana", "verb": "reacts", "channel": said["channel"], "ts": said["ts"], "name": "eyes"})
        await ask("channel", {"verb": "rename", "channel": "random", "name": "chat"})
        posted = await app.client.chat_postMessage(channel=town.support_team.id, text="Claim", blocks=BUTTONS)
        await ask(
            "do",
            {"who": "Ben", "verb": "clicks", "channel": "support-team", "ts": posted["ts"], "what": ["row2", "claim"]},
        )
        await ask("app_posts", {"channel": "help", "text": "beep", "name": "Beeper"})
    assert clicked == ["2"]
    state = await ask("state")
    help_ = next(channel for channel in state["channels"] if channel["name"] == "help")
    assert [post["text"] for post in help_["posts"]] == ["hello", "beep"] and help_["shared_with"]
    assert help_["posts"][0]["reactions"][0]["name"] == "eyes"
    assert [sent["method"] for sent in await ask("outgoing")] == ["chat.postMessage"]
    assert any(call["method"] == "auth.test" for call in await ask("calls"))
    assert {delivery["kind"] for delivery in await ask("deliveries")} == {"events_api", "interactive"}


@pytest.mark.parametrize(
    "body",
    [
        {"who": "Nobody", "verb": "says", "channel": "help", "text": "x"},
        {"who": "Dana", "verb": "explodes"},
        {"who": "Dana", "verb": "says", "channel": "support-team", "text": "x"},
        {"who": "Dana", "verb": "says", "channel": "help"},
    ],
)
async def test_senseless_requests_get_a_sentence(ask: Ask, body: dict[str, Any]) -> None:
    answer = await ask("do", body)
    assert not answer["ok"] and len(answer["error"]) > 5


async def test_trouble_time_and_floods_from_outside(slack: FakeSlack, ask: Ask) -> None:
    before = slack.clock.now()
    await ask("advance", {"seconds": 60})
    assert slack.clock.now() == before + 60
    await ask("trouble", {"kind": "refuse", "method": "auth.test", "error": "account_inactive", "times": 2})
    assert [mishap.error for mishap in slack.trouble.planned] == ["account_inactive"]
    assert not (await ask("trouble", {"kind": "earthquake"}))["ok"]
    await ask("trouble", {"kind": "clear"})
    got: list[dict[str, Any]] = []
    async with over_http(slack, make_app(slack, got)):
        assert (await ask("http", {"verify": True}))["verified"]
        flooded = await ask("flood", {"count": 10, "concurrency": 2, "channel": "help"})
    assert flooded["answered"] == 10 and flooded["p50"] > 0
    slack.offence("made up")
    assert await ask("offences") == ["made up"]
    await ask("offences", method="DELETE")
    assert slack.offences == []


async def test_the_page_is_there_only_when_asked_for(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{slack.port}") as session:
        async with session.get("/") as response:
            assert response.status == 404
        assert slack.offences.pop().endswith("there is no such route")
        slack.page = True
        for path in ("/", "/page/blocks.js", "/page/page.js", "/page/page.css", "/page/blocks.css"):
            async with session.get(path) as response:
                assert response.status == 200
                text = await response.text()
                assert "http://" not in text and "https://" not in text.replace("https?:", ""), "nothing is loaded from outside"
        async with session.get("/page/..%2Ffake.py") as response:
            assert response.status == 404
    slack.offences.clear()


def test_a_picture_holds_its_payload_and_cannot_be_broken_out_of() -> None:
    page = document({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "</script><b>boo</b>"}}]})
    assert page.count("</script>") == 1 and "boo" in page


def test_it_runs_as_a_process_and_ends_on_sigterm() -> None:
    command = [sys.executable, "-m", "tests.slack_sandbox", "--json", "--page", "--shortcut", "report=Report"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        where = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert process.stdout.read() == ""
    assert where["base_url"].startswith("http://127.0.0.1:") and where["bot_token"].startswith("xoxb-") and where["page"]
