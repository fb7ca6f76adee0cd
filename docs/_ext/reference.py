"""Reference entries: what autodoc adds or lacks.

Each function's entry gets links to the gallery's pages that draw with it. A named tuple's fields
are told in its docstring; their entries of their own, "Alias for field number 0", are left out.
"""

import ast
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx

GALLERY = Path(__file__).resolve().parent.parent.parent / "gallery"


@cache
def imported_functions(script: Path) -> frozenset[str]:
    """Return the full names that a script imports from the book's package."""
    tree = ast.parse(script.read_text(encoding="utf-8"))
    imports = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    ]
    return frozenset(
        f"{node.module}.{alias.name}" for node in imports for alias in node.names
    )


def add_links(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Append the links to a docstring, in reading order."""
    scripts = [
        path
        for stem in app.config.gallery_order
        for path in GALLERY.glob(f"part-*/{stem}.py")
    ]
    using = [path for path in scripts if name in imported_functions(path)]
    for path in scripts:
        app.env.note_dependency(str(path))
    if using:
        links = (f":doc:`/gallery/{path.parent.name}/{path.stem}`" for path in using)
        lines += [
            "",
            ".. rubric:: In the gallery",
            "",
            *(f"- {link}" for link in links),
            "",
        ]


def skip_tuple_fields(
    app: Sphinx, what: str, name: str, obj: object, skip: bool, options: object
) -> bool | None:
    """Leave out the fields of named tuples; None leaves the decision to others."""
    return (
        True
        if (getattr(obj, "__doc__", None) or "").startswith("Alias for field number")
        else None
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the links after numpydoc has read the docstring."""
    app.connect("autodoc-skip-member", skip_tuple_fields)
    app.connect("autodoc-process-docstring", add_links, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
