"""The code of every page runs and prints what the page shows; every number is printed by it."""

import importlib
import re

import pytest
from numpydoc.docscrape import get_doc_object
from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser

import textbook
from book.contents import (
    CHAPTERS,
    PROSE,
    ROOT,
    SCRIPTS,
    python_blocks,
    script_comments,
    without_code,
)

READER = Sybil(parsers=[PythonCodeBlockParser()])


@pytest.mark.parametrize("page", PROSE, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_code_of_a_page_prints_what_the_page_shows(page):
    for example in READER.parse(page).examples():
        example.evaluate()  # raises with the line of the page


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_code_to_run(name):
    assert len(list(READER.parse(CHAPTERS[name]).examples())) >= 10


def test_a_wrong_output_would_be_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n", encoding="utf-8")
    (example,) = READER.parse(page).examples()
    with pytest.raises(AssertionError, match="Expected"):
        example.evaluate()


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_decimal_in_the_prose_stands_in_a_block_of_code(name):
    markdown = CHAPTERS[name].read_text(encoding="utf-8")
    code = "\n".join(python_blocks(markdown))
    prose = re.sub(r"^```.*?^```", " ", markdown, flags=re.DOTALL | re.MULTILINE)  # formulas stay
    claimed = set(re.findall(r"(?<![\d.])\d+\.\d+(?![\d.])", prose))
    printed = re.findall(r"\d+\.\d+", code)
    missing = sorted(n for n in claimed if not any(float(p) == float(n) for p in printed))
    assert missing == []


def test_no_ten_words_in_a_row_stand_in_two_places():
    seen, repeated = {}, []
    for place, text in texts().items():
        words = re.findall(r"[a-z0-9.]+", text.lower())
        for start in range(len(words) - 9):
            run = tuple(words[start : start + 10])
            if run in seen and seen[run] != (place, start):
                repeated.append(f"{seen[run][0]} and {place}: {' '.join(run)}")
            seen.setdefault(run, (place, start))
    assert repeated == []


def texts():
    """Return all prose by place: docstrings without their fixed sections, chapters, gallery."""
    found = {}
    for module_name in textbook._MODULES:
        module = importlib.import_module(f"textbook.{module_name}")
        for name in module.__all__:
            doc = get_doc_object(getattr(module, name))
            parts = [*doc["Summary"], *doc["Extended Summary"], *doc["Notes"], *doc["Warnings"]]
            examples = [
                line for line in doc["Examples"] if not line.lstrip().startswith((">>>", "..."))
            ]
            text = re.sub(r"\.\. math::.*?(?=\n\S|\Z)", "", "\n".join(parts), flags=re.DOTALL)
            found[f"{module_name}.{name}"] = text + "\n" + "\n".join(examples)
    for page in PROSE:
        found[str(page.relative_to(ROOT))] = without_code(page.read_text(encoding="utf-8"))
    for script in SCRIPTS:
        found[script.name] = script_comments(script)
    return found
