"""``{erratum}`` and ``{errata-list}``: where the lecture notes slip, written once.

Each slip is an entry of ``errata.toml``: what the notes say, what holds, and the code that computes
it. The box in a chapter and the entry on the errata page are both made from it.
"""

import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from links import link
from reading_order import chapter_page, chapter_title, chapters

Erratum = dict[str, Any]


def anchor(entry: Erratum) -> str:
    """Return the anchor of an entry on the errata page."""
    return f"erratum-{entry['id']}"


class ErrataDirective(SphinxDirective):
    """What the chapter's box and the errata page share."""

    def errata(self) -> dict[str, Erratum]:
        """Return all entries by id, and rebuild the page when the file changes."""
        path = Path(self.env.srcdir) / "errata.toml"
        self.env.note_dependency(str(path))
        entries: list[Erratum] = tomllib.loads(path.read_text(encoding="utf-8")).get(
            "erratum", []
        )
        return {entry["id"]: entry for entry in entries}

    def says(self, introduction: str, text: str) -> nodes.Node:
        """Return a paragraph, parsed as the page is, with a few words put before it."""
        paragraph, *others = self.parse_text_to_nodes(text)
        if others or not isinstance(paragraph, nodes.paragraph):
            raise ExtensionError(
                f"errata.toml: a text must be one paragraph, not {text!r}."
            )
        paragraph.insert(0, [nodes.strong("", introduction), nodes.Text(" ")])
        return paragraph

    def explanation(self, entry: Erratum) -> tuple[nodes.Node, nodes.Node]:
        """Return what the notes say and what holds."""
        return (
            self.says("The notes:", entry["notes"]),
            self.says("Right:", entry["holds"]),
        )

    def code(self, entry: Erratum) -> nodes.Node:
        """Return the computation with its output."""
        text = entry["code"].strip("\n")
        return nodes.literal_block(text, text, language="pycon")


class ErratumBox(ErrataDirective):
    """A chapter's box for one or more entries, named by id."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the box."""
        known = self.errata()
        names = self.arguments[0].split()
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ExtensionError(
                f"{{erratum}} in {self.env.docname}: errata.toml has no entry {', '.join(unknown)}."
            )
        title = nodes.title("", "Erratum" if len(names) == 1 else "Errata")
        box = nodes.admonition("", title, classes=["erratum"])
        for name in names:
            box += self.in_one_paragraph(known[name])
        # All computations in one place, closed until the reader opens it
        box += nodes.raw("", "<details><summary>Computed</summary>", format="html")
        for name in names:
            box += self.computation(known[name])
        box += nodes.raw("", "</details>", format="html")
        return [box]

    def in_one_paragraph(self, entry: Erratum) -> nodes.paragraph:
        """Return what the notes say and what holds, short enough not to stop a reader."""
        notes, holds = self.explanation(entry)
        return nodes.paragraph(
            "", "", *notes.children, nodes.Text(" "), *holds.children
        )

    def computation(self, entry: Erratum) -> list[nodes.Node]:
        """Return the code and the way to the errata page."""
        text = nodes.inline("", f"{entry['id']} in the list of errata")
        to_entry = link(self, "std:ref", anchor(entry), text)
        return [self.code(entry), nodes.paragraph("", "", to_entry)]


class ErrataList(ErrataDirective):
    """All entries, by chapter in reading order."""

    def run(self) -> list[nodes.Node]:
        """Return one section for each chapter that has entries."""
        entries = list(self.errata().values())
        lost = sorted({entry["chapter"] for entry in entries} - set(chapters()))
        if lost:
            raise ExtensionError(
                f"errata.toml names chapters that the book does not have: {', '.join(lost)}."
            )
        sections: list[nodes.Node] = []
        for chapter in chapters():
            own = [entry for entry in entries if entry["chapter"] == chapter]
            if own:
                sections.append(self.chapter_section(chapter, own))
        return sections

    def chapter_section(self, chapter: str, entries: list[Erratum]) -> nodes.section:
        """Return a chapter's entries under its title."""
        section = nodes.section(ids=[f"errata-{nodes.make_id(chapter)}"])
        section += nodes.title("", chapter_title(self.env, chapter))
        page = chapter_page(self.env, chapter)
        if page:
            section += nodes.paragraph(
                "",
                "",
                link(self, "std:doc", f"/{page}", nodes.inline("", "Read the chapter")),
            )
        for entry in entries:
            section += self.entry(entry)
        return section

    def entry(self, entry: Erratum) -> nodes.Element:
        """Return one entry with its anchor."""
        name = anchor(entry)
        heading = nodes.paragraph("", "", classes=["erratum-heading"])
        heading += nodes.strong("", entry["section"])
        heading += nodes.Text(" ")
        heading += nodes.literal("", entry["id"])
        self.env.domains.standard_domain.note_hyperlink_target(
            name, self.env.docname, name, entry["section"]
        )
        box = nodes.container("", heading, ids=[name], classes=["erratum-entry"])
        box += self.explanation(entry)
        box += self.code(entry)
        return box


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives."""
    app.add_directive("erratum", ErratumBox)
    app.add_directive("errata-list", ErrataList)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
