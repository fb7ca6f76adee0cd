"""``{body} textbook.backprop.forward_rows``: a function's code, cut out of the package by name.

The chapter shows what the tests test: nothing is typed twice, and a name that does not exist stops
the build. The docstring is left out, since the chapter tells its content in its own way.
"""

import ast
import importlib
import textwrap
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from links import link

Function = ast.FunctionDef | ast.AsyncFunctionDef


def find_function(name: str) -> tuple[Path, Function]:
    """Return the file and the syntax tree of ``package.module.function`` or ``...Class.method``."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:length]))
        except ImportError:
            continue
        path = Path(str(module.__file__))
        scope: ast.AST = ast.parse(path.read_text(encoding="utf-8"))
        for part in parts[length:]:
            scope = _child(scope, part, name)
        if isinstance(scope, Function):
            return path, scope
        break
    raise ExtensionError(
        f"{{body}} {name}: there is no such function in the book's package."
    )


def _child(scope: ast.AST, part: str, name: str) -> ast.AST:
    for node in ast.iter_child_nodes(scope):
        if isinstance(node, Function | ast.ClassDef) and node.name == part:
            return node
    raise ExtensionError(f"{{body}} {name}: {part!r} is not defined there.")


def function_body(path: Path, function: Function) -> str:
    """Return the lines below the docstring, comments kept, indented from the margin."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function, clean=False) is not None
    start = first.end_lineno if has_docstring else first.lineno - 1
    lines = path.read_text(encoding="utf-8").splitlines()[start : function.end_lineno]
    return textwrap.dedent("\n".join(lines)).strip("\n")


def parameter_names(function: Function) -> str:
    """Return the parameters as the caption shows them: names only, ``*`` before keywords."""
    arguments = function.args
    names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    if arguments.vararg:
        names.append(f"*{arguments.vararg.arg}")
    elif arguments.kwonlyargs:
        names.append("*")
    names += [argument.arg for argument in arguments.kwonlyargs]
    if arguments.kwarg:
        names.append(f"**{arguments.kwarg.arg}")
    return ", ".join(names)


class Body(SphinxDirective):
    """The body of one function of the package, under a caption that links to its reference."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the caption and the code."""
        name = self.arguments[0]
        path, function = find_function(name)
        self.env.note_dependency(str(path))
        title = link(self, "py:func", name, nodes.literal("", function.name))
        parameters = nodes.literal("", f"({parameter_names(function)})")
        caption = nodes.paragraph(
            "", "", title, parameters, classes=["function-body-caption"]
        )
        code = function_body(path, function)
        block = nodes.literal_block(code, code, language="python")
        self.set_source_info(block)
        return [nodes.container("", caption, block, classes=["function-body"])]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("body", Body)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
