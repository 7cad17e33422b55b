"""A Slack on loopback: strict about what it is sent, loud about what an app should not send, scriptable in everything else.

It is written from Slack's documentation (docs.slack.dev) and has the shapes of Slack's own TypeScript types; it has never
met the real service. Start with `FakeSlack`, people with `person`, places with `channel`; see README.md beside this file.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from tests.sandbox.clock import Clock, FakeClock
from tests.slack_sandbox import interactions
from tests.slack_sandbox.acting import Person, Place, Seen
from tests.slack_sandbox.announcing import EVENTS, Announcer, Sending
from tests.slack_sandbox.calls.chat import refuse_bad_content, with_block_ids
from tests.slack_sandbox.calls.table import DEFAULT_SCOPES, Call, Refused
from tests.slack_sandbox.calls.views import DEEPEST, refuse_bad_view, replace, stored
from tests.slack_sandbox.channels import Channels
from tests.slack_sandbox.delivery import RETRIES, Courier, Delivery
from tests.slack_sandbox.flood import Flooded, flood
from tests.slack_sandbox.model import Conversation, Json, Message, Outgoing, Profile, Team, UserGroup
from tests.slack_sandbox.push import Push
from tests.slack_sandbox.server import Server
from tests.slack_sandbox.sockets import Sockets
from tests.slack_sandbox.trouble import Trouble
from tests.slack_sandbox.workspace import Workspace

HISTORY_LAG = 2.0
"""Seconds until what an app posted shows in conversations.history."""

RESPONSE_KEYS = frozenset(
    {"text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts", "metadata"}
    | {"unfurl_links", "unfurl_media", "mrkdwn"}
)


class FakeSlack(Channels):
    """A workspace with one app in it. `async with FakeSlack() as fake:` listens on 127.0.0.1.

    `events` are those the app subscribed to, `scopes` those its bot token has, `commands` its slash commands, `shortcuts`
    its message shortcuts (callback_id -> label; only the page offers them).
    `ack_seconds` of real time are given for acknowledgements; `retries` (seconds) and all other times hang on `clock`.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        team_name: str = "Harbor",
        team_id: str = "T0HARBOR1",
        enterprise_id: str | None = None,
        bot_name: str = "realreply",
        scopes: Iterable[str] = DEFAULT_SCOPES,
        events: Iterable[str] = tuple(EVENTS),
        commands: Sequence[str] = ("/realreply",),
        shortcuts: Mapping[str, str] | None = None,
        ack_seconds: float = 3.0,
        history_lag: float = HISTORY_LAG,
        retries: Sequence[float] = RETRIES,
    ) -> None:
        self.clock: Any = clock or FakeClock()
        created = int(self.clock.now()) - 86_400
        team = Team(id=team_id, name=team_name, domain=team_name.lower(), enterprise_id=enterprise_id)
        self.workspace = Workspace(
            team=team, app_id="A0REALREPLY", bot_id="B0REALREPLY", bot_user_id="U0REALREPLY", bot_name=bot_name, created=created
        )
        self.scopes = set(scopes)
        self.events = set(events)
        if unknown := self.events - EVENTS.keys():
            raise ValueError(f"no such events: {', '.join(sorted(unknown))}")
        self.commands = tuple(commands)
        self.shortcuts = dict(shortcuts or {})
        self.history_lag = history_lag
        self.bot_token, self.app_token, self.signing_secret = "xoxb-fake-bot", "xapp-fake-app", "fake-signing-secret"
        self.offences: list[str] = []
        self.warnings: list[str] = []
        self.calls: list[Call] = []
        self.outgoing: list[Outgoing] = []
        self.allowed: set[str] = set()
        """Methods that are an offence by default but fine here: "chat.delete"."""
        self.exposed: Callable[[Conversation], bool] = lambda _: False
        """Whether somebody reads a place who isn't on the team: only there the bot deletes its posts."""
        self.wrong_tokens_are_fine = False
        self.revoked = ""
        """Set to "token_revoked" or "account_inactive": every call is answered so."""
        self.deaf = False
        self.triggers: dict[str, interactions.Trigger] = {}
        self.replies: dict[str, interactions.Reply] = {}
        self.views: dict[str, Json] = {}
        self.owners: dict[str, str] = {}
        self.modals: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self.seen: dict[str, list[Seen]] = {}
        self.trouble = Trouble()
        self.sockets = Sockets(app_id=self.workspace.app_id, complain=self.offence)
        self.http = Push(secret=self.signing_secret, clock=self.clock)
        self.courier = Courier(
            clock=self.clock, sockets=self.sockets, push=self.http, trouble=self.trouble, seconds=ack_seconds, retries=retries
        )
        self.announcer = Announcer(self)
        self.server = Server(self)
        self.port = 0
        self.page = False

    # Running

    async def start(self, port: int = 0) -> None:
        """Listens on 127.0.0.1, on a free port unless one is given."""
        self.port = await self.server.start(port)

    async def stop(self) -> None:
        """Ends everything: held answers, deliveries, connections, the server."""
        self.trouble.clear()
        await self.courier.close()
        await self.sockets.close()
        await self.http.close()
        await self.server.stop()

    async def __aenter__(self) -> FakeSlack:
        """Starts."""
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stops."""
        await self.stop()

    @property
    def base_url(self) -> str:
        """For `AsyncWebClient(base_url=...)`."""
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def http_target(self) -> str | None:
        """The app's URL in HTTP mode; None (the default) means Socket Mode."""
        return self.http.target

    @http_target.setter
    def http_target(self, url: str | None) -> None:
        self.http.target = url

    async def advance(self, seconds: float) -> None:
        """Moves the clock; retries that fall due on the way are carried out, and what is on its way arrives."""
        await self.settle()
        await self.clock.advance(seconds)
        await self.settle()

    async def settle(self) -> None:
        """Waits until nothing is on its way to the app."""
        await self.courier.settle()

    async def flood(self, count: int, concurrency: int, *, channel: Place, author: Profile | None = None) -> Flooded:
        """Sends `count` signed messages in HTTP mode as fast as they are answered; how long each took."""
        return await flood(self, count, concurrency, channel=channel, author=author)

    def offence(self, sentence: str) -> None:
        """Notes something an app should never do."""
        self.offences.append(sentence)

    def check(self) -> None:
        """AssertionError with all offences, if there are any."""
        if self.offences:
            raise AssertionError("the app offended Slack:\n- " + "\n- ".join(self.offences))

    # The people

    def person(
        self,
        name: str,
        *,
        team: Team | None = None,
        guest: str = "",
        stranger: bool | None = None,
        email: str = "",
        tz: str = "Europe/London",
        tz_offset: int = 0,
        real_name: str = "",
        admin: bool = False,
        id: str | None = None,
    ) -> Person:
        """Somebody new. `team` other than the home team makes a stranger of Slack Connect (unless `stranger=False`);
        `guest` is "multi" or "single". Nothing is announced: see `hires`.
        """
        home = team or self.workspace.team
        made = Person(
            id=id or self.workspace.numbering.id("U"),
            name=name.lower().replace(" ", "."),
            real_name=real_name or name,
            display_name=name,
            team=home,
            tz=tz,
            tz_offset=tz_offset,
            email=email,
            guest=guest,
            is_stranger=home.id != self.workspace.team.id if stranger is None else stranger,
            is_admin=admin,
            updated=int(self.clock.now()),
            fake=self,
        )
        self.workspace.people[made.id] = made
        return made

    def other_team(self, name: str) -> Team:
        """Another organisation, which can share channels with ours."""
        made = Team(id=self.workspace.numbering.id("T"), name=name, domain=name.lower().replace(" ", ""))
        self.workspace.teams[made.id] = made
        return made

    async def hires(self, person: Person) -> None:
        """Announces somebody new: team_join."""
        await asyncio.gather(*self.announcer.user("team_join", person.id))

    async def group(self, handle: str, members: Sequence[Profile]) -> UserGroup:
        """A new user group, announced: subteam_created."""
        now = int(self.clock.now())
        made = UserGroup(
            id=self.workspace.numbering.id("S"),
            handle=handle,
            name=handle,
            users=[m.id for m in members],
            created=now,
            updated=now,
        )
        self.workspace.groups[made.id] = made
        await self._group_event("subteam_created", made)
        return made

    async def regroup(self, group: UserGroup, members: Sequence[Profile]) -> None:
        """Changes who is in a group: subteam_updated and subteam_members_changed."""
        before, group.users = group.users, [m.id for m in members]
        group.updated = int(self.clock.now())
        await self._group_event("subteam_updated", group)
        event: Json = {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": self.workspace.team.id,
            "date_previous_update": group.created,
            "date_update": group.updated,
            "added_users": [u for u in group.users if u not in before],
            "added_users_count": len([u for u in group.users if u not in before]),
            "removed_users": [u for u in before if u not in group.users],
            "removed_users_count": len([u for u in before if u not in group.users]),
        }
        await asyncio.gather(*self.announcer.emit("subteam_members_changed", event))

    async def _group_event(self, kind: str, group: UserGroup) -> None:
        shown = self.workspace.group_object(group, users=True)
        await asyncio.gather(*self.announcer.emit(kind, {"type": kind, "subteam": shown}))

    # What only one person sees

    def show(
        self, user: str, *, kind: str, channel: str, text: str, blocks: list[Json] | None = None, ts: str | None = None
    ) -> Seen:
        """Puts something before one person's eyes."""
        seen = Seen(kind=kind, channel=channel, ts=ts or self.announcer.ts(), text=text, blocks=blocks or [], at=self.clock.now())
        self.seen.setdefault(user, []).append(seen)
        return seen

    def seen_by(self, user: str) -> list[Seen]:
        """What only this person sees, DMs from the app included, oldest first."""
        found = list(self.seen.get(user, []))
        for conversation in self.workspace.conversations.values():
            if conversation.kind == "im" and set(conversation.members) == {user, self.workspace.bot.id}:
                found += [
                    Seen(kind="dm", channel=m.channel, ts=m.ts, text=m.text, blocks=m.blocks, at=m.posted_at)
                    for m in conversation.messages.values()
                    if not m.deleted and m.user == self.workspace.bot.id
                ]
        return sorted(found, key=lambda seen: float(seen.ts))

    def home_of(self, person: Profile) -> Json | None:
        """Somebody's App Home, as last published."""
        return self.homes.get(person.id)

    def after_submission(self, user: str, modal: Json, answer: Json) -> None:
        """What becomes of a modal once the app has answered its submission."""
        stack = self.modals[user]
        match answer.get("response_action"):
            case None:
                if answer:
                    self.offence(f"view_submission: answered with {sorted(answer)} instead of a response_action")
                stack.remove(modal)
            case "clear":
                stack.clear()
            case "errors":
                known = {block.get("block_id") for block in modal["blocks"] if block["type"] == "input"}
                if not answer.get("errors") or answer["errors"].keys() - known:
                    self.offence(
                        f"view_submission: errors for {sorted(answer.get('errors', {}))}, but the inputs are {sorted(known)}"
                    )
                modal["errors"] = answer.get("errors", {})
            case "update" | "push" as action:
                try:
                    refuse_bad_view(answer.get("view"), "modal")
                except Refused as refused:
                    self.offence(f"view_submission: {refused.offence}")
                    return
                if action == "update":
                    replace(self, modal, answer["view"])
                elif len(stack) >= DEEPEST:
                    self.offence("view_submission: more than three modals in a stack")
                else:
                    stack.append(stored(self, answer["view"], user=user, previous=modal))
            case other:
                self.offence(f"view_submission: response_action {other!r}")

    def respond(self, ticket: str, sent: Json) -> None:
        """A POST to a response_url."""
        reply = self.replies.get(ticket)
        if reply is None:
            raise Refused("invalid_url", offence="isn't a URL we gave")
        if self.clock.now() - reply.made > reply.LIFE:
            raise Refused("expired_url")
        if reply.uses >= reply.USES:
            raise Refused("used_url", offence=f"used more than {reply.USES} times")
        reply.uses += 1
        if unknown := sent.keys() - RESPONSE_KEYS:
            raise Refused("invalid_payload", offence=f"unknown keys {sorted(unknown)}")
        self.outgoing.append(
            Outgoing(method="response_url", channel=reply.channel, arguments=sent, at=self.clock.now(), user=reply.user)
        )
        original = next((s for s in self.seen.get(reply.user, []) if reply.source_ts and s.ts == reply.source_ts), None)
        place = self.workspace.conversations[reply.channel]
        message = place.messages.get(reply.source_ts) if reply.source_ts else None
        if sent.get("delete_original"):
            if original is not None:
                self.seen[reply.user].remove(original)
            elif message is not None:
                self.remove(message)
            return
        refuse_bad_content(self, "response_url", sent)
        text, blocks = sent.get("text", ""), with_block_ids(sent.get("blocks"))
        if sent.get("replace_original") and (original is not None or message is not None):
            if original is not None:
                original.text, original.blocks = text, blocks
            elif message is not None:
                before = copy.deepcopy(message.body)
                message.body |= {"text": text, "blocks": blocks}
                self.announcer.change(message, before)
        elif sent.get("response_type") == "in_channel":
            self.app_speaks(place, sent, user="")
        else:
            self.show(reply.user, kind="response", channel=reply.channel, text=text, blocks=blocks)

    # The network

    @contextlib.asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """What happens inside is never told to the app: it wasn't connected, and the retries ran out."""
        self.deaf = True
        try:
            yield
        finally:
            self.deaf = False

    async def revoke(self, *, uninstalled: bool = False) -> None:
        """The token stops working; tokens_revoked (and app_uninstalled) are sent."""
        self.revoked = "account_inactive" if uninstalled else "token_revoked"
        event: Json = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.workspace.bot.id]}}
        sending: Sending = self.announcer.emit("tokens_revoked", event)
        if uninstalled:
            sending += self.announcer.emit("app_uninstalled", {"type": "app_uninstalled"})
        await asyncio.gather(*sending)

    def deliveries(self, event: str | None = None) -> Iterator[Delivery]:
        """What was sent to the app, of one inner type if given."""
        for delivery in self.courier.deliveries:
            if event is None or delivery.event.get("type", delivery.payload.get("type")) == event:
                yield delivery

    def permalink(self, message: Message) -> str:
        """https://docs.slack.dev/reference/methods/chat.getPermalink"""
        link = f"https://{self.workspace.team.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
        return f"{link}?thread_ts={message.thread_ts}&cid={message.channel}" if message.is_reply else link

    def wire(self, text: str) -> str:
        """Text as it travels: `@Name` and `@group` of known ones become mentions, & < > are escaped outside of tokens."""
        parts = re.split(r"(<(?:@|#|!|https?:|mailto:)[^>]*>)", text)
        for number in range(0, len(parts), 2):
            parts[number] = parts[number].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            parts[number] = re.sub(r"(?<![\w.])@([\w.-]+\w|\w)", self._mention, parts[number])
        return "".join(parts)

    def _mention(self, found: re.Match[str]) -> str:
        name = found[1]
        if name in ("here", "channel", "everyone"):
            return f"<!{name}>"
        for group in self.workspace.groups.values():
            if group.handle == name:
                return f"<!subteam^{group.id}>"
        try:
            return f"<@{self.workspace.person(name).id}>"
        except KeyError:
            return found[0]
