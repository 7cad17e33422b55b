"""What the API answers when it refuses: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json."""

from __future__ import annotations

from tests.discord_sandbox.model import Json

MESSAGES = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (400, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30034: (400, "Max number of application command creates reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50021: (403, "Cannot execute action on a system message"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160002: (400, "Cannot reply without permission to read message history"),
    160005: (403, "This thread is locked"),
}


class Refused(Exception):
    """A request that isn't carried out. `offence`: why an app should never have sent it."""

    def __init__(
        self, code: int, *, offence: str = "", problems: Json | None = None, status: int | None = None, message: str | None = None
    ) -> None:
        known, words = MESSAGES.get(code, (400, "Bad Request"))
        super().__init__(words)
        self.code = code
        self.status = status or known
        self.message = message or words
        self.problems = problems
        self.offence = offence

    @property
    def answer(self) -> Json:
        """The body of the answer."""
        body: Json = {"message": self.message, "code": self.code}
        return {**body, "errors": self.problems} if self.problems else body


def invalid(field: str, code: str, words: str) -> Refused:
    """50035 about one field, by its path: "embeds.0.title". What is invalid should never have been sent."""
    problems: Json = {"_errors": [{"code": code, "message": words}]}
    for part in reversed(field.split(".")):
        problems = {part: problems}
    return Refused(50035, problems=problems, offence=f"{field}: {words}")
