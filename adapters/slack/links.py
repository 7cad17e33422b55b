"""Addresses of messages, without asking Slack for each (chat.getPermalink gives the same)."""

from __future__ import annotations


def permalink(workspace: str, channel: str, ts: str, thread: str | None = None) -> str:
    """The address of a message. `workspace` is the workspace's own, as auth.test tells it ("https://harbor.slack.com/"),
    `channel` an id, `ts` the message's; `thread` the first message of the thread it stands in."""
    address = f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return address if thread is None or thread == ts else f"{address}?thread_ts={thread}&cid={channel}"
