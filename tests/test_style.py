"""The code has one form, and its types fit."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

CALLS = {
    "rules": ["ruff", "check", "."],
    "form": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_lint(call):
    if find_spec(call[0]) is None:
        pytest.skip(f"{call[0]} is not installed: it belongs to the extra `lint`")
    run = subprocess.run(
        [sys.executable, "-m", *call],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
