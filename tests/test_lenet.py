import numpy as np
import pytest

from architectures import compare_with_pytorch, counts, stages, with_drawn_numbers
from oracles import generate
from support import check_wrong_call, ids
from textbook.architectures import lenet
from textbook.architectures.lenet import lenet5
from textbook.datasets import load_mnist
from textbook.network import (
    AveragePool2D,
    Conv2D,
    Dropout,
    MaxPool2D,
    ReLU,
    Tanh,
    gradient_errors,
    initialize,
    summary,
)

MNIST, PAPER, NOTES = (28, 28, 1), (32, 32, 1), (32, 32, 3)

# The table


@pytest.mark.parametrize("original", [False, True])
@pytest.mark.parametrize(
    ("image", "padding", "wanted"),
    [
        (MNIST, 2, (61_706, 416_520)),
        (PAPER, 0, (61_706, 416_520)),
        (NOTES, 0, (62_006, 651_720)),
    ],
)
def test_counts(original, image, padding, wanted):
    assert counts(lenet5(original=original, padding=padding), image) == wanted


@pytest.mark.parametrize(("image", "padding"), [(MNIST, 2), (PAPER, 0), (NOTES, 0)])
def test_the_shapes_are_those_of_the_notes(image, padding):
    names = ("c1", "s2", "c3", "s4", "flat", "c5", "f6", "output")
    assert stages(lenet5(padding=padding), image, names) == [
        (28, 28, 6),
        (14, 14, 6),
        (10, 10, 16),
        (5, 5, 16),
        (400,),
        (120,),
        (84,),
        (10,),
    ]


def test_parameters_by_layer():
    rows = {row.name: row.parameters for row in summary(lenet5(), MNIST).rows if row.parameters}
    assert rows == {"c1": 156, "c3": 2_416, "c5": 48_120, "f6": 10_164, "output": 850}


def test_the_paper_s_60000_parameters():
    # its maps of C3 see 3, 4 or 6 of the 6 maps before; pooling has a factor and a bias for each
    # map; the 840 numbers of the output are drawn by hand and not trained
    rows = {row.name: row.parameters for row in summary(lenet5(), MNIST).rows}
    seen = 6 * 3 + 9 * 4 + 1 * 6
    paper = {
        **{name: rows[name] for name in ("c1", "c5", "f6")},
        **{"s2": 2 * 6, "c3": 25 * seen + 16, "s4": 2 * 16},
    }
    assert sum(paper.values()) == 60_000
    assert 60_000 - 2 * 6 - 2 * 16 + 25 * (6 * 16 - seen) + 85 * 10 == 61_706


# The two forms


def test_what_was_then_and_what_is_now():
    for original, bend, pool in ((True, Tanh, AveragePool2D), (False, ReLU, MaxPool2D)):
        layers = lenet5(original=original).layers
        assert [type(layers[f"bend{i}"]) for i in (1, 3, 5, 6)] == [bend] * 4
        assert [type(layers[f"s{i}"]) for i in (2, 4)] == [pool] * 2


def test_each_form_starts_as_its_bend_wants():
    for original, wanted in ((True, 1 / 400), (False, 2 / 400)):
        network = lenet5(original=original)
        params = initialize(network, np.random.default_rng(0), MNIST)
        assert params["c5"]["weights"].var() == pytest.approx(wanted, rel=0.05)
        assert {layer.start for layer in network.layers.values() if hasattr(layer, "start")} == {
            "lecun" if original else "he"
        }


def test_dropout_stands_behind_both_hidden_dense_layers_and_only_if_wanted():
    assert not any(isinstance(layer, Dropout) for layer in lenet5().layers.values())
    layers = lenet5(keep_prob=0.7).layers
    names = list(layers)
    assert [name for name in names if isinstance(layers[name], Dropout)] == ["drop5", "drop6"]
    assert [names[names.index(name) - 1] for name in ("drop5", "drop6")] == ["bend5", "bend6"]
    assert layers["drop5"].keep_prob == layers["drop6"].keep_prob == 0.7


def test_padding_by_two_is_what_makes_28_into_32():
    x = load_mnist()[0][:3, :, :, None] / 255
    params = with_drawn_numbers(lenet5(), MNIST, seed=1)
    y, _ = lenet5().forward(params, x)
    padded = np.pad(x, [(0, 0), (2, 2), (2, 2), (0, 0)])
    without, _ = lenet5(padding=0).forward(params, padded)
    np.testing.assert_array_equal(y, without)


def test_the_first_dense_layer_is_a_convolution_that_covers_its_map():
    x = np.random.default_rng(3).normal(size=(2, 28, 28, 1))
    network = lenet5()
    params = with_drawn_numbers(network, MNIST, seed=2)
    for name in ("c1", "bend1", "s2", "c3", "bend3", "s4"):
        x, _ = network.layers[name].forward(params.get(name, {}), x)
    dense, _ = network.layers["c5"].forward(params["c5"], x.reshape(2, 400))
    kernel = {**params["c5"], "weights": params["c5"]["weights"].reshape(5, 5, 16, 120)}
    as_convolution, _ = Conv2D(120, 5).forward(kernel, x)
    np.testing.assert_allclose(as_convolution[:, 0, 0], dense, rtol=1e-12, atol=1e-12)


# Slopes


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("original", [True, False])
def test_slopes(original, training):
    network = lenet5(classes=3, original=original, padding=0, keep_prob=0.7)
    image = (20, 20, 2)  # the smallest with four places left at the end, so that rows count
    params = with_drawn_numbers(network, image, seed=4)
    x = np.random.default_rng(5).normal(size=(2, *image))
    errors = gradient_errors(network, params, x, seed=6, training=training)
    assert len(errors) == 11
    assert max(errors.values()) < 1e-6


def test_float32_stays_float32():
    network = lenet5()
    params = initialize(network, np.random.default_rng(0), MNIST)
    y, cache = network.forward(params, np.ones((2, *MNIST), np.float32))
    dx, gradients = network.backward(y, params, cache)
    kinds = {g.dtype for part in gradients.values() for g in part.values()}
    assert {y.dtype, dx.dtype, *kinds} == {np.dtype(np.float32)}


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize(
    "case",
    [c for c in generate.stored("before_resnet") if c["inputs"]["network"] == "lenet5"],
    ids=lambda case: case["name"],
)
def test_values_and_slopes_are_those_of_pytorch(case, source):
    compare_with_pytorch(lenet5, case, source)


# Wrong calls

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("lenet5", (0,), {}, ValueError, "classes must be at least 1, got 0"),
    ("lenet5", (10.0,), {}, TypeError, "classes must be a whole number, got float 10.0"),
    ("lenet5", (), {"padding": -1}, ValueError, "padding must be at least 0, got -1"),
    ("lenet5", (), {"padding": "SAME"}, TypeError, "padding must be a whole number, got str"),
    ("lenet5", (), {"keep_prob": 0}, ValueError, "keep_prob must be .* above 0 .*, got 0"),
    ("lenet5", (), {"keep_prob": 1.5}, ValueError, "keep_prob must be .* at most 1, got 1.5"),
    ("lenet5", (), {"keep_prob": "half"}, TypeError, "keep_prob must be a number, got str"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(lenet, name, args, kwargs, exception, message)


def test_an_image_that_is_too_small_is_refused_where_it_no_longer_fits():
    with pytest.raises(ValueError, match=r"^c3: kernel must not reach beyond .* of 3, got 5"):
        summary(lenet5(padding=0), (10, 10, 1))
