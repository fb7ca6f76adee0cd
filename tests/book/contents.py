"""What the tests of the book read: chapters, the figures' scripts, errata, the notes' sections."""

import ast
import re
import tomllib
from pathlib import Path

import textbook

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SITE = ROOT / "build" / "html"


def stem(module):
    """Return the name of a module's chapter, figures and tests: `vgg` of `architectures.vgg`."""
    return module.rpartition(".")[2]


CHAPTERS = {name: next(DOCS.glob(f"part-*/{stem(name)}.md"), None) for name in textbook._CHAPTERS}
PROSE = [*DOCS.rglob("*.md"), ROOT / "README.md"]
SCRIPTS = sorted((ROOT / "gallery").glob("part-*/plot_*.py"))

ERRATA = tomllib.loads((DOCS / "errata.toml").read_text(encoding="utf-8"))["erratum"]
NOTES = tomllib.loads((DOCS / "notes_sections.toml").read_text(encoding="utf-8"))


def python_blocks(markdown):
    """Return the code of a page's Python fences."""
    return re.findall(r"^```python\n(.*?)^```", markdown, flags=re.DOTALL | re.MULTILINE)


def without_code(markdown):
    """Return a page's own words, without fences, options, formulas and the targets of links."""
    text = re.sub(r"^\$\$\n.*?^\$\$.*?$", " ", markdown, flags=re.DOTALL | re.MULTILINE)
    captions = re.sub(
        r"^```\{gallery-figure\}.*?\n((?:^:.*\n)*)(.*?)^```",
        r"\2",
        text,
        flags=re.DOTALL | re.MULTILINE,
    )
    text = re.sub(r"^```.*?^```", " ", captions, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^:.*$", " ", text, flags=re.MULTILINE)
    text = re.sub(r"\{[a-z:]+\}`[^`]*`|\$[^$]*\$|`[^`]*`", " ", text)
    return re.sub(r"\]\([^)]*\)", "]", text)


def script_comments(script):
    """Return the words of a gallery script: its docstring and the text blocks between its code."""
    source = script.read_text(encoding="utf-8")
    blocks = re.findall(r"^# %%.*\n((?:^#.*\n)+)", source, flags=re.MULTILINE)
    return "\n\n".join([ast.get_docstring(ast.parse(source)) or "", *blocks])
