"""Unsigned trouble for `realreply run` in HTTP mode, while Slack's own events come in: whether those are taken in time, and what
the trouble costs in memory and log.

`python -m tests.process.http_flood [--quick] [KIND ...]` prints a line for each kind of trouble; the exit code is 1 when
something isn't held. Everything goes to loopback, in bounded numbers. All times are the wall's.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.marks import STARTED
from bot.domain.reading import unpack
from storage.sqlite.database import Database
from tests.process.http_trouble import ALL, FULL, KINDS, PATH, QUICK, Scale, request_of, status_of
from tests.process.lives import DATABASE, LOG, PATIENCE, ROOT
from tests.process.slack_ordeal import SETTINGS
from tests.process.slack_victim import CONFIG
from tests.slack_sandbox import Conversation, FakeSlack, RealClock
from tests.slack_sandbox.flood import Line, prepare
from tests.slack_sandbox.push import Sent
from tests.storage.sqlite.rows import rows_of

NOTHING = "nothing"

IN_TIME = 3.0
"""Seconds for which Slack waits for an acknowledgement."""

SLOWEST = 1.0
"""Seconds within which 99 of 100 events are to be acknowledged."""

STARVED = 0.25
"""Part of the time for which the process may have to wait for a processor; beyond it, times tell of the machine."""

MOST_MEMORY = 150
"""Megabytes resident."""

MOST_LOG = 64 * 1024
"""Bytes a kind of trouble may add to the log, however long it lasts: some lines a minute."""


@dataclass(kw_only=True)
class Figures:
    """What one kind of trouble did: of `events` that Slack sent, `failed` weren't acknowledged within `IN_TIME`. `memory` is the
    most that was resident meanwhile (megabytes), `log` what was written (bytes), `tracebacks` those in it, `answers` what the
    trouble was answered, by HTTP status (0: the connection was closed without a word). `starved` is the part of the time for
    which the process had to wait for a processor."""

    kind: str
    events: int = 0
    failed: int = 0
    p99: float = 0.0
    slowest: float = 0.0
    memory: float = 0.0
    log: int = 0
    tracebacks: int = 0
    starved: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)

    @property
    def wrong(self) -> list[str]:
        """What isn't as it must be. Where the machine had no time for the process, it must not be deaf all the same."""
        found, starved = [], self.starved > STARVED
        if self.failed > (self.events // 2 if starved else 0):
            found.append(f"{self.kind}: {self.failed} of {self.events} events weren't acknowledged")
        if self.p99 > SLOWEST and not starved:
            found.append(f"{self.kind}: p99 of the acknowledgements is {self.p99:.2f} s")
        if self.memory > MOST_MEMORY:
            found.append(f"{self.kind}: {self.memory:.0f} MB resident")
        if self.log > MOST_LOG:
            found.append(f"{self.kind}: {self.log:,} bytes of log")
        if self.tracebacks:
            found.append(f"{self.kind}: {self.tracebacks} tracebacks in the log")
        if any(status >= 500 or status // 100 == 2 for status in self.answers):
            found.append(f"{self.kind}: answered {dict(self.answers)}")
        return found

    def __str__(self) -> str:
        answers = ", ".join(f"{status or 'closed'}: {count}" for status, count in sorted(self.answers.items()))
        return (
            f"{self.kind:<16} {self.events:>4} events, {self.failed:>3} failed, p99 {self.p99:5.2f} s, slowest "
            f"{self.slowest:5.2f} s, {self.memory:5.0f} MB, log {self.log:>10,} bytes, {self.tracebacks} tracebacks, "
            f"starved {self.starved:.0%}; {answers}"
        )


async def run(
    folder: Path, scale: Scale, *, only: Sequence[str] = (), shown: Callable[[Figures], None] = lambda _figures: None
) -> list[Figures]:
    """Every kind of trouble (or `only` some), one after the other or all at once; what each did. Raises AssertionError where an
    acknowledged event isn't in the database."""
    found = []
    async with FakeSlack(clock=RealClock()) as fake, _running(folder, fake, scale.files) as process:
        ana, dana = fake.person("Ana", id="U0ANA"), fake.person("Dana")
        place = fake.channel("help", members=[ana, dana])
        await _heard(fake)
        acknowledged = 0
        for name in only or ([ALL] if scale.at_once else [NOTHING, *KINDS]):
            figures = await _meanwhile(fake, place, folder, process.pid, scale, name)
            acknowledged += figures.events - figures.failed
            found.append(figures)
            shown(figures)
            if process.returncode is not None:
                raise AssertionError(f"the process ended with {process.returncode}: see {folder / LOG}")
        ((stored,),) = rows_of(folder / DATABASE, "SELECT count(*) FROM event_keys WHERE kind = 'posted'")
        assert stored >= acknowledged, f"{acknowledged} events were acknowledged, {stored} are stored"
    return found


async def _meanwhile(fake: FakeSlack, place: Conversation, folder: Path, pid: int, scale: Scale, name: str) -> Figures:
    """Slack's events, while there is trouble."""
    target = fake.http_target
    assert target is not None
    port = int(target.split(":")[2].split("/")[0])
    log = folder / LOG
    before = log.stat().st_size
    count = int(scale.seconds / scale.gap)
    dana = next(fake.workspace.people[id] for id in place.members if fake.workspace.people[id].name == "dana")
    requests = prepare(fake, (Line(channel=place, author=dana, text=f"{name} {n}: where is it?") for n in range(count)))
    _forget_memory(pid)
    async with _trouble(name, port, fake.signing_secret, scale) as answers:
        await asyncio.sleep(min(2.0, scale.seconds / 2))  # until everybody is there
        begun, waited = time.monotonic(), _waited(pid)
        taken = await _delivered(port, requests, scale.gap)
        starved = (_waited(pid) - waited) / (time.monotonic() - begun)
    seconds = sorted(second for second in taken if second is not None)
    with log.open("rb") as lines:
        lines.seek(before)
        written = lines.read()
    return Figures(
        kind=name,
        events=count,
        failed=taken.count(None),
        p99=seconds[int(0.99 * len(seconds))] if seconds else IN_TIME,
        slowest=seconds[-1] if seconds else IN_TIME,
        memory=_memory(pid),
        log=len(written),
        tracebacks=written.count(b"Traceback (most recent call last)"),
        starved=starved,
        answers=answers,
    )


@asynccontextmanager
async def _trouble(name: str, port: int, secret: str, scale: Scale) -> AsyncIterator[Counter[int]]:
    """A process that makes trouble: in this one Slack's events would wait for it. The answers are there when it has ended."""
    answers: Counter[int] = Counter()
    if name == NOTHING:
        yield answers
        return
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-m", "tests.process.http_trouble", name, str(port), secret]
    command += ["--quick"] if scale is QUICK else []
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            await process.stdout.readline()  # it has begun
        yield answers
        async with asyncio.timeout(PATIENCE):
            told, _ = await process.communicate(b"")
        answers.update({int(status): count for status, count in json.loads(told).items()})
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _delivered(port: int, requests: Sequence[Sent], gap: float) -> list[float | None]:
    """Send each over a connection of its own, as a proxy does; the seconds until it was acknowledged, None if it wasn't."""

    async def one(number: int, sent: Sent) -> float | None:
        await asyncio.sleep(number * gap)
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(IN_TIME):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(request_of(sent.body, *(f"{name}: {value}" for name, value in sent.headers.items())))
                    answer = await reader.readuntil(b"\r\n\r\n")
                finally:
                    writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return None
        return time.perf_counter() - begun if status_of(answer) == 200 else None

    return await asyncio.gather(*(one(number, sent) for number, sent in enumerate(requests)))


@asynccontextmanager
async def _running(folder: Path, fake: FakeSlack, files: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """`realreply run`, as somebody types it, in HTTP mode, with so many files."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    for name, secret in (("bot.token", fake.bot_token), ("signing.secret", fake.signing_secret)):
        (folder / name).write_text(secret)
        (folder / name).chmod(0o600)
    text = SETTINGS.format(
        steps='{ after = "1h", to = "owner" }',
        path=DATABASE,
        api=fake.base_url,
        secret='signing_secret = "file:signing.secret"',
        more=f'mode = "http"\nlisten = "127.0.0.1:{port}"',
    )
    (folder / CONFIG).write_text(text)
    async with await Database.open(folder / DATABASE, unpack=unpack) as store:
        await store.transact(lambda tx: tx.put_mark(STARTED, time.time(), by="U0ANA"))
    fake.http_target = f"http://127.0.0.1:{port}{PATH}"
    command = [sys.executable, "-m", "bot", "run", "--config", str(folder / CONFIG)]
    with (folder / LOG).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=lambda: _limit(files)
        )
    try:
        yield process
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0, f"the process ended with {process.returncode}: see {folder / LOG}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _heard(fake: FakeSlack) -> None:
    """Wait until it listens."""
    async with asyncio.timeout(PATIENCE):
        while not await fake.http.verify():
            await asyncio.sleep(0.1)


def _limit(files: int) -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def _memory(pid: int) -> float:
    """Megabytes, the most that was resident since `_forget_memory`."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1000


def _waited(pid: int) -> float:
    """Seconds for which a process has waited for a processor (/proc/PID/schedstat)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def _forget_memory(pid: int) -> None:
    """What was resident at most counts from now (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def wrong(found: Sequence[Figures]) -> Iterator[str]:
    """What isn't held, as sentences."""
    for figures in found:
        yield from figures.wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it and print the figures; 1 when something isn't held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller, all kinds at once")
    parser.add_argument("kinds", metavar="KIND", nargs="*", choices=[[], *KINDS], help=f"only some of: {', '.join(KINDS)}")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="realreply-flood-", ignore_cleanup_errors=True) as folder:
        scale = QUICK if asked.quick else FULL
        show: Callable[[Figures], None] = lambda figures: print(figures, flush=True)  # noqa: E731
        found = asyncio.run(run(Path(folder), scale, only=asked.kinds, shown=show))
    faults = list(wrong(found))
    print(*faults, sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
