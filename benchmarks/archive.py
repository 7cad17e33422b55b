"""Makes an export of any size to measure with: made-up people, questions, answers and chatter in Slack's layout.

    python -m benchmarks.archive PATH --messages 100000

The same arguments always give the same files. Each is written as soon as its day is made up, so size costs no memory.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

MESSAGES_A_DAY = 400
"""Messages of one channel on one day: a busy support channel."""

START = dt.date(2025, 1, 6)
"""The first day of every made export, a Monday."""

HOME = "T0MADE"

TEAM = ("Ana", "Ben", "Mia", "Theo", "Noor", "Ivo", "Lea", "Sam", "Rosa", "Kai", "Uma", "Finn")

# fmt: off
_FIRST = (
    "Dana", "Omar", "Petra", "Lukas", "Yuki", "Clara", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Leon",
    "Mara", "Nils", "Olga", "Pablo", "Quinn", "Rita", "Stefan", "Tara", "Umut", "Vera", "Wanda", "Xenia", "Yann",
    "Zoe", "Aldo", "Bianca", "Carlos", "Doris", "Emil", "Farah", "Gavin", "Hana", "Ilse", "Jamal", "Karin", "Lars",
    "Mona",
)
# fmt: on
# fmt: off
_LAST = (
    "Adler", "Brandt", "Costa", "Diaz", "Engel", "Faber", "Grau", "Holm", "Ito", "Jansen", "Keller", "Lund", "Moreau",
    "Novak", "Okafor", "Pires", "Quist", "Rossi", "Sato", "Tamm", "Unger", "Voss", "Weber", "Yilmaz", "Ziegler",
    "Amado", "Berg", "Cruz", "Dahl", "Eriksen", "Fuchs", "Gomes", "Haas", "Iqbal", "Jung", "Kovac", "Lopez", "Mbeki",
    "Nagy", "Olsen",
)
# fmt: on
_THINGS = (
    "the booking import",
    "our berth plan",
    "the crew calendar",
    "the invoice export",
    "the tide table widget",
    "our API key",
    "the weekly report",
    "the map view",
    "two-step login",
    "the customs form",
    "the mobile app",
    "the webhook for arrivals",
    "the price list",
    "our test account",
    "the fuel log",
    "the pilot request",
)
_TROUBLES = (
    "fails with error {n}",
    "has been stuck at {p} percent since this morning",
    "shows the wrong harbour for {n} of our boats",
    "stopped working after the update",
    "takes more than {p} seconds to load",
    "returns an empty list",
    "sends every mail twice",
    "says that we lack the permission",
    "forgets the time zone",
    "does not accept our certificate",
)
_ASK = (
    "Hi, {thing} {trouble}, what can we do?",
    "{thing} {trouble}. We have a departure at {h}:00 and nobody here can work around it",
    "Good morning, is it known that {thing} {trouble}?",
    "How do I set up {thing} for a second harbour? I only find the page for the first one.",
    "does {thing} work with more than {n} entries? I could not find a limit in the manual",
    "Can somebody look at {thing} please, it {trouble} and the harbour master keeps calling",
    "We'd like to move {thing} to another account, what would we need to send you for that?",
    "any idea why {thing} {trouble}? it was fine on {day}",
    "I tried the steps from the help page for {thing} but it still {trouble}",
    "Is there a way to see who changed {thing} on {day}? Our records differ by {n}.",
    "hello! {thing} {trouble} for one of our skippers, and only on the older phones",
)
_MORE = (
    "the boat is number {n}, in case that helps",
    "here is what the log says: code {n} at {h}:{p}",
    "oh, and it only happens when I am signed in as the harbour master",
    "I already tried another browser, no difference at all",
    "it also affects {thing} by the way",
)
_ANSWER = (
    "that happens when {thing} still has the old key. Open Settings, then Access, and make a new one",
    "I just looked at your account: {n} entries had no time zone. I've set it, please reload and it should be right",
    "you can do that under Reports, third tab. It takes about {p} minutes to show up the first time",
    "good catch, that's ours. A fix is on its way and will be live by {h}:00 today",
    "yes, up to {n} per account. If you need more I can raise it for you, there's no charge",
    "the update moved it: look for {thing} in the side bar, below the harbour's name",
)
_CLARIFY = (
    "which harbour is that for, and since when do you see it?",
    "could you tell me which version of the app the skipper has?",
    "do you get that for all boats or only for number {n}?",
)
_HOLD = ("one moment, I'm looking into it", "let me check with the people who run {thing}, back in a bit")
_REDIRECT = ("please send that to support@harbor.example, they can see your account", "could you write to us by mail about that?")
_THANKS = ("thank you, that did it!", "great, works now, thanks", "ok, will try that after lunch", "perfect, thanks {name}")
_CHATTER = (
    "good morning everyone, what a storm last night",
    "we had {n} boats in yesterday, a record for a {day}",
    "the new map view is lovely by the way",
    "welcome to the channel :wave:",
    "lunch, back at {h}",
    "same here, we were all rather impressed by how quick the new tide tables have become",
)
_BOT = (
    "Status: all systems normal. {n} checks in the last hour.",
    "New release 4.{p}: faster imports, {n} fixes",
    "Reminder: maintenance on {day} at {h}:00 UTC",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True, slots=True)
class _Person:
    id: str
    name: str
    full_name: str
    member: bool


@dataclass(slots=True)
class _Draft:
    """A message before its time is final. `thread` is the draft that starts its thread."""

    at: float
    by: _Person | None
    text: str
    thread: _Draft | None = None
    reactions: list[tuple[str, str]] = field(default_factory=list)
    ts: str = ""


def _people(count: int, rng: random.Random) -> tuple[list[_Person], list[_Person]]:
    team = [_Person(f"U0TEAM{n:03d}", name, f"{name} {rng.choice(_LAST)}", True) for n, name in enumerate(TEAM)]
    customers = []
    for n in range(count):
        first, last = _FIRST[n % len(_FIRST)], _LAST[(n // len(_FIRST) + n) % len(_LAST)]
        round_ = n // (len(_FIRST) * len(_LAST))
        name = f"{first.lower()}.{last.lower()}{round_ or ''}"
        customers.append(_Person(f"U1CUST{n:05d}", name, f"{first} {last}", False))
    return team, customers


class _Day:
    """Makes up one channel's day as short scenes that overlap."""

    def __init__(self, midnight: float, team: list[_Person], customers: list[_Person], rng: random.Random) -> None:
        self._midnight = midnight
        self._team = team
        self._customers = customers
        self._rng = rng

    def drafts(self, count: int) -> list[_Draft]:
        """`count` messages in order of time."""
        found: list[_Draft] = []
        scenes: tuple[Callable[[float], Iterator[_Draft]], ...] = (self._help, self._chatter, self._notice)
        while len(found) < count:
            # Working hours of harbours around one time zone, fullest before noon.
            at = self._midnight + self._rng.triangular(6.5, 19, 10.5) * 3600
            found.extend(self._rng.choices(scenes, (50, 45, 5))[0](at))
        found.sort(key=lambda draft: draft.at)
        return found[:count]  # a thread's first message is earlier than its replies, so none of them loses it

    def _say(self, lines: tuple[str, ...], name: str = "") -> str:
        rng = self._rng
        return rng.choice(lines).format(
            thing=rng.choice(_THINGS),
            trouble=rng.choice(_TROUBLES).format(n=rng.randrange(2, 600), p=rng.randrange(10, 60)),
            n=rng.randrange(2, 600),
            p=rng.randrange(10, 60),
            h=rng.randrange(9, 18),
            day=rng.choice(_DAYS),
            name=name,
        )

    def _help(self, at: float) -> Iterator[_Draft]:
        """A customer asks; most are answered, some late, some only sent elsewhere, some not at all."""
        rng = self._rng
        customer, member = rng.choice(self._customers), rng.choice(self._team)
        first = _Draft(at, customer, self._say(_ASK))
        yield first
        for _ in range(rng.choices((0, 1, 2), (55, 33, 12))[0]):
            at += rng.uniform(5, 70)
            yield _Draft(at, customer, self._say(_MORE))
        if rng.random() < 0.12:
            return
        at += rng.lognormvariate(6, 1.1)
        thread = first if rng.random() < 0.5 else None
        called = self._call(customer) if thread is None else ""
        kind = rng.random()
        if kind < 0.18:
            yield _Draft(at, member, called + self._say(_CLARIFY), thread)
            at += rng.lognormvariate(4.5, 0.8)
            yield _Draft(at, customer, self._say(_MORE), thread)
            at += rng.lognormvariate(5, 0.8)
        elif kind < 0.26:
            yield _Draft(at, member, called + self._say(_HOLD), thread)
            at += rng.lognormvariate(6, 0.7)
        elif kind < 0.31:
            yield _Draft(at, member, called + self._say(_REDIRECT), thread)
            return
        yield _Draft(at, member, called + self._say(_ANSWER), thread)
        if rng.random() < 0.2:
            first.reactions.append(("white_check_mark", member.id))
        if rng.random() < 0.45:
            yield _Draft(at + rng.uniform(20, 900), customer, self._say(_THANKS, member.name), thread)

    def _call(self, customer: _Person) -> str:
        """How a member addresses somebody outside a thread: by mention, by name, or not at all."""
        return self._rng.choices((f"<@{customer.id}> ", f"{customer.full_name.split()[0]}: ", ""), (45, 25, 30))[0]

    def _chatter(self, at: float) -> Iterator[_Draft]:
        for _ in range(self._rng.choice((1, 2, 3))):
            by = self._rng.choice(self._team if self._rng.random() < 0.4 else self._customers)
            yield _Draft(at, by, self._say(_CHATTER), None, [("+1", self._rng.choice(self._customers).id)] if at % 7 < 1 else [])
            at += self._rng.uniform(8, 200)

    def _notice(self, at: float) -> Iterator[_Draft]:
        yield _Draft(at, None, self._say(_BOT))


def _record(draft: _Draft, number: int) -> dict[str, object]:
    """A draft as exports have it. Each message of a person carries its text a second time, as blocks."""
    record: dict[str, object] = {"type": "message", "ts": draft.ts, "text": draft.text}
    if draft.by is None:
        record |= {"subtype": "bot_message", "bot_id": "B0STATUS", "username": "Harbor status", "app_id": "A0STATUS"}
    else:
        element = {"type": "rich_text_section", "elements": [{"type": "text", "text": draft.text}]}
        record |= {
            "user": draft.by.id,
            "team": HOME,
            "client_msg_id": f"{number:08x}-0000-4000-8000-{number:012x}",
            "blocks": [{"type": "rich_text", "block_id": f"b{number:x}", "elements": [element]}],
        }
    if draft.thread is not None:
        record |= {"thread_ts": draft.thread.ts}
    if draft.reactions:
        record["reactions"] = [{"name": name, "users": [user], "count": 1} for name, user in draft.reactions]
    return record


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


def make_archive(path: Path, messages: int, *, channels: int = 20, seed: int = 1) -> None:
    """Write an export of exactly `messages` messages into the folder `path`, which must be empty or not exist.

    `team.txt` in it lists the team's names, one a line. Raises FileExistsError when the folder holds something.
    """
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise FileExistsError(f"{path} is not empty: pass a new folder")
    rng = random.Random(seed)
    team, customers = _people(max(60, messages // 150), rng)
    everybody = team + customers
    _write(path / "users.json", [_user(person) for person in everybody])
    names = [f"harbour-{n:02d}" for n in range(1, channels + 1)]
    listed = [{"id": f"C0MADE{n:03d}", "name": name, "created": 1735689600} for n, name in enumerate(names)]
    _write(path / "channels.json", listed)
    (path / "team.txt").write_text("\n".join(TEAM) + "\n", encoding="utf-8")
    for name in names:
        (path / name).mkdir()
    day, written = START, 0
    while written < messages:
        if day.weekday() < 5:
            midnight = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()
            for name in names:
                count = min(MESSAGES_A_DAY, messages - written)
                if count:
                    drafts = _Day(midnight, team, customers, rng).drafts(count)
                    _stamp(drafts, written)
                    records = [_record(draft, written + n) for n, draft in enumerate(drafts)]
                    _write(path / name / f"{day.isoformat()}.json", records)
                    written += len(drafts)
        day += dt.timedelta(days=1)


def _stamp(drafts: list[_Draft], first: int) -> None:
    """Final times: microseconds tell messages of one second apart, as in Slack."""
    for n, draft in enumerate(drafts):
        draft.ts = f"{int(draft.at)}.{(first + n) % 1_000_000:06d}"


def _user(person: _Person) -> dict[str, object]:
    return {
        "id": person.id,
        "team_id": HOME,
        "name": person.full_name.lower().replace(" ", ""),
        "deleted": False,
        "is_bot": False,
        "tz": "Europe/Lisbon",
        "profile": {"display_name": person.name, "real_name": person.full_name},
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a made-up Slack export to measure with.")
    parser.add_argument("path", type=Path, help="a new folder")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--channels", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    make_archive(options.path, options.messages, channels=options.channels, seed=options.seed)


if __name__ == "__main__":
    main()
