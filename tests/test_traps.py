"""Twelve mistakes that others made and that nobody saw at once; each is looked for here by name."""

import doctest
import re

import numpy as np
import pytest

import textbook
from book.contents import PROSE, ROOT
from layers import draw
from oracles import generate
from textbook.activations import relu_derivative
from textbook.gradient_checking import numerical_gradient
from textbook.network import (
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Frozen,
    ReLU,
    Residual,
    Sequential,
    gradient_errors,
    initialize,
)
from textbook.normalization import batch_moments, batch_norm, update_running
from textbook.regularization import dropout
from textbook.softmax_regression import log_softmax, softmax

rng = np.random.default_rng(0)


def test_the_slope_of_relu_is_not_taken_from_its_output_by_greater_or_equal():
    # the output is never below 0, so that >= would let every slope through
    scores = np.array([[-2.0, -0.5, 0.0, 0.5, 3.0]])
    y, cache = ReLU().forward({}, scores)
    dx, _ = ReLU().backward(np.ones_like(y), {}, cache)
    assert dx.tolist() == [[0, 0, 0, 1, 1]]
    assert relu_derivative(scores).tolist() == dx.tolist()
    assert (y >= 0).all()


class WritesIntoItsSlopes(ReLU):
    def backward(self, dy, params, cache):
        dy *= cache > 0
        return dy, {}


def test_a_backward_that_writes_into_dy_is_wrong_at_the_end_of_a_residual_branch():
    # the shortcut needs the slopes that the branch has written over
    for last, wrong in ((ReLU(), False), (WritesIntoItsSlopes(), True)):
        for shape, layers in (((4,), (Dense(4), last)), ((3, 3, 2), (Conv2D(2, 1), last))):
            chain, branch = Sequential(*layers), Residual(Sequential(*layers))
            x, params = draw(chain, shape)
            assert gradient_errors(chain, params, x, seed=0)["x"] < 1e-8
            error = gradient_errors(branch, {"main": params}, x, seed=0)["x"]
            assert (error > 0.01) == wrong


def test_no_layer_hands_on_what_another_may_write_into():
    # two branches get one dy: what they send back is added without writing into either
    layer = Residual(Concatenate(Residual(ReLU())))
    dy = np.ones((1, 3))
    _, cache = layer.forward({}, np.array([[1.0, 2.0, -3.0]]))
    dx, _ = layer.backward(dy, {}, cache)
    assert dx.tolist() == [[3, 3, 2]]
    assert dy.tolist() == [[1, 1, 1]]


def test_keep_prob_is_the_share_that_is_kept_and_not_the_share_that_is_dropped():
    x = np.ones((1, 100_000), np.float32)
    for keep_prob in (0.9, 0.2):
        kept, mask = dropout(x, keep_prob, np.random.default_rng(0))
        y, _ = Dropout(keep_prob).forward({}, x, training=True, rng=np.random.default_rng(0))
        assert np.mean(y != 0) == np.mean(mask) == pytest.approx(keep_prob, abs=0.01)
        assert y.max() == kept.max() == pytest.approx(1 / keep_prob)
    assert np.all(Dropout(1).forward({}, x, training=True, rng=rng)[0] == 1)


def test_the_momentum_of_batch_normalization_is_the_share_of_the_old():
    for momentum in (0.9, 0.25, 1, 0):
        layer = BatchNorm(momentum=momentum)
        params = {**initialize(layer, rng, (1,), "float64"), "mean": np.array([100.0])}
        _, cache = layer.forward(params, np.array([[3.0], [5.0]]), training=True)
        assert layer.renew(params, cache)["mean"].item() == pytest.approx(
            momentum * 100 + (1 - momentum) * 4
        )
    assert BatchNorm().momentum == 0.9


def test_the_running_variance_starts_at_1():
    # from 0, inference before any training would divide by almost nothing
    x = rng.normal(size=(5, 4))
    params = initialize(BatchNorm(), rng, (4,), "float64")
    assert params["variance"].tolist() == [1] * 4
    y, _ = BatchNorm().forward(params, x)
    np.testing.assert_allclose(y, x, rtol=1e-4)


def test_the_running_variance_is_unbiased():
    layer = BatchNorm(momentum=0)
    for shape in ((2, 1), (2, 1, 2, 1)):
        x = rng.normal(size=shape)
        params = initialize(layer, rng, shape[1:], "float64")
        _, cache = layer.forward(params, x, training=True)
        assert layer.renew(params, cache)["variance"].item() == pytest.approx(x.var(ddof=1))
    # while the batch itself is divided by the biased one
    assert batch_norm([[1], [3]], [1], [0], epsilon=1e-12)[0].round(6).tolist() == [[-1], [1]]
    (case,) = generate.stored("batch_norm_of_images")
    inputs, wanted = case["inputs"], generate.expected(case, "stored")
    mean, variance = batch_moments(inputs["x"])
    running = update_running([0, 0], [1, 1], mean, variance, 4, inputs["momentum"])
    np.testing.assert_allclose(running[1], wanted["running_variance"], rtol=1e-13)


def test_images_are_normalized_by_channel_and_not_by_pixel():
    x = rng.normal(size=(4, 3, 5, 2)) + np.arange(15).reshape(3, 5, 1)
    params = initialize(BatchNorm(), rng, (3, 5, 2), "float64")
    assert {name: array.shape for name, array in params.items()} == dict.fromkeys(params, (2,))
    y, _ = BatchNorm(epsilon=1e-9).forward(params, x, training=True)
    np.testing.assert_allclose(y.mean(axis=(0, 1, 2)), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=(0, 1, 2)), 1, rtol=1e-6)
    assert np.ptp(y.mean(axis=0)) > 1  # where in the image a value stands is still to be seen


def test_the_variance_is_not_the_difference_of_two_large_numbers():
    x = (1000 + np.random.default_rng(0).normal(size=(2000, 1))).astype(np.float32)
    wanted = x.astype(np.float64).var()
    by_difference = np.mean(x**2) - np.mean(x) ** 2
    assert abs(by_difference - wanted) > 0.01
    _, variance = batch_moments(x)
    assert variance.dtype == np.float32
    assert variance.item() == pytest.approx(wanted, rel=1e-4)
    params = initialize(BatchNorm(), rng, (1,))
    y, cache = BatchNorm().forward(params, x, training=True)
    assert y.std() == pytest.approx(1, rel=1e-3)
    renewed = BatchNorm(momentum=0).renew(params, cache)["variance"].item()
    assert renewed == pytest.approx(wanted, rel=1e-3)


def test_frozen_batch_normalization_stays_asleep_when_its_network_is_trained():
    network = Sequential(base=Frozen(Sequential(norm=BatchNorm())), scores=Dense(2))
    x, params = draw(network, (3,))
    before = {name: array.copy() for name, array in params["base"]["norm"].items()}
    asleep, _ = network.forward(params, x)
    for _ in range(3):
        y, cache = network.forward(params, x, training=True)
        _, gradients = network.backward(np.ones_like(y), params, cache)
        params = network.renew(params, cache)
        assert list(gradients) == ["scores"]
        np.testing.assert_array_equal(y, asleep)
    assert all(np.array_equal(params["base"]["norm"][name], a) for name, a in before.items())
    awake, _ = network.forward({**params}, x + 5, training=True)
    assert not np.allclose(awake, asleep)  # the batch's own mean would have taken the 5 away


def test_networks_end_in_scores_and_the_softmax_is_taken_once():
    # there is no layer for it, and the cost asks for scores
    assert not any("softmax" in name.lower() for name in textbook.network.__all__)
    scores = np.array([[1000.0, 0.0], [-3.0, 2.0]])
    assert log_softmax(scores)[0].tolist() == [0, -1000]  # probabilities could not say -1000
    once, twice = softmax(scores), softmax(softmax(scores))
    assert np.max(once) > 0.99
    assert np.max(twice) < np.e / (1 + np.e) + 1e-12  # and with two classes never get beyond 0.73


def test_no_numerical_gradient_is_taken_on_an_array_of_integers():
    # 3 + 1e-5 would be 3 again, and every slope 0
    for theta in (np.array([3, 2]), [3.0, 2.0]):
        with pytest.raises(TypeError, match=r"^theta must be an array of floats, got"):
            numerical_gradient(lambda t: t[0] ** 2, theta)
    with pytest.raises(TypeError, match=r"^x must be of float64, got int64"):
        gradient_errors(ReLU(), {}, np.array([[3, 2]]), seed=0)


# the words of a scalar in what an example prints
PRINTED = re.compile(r"\bnp\.(float|int|uint|bool|str)\w*\(")


@pytest.mark.parametrize(
    "page", [*ROOT.glob("textbook/**/*.py"), *PROSE], ids=lambda page: page.name
)
def test_no_example_shows_how_one_version_of_numpy_prints_a_scalar(page):
    assert PRINTED.search(repr(np.float64(0.5933)))
    parsed = doctest.DocTestParser().get_examples(page.read_text(encoding="utf-8"))
    assert [example.source for example in parsed if PRINTED.search(example.want)] == []
