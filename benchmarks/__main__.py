"""`make bench`: every figure beside its reference, measured in the same run on this machine.

`python -m benchmarks` measures speed in a few minutes; `--memory` also replays a million messages, which takes longer.
"""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from benchmarks import live, replaying


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000, help="messages of the made archive (default: 100,000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the replay, the best of which counts (default: 3)")
    parser.add_argument("--memory", action="store_true", help="replay a million messages too, for the peak of memory")
    options = parser.parse_args()
    console = Console()
    if not console.is_terminal:
        console.width = 130
    table = Table("what", "measured", "reference in the same run", "ratio", "floor", "aim")

    run, decoding = replaying.measure(options.messages, options.rounds)
    table.add_row(
        f"replay of {run.messages:,} messages",
        f"{run.speed:,.0f} messages/s ({run.processor:.1f} s of processor time)",
        f"decoding its JSON: {run.messages / decoding:,.0f} messages/s",
        f"{run.wall / decoding:.1f}",
        "5,000/s",
        "10,000/s",
    )
    table.add_row("its peak memory", f"{run.peak:.0f} MB", "", "", "200 MB at 1,000,000", "")
    if options.memory:
        large, _ = replaying.measure(1_000_000, 1)
        table.add_row(
            f"replay of {large.messages:,} messages",
            f"{large.speed:,.0f} messages/s, peak {large.peak:.0f} MB",
            f"peak at {run.messages:,}: {run.peak:.0f} MB",
            f"{large.peak / run.peak:.2f}",
            "200 MB",
            "",
        )
    costs = live.measure()
    ours = costs["ours"]
    for name, floor, aim in (("discord.py", "3", "1.5"), ("slack-bolt", "0.6", "0.35")):
        table.add_row(
            "a message on the live path, committed",
            f"{ours * 1e6:.0f} µs",
            f"{name}: {costs[name] * 1e6:.0f} µs",
            f"{ours / costs[name]:.2f}",
            floor,
            aim,
        )
    console.print(table)


if __name__ == "__main__":
    main()
