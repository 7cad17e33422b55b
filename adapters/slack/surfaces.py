"""Slack's surfaces through bolt: events, the slash command, buttons and menus, forms, the Home, message shortcuts.

Each listener translates what came, hands it to the bot, and shows the answer to who asked, privately. Everything is
acknowledged after it is done: what Slack hands in has been committed by then (bolt's `process_before_response`), and what failed
isn't acknowledged, so that Slack delivers it again.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal
from weakref import WeakValueDictionary

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest, AsyncRespond
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.channels import is_direct
from adapters.slack.directory import Directory, tells_of_readers
from adapters.slack.inbound import MEMBERSHIPS, Inbound, Undecided, Unreadable
from adapters.slack.installation import Installation
from adapters.slack.render import code_of, form_of, name_of_input, render_home, render_message, render_modal
from adapters.slack.tags import in_tags
from adapters.slack.web import Web
from adapters.slack_format.text import unescape
from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Seconds
from bot.domain.events import Event, Posted, Says
from bot.domain.gaps import FailedEvent, GapReason
from bot.domain.messages import Message
from bot.domain.outgoing import Address
from bot.domain.people import Role
from bot.domain.views import LISTED, Form, View
from bot.errors import AccessLost, DeliveryError, RetryLater
from bot.ports import Clock, Intake, InteractionHandler

COMMAND: Final = "/realreply"
WAITS: Final = "waits"
NEEDS_NONE: Final = "needs_none"
CHECK: Final = "check"
AUTO_DM: Final = "auto_dm"
"""The message shortcuts' callback ids, as the manifest names them."""

IN_TIME: Seconds = 2.0
"""An answer that takes longer is sent after the acknowledgement, for which Slack waits 3 s
(https://docs.slack.dev/interactivity/handling-user-interaction)."""

LONGEST_URL: Final = 2_000
"""Characters of a response URL that go along with a form: what goes along may have 3,000."""

MOST_ANSWERED: Final = 200
"""Messages that named the bot which are kept in mind as answered: Slack repeats an event within minutes."""

RETRIED: Final = "x-slack-retry-num"
"""The header with which Slack delivers something again, as bolt spells it (https://docs.slack.dev/apis/events-api, "Retries")."""

log = structlog.get_logger()


class Events(AsyncMiddleware):
    """Takes events where bolt would begin to look for a listener, which costs as much again as all that it does before (signature
    and authorization), for every message. Like a listener's: acknowledged when it returns, not when it raises."""

    def __init__(
        self,
        installation: Installation,
        take: Callable[[dict[str, Any], dict[str, Any], bool], Awaitable[None]],
        rate_limited: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        self._installation = installation
        self._take = take
        self._rate_limited = rate_limited

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse | None:
        """Deal with an event; everything else goes on to its listener. Another workspace's is acknowledged and left alone: Slack
        would deliver it again and in the end switch off the app's events for everybody."""
        body, kind = req.body, req.body.get("type")
        event = body.get("event")
        if kind != "app_rate_limited" and (kind != "event_callback" or not isinstance(event, dict)):
            return await next()
        if self._installation.receives(body):
            if kind == "event_callback" and isinstance(event, dict):
                await self._take(body, event, _is_retried(req))
            else:
                await self._rate_limited(body)
        return BoltResponse(status=200, body="")


class Surfaces:
    """What Slack shows of the bot. `on_change` is handed events that tell of channels and people."""

    def __init__(
        self,
        web: Web,
        directory: Directory,
        inbound: Inbound,
        intake: Intake,
        interactions: InteractionHandler,
        *,
        on_change: Callable[[dict[str, Any]], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._web = web
        self._clock = clock
        self._directory = directory
        self._inbound = inbound
        self._intake = intake
        self._interactions = interactions
        self._on_change = on_change
        self._answered: deque[str] = deque(maxlen=MOST_ANSWERED)
        self._publishing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def put_up(self, app: AsyncApp, installation: Installation) -> None:
        """Listen to everything an app may be handed."""
        app.middleware(Events(installation, self._event, self._rate_limited))
        app.command(COMMAND)(self._command)
        app.action(re.compile("^act:"))(self._action)
        app.view(re.compile(".*"))(self._submission)
        app.view_closed(re.compile(".*"))(self._closed)
        app.shortcut({"type": "message_action", "callback_id": WAITS})(self._shortcut)
        app.shortcut({"type": "message_action", "callback_id": NEEDS_NONE})(self._shortcut)
        app.shortcut({"type": "message_action", "callback_id": CHECK})(self._check)
        app.shortcut({"type": "message_action", "callback_id": AUTO_DM})(self._report_auto_dm)

    async def _rate_limited(self, body: dict[str, Any]) -> None:
        """Slack drops events beyond 30,000 an hour, and says so in an envelope of its own
        (https://docs.slack.dev/reference/events/app_rate_limited): what was dropped is read back."""
        since = body.get("minute_rate_limited")
        log.warning("slack_rate_limited", say="Slack dropped events: there were too many. They are read back.", since=since)
        if isinstance(since, int | float):
            await self._intake.missed(GapReason.DROPPED, float(since), whole=True)

    async def _event(self, body: dict[str, Any], event: dict[str, Any], retried: bool) -> None:
        kind = event.get("type")
        if kind == "message" or kind in ("reaction_added", "reaction_removed"):
            if tells_of_readers(event):
                await self._on_change(event)
            for happened in await self._translated(body, str(kind)):
                if retried:
                    # An earlier delivery failed. Others, in any channel, may have failed as often as Slack tries.
                    await self._intake.missed(GapReason.RETRIED, happened.at, whole=False)
                await self._intake.receive(happened)
        elif kind == "app_home_opened":
            if event.get("tab") == "home":
                await self.show_home(str(event.get("user") or ""))
        elif kind == "app_uninstalled":
            self._lose("the app was uninstalled")
        elif kind == "tokens_revoked":
            tokens = event.get("tokens")
            if not isinstance(tokens, dict) or tokens.get("bot") or not tokens.get("oauth"):  # somebody's own token isn't ours
                self._lose("its token was revoked")
        elif kind == "app_mention":  # Slack sends the message itself, too
            await self._mentioned(event)
        else:
            await self._on_change(event)
            if kind in MEMBERSHIPS:
                for happened in await self._translated(body, str(kind)):
                    await self._intake.receive(happened)

    async def _mentioned(self, event: dict[str, Any]) -> None:
        """Somebody named the bot in a channel (https://docs.slack.dev/reference/events/app_mention): what comes after its name is
        for it. Slack may deliver that again while we still answer."""
        who, channel, ts = (str(event.get(key) or "") for key in ("user", "channel", "ts"))
        called, told = f"<@{self._directory.bot_user}", str(event.get("text") or "")
        if event.get("bot_id") or event.get("edited") or called not in told or not who or not channel or is_direct(channel):
            return
        if ts in self._answered:
            return
        self._answered.append(ts)
        before, _, after = told.partition(called)
        text = unescape(in_tags(after.partition(">")[2]))
        thread = str(event.get("thread_ts") or "") or None
        where = Address("slack", "channel", channel)
        try:
            await self._interactions.called(who, await self._role(who), where, text, before=unescape(before), thread=thread)
        except BaseException:
            self._answered.remove(ts)  # Slack delivers it again
            raise

    async def _translated(self, body: dict[str, Any], kind: str) -> tuple[Event, ...]:
        """What a body tells of. What we fail to read is noted for people and for the next start, and only then acknowledged. What
        can't be read before Slack was asked isn't acknowledged, and is read back should Slack not deliver it again."""
        try:
            return await self._inbound.translate(body)
        except Undecided as error:
            since = float(error.message)
            await self._intake.missed(GapReason.REFUSED, since, whole=False, channel=error.channel)
            raise
        except Unreadable as error:
            await self._intake.unreadable(
                FailedEvent(
                    channel=error.channel,
                    message=error.message,
                    kind="posted" if kind == "message" else kind,
                    edit="",
                    at=float(error.message),
                    error=type(error.__cause__).__name__,
                    noted_at=self._clock.now(),
                )
            )
            return ()

    def _lose(self, why: str) -> None:
        """Slack threw us out."""
        instead = "Everything until then is kept. Install the app again, set the new token, and start realreply again."
        self._intake.lost(AccessLost(f"Slack no longer lets realreply in: {why}. {instead}"))

    async def _command(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        who = str(body.get("user_id") or "")
        text = in_tags(str(body.get("text") or ""))
        await self._answer(ack, respond, self._asked(who, lambda role: self._interactions.command(who, role, text)))

    async def _action(self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        who = _user(body)
        code = code_of(action)
        if not code:
            await ack()
            return
        role = await self._role(who)
        form = await self._interactions.form(who, role, code)
        if form is not None:
            # A form opens only within 3 s of the click, by its trigger: before anything else.
            await self._open(body, render_modal(form, name_of=self._name_of, private_metadata=_opened_from(body, form)))
            await ack()
            return
        view = await self._interactions.click(who, role, code)
        await ack()
        if _place(body) == "home":
            await self.show_home(who)
            await self._open(body, render_modal(view, name_of=self._name_of))
        elif _place(body) == "modal":
            await self._change_modal(body, view)
        else:
            await self._respond(respond, view, replace=_is_ours_alone(body))

    async def _submission(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        who = _user(body)
        code, values = form_of(view)
        if not code:
            await ack()
            return
        values = {name: in_tags(value) for name, value in values.items()}
        answered = await self._interactions.submit(who, await self._role(who), code, values)
        line = _input_named(view, answered.field)
        if answered.refused and line:
            await ack(response_action="errors", errors={line: answered.fallback})  # the form stays, with what was filled in
            return
        if await self._shown_in_list(view, answered):
            await ack()
            return
        # The answer takes the form's place, where whoever filled it in is looking.
        await ack(response_action="update", view=render_modal(answered, name_of=self._name_of))
        if view.get("private_metadata") == "home":
            await self.show_home(who)

    async def _shown_in_list(self, view: dict[str, Any], answered: View) -> bool:
        """Bring the private list up to date from which a form was opened; it says what happened. False: there is none, or Slack
        doesn't take it (a response URL answers for half an hour)."""
        place, _, url = str(view.get("private_metadata") or "").partition(" ")
        if place != "message" or not url:
            return False
        client = self._web.client
        respond = AsyncRespond(response_url=url, proxy=client.proxy, ssl=client.ssl)
        return await self._respond(respond, answered, replace=True)

    async def _closed(self, ack: AsyncAck) -> None:
        await ack()

    async def _shortcut(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        who = _user(body)
        says: Says = "waits" if body.get("callback_id") == WAITS else "needs_none"

        async def correct(role: Role) -> View:
            message = await self._message(body) if role is Role.MEMBER else None
            return await self._interactions.correct(who, role, message, says)

        await self._answer(ack, respond, self._asked(who, correct))

    async def _check(self, ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        who = _user(body)

        async def check(role: Role) -> View:
            message = await self._message(body) if role is Role.MEMBER else None
            return await self._interactions.check(who, role, message)

        await self._answer(ack, respond, self._asked(who, check))

    async def _report_auto_dm(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Somebody, customers too, reports a direct message. What they are told is a modal in any case: that opens by the trigger
        wherever they are, also where the app isn't in."""
        shown = await self._interactions.report_auto_dm(_user(body), await self._direct_message(body))
        await self._open(body, render_modal(shown, name_of=self._name_of))
        await ack()

    async def _direct_message(self, body: dict[str, Any]) -> DirectMessage | None:
        """The direct message a shortcut was used on; None where it is another one, or can't be read."""
        record, channel = body.get("message"), body.get("channel")
        id = str(channel.get("id") or "") if isinstance(channel, dict) else ""
        if not isinstance(record, dict) or not is_direct(id):
            return None
        return await self._inbound.direct(record, id)

    async def _message(self, body: dict[str, Any]) -> Message | None:
        """The message a shortcut was used on: its payload holds it whole. None where messages are none of ours."""
        record, channel = body.get("message"), body.get("channel")
        id = str(channel.get("id") or "") if isinstance(channel, dict) else ""
        if not isinstance(record, dict) or not id or is_direct(id):
            return None
        for event in await self._inbound.read(record, id):
            if isinstance(event, Posted):
                return event.message
        return None

    async def _asked(self, who: str, ask: Callable[[Role], Awaitable[View]]) -> View:
        return await ask(await self._role(who))

    async def _answer(self, ack: AsyncAck, respond: AsyncRespond, asking: Awaitable[View]) -> None:
        """Show an answer to who asked, alone: by the response URL, which also works where the app isn't in."""
        task = asyncio.ensure_future(asking)
        done, _ = await asyncio.wait({task}, timeout=IN_TIME)
        if not done:
            await ack()
        view = await task
        await ack()
        await self._respond(respond, view, replace=False)

    async def _respond(self, respond: AsyncRespond, view: View, *, replace: bool) -> bool:
        """Show a private answer, in the place of the one that was clicked or below. False: Slack didn't show it."""
        rendered = render_message(view, name_of=self._name_of)
        answer = await respond(
            text=rendered.text,
            blocks=rendered.blocks,
            response_type="ephemeral",
            replace_original=replace,
            unfurl_links=False,
            unfurl_media=False,
        )
        shown = bool(getattr(answer, "status_code", 200) == 200)
        if not shown:
            log.warning(
                "answer_not_shown",
                say="Slack didn't show a private answer; whoever asked can ask again. What they asked for was done.",
                status=getattr(answer, "status_code", None),
            )
        return shown

    async def show_home(self, who: str) -> None:
        """Show somebody their Home as it is now; who isn't on the team reads there what the bot is."""
        try:
            await self._publish(who)
        except AccessLost as error:
            self._intake.lost(error)
        except DeliveryError as error:
            if self._directory.role(who) is not Role.MEMBER:
                # Somebody of another organisation may have opened it, for whom the app has no Home: there is nothing to mend.
                log.info("home_not_for_them", say="Somebody outside the team opened the Home, and has none.", reason=str(error))
                return
            say = "Somebody's Home couldn't be shown; it comes when they open it again."
            log.warning("home_not_shown", say=say, reason=str(error))

    async def empty_homes(self) -> bool:
        """Have the Homes of who isn't on the team any more show what the bot is. False: not all could be, and may be in a moment.
        Raises StorageError."""
        done = True
        for who in await self._interactions.homes_left():
            try:
                await self._publish(who)
            except DeliveryError as error:  # of a deactivated account it is tried again when it is back
                done = done and not isinstance(error, RetryLater)
                say = "The Home of somebody who isn't on the team any more couldn't be emptied yet."
                log.warning("home_not_emptied", say=say, repeats=True, person=who, reason=str(error))
        return done

    async def _publish(self, who: str) -> None:
        async with self._publishing.setdefault(who, asyncio.Lock()):  # what was asked for last stands last
            role = await self._role(who)
            view = await self._interactions.home(who, role)
            await self._web.call("views.publish", user_id=who, view=render_home(view, name_of=self._name_of))
            if role is not Role.MEMBER:
                await self._interactions.home_emptied(who)

    async def _open(self, body: dict[str, Any], modal: dict[str, Any]) -> None:
        # From within a modal one more is laid on top (https://docs.slack.dev/surfaces/modals, "Adding a new view").
        method = "views.push" if _place(body) == "modal" else "views.open"
        await self._modal(method, trigger_id=body.get("trigger_id"), view=modal)

    async def _change_modal(self, body: dict[str, Any], view: View) -> None:
        shown = body.get("view")
        if isinstance(shown, dict):
            modal = render_modal(view, name_of=self._name_of)
            await self._modal("views.update", view_id=shown.get("id"), hash=shown.get("hash"), view=modal)

    async def _modal(self, method: str, **arguments: Any) -> None:
        try:
            await self._web.call(method, **arguments)
        except AccessLost as error:
            self._intake.lost(error)
        except DeliveryError as error:
            say = "A form or an answer couldn't be shown; the click can be repeated."
            log.warning("form_not_shown", say=say, reason=str(error))

    async def _role(self, who: str) -> Role:
        return await self._directory.role_now(who)

    def _name_of(self, person: str) -> str:
        return self._directory.name(person)


def make_app(web: Web, signing_secret: str | None, installation: Installation) -> AsyncApp:
    """The bolt app: acknowledges after the listener, asks Slack nothing of its own, verifies signatures where requests come over
    HTTP."""
    client: AsyncWebClient = web.client
    remarks = logging.getLogger("adapters.slack.bolt")
    remarks.setLevel(logging.ERROR)  # it warns of tokens that it doesn't use: the client has it
    app = AsyncApp(
        name="realreply",  # else it looks for the file that calls it, through all sources on the stack: a tenth of a second
        logger=remarks,
        client=client,
        authorize=installation,
        signing_secret=signing_secret or "",
        process_before_response=True,
        request_verification_enabled=signing_secret is not None,
        ignoring_self_events_enabled=False,  # our own posts are told apart by `Inbound`, at no cost
        ssl_check_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    remarks.setLevel(logging.WARNING)
    return app


def _is_retried(req: AsyncBoltRequest) -> bool:
    """Whether Slack delivers this again. Over sockets bolt gives the envelope's `retry_attempt`, which is 0 at the first time."""
    return any(number.strip() not in ("", "0") for number in req.headers.get(RETRIED, ()))


def _user(body: dict[str, Any]) -> str:
    user = body.get("user")
    return str(user.get("id") or "") if isinstance(user, dict) else ""


def _place(body: dict[str, Any]) -> Literal["home", "modal", "message"]:
    """Where a click came from (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload)."""
    view = body.get("view")
    if isinstance(view, dict):
        return "home" if view.get("type") == "home" else "modal"
    return "message"


def _opened_from(body: dict[str, Any], form: Form) -> str:
    """Where a form was opened, for when it comes back: of a private list also by which URL it is brought up to date."""
    place, url = _place(body), body.get("response_url")
    in_list = form.verb == LISTED and _is_ours_alone(body) and isinstance(url, str) and len(url) < LONGEST_URL
    return f"{place} {url}" if in_list else place


def _input_named(view: dict[str, Any], name: str) -> str:
    """The input of a form that has this name, by its block's id; else the first one; "" when there is none."""
    blocks = view.get("blocks")
    inputs = [block for block in (blocks if isinstance(blocks, list) else ()) if isinstance(block, dict)]
    inputs = [block for block in inputs if block.get("type") == "input"]
    named = [block for block in inputs if name_of_input(block) == name]
    return str((named or inputs)[0].get("block_id") or "") if inputs else ""


def _is_ours_alone(body: dict[str, Any]) -> bool:
    """Whether the message that was clicked is a private answer, which the next answer may take the place of."""
    container = body.get("container")
    return isinstance(container, dict) and container.get("is_ephemeral") is True
