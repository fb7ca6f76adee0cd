"""Pooling: loops, reshaping, PyTorch, gradient checks, ties, padding, shifts, wrong calls."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import assert_same, call_without_writing, check_wrong_call, ids
from textbook import pooling
from textbook.datasets import load_mnist, load_photograph
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.pooling import (
    average_pool2d,
    average_pool2d_backward,
    global_average_pool,
    global_average_pool_backward,
    max_pool2d,
    max_pool2d_backward,
    max_pool2d_backward_by_loops,
    pool2d_by_loops,
)

rng = np.random.default_rng(0)


@st.composite
def pairs(draw, low, high):
    return draw(st.integers(low, high)), draw(st.integers(low, high))


@st.composite
def poolings(draw, tied=None):
    """Draw a batch and windows that fit it; values are all different, or full of ties."""
    kernel = draw(pairs(1, 4))
    stride = draw(st.one_of(st.none(), pairs(1, 4)))
    padding = draw(
        st.one_of(
            st.sampled_from(["SAME", "VALID"]), st.tuples(*(st.integers(0, k - 1) for k in kernel))
        )
    )
    least = [
        1 if padding == "SAME" else max(1, k - (0 if padding == "VALID" else 2 * padding[side]))
        for side, k in enumerate(kernel)
    ]
    n, c = draw(pairs(1, 3))
    height, width = (draw(st.integers(low, low + 5)) for low in least)
    own = np.random.default_rng(draw(st.integers(0, 10**6)))
    shape = (n, height, width, c)
    if draw(st.booleans()) if tied is None else tied:
        x = own.integers(-1, 2, shape).astype(np.float64)
    else:
        x = own.permutation(np.prod(shape)).reshape(shape) / 4 - 5.0
    return x, (kernel, stride, padding)


def slopes_for(y, seed=0):
    """Return slopes that are all different, and exact in float32 as well."""
    return np.random.default_rng(seed).permutation(y.size).reshape(y.shape) + 1.0


# Forward: against the loops, reshaping, and closed forms


@given(poolings())
def test_the_largest_and_the_mean_are_those_of_the_loops(pooling):
    x, windows = pooling
    largest = call_without_writing(max_pool2d, x, *windows)
    assert_same(largest, call_without_writing(pool2d_by_loops, x, np.max, *windows), rtol=0, atol=0)
    mean = call_without_writing(average_pool2d, x, *windows)
    assert_same(mean, pool2d_by_loops(x, np.mean, *windows), rtol=1e-13, atol=1e-13)


@given(poolings())
def test_counted_padding_divides_by_the_whole_window(pooling):
    x, windows = pooling
    area = windows[0][0] * windows[0][1]
    counted = average_pool2d(x, *windows, count_padding=True)
    by_loops = pool2d_by_loops(x, lambda pixels: pixels.sum() / area, *windows)
    assert_same(counted, by_loops, rtol=1e-13, atol=1e-13)
    if windows[2] == "VALID":
        assert_same(counted, average_pool2d(x, *windows))


@pytest.mark.parametrize("k", [1, 2, 3, (2, 1), (3, 4)])
def test_windows_side_by_side_are_a_reshape(k):
    rows, columns = (k, k) if isinstance(k, int) else k
    x = rng.normal(size=(2, 3 * rows, 2 * columns, 3))
    blocks = x.reshape(2, 3, rows, 2, columns, 3)
    assert_same(max_pool2d(x, k), blocks.max(axis=(2, 4)), rtol=0, atol=0)
    assert_same(average_pool2d(x, k), blocks.mean(axis=(2, 4)), atol=1e-15)
    more = np.pad(x, [(0, 0), (0, rows - 1), (0, columns - 1), (0, 0)], constant_values=99)
    assert_same(max_pool2d(more, k), max_pool2d(x, k), rtol=0, atol=0)


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding", "output"),
    [
        (224, 2, None, 0, 112),  # VGG
        (55, 3, 2, 0, 27),  # AlexNet
        (27, 3, 2, 0, 13),
        (13, 3, 2, 0, 6),
        (55, 3, 2, "VALID", 27),
        (55, 3, 2, "SAME", 28),
        (112, 3, 2, 1, 56),  # ResNet
        (112, 3, 2, "SAME", 56),  # GoogLeNet
        (28, 3, 1, 1, 28),
        (28, 3, 1, "SAME", 28),
        (7, 7, None, 0, 1),
        (5, 2, None, 0, 2),
        (1, 1, 5, 0, 1),
    ],
)
def test_the_number_of_windows(size, kernel, stride, padding, output):
    x = np.zeros((1, size, kernel, 1))
    sizes = ((kernel, 1), (stride or kernel, 1), padding if padding in ("SAME", "VALID") else 0)
    if isinstance(padding, int):
        sizes = (*sizes[:2], (padding, 0))
    for pool in (max_pool2d, average_pool2d):
        assert pool(x, *sizes).shape == (1, output, kernel, 1)


def test_the_padding_of_same_has_the_pixel_more_at_the_bottom_and_on_the_right():
    x = np.arange(1.0, 17).reshape(1, 4, 4, 1)
    assert max_pool2d(x, 2, 1, "SAME")[0, :, :, 0].tolist() == [
        [6, 7, 8, 8],
        [10, 11, 12, 12],
        [14, 15, 16, 16],
        [14, 15, 16, 16],
    ]
    assert average_pool2d(x, 2, 1, "SAME")[0, 3, :, 0].tolist() == [13.5, 14.5, 15.5, 16]


def test_padding_never_wins_not_even_against_minus_infinity():
    x = np.full((1, 2, 2, 1), -7.0)
    assert max_pool2d(x, 2, padding=1).ravel().tolist() == [-7] * 4
    x[:] = -np.inf
    assert max_pool2d(x, 3, 1, 1).ravel().tolist() == [-np.inf] * 4
    dx = max_pool2d_backward(np.ones((1, 2, 2, 1)), x, 3, 1, 1)
    assert dx.ravel().tolist() == [4, 0, 0, 0]  # and takes no slope with it


def test_windows_larger_than_the_image_see_all_of_it():
    x = rng.normal(size=(2, 1, 1, 3))
    for pool in (max_pool2d, average_pool2d):
        assert_same(pool(x, 3, padding=1), x, rtol=0, atol=0)
    assert_same(average_pool2d(x, 3, padding=1, count_padding=True), x / 9)


@given(poolings(tied=False), st.floats(0.5, 4), st.integers(-9, 9))
def test_both_follow_a_change_of_scale_and_of_brightness(pooling, scale, shift):
    x, windows = pooling
    for pool in (max_pool2d, average_pool2d):
        assert_same(
            pool(scale * x + shift, *windows), scale * pool(x, *windows) + shift, 1e-12, 1e-12
        )


@given(poolings())
def test_the_mean_is_linear_and_the_largest_is_not(pooling):
    x, windows = pooling
    other = slopes_for(x)
    together = average_pool2d(x + other, *windows)
    apart = average_pool2d(x, *windows) + average_pool2d(other, *windows)
    assert_same(together, apart, rtol=1e-12, atol=1e-12)
    excess = max_pool2d(x, *windows) + max_pool2d(other, *windows) - max_pool2d(x + other, *windows)
    assert excess.min() >= 0
    assert max_pool2d([[[[1], [0]]]], (1, 2)) + max_pool2d([[[[0], [1]]]], (1, 2)) == 2


@given(poolings())
def test_the_mean_is_never_above_the_largest(pooling):
    x, windows = pooling
    assert np.all(average_pool2d(x, *windows) <= max_pool2d(x, *windows) + 1e-12)


@given(poolings())
def test_images_and_channels_do_not_see_each_other(pooling):
    x, windows = pooling
    for pool in (max_pool2d, average_pool2d):
        whole = pool(x, *windows)
        for n, c in itertools.product(range(len(x)), range(x.shape[3])):
            alone = pool(x[n : n + 1, :, :, c : c + 1], *windows)
            assert_same(alone[0, :, :, 0], whole[n, :, :, c], rtol=0, atol=0)


@given(poolings())
def test_strides_in_memory_do_not_matter(pooling):
    x, windows = pooling
    dy = slopes_for(max_pool2d(x, *windows))
    other = np.asfortranarray(x)[::-1][::-1]
    other_dy = np.moveaxis(np.moveaxis(dy, 3, 1).copy(), 1, 3)
    for pool in (max_pool2d, average_pool2d):
        assert_same(pool(other, *windows), pool(x, *windows), rtol=0, atol=0)
    assert_same(
        max_pool2d_backward(other_dy, other, *windows), max_pool2d_backward(dy, x, *windows), 0, 0
    )
    assert_same(
        average_pool2d_backward(other_dy, x.shape, *windows),
        average_pool2d_backward(dy, x.shape, *windows),
    )


def test_lists_and_whole_numbers_become_float64():
    x = [[[[1], [2]], [[3], [5]]]]
    assert max_pool2d(x, 2).dtype == average_pool2d(x, 2).dtype == np.float64
    assert average_pool2d(x, 2).tolist() == [[[[2.75]]]]
    assert max_pool2d(np.array(x, np.uint8), 2).tolist() == [[[[5.0]]]]
    assert global_average_pool(x).tolist() == [[2.75]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_precision_stays(dtype):
    x = np.arange(32, dtype=dtype).reshape(1, 4, 4, 2)
    settings = (3, 1, 1)
    dy = np.ones((1, 4, 4, 2), dtype)
    results = [
        max_pool2d(x, *settings),
        average_pool2d(x, *settings),
        average_pool2d(x, *settings, count_padding=True),
        pool2d_by_loops(x, np.max, *settings),
        max_pool2d_backward(dy, x, *settings),
        max_pool2d_backward_by_loops(dy, x, *settings),
        average_pool2d_backward(dy, x.shape, *settings),
        average_pool2d_backward(dy, x.shape, *settings, count_padding=True),
        global_average_pool(x),
        global_average_pool_backward(np.ones((1, 2), dtype), x.shape),
    ]
    assert [result.dtype for result in results] == [dtype] * len(results)


def test_float32_on_a_large_image_is_the_mean_to_six_digits():
    x = rng.uniform(100, 101, size=(2, 200, 300, 2)).astype(np.float32)
    wanted = x.astype(np.float64).mean(axis=(1, 2))
    np.testing.assert_allclose(global_average_pool(x), wanted, rtol=1e-6)
    np.testing.assert_allclose(average_pool2d(x, (200, 300))[:, 0, 0], wanted, rtol=1e-6)


def test_a_result_shares_no_memory_with_what_it_was_made_of():
    x = rng.normal(size=(1, 4, 4, 1))
    for result in (max_pool2d(x, 1), average_pool2d(x, 1), max_pool2d_backward(x, x, 1)):
        assert not np.shares_memory(result, x)
    assert not np.shares_memory(average_pool2d_backward(x, x.shape, 1), x)
    dy = np.ones((1, 1))
    global_average_pool_backward(dy, x.shape)[:] = 0
    assert dy.item() == 1


# Backward: who gets the slope


@given(poolings())
def test_the_slope_goes_to_the_winner_of_the_loops_ties_included(pooling):
    x, windows = pooling
    dy = slopes_for(max_pool2d(x, *windows))
    dx = call_without_writing(max_pool2d_backward, dy, x, *windows)
    by_loops = call_without_writing(max_pool2d_backward_by_loops, dy, x, *windows)
    assert_same(dx, by_loops, rtol=0, atol=0)
    assert dx.sum() == dy.sum()  # no slope is lost, none is given twice


@given(poolings(), st.booleans())
def test_the_backward_of_the_mean_is_its_transpose(pooling, count_padding):
    x, windows = pooling
    y = average_pool2d(x, *windows, count_padding=count_padding)
    dy = slopes_for(y)
    dx = call_without_writing(
        average_pool2d_backward, dy, x.shape, *windows, count_padding=count_padding
    )
    assert np.sum(dy * y) == pytest.approx(np.sum(dx * x), rel=1e-11, abs=1e-9)


CHECKED = [
    ((2, 4, 6, 2), 2, None, 0),
    ((1, 5, 5, 2), 3, 2, 0),
    ((1, 5, 4, 1), 3, 1, 1),
    ((1, 4, 5, 2), (2, 3), (1, 2), (1, 2)),
    ((1, 4, 4, 1), 2, 1, "SAME"),
    ((1, 5, 5, 1), 2, 3, 0),
    ((1, 3, 4, 1), (3, 4), None, 0),
    ((2, 1, 1, 3), 1, None, 0),
]


@pytest.mark.parametrize(("shape", "kernel", "stride", "padding"), CHECKED)
def test_the_slopes_of_the_largest_pass_the_books_checker(shape, kernel, stride, padding):
    windows = (kernel, stride, padding)
    x = rng.permutation(np.prod(shape)).reshape(shape) / 10  # a tenth apart: no ties near
    dy = rng.normal(size=max_pool2d(x, *windows).shape)
    numerical = numerical_gradient(lambda x: np.sum(dy * max_pool2d(x, *windows)), x)
    assert relative_error(max_pool2d_backward(dy, x, *windows), numerical) < 1e-9


@pytest.mark.parametrize("count_padding", [False, True])
@pytest.mark.parametrize(("shape", "kernel", "stride", "padding"), CHECKED)
def test_the_slopes_of_the_mean_pass_it_too(shape, kernel, stride, padding, count_padding):
    windows = (kernel, stride, padding, count_padding)
    x = rng.normal(size=shape)
    dy = rng.normal(size=average_pool2d(x, *windows).shape)
    numerical = numerical_gradient(lambda x: np.sum(dy * average_pool2d(x, *windows)), x)
    assert relative_error(average_pool2d_backward(dy, shape, *windows), numerical) < 1e-9


@pytest.mark.parametrize("shape", [(2, 3, 4, 2), (1, 1, 1, 1), (1, 7, 1, 3)])
def test_the_slopes_of_the_global_mean_pass_it_too(shape):
    x, dy = rng.normal(size=shape), rng.normal(size=(shape[0], shape[3]))
    numerical = numerical_gradient(lambda x: np.sum(dy * global_average_pool(x)), x)
    assert relative_error(global_average_pool_backward(dy, shape), numerical) < 1e-9


def test_of_equal_pixels_the_first_in_reading_order_wins():
    constant = np.zeros((1, 3, 3, 1))
    assert max_pool2d_backward([[[[5]]]], constant, 3)[0, :, :, 0].tolist() == [
        [5, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
    ]
    # the first row that holds the maximum, then the first column in it
    x = np.reshape([0, 1, 7, 7, 7, 0, 7, 7, 7], (1, 3, 3, 1))
    assert max_pool2d_backward([[[[5]]]], x, 3).ravel().tolist() == [0, 0, 5, 0, 0, 0, 0, 0, 0]


def test_a_pixel_that_wins_several_windows_gets_all_their_slopes():
    x = np.zeros((1, 3, 3, 1))
    x[0, 1, 1] = 1
    dy = np.reshape([1, 10, 100, 1000], (1, 2, 2, 1))
    assert max_pool2d_backward(dy, x, 2, 1)[0, :, :, 0].tolist() == [
        [0, 0, 0],
        [0, 1111, 0],
        [0] * 3,
    ]


def test_the_checker_does_not_see_a_slope_that_all_tied_pixels_get():
    def backward_to_all(dy, x):
        return (x == np.repeat(np.repeat(max_pool2d(x, 2), 2, 1), 2, 2)) * np.repeat(
            np.repeat(dy, 2, 1), 2, 2
        )

    x = rng.permutation(16).reshape(1, 4, 4, 1) / 10
    dy = rng.normal(size=(1, 2, 2, 1))
    assert_same(backward_to_all(dy, x), max_pool2d_backward(dy, x, 2))
    blank = np.zeros_like(x)
    assert backward_to_all(dy, blank).sum() == pytest.approx(4 * dy.sum())
    assert max_pool2d_backward(dy, blank, 2).sum() == pytest.approx(dy.sum())


# Against PyTorch


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("pool"), ids=lambda case: case["name"])
def test_values_and_slopes_are_those_of_pytorch(case, source):
    wanted, inputs = generate.expected(case, source), case["inputs"]
    windows = [inputs[name] for name in ("kernel_size", "stride", "padding")]
    if inputs["kind"] == "max":
        value = max_pool2d(inputs["x"], *windows)
        dx = max_pool2d_backward(inputs["dy"], inputs["x"], *windows)
    else:
        windows.append(inputs["count_include_pad"])
        value = average_pool2d(inputs["x"], *windows)
        dx = average_pool2d_backward(inputs["dy"], np.shape(inputs["x"]), *windows)
    assert_same([value, dx], [wanted["value"], wanted["gradient"]], rtol=1e-14)


# What pooling keeps and loses


@pytest.mark.parametrize("pool", [max_pool2d, average_pool2d])
def test_a_shift_by_whole_windows_shifts_the_output(pool):
    image = load_photograph("camera")[None, :, :, None]
    assert_same(pool(image[:, 8:, 4:], 4), pool(image, 4)[:, 2:, 1:], rtol=0, atol=0)
    assert np.any(pool(image[:, 1:-3], 4) != pool(image, 4)[:, :-1])


def test_the_global_mean_does_not_know_where():
    images, _ = load_mnist()
    x = images[:20, :, :, None].astype(np.float64)
    shuffled = x.reshape(20, 784, 1)[:, rng.permutation(784)].reshape(x.shape)
    for other in (np.roll(x, (3, 5), axis=(1, 2)), x[:, ::-1], shuffled):
        np.testing.assert_allclose(global_average_pool(other), global_average_pool(x), rtol=1e-13)


def test_a_maximum_of_maxima_is_one_of_the_larger_window():
    x = rng.normal(size=(1, 12, 12, 2))
    assert_same(max_pool2d(max_pool2d(x, 2), 3), max_pool2d(x, 6), rtol=0, atol=0)
    assert_same(average_pool2d(average_pool2d(x, 2), 3), average_pool2d(x, 6), rtol=1e-13)
    assert_same(max_pool2d(max_pool2d(x, 3, 1), 3, 1), max_pool2d(x, 5, 1), rtol=0, atol=0)


# Wrong calls

X, DY, SHAPE = np.ones((1, 4, 4, 2)), np.ones((1, 2, 2, 2)), (1, 4, 4, 2)

# The start of a call to each function with windows, as a function of what comes before kernel_size.
FORWARD = {"max_pool2d": (), "average_pool2d": (), "pool2d_by_loops": (np.max,)}
BACKWARD = {
    "max_pool2d_backward": X,
    "max_pool2d_backward_by_loops": X,
    "average_pool2d_backward": SHAPE,
}
FIRST = {
    **{name: (X, *more) for name, more in FORWARD.items()},
    **{name: (DY, of) for name, of in BACKWARD.items()},
}
NUMBERS = "must hold real numbers, got"
WHOLE = "must be a whole number, got"

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        (name, (*first, *settings), {}, exception, message)
        for name, first in FIRST.items()
        for settings, exception, message in [
            ((0,), ValueError, "kernel_size must be at least 1, got 0"),
            ((2.0,), TypeError, f"kernel_size {WHOLE} float 2.0"),
            (((2, 2, 2),), ValueError, r"kernel_size must be one number or .* got \(2, 2, 2\)"),
            ((5,), ValueError, r"kernel_size must not .* image of \(4, 4\), got \(5, 5\)"),
            (((2, 7), 1, 1), ValueError, r"kernel_size must not .* \(6, 6\), got \(2, 7\)"),
            ((2, 0), ValueError, "stride must be at least 1, got 0"),
            ((2, (1, True)), TypeError, f"stride {WHOLE} bool True"),
            ((2, (1,)), ValueError, r"stride must be one number or .* got \(1,\)"),
            ((2, 2, -1), ValueError, "padding must be at least 0, got -1"),
            ((2, 2, None), TypeError, f"padding {WHOLE} NoneType"),
            ((2, 2, "same"), ValueError, "padding must be \"SAME\", .* got 'same'"),
            ((2, 2, 2), ValueError, r"padding must be smaller than .* \(2, 2\), got 2"),
            (((3, 1), 1, (0, 1)), ValueError, r"padding must be smaller .* got \(0, 1\)"),
        ]
    ),
    *(
        (name, (x, *more, 2), {}, exception, message)
        for name, more in FORWARD.items()
        for x, exception, message in [
            ("a", TypeError, f"x {NUMBERS} str"),
            (X * 1j, TypeError, f"x {NUMBERS} an array of complex128"),
            (X[0], ValueError, r"x must have shape \(N, H, W, C\), got shape \(4, 4, 2\)"),
            (X[:0], ValueError, r"x must not be empty, got shape \(0, 4, 4, 2\)"),
        ]
    ),
    ("pool2d_by_loops", (X, "max", 2), {}, TypeError, "function must be a .* got 'max'"),
    *(
        (name, (dy, of, 2), {}, exception, message)
        for name, of in BACKWARD.items()
        for dy, exception, message in [
            (None, TypeError, f"dy {NUMBERS} NoneType"),
            (X, ValueError, r"dy must .* \(1, 2, 2, 2\), got shape \(1, 4, 4, 2\)"),
            (1, ValueError, r"dy must have the shape of the output, .* got shape \(\)"),
        ]
    ),
    *(
        (name, (DY, x, 2), {}, exception, message)
        for name in ("max_pool2d_backward", "max_pool2d_backward_by_loops")
        for x, exception, message in [
            (None, TypeError, f"x {NUMBERS} NoneType"),
            (X[0], ValueError, r"x must have shape \(N, H, W, C\), got shape \(4, 4, 2\)"),
        ]
    ),
    *(
        (name, (DY, shape, *more), {}, exception, message)
        for name, more in (("average_pool2d_backward", (2,)), ("global_average_pool_backward", ()))
        for shape, exception, message in [
            (4, TypeError, "shape must be a list of sizes .* got int 4"),
            ((1, 4, 4, 2.0), TypeError, f"shape {WHOLE} float 2.0"),
            ((1, 4, 4), ValueError, r"shape must be \(N, H, W, C\), got \(1, 4, 4\)"),
            ((1, 0, 4, 2), ValueError, "shape must be at least 1, got 0"),
        ]
    ),
    ("global_average_pool", ("a",), {}, TypeError, f"x {NUMBERS} str"),
    ("global_average_pool", (X[0],), {}, ValueError, r"x must have .* got shape \(4, 4, 2\)"),
    ("global_average_pool", (X[:, :0],), {}, ValueError, r"x must not be .* \(1, 0, 4, 2\)"),
    ("global_average_pool_backward", ("a", SHAPE), {}, TypeError, f"dy {NUMBERS} str"),
    ("global_average_pool_backward", (DY, SHAPE), {}, ValueError, r"dy must .* \(1, 2\), got"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(pooling, name, args, kwargs, exception, message)
