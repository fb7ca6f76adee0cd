"""Convolution: against its loops, PyTorch, NumPy and the book's gradient checker."""

import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oracles import generate
from support import arrays, assert_same, call_without_writing, check_wrong_call, ids
from textbook import _convolution, _cores, _winograd, convolution
from textbook._windows import Geometry
from textbook.convolution import (
    classic_kernel,
    conv2d,
    conv2d_backward,
    conv2d_backward_by_loops,
    conv2d_by_loops,
    convolution_matrix,
    convolve1d,
    convolve1d_by_loops,
    convolve2d,
    convolve2d_by_loops,
    cross_correlate1d,
    cross_correlate1d_by_loops,
    cross_correlate2d,
    cross_correlate2d_by_loops,
    filter_image,
    output_size,
    same_padding,
    symmetric_pad,
    zero_pad,
)
from textbook.gradient_checking import numerical_gradient, relative_error

IMAGE = np.array([[1, 9, 5], [5, 3, 12], [6, 2, 11]])
KERNELS = ("sobel_x", "sobel_y", "laplacian", "sharpen")


@st.composite
def series(draw):
    """Draw a series and a kernel that is no longer."""
    n = draw(st.integers(1, 8))
    return draw(arrays(n)), draw(arrays(draw(st.integers(1, n))))


@st.composite
def images(draw, max_side=6):
    """Draw an image and a kernel that is no larger."""
    height, width = draw(st.tuples(*[st.integers(1, max_side)] * 2))
    kernel = draw(st.tuples(st.integers(1, height), st.integers(1, width)))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return rng.normal(size=(height, width)), rng.normal(size=kernel)


class Layer(NamedTuple):
    """A random layer, whose kernel fits its padded image, with slopes for its output."""

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    settings: dict
    dy: np.ndarray


def numbers(low, high):
    return st.integers(low, high) | st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def layers(draw, max_side=7, max_channels=6):
    """Draw a layer: any stride, padding, dilation, groups; 1 x 1 images and whole-image kernels."""
    settings = {
        "stride": draw(numbers(1, 3) | numbers(4, 9)),
        "padding": draw(st.sampled_from(["SAME", "VALID"]) | numbers(0, 3)),
        "dilation": draw(numbers(1, 2)),
        "groups": draw(st.integers(1, 3)),
    }
    height, width = draw(st.tuples(*[st.integers(1, max_side)] * 2))
    padding, dilation = settings["padding"], np.broadcast_to(settings["dilation"], 2)
    total = np.zeros(2) if isinstance(padding, str) else 2 * np.broadcast_to(padding, 2)
    sides = [
        min(5, 5 if padding == "SAME" else int((n + p - 1) // d + 1))
        for n, p, d in zip((height, width), total, dilation, strict=True)
    ]
    kernel = draw(st.tuples(*[st.integers(1, side) for side in sides]))
    channels = draw(st.integers(1, max_channels))
    filters = draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    m = draw(st.integers(1, 3))
    x = rng.normal(size=(m, height, width, channels * settings["groups"]))
    w = rng.normal(size=(*kernel, channels, filters * settings["groups"]))
    b = rng.normal(size=w.shape[3])
    shape = conv2d(x, w, **settings).shape
    return Layer(x, w, b, settings, rng.normal(size=shape))


# One dimension


def test_the_notes_kernel_is_turned_round_and_measures_the_rise():
    assert convolve1d([1, 4, 2, 7, 3], [1, 0, -1]).tolist() == [1, 3, 1]
    assert cross_correlate1d([1, 4, 2, 7, 3], [-1, 0, 1]).tolist() == [1, 3, 1]


@given(series())
def test_a_series_agrees_with_the_loops_and_with_numpy(given_series):
    x, w = given_series
    convolved = call_without_writing(convolve1d, x, w)
    assert_same(convolved, np.convolve(x, w, mode="valid"), atol=1e-12)
    assert_same(call_without_writing(convolve1d_by_loops, x, w), convolved, atol=1e-12)
    correlated = call_without_writing(cross_correlate1d, x, w)
    assert_same(correlated, np.correlate(x, w, mode="valid"), atol=1e-12)
    assert_same(call_without_writing(cross_correlate1d_by_loops, x, w), correlated, atol=1e-12)
    assert_same(cross_correlate1d(x, w[::-1]), convolved, atol=1e-12)


# Two dimensions


@given(images())
def test_an_image_agrees_with_the_loops(image):
    x, w = image
    convolved = call_without_writing(convolve2d, x, w)
    assert convolved.shape == (x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1)
    assert_same(call_without_writing(convolve2d_by_loops, x, w), convolved, atol=1e-12)
    correlated = call_without_writing(cross_correlate2d, x, w)
    assert_same(call_without_writing(cross_correlate2d_by_loops, x, w), correlated, atol=1e-12)
    assert_same(cross_correlate2d(x, w[::-1, ::-1]), convolved, atol=1e-12)


@given(images())
def test_one_row_and_one_column_are_series(image):
    x, w = image
    assert_same(convolve2d(x[:1], w[:1])[0], convolve1d(x[0], w[0]), atol=1e-13)
    assert_same(convolve2d(x[:, :1], w[:, :1])[:, 0], convolve1d(x[:, 0], w[:, 0]), atol=1e-13)


@given(images(), st.integers(0, 10**6))
def test_filtering_is_linear_in_the_image_and_in_the_kernel(image, seed):
    x, w = image
    rng = np.random.default_rng(seed)
    other_x, other_w = rng.normal(size=x.shape), rng.normal(size=w.shape)
    for f in (convolve2d, cross_correlate2d):
        assert_same(f(x + 2 * other_x, w), f(x, w) + 2 * f(other_x, w), atol=1e-12)
        assert_same(f(x, w + 2 * other_w), f(x, w) + 2 * f(x, other_w), atol=1e-12)


@given(images(max_side=4), st.integers(0, 3), st.integers(0, 3))
def test_a_moved_image_gives_a_moved_output(image, down, right):
    x, w = image
    frame = np.zeros((16, 16))
    there = np.zeros((16, 16))
    frame[5 : 5 + x.shape[0], 5 : 5 + x.shape[1]] = x
    there[5 + down : 5 + down + x.shape[0], 5 + right : 5 + right + x.shape[1]] = x
    for f in (convolve2d, cross_correlate2d):
        assert_same(f(there, w), np.roll(f(frame, w), (down, right), (0, 1)), atol=0)


@given(images(max_side=5))
def test_the_matrix_does_what_the_kernel_does_and_its_transpose_goes_back(image):
    x, w = image
    matrix = call_without_writing(convolution_matrix, w, *x.shape)
    y = cross_correlate2d(x, w)
    assert_same(matrix @ x.ravel(), y.ravel(), rtol=1e-12, atol=1e-13)
    assert np.count_nonzero(matrix) == y.size * w.size
    dx, _, _ = conv2d_backward(y[None, :, :, None], x[None, :, :, None], w[:, :, None, None])
    assert_same(dx.ravel(), matrix.T @ y.ravel(), rtol=1e-12, atol=1e-12)


def test_sixteen_pixels_and_four_weights_make_36_connections_of_144():
    matrix = convolution_matrix([[1, 2], [3, 4]], 4, 4)
    assert matrix.shape == (9, 16)
    assert np.unique(matrix[matrix != 0], return_counts=True)[1].tolist() == [9, 9, 9, 9]


# Sizes


def places(size, kernel, before, after, stride, dilation):
    """Count the places where the kernel lies within the padded side."""
    last = dilation * (kernel - 1)
    return sum(start + last < size + before + after for start in range(0, 2 * size + 20, stride))


@given(st.integers(1, 12), st.integers(1, 5), *[st.integers(1, 4)] * 2, st.integers(0, 4))
def test_the_output_has_a_pixel_for_each_place_of_the_kernel(size, kernel, stride, dilation, pad):
    for padding in (pad, "SAME", "VALID"):
        before, after = (pad, pad)
        if isinstance(padding, str):
            before, after = 0, 0
        if padding == "SAME":
            before, after = same_padding(size, kernel, stride, dilation)
        there = places(size, kernel, before, after, stride, dilation)
        if there:
            assert output_size(size, kernel, padding, stride, dilation) == there
        else:
            with pytest.raises(ValueError, match=r"^kernel must not reach"):
                output_size(size, kernel, padding, stride, dilation)


@given(st.integers(1, 12), st.integers(1, 5), *[st.integers(1, 4)] * 2)
def test_same_gives_size_over_stride_rounded_up_with_the_fewest_zeros(size, kernel, stride, d):
    before, after = same_padding(size, kernel, stride, d)
    assert output_size(size, kernel, "SAME", stride, d) == -(-size // stride)
    assert after - before in (0, 1)
    if before + after > 0:
        assert places(size, kernel, before, after - 1, stride, d) < -(-size // stride)


def test_the_sizes_of_the_notes_and_of_the_lab():
    assert output_size(4, 2) == 3
    assert [output_size(n, 3, "SAME") for n in (80, 120)] == [80, 120]
    assert [output_size(n, 3, "SAME", stride=2) for n in (80, 120)] == [40, 60]
    assert [output_size(n, 3, "SAME", stride=3) for n in (80, 120)] == [27, 40]
    assert [output_size(n, 3, "VALID") for n in (80, 120)] == [78, 118]
    assert [output_size(n, 3, "VALID", stride=2) for n in (80, 120)] == [39, 59]
    assert output_size(227, 11, stride=4) == 55


def test_the_odd_pixel_of_same_stands_at_the_bottom_and_on_the_right():
    y = conv2d(
        np.ones((1, 2, 2, 1)), np.array([[1.0, 2], [4, 8]])[:, :, None, None], padding="SAME"
    )
    assert y[0, :, :, 0].tolist() == [[15, 5], [3, 1]]


# Borders


@given(images(), st.integers(0, 9), st.integers(0, 9))
def test_borders_are_those_of_numpy(image, rows, columns):
    x, _ = image
    width = [(rows, rows), (columns, columns)]
    np.testing.assert_array_equal(
        call_without_writing(zero_pad, x, rows, columns), np.pad(x, width)
    )
    np.testing.assert_array_equal(
        call_without_writing(symmetric_pad, x, rows, columns), np.pad(x, width, mode="symmetric")
    )


def test_the_notes_symmetric_border_number_by_number():
    assert symmetric_pad(IMAGE, 2, 2).tolist() == [
        [3, 5, 5, 3, 12, 12, 3],
        [9, 1, 1, 9, 5, 5, 9],
        [9, 1, 1, 9, 5, 5, 9],
        [3, 5, 5, 3, 12, 12, 3],
        [2, 6, 6, 2, 11, 11, 2],
        [2, 6, 6, 2, 11, 11, 2],
        [3, 5, 5, 3, 12, 12, 3],
    ]


def test_the_notes_zero_borders():
    assert zero_pad(IMAGE, 1, 1)[1].tolist() == [0, 1, 9, 5, 0]
    assert zero_pad(IMAGE, 1, 1)[[0, 4]].any() == np.False_
    assert zero_pad(IMAGE, 2, 1).shape == (7, 5)
    assert zero_pad(IMAGE, 2, 1)[2].tolist() == [0, 1, 9, 5, 0]


@pytest.mark.parametrize("pad", [zero_pad, symmetric_pad])
def test_no_border_is_a_copy(pad):
    x = np.ones((2, 2))
    padded = pad(x, 0, 0)
    np.testing.assert_array_equal(padded, x)
    assert not np.shares_memory(padded, x)


# Filters


def ramps():
    rows, columns = np.mgrid[0.0:5, 0.0:5]
    return rows, columns


def test_the_sobel_kernels_measure_eight_times_the_slope_of_their_own_axis():
    rows, columns = ramps()
    assert np.unique(cross_correlate2d(columns, classic_kernel("sobel_x"))).tolist() == [8]
    assert np.unique(cross_correlate2d(rows, classic_kernel("sobel_x"))).tolist() == [0]
    assert np.unique(cross_correlate2d(rows, classic_kernel("sobel_y"))).tolist() == [8]
    assert np.unique(cross_correlate2d(columns, classic_kernel("sobel_y"))).tolist() == [0]


def test_the_laplacian_is_minus_three_times_the_second_derivatives():
    rows, columns = ramps()
    for surface, answer in ((columns, 0), (columns**2, -6), (rows**2 + columns**2, -12)):
        found = cross_correlate2d(surface, classic_kernel("laplacian"))
        assert np.unique(found).tolist() == [answer]


def test_sharpen_is_the_image_plus_its_edges():
    w = classic_kernel("sharpen")
    assert (w - [[0, 0, 0], [0, 1, 0], [0, 0, 0]]).tolist() == [[0, -1, 0], [-1, 4, -1], [0, -1, 0]]


@pytest.mark.parametrize("name", KERNELS)
def test_turning_changes_the_sign_of_sobel_and_nothing_else(name):
    w = classic_kernel(name)
    sign = -1 if name.startswith("sobel") else 1
    np.testing.assert_array_equal(w[::-1, ::-1], sign * w)


@pytest.mark.parametrize("name", KERNELS)
def test_a_kernel_is_a_new_array_at_every_call(name):
    classic_kernel(name)[:] = 7
    assert not (classic_kernel(name) == 7).any()


@given(images(), st.sampled_from(KERNELS))
def test_a_filtered_photograph_keeps_its_size_and_its_range(image, name):
    x = 300 * np.abs(image[0])
    y = call_without_writing(filter_image, x, classic_kernel(name))
    assert y.shape == x.shape
    exact = cross_correlate2d(np.pad(x, 1, mode="symmetric"), classic_kernel(name))
    np.testing.assert_allclose(y, np.minimum(np.maximum(exact, 0), 255), atol=1e-9)


def test_a_plain_surface_has_no_dark_frame():
    assert np.unique(filter_image(np.full((4, 5), 90), classic_kernel("sharpen"))).tolist() == [90]
    assert np.unique(filter_image(np.full((4, 5), 90), [[0.2] * 5])).round(9).tolist() == [90]
    assert filter_image(np.full((4, 5), 90), np.ones((5, 1)) / 5).shape == (4, 5)


# The layer


@given(layers())
def test_the_layer_agrees_with_its_loops(layer):
    y = call_without_writing(conv2d, *layer[:3], **layer.settings)
    slow = call_without_writing(conv2d_by_loops, *layer[:3], **layer.settings)
    assert_same(y, slow, rtol=1e-11, atol=1e-12)
    assert_same(conv2d(layer.x, layer.w, **layer.settings) + layer.b, y, rtol=1e-12, atol=1e-13)


@given(layers())
def test_the_backward_agrees_with_its_loops(layer):
    args = (layer.dy, layer.x, layer.w)
    fast = call_without_writing(conv2d_backward, *args, **layer.settings)
    slow = call_without_writing(conv2d_backward_by_loops, *args, **layer.settings)
    assert_same(fast, slow, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(("floats", "pixels"), [(1, 1), (60, 7), (400, 30)])
@given(layer=layers())
def test_blocks_of_any_size_give_the_same(floats, pixels, layer):
    backward = conv2d_backward(layer.dy, layer.x, layer.w, **layer.settings)
    whole = conv2d(*layer[:3], **layer.settings), *backward
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_convolution, "BLOCK_FLOATS", floats)
        patch.setattr(_convolution, "BLOCK_PIXELS", pixels)
        backward = conv2d_backward(layer.dy, layer.x, layer.w, **layer.settings)
        assert_same((conv2d(*layer[:3], **layer.settings), *backward), whole, atol=1e-11)


@given(layers(max_side=4, max_channels=2))
def test_the_backward_passes_the_gradient_check(layer):
    x, w, b, settings, dy = layer

    def cost_of(**changed):
        return float((dy * conv2d(**{"x": x, "w": w, "b": b, **changed}, **settings)).sum())

    dx, dw, db = conv2d_backward(dy, x, w, **settings)
    for name, theta, slopes in (("x", x, dx), ("w", w, dw), ("b", b, db)):
        by_trying = numerical_gradient(lambda t, name=name: cost_of(**{name: t}), theta)
        assert np.abs(slopes - by_trying).max() < 1e-7
        assert relative_error(slopes, by_trying) < 1e-7 or np.abs(slopes).max() < 1e-4


@pytest.mark.parametrize("padding", [0, 1, (2, 0), "SAME"])
@pytest.mark.parametrize("stride", [2, 3, (1, 2), (3, 1), (2, 5)])
@pytest.mark.parametrize("kernel", [(3, 3), (5, 4), (1, 2), (4, 7)])
def test_the_slopes_at_a_stride_agree_with_their_loops(kernel, stride, padding):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 9, 10, 2)), rng.normal(size=(*kernel, 2, 3))
    dy = rng.normal(size=conv2d(x, w, None, stride, padding).shape)
    found = call_without_writing(conv2d_backward, dy, x, w, stride, padding)
    assert_same(found, conv2d_backward_by_loops(dy, x, w, stride, padding), rtol=1e-12, atol=1e-12)


@given(layers())
def test_forward_and_backward_are_adjoint(layer):
    dx, dw, db = conv2d_backward(layer.dy, layer.x, layer.w, **layer.settings)
    forward = np.vdot(layer.dy, conv2d(layer.x, layer.w, **layer.settings))
    assert np.vdot(dx, layer.x) == pytest.approx(forward, rel=1e-10, abs=1e-10)
    assert np.vdot(dw, layer.w) == pytest.approx(forward, rel=1e-10, abs=1e-10)
    assert_same(db, layer.dy.sum(axis=(0, 1, 2)), atol=1e-12)


@given(images())
def test_one_channel_and_one_filter_are_the_cross_correlation(image):
    x, w = image
    y = conv2d(x[None, :, :, None], w[:, :, None, None])
    assert_same(y[0, :, :, 0], cross_correlate2d(x, w), atol=1e-12)


@given(layers())
def test_groups_are_layers_of_their_own_side_by_side(layer):
    settings = {**layer.settings, "groups": 1}
    halves = [
        conv2d(x, w, b, **settings)
        for x, w, b in zip(
            np.split(layer.x, layer.settings["groups"], axis=3),
            np.split(layer.w, layer.settings["groups"], axis=3),
            np.split(layer.b, layer.settings["groups"]),
            strict=True,
        )
    ]
    y = conv2d(*layer[:3], **layer.settings)
    assert_same(y, np.concatenate(halves, axis=3), rtol=1e-11, atol=1e-12)


@given(layers())
def test_a_dilated_kernel_is_a_larger_one_with_zeros_between(layer):
    rows, columns = np.broadcast_to(layer.settings["dilation"], 2)
    k, m, c, o = layer.w.shape
    spread = np.zeros((rows * (k - 1) + 1, columns * (m - 1) + 1, c, o))
    spread[::rows, ::columns] = layer.w
    y = conv2d(layer.x, spread, layer.b, **{**layer.settings, "dilation": 1})
    assert_same(y, conv2d(*layer[:3], **layer.settings), rtol=1e-11, atol=1e-12)


@given(layers())
@example(
    Layer(np.ones((1, 5, 5, 1)), np.ones((3, 3, 1, 1)), np.zeros(1), {"stride": 1}, np.ones(1))
)
def test_a_stride_leaves_out_outputs(layer):
    if layer.settings.get("padding") == "SAME":
        return  # whose border depends on the stride
    rows, columns = np.broadcast_to(layer.settings["stride"], 2)
    every = conv2d(*layer[:3], **{**layer.settings, "stride": 1})
    y = conv2d(*layer[:3], **layer.settings)
    assert_same(y, every[:, ::rows, ::columns], rtol=1e-11, atol=1e-12)


@given(layers())
def test_an_image_does_not_see_the_other_images_of_the_batch(layer):
    y = conv2d(*layer[:3], **layer.settings)
    for n in range(len(layer.x)):
        alone = conv2d(layer.x[n : n + 1], layer.w, layer.b, **layer.settings)
        assert_same(alone[0], y[n], rtol=1e-11, atol=1e-12)


def test_a_kernel_as_large_as_the_image_is_a_dense_layer():
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(4, 3, 5, 2)), rng.normal(size=(3, 5, 2, 7)), rng.normal(size=7)
    dense = x.reshape(4, -1) @ w.reshape(-1, 7) + b
    assert_same(conv2d(x, w, b)[:, 0, 0], dense, atol=1e-12)
    dy = rng.normal(size=(4, 1, 1, 7))
    dx, dw, _ = conv2d_backward(dy, x, w)
    assert_same(dx.reshape(4, -1), dy[:, 0, 0] @ w.reshape(-1, 7).T, atol=1e-12)
    assert_same(dw.reshape(-1, 7), x.reshape(4, -1).T @ dy[:, 0, 0], atol=1e-12)


def test_one_pixel_one_channel_one_filter():
    assert conv2d([[[[3]]]], [[[[5]]]], [1]).tolist() == [[[[16]]]]
    assert conv2d([[[[3]]]], np.full((3, 3, 1, 1), 5), padding="SAME").tolist() == [[[[15]]]]
    assert conv2d([[[[3]]]], [[[[5]]]], padding=1).ravel().tolist() == [0, 0, 0, 0, 15, 0, 0, 0, 0]


@pytest.mark.parametrize("rows", [(9, 1), (1, 9), (9, 9)])
def test_windows_that_see_nothing_but_the_border_give_the_bias(rows):
    x, w, dy = np.ones((2, 4, 4, 1)), np.ones((1, 1, 1, 1)), np.ones((2, 1, 1, 1))
    y = conv2d(x, w, [7], stride=rows, padding=3)
    assert np.unique(y[:, : 3 if rows[0] == 1 else 1, :1]).tolist() == [7]
    dx, dw, db = conv2d_backward(dy, x, w, stride=11, padding=3)
    assert (dx.any(), dw.item(), db.item()) == (False, 0, 2)


@pytest.mark.parametrize("filters", [4, 40])
@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize(
    "view",
    [
        lambda a: a[:, ::2, ::-1],
        lambda a: a.transpose(0, 2, 1, 3),
        lambda a: np.asfortranarray(a),
        lambda a: a[..., ::2],
        lambda a: np.broadcast_to(a[:1], a.shape),
    ],
    ids=["reversed", "transposed", "fortran", "every-second-channel", "broadcast"],
)
def test_any_memory_layout_gives_the_same(view, kernel, filters):
    rng = np.random.default_rng(1)
    x = view(rng.normal(size=(3, 8, 9, 6)))
    w = rng.normal(size=(filters, x.shape[3], kernel, kernel)).transpose(3, 2, 1, 0)[::-1]
    for padding in ("SAME", "VALID"):
        y = conv2d(x.copy(), w.copy(), padding=padding)
        assert_same(conv2d(x, w, padding=padding), y, atol=1e-12)
        dy = rng.normal(size=(*y.shape[:3], 2 * filters))[..., ::2]
        fast = conv2d_backward(dy, x, w, padding=padding)
        assert_same(
            fast, conv2d_backward(dy.copy(), x.copy(), w.copy(), padding=padding), atol=1e-11
        )


@given(layers())
def test_float32_stays_float32_and_is_close(layer):
    x, w, b, dy = (a.astype(np.float32) for a in (layer.x, layer.w, layer.b, layer.dy))
    found = conv2d(x, w, b, **layer.settings), *conv2d_backward(dy, x, w, **layer.settings)
    slow = (
        conv2d_by_loops(x, w, b, **layer.settings),
        *conv2d_backward_by_loops(dy, x, w, **layer.settings),
    )
    exact = (
        conv2d(*layer[:3], **layer.settings),
        *conv2d_backward(layer.dy, layer.x, layer.w, **layer.settings),
    )
    assert {a.dtype for a in (*found, *slow)} == {np.dtype(np.float32)}
    assert_same(found, exact, rtol=1e-4, atol=1e-4)


def test_trap_11_integers_are_computed_in_float64():
    x, w = np.arange(16).reshape(1, 4, 4, 1), np.ones((2, 2, 1, 1), int)
    dx, dw, db = conv2d_backward(np.ones((1, 3, 3, 1), int), x, w)
    results = [conv2d(x, w, [1]), dx, dw, db, zero_pad(IMAGE, 1, 1), symmetric_pad(IMAGE, 1, 1)]
    results += [f(IMAGE, IMAGE[:2]) for f in (convolve2d, cross_correlate2d)]
    results += [f(IMAGE[0], [1, 2]) for f in (convolve1d, cross_correlate1d)]
    assert {a.dtype for a in results} == {np.dtype(np.float64)}


@pytest.mark.parametrize(
    "call",
    [
        lambda a: convolve1d(a[0], a[0, :2]),
        lambda a: convolve1d_by_loops(a[0], a[0, :2]),
        lambda a: cross_correlate1d(a[0], a[0, :2]),
        lambda a: cross_correlate1d_by_loops(a[0], a[0, :2]),
        lambda a: convolve2d(a, a[:2]),
        lambda a: convolve2d_by_loops(a, a[:2]),
        lambda a: cross_correlate2d(a, a[:2]),
        lambda a: cross_correlate2d_by_loops(a, a[:2]),
        lambda a: convolution_matrix(a, 3, 4),
        lambda a: zero_pad(a, 1, 2),
        lambda a: symmetric_pad(a, 1, 2),
        lambda a: filter_image(a, a),
    ],
)
def test_images_and_series_of_float32_stay_so(call):
    found, exact = call(IMAGE.astype(np.float32)), call(IMAGE)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, exact, rtol=1e-6)


@pytest.mark.parametrize("names", [("x",), ("w",), ("dy",), ("x", "w")])
def test_one_array_in_double_precision_makes_the_result_double(names):
    single = {"x": np.ones((1, 4, 4, 2)), "w": np.ones((3, 3, 2, 3)), "dy": np.ones((1, 2, 2, 3))}
    mixed = {n: a if n in names else a.astype(np.float32) for n, a in single.items()}
    assert {a.dtype for a in conv2d_backward(**mixed)} == {np.dtype(np.float64)}
    assert_same(conv2d_backward(**mixed), conv2d_backward(**single))


@pytest.mark.parametrize(
    ("shape", "kernel", "settings"),
    [
        ((2, 112, 112, 64), (3, 3, 64, 32), {"padding": "SAME"}),
        ((2, 224, 224, 3), (7, 7, 3, 16), {"padding": 3, "stride": 2}),
        ((8, 56, 56, 64), (1, 1, 64, 32), {}),
    ],
    ids=["3x3", "7x7-stride-2", "1x1"],
)
def test_the_memory_beside_the_results_is_that_of_a_few_blocks(shape, kernel, settings):
    rng = np.random.default_rng(0)
    x, w = (rng.random(s, np.float32) for s in (shape, kernel))
    dy = np.ones_like(conv2d(x, w, **settings))
    for call in (lambda: [conv2d(x, w, **settings)], lambda: conv2d_backward(dy, x, w, **settings)):
        tracemalloc.start()
        results = call()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak - sum(a.nbytes for a in results) < 8e6


def test_what_is_not_a_number_stays_where_it_was_seen():
    x = np.ones((1, 5, 5, 1))
    x[0, 0, 0] = np.nan
    y = conv2d(x, np.ones((3, 3, 1, 1)), padding="SAME")[0, :, :, 0]
    assert np.argwhere(np.isnan(y)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


# Winograd's way


@st.composite
def tiled(draw):
    """Draw what Winograd's way is given: 3 x 3 at stride 1, any border, zeros cut off or added."""
    sides = draw(st.tuples(*[st.integers(1, 11)] * 2))
    before = draw(st.tuples(*[st.integers(-3, 5)] * 2))
    output = draw(st.tuples(*[st.integers(1, 11)] * 2))
    images, channels, filters = draw(st.tuples(*[st.integers(1, 3)] * 3))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = rng.normal(size=(images, *sides, channels))
    w = rng.normal(size=(3, 3, channels, filters))
    dy = rng.normal(size=(images, *output, filters))
    return x, w, dy, Geometry((1, 1), before, (1, 1), 1, output)


@pytest.mark.parametrize("narrow", [0, 9], ids=["wide", "narrow"])
@pytest.mark.parametrize("floats", [1, 700, 2**22])
@given(layer=tiled())
def test_winograd_agrees_with_the_patches_for_any_border_and_blocks(floats, narrow, layer):
    x, w, dy, g = layer
    y = _convolution._forward_by_blocks(x, w, g)
    dw = _convolution._weight_gradient(dy, x, w, g)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("FLOATS", "FLOATS_OF_A_CORE", "SUM_FLOATS"):
            patch.setattr(_winograd, name, floats)
        patch.setattr(_winograd, "NARROW", narrow)
        patch.setattr(_cores, "cores", lambda: 3)
        found = call_without_writing(lambda *a: _winograd.forward(*a, g), x, w)
        assert_same(found, y, rtol=1e-11, atol=1e-11)
        found = call_without_writing(lambda *a: _winograd.weight_gradient(*a, g), dy, x, w)
        assert_same(found, dw, rtol=1e-11, atol=1e-11)


@given(tiled())
def test_winograd_is_bilinear_and_its_backward_adjoint(layer):
    x, w, dy, geometry = layer
    product = (dy * _winograd.forward(x, w, geometry)).sum()
    dw = _winograd.weight_gradient(dy, x, w, geometry)
    dx = _winograd.forward(dy, *_convolution._turned(w, geometry, x.shape))
    assert_same([(dw * w).sum(), (dx * x).sum()], [product] * 2, rtol=1e-9, atol=1e-9)


def test_two_outputs_of_three_weights_take_four_multiplications():
    B, G, A = _winograd.matrices((0, 1, -1))
    assert [m.tolist() for m in (B.T, G, A.T)] == [
        [[-1, 0, 1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]],
        [[-1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]],
        [[1, 1, 1, 0], [0, 1, -1, 1]],
    ]
    assert (A.T @ ((G @ [3, 1, 2]) * (B.T @ [1, 4, 2, 7]))).tolist() == [11, 28]


@given(st.lists(st.integers(-4, 4), min_size=2, max_size=6, unique=True), st.integers(0, 10**6))
def test_any_points_give_the_correlation(points, seed):
    rng = np.random.default_rng(seed)
    x, w = rng.normal(size=len(points) + 1), rng.normal(size=3)
    B, G, A = _winograd.matrices(points)
    assert_same(A.T @ ((G @ w) * (B.T @ x)), cross_correlate1d(x, w), atol=1e-8)


# The largest error, over the largest value, was 2.5e-6 at 64 channels; the patches have 0.7e-6
@pytest.mark.parametrize("view", [lambda a: a, lambda a: a[:, ::-1, ::2]], ids=["plain", "view"])
@pytest.mark.parametrize("padding", ["SAME", "VALID", (0, 3)], ids=str)
def test_single_precision_loses_few_digits_to_winograd(padding, view):
    rng = np.random.default_rng(2)
    x, w = (rng.normal(size=s).astype(np.float32) for s in ((3, 27, 58, 64), (3, 3, 64, 65)))
    x = view(x)
    b = np.ones(65, np.float32)
    dy = rng.normal(size=conv2d(x, w, padding=padding).shape).astype(np.float32)
    found = [conv2d(x, w, b, padding=padding), *conv2d_backward(dy, x, w, padding=padding)]
    x, w, b, dy = (a.astype(np.float64) for a in (x, w, b, dy))
    exact = [conv2d(x, w, b, padding=padding), *conv2d_backward(dy, x, w, padding=padding)]
    assert {a.dtype for a in found} == {np.dtype(np.float32)}
    errors = [np.abs(f - e).max() / np.abs(e).max() for f, e in zip(found, exact, strict=True)]
    assert 8e-7 < max(errors[:3]) < 5e-6


LARGE = {"x": (2, 28, 28, 64), "w": (3, 3, 64, 64), "padding": 1}


def ways(monkeypatch, *, x, w, dtype=np.float32, **settings):
    """Return how often a layer goes forward and back by Winograd's way: y, dx and dw."""
    calls = []
    for name in ("forward", "weight_gradient"):
        way = getattr(_winograd, name)
        monkeypatch.setattr(_winograd, name, lambda *a, w=way, n=name: calls.append(n) or w(*a))
    x, w = np.ones(x, dtype), np.ones(w, dtype)
    dy = conv2d(x, w, **settings)
    conv2d_backward(dy, x, w, **settings)
    return calls.count("forward"), calls.count("weight_gradient")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (2, 1)),
        ({"x": (8, 14, 14, 64)}, (2, 1)),
        ({"padding": 0, "x": (2, 30, 30, 64)}, (2, 1)),
        ({"padding": 0}, (1, 0)),  # there and back: 26 x 26 outputs, but 28 x 28 inputs
        ({"x": (2, 27, 27, 64)}, (0, 0)),
        ({"dtype": np.float64}, (0, 0)),
        ({"w": (3, 3, 64, 63)}, (0, 0)),
        ({"x": (1, 317, 317, 64), "w": (3, 3, 64, 3)}, (1, 1)),  # many pixels; not from 3 to 64
        ({"x": (1, 317, 317, 3), "w": (3, 3, 3, 64)}, (1, 0)),
        ({"x": (1, 316, 316, 64), "w": (3, 3, 64, 3)}, (0, 0)),
        ({"x": (2, 28, 28, 63), "w": (3, 3, 63, 64)}, (0, 0)),
        ({"x": (2, 28, 28, 513), "w": (3, 3, 513, 512)}, (0, 0)),
        ({"w": (5, 5, 64, 64), "padding": 2}, (0, 0)),
        ({"w": (3, 1, 64, 64)}, (0, 0)),
        ({"w": (1, 3, 64, 64)}, (0, 0)),
        ({"x": (2, 56, 56, 64), "stride": 2}, (0, 0)),
        ({"stride": (1, 2), "x": (2, 28, 56, 64)}, (0, 0)),
        ({"dilation": 2, "padding": 2}, (0, 0)),
        ({"groups": 2, "x": (2, 28, 28, 128)}, (0, 0)),
    ],
    ids=str,
)
def test_winograd_is_for_large_layers_of_3_by_3_in_single_precision(monkeypatch, change, expected):
    assert ways(monkeypatch, **{**LARGE, **change}) == expected


def test_a_border_larger_than_the_kernel_goes_by_winograd_and_is_cut_off_on_the_way_back():
    rng = np.random.default_rng(3)
    x, w = (rng.normal(size=s).astype(np.float32) for s in ((2, 28, 28, 64), (3, 3, 64, 64)))
    dy = rng.normal(size=conv2d(x, w, padding=4).shape).astype(np.float32)
    dx, _, _ = conv2d_backward(dy, x, w, padding=4)
    exact, _, _ = conv2d_backward(dy.astype(float), x, w, padding=4)
    assert np.abs(dx - exact).max() < 5e-6 * np.abs(exact).max()


def extra_memory(call):
    """Return the bytes that a call takes beside its results, in a thread that has kept nothing."""

    def measure():
        tracemalloc.start()
        results = call()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak - sum(a.nbytes for a in results)

    with ThreadPoolExecutor(1) as fresh:
        return fresh.submit(measure).result()


@pytest.mark.parametrize(
    ("size", "channels", "filters"),
    [(14, 512, 512), (28, 512, 512), (56, 256, 256), (112, 128, 128), (112, 64, 3)],
)
def test_winograd_takes_at_most_64_megabytes_beside_the_results(
    monkeypatch, size, channels, filters
):
    monkeypatch.setattr(_cores, "cores", lambda: 64)
    x = np.ones((8, size, size, channels), np.float32)
    w = np.ones((3, 3, channels, filters), np.float32)
    dy = np.ones((8, size, size, filters), np.float32)
    assert 1e6 < extra_memory(lambda: [conv2d(x, w, padding=1)]) < 64e6
    assert 1e6 < extra_memory(lambda: conv2d_backward(dy, x, w, padding=1)) < 64e6


@pytest.mark.parametrize("filters", [100, 200], ids=["narrow", "wide"])
def test_buffers_that_are_kept_carry_nothing_over_and_belong_to_one_thread(monkeypatch, filters):
    monkeypatch.setattr(_cores, "cores", lambda: 3)
    rng = np.random.default_rng(4)
    layers = [
        [rng.normal(size=s).astype(np.float32) for s in ((4, 28, 28, c), (3, 3, c, filters))]
        for c in (100, 90, 110)
    ]

    def run(layer):
        x, w = layer
        y = conv2d(x, w, padding=1)
        return [y, *conv2d_backward(y, x, w, padding=1)]

    with ThreadPoolExecutor(3) as threads:
        at_once = list(threads.map(run, layers * 3))
    with np.errstate(all="ignore"):
        run([np.full_like(a, np.nan) for a in layers[0]])
    for found, layer in zip(at_once, layers * 3, strict=True):
        assert_same(found, run(layer), rtol=0, atol=0)


# Cores side by side


@pytest.mark.parametrize(
    ("x", "w", "stride"),
    [
        ((8, 112, 112, 3), (7, 7, 3, 64), 1),
        ((8, 150, 100, 3), (3, 3, 3, 300), 1),
        ((256, 8, 8, 128), (3, 3, 128, 128), 2),
        ((2, 512, 1, 128), (3, 1, 128, 512), 1),
    ],
    ids=str,
)
def test_patches_take_at_most_64_megabytes_beside_the_results(monkeypatch, x, w, stride):
    monkeypatch.setattr(_cores, "cores", lambda: 64)
    x, w = np.ones(x, np.float32), np.ones(w, np.float32)
    settings = {"stride": stride, "padding": "SAME"}
    y = conv2d(x, w, **settings)
    assert extra_memory(lambda: conv2d_backward(y, x, w, **settings)) < 64e6


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("channels", [2, 10], ids=["few", "many"])
def test_cores_side_by_side_find_the_same(monkeypatch, channels, groups):
    rng = np.random.default_rng(5)
    x, w, b = (
        rng.normal(size=s) for s in ((5, 9, 8, channels), (3, 2, channels // groups, 80), 80)
    )
    dy = rng.normal(size=conv2d(x, w, stride=(1, 2), groups=groups).shape)
    settings = {"stride": (1, 2), "groups": groups}

    def results():
        y, back = conv2d(x, w, b, **settings), conv2d_backward(dy, x, w, **settings)
        return [y, *back]

    alone, asked = results(), []
    monkeypatch.setattr(_cores, "cores", lambda: asked.append(1) or 3)
    for name in ("WORTH_THREADS", "LONG_LINE", "BLOCK_FLOATS", "BLOCK_PIXELS", "MANY_SLOPES"):
        monkeypatch.setattr(_convolution, name, 1)
    for mine, theirs in zip(results(), alone, strict=True):
        assert_same(mine, theirs, rtol=1e-12, atol=1e-12)
    assert len(asked) >= 3  # forward, dw and db


@pytest.mark.parametrize(
    ("shape", "expected"), [((2, 9, 64), 1), ((2, 9, 63), 0), ((1, 9, 64), 0)], ids=str
)
def test_many_slopes_in_long_rows_are_added_up_side_by_side(monkeypatch, shape, expected):
    calls = []
    found = _convolution.side_by_side
    monkeypatch.setattr(_convolution, "MANY_SLOPES", 2 * 9 * 63)
    monkeypatch.setattr(_convolution, "side_by_side", lambda *a: calls.append(1) or found(*a))
    dy = np.random.default_rng(6).normal(size=(1, *shape))
    assert_same(_convolution.bias_gradient(dy), dy.sum(axis=(0, 1, 2)), atol=1e-12)
    assert len(calls) == expected


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("convolution"), ids=itemgetter("name"))
def test_values_and_gradients_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    inputs = dict(case["inputs"])
    dy = inputs.pop("dy")
    y = conv2d(**inputs)
    del inputs["b"]
    found = dict(zip(("dx", "dw", "db"), conv2d_backward(dy, **inputs), strict=True))
    for name, wanted in theirs.items():
        assert_same({"y": y, **found}[name], wanted, rtol=1e-13, atol=1e-13)


# Wrong calls

NUMBERS = "must hold real numbers, got"
X, W, DY = np.ones((1, 4, 4, 2)), np.ones((3, 3, 2, 4)), np.ones((1, 2, 2, 4))
LAYERS = {
    "conv2d": lambda x=X, w=W: (x, w, None),
    "conv2d_by_loops": lambda x=X, w=W: (x, w, None),
    "conv2d_backward": lambda x=X, w=W: (DY, x, w),
    "conv2d_backward_by_loops": lambda x=X, w=W: (DY, x, w),
}
SERIES = ("convolve1d", "convolve1d_by_loops", "cross_correlate1d", "cross_correlate1d_by_loops")
IMAGES = ("convolve2d", "convolve2d_by_loops", "cross_correlate2d", "cross_correlate2d_by_loops")
PADS = ("zero_pad", "symmetric_pad")
EMPTY = np.ones((0, 3))

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name in SERIES
        for row in [
            (name, (["a"], [1]), {}, TypeError, f"x {NUMBERS} list"),
            (name, ([1], None), {}, TypeError, f"w {NUMBERS} NoneType"),
            (name, (IMAGE, [1]), {}, ValueError, r"x must have shape \(n,\), got shape \(3, 3\)"),
            (name, ([1], [[1]]), {}, ValueError, r"w must have shape \(K,\), got shape \(1, 1\)"),
            (name, ([], [1]), {}, ValueError, r"x must not be empty, got shape \(0,\)"),
            (name, ([1], []), {}, ValueError, r"w must not be empty, got shape \(0,\)"),
            (name, ([1, 2], [1, 2, 3]), {}, ValueError, r"w must not be larger .* \(2,\), got .*3"),
        ]
    ),
    *(
        row
        for name in IMAGES
        for row in [
            (name, ([["a"]], [[1]]), {}, TypeError, f"x {NUMBERS} list"),
            (name, (IMAGE, "a"), {}, TypeError, f"w {NUMBERS} str"),
            (name, ([1, 2], [[1]]), {}, ValueError, r"x must have shape \(H, W\), got .*\(2,\)"),
            (name, (IMAGE, [1, 0, -1]), {}, ValueError, r"w must have .*\(K, L\), got .*\(3,\)"),
            (name, (EMPTY, [[1]]), {}, ValueError, r"x must not be empty, got shape \(0, 3\)"),
            (name, (IMAGE, EMPTY), {}, ValueError, r"w must not be empty, got shape \(0, 3\)"),
            (name, (IMAGE, np.ones((4, 1))), {}, ValueError, r"w must not be .*, got .*\(4, 1\)"),
            (name, (IMAGE, np.ones((1, 4))), {}, ValueError, r"w must not be .*, got .*\(1, 4\)"),
        ]
    ),
    *(
        row
        for name in PADS
        for row in [
            (name, ("a", 1, 1), {}, TypeError, f"x {NUMBERS} str"),
            (name, ([1, 2], 1, 1), {}, ValueError, r"x must have shape \(H, W\), got .*\(2,\)"),
            (name, (EMPTY, 1, 1), {}, ValueError, "x must not be empty, got shape"),
            (name, (IMAGE, -1, 1), {}, ValueError, "rows must be at least 0, got -1"),
            (name, (IMAGE, 1, -1), {}, ValueError, "columns must be at least 0, got -1"),
            (name, (IMAGE, 1.0, 1), {}, TypeError, "rows must be a whole number, got float 1.0"),
            (name, (IMAGE, 1, None), {}, TypeError, "columns must be a whole number, got None"),
        ]
    ),
    *(
        row
        for name, call in LAYERS.items()
        for row in [
            (name, call(x="a"), {}, TypeError, f"x {NUMBERS} str"),
            (name, call(w=["a"]), {}, TypeError, f"w {NUMBERS} list"),
            (
                name,
                call(x=X[0]),
                {},
                ValueError,
                r"x must have .*\(N, H, W, C\), got .*\(4, 4, 2\)",
            ),
            (name, call(w=W[0]), {}, ValueError, r"w must have .*\(K, L, C/groups, O\), got .*\(3"),
            (name, call(x=X[:0]), {}, ValueError, r"x must not be empty, got shape \(0, 4, 4, 2\)"),
            (name, call(w=W[:0]), {}, ValueError, r"w must not be empty, got shape \(0, 3, 2, 4\)"),
            (
                name,
                call(w=W[:, :, :1]),
                {},
                ValueError,
                r"w must .* \(K, L, 2, O\) .*\(3, 3, 1, 4\)",
            ),
            (name, call(), {"groups": 3}, ValueError, "groups must divide 2 channels .* got 3"),
            (
                name,
                call(w=W[..., :3]),
                {"groups": 2},
                ValueError,
                "groups must divide .* 3 filters",
            ),
            (name, call(), {"groups": 2}, ValueError, r"w must have shape \(K, L, 1, O\) .* got"),
            (name, call(), {"groups": 0}, ValueError, "groups must be at least 1, got 0"),
            (name, call(), {"groups": 1.0}, TypeError, "groups must be a whole number, got float"),
            (name, call(), {"stride": 0}, ValueError, "stride must be at least 1, got 0"),
            (name, call(), {"stride": (1, 0)}, ValueError, "stride must be at least 1, got 0"),
            (name, call(), {"stride": (1, 2, 3)}, ValueError, r"stride must be one .* got \(1, 2"),
            (name, call(), {"stride": 1.5}, TypeError, "stride must be a whole number, got float"),
            (name, call(), {"dilation": 0}, ValueError, "dilation must be at least 1, got 0"),
            (
                name,
                call(),
                {"dilation": "2"},
                TypeError,
                "dilation must be a whole number, got str",
            ),
            (name, call(), {"dilation": 2}, ValueError, r"w must not reach .*, got .* \(5, 5\)"),
            (name, call(), {"padding": "same"}, ValueError, 'padding must be "SAME".* got .same'),
            (name, call(), {"padding": -1}, ValueError, "padding must be at least 0, got -1"),
            (name, call(), {"padding": (1,)}, ValueError, r"padding must be one .* got \(1,\)"),
            (
                name,
                call(),
                {"padding": 0.5},
                TypeError,
                "padding must be a whole number, got float",
            ),
            (name, call(x=X[:, :2]), {}, ValueError, r"w must not reach .* \(2, 4\), got .*\(3, 3"),
            (name, call(x=X[:, :, :2]), {}, ValueError, r"w must not reach .* \(4, 2\), got a ker"),
        ]
    ),
    *(
        row
        for name in ("conv2d", "conv2d_by_loops")
        for row in [
            (name, (X, W, "a"), {}, TypeError, f"b {NUMBERS} str"),
            (name, (X, W, 1), {}, ValueError, r"b must have shape \(O,\), got shape \(\)"),
            (name, (X, W, [1, 2]), {}, ValueError, r"b must have shape \(4,\), got shape \(2,\)"),
        ]
    ),
    *(
        row
        for name in ("conv2d_backward", "conv2d_backward_by_loops")
        for row in [
            (name, ("a", X, W), {}, TypeError, f"dy {NUMBERS} str"),
            (name, (DY[0], X, W), {}, ValueError, r"dy must have shape \(N, H_out.*, got .*\(2, 2"),
            (name, (X, X, W), {}, ValueError, r"dy must .* \(1, 2, 2, 4\), got shape \(1, 4, 4, 2"),
            (name, (DY, X, W), {"padding": "SAME"}, ValueError, r"dy must .* \(1, 4, 4, 4\), got"),
        ]
    ),
    ("convolution_matrix", ("a", 2, 2), {}, TypeError, f"w {NUMBERS} str"),
    ("convolution_matrix", ([1, 2], 2, 2), {}, ValueError, r"w must have .*\(K, L\), got .*\(2,\)"),
    ("convolution_matrix", (EMPTY, 2, 2), {}, ValueError, "w must not be empty, got shape"),
    ("convolution_matrix", ([[1], [2]], 1, 2), {}, ValueError, "height must be at least 2, got 1"),
    ("convolution_matrix", ([[1, 2]], 1, 1), {}, ValueError, "width must be at least 2, got 1"),
    ("convolution_matrix", ([[1]], 1.0, 1), {}, TypeError, "height must be a whole .* got float"),
    ("convolution_matrix", ([[1]], 1, "1"), {}, TypeError, "width must be a whole .* got str"),
    *(
        row
        for name in ("output_size", "same_padding")
        for row in [
            (name, (0, 1), {}, ValueError, "size must be at least 1, got 0"),
            (name, (4.0, 1), {}, TypeError, "size must be a whole number, got float 4.0"),
            (name, (4, 0), {}, ValueError, "kernel must be at least 1, got 0"),
            (name, (4, "3"), {}, TypeError, "kernel must be a whole number, got str '3'"),
            (name, (4, 2), {"stride": 0}, ValueError, "stride must be at least 1, got 0"),
            (name, (4, 2), {"stride": None}, TypeError, "stride must be a whole .* got None"),
            (name, (4, 2), {"dilation": 0}, ValueError, "dilation must be at least 1, got 0"),
            (name, (4, 2), {"dilation": 1.5}, TypeError, "dilation must be a whole .* got float"),
        ]
    ),
    ("output_size", (4, 2, -1), {}, ValueError, "padding must be at least 0, got -1"),
    ("output_size", (4, 2, 0.5), {}, TypeError, "padding must be a whole number, got float 0.5"),
    ("output_size", (4, 2, "same"), {}, ValueError, 'padding must be "SAME", .* got .same'),
    ("output_size", (4, 7, 1), {}, ValueError, "kernel must not reach .* of 6, got 7 that spans 7"),
    ("output_size", (4, 3), {"dilation": 2}, ValueError, "kernel must not .* got 3 that spans 5"),
    ("classic_kernel", ("prewitt",), {}, ValueError, "name must be one of sobel_x.* got 'prewitt'"),
    ("filter_image", ("a", [[1]]), {}, TypeError, f"image {NUMBERS} str"),
    ("filter_image", (IMAGE, None), {}, TypeError, f"w {NUMBERS} NoneType"),
    ("filter_image", ([1, 2], [[1]]), {}, ValueError, r"image must have .*\(H, W\), got"),
    ("filter_image", (EMPTY, [[1]]), {}, ValueError, "image must not be empty, got shape"),
    ("filter_image", (IMAGE, [1]), {}, ValueError, r"w must have shape \(K, L\), got shape \(1,\)"),
    ("filter_image", (IMAGE, EMPTY), {}, ValueError, "w must not be empty, got shape"),
    ("filter_image", (IMAGE, [[1, 1]]), {}, ValueError, r"w must have odd .* got shape \(1, 2\)"),
    ("filter_image", (IMAGE, [[1], [1]]), {}, ValueError, r"w must have odd .* got shape \(2, 1\)"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(convolution, name, args, kwargs, exception, message)
