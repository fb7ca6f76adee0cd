"""What all tests share: the way to their helpers, and random examples that every run repeats."""

import os
import sys
from pathlib import Path

from hypothesis import settings

# One thread each, as the figures are drawn: sums are added in one order, and tests that run side
# by side do not wait for each other's threads. It has to be said before NumPy is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

sys.path.insert(0, str(Path(__file__).parent))  # for `import support` and `from oracles import ...`

settings.register_profile("book", deadline=None, derandomize=True, database=None, max_examples=50)
settings.load_profile("book")
