"""Each slip of the notes stands once, with a computation that runs, in a box of its chapter."""

import doctest
import re

import pytest

import textbook
from book.contents import CHAPTERS, DOCS, ERRATA


@pytest.mark.parametrize("entry", ERRATA, ids=lambda entry: entry["id"])
def test_the_computation_of_an_erratum_holds(entry):
    test = doctest.DocTestParser().get_doctest(entry["code"], {}, entry["id"], "errata.toml", 0)
    failures = []
    results = doctest.DocTestRunner(verbose=False).run(test, out=failures.append)
    assert results.attempted > 0
    assert results.failed == 0, "".join(failures)


@pytest.mark.parametrize("entry", ERRATA, ids=lambda entry: entry["id"])
def test_an_erratum_is_complete(entry):
    assert set(entry) == {"id", "chapter", "section", "notes", "holds", "code"}
    assert all(entry.values())
    assert entry["chapter"] in textbook._CHAPTERS


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_shows_exactly_its_own_errata_once(name):
    markdown = CHAPTERS[name].read_text(encoding="utf-8")
    shown = [
        word
        for ids in re.findall(r"^```\{erratum\} (.+)$", markdown, flags=re.MULTILINE)
        for word in ids.split()
    ]
    assert sorted(shown) == sorted(entry["id"] for entry in ERRATA if entry["chapter"] == name)


def test_ids_are_unique_and_in_the_order_of_the_book():
    ids = [entry["id"] for entry in ERRATA]
    assert len(set(ids)) == len(ids)
    order = [textbook._CHAPTERS.index(entry["chapter"]) for entry in ERRATA]
    assert order == sorted(order)


def test_the_errata_page_lists_them():
    assert "{errata-list}" in (DOCS / "errata.md").read_text(encoding="utf-8")
