"""Accounts at the border: what comes in from a platform names accounts, and is decided by member; what goes out to one names
members, and is shown by account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.events import Corrected, Edited, Event, Joined, Posted, Reacted, Typing
from bot.domain.keys import platform_of
from bot.domain.messages import Message
from bot.domain.people import Accounts
from bot.domain.views import Fields, Node, PersonName, Plain, SmallPrint, Span, Spans, Text, View

NamesOf = Callable[[str], tuple[str, ...]]
"""What a person is called, by their id or key; nothing for a stranger."""


def by_member(event: Event, accounts: Accounts) -> Event:
    """The event with members' keys for their accounts on the event's platform. Who acts by a button or a command, or corrects, is
    there by key already: they may have done so on another platform than the wait's."""
    platform = platform_of(event.channel)
    if isinstance(event, Posted | Edited):
        message = _by_member(event.message, platform, accounts)
        return event if message is event.message else replace(event, message=message)
    if isinstance(event, Reacted | Typing):
        by = accounts.member(platform, event.by)
        return event if by == event.by else replace(event, by=by)
    if isinstance(event, Joined):
        return replace(event, person=accounts.member(platform, event.person))
    if isinstance(event, Corrected) and event.posted is not None:
        return replace(event, posted=_by_member(event.posted, platform, accounts))
    return event


def _by_member(message: Message, platform: str, accounts: Accounts) -> Message:
    author = accounts.member(platform, message.author)
    mentions = tuple(accounts.member(platform, person) for person in message.mentions)
    if author == message.author and mentions == message.mentions:
        return message
    return replace(message, author=author, mentions=mentions)


def on_platform(view: View, platform: str, accounts: Accounts, names_of: NamesOf) -> View:
    """The view as it is shown on a platform: members by their accounts there. Who has none there is named and not pinged, and so
    are customers: the platform may not know one of another's."""

    def shown(span: Span) -> Span:
        if not isinstance(span, PersonName):
            return span
        account = accounts.account(platform, span.person)
        if account is not None and (span.ping or span.person in accounts.by_member):
            return PersonName(account, span.ping)
        names = names_of(span.person)
        return Plain(names[0]) if names else PersonName(span.person)

    def line(spans: Spans) -> Spans:
        return tuple(map(shown, spans))

    def part(node: Node) -> Node:
        if isinstance(node, Text | SmallPrint):
            return replace(node, spans=line(node.spans))
        if isinstance(node, Fields):
            return Fields(tuple((label, line(spans)) for label, spans in node.fields))
        return node

    there = (accounts.account(platform, member) for member in view.addressed)
    return replace(view, nodes=tuple(map(part, view.nodes)), addressed=tuple(account for account in there if account is not None))
