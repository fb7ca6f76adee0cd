"""The shared checks: what they let through, and the sentence with which they refuse the rest."""

import re
from fractions import Fraction

import numpy as np
import pytest

from textbook._checks import (
    as_arrays,
    as_batch,
    as_binary_labels,
    as_float_array,
    as_plain,
    check_choice,
    check_count,
    check_number,
    check_same_shape,
    check_sequence,
)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_floats_keep_their_precision(dtype):
    assert as_float_array("z", np.zeros(2, dtype)).dtype == dtype


@pytest.mark.parametrize("value", [[1, 2], [True, False], np.arange(2, dtype=np.uint8), 3, True])
def test_integers_and_booleans_become_float64(value):
    array = as_float_array("z", value)
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, np.asarray(value))


def test_an_array_of_floats_is_not_copied():
    array = np.zeros(3)
    assert as_float_array("z", array) is array


@pytest.mark.parametrize("value", [[], [[], []], np.zeros((0, 3))])
def test_an_empty_array_is_an_array(value):
    assert as_float_array("z", value).size == 0


@pytest.mark.parametrize(
    ("axes", "shape"), [("m", (3,)), ("m n", (2, 3)), ("m n c", (1, 2, 3)), (None, (1, 2, 3, 4))]
)
def test_each_letter_stands_for_one_axis(axes, shape):
    assert as_float_array("x", np.ones(shape), axes).shape == shape


@pytest.mark.parametrize("value", [[[1.0, 2.0]], [[-1e300]], np.ones((2, 3), np.float32)])
def test_a_finite_batch_passes(value):
    np.testing.assert_array_equal(as_batch("x", value, "m n"), np.asarray(value))


@pytest.mark.parametrize("value", [[0, 1, 1], [True, False], [0.0, 1.0], [], 1])
def test_labels_0_and_1_become_floats(value):
    labels = as_binary_labels("y", value)
    assert labels.dtype.kind == "f"
    np.testing.assert_array_equal(labels, np.asarray(value))


def test_equal_shapes_pass():
    assert check_same_shape("y", np.ones((2, 3)), "h", np.zeros((2, 3))) is None


@pytest.mark.parametrize("value", [0.5, 1, np.float32(0.5), np.float64(0.5), Fraction(1, 2)])
def test_a_number_comes_back_as_a_python_float(value):
    number = check_number("rate", value, above=0, at_most=1)
    assert type(number) is float
    assert number == value


@pytest.mark.parametrize(
    "bounds", [{}, {"at_least": 0.5}, {"at_most": 0.5}, {"above": 0.4999}, {"below": 0.5001}]
)
def test_bounds_at_least_and_at_most_include_themselves(bounds):
    assert check_number("rate", 0.5, **bounds) == 0.5


@pytest.mark.parametrize("value", [0, 7, np.int64(7), np.uint8(7)])
def test_a_whole_number_counts(value):
    assert check_count("steps", value) is None


@pytest.mark.parametrize("value", [[1], (1, 2), np.ones(2), []])
def test_lists_tuples_and_arrays_are_sequences(value):
    assert check_sequence("weights", value, "arrays") is None


def test_one_number_comes_back_as_a_python_float_and_an_array_as_it_is():
    array = np.ones(1)
    assert as_plain(array) is array
    for one in (np.array(0.5), np.float64(0.5), np.array(0.5, np.float32)):
        assert type(as_plain(one)) is float
        assert as_plain(one) == 0.5


TYPE_ERRORS = {
    "z must hold real numbers, got str 'a'": lambda: as_float_array("z", "a"),
    "z must hold real numbers, got NoneType None": lambda: as_float_array("z", None),
    "z must hold real numbers, got list [1, None]": lambda: as_float_array("z", [1, None]),
    "z must hold real numbers, got complex 1j": lambda: as_float_array("z", 1j),
    "z must hold real numbers, got an array of complex64": lambda: as_float_array("z", complex64),
    "z must hold real numbers, got an array of datetime64[D]": lambda: as_float_array("z", date),
    "z must hold real numbers in rows of one length, got list [[1, 2], [3]]": lambda: (
        as_float_array("z", [[1, 2], [3]])
    ),
    "w must be a list of arrays, got float 1.0": lambda: as_arrays("w", 1.0),
    "y must hold real numbers, got list ['a']": lambda: as_binary_labels("y", ["a"]),
    "h must be a number, got str '1'": lambda: check_number("h", "1"),
    "h must be a number, got bool True": lambda: check_number("h", True),
    "h must be a number, got complex 1j": lambda: check_number("h", 1j),
    "h must be a number, got an array of float64": lambda: check_number("h", np.ones(1)),
    "steps must be a whole number, got float 1.0": lambda: check_count("steps", 1.0),
    "steps must be a whole number, got bool True": lambda: check_count("steps", True),
    "w must be a list of arrays, got int 1": lambda: check_sequence("w", 1, "arrays"),
    "w must be a list of arrays, got str 'ab'": lambda: check_sequence("w", "ab", "arrays"),
}

VALUE_ERRORS = {
    "z must have shape (m,), got shape ()": lambda: as_float_array("z", 1.0, "m"),
    "w must hold at least one array, got []": lambda: as_arrays("w", []),
    "w[1] must be finite, got nan at index (0,)": lambda: as_arrays("w", [[1], [np.nan]]),
    "w[0] must have shape (m, n), got shape (1,)": lambda: as_arrays("w", [[1]], "m n"),
    "z must have shape (m,), got shape (1, 1)": lambda: as_float_array("z", [[1]], "m"),
    "z must have shape (m, n), got shape (1,)": lambda: as_float_array("z", [1], "m n"),
    "x must have shape (m, n), got shape (2,)": lambda: as_batch("x", [1, 2], "m n"),
    "x must hold at least one example and one feature, got shape (1, 0)": lambda: as_batch(
        "x", [[]], "m n"
    ),
    "x must hold at least one example and one feature, got shape (0, 3)": lambda: as_batch(
        "x", np.ones((0, 3)), "m n"
    ),
    "x must be finite, got nan at index (1, 0)": lambda: as_batch(
        "x", [[1, 2], [np.nan, np.inf]], "m n"
    ),
    "x must be finite, got -inf at index (1,)": lambda: as_batch("x", [0, -np.inf], "m"),
    "y must hold only the labels 0 and 1, got [-1.0, 2.0] among them": lambda: as_binary_labels(
        "y", [-1, 1, 2, -1]
    ),
    "y must hold only the labels 0 and 1, got [nan] among them": lambda: as_binary_labels(
        "y", [np.nan, 1]
    ),
    "y must hold only the labels 0 and 1, got [2.0, 3.0, 4.0, 5.0, 6.0] among them": lambda: (
        as_binary_labels("y", np.arange(9))
    ),
    "y must have shape (m,), got shape ()": lambda: as_binary_labels("y", 1, "m"),
    "y must have the shape of h, (2,), got shape (2, 1)": lambda: check_same_shape(
        "y", np.ones((2, 1)), "h", np.ones(2)
    ),
    "h must be finite, got nan": lambda: check_number("h", np.nan),
    "h must be finite, got -inf": lambda: check_number("h", -np.inf),
    "h must be finite and above 0, got inf": lambda: check_number("h", np.inf, above=0),
    "h must be finite and above 0, got 0": lambda: check_number("h", 0, above=0),
    "h must be finite and at most 1, got 1.5": lambda: check_number("h", 1.5, at_most=1),
    "h must be finite and below 1, got 1": lambda: check_number("h", 1, below=1),
    "h must be finite and at least 0 and at most 1, got -0.5": lambda: check_number(
        "h", -0.5, at_least=0, at_most=1
    ),
    "steps must be at least 0, got -1": lambda: check_count("steps", -1),
    "k must be at least 2, got 1": lambda: check_count("k", 1, at_least=2),
    "k must be 2, 4 or 8, got 3": lambda: check_choice("k", 3, (2, 4, 8)),
    "k must be 1 or 2, got True": lambda: check_choice("k", True, (1, 2)),
    "k must be 'a' or 'b', got [1]": lambda: check_choice("k", [1], ("a", "b")),
}

complex64, date = np.ones(1, np.complex64), np.array(["2026-01-01"], "M8[D]")


@pytest.mark.parametrize(("message", "call"), TYPE_ERRORS.items(), ids=TYPE_ERRORS)
def test_the_wrong_kind_is_a_type_error_that_names_argument_arrival_and_expectation(message, call):
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        call()


@pytest.mark.parametrize(("message", "call"), VALUE_ERRORS.items(), ids=VALUE_ERRORS)
def test_the_wrong_value_is_a_value_error_that_names_argument_arrival_and_expectation(
    message, call
):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_a_long_value_is_cut_in_the_message():
    with pytest.raises(TypeError) as caught:
        as_float_array("z", "a" * 1000)
    assert len(str(caught.value)) < 120
