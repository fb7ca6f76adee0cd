"""The package as a whole: what importing it costs, what it brings along, and what it says."""

import importlib
import json
import operator
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import textbook

ROOT = Path(__file__).parents[1]


def python(code):
    """Run the code in a fresh interpreter, warnings as errors, and return the JSON it prints."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_importing_the_book_takes_less_than_10_ms_once_numpy_is_there():
    code = (
        "import numpy, time; start = time.perf_counter(); import textbook;"
        "print(time.perf_counter() - start)"
    )
    assert min(python(code) for _ in range(5)) < 0.010


def test_the_chapters_are_loaded_when_they_are_first_used():
    code = (
        "import sys, json, textbook;"
        "before = [name for name in textbook._MODULES if 'textbook.' + name in sys.modules];"
        "numpy = 'numpy' in sys.modules; half = textbook.activations.sigmoid(0);"
        "print(json.dumps([before, numpy, half, 'textbook.activations' in sys.modules]))"
    )
    assert python(code) == [[], False, 0.5, True]


def test_the_book_needs_numpy_and_the_standard_library_and_nothing_else():
    code = (
        "import sys, json, pkgutil, importlib, numpy.random, textbook; before = set(sys.modules);"
        "names = [m.name for m in pkgutil.walk_packages(textbook.__path__, 'textbook.')];"
        "modules = [importlib.import_module(name) for name in names];"
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))"
    )
    assert set(python(code)) - sys.stdlib_module_names == {"numpy", "textbook"}


def test_a_star_import_gives_every_chapter_in_reading_order():
    code = (
        "import json; from textbook import *; print(json.dumps([n for n in dir() if n[0] != '_']))"
    )
    assert set(python(code)) == {*textbook.__all__, "json"}


def test_the_docstring_lists_the_chapters_in_reading_order():
    listed = re.findall(r"^    ([\w.]+)  ", textbook.__doc__, flags=re.MULTILINE)
    assert [name for name in listed if name in textbook._CHAPTERS] == textbook._CHAPTERS


def test_the_version_is_that_of_the_distribution():
    pyproject = Path(textbook.__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    assert project["version"] == textbook.__version__


def test_every_module_file_is_a_chapter_serves_one_or_is_private():
    folder = Path(textbook.__file__).parent
    files = {path.relative_to(folder).with_suffix("") for path in folder.rglob("*.py")}
    names = {".".join(file.parts) for file in files if not file.name.startswith("_")}
    assert names == set(textbook._MODULES)
    assert set(textbook._MODULES) - set(textbook._CHAPTERS) == {"datasets"}


@pytest.mark.parametrize("name", textbook._MODULES)
def test_a_chapter_is_an_attribute_and_a_module(name):
    assert operator.attrgetter(name)(textbook) is importlib.import_module(f"textbook.{name}")


@pytest.mark.parametrize("name", textbook._MODULES)
def test_the_table_of_contents_names_every_chapter(name):
    assert f"\n    {name} " in textbook.__doc__


@pytest.mark.parametrize("name", textbook._MODULES)
def test_a_module_lists_its_public_functions_and_only_what_it_defines(name):
    module = importlib.import_module(f"textbook.{name}")
    defined = {
        n
        for n, value in vars(module).items()
        if not n.startswith("_") and getattr(value, "__module__", None) == module.__name__
    }
    assert sorted(module.__all__) == sorted(set(module.__all__))
    assert set(module.__all__) == defined


def test_dir_lists_the_chapters_before_they_are_loaded():
    code = "import json, textbook; print(json.dumps(dir(textbook)))"
    names = python(code)
    assert names == sorted(names)
    assert {*textbook.__all__, "datasets", "__version__"} <= set(names)


def test_an_unknown_attribute_is_told_with_the_chapters_that_there_are():
    message = (
        r"^module 'textbook' has no attribute 'activation'; its chapters are: activations, log"
    )
    with pytest.raises(AttributeError, match=message):
        textbook.activation  # noqa: B018 (looking it up is the test)


def test_a_name_that_is_missing_can_be_asked_for():
    assert not hasattr(textbook, "numpy_and_friends")
    assert getattr(textbook, "nothing", None) is None


def test_the_version_has_three_numbers():
    assert re.fullmatch(r"\d+\.\d+\.\d+", textbook.__version__)


def test_type_checkers_may_read_the_types():
    assert (Path(textbook.__file__).parent / "py.typed").is_file()


def test_the_top_level_holds_what_a_reader_expects():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode or not listed.stdout:
        pytest.skip("this is not a clone")
    found = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    assert {name for name in found if not name.startswith(".")} == {
        *("CHANGELOG.md", "CITATION.cff", "LICENSE", "Makefile", "README.md"),
        *("docs", "gallery", "pyproject.toml", "tests", "textbook"),
    }
