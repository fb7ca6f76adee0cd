"""What the theme and the gallery leave out for readers who use a keyboard or a screen reader."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

MENDED = [
    # The two columns beside the text need names to be told apart.
    (
        '<aside class="sidebar-drawer"',
        '<aside class="sidebar-drawer" aria-label="Chapters"',
    ),
    ('<aside class="toc-drawer', '<aside aria-label="On this page" class="toc-drawer'),
    # A caption in the list of chapters is a heading; without a level it is a heading of nothing.
    ('role="heading"', 'role="heading" aria-level="2"'),
    # A list of works whose entries are not list items is none.
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    (' role="doc-biblioentry"', ""),
    # What scrolls sideways must be reachable by keyboard.
    ("<pre>", '<pre tabindex="0">'),
    (
        '<div class="table-wrapper',
        '<div tabindex="0" role="group" aria-label="Table" class="table-wrapper',
    ),
]


def mend(html: str) -> str:
    """Return the page's body with names, levels and focus where they were missing."""
    for broken, mended in MENDED:
        html = html.replace(broken, mended)
    return re.sub(r' tooltip="[^"]*"', "", html)


def offer_mend(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Let the page template call `mend`."""
    context["mend"] = mend


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the templates the function."""
    app.connect("html-page-context", offer_mend)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
