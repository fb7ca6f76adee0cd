"""Time the book beside the libraries that compute the same: `make bench`.

Each library runs in a process of its own. They are timed in turn, the book, the other, the book,
the other, so that a busy machine disturbs both alike, and the ratio of the two is taken each time.
The table gives the median ratio and the middle half of all ratios: 2.0 means that the book takes
twice as long. It is a table in Markdown.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np

ROUNDS = 21
PEERS = ("torch", "scipy", "scikit-learn")
WORKER = Path(__file__).with_name("worker.py")


class Worker:
    """The other end of worker.py."""

    def __init__(self, library: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(WORKER), library],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.cases: list[str] = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("A worker ended early; what it said stands above.")
        return json.loads(line)

    def ask(self, command: str, case: str):
        self.process.stdin.write(json.dumps([command, case]) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def compare(case: str, ours: Worker, other: Worker) -> tuple[list[float], list[float]]:
    """Return the seconds of both, measured in turn, after making sure that the results agree."""
    if not np.allclose(ours.ask("check", case), other.ask("check", case), rtol=1e-2, atol=1e-2):
        sys.exit(f"{case}: the results differ, so the times say nothing.")
    pairs = [(ours.ask("time", case), other.ask("time", case)) for _ in range(ROUNDS + 1)]
    return tuple(zip(*pairs[1:], strict=True))  # the first round warms up


def row(case: str, peer: str, ours: list[float], theirs: list[float]) -> str:
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    times = f"{1000 * statistics.median(ours):9.3f} | {1000 * statistics.median(theirs):9.3f}"
    return f"| {case:<35} | {peer:<12} | {times} | {middle:6.2f} | {low:5.2f} to {high:5.2f} |"


def installed(library: str) -> bool:
    try:
        metadata.version(library)
    except metadata.PackageNotFoundError:
        return False
    return True


def main() -> None:
    present = [peer for peer in PEERS if installed(peer)]
    missing = [peer for peer in PEERS if peer not in present]
    if missing:
        print(f"Not installed here, and so not compared with: {', '.join(missing)}.")
    if not present:
        sys.exit("There is nothing to compare the book with.")
    versions = [f"{name} {metadata.version(name)}" for name in ("numpy", *present)]
    print(f"Python {platform.python_version()}, {', '.join(versions)}; {os.cpu_count()} cores.\n")
    print(f"| {'what':<35} | beside       |  book, ms | other, ms |  ratio | middle half    |")
    print(f"|{'-' * 37}|--------------|----------:|----------:|-------:|----------------|")

    ours = Worker("textbook")
    for peer in present:
        other = Worker(peer)
        for case in ours.cases:
            if case in other.cases:
                print(row(case, peer, *compare(case, ours, other)), flush=True)
        other.close()
    ours.close()


if __name__ == "__main__":
    main()
