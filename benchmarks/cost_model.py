"""What a class, a university and a platform would cost on more than one machine: a model, and a simulation that checks it.

Run ``python -m benchmarks.cost_model [--seconds 1.5]``, with the CPU seconds of a submission that `benchmarks.bench_class` measured.
What the scheduler takes for each submission is measured here, with a real scheduler and two real workers that do nothing.

Model: a submission takes s seconds on a core and x seconds at the scheduler, which is one for all. So n submissions on w cores take
n max(s / w, x), and as a worker takes some seconds to start and the last ones finish alone, that much more. A worker that is taken
away (a spot instance, say) costs what it was doing.
"""

from __future__ import annotations

import argparse
import heapq
import logging
import random
import time

from distributed import Client, LocalCluster
from rich.console import Console
from rich.table import Table

#: Seconds from the start of a worker until it grades: Python, the libraries, the process that sandboxes are forked from.
START = 8.0
#: A price to compare with: a core for an hour on public clouds, in US dollars.
PRICE = 0.04
#: What a worker's life is worth on a machine that may be taken away, in seconds.
LIFE = 6 * 3600.0
NOTEBOOK_BYTES, RESULT_BYTES = 60_000, 300_000


def _nothing(content: bytes) -> bytes:
    return b"x" * RESULT_BYTES


def scheduler_seconds(count: int = 400) -> float:
    """Return what the scheduler takes for a submission, from sending the notebook to the result."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        ) as cluster,
        Client(cluster) as client,
    ):
        content = b"x" * NOTEBOOK_BYTES
        client.gather(client.map(_nothing, [content] * 20, pure=False))
        start = time.perf_counter()
        client.gather([client.submit(_nothing, content, pure=False) for _ in range(count)])
        return (time.perf_counter() - start) / count


def model(count: int, cores: int, seconds: float, scheduler: float) -> float:
    """Return how long `count` submissions take, in seconds."""
    lost = 1 + seconds / (2 * LIFE)
    return START + count * max(seconds * lost / cores, scheduler) + seconds


def simulate(count: int, cores: int, seconds: float, scheduler: float, seed: int = 0) -> float:
    """Return how long they take in a simulated queue: log-normal service times, workers that die, one scheduler."""
    chance = random.Random(seed)
    free = [START] * cores
    heapq.heapify(free)
    at_scheduler, left = 0.0, count
    while left:
        at_scheduler = max(at_scheduler, free[0]) + scheduler
        begun = max(heapq.heappop(free), at_scheduler)
        takes = seconds * chance.lognormvariate(-0.125, 0.5)  # of mean 1
        if (dies := chance.expovariate(1 / LIFE)) < takes:
            heapq.heappush(free, begun + dies + START)  # tried again by another
            continue
        heapq.heappush(free, begun + takes)
        left -= 1
    return max(free)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.5, help="CPU seconds of a submission")
    asked = parser.parse_args()
    scheduler = scheduler_seconds()
    print(f"A submission takes {asked.seconds:g} s on a core, and {1000 * scheduler:.1f} ms at the scheduler.\n")
    table = Table("submissions", "cores", "model", "simulated", "core-hours", "US$", "results (GB)")
    for count, cores in ((100, 2), (10_000, 2), (10_000, 32), (1_000_000, 32), (1_000_000, 256), (1_000_000, 1000)):
        expected = model(count, cores, asked.seconds, scheduler)
        found = simulate(min(count, 200_000), cores, asked.seconds, scheduler)
        if count > 200_000:  # the rest passes at the same rate
            found = START + (found - START) * count / 200_000
        hours = expected * cores / 3600
        row = (f"{count:,}", str(cores), _time(expected), _time(found), f"{hours:,.1f}", f"{hours * PRICE:,.2f}")
        table.add_row(*row, f"{count * RESULT_BYTES / 1e9:.2f}")
    Console(width=110).print(table)


def _time(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 600
        else f"{seconds / 60:.0f} min"
        if seconds < 36_000
        else f"{seconds / 3600:.1f} h"
    )


if __name__ == "__main__":
    main()
