"""Time the book beside the libraries that compute the same: `make bench`.

Each library runs in a process of its own. They are timed in turn, the book, the other, the book,
the other, so that a busy machine disturbs both alike, and the ratio of the two is taken each time.
The table gives the median ratio and the middle half of all ratios: 2.0 means that the book takes
twice as long. It is a table in Markdown.

    python tests/benchmarks/run.py                    everything
    python tests/benchmarks/run.py VGG "LeNet-5"      the cases whose names hold one of these words,
                                                      or all beside a library that is called so
    python tests/benchmarks/run.py --keep             everything, kept for the page on speed
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import numpy as np

ROUNDS = 21  # of which the first warms up; fewer, but 9 at least, where they take long
PATIENCE = 20  # seconds for one row
PEERS = ("torch", "numpy-ml", "scipy", "scikit-learn")
WORKER = Path(__file__).with_name("worker.py")
KEPT = Path(__file__).with_name("results.json")


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


def compare(case: str, ours: Worker, other: Worker) -> list[tuple[float, float]]:
    """Return the seconds of both, measured in turn, after making sure that the results agree."""
    if not np.allclose(ours.ask("check", case), other.ask("check", case), rtol=1e-2, atol=1e-2):
        sys.exit(f"{case}: the results differ, so the times say nothing.")
    start, pairs = time.perf_counter(), []
    while len(pairs) < ROUNDS:
        pairs.append((ours.ask("time", case), other.ask("time", case)))
        if time.perf_counter() - start > PATIENCE and len(pairs) >= 9:
            break
    return pairs[1:]


def result(case: str, peer: str, pairs: list[tuple[float, float]]) -> dict:
    ours, theirs = zip(*pairs, strict=True)
    low, middle, high = statistics.quantiles([a / b for a, b in pairs], n=4)
    return {
        "case": case,
        "peer": peer,
        "milliseconds": [round(1000 * statistics.median(t), 3) for t in (ours, theirs)],
        "ratio": round(middle, 3),
        "middle_half": [round(low, 3), round(high, 3)],
    }


def row(found: dict) -> str:
    ours, theirs = found["milliseconds"]
    low, high = found["middle_half"]
    return (
        f"| {found['case']:<36} | {found['peer']:<12} | {ours:9.3f} | {theirs:9.3f} "
        f"| {found['ratio']:6.2f} | {low:5.2f} to {high:5.2f} |"
    )


def installed(library: str) -> bool:
    try:
        metadata.version(library)
    except metadata.PackageNotFoundError:
        return False
    return True


def processor() -> str:
    """Return the processor's name, as Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return (names or [platform.processor() or platform.machine()])[0]


def conditions(present: list[str]) -> dict:
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": processor(),
        "cores": os.cpu_count(),
        "versions": {
            "Python": platform.python_version(),
            **{name: metadata.version(name) for name in ("numpy", *present)},
        },
    }


def main(words: list[str]) -> None:
    keep = "--keep" in words
    words = [word for word in words if word != "--keep"]
    present = [peer for peer in PEERS if installed(peer)]
    missing = [peer for peer in PEERS if peer not in present]
    if missing:
        print(f"Not installed here, and so not compared with: {', '.join(missing)}.")
    if not present:
        sys.exit("There is nothing to compare the book with.")
    told = conditions(present)
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    print(f"{told['processor']}, {told['cores']} cores; {versions}; {told['date']}.\n")
    print(f"| {'what':<36} | beside       |  book, ms | other, ms |  ratio | middle half    |")
    print(f"|{'-' * 38}|--------------|----------:|----------:|-------:|----------------|")

    ours, rows = Worker("textbook"), []
    for peer in present:
        other = Worker(peer)
        for case in ours.cases:
            wanted = not words or peer in words or any(word in case for word in words)
            if wanted and case in other.cases:
                rows.append(result(case, peer, compare(case, ours, other)))
                print(row(rows[-1]), flush=True)
        other.close()
    ours.close()
    if keep:
        KEPT.write_text(json.dumps({**told, "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
