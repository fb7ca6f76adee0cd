"""The gallery's pages: their order, when they are drawn anew, and what is not said on them."""

import ast
import hashlib
import json
import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from figures import DOCS, PACKAGE, STYLE_FILE, dark_colors

# What every figure is drawn with.
STYLE = [
    STYLE_FILE,
    *(Path(__file__).with_name(f"{m}.py") for m in ("figures", "motion")),
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
    """Make a script run again when what it draws with changed, not only when it did itself."""
    ReadingOrder.order = app.config.gallery_order
    gallery = Path(app.srcdir) / "gallery"
    gallery.mkdir(exist_ok=True)
    record = gallery / "sources.json"
    before = json.loads(record.read_text(encoding="utf-8")) if record.exists() else {}
    scripts = sorted((DOCS.parent / "gallery").glob("part-*/plot_*.py"))
    now = {script.stem: sources_digest(script) for script in scripts}
    for name in before.keys() | now.keys():
        if before.get(name) != now.get(name):
            # One that is gone leaves nothing behind; one that stands is only forgotten.
            for made in gallery.rglob(
                f"{name}.py.md5" if name in now else f"*{name}[._]*"
            ):
                made.unlink()
    record.write_text(json.dumps(now, indent=1), encoding="utf-8")


def sources_digest(script: Path) -> str:
    """Return one hash of all that a script draws with: style, modules, data, kept results."""
    modules = modules_behind(script)
    results = (DOCS.parent / "gallery" / "experiments").glob("*.json")
    text = script.read_text(encoding="utf-8")
    sources = [
        *STYLE,
        *modules,
        *(path for path in results if path.name in text),
        *((PACKAGE / "data").glob("*") if PACKAGE / "datasets.py" in modules else []),
    ]
    digest = hashlib.sha256(dark_colors().encode())
    for path in sorted(sources):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def modules_behind(script: Path) -> set[Path]:
    """Return the package's modules that a script imports, and those that they import in turn."""
    found: set[Path] = set()
    unread = [script]
    while unread:
        tree = ast.parse(unread.pop().read_text(encoding="utf-8"))
        new = {
            file
            for statement in ast.walk(tree)
            for name in imported_names(statement)
            for file in module_files(name)
        } - found
        found |= new
        unread += new
    return found


def imported_names(statement: ast.AST) -> list[str]:
    """Return what an import statement may load: ``textbook.backprop.train``, dotted."""
    match statement:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [f"{module}.{alias.name}" for alias in names]
    return []


def module_files(name: str) -> list[Path]:
    """Return the package's files on the way to a dotted name; its table of contents is none."""
    package, *parts = name.split(".")
    if package != PACKAGE.name:
        return []
    places = [PACKAGE.joinpath(*parts[: n + 1]) for n in range(len(parts))]
    files = [f for p in places for f in (p.with_suffix(".py"), p / "__init__.py")]
    return [file for file in files if file.exists()]


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
