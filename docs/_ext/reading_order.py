"""Where each chapter stands: its page, its title, its place in the reading order."""

from pathlib import Path

from sphinx.environment import BuildEnvironment

import textbook


def chapters() -> list[str]:
    """Return the chapters' names, which are the names of their modules, in reading order."""
    return list(textbook._CHAPTERS)


def chapter_page(env: BuildEnvironment, chapter: str) -> str | None:
    """Return the document of a chapter, ``part-1/backprop``, or None if it is not written.

    The page of ``architectures.vgg`` is ``part-2/vgg``.
    """
    pages = [
        page
        for page in env.found_docs
        if page.startswith("part-") and page.endswith(f"/{chapter.rpartition('.')[2]}")
    ]
    return pages[0] if pages else None


def chapter_title(env: BuildEnvironment, chapter: str) -> str:
    """Return a chapter's title, its first heading; rebuild this page when it changes."""
    page = chapter_page(env, chapter)
    if page is None:
        return chapter.replace("_", " ").capitalize()
    path = Path(env.doc2path(page))
    env.note_dependency(str(path))
    heading = next(
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ")
    )
    return heading.removeprefix("# ").strip()
