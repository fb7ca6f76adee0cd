"""A section of the notes is whole, from module to exercises, or on the list of those to come."""

import re

import pytest

import textbook
from book.contents import CHAPTERS, DOCS, NOTES, ROOT, SCRIPTS, stem

CARRIERS = {module for section in NOTES["section"] for module in section["modules"]}
TO_COME = set(NOTES["not_yet_written"])


def scripts_of(name):
    return [script for script in SCRIPTS if script.stem.startswith(f"plot_{stem(name)}_")]


def test_every_section_of_the_notes_is_there_in_order():
    assert [section["number"] for section in NOTES["section"]] == list(range(1, 35))


def test_a_module_is_either_written_or_on_the_list():
    assert set(textbook._CHAPTERS) == CARRIERS - TO_COME
    assert TO_COME <= CARRIERS
    assert [m for m in TO_COME if (ROOT / "textbook" / f"{m.replace('.', '/')}.py").exists()] == []


@pytest.mark.parametrize("name", textbook._CHAPTERS)
def test_a_written_section_is_whole(name):
    assert (ROOT / "textbook" / f"{name.replace('.', '/')}.py").exists()
    assert (ROOT / "tests" / f"test_{stem(name)}.py").exists()
    assert CHAPTERS[name] is not None
    assert len(scripts_of(name)) >= 2


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_three_to_six_exercises_each_with_a_solution_that_runs(name):
    markdown = CHAPTERS[name].read_text(encoding="utf-8")
    exercises = re.findall(r"^:::\{admonition\} Exercise (\d+)$", markdown, flags=re.MULTILINE)
    solutions = re.findall(
        r"^:::\{dropdown\} Solution$(.*?)^:::$", markdown, flags=re.MULTILINE | re.DOTALL
    )
    assert 3 <= len(exercises) <= 6
    assert exercises == [str(n + 1) for n in range(len(solutions))]
    assert all("```python" in solution for solution in solutions)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_shows_its_figures_its_code_and_its_reference(name):
    markdown = CHAPTERS[name].read_text(encoding="utf-8")
    figures = set(re.findall(r"^```\{gallery-figure\} (\w+)$", markdown, flags=re.MULTILINE))
    assert figures == {script.stem for script in scripts_of(name)}
    assert f"{{body}} textbook.{name}." in markdown
    assert f".. automodule:: textbook.{name}\n   :members:" in markdown


def test_the_table_of_contents_follows_the_reading_order():
    contents = (DOCS / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"^part-\d/(\w+)$", contents, flags=re.MULTILINE) == [
        stem(name) for name in textbook._CHAPTERS
    ]
