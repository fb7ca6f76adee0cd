"""Receptive field: recurrence and closed form, brute force, networks, paths, gradients."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from oracles import generate
from support import assert_same, call_without_writing, check_wrong_call, ids
from textbook import receptive_field as module
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.receptive_field import (
    expected_spread,
    field_by_layer,
    input_gradient,
    network_layers,
    path_shares,
    receptive_field,
    seen_pixels,
    sizes_by_layer,
    spread,
    stack_weights,
)

LAYER = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 3), st.integers(1, 3))
STACKS = st.lists(LAYER, max_size=4)
NETWORKS = ("lenet", "alexnet", "vgg16")


@st.composite
def stacks_on_pixels(draw, max_layers=3):
    """Draw layers and a row of pixels on which they fit."""
    layers = draw(st.lists(LAYER, max_size=max_layers))
    pixels = draw(st.integers(1, 14))
    n = pixels
    for kernel, stride, padding, dilation in layers:
        n = (n + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1
        assume(n >= 1)
    return layers, pixels


def run(layers, x, weights):
    """Send rows of pixels through a stack; nothing is shared with the module."""
    for (kernel, stride, padding, dilation), w in zip(layers, weights, strict=True):
        padded = np.pad(x, ((0, 0), (padding, padding)))
        reach = dilation * (kernel - 1) + 1
        x = sliding_window_view(padded, reach, axis=1)[:, ::stride, ::dilation] @ w
    return x


def ones(layers):
    return [np.ones(kernel) for kernel, *_ in layers]


# Against brute force: perturb a pixel, see which outputs change


@given(stacks_on_pixels())
def test_the_pixels_seen_are_those_whose_change_is_noticed(case):
    layers, pixels = case
    changed = run(layers, np.eye(pixels), ones(layers)) != 0
    for place in range(changed.shape[1]):
        found = call_without_writing(seen_pixels, layers, place, pixels)
        assert found.dtype == np.int_
        assert found.tolist() == np.flatnonzero(changed[:, place]).tolist()


@given(stacks_on_pixels(), st.integers(0, 10**6))
def test_other_weights_and_another_image_see_no_pixel_more(case, seed):
    layers, pixels = case
    rng = np.random.default_rng(seed)
    weights = [rng.normal(size=kernel) for kernel, *_ in layers]
    x = rng.normal(size=pixels)
    moved = run(layers, x + np.eye(pixels), weights)
    still = run(layers, x[None], weights)
    for place, changed in enumerate((moved != still).T):
        outside = np.setdiff1d(np.arange(pixels), seen_pixels(layers, place, pixels))
        assert not changed[outside].any()


@given(stacks_on_pixels())
def test_as_many_places_as_the_size_formula_says(case):
    layers, pixels = case
    x, sizes = np.zeros((1, pixels)), [pixels]
    for layer in layers:
        x = run([layer], x, ones([layer]))
        sizes.append(x.shape[1])
    assert call_without_writing(sizes_by_layer, layers, pixels) == sizes


@given(STACKS, st.integers(0, 3), st.integers(0, 3))
def test_away_from_the_border_the_field_is_as_long_as_the_formula_says_and_where(layers, i, more):
    size, jump, start = receptive_field(layers)
    place = -(start // jump) + i  # the first whose interval has no pixel below 0, or one after it
    found = seen_pixels(layers, place, start + jump * place + size + more)
    assert (found[0], found[-1]) == (start + jump * place, start + jump * place + size - 1)


@given(stacks_on_pixels())
def test_no_place_sees_a_pixel_outside_of_its_interval(case):
    layers, pixels = case
    size, jump, start = receptive_field(layers)
    for place in range(sizes_by_layer(layers, pixels)[-1]):
        offsets = seen_pixels(layers, place, pixels) - (start + jump * place)
        assert np.all((offsets >= 0) & (offsets < size))


@given(
    st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 1), st.integers(1, 2)),
    st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(0, 1), st.integers(1, 2)),
)
def test_rows_and_columns_of_an_image_are_seen_independently(rows, columns):
    layers, shape = (rows, columns), (7, 6)
    sizes = [sizes_by_layer([layer], n)[-1] for layer, n in zip(layers, shape, strict=True)]
    seen_by_axis = [
        [seen_pixels([layer], place, n) for place in range(size)]
        for layer, n, size in zip(layers, shape, sizes, strict=True)
    ]
    pixels = np.eye(42).reshape(42, 7, 6)
    down = run([rows], pixels.transpose(0, 2, 1).reshape(-1, 7), ones([rows]))
    both = run(
        [columns], down.reshape(42, 6, -1).transpose(0, 2, 1).reshape(-1, 6), ones([columns])
    )
    both = both.reshape(42, *sizes)
    for i, j in np.ndindex(*sizes):
        noticed = np.flatnonzero(both[:, i, j])
        wanted = [6 * r + c for r in seen_by_axis[0][i] for c in seen_by_axis[1][j]]
        assert noticed.tolist() == sorted(wanted)


# The recurrence and the closed form


@given(STACKS)
def test_the_recurrence_ends_with_the_closed_form_at_every_layer(layers):
    fields = call_without_writing(field_by_layer, layers)
    assert fields == [receptive_field(layers[:n]) for n in range(len(layers) + 1)]
    assert all(type(number) is int for field in fields for number in field)
    assert all(type(number) is int for number in receptive_field(layers))


@given(STACKS, STACKS)
def test_a_stack_on_a_stack_adds_its_reach_times_the_jump(below, above):
    size, jump, start = receptive_field(below)
    more, further, before = receptive_field(above)
    assert receptive_field(below + above) == (
        size + (more - 1) * jump,
        jump * further,
        start + before * jump,
    )


@given(LAYER)
def test_one_layer_by_hand(layer):
    kernel, stride, padding, dilation = layer
    assert receptive_field([layer]) == (dilation * (kernel - 1) + 1, stride, -padding)


def test_no_layer_sees_one_pixel():
    assert receptive_field([]) == (1, 1, 0)
    assert field_by_layer([]) == [(1, 1, 0)]
    assert sizes_by_layer([], 5) == [5]
    assert seen_pixels([], 3, 5).tolist() == [3]
    assert path_shares([]).tolist() == [1.0]
    assert expected_spread([]) == 0
    assert input_gradient([[[2, 3]]], []).tolist() == [[[2, 3]]]
    assert stack_weights([], [3]) == 0


@given(st.integers(1, 12))
def test_a_stack_of_threes_sees_two_pixels_more_with_each(depth):
    same = [(3, 1, 1, 1)] * depth
    assert receptive_field(same) == (2 * depth + 1, 1, -depth)
    assert receptive_field([(2 * depth + 1, 1, depth, 1)]) == receptive_field(same)
    assert sizes_by_layer(same, 9) == [9] * (depth + 1)


def test_large_jumps_do_not_overflow():
    assert receptive_field([(2, 2, 0, 1)] * 62)[0] == 2**62


# Notes: 25 against 18


@given(st.integers(1, 512))
def test_25_against_18_and_49_against_27_times_the_channels_squared(c):
    assert stack_weights([5], [c, c]) == 25 * c**2
    assert stack_weights([3, 3], [c, c, c]) == 18 * c**2
    assert stack_weights([7], [c, c]) == 49 * c**2
    assert stack_weights([3, 3, 3], [c] * 4) == 27 * c**2


@given(st.data())
def test_the_weights_are_the_entries_of_kernels_one_can_make(data):
    kernels = data.draw(st.lists(st.integers(1, 4), max_size=3))
    channels = data.draw(
        st.lists(st.integers(1, 5), min_size=len(kernels) + 1, max_size=len(kernels) + 1)
    )
    arrays = [
        np.zeros((k, k, c, o))
        for k, (c, o) in zip(kernels, itertools.pairwise(channels), strict=True)
    ]
    found = call_without_writing(stack_weights, kernels, channels)
    assert found == sum(a.size for a in arrays)
    assert type(found) is int


def test_numpys_integers_do_not_overflow():
    many = np.array([60_000, 60_000], np.int32)
    assert stack_weights(np.array([5], np.int32), many) == 25 * 60_000**2


# The networks


@pytest.mark.parametrize(
    ("name", "sizes", "field"),
    [
        ("lenet", [32, 28, 14, 10, 5, 1], (32, 4, 0)),
        ("alexnet", [227, 55, 27, 27, 13, 13, 13, 13, 6], (195, 32, -64)),
        (
            "vgg16",
            [224] * 3 + [112] * 3 + [56] * 4 + [28] * 4 + [14] * 4 + [7],
            (212, 32, -90),
        ),
    ],
)
def test_the_networks_have_the_sizes_of_their_papers_and_the_fields_of_araujo(name, sizes, field):
    input_size, layers = network_layers(name)
    assert sizes_by_layer(list(layers.values()), input_size) == sizes
    assert receptive_field(list(layers.values())) == field


def test_vgg16_has_thirteen_convolutions_of_3_and_five_poolings():
    _, layers = network_layers("vgg16")
    kernels = [layer[0] for layer in layers.values()]
    assert (kernels.count(3), kernels.count(2), len(kernels)) == (13, 5, 18)


@pytest.mark.parametrize("name", NETWORKS)
def test_whoever_changes_a_network_changes_a_copy(name):
    network_layers(name)[1].clear()
    assert len(network_layers(name)[1]) >= 5


# Paths and their spread


@given(STACKS)
def test_the_shares_are_the_counts_of_all_choices(layers):
    choices = [
        [dilation * jump * k for k in range(kernel)]
        for (kernel, _, _, dilation), (_, jump, _) in zip(
            layers, field_by_layer(layers), strict=False
        )
    ]
    places = [sum(way) for way in itertools.product(*choices)]
    counts = np.bincount(places, minlength=receptive_field(layers)[0])
    shares = call_without_writing(path_shares, layers)
    assert_same(shares, counts / len(places), rtol=1e-12)


@given(STACKS)
def test_the_expected_spread_is_that_of_the_shares(layers):
    found = expected_spread(layers)
    assert type(found) is float
    assert found == pytest.approx(spread(path_shares(layers)), rel=1e-9, abs=1e-9)


@given(STACKS)
def test_shares_are_symmetric_sum_to_1_and_are_0_in_the_holes_alone(layers):
    shares = path_shares(layers)
    assert shares.sum() == pytest.approx(1, rel=1e-12)
    np.testing.assert_allclose(shares, shares[::-1], rtol=1e-12)
    size, jump, start = receptive_field(layers)
    place = -(start // jump)
    seen = seen_pixels(layers, place, start + jump * place + size)
    assert np.flatnonzero(shares).tolist() == (seen - seen[0]).tolist()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any), st.integers(1, 5))
def test_the_spread_is_the_standard_deviation_of_the_pixels(counts, factor):
    pixels = np.repeat(np.arange(len(counts)), counts)
    for values in (counts, np.multiply(counts, factor), [0, *counts, 0, 0]):
        assert spread(values) == pytest.approx(np.std(pixels), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, int])
def test_the_spread_is_taken_in_double_precision_and_is_a_python_float(dtype):
    far = np.zeros(100_001, dtype)
    far[[99_999, 100_000]] = 1
    assert spread(far) == pytest.approx(0.5, rel=1e-6)
    assert type(spread(far)) is float


# The gradient


def forward(x, kernels):
    """Convolve an image with channels, sum by sum."""
    for w in kernels:
        windows = sliding_window_view(x, w.shape[:2], axis=(0, 1))
        x = np.einsum("ijckq,kqco->ijo", windows, w)
    return x


@st.composite
def convolutions(draw):
    depth = draw(st.integers(0, 3))
    channels = draw(st.lists(st.integers(1, 3), min_size=depth + 1, max_size=depth + 1))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    kernels = [
        rng.normal(size=(draw(st.integers(1, 3)), draw(st.integers(1, 3)), c, o))
        for c, o in itertools.pairwise(channels)
    ]
    height, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return rng.normal(size=(height, width, channels[-1])), kernels, channels[0], rng


@given(convolutions())
def test_the_gradient_is_the_limit_of_differences(case):
    dy, kernels, channels, rng = case
    found = call_without_writing(input_gradient, dy, kernels)
    reach = np.sum([np.subtract(w.shape[:2], 1) for w in kernels], axis=0, initial=0)
    shape = (*(np.add(dy.shape[:2], reach)).astype(int), channels)
    assert found.shape == shape
    x = rng.normal(size=shape)
    numerical = numerical_gradient(lambda x: float(np.sum(dy * forward(x, kernels))), x, h=1e-3)
    assert relative_error(found, numerical) <= 1e-8


@given(convolutions())
def test_backward_is_the_adjoint_of_forward(case):
    dy, kernels, _, rng = case
    gradient = input_gradient(dy, kernels)
    x = rng.normal(size=gradient.shape)
    assert np.sum(gradient * x) == pytest.approx(np.sum(dy * forward(x, kernels)), abs=1e-9)


@given(convolutions())
def test_layer_by_layer_is_the_whole_stack(case):
    dy, kernels, _, _ = case
    gradient = dy
    for w in kernels[::-1]:
        gradient = input_gradient(gradient, [w])
    assert_same(input_gradient(dy, kernels), gradient)


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=4))
def test_equal_weights_give_the_share_of_paths(shapes):
    kernels = [np.full((k, q, 1, 1), 1 / (k * q)) for k, q in shapes]
    rows = path_shares([(k, 1, 0, 1) for k, _ in shapes])
    columns = path_shares([(q, 1, 0, 1) for _, q in shapes])
    assert_same(input_gradient([[[1]]], kernels)[:, :, 0], np.outer(rows, columns), rtol=1e-12)


def test_random_weights_give_the_share_of_paths_in_the_mean_of_the_squares():
    rng = np.random.default_rng(0)
    draws, depth, channels = 3000, 3, 2
    total = 0
    for _ in range(draws):
        kernels = rng.normal(size=(depth, 1, 3, channels, channels)) / np.sqrt(3 * channels)
        total += input_gradient(np.eye(channels)[:1, None], list(kernels)) ** 2
    shares = path_shares([(3, 1, 0, 1)] * depth)
    np.testing.assert_allclose(total.sum(axis=(0, 2)) / draws, shares, atol=0.02)


def test_the_measured_spread_grows_as_the_root_of_the_depth_over_five_seeds():
    depths, spreads = np.array([5, 10, 20, 40]), np.zeros((5, 4))
    for seed in range(5):
        rng = np.random.default_rng(seed)
        for column, depth in enumerate(depths):
            kernels = rng.normal(size=(depth, 3, 3, 8, 8)) / np.sqrt(72)
            gradient = input_gradient(np.eye(8)[:1, None], list(kernels))
            spreads[seed, column] = spread(np.sum(gradient**2, axis=(1, 2)))
    slopes = np.polyfit(np.log(depths), np.log(spreads).T, 1)[0]
    assert 0.45 < np.median(slopes) < 0.6
    np.testing.assert_allclose(np.median(spreads, axis=0), np.sqrt(2 * depths / 3), rtol=0.1)


def test_float32_stays_float32_and_integers_become_float64():
    dy, w = np.ones((1, 2, 1), np.float32), np.ones((2, 2, 1, 1), np.float32)
    assert input_gradient(dy, [w, w]).dtype == np.float32
    assert input_gradient(dy.astype(int), [w.astype(int)]).dtype == np.float64


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("stack_gradient"), ids=lambda case: case["name"])
def test_gradients_agree_with_pytorch(case, source):
    theirs = generate.expected(case, source)
    kernels = [np.array(w) for w in case["inputs"]["kernels"]]
    assert_same(input_gradient(case["inputs"]["dy"], kernels), theirs["gradient"], rtol=1e-12)


# Types and layouts


@pytest.mark.parametrize(
    "convert",
    [
        tuple,
        np.array,
        lambda layers: [list(layer) for layer in layers],
        lambda layers: np.array(layers, np.int8),
        lambda layers: np.asfortranarray(layers)[::-1][::-1],
    ],
)
def test_layers_may_be_lists_tuples_or_arrays(convert):
    layers = [(3, 2, 1, 1), (5, 1, 2, 2)]
    for function in (receptive_field, field_by_layer, expected_spread):
        assert function(convert(layers)) == function(layers)
    assert sizes_by_layer(convert(layers), 40) == sizes_by_layer(layers, 40)
    assert seen_pixels(convert(layers), 3, 40).tolist() == seen_pixels(layers, 3, 40).tolist()
    assert path_shares(convert(layers)).tolist() == path_shares(layers).tolist()


def test_any_memory_layout_gives_the_same_gradient():
    rng = np.random.default_rng(1)
    dy, w = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 2, 4, 2))
    wanted = input_gradient(dy, [w])
    for convert in (
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=1)[:, ::2],
        np.ndarray.tolist,
    ):
        assert_same(input_gradient(convert(dy), [convert(w)]), wanted)


# Wrong calls

THREE = (3, 1, 1, 1)
STACK = {
    "receptive_field": lambda layers: (layers,),
    "field_by_layer": lambda layers: (layers,),
    "sizes_by_layer": lambda layers: (layers, 9),
    "seen_pixels": lambda layers: (layers, 0, 9),
    "path_shares": lambda layers: (layers,),
    "expected_spread": lambda layers: (layers,),
}
ON_PIXELS = {
    "sizes_by_layer": lambda layers, pixels: (layers, pixels),
    "seen_pixels": lambda layers, pixels: (layers, 0, pixels),
}
W = np.ones((3, 3, 2, 1))

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, call in STACK.items()
        for row in [
            (name, call(3), {}, TypeError, "layers must be a list of .* got int 3"),
            (name, call("3111"), {}, TypeError, "layers must be a list of .* got str '3111'"),
            (name, call(THREE), {}, TypeError, "layers must hold four .* got 3 as layer 1"),
            (name, call([THREE, (3, 1)]), {}, TypeError, r"layers .* got \(3, 1\) as layer 2"),
            (name, call([(3, 1.0, 1, 1)]), {}, TypeError, "layers must hold four whole numbers"),
            (name, call([(3, True, 1, 1)]), {}, TypeError, "layers must hold four whole numbers"),
            (name, call([(0, 1, 1, 1)]), {}, ValueError, r"layers must have .*got \(0, 1, 1, 1\)"),
            (name, call([(3, 0, 1, 1)]), {}, ValueError, r"layers must have .*got \(3, 0, 1, 1\)"),
            (name, call([(3, 1, -1, 1)]), {}, ValueError, "layers must have .* as layer 1"),
            (name, call([THREE, (3, 1, 1, 0)]), {}, ValueError, "layers must have .* as layer 2"),
        ]
    ),
    *(
        row
        for name, call in ON_PIXELS.items()
        for row in [
            (name, call([THREE], 9.0), {}, TypeError, "input_size must be a whole number, got"),
            (name, call([THREE], 0), {}, ValueError, "input_size must be at least 1, got 0"),
            (name, call([(4, 1, 0, 1)], 3), {}, ValueError, "layers must fit: .* over 4 .* got 3"),
            (name, call([THREE, (3, 1, 0, 3)], 6), {}, ValueError, "layers must fit: layer 2 .* 7"),
        ]
    ),
    ("seen_pixels", ([THREE], 1.0, 9), {}, TypeError, "position must be a whole number, got"),
    ("seen_pixels", ([THREE], -1, 9), {}, ValueError, "position must be at least 0, got -1"),
    ("seen_pixels", ([THREE], 9, 9), {}, ValueError, "position must be below 9, .* got 9"),
    ("network_layers", (16,), {}, TypeError, "name must be a string, got 16"),
    ("network_layers", ("vgg",), {}, ValueError, "name must be one of lenet, .* got 'vgg'"),
    ("stack_weights", (5, [1, 1]), {}, TypeError, "kernels must be a list of whole numbers, got"),
    ("stack_weights", ([5], 1), {}, TypeError, "channels must be a list of whole numbers, got"),
    ("stack_weights", ([5.0], [1, 1]), {}, TypeError, "kernels entry must be a whole number, got"),
    ("stack_weights", ([5], [1, 1.5]), {}, TypeError, "channels entry must be a whole .* got"),
    ("stack_weights", ([0], [1, 1]), {}, ValueError, "kernels entry must be at least 1, got 0"),
    ("stack_weights", ([5], [0, 1]), {}, ValueError, "channels entry must be at least 1, got 0"),
    ("stack_weights", ([3, 3], [1, 1]), {}, ValueError, "channels must have 3 entries, .* got 2"),
    ("spread", (["a"],), {}, TypeError, "shares must hold real numbers, got list"),
    ("spread", ([[1]],), {}, ValueError, r"shares must have shape \(n,\), got shape \(1, 1\)"),
    ("spread", ([],), {}, ValueError, r"shares must hold .* got \[\]"),
    ("spread", ([0, 0],), {}, ValueError, r"shares must hold .* got \[0.0, 0.0\]"),
    ("spread", ([2, -1],), {}, ValueError, r"shares must hold no .* got \[2.0, -1.0\]"),
    ("spread", ([1, np.nan],), {}, ValueError, r"shares must be finite, got nan at index \(1,\)"),
    ("input_gradient", ("a", [W]), {}, TypeError, "dy must hold real numbers, got str"),
    ("input_gradient", ([[1]], [W]), {}, ValueError, r"dy must have shape \(H, W, O\), got shape"),
    ("input_gradient", ([[[np.inf]]], [W]), {}, ValueError, "dy must be finite, got inf"),
    ("input_gradient", ([[[1]]], 3), {}, TypeError, "kernels must be a list of arrays .* got int"),
    ("input_gradient", ([[[1]]], ["a"]), {}, TypeError, r"kernels\[0\] must hold real numbers"),
    ("input_gradient", ([[[1]]], [W[0]]), {}, ValueError, r"kernels\[0\] must have shape \(K, L,"),
    ("input_gradient", ([[[1]]], [W, W]), {}, ValueError, r"kernels\[0\] must .* \(K, L, C, 2\)"),
    ("input_gradient", ([[[1]]], [W[:0]]), {}, ValueError, r"kernels\[0\] must .* got shape \(0,"),
    ("input_gradient", ([[[1]]], [W * np.nan]), {}, ValueError, r"kernels\[0\] must be finite"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_is_refused(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)
