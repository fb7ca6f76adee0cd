"""Regularization: decay, images that keep their label, early stopping, dropout, wrong calls."""

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
    no_warnings,
)
from textbook import logistic_regression, regularization
from textbook.activations import relu, relu_derivative
from textbook.datasets import load_mnist, load_photograph
from textbook.gradient_checking import numerical_gradient, relative_error
from textbook.regularization import (
    best_epoch,
    crop,
    decay_step,
    dropout,
    dropout_backward,
    l2_gradients,
    l2_penalty,
    mirror,
    random_shifts,
    shift,
    should_stop,
)
from textbook.softmax_regression import log_softmax, one_hot, softmax

seeds = st.integers(0, 10**6)
prices = floats(0, 50)
counts = st.integers(1, 1000)
probabilities = floats(0.05, 1)
histories = st.lists(st.integers(0, 6), min_size=1, max_size=12).map(np.array)


@st.composite
def layers(draw):
    """Draw weights of a few layers, and gradients of the same shapes."""
    shapes = draw(st.lists(st.sampled_from([(3,), (2, 3), (1, 1), (0, 2)]), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(seeds))
    weights = [rng.normal(size=shape) for shape in shapes]
    return weights, [rng.normal(size=shape) for shape in shapes]


@st.composite
def pictures(draw, kinds=(2, 3, 4)):
    """Draw one gray image, one with channels, or a batch."""
    h, w = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    shape = {
        2: (h, w),
        3: (h, w, draw(st.integers(1, 4))),
        4: (draw(st.integers(0, 3)), h, w, draw(st.integers(1, 4))),
    }[draw(st.sampled_from(kinds))]
    return np.random.default_rng(draw(seeds)).normal(size=shape)


def one_by_one(images):
    """Yield every plane of gray values, whatever the axes are."""
    if images.ndim == 2:
        return [images]
    if images.ndim == 3:
        return list(np.moveaxis(images, -1, 0))
    return [plane for image in images for plane in one_by_one(image)]


# Decay


@given(layers(), prices, counts)
def test_the_gradient_of_the_penalty_is_its_slope(drawn, price, m):
    weights, _ = drawn
    found = call_without_writing(l2_gradients, weights, price, m)
    for i, theta in enumerate(weights):
        slopes = numerical_gradient(
            lambda t, i=i: l2_penalty([*weights[:i], t, *weights[i + 1 :]], price, m), theta
        )
        np.testing.assert_allclose(found[i], slopes, rtol=1e-6, atol=1e-6)


@given(layers(), prices, counts)
def test_the_penalty_is_a_sum_over_layers_and_never_negative(drawn, price, m):
    weights, _ = drawn
    whole = call_without_writing(l2_penalty, weights, price, m)
    assert type(whole) is float
    assert whole >= 0
    assert whole == pytest.approx(sum(l2_penalty([theta], price, m) for theta in weights))
    halved = l2_penalty(weights, price, 2 * m)
    assert halved == pytest.approx(whole / 2)


@given(layers(), floats(0.001, 1), floats(0, 1), counts)
def test_decay_is_descent_on_the_cost_with_its_penalty(drawn, rate, price, m):
    weights, gradients = drawn
    decayed = call_without_writing(decay_step, weights, gradients, rate, price, m)
    penalty = l2_gradients(weights, price, m)
    descended = [w - rate * (g + p) for w, g, p in zip(weights, gradients, penalty, strict=True)]
    assert_same(decayed, descended, rtol=1e-12, atol=1e-12)


def test_a_step_of_logistic_regression_with_its_penalty_is_a_decay_step():
    rng = np.random.default_rng(0)
    x = logistic_regression.add_intercept(rng.normal(size=(20, 3)))
    y = rng.integers(0, 2, 20)
    path = logistic_regression.gradient_descent(x, y, 0.5, 30, regularization=4)
    theta = np.zeros(4)
    for _ in range(30):
        g = logistic_regression.gradient(x, y, theta)
        (bias,) = decay_step([theta[:1]], [g[:1]], 0.5, 0, 20)
        (rest,) = decay_step([theta[1:]], [g[1:]], 0.5, 4, 20)
        theta = np.concatenate([bias, rest])
    np.testing.assert_allclose(theta, path[-1], rtol=1e-12)


@given(floats(0.01, 1), floats(0, 5), st.integers(1, 50))
def test_without_slopes_a_weight_is_multiplied_by_a_power(rate, price, steps):
    theta = [np.array([2.0, -3.0])]
    for _ in range(steps):
        theta = decay_step(theta, [np.zeros(2)], rate, price, m=10)
    factor = (1 - rate * price / 10) ** steps
    np.testing.assert_allclose(theta[0], np.array([2, -3]) * factor, rtol=1e-12)


def test_the_least_of_cost_and_penalty_is_where_a_step_does_not_move():
    # J = (theta - 3)^2 / 2, lambda / m = 0.5: theta = 3 / 1.5
    theta = [np.array([10.0])]
    for _ in range(400):
        theta = decay_step(theta, [theta[0] - 3], 0.1, 5, 10)
    assert theta[0][0] == pytest.approx(2)


def test_a_factor_of_0_is_the_last_that_is_allowed():
    assert decay_step([[5.0]], [[1.0]], 0.5, 20, 10)[0].tolist() == [-0.5]


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("weight_decay"), ids=itemgetter("name"))
def test_decay_agrees_with_pytorch(case, source):
    inputs = case["inputs"]
    theta = [np.array(inputs["theta"])]
    for _ in range(inputs["steps"]):
        slopes = [np.array(inputs["curvature"]) * theta[0] + np.array(inputs["slope"])]
        theta = decay_step(
            theta, slopes, inputs["learning_rate"], inputs["regularization"], inputs["m"]
        )
    np.testing.assert_allclose(theta[0], generate.expected(case, source)["theta"], rtol=1e-12)


# Images


@given(pictures())
def test_mirrored_every_row_is_reversed(images):
    mirrored = call_without_writing(mirror, images)
    for plane, there in zip(one_by_one(images), one_by_one(mirrored), strict=True):
        assert there.tolist() == [row[::-1] for row in plane.tolist()]
    assert_same(mirror(mirrored), images, rtol=0, atol=0)


@given(pictures(), st.data())
def test_shifted_every_pixel_is_where_it_should_be(images, data):
    h, w = one_by_one(images)[0].shape if images.size else images.shape[1:3]
    down, right = data.draw(st.integers(-h, h)), data.draw(st.integers(-w, w))
    shifted = call_without_writing(shift, images, down, right, fill=7.0)
    assert shifted.shape == images.shape
    for plane, there in zip(one_by_one(images), one_by_one(shifted), strict=True):
        for r, c in itertools.product(range(h), range(w)):
            inside = 0 <= r - down < h and 0 <= c - right < w
            assert there[r, c] == (plane[r - down, c - right] if inside else 7)


@given(pictures(), st.data())
def test_cropped_the_rectangle_stays(images, data):
    h, w = images.shape[:2] if images.ndim < 4 else images.shape[1:3]
    top, left = data.draw(st.integers(0, h - 1)), data.draw(st.integers(0, w - 1))
    height = data.draw(st.integers(1, h - top))
    width = data.draw(st.integers(1, w - left))
    cropped = call_without_writing(crop, images, top, left, height, width)
    for plane, there in zip(one_by_one(images), one_by_one(cropped), strict=True):
        assert there.tolist() == plane[top : top + height, left : left + width].tolist()


@given(pictures(kinds=(4,)), st.data(), seeds)
def test_every_image_of_a_batch_is_shifted_by_its_own_draw(images, data, seed):
    most = data.draw(st.integers(0, min(images.shape[1:3])))
    moved = call_without_writing(random_shifts, images, most, np.random.default_rng(seed), fill=-1)
    u, v = np.random.default_rng(seed).integers(-most, most + 1, size=(2, len(images)))
    one_at_a_time = [
        shift(image, int(down), int(right), fill=-1)
        for image, down, right in zip(images, u, v, strict=True)
    ]
    assert moved.shape == images.shape
    assert_same(list(moved), one_at_a_time, rtol=0, atol=0)


def test_all_moves_up_to_the_longest_occur_equally_often():
    images = np.zeros((9000, 5, 5, 1))
    images[:, 2, 2] = 1
    moved = random_shifts(images, 1, np.random.default_rng(0))
    places = moved.sum(axis=(0, 3))
    assert places[[0, -1]].sum() == places[:, [0, -1]].sum() == 0
    assert np.abs(places[1:-1, 1:-1] - 1000).max() < 120  # four standard deviations


@pytest.mark.parametrize("name", ["astronaut", "camera", "horse"])
def test_photographs_go_through_all_of_them(name):
    photograph = load_photograph(name)
    for changed in (mirror(photograph), shift(photograph, 5, -7)):
        assert changed.shape == photograph.shape
    assert crop(photograph, 10, 20, 30, 40).shape[:2] == (30, 40)
    assert np.abs(mirror(photograph) - photograph).max() > 0


def test_a_batch_of_gray_images_without_a_channel_axis_is_not_taken_for_one_image():
    images, _ = load_mnist()
    with pytest.raises(ValueError, match=r"got shape \(6000, 28, 28\)"):
        mirror(images)
    assert mirror(images[..., None])[0, 5, :, 0].tolist() == images[0, 5, ::-1].tolist()


def test_what_comes_back_is_new_memory():
    image = np.arange(6.0).reshape(2, 3)
    for result in (mirror(image), shift(image, 0, 0), crop(image, 0, 0, 2, 3)):
        assert not np.shares_memory(image, result)
    batch = image[None, :, :, None]
    assert not np.shares_memory(batch, random_shifts(batch, 0, np.random.default_rng(0)))
    a = np.ones(3)
    assert not np.shares_memory(a, dropout(a, 1, np.random.default_rng(0))[0])
    assert not np.shares_memory(a, dropout_backward(a, [True] * 3, 1))


# Early stopping


@given(histories)
def test_the_best_epoch_is_the_first_with_the_lowest_cost(history):
    best = call_without_writing(best_epoch, history)
    assert type(best) is int
    assert history[best] == history.min()
    assert np.all(history[:best] > history[best])


@given(histories, st.integers(1, 5))
def test_stopped_is_whoever_has_waited_long_enough(history, patience):
    stop = call_without_writing(should_stop, history, patience)
    assert type(stop) is bool
    # counted as a training loop counts: waiting begins anew at every new best
    best, waited = np.inf, 0
    for cost in history:
        best, waited = (cost, 0) if cost < best else (best, waited + 1)
    assert stop == (waited >= patience)


@given(histories, st.integers(1, 5))
def test_the_rule_does_not_depend_on_unit_or_origin(history, patience):
    assert should_stop(3 * history - 5, patience) == should_stop(history, patience)


def test_one_epoch_and_costs_that_keep_falling_do_not_stop():
    assert not should_stop([0.7], patience=1)
    falling = [1 / (t + 1) for t in range(50)]
    assert not any(should_stop(falling[: t + 1], patience=1) for t in range(50))


def test_a_cost_that_stays_is_no_improvement():
    assert should_stop([0.5, 0.5, 0.5], patience=2)
    assert best_epoch([0.5, 0.5, 0.5]) == 0


# Dropout


@given(arrays((3, 4)), probabilities, seeds)
def test_a_unit_is_kept_and_enlarged_or_it_is_0(a, keep_prob, seed):
    y, mask = call_without_writing(dropout, a, keep_prob, np.random.default_rng(seed))
    assert mask.dtype == bool
    np.testing.assert_allclose(y[mask], a[mask] / keep_prob, rtol=1e-15)
    assert np.all(y[~mask] == 0)


@given(arrays((3, 4)), seeds)
def test_keeping_everything_changes_nothing(a, seed):
    y, mask = dropout(a, 1, np.random.default_rng(seed))
    assert mask.all()
    assert_same(y, a, rtol=0, atol=0)


@pytest.mark.parametrize("keep_prob", [0.1, 0.5, 0.8, 0.95])
def test_the_expectation_is_kept_and_the_count_is_binomial(keep_prob):
    a = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, 10.0]])
    masks, draws = 20_000, np.random.default_rng(3)
    y, mask = dropout(np.broadcast_to(a, (masks, 2, 3)), keep_prob, draws)
    deviation = np.sqrt((1 - keep_prob) / keep_prob / masks)
    np.testing.assert_allclose(y.mean(axis=0), a, rtol=4.5 * deviation, atol=1e-12)
    kept = mask.sum(axis=(1, 2))
    assert kept.mean() == pytest.approx(6 * keep_prob, rel=0.02)
    assert kept.var() == pytest.approx(6 * keep_prob * (1 - keep_prob), rel=0.05)
    together = np.corrcoef(mask.reshape(masks, 6).T)  # independently drawn
    assert np.abs(together - np.eye(6)).max() < 0.03


def test_the_notes_program_gives_the_same():
    A1 = np.random.default_rng(0).normal(size=(4, 5))
    D1 = np.random.default_rng(1).random((4, 5))
    D1 = D1 < 0.8
    expected = A1 * D1 / 0.8
    y, mask = dropout(A1, 0.8, np.random.default_rng(1))
    assert_same([y, mask], [expected, D1], rtol=1e-15)


@given(arrays((2, 3)), arrays((2, 3)), probabilities, seeds)
def test_the_slopes_of_dropout_with_a_fixed_mask(a, dy, keep_prob, seed):
    _, mask = dropout(a, keep_prob, np.random.default_rng(seed))
    da = call_without_writing(dropout_backward, dy, mask, keep_prob)

    def cost(t):
        return float(np.sum(dy * dropout(t, keep_prob, np.random.default_rng(seed))[0]))

    np.testing.assert_allclose(da, numerical_gradient(cost, a), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("keep_prob", [1, 0.7, 0.4])
def test_the_gradient_of_a_network_with_dropout_and_a_fixed_mask(keep_prob):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5, 4)), one_hot(rng.integers(0, 3, 5), 3)
    theta = [rng.normal(size=(4, 6)), rng.normal(size=(6, 3))]

    def forward(first, second):
        z = x @ first
        a, mask = dropout(relu(z), keep_prob, np.random.default_rng(7))
        return z, a, mask, a @ second

    def cost(first, second):
        return float(-np.mean(np.sum(y * log_softmax(forward(first, second)[-1]), axis=1)))

    z, a, mask, scores = forward(*theta)
    e = (softmax(scores) - y) / len(y)
    da = dropout_backward(e @ theta[1].T, mask, keep_prob)
    slopes = [x.T @ (da * relu_derivative(z)), a.T @ e]
    tried = [
        numerical_gradient(lambda t: cost(t, theta[1]), theta[0]),
        numerical_gradient(lambda t: cost(theta[0], t), theta[1]),
    ]
    assert mask.all() == (keep_prob == 1)
    for found, wanted in zip(slopes, tried, strict=True):
        assert relative_error(found, wanted) < 1e-8


def test_the_same_seed_drops_the_same_units_and_the_next_draw_others():
    a, rng = np.ones(200), np.random.default_rng(5)
    first, second = dropout(a, 0.5, rng)[1], dropout(a, 0.5, rng)[1]
    assert np.array_equal(first, dropout(a, 0.5, np.random.default_rng(5))[1])
    assert not np.array_equal(first, second)


def test_a_batch_drops_other_units_for_every_example():
    _, mask = dropout(np.ones((50, 30)), 0.5, np.random.default_rng(0))
    assert len(np.unique(mask, axis=0)) == 50
    assert len(np.unique(mask, axis=1).T) == 30


def test_no_examples_and_huge_activations_do_no_harm():
    with no_warnings():
        y, mask = dropout(np.zeros((0, 3)), 0.5, np.random.default_rng(0))
        assert y.shape == mask.shape == (0, 3)
        y, _ = dropout(np.full(10, 1e300), 0.1, np.random.default_rng(0))
        assert set(y.tolist()) <= {0.0, 1e300 / 0.1}


# Types and layouts

RNG = np.random.default_rng
IMAGE = [[[[3], [1], [2]], [[0], [4], [5]]]]
CALLS = {  # name: how it is called with an array, or with two
    "l2_penalty": lambda f, x: f([x, x], 3, 10),
    "l2_gradients": lambda f, x: f([x, x], 3, 10),
    "decay_step": lambda f, x: f([x, x], [x, x], np.float64(0.1), np.float32(3), 10),
    "mirror": lambda f, x: f(x),
    "shift": lambda f, x: f(x, 1, np.int64(-1), np.float64(2)),
    "crop": lambda f, x: f(x, 0, 1, 2, 2),
    "random_shifts": lambda f, x: f(x, 1, RNG(0), np.float64(2)),
    "best_epoch": lambda f, x: f(np.ravel(x)),
    "should_stop": lambda f, x: f(np.ravel(x), 1),
    "dropout": lambda f, x: f(x, np.float64(0.6), RNG(0))[0],
    "dropout_backward": lambda f, x: f(x, np.array(x) > 1, np.float64(0.6)),
}
every_function = pytest.mark.parametrize("name", CALLS)


def run(name, convert):
    return CALLS[name](getattr(regularization, name), convert(IMAGE))


def test_every_function_of_the_module_is_run_here():
    assert set(CALLS) == set(regularization.__all__)


@every_function
@pytest.mark.parametrize(
    "convert",
    [
        lambda a: np.array(a, np.uint8),
        lambda a: np.array(a, np.float64),
        lambda a: np.asfortranarray(a, np.float64),
        lambda a: np.repeat(np.array(a, np.float64), 2, axis=1)[:, ::2],
    ],
    ids=["bytes", "float64", "fortran", "strided"],
)
def test_bytes_and_any_memory_layout_give_the_same(name, convert):
    found, wanted = run(name, convert), run(name, list)
    if isinstance(found, (bool, int, float)):
        assert found == wanted
    else:
        assert_same(found, wanted, rtol=1e-14)
        assert {v.dtype for v in leaves(found)} == {np.dtype(np.float64)}


@every_function
def test_float32_stays_float32(name):
    for result in leaves(run(name, lambda a: np.array(a, np.float32))):
        assert result.dtype == np.float32


# Wrong calls

NUMBERS = "must hold real numbers, got"
NAN, INF = np.nan, np.inf
W = [[1.0, 2.0]]
IMAGES = r"images must have shape \(H, W\), \(H, W, C\) or \(m, H, W, C\) with 1 to 4 channels, got"


def image_rows(name, *rest):
    """Return the calls in which the images are wrong."""
    return [
        (name, ("ab", *rest), {}, TypeError, f"images {NUMBERS} str 'ab'"),
        (name, ([1, 2], *rest), {}, ValueError, rf"{IMAGES} shape \(2,\)"),
        (name, (np.ones((6, 8, 8)), *rest), {}, ValueError, rf"{IMAGES} shape \(6, 8, 8\)"),
        (name, (np.ones((6, 8, 0)), *rest), {}, ValueError, rf"{IMAGES} shape \(6, 8, 0\)"),
        (name, (np.ones((1,) * 5), *rest), {}, ValueError, rf"{IMAGES} shape \(1, 1, 1, 1, 1\)"),
    ]


def list_rows(name, rest):
    """Return the calls in which the weights, the price or the count is wrong."""
    rate = (0.1,) if name == "decay_step" else ()
    slopes = ([W],) if name == "decay_step" else ()
    return [
        (name, (3, *rest), {}, TypeError, "weights must be a list of arrays, got int 3"),
        (name, ([], *rest), {}, ValueError, r"weights must hold at least one array, got \[\]"),
        (name, (["a"], *rest), {}, TypeError, rf"weights\[0\] {NUMBERS} str 'a'"),
        (name, ([[[NAN, 1]]], *rest), {}, ValueError, r"weights\[0\] must be finite, got nan"),
        (name, ([W], *slopes, *rate, -1, 5), {}, ValueError, "regularization .* 0, got -1"),
        (name, ([W], *slopes, *rate, "1", 5), {}, TypeError, "regularization .* got str '1'"),
        (name, ([W], *slopes, *rate, 1, 0), {}, ValueError, "m must be at least 1, got 0"),
        (name, ([W], *slopes, *rate, 1, 2.5), {}, TypeError, "m must be a whole number, got"),
    ]


# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *list_rows("l2_penalty", (1, 5)),
    *list_rows("l2_gradients", (1, 5)),
    *list_rows("decay_step", ([W], 0.1, 1, 5)),
    ("decay_step", ([W], 3, 0.1, 1, 5), {}, TypeError, "gradients must be a list of arrays, got"),
    ("decay_step", ([W], [W, W], 0.1, 1, 5), {}, ValueError, "gradients must .* 1 weights, got 2"),
    ("decay_step", ([W], [[1.0]], 0.1, 1, 5), {}, ValueError, r"gradients\[0\] must have the sha"),
    ("decay_step", ([W], [[[INF, 0]]], 0.1, 1, 5), {}, ValueError, r"gradients\[0\] .* got inf"),
    ("decay_step", ([W], [W], 0, 1, 5), {}, ValueError, "learning_rate must .* above 0, got 0"),
    ("decay_step", ([W], [W], None, 1, 5), {}, TypeError, "learning_rate .* got NoneType"),
    ("decay_step", ([W], [W], 0.5, 11, 5), {}, ValueError, "regularization must be .* 10, got 11"),
    *image_rows("mirror"),
    *image_rows("shift", 0, 0),
    ("shift", (W, 1.5, 0), {}, TypeError, "down must be a whole number, got float 1.5"),
    ("shift", (W, 2, 0), {}, ValueError, "down must be at most the size of the image, 1, got 2"),
    ("shift", (W, -2, 0), {}, ValueError, "down must be at least -1, got -2"),
    ("shift", (W, 0, "1"), {}, TypeError, "right must be a whole number, got str '1'"),
    ("shift", (W, 0, 3), {}, ValueError, "right must be at most the size of the image, 2, got 3"),
    ("shift", (W, 0, -3), {}, ValueError, "right must be at least -2, got -3"),
    ("shift", (W, 0, 0, NAN), {}, ValueError, "fill must be finite, got nan"),
    ("shift", (W, 0, 0, None), {}, TypeError, "fill must be a number, got NoneType"),
    *image_rows("crop", 0, 0, 1, 1),
    ("crop", (W, -1, 0, 1, 1), {}, ValueError, "top must be at least 0, got -1"),
    ("crop", (W, 0, 0.5, 1, 1), {}, TypeError, "left must be a whole number, got float"),
    ("crop", (W, 0, -1, 1, 1), {}, ValueError, "left must be at least 0, got -1"),
    ("crop", (W, 0, 0, 0, 1), {}, ValueError, "height must be at least 1, got 0"),
    ("crop", (W, 1, 0, 1, 1), {}, ValueError, "height must leave .* 1 pixels, got 1 from top 1"),
    ("crop", (W, 0, 0, 1, 3), {}, ValueError, "width must leave .* 2 pixels, got 3 from left 0"),
    ("crop", (W, 0, 0, 1, True), {}, TypeError, "width must be a whole number, got bool True"),
    ("random_shifts", ("a", 1, RNG(0)), {}, TypeError, f"images {NUMBERS} str"),
    ("random_shifts", (W, 1, RNG(0)), {}, ValueError, r"images must have shape \(m, H, W, C\)"),
    ("random_shifts", (np.ones((1, 2, 2, 9)), 1, RNG(0)), {}, ValueError, f"{IMAGES} shape"),
    ("random_shifts", (IMAGE, 3, RNG(0)), {}, ValueError, "most must be at most .* 2, got 3"),
    ("random_shifts", (IMAGE, -1, RNG(0)), {}, ValueError, "most must be at least 0, got -1"),
    ("random_shifts", (IMAGE, 0.5, RNG(0)), {}, TypeError, "most must be a whole number, got"),
    ("random_shifts", (IMAGE, 1, 0), {}, TypeError, "rng must be a numpy.random.Generator, got 0"),
    ("random_shifts", (IMAGE, 1, RNG(0), INF), {}, ValueError, "fill must be finite, got inf"),
    *(
        row
        for name, rest in (("best_epoch", ()), ("should_stop", (2,)))
        for row in [
            (name, ("a", *rest), {}, TypeError, f"history {NUMBERS} str 'a'"),
            (name, ([], *rest), {}, ValueError, r"history must hold at least .* got shape \(0,\)"),
            (name, ([[1, 2]], *rest), {}, ValueError, r"history must have shape \(T\+1,\), got"),
            (name, ([1, NAN], *rest), {}, ValueError, "history must be finite, got nan at"),
        ]
    ),
    ("should_stop", ([1], 0), {}, ValueError, "patience must be at least 1, got 0"),
    ("should_stop", ([1], 2.0), {}, TypeError, "patience must be a whole number, got float 2.0"),
    ("dropout", ("a", 0.5, RNG(0)), {}, TypeError, f"a {NUMBERS} str 'a'"),
    ("dropout", ([1, NAN], 0.5, RNG(0)), {}, ValueError, r"a must be finite, got nan at index"),
    ("dropout", (1.0, 0.5, RNG(0)), {}, ValueError, r"a must have at least one axis, got shape"),
    ("dropout", ([1], 0, RNG(0)), {}, ValueError, "keep_prob must be .* above 0 .* got 0"),
    ("dropout", ([1], 1.2, RNG(0)), {}, ValueError, "keep_prob must be .* at most 1, got 1.2"),
    ("dropout", ([1], "0.5", RNG(0)), {}, TypeError, "keep_prob must be a number, got str"),
    ("dropout", ([1], 0.5, np.random), {}, TypeError, "rng must be a numpy.random.Generator, got"),
    ("dropout_backward", ("a", [True], 0.5), {}, TypeError, f"dy {NUMBERS} str 'a'"),
    ("dropout_backward", ([1], [1.0], 0.5), {}, TypeError, "mask must hold True and False, got"),
    ("dropout_backward", ([1], [True] * 2, 0.5), {}, ValueError, r"mask must .* dy, \(1,\), got"),
    ("dropout_backward", ([1], [True], 0), {}, ValueError, "keep_prob must be .* got 0"),
    ("dropout_backward", ([1], [True], None), {}, TypeError, "keep_prob must be a number, got"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(regularization, name, args, kwargs, exception, message)


def test_every_function_of_the_module_is_called_wrongly_here():
    assert set(regularization.__all__) == {name for name, *_ in WRONG_CALLS}
