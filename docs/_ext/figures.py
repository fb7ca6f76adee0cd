"""Figures: drawn by the gallery, set into the pages, readable on light and on dark.

The gallery's scripts draw with matplotlib in the style ``textbook.book``. Each figure is saved as
SVG in which the style's colors are CSS variables (``var(--figure-c0, #0072b2)``). The SVG stands in
the page itself, so it follows the page's theme; as a thumbnail it brings the dark colors along.
"""

import re
from html import escape
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from docutils import nodes
from docutils.parsers.rst import directives
from matplotlib import rc_params_from_file
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

import textbook
from links import link
from motion import staged, with_controls

DOCS = Path(__file__).resolve().parent.parent
PACKAGE = Path(str(textbook.__file__)).parent
STYLE_FILE = PACKAGE / "book.mplstyle"
SHORTEST_ALT = 40


# -- From matplotlib to an SVG that follows the theme


def style_colors() -> dict[str, str]:
    """Return the style's colors by hexadecimal value: ``{"#0072b2": "c0", ...}``."""
    style = rc_params_from_file(STYLE_FILE, use_default_template=False)
    cycle = style["axes.prop_cycle"].by_key()["color"]
    names = {to_hex(color): f"c{number}" for number, color in enumerate(cycle)}
    return names | {
        to_hex(style["text.color"]): "ink",
        to_hex(style["xtick.color"]): "muted",
        "#ffffff": "paper",
    }


def dark_colors() -> str:
    """Return the CSS declarations of the dark figure colors, which stand in ``book.css``."""
    css = (DOCS / "_static" / "book.css").read_text(encoding="utf-8")
    return "".join(
        f"{name}:{value};"
        for name, value in sorted(set(re.findall(r"(--figure-\w+):\s*(#\w+);", css)))
    )


def themed(svg: str, alt: str, prefix: str) -> str:
    """Return matplotlib's SVG with variables for colors, its own ids, and its description."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    # Matplotlib's style rule is for all elements, which in a page would be the page's.
    svg = re.sub(r"\s*<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    for color, name in style_colors().items():
        svg = re.sub(color, f"var(--figure-{name}, {color})", svg, flags=re.IGNORECASE)
    svg = _own_ids(staged(svg), prefix)
    style = f"<style>@media (prefers-color-scheme: dark) {{ svg {{ {dark_colors()} }} }}</style>"
    # In rem, the figure's text grows with the page's: 12 points are 16 pixels are 1 rem.
    svg = re.sub(
        r' width="([\d.]+)pt" height="[\d.]+pt"',
        lambda match: f' width="{float(match[1]) / 12:.3f}rem"',
        svg,
    )
    root = (
        f'<svg role="img" aria-label="{escape(alt)}" class="book-figure" '
        'style="stroke-linejoin: round; stroke-linecap: butt"'
    )
    return re.sub(
        r"<svg([^>]*)>", lambda match: f"{root}{match[1]}>{style}", svg, count=1
    )


def _own_ids(svg: str, prefix: str) -> str:
    """Drop ids that nothing refers to and give the rest a prefix, for many figures share a page."""
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))
    svg = re.sub(
        r' id="([^"]+)"',
        lambda match: f' id="{prefix}-{match[1]}"' if match[1] in used else "",
        svg,
    )
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", svg)


def scrape(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save the figures that a gallery block drew; return the reStructuredText that shows them."""
    shown = []
    for number in plt.get_fignums():
        path = Path(next(block_vars["image_path_iterator"])).with_suffix(".svg")
        save(plt.figure(number), path)
        shown.append(
            f"\n.. inline-figure:: {path.relative_to(gallery_conf['src_dir']).as_posix()}\n"
        )
    plt.close("all")
    return "\n".join(shown)


def save(figure: Figure, path: Path) -> None:
    """Save one figure; refuse one without a description for those who cannot see it."""
    alt = str(figure.get_label())
    if len(alt) < SHORTEST_ALT:
        raise ExtensionError(
            f"{path.stem}: give the figure its finding in words, with its numbers, for readers who "
            f'cannot see it: fig.set_label("...") with at least {SHORTEST_ALT} characters, '
            f"not {alt!r}."
        )
    without = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(path, format="svg", metadata=without)
    path.write_text(
        themed(path.read_text(encoding="utf-8"), alt, path.stem), encoding="utf-8"
    )


# -- From the SVG to the page


# Docutils has no types that mypy could check this base against.
class InlineFigure(nodes.General, nodes.Element):  # type: ignore[misc]
    """A figure's SVG, written into the page; ``path`` is relative to the source folder."""


def visit_inline_figure(translator: HTML5Translator, node: InlineFigure) -> None:
    """Write the SVG without the dark colors that it brings along: here the page gives them."""
    svg = (Path(translator.builder.srcdir) / node["path"]).read_text(encoding="utf-8")
    svg = re.sub(r"<style>.*?</style>", "", svg, count=1)
    translator.body.append(with_controls(svg))
    raise nodes.SkipNode


class InlineFigureDirective(SphinxDirective):
    """What the scraper writes into the gallery's pages."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the figure."""
        figure = inline_figure(self.env, self.arguments[0])
        return [nodes.container("", figure, classes=["gallery-figure"])]


class GalleryFigure(SphinxDirective):
    """A gallery script's figure in a chapter: ``{gallery-figure} plot_backprop_network``."""

    required_arguments = 1
    has_content = True
    option_spec = {"number": directives.positive_int, "name": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return a numbered figure with its caption and a link to its code."""
        script = self.arguments[0]
        path = self.find(script, self.options.get("number", 1))
        page = path.parent.parent.joinpath(script).as_posix()
        figure = nodes.figure("", inline_figure(self.env, path.as_posix()))
        figure["classes"].append("gallery-figure")
        first, *others = self.parse_content_to_nodes() or [nodes.paragraph()]
        code = link(
            self, "std:doc", f"/{page}", nodes.inline("", "Code of this figure")
        )
        figure += nodes.caption("", "", *first.children, nodes.Text(" "), code)
        if others:
            figure += nodes.legend("", *others)
        self.set_source_info(figure)
        self.add_name(figure)
        return [figure]

    def find(self, script: str, number: int) -> Path:
        """Return the figure's path relative to the source folder."""
        name = f"sphx_glr_{script}_{number:03}.svg"
        found = sorted(Path(self.env.srcdir).glob(f"gallery/*/images/{name}"))
        if not found:
            raise ExtensionError(
                f"{{gallery-figure}} in {self.env.docname}: "
                f"no gallery script {script} draws a figure number {number}."
            )
        return found[0].relative_to(self.env.srcdir)


def inline_figure(env: BuildEnvironment, path: str) -> InlineFigure:
    """Return the node of a figure, and rebuild the page when the figure changes."""
    env.note_dependency(path)
    return InlineFigure("", path=path)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directives and the node."""
    app.add_node(InlineFigure, html=(visit_inline_figure, None))
    app.add_directive("gallery-figure", GalleryFigure)
    app.add_directive("inline-figure", InlineFigureDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
