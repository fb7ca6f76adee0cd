"""What all tests share: the way to their helpers, and random examples that every run repeats."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # for `import support` and `from oracles import ...`

settings.register_profile("book", deadline=None, derandomize=True, database=None, max_examples=50)
settings.load_profile("book")
