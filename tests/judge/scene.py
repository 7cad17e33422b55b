"""A small channel to judge in: people say things one after the other, the judge answers."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Reading
from bot.domain.rules import Sensitivity
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.standard import Attributed, Judged, StandardJudge

TEAM = ("Ana", "Ben", "Mia")
CUSTOMERS = ("Dana", "Omar", "Lena", "Yuki")

JUDGE = StandardJudge()


def read(text: str, author: str = "dana", role: Role = Role.CUSTOMER, **more: object) -> Reading:
    """The reading of a text among the usual people."""
    names = {name.lower(): (name,) for name in (*TEAM, *CUSTOMERS)}
    message = Message(channel="C", id="1", at=1.0, author=author, role=role, text=text, **more)  # type: ignore[arg-type]
    return JUDGE.read(message, names)


class Scene:
    """A channel. `says` places a message and gives what was seen; `waits` is kept by hand, as the test wants it."""

    def __init__(self) -> None:
        self.window = Window()
        self.waits: list[Wait] = []
        self.now = 1_700_000_000.0
        self.count = 0
        self.names = {name.lower(): (name,) for name in (*TEAM, *CUSTOMERS)}

    def seen(self, who: str, text: str, *, after: float = 30.0, **more: object) -> MessageRecord:
        """A message `after` seconds on, not yet in the window."""
        self.now += after
        self.count += 1
        role = Role.MEMBER if who in TEAM else Role.CUSTOMER
        message = Message(channel="C", id=f"m{self.count}", at=self.now, author=who.lower(), role=role, text=text, **more)  # type: ignore[arg-type]
        return MessageRecord(
            id=message.id, at=message.at, author=message.author, role=role, thread=message.thread,
            reply_to=message.reply_to, reading=JUDGE.read(message, self.names),
        )  # fmt: skip

    def says(
        self, who: str, text: str, *, after: float = 30.0, opens: bool = False, ends: str | None = None, **more: object
    ) -> MessageRecord:
        """A message that goes into the window. `opens` a wait with it; `ends` the open wait of that customer."""
        seen = self.seen(who, text, after=after, **more)
        if seen.role is Role.CUSTOMER:
            seen = replace(seen, reply_probability=0.95 if opens else 0.05)
        if opens:
            wait = Wait(
                id=f"C/{seen.id}", channel="C", customer=seen.author, thread=seen.thread, messages=(seen.id,),
                opened_at=seen.at, last_message_at=seen.at,
            )  # fmt: skip
            self.waits.append(wait)
            seen = replace(seen, wait=wait.id)
        if ends is not None:
            over = [wait for wait in self.waits if wait.customer == ends.lower()]
            self.waits = [wait for wait in self.waits if wait.customer != ends.lower()]
            seen = replace(seen, answers=tuple(wait.id for wait in over))
        self.window.put(seen)
        return seen

    def judged(self, who: str, text: str, **more: object) -> Judged:
        """Does this message, said now, call for a reply?"""
        return JUDGE.expects_reply(self.seen(who, text, **more), self.window, self.waits)  # type: ignore[arg-type]

    def calls(self, who: str, text: str, **more: object) -> bool:
        """Whether it does, at the balanced sensitivity."""
        return JUDGE.calls(self.judged(who, text, **more), Sensitivity.BALANCED)

    def answered(self, who: str, text: str, **more: object) -> list[str]:
        """The customers whose waits this message, said now, answers."""
        seen = self.seen(who, text, **more)  # type: ignore[arg-type]
        by_id = {wait.id: wait.customer for wait in self.waits}
        found: list[Attributed] = JUDGE.attribute(seen, self.window, self.waits)
        return [by_id[item.wait] for item in found if JUDGE.answers(item)]
