"""Vanishing and exploding gradients: products of layers, lengths, clipping, wrong calls."""

import functools
import itertools
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import (
    arrays,
    assert_same,
    call_without_writing,
    check_wrong_call,
    floats,
    ids,
    leaves,
    networks,
    no_warnings,
)
from textbook import vanishing_gradients
from textbook.activations import derivative_of, identity, relu, sigmoid, tanh
from textbook.backprop import backward_rows, forward_rows
from textbook.initialization import he, initial_parameters, lecun
from textbook.vanishing_gradients import (
    cap_weights,
    clip_by_norm,
    clip_by_value,
    global_norm,
    gradient_norms,
    singular_values_by_depth,
)

CLIPS = (clip_by_norm, clip_by_value)
every_clip = pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.__name__)
seeds = st.integers(0, 10**6)
thresholds = floats(0.01, 100)
shapes = st.lists(st.sampled_from([(1,), (4,), (2, 3), (2, 1, 2)]), min_size=1, max_size=4)


@st.composite
def gradients(draw):
    """Draw gradients of several shapes, of any size from very short to very long."""
    rng = np.random.default_rng(draw(seeds))
    scale = 10.0 ** draw(st.integers(-8, 8))
    return [np.asarray(scale * rng.normal(size=shape)) for shape in draw(shapes)]


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


# Products of many layers


@pytest.mark.parametrize(("w", "size"), [(1.5, "4.07e+17"), (1.0, "1.00e+00"), (0.5, "7.89e-31")])
def test_a_hundred_layers_of_one_unit_are_a_hundredth_power(w, size):
    weights, biases = [np.full((1, 1), w)] * 100, [np.zeros(1)] * 100
    z, a = forward_rows([[1.0]], weights, biases, [relu] * 100)
    assert f"{a[-1][0, 0]:.2e}" == f"{w**100:.2e}" == size
    slopes, _ = backward_rows([[1.0]], weights, z, a, [relu] * 100)
    assert slopes[0][0, 0] == pytest.approx(w**99, rel=1e-12)
    assert singular_values_by_depth(weights)[-1] == pytest.approx([w**100], rel=1e-12)


@given(arrays((3, 3), -2, 2), st.integers(1, 6))
def test_the_values_of_powers_of_one_matrix(theta, depth):
    found = call_without_writing(singular_values_by_depth, [theta] * depth)
    for power, values in enumerate(found, start=1):
        product = np.linalg.matrix_power(theta, power)
        squares = np.linalg.eigvalsh(product.T @ product)[::-1]
        largest = max(squares.max(), 1e-300)
        np.testing.assert_allclose(values**2, squares, rtol=1e-9, atol=1e-9 * largest)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), seeds)
def test_a_row_is_stretched_by_no_more_than_the_largest_value(widths, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(widths)]
    found = singular_values_by_depth(weights)
    x = rng.normal(size=widths[0])
    for values, width in zip(found, widths[1:], strict=True):
        assert values.shape == (min(widths[0], width),)
        assert np.all(np.diff(values) <= 0)
    output = functools.reduce(np.matmul, [x, *weights])
    assert np.linalg.norm(output) <= found[-1][0] * np.linalg.norm(x) * (1 + 1e-12)
    bound = np.prod([singular_values_by_depth([theta])[0][0] for theta in weights])
    assert found[-1][0] <= bound * (1 + 1e-12)


def test_the_first_layers_stand_on_the_left():
    # a row meets the first matrix first, and (0, 1) is what it lets through
    first, second = [[0, 0], [0, 1]], [[3, 0], [4, 0]]
    found = singular_values_by_depth([first, second])
    assert_same(found, [np.array([1, 0]), np.array([4, 0])], atol=1e-15)


def test_a_large_singular_value_alone_does_not_explode():
    nilpotent = singular_values_by_depth([[[0, 10], [0, 0]]] * 2)
    assert [values[0] for values in nilpotent] == [10, 0]
    tilted = [values[0] for values in singular_values_by_depth([[[0.5, 10], [0, 0.5]]] * 60)]
    assert tilted[0] > 10
    assert tilted[-1] < 1e-12


def test_rotations_keep_every_direction():
    rng = np.random.default_rng(0)
    rotations = [np.linalg.qr(rng.normal(size=(5, 5)))[0] for _ in range(200)]
    np.testing.assert_allclose(singular_values_by_depth(rotations)[-1], np.ones(5), rtol=1e-12)


def test_the_root_mean_square_of_lecuns_values_is_1():
    weights, _ = initial_parameters([200, 200], lecun, np.random.default_rng(0))
    (values,) = singular_values_by_depth(weights)
    assert np.mean(values**2) == pytest.approx(1, rel=0.05)
    assert values[0] == pytest.approx(2, rel=0.05)


# The way back


@given(networks())
def test_an_error_grows_by_no_more_than_slope_times_largest_singular_value(net):
    z, a = forward_rows(net.x[:1], net.weights, net.biases, net.activations)
    _, errors = backward_rows(net.target[:1], net.weights, z, a, net.activations)
    lengths = gradient_norms(errors)
    for i in range(len(net.weights) - 1):
        slope = np.abs(derivative_of(net.activations[i])(z[i])).max()
        stretch = singular_values_by_depth(net.weights[i + 1 : i + 2])[0][0]
        assert lengths[i] <= slope * stretch * lengths[i + 1] * (1 + 1e-12)


FIRST_AND_LAST = {  # of 30 layers: bend, times He's weights, least and largest ratio of the norms
    "sigmoid-he": (sigmoid, 1, 1e-17, 1e-12),
    "sigmoid-lecun": (sigmoid, 0.5**0.5, 1e-21, 1e-15),
    "sigmoid-of-size-1": (sigmoid, 128**0.5, 10, 1e5),
    "tanh-lecun": (tanh, 0.5**0.5, 0.2, 5),
    "tanh-of-size-1": (tanh, 128**0.5, 1e9, 1e16),
    "relu-he": (relu, 1, 0.2, 5),
    "relu-lecun": (relu, 0.5**0.5, 0.2, 5),
    "relu-of-size-1": (relu, 128**0.5, 0.2, 5),
}


@pytest.mark.parametrize(
    ("f", "times", "least", "largest"), FIRST_AND_LAST.values(), ids=list(FIRST_AND_LAST)
)
def test_the_first_gradient_beside_the_last(f, times, least, largest):
    rng = np.random.default_rng(1)
    weights, biases = initial_parameters([256] * 31, he, rng)
    weights = [times * theta for theta in weights]
    z, a = forward_rows(rng.normal(size=(1, 256)), weights, biases, [f] * 30)
    slopes, _ = backward_rows(rng.normal(size=(1, 256)), weights, z, a, [f] * 30)
    first, *_, last = gradient_norms(slopes)
    assert least < first / last < largest


# Lengths


@given(gradients())
def test_the_length_is_that_of_all_slopes_in_one_vector(parts):
    length = call_without_writing(global_norm, parts)
    assert type(length) is float
    assert length == pytest.approx(np.linalg.norm(flat(parts)), rel=1e-13)


@given(gradients())
def test_the_squares_of_the_parts_lengths_add_up(parts):
    lengths = call_without_writing(gradient_norms, parts)
    assert lengths.shape == (len(parts),)
    assert lengths.tolist() == [global_norm([part]) for part in parts]
    assert np.linalg.norm(lengths) == pytest.approx(global_norm(parts), rel=1e-13)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_squares_that_vanish_or_overflow_do_no_harm(scale):
    parts = [np.array([3.0, 4.0]) * scale, np.array([[12.0]]) * scale]
    with no_warnings():
        assert global_norm(parts) == pytest.approx(13 * scale, rel=1e-13)
        clipped = clip_by_norm(parts, 6.5 * scale)
        assert_same(clipped, [part / 2 for part in parts], atol=0)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_nor_in_float32(scale):
    part = np.array([3, 4], np.float32) * np.float32(scale)
    with no_warnings():
        assert global_norm([part]) == pytest.approx(5 * scale, rel=1e-6)
        (clipped,) = clip_by_norm([part], threshold=scale)
    np.testing.assert_allclose(clipped / np.float32(scale), [0.6, 0.8], rtol=1e-6)


def test_no_slopes_and_zeros_have_no_length():
    assert global_norm([[], [0, 0.0], np.zeros((0, 3))]) == 0
    assert gradient_norms([[], [0.0], 0]).tolist() == [0, 0, 0]


# Clipping


@given(gradients(), thresholds)
def test_clipped_by_norm_the_direction_stays_and_the_length_is_at_most_the_threshold(
    parts, threshold
):
    clipped = call_without_writing(clip_by_norm, parts, threshold)
    before, after = global_norm(parts), global_norm(clipped)
    assert after == pytest.approx(min(before, threshold), rel=1e-12)
    np.testing.assert_allclose(flat(clipped) * before, flat(parts) * after, rtol=1e-12)


@given(gradients(), thresholds)
def test_clipped_by_value_no_slope_exceeds_the_threshold_and_the_small_ones_stay(parts, threshold):
    clipped = call_without_writing(clip_by_value, parts, threshold)
    for g, c in zip(flat(parts), flat(clipped), strict=True):
        assert c == (g if abs(g) <= threshold else np.copysign(threshold, g))


@every_clip
@given(parts=gradients(), threshold=thresholds)
def test_clipping_twice_is_clipping_once(clip, parts, threshold):
    once = clip(parts, threshold)
    assert_same(clip(once, threshold), once, rtol=1e-15)


@every_clip
@given(parts=gradients(), threshold=thresholds, k=floats(0.1, 10))
def test_in_another_unit_it_is_the_same(clip, parts, threshold, k):
    scaled = clip([k * part for part in parts], k * threshold)
    assert_same(scaled, [k * part for part in clip(parts, threshold)], rtol=1e-12, atol=0)


@every_clip
@given(parts=gradients())
def test_a_threshold_that_nothing_exceeds_changes_nothing(clip, parts):
    assert_same(clip(parts, 1e12), parts, rtol=0, atol=0)
    exactly = max(global_norm(parts), 1e-300)
    assert_same(clip(parts, exactly), parts, rtol=0, atol=0)


@every_clip
def test_the_result_is_new_also_where_nothing_is_clipped(clip):
    part = np.array([0.1, 0.2])
    (result,) = clip([part], 5)
    assert not np.shares_memory(part, result)


@every_clip
def test_zeros_and_empty_gradients_stay_without_a_warning(clip):
    with no_warnings():
        assert_same(clip([np.zeros(2), np.zeros((0, 3))], 1), [np.zeros(2), np.zeros((0, 3))])


def test_the_arrays_are_clipped_together_and_not_one_by_one():
    together = clip_by_norm([[3, 4], [0.3, 0.4]], threshold=1)
    length = np.sqrt(25.25)
    assert_same(together, [np.array([3, 4]) / length, np.array([0.3, 0.4]) / length])


def test_the_examples_of_the_errata():
    assert clip_by_norm([[3, 4]], 1)[0].round(12).tolist() == [0.6, 0.8]
    assert clip_by_norm([[0.003, 0.004]], 1)[0].tolist() == [0.003, 0.004]
    assert cap_weights([[0.003, 0.004]], 1)[0].round(12).tolist() == [0.6, 0.8]
    assert global_norm([[[1, 2], [0, 1]]]) == pytest.approx(6**0.5)
    assert singular_values_by_depth([[[1, 2], [0, 1]]])[0][0] == pytest.approx(1 + 2**0.5)


# The notes' formula


@given(gradients(), thresholds)
def test_capped_each_array_has_exactly_the_length_of_the_threshold(parts, threshold):
    capped = call_without_writing(cap_weights, parts, threshold)
    np.testing.assert_allclose(gradient_norms(capped), threshold, rtol=1e-12)
    for part, result in zip(parts, capped, strict=True):
        assert_same([result], [part * (threshold / global_norm([part]))], rtol=1e-12, atol=0)


def test_capping_the_weights_leaves_the_gradient_unbounded_and_changes_the_answer():
    rng = np.random.default_rng(0)
    weights, biases = initial_parameters([2, 8, 1], he, rng)
    capped = cap_weights(weights, 1)

    def answer_and_length(thetas, x):
        z, a = forward_rows(x, thetas, biases, [relu, identity])
        slopes, _ = backward_rows(a[-1], thetas, z, a, [relu, identity])
        return a[-1].item(), global_norm(slopes), global_norm(clip_by_norm(slopes, 1))

    one = np.ones((1, 2))
    assert abs(answer_and_length(weights, one)[0] / answer_and_length(capped, one)[0] - 1) > 0.5
    _, length, clipped = answer_and_length(capped, 1000 * one)
    assert length > 1000
    assert clipped == pytest.approx(1)


# Types and layouts

FUNCTIONS = {
    "singular_values_by_depth": (),
    "global_norm": (),
    "gradient_norms": (),
    "clip_by_norm": (2,),
    "clip_by_value": (2,),
    "cap_weights": (2,),
}
PARTS = [[[3, 1], [0, -4]], [[1, 2], [2, 0]]]
every_function = pytest.mark.parametrize("name", FUNCTIONS)


def run(name, convert):
    parts = [convert(part) for part in PARTS]
    return call_without_writing(getattr(vanishing_gradients, name), parts, *FUNCTIONS[name])


def test_every_function_of_the_module_is_run_here():
    assert set(FUNCTIONS) == set(vanishing_gradients.__all__)


@every_function
@pytest.mark.parametrize(
    "convert",
    [
        np.array,
        lambda a: np.array(a, np.float64),
        lambda a: np.asfortranarray(a, np.float64),
        lambda a: np.repeat(np.array(a, np.float64), 2, axis=1)[:, ::2],
        lambda a: tuple(map(tuple, a)),
    ],
    ids=["integers", "float64", "fortran", "strided", "tuples"],
)
def test_lists_integers_and_any_memory_layout_give_the_same(name, convert):
    found, wanted = run(name, convert), run(name, list)
    if isinstance(found, float):
        found, wanted = np.array(found), np.array(wanted)
    assert_same(found, wanted, rtol=1e-14)
    assert {v.dtype for v in leaves(found)} == {np.dtype(np.float64)}


@every_function
def test_float32_stays_float32(name):
    for result in leaves(run(name, lambda a: np.array(a, np.float32))):
        assert result.dtype == (np.float64 if name == "gradient_norms" else np.float32)


@pytest.mark.parametrize("threshold", [2, 2.0, np.float64(2), np.float32(2)])
@pytest.mark.parametrize("name", ["clip_by_norm", "clip_by_value", "cap_weights"])
def test_a_threshold_does_not_turn_float32_into_float64(name, threshold):
    parts = [np.array(part, np.float32) for part in PARTS]
    for result in getattr(vanishing_gradients, name)(parts, threshold):
        assert result.dtype == np.float32


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("clipping"), ids=itemgetter("name"))
def test_clipping_agrees_with_pytorch(case, source):
    parts, threshold = case["inputs"]["gradients"], case["inputs"]["threshold"]
    theirs = generate.expected(case, source)
    norm = global_norm(parts)
    assert norm == pytest.approx(float(theirs["norm"]), rel=1e-14)
    # PyTorch divides by the norm plus 1e-6
    factor = norm / (norm + 1e-6) if norm > threshold else 1
    by_norm = [part * factor for part in clip_by_norm(parts, threshold)]
    assert_same(by_norm, list(theirs["by_norm"]), rtol=1e-12)
    assert_same(clip_by_value(parts, threshold), list(theirs["by_value"]), rtol=0, atol=0)


# Wrong calls

NUMBERS = "must hold real numbers, got"
NAN, INF = np.nan, np.inf

LISTS = {  # name: the argument's name, and what comes after it
    "singular_values_by_depth": ("weights", ()),
    "global_norm": ("gradients", ()),
    "gradient_norms": ("gradients", ()),
    "clip_by_norm": ("gradients", (1,)),
    "clip_by_value": ("gradients", (1,)),
    "cap_weights": ("weights", (1,)),
}
SQUARE = [[1.0, 0.0], [0.0, 1.0]]

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, (a, rest) in LISTS.items()
        for row in [
            (name, (3, *rest), {}, TypeError, f"{a} must be a list of arrays, got int 3"),
            (name, ("ab", *rest), {}, TypeError, f"{a} must be a list of arrays, got str 'ab'"),
            (name, ([], *rest), {}, ValueError, rf"{a} must hold at least one array, got \[\]"),
            (name, ([SQUARE, "a"], *rest), {}, TypeError, rf"{a}\[1\] {NUMBERS} str"),
            (name, ([[[1, 2], [3]]], *rest), {}, TypeError, rf"{a}\[0\] must hold .* got list"),
            (name, ([[[NAN, 1]]], *rest), {}, ValueError, rf"{a}\[0\] must be finite, got nan"),
            (name, ([SQUARE, [[-INF], [1]]], *rest), {}, ValueError, rf"{a}\[1\] .* got -inf"),
        ]
    ),
    *(
        (name, ([[1.7e308, 1.7e308]], *rest), {}, ValueError, f"{a} must have a length .* got inf")
        for name, (a, rest) in LISTS.items()
        if name not in ("singular_values_by_depth", "clip_by_value")
    ),
    *(
        row
        for name in ("clip_by_norm", "clip_by_value", "cap_weights")
        for row in [
            (name, ([SQUARE], 0), {}, ValueError, "threshold must be finite and above 0, got 0"),
            (name, ([SQUARE], -1), {}, ValueError, "threshold must be .* above 0, got -1"),
            (name, ([SQUARE], INF), {}, ValueError, "threshold must be finite .* got inf"),
            (name, ([SQUARE], "1"), {}, TypeError, "threshold must be a number, got str '1'"),
            (name, ([SQUARE], None), {}, TypeError, "threshold must be a number, got NoneType"),
        ]
    ),
    ("cap_weights", ([SQUARE, [0, 0]], 1), {}, ValueError, r"weights\[1\] must .* got \[0.0, 0.0"),
    (
        "singular_values_by_depth",
        ([[1, 2]],),
        {},
        ValueError,
        r"weights\[0\] must have shape \(d_\(l-1\), d_l\), got shape \(2,\)",
    ),
    (
        "singular_values_by_depth",
        ([SQUARE, [[1, 2]]],),
        {},
        ValueError,
        r"weights\[1\] must take 2 inputs, got shape \(1, 2\)",
    ),
    (
        "singular_values_by_depth",
        ([np.ones((2, 0))],),
        {},
        ValueError,
        r"weights\[0\] must hold at least one weight, got shape \(2, 0\)",
    ),
    (
        "singular_values_by_depth",
        ([[[1e200]], [[1e200]]],),
        {},
        ValueError,
        "weights must be small enough for float64, got a product that overflows",
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(vanishing_gradients, name, args, kwargs, exception, message)


def test_every_function_of_the_module_is_called_wrongly_here():
    assert set(vanishing_gradients.__all__) == {name for name, *_ in WRONG_CALLS}
