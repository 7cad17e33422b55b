"""The process whose forks are killed: it imports everything once, so that a life takes milliseconds to begin, not seconds.

For each line on standard input a life is forked, which goes on until it is killed or has nothing left to do. The answers are
`pid N` and then `ended STATUS`. See lives.Lives for the other side.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

FINISHED = 0


def serve(live: Callable[[], None], log: Path) -> None:
    """Fork a life for each line that comes in. What lives write to their outputs goes to `log`."""
    for _ in sys.stdin:
        pid = fork(live, log)
        print(f"pid {pid}", flush=True)
        _, status = os.waitpid(pid, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


def fork(live: Callable[[], None], log: Path) -> int:
    """Start a life and give its process id."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(out, 1)
        os.dup2(out, 2)
        live()
        status = FINISHED
    except BaseException:  # this process is a copy: whatever happens, it must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
