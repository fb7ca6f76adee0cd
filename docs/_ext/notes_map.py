"""``{notes-map}``: which chapter carries which section of the lecture notes.

The sections stand in ``notes_sections.toml``, with the modules not written yet in one list. A
chapter that exists although it is on that list is a warning; so is one that is nowhere.
"""

import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from links import link
from reading_order import chapter_page

logger = logging.getLogger(__name__)


class NotesMap(SphinxDirective):
    """The table of the notes' sections, one table for each part."""

    def run(self) -> list[nodes.Node]:
        """Return a section with a table for each part."""
        path = Path(self.env.srcdir) / "notes_sections.toml"
        self.env.note_dependency(str(path))
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        self.unwritten: set[str] = set(content["not_yet_written"])
        parts: dict[str, list[dict[str, Any]]] = {}
        for section in content["section"]:
            parts.setdefault(section["part"], []).append(section)
        return [
            self.part(number, name, sections)
            for number, (name, sections) in enumerate(parts.items(), start=1)
        ]

    def part(
        self, number: int, name: str, sections: list[dict[str, Any]]
    ) -> nodes.section:
        """Return the table of one part under its name."""
        section = nodes.section("", nodes.title("", name), ids=[f"notes-part-{number}"])
        head = nodes.thead("", row([[nodes.paragraph("", text)] for text in HEADINGS]))
        body = nodes.tbody("", *(self.section_row(entry) for entry in sections))
        group = nodes.tgroup(
            "", *(nodes.colspec(colwidth=width) for width in (8, 60, 32)), head, body
        )
        group["cols"] = len(HEADINGS)
        section += nodes.table("", group, classes=["notes-map"])
        return section

    def section_row(self, entry: dict[str, Any]) -> nodes.row:
        """Return the row of one section: its number, its content, its place in the book."""
        content = [nodes.paragraph("", "", nodes.strong("", entry["title"]))]
        content += self.parse_text_to_nodes(entry["holds"])
        if "figures" in entry:
            content += self.parse_text_to_nodes(f"Drawn anew: {entry['figures']}.")
        return row(
            [[nodes.paragraph("", str(entry["number"]))], content, self.carriers(entry)]
        )

    def carriers(self, entry: dict[str, Any]) -> list[nodes.Node]:
        """Return the links to the chapters (and other pages) that carry a section."""
        names = [*entry["modules"], *entry.get("pages", [])]
        paragraph = nodes.paragraph()
        for place, name in enumerate(names):
            if place:
                paragraph += nodes.Text(", ")
            paragraph += self.carrier(name)
        return [paragraph]

    def carrier(self, name: str) -> nodes.Node:
        """Return a link to a chapter, a page or a module, or a name that is still to come."""
        if name in self.unwritten:
            if chapter_page(self.env, name):
                logger.warning(
                    "%r is written: take it off not_yet_written",
                    name,
                    location=self.get_location(),
                )
            return nodes.emphasis("", f"{name} (to come)")
        page = name if name in self.env.found_docs else chapter_page(self.env, name)
        if page:
            return link(self, "std:doc", f"/{page}")
        return link(self, "py:mod", f"textbook.{name}", nodes.inline("", name))


HEADINGS = ("No.", "Section of the notes", "In this book")


def row(cells: list[list[nodes.Node]]) -> nodes.row:
    """Return a table row of these cells."""
    return nodes.row("", *(nodes.entry("", *content) for content in cells))


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("notes-map", NotesMap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
