"""Install the libraries that the book is compared with: all of the extra `bench`, or those named.

Each is installed by itself, so that one that cannot be had here does not keep out the others.
"""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]


def peers() -> dict[str, str]:
    """Return the requirement of each peer by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    requirements = project["optional-dependencies"]["bench"]
    return {re.match(r"[\w-]+", requirement)[0]: requirement for requirement in requirements}


def is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def install(requirement: str) -> None:
    log = ROOT / "build" / "install-peers.log"
    log.parent.mkdir(exist_ok=True)
    print(f"Installing {requirement} ...", flush=True)
    with log.open("a") as words:
        pip = [sys.executable, "-m", "pip", "install", requirement]
        done = subprocess.run(pip, stdin=subprocess.DEVNULL, stdout=words, stderr=words)
    if done.returncode:
        print(f"{requirement} cannot be installed here; pip says why in {log.relative_to(ROOT)}.")


if __name__ == "__main__":
    known = peers()
    for name in sys.argv[1:] or known:
        if not is_installed(name):
            install(known[name])
