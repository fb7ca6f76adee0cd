"""The stored answers: all there, small, and still what the libraries say."""

import pytest

from oracles import generate
from support import assert_same

STORED = [case for oracle in generate.ORACLES for case in generate.stored(oracle)]


def test_every_question_has_a_stored_answer():
    asked = [(oracle, name) for oracle, name, _ in generate.questions()]
    assert sorted(asked) == sorted((case["oracle"], case["name"]) for case in STORED)


def test_every_oracle_is_asked():
    assert {case["oracle"] for case in STORED} == set(generate.ORACLES)


def test_the_versions_are_on_record_and_the_file_is_small():
    text = generate.CASES.read_text(encoding="utf-8")
    assert all(f'"{library}": "' in text for library in ("numpy", "torch", "scikit-learn"))
    assert len(text) < 96_000


@pytest.mark.parametrize("case", STORED, ids=lambda case: f"{case['oracle']}-{case['name']}")
@pytest.mark.parametrize("source", generate.sources())
def test_where_the_libraries_are_installed_they_still_give_the_stored_answer(case, source):
    stored, now = generate.expected(case, "stored"), generate.expected(case, source)
    assert stored.keys() == now.keys()
    for name in stored:
        assert_same([now[name]], [stored[name]], rtol=1e-9, atol=1e-15)
