"""``{function-index}``: every public function of the book, by chapter, with its first sentence.

The list is the package's own: its chapters, the modules that serve them, each one's ``__all__``.
"""

import importlib
from pathlib import Path
from types import ModuleType

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import textbook
from links import link
from reading_order import chapter_title


class FunctionIndex(SphinxDirective):
    """One section for each chapter, with its functions in alphabetical order."""

    def run(self) -> list[nodes.Node]:
        """Return the chapters' sections."""
        return [self.chapter(module) for module in textbook._MODULES]

    def chapter(self, chapter: str) -> nodes.section:
        """Return the functions of one chapter."""
        module = importlib.import_module(f"textbook.{chapter}")
        self.env.note_dependency(str(Path(str(module.__file__))))
        section = nodes.section(ids=[f"functions-{nodes.make_id(chapter)}"])
        section += nodes.title("", chapter_title(self.env, chapter))
        section += nodes.definition_list(
            "", *(self.entry(module, name) for name in sorted(module.__all__))
        )
        return section

    def entry(self, module: ModuleType, name: str) -> nodes.definition_list_item:
        """Return a function's name, linked to its reference entry, and its first sentence."""
        title = link(
            self, "py:obj", f"{module.__name__}.{name}", nodes.literal("", name)
        )
        summary = (getattr(module, name).__doc__ or "").strip().split("\n\n")[0]
        sentence = nodes.definition(
            "", *self.parse_text_to_nodes(" ".join(summary.split()))
        )
        return nodes.definition_list_item("", nodes.term("", "", title), sentence)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("function-index", FunctionIndex)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
