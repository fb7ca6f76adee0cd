"""A search index that is the same after a second build as after a first.

Sphinx stores what it has read before it writes the pages, but collects the index entries that
search offers while it writes. A later build, which writes only what changed, has lost those of all
other pages. So the environment is stored once more at the end.
"""

import pickle
from pathlib import Path

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx


def store_environment(app: Sphinx, exception: Exception | None) -> None:
    """Store the environment again, now with the index entries."""
    if exception is None:
        with (Path(app.doctreedir) / ENV_PICKLE_FILENAME).open("wb") as file:
            pickle.dump(app.env, file, pickle.HIGHEST_PROTOCOL)


def setup(app: Sphinx) -> dict[str, bool]:
    """Store when the build is done."""
    app.connect("build-finished", store_environment)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
