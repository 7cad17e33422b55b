"""How much of the HTTP server a stranger may take, and Slack may."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.durations import Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """Whoever reaches the port gets no more than this, whether or not a proxy stands before it. Seconds are real ones."""

    connections: int = 100
    """At once. Slack sends at most 30,000 events an hour and waits 3 s for each (docs.slack.dev/apis/events-api), which is 25 at
    once; whoever has said nothing that Slack signed makes way for the next."""

    request: Seconds = 10.0
    """From a request's first byte (of a new connection: from its opening) to its last. Slack itself gives up after 3."""

    idle: Seconds = 300.0
    """For which a connection that brought a signed request is kept for the next. Longer than proxies keep theirs (nginx 60 s,
    Caddy 2 min): then it is they who close, and never on a request that is on its way."""

    body: int = 2 * 1024 * 1024
    """Bytes. The longest text has 40,000 letters (docs.slack.dev/reference/methods/chat.postMessage), 6 bytes each where JSON
    escapes them; it comes as text and as blocks, and an edit brings both once more as they were: 960,000. As much again for
    attachments and links."""

    unsigned: int = 4096
    """Bytes of a body without Slack's headers that are read, to see whether it is a check of the certificate."""

    unverified: int = 8 * 1024 * 1024
    """Bytes that all requests together may hold before their signatures are checked. Beyond it whoever holds most is thrown out,
    which is never an ordinary event: those have 2 to 20 KB."""
