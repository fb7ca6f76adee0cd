"""A walk over every public function: its docstring, its examples, and its row of wrong calls.

The list of exceptions is empty. A new function is met here before its author writes a test.
"""

import ast
import doctest
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from numpy.typing import ArrayLike
from numpydoc.docscrape import FunctionDoc, NumpyDocString
from numpydoc.validate import validate

import textbook
from book.contents import stem
from textbook._checks import FloatArray

ROOT = Path(__file__).parents[2]

# What numpydoc must not find. Left to the author: an extended summary, a See Also section, and a
# description where name and type say it all.
CODES = {
    *("GL01", "GL02", "GL03", "GL05", "GL06", "GL07", "GL08", "GL09", "GL10"),
    *("SS01", "SS02", "SS03", "SS04", "SS05", "SS06"),
    *("PR01", "PR02", "PR03", "PR04", "PR05", "PR06", "PR08", "PR09", "PR10"),
    *("RT01", "RT02", "RT05", "YD01", "SA02", "SA04", "EX01"),
}


def imported(module):
    return importlib.import_module(f"textbook.{module}")


def function(module, name):
    return getattr(imported(module), name)


def public(kind):
    """Return (module, name) of everything public of one kind, in reading order."""
    for module in textbook._MODULES:
        for name in imported(module).__all__:
            if kind(function(module, name)):
                yield module, name


def every(kind):
    found = list(public(kind))
    return pytest.mark.parametrize(("module", "name"), found, ids=[".".join(f) for f in found])


every_function = every(inspect.isfunction)


def parameters(module, name):
    return inspect.signature(function(module, name)).parameters


def documented(module, name, section):
    """Return the entries of a section as (name, type, description)."""
    entries = FunctionDoc(function(module, name))[section]
    return [(entry.name, entry.type, " ".join(entry.desc)) for entry in entries]


def wrong_calls(module, name):
    rows = importlib.import_module(f"test_{stem(module)}").WRONG_CALLS
    return [row for row in rows if row[0] == name]


def message_of(module, row):
    name, args, kwargs, exception, _ = row
    with pytest.raises(exception) as caught:
        function(module, name)(*args, **kwargs)
    return str(caught.value)


def test_whatever_is_public_is_a_function_or_a_class():
    assert len(list(public(callable))) == len(list(public(lambda _: True))) > 30


# The docstring


@every_function
def test_the_docstring_has_all_sections_and_fits_the_signature(module, name):
    errors = validate(f"textbook.{module}.{name}")["errors"]
    assert [error for error in errors if error[0] in CODES] == []


@every_function
def test_the_formula_stands_before_the_parameters(module, name):
    told = FunctionDoc(function(module, name))
    assert len(told["Summary"]) == 1
    assert re.search(r"^\.\. math::\s*\S", "\n".join(told["Extended Summary"]), re.MULTILINE)


@every_function
def test_a_default_is_told(module, name):
    types = {entry[0]: entry[1] for entry in documented(module, name, "Parameters")}
    for parameter in parameters(module, name).values():
        if parameter.default is None:
            assert types[parameter.name].endswith(", optional")
        elif parameter.default is not parameter.empty:
            told = types[parameter.name].rpartition(", default ")[2]
            if inspect.isfunction(parameter.default):
                assert told == parameter.default.__name__
            else:
                assert ast.literal_eval(told) == parameter.default
        else:
            assert not re.search("default|optional", types[parameter.name])


@every_function
def test_the_shape_of_every_array_that_goes_in_is_told(module, name):
    annotations = {p.name: p.annotation for p in parameters(module, name).values()}
    for parameter, kind, description in documented(module, name, "Parameters"):
        if annotations[parameter] in (ArrayLike, ArrayLike | None, FloatArray):
            assert "shape" in kind
        elif "arr" in kind:
            assert "sequence of" in kind
        assert description == "" or description.endswith(".")


@every_function
def test_the_shape_of_every_array_that_comes_out_is_told(module, name):
    for _, kind, _ in documented(module, name, "Returns"):
        if "ndarray" in kind:
            assert re.match(
                "ndarray (of (int|bool) )?of (shape|the shape)|list of (L |two )?", kind
            )
    annotation = inspect.signature(function(module, name)).return_annotation
    if annotation is float:
        assert [kind for _, kind, _ in documented(module, name, "Returns")] == ["float"]


@every_function
def test_what_can_be_wrong_is_told(module, name):
    raised = documented(module, name, "Raises")
    assert bool(raised) == bool(parameters(module, name))
    for _, exception, description in raised:
        assert exception in ("TypeError", "ValueError")
        assert re.match("If .*[.]$", description)


def is_record(value):
    return inspect.isclass(value) and issubclass(value, tuple)


def is_layer(value):
    return inspect.isclass(value) and issubclass(value, textbook.network.Layer)


def test_a_class_is_a_record_or_a_layer():
    assert {*public(is_record), *public(is_layer)} == set(public(inspect.isclass))


@every(is_record)
def test_a_record_tells_its_fields_with_the_shapes_of_arrays(module, name):
    record = function(module, name)
    told = NumpyDocString(inspect.getdoc(record))
    assert len(told["Summary"]) == 1
    assert [entry.name for entry in told["Attributes"]] == list(record._fields)
    for entry in told["Attributes"]:
        assert entry.type
        assert "shape" in entry.type or "rray" not in str(record.__annotations__[entry.name])


@every(is_layer)
def test_a_layer_tells_its_settings_with_their_defaults(module, name):
    layer = function(module, name)
    told = NumpyDocString(inspect.getdoc(layer))
    assert len(told["Summary"]) == 1
    assert told["Attributes"] == []
    types = {entry.name: entry.type for entry in told["Parameters"]}
    parameters = {} if inspect.isabstract(layer) else inspect.signature(layer).parameters
    names = [str(p).partition(":")[0] for p in parameters.values()]  # stars included
    assert list(types) == names
    for name, p in zip(names, parameters.values(), strict=True):
        told_default = re.search("(, optional|, default .*)?$", types[name])[0]
        if p.default is None:
            assert told_default == ", optional"
        else:
            default = "" if p.default is p.empty else f", default {p.default!r}"
            assert told_default == default.replace("'", '"')


@every(is_layer)
def test_a_layer_is_frozen_and_has_no_array_in_it(module, name):
    layer = function(module, name)
    assert layer.__dataclass_params__.frozen if not inspect.isabstract(layer) else True
    assert "rray" not in str(inspect.get_annotations(layer))


# The examples


@every_function
def test_the_examples_print_something_and_run_when_pasted(module, name):
    found = doctest.DocTestFinder(recurse=False).find(function(module, name), name, globs={})
    examples = [example for test in found for example in test.examples]
    assert any(example.want for example in examples)
    assert examples[0].source.startswith(("import ", "from "))
    assert not any(example.options for example in examples)
    assert all(doctest.DocTestRunner(verbose=False).run(test).failed == 0 for test in found)


@pytest.mark.parametrize("module", ["__init__", "_checks", *textbook._MODULES])
def test_the_examples_pass_under_plain_doctest(module):
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "doctest",
        f"textbook/{module.replace('.', '/')}.py",
    ]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


# The wrong calls


@every_function
def test_every_exception_that_is_told_has_a_wrong_call(module, name):
    told = {exception for _, exception, _ in documented(module, name, "Raises")}
    assert told == {row[3].__name__ for row in wrong_calls(module, name)}


@every_function
def test_every_argument_that_can_be_wrong_has_a_wrong_call(module, name):
    messages = [message_of(module, row) for row in wrong_calls(module, name)]
    for parameter in parameters(module, name).values():
        if parameter.annotation is not bool:
            assert any(re.match(rf"{parameter.name}\b", message) for message in messages)


@every_function
def test_every_message_names_the_argument_and_what_came(module, name):
    names = "|".join(parameters(module, name))
    for row in wrong_calls(module, name):
        message = message_of(module, row)
        assert re.match(rf"({names})\b.* must .* ?got \S", message), message
        assert len(message) < 200
