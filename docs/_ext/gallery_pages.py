"""The gallery's pages: their order, when they are drawn anew, and what is not said on them."""

import hashlib
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from figures import DOCS, PACKAGE, STYLE_FILE, dark_colors

# What the scripts draw with and from, besides themselves.
SOURCES = [
    *sorted(PACKAGE.rglob("*.py")),
    *sorted(PACKAGE.rglob("*.npz")),
    *sorted((DOCS.parent / "gallery").rglob("*.json")),
    STYLE_FILE,
    Path(__file__).with_name("figures.py"),
]

# A note on top of each page, and an archive that holds the date.
UNWANTED = [
    re.compile(
        r"\.\. only:: html\n\n    \.\. note::.*?full example code\S*\n", re.DOTALL
    ),
    re.compile(
        r"    \.\. container:: sphx-glr-download sphx-glr-download-zip\n\n.*?\n(?=\n|\Z)",
        re.DOTALL,
    ),
]


class ReadingOrder:
    """Sort key of the gallery's scripts: their places in ``gallery_order`` of ``conf.py``."""

    order: list[str] = []

    def __init__(self, src_dir: str) -> None:
        self.src_dir = src_dir

    def __call__(self, filename: str) -> int:
        """Return the place of one script."""
        script = Path(filename).stem
        if script not in self.order:
            raise ExtensionError(
                f"gallery_order in docs/conf.py does not say where {script} stands."
            )
        return self.order.index(script)


def forget_stale_examples(app: Sphinx) -> None:
    """Make the gallery run again when what it draws with changed, not only when a script did."""
    ReadingOrder.order = app.config.gallery_order
    gallery = Path(app.srcdir) / "gallery"
    gallery.mkdir(exist_ok=True)
    digest = sources_digest()
    record = gallery / "sources.sha256"
    if record.exists() and record.read_text(encoding="utf-8") == digest:
        return
    for stale in gallery.rglob("*.md5"):
        stale.unlink()
    record.write_text(digest, encoding="utf-8")


def sources_digest() -> str:
    """Return one hash of all that the scripts draw with."""
    digest = hashlib.sha256(dark_colors().encode())
    for path in SOURCES:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def tidy_page(app: Sphinx, docname: str, content: list[str]) -> None:
    """Drop from a gallery page what sphinx-gallery adds to each."""
    if docname.startswith("gallery/"):
        for unwanted in UNWANTED:
            content[0] = unwanted.sub("", content[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register what keeps the gallery fresh and tidy."""
    app.add_config_value("gallery_order", [], "env", types=[list])
    app.connect("builder-inited", forget_stale_examples, priority=100)
    app.connect("source-read", tidy_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
