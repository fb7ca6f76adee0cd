r"""Mathematics as MathML, made at build time.

LaTeX becomes MathML through math-core, so pages need no script and screen readers get the formula.
What math-core does not know is a warning, and warnings stop our build. Browsers draw MathML with a
mathematical font; a subset of STIX Two Math goes into the site, with its licence beside it.
"""

import logging as standard_logging
import re
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from docutils import nodes
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
standard_logging.getLogger("fontTools").setLevel(standard_logging.WARNING)

# Sphinx numbers a display as a whole, so the outer environment must not number its lines.
UNNUMBERED = {
    "align": "aligned",
    "alignat": "aligned",
    "eqnarray": "aligned",
    "split": "aligned",
    "gather": "gathered",
    "multline": "gathered",
}

# ASCII to Greek, punctuation and letterlike, arrows to mathematical symbols, shapes, brackets and
# arrows, mathematical letters. Everything that LaTeX's mathematics can name lies in these.
FONT_RANGES = [
    (0x20, 0x3FF),
    (0x2000, 0x23FF),
    (0x25A0, 0x25FF),
    (0x27C0, 0x2AFF),
    (0x1D400, 0x1D7FF),
]

RAISED_PRIME = re.compile(r"<msup>(<m[ino][^>]*>[^<]*</m[ino]>)(<mo>[′″‴]</mo>)</msup>")

FONT_NOTICE = """\
STIXTwoMath.woff2 is a subset of STIX Two Math, made when this site was built.
Copyright 2001-2020 The STIX Fonts Project Authors (https://github.com/stipub/stixfonts),
licensed under the SIL Open Font License, Version 1.1: https://openfontlicense.org

"""


def to_mathml(latex: str, *, display: bool) -> str:
    """Return the MathML of one formula; raise LatexError for what math-core does not know."""
    if display:
        latex = _one_environment(latex.strip())
    mathml = LatexToMathML(fancy_error=False).convert_with_local_state(
        latex, displaystyle=display
    )
    # The font's prime is raised by itself; as a superscript browsers would raise it twice.
    mathml = RAISED_PRIME.sub(r"<mrow>\1\2</mrow>", mathml)
    return mathml.replace("&ApplyFunction;", "&#x2061;")  # EPUB knows no named entities


def _one_environment(latex: str) -> str:
    latex = re.sub(r"\\(begin|end)\{equation\*?\}", "", latex).strip()
    for name, replacement in UNNUMBERED.items():
        latex = re.sub(
            rf"\\(begin|end)\{{{name}\*?\}}", rf"\\\1{{{replacement}}}", latex
        )
    lines = [line.strip() for line in re.split(r"\n\s*\n", latex) if line.strip()]
    latex = r" \\ ".join(lines)
    if r"\\" in latex and r"\begin" not in latex:
        return rf"\begin{{aligned}}{latex}\end{{aligned}}"
    return latex


def _convert(node: nodes.Element, *, display: bool) -> str:
    try:
        return to_mathml(node.astext(), display=display)
    except LatexError as error:
        logger.warning(
            "no MathML for %r: %s", node.astext(), error, location=node, type="mathml"
        )
        return f"<code>{nodes.Text(node.astext())}</code>"


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(_convert(node, display=False))
    raise nodes.SkipNode


def visit_display(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on its own line: one box that scrolls when it is wide, and its number."""
    number = get_node_equation_number(translator, node) if node["number"] else None
    # The id stands on the wrapper that the theme puts around each display.
    translator.body.append('<div class="math-display">')
    label = f"Equation {number}" if number else "Equation"
    translator.body.append(
        f'<div class="math-scroll" role="group" tabindex="0" aria-label="{label}">'
    )
    translator.body.append(_convert(node, display=True))
    translator.body.append("</div>")
    if number:
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def font_subset(source: bytes) -> bytes:
    """Return a TrueType font's mathematics as woff2, the same bytes for the same font."""
    font = TTFont(BytesIO(source), recalcTimestamp=False)
    # Of the alternative glyphs, browsers ask for smaller scripts, dotless letters and flat accents.
    options = Options(
        layout_features=["ssty", "dtls", "flac"], hinting=False, recalc_timestamp=False
    )
    subsetter = Subsetter(options)
    subsetter.populate(
        unicodes=[
            code for first, last in FONT_RANGES for code in range(first, last + 1)
        ]
    )
    subsetter.subset(font)
    font.flavor = "woff2"
    target = BytesIO()
    font.save(target)
    return target.getvalue()


def write_font(app: Sphinx, exception: Exception | None) -> None:
    """Put the font and its licence notice into the built site, unless they are there."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "fonts"
    target = folder / "STIXTwoMath.woff2"
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    source = files("ziamath").joinpath("fonts", "STIXTwoMath-Regular.ttf").read_bytes()
    target.write_bytes(font_subset(source))
    # The license asks for its text with each copy. Matplotlib has it, with its own STIX fonts.
    stix = files("matplotlib").joinpath("mpl-data", "fonts", "ttf", "LICENSE_STIX")
    _, title, terms = stix.read_text(encoding="utf-8").partition(
        "SIL OPEN FONT LICENSE"
    )
    (folder / "STIXTwoMath-LICENSE.txt").write_text(
        FONT_NOTICE + title + terms, encoding="utf-8"
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer under the name ``mathml``."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    app.connect("build-finished", write_font)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
