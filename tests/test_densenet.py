"""DenseNet: the paper's tables, what each step reads, gradients, PyTorch, wrong calls."""

import numpy as np
import pytest

from deep import (
    check_with_pytorch,
    counts_by_hand,
    depth_of,
    drawn_parameters,
    layers_with_weights,
)
from oracles import generate
from support import assert_same, check_wrong_call, ids
from textbook.architectures import densenet as module
from textbook.architectures.densenet import dense_block, densenet, densenet_bc, transition
from textbook.network import (
    Conv2D,
    Sequential,
    Tanh,
    gradient_errors,
    initialize,
    named_parameters,
    summary,
    trace,
)

LARGE, SMALL = (224, 224, 3), (32, 32, 3)
STEPS = {
    121: (6, 12, 24, 16),
    161: (6, 12, 36, 24),
    169: (6, 12, 32, 32),
    201: (6, 12, 48, 32),
}

rng = np.random.default_rng(0)


# What the paper says


@pytest.mark.parametrize("depth", STEPS)
def test_the_depth_is_the_number_of_layers_with_weights(depth):
    assert depth_of(densenet(depth), LARGE) == depth
    assert [len(densenet(depth).layers[f"block{b}"].layers) for b in (1, 2, 3, 4)] == [
        *STEPS[depth]
    ]


@pytest.mark.parametrize("depth", STEPS)
def test_the_table_of_shapes_is_that_of_the_paper(depth):
    network = densenet(depth)
    inputs = network.input_shapes(LARGE)
    found = {name: network.layers[name].output_shape(shape) for name, shape in inputs.items()}
    k = 48 if depth == 161 else 32
    assert found["conv1"] == (112, 112, 2 * k)
    assert found["pool1"] == (56, 56, 2 * k)
    channels = 2 * k
    for number, steps in enumerate(STEPS[depth], start=1):
        side = 112 >> number
        channels += k * steps
        assert found[f"block{number}"] == (side, side, channels)
        if number < 4:
            channels //= 2
            assert found[f"transition{number}"] == (side // 2, side // 2, channels)
    assert found["pool5"] == (channels,)
    assert found["fc"] == (1000,)
    assert list(found) == [
        *("conv1", "bn1", "relu1", "pool1", "block1", "transition1", "block2", "transition2"),
        *("block3", "transition3", "block4", "bn5", "relu5", "pool5", "fc"),
    ]


@pytest.mark.parametrize(
    ("depth", "trained", "billions"),
    [
        (121, 7_978_856, 2.834),
        (161, 28_681_000, 7.728),
        (169, 14_149_480, 3.360),
        (201, 20_013_928, 4.291),
    ],
)
def test_the_number_of_parameters_and_of_multiply_adds(depth, trained, billions):
    counts = summary(densenet(depth), LARGE)
    assert counts.trained == trained
    assert round(counts.multiply_adds / 1e9, 3) == billions


@pytest.mark.parametrize(
    ("depth", "growth", "trained"),
    [
        (100, 12, 769_162),
        (250, 24, 15_324_406),
        (190, 40, 25_624_430),
    ],  # the paper's 0.8, 15.3, 25.6
)
def test_the_networks_for_small_images(depth, growth, trained):
    network = densenet_bc(depth, growth)
    assert summary(network, SMALL).trained == trained
    assert depth_of(network, SMALL) == depth


@pytest.mark.parametrize(
    ("network", "shape"),
    [*((densenet(depth), LARGE) for depth in STEPS), (densenet_bc(100, 12), SMALL)],
)
def test_counts_are_those_by_hand(network, shape):
    counts = summary(network, shape)
    weights, products = counts_by_hand(network, shape)
    normalized = sum(row.output[-1] for row in counts.rows if row.kind == "BatchNorm")
    classes = counts.rows[-1].output[0]
    assert counts.multiply_adds == products
    assert counts.trained == weights + 2 * normalized + classes
    assert counts.parameters == weights + 4 * normalized + classes


def test_the_names_and_shapes_for_small_images():
    network = densenet_bc(16, 4)
    inputs = network.input_shapes(SMALL)
    found = {name: network.layers[name].output_shape(shape) for name, shape in inputs.items()}
    assert found == {
        "conv1": (32, 32, 8),
        "block1": (32, 32, 16),
        "transition1": (16, 16, 8),
        "block2": (16, 16, 16),
        "transition2": (8, 8, 8),
        "block3": (8, 8, 16),
        "bn4": (8, 8, 16),
        "relu4": (8, 8, 16),
        "pool4": (16,),
        "fc": (10,),
    }


def test_growth_and_classes_are_arguments():
    network = densenet(121, classes=5, growth=3)
    assert network.layers["conv1"].filters == 6
    assert network.layers["block1"].output_shape((8, 8, 6)) == (8, 8, 6 + 6 * 3)
    assert network.output_shape((64, 64, 1)) == (5,)
    assert densenet(161).layers["conv1"].filters == 96
    assert densenet(161, growth=2).layers["conv1"].filters == 4
    assert densenet_bc(10, 3, classes=7).output_shape((8, 8, 1)) == (7,)


# Blocks


def test_each_step_hands_on_what_it_was_given_untouched_and_adds_its_own_behind():
    block = dense_block(steps=3, growth=2)
    params = drawn_parameters(block, (4, 5, 3))
    x = rng.normal(size=(2, 4, 5, 3))
    made = trace(block, params, x)
    y, _ = block.forward(params, x)
    news = [made[f"step{number}.new.conv2"] for number in (1, 2, 3)]
    assert_same([y], [np.concatenate([x, *news], axis=3)], rtol=0, atol=0)
    assert y.shape[1:] == block.output_shape((4, 5, 3)) == (4, 5, 9)


def test_a_step_normalizes_and_bends_before_it_convolves():
    def parts(bottleneck):
        step = dense_block(1, 5, bottleneck).layers["step1"]
        return [
            (name, getattr(part, "filters", None), getattr(part, "kernel_size", None))
            for name, part in step.layers["new"].layers.items()
        ]

    three = [("bn1", None, None), ("relu1", None, None)]
    assert parts(bottleneck=False) == [*three, ("conv1", 5, 3)]
    assert parts(bottleneck=True) == [
        *three,
        ("conv1", 20, 1),
        *[("bn2", None, None), ("relu2", None, None)],
        ("conv2", 5, 3),
    ]


def test_a_plain_block_is_that_of_the_paper_without_bottlenecks():
    # 40 layers with k = 12 in three blocks, which the paper counts as 1.0 million
    blocks = {"conv1": Conv2D(16, 3, padding=1, bias=False)}
    for number in (1, 2, 3):
        blocks[f"block{number}"] = dense_block(12, 12, bottleneck=False)
        if number < 3:
            blocks[f"transition{number}"] = transition(16 + 144 * number)
    network = Sequential(**blocks)
    end = 2 * 448 + 448 * 10 + 10  # the last normalization and the scores
    assert depth_of(network, SMALL) + 1 == 40
    assert summary(network, SMALL).trained + end == 1_019_722


@pytest.mark.parametrize("side", [2, 3, 7, 8])
def test_a_transition_averages_and_leaves_out_an_odd_row(side):
    layer = transition(3)
    params = drawn_parameters(layer, (side, side, 4))
    x = rng.normal(size=(2, side, side, 4))
    y, _ = layer.forward(params, x)
    assert y.shape[1:] == layer.output_shape((side, side, 4)) == (side // 2, side // 2, 3)
    even = x[:, : side // 2 * 2, : side // 2 * 2]
    assert_same([y], [layer.forward(params, even)[0]])
    assert list(layer.layers) == ["bn1", "relu1", "conv1", "pool"]


def test_half_of_an_odd_number_of_channels_is_rounded_down():
    network = densenet_bc(10, 3)
    sizes = network.input_shapes((8, 8, 1))
    assert sizes["transition1"] == (8, 8, 9)
    assert sizes["block2"] == (4, 4, 4)


def test_no_convolution_has_a_bias():
    for network, shape in ((densenet(121), LARGE), (densenet_bc(16, 4), SMALL)):
        *convolutions, last = [part for _, part, _ in layers_with_weights(network, shape)]
        assert not any(part.bias for part in convolutions)
        assert last.bias


# Gradients, precision

REDUCED = [
    lambda: (densenet_bc(10, 2, 3), (9, 8, 1)),
    lambda: (densenet_bc(16, 1, 3), (8, 8, 2)),
    lambda: (dense_block(3, 2), (3, 4, 3)),
    lambda: (dense_block(3, 2, bottleneck=False), (3, 4, 3)),
    lambda: (transition(2), (5, 4, 3)),
]


@pytest.mark.parametrize("make", REDUCED)
@pytest.mark.parametrize("training", [False, True])
def test_gradients_of_small_networks_and_of_each_block(make, training, monkeypatch):
    # no kinks, which a numerical step would cross here and there; PyTorch checks those with ReLU
    monkeypatch.setattr(module, "ReLU", Tanh)
    network, shape = make()
    params = drawn_parameters(network, shape, seed=2)
    x = np.random.default_rng(1).normal(size=(4, *shape))
    errors = gradient_errors(network, params, x, seed=0, training=training)
    assert max(errors.values()) < 1e-6
    assert sum(error > 0 for error in errors.values()) > len(errors) / 2
    y, cache = network.forward(params, x, training=training)
    _, gradients = network.backward(np.ones_like(y), params, cache)
    trained = [n for n in named_parameters(params) if not n.endswith(("mean", "variance"))]
    assert sorted(named_parameters(gradients)) == sorted(trained)


def test_gradients_through_four_blocks(monkeypatch):
    monkeypatch.setattr(module, "ReLU", Tanh)
    monkeypatch.setitem(module._STEPS, 121, (2, 1, 2, 1))
    network, shape = densenet(121, 3, growth=2), (33, 32, 1)
    params = drawn_parameters(network, shape, seed=2)
    x = np.random.default_rng(1).normal(size=(2, *shape))
    errors = gradient_errors(network, params, x, seed=0, training=False)
    assert 0 < min(errors.values()) < max(errors.values()) < 1e-6


def test_the_gradient_of_a_layer_sums_those_of_all_that_read_it():
    block = dense_block(steps=4, growth=1)
    params = drawn_parameters(block, (3, 3, 2))
    x = rng.normal(size=(1, 3, 3, 2))
    y, cache = block.forward(params, x)
    only_old = np.zeros_like(y)
    only_old[..., :2] = 1
    dx, gradients = block.backward(only_old, params, cache)
    assert_same([dx], [np.ones_like(x)])  # along the copies a slope arrives as it was
    assert all(np.all(g == 0) for g in named_parameters(gradients).values())


def test_one_image_in_single_precision_at_full_size():
    network = densenet_bc(100, 12)
    params = initialize(network, np.random.default_rng(0), SMALL)
    y, _ = network.forward(params, rng.normal(size=(1, *SMALL)).astype(np.float32))
    assert y.shape == (1, 10)
    assert y.dtype == np.float32
    assert np.isfinite(y).all()


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize(
    "case", generate.stored("densely_connected_network"), ids=lambda case: case["name"]
)
def test_scores_slopes_and_moments_are_those_of_pytorch(case, source):
    inputs = case["inputs"]
    if inputs["large"]:
        network = densenet(121, inputs["classes"], inputs["growth"])
    else:
        network = densenet_bc(16, inputs["growth"], inputs["classes"])
    check_with_pytorch(network, case, source)


# Wrong calls

WHOLE = "must be a whole number, got"

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        (name, args, {**settings, argument: value}, exception, f"{argument} {message}")
        for name, args, settings, arguments in [
            ("dense_block", (), {"steps": 2, "growth": 2}, ("steps", "growth")),
            ("transition", (), {}, ("filters",)),
            ("densenet", (121,), {}, ("classes", "growth")),
            ("densenet_bc", (100,), {"growth": 12}, ("growth", "classes")),
        ]
        for argument in arguments
        for value, exception, message in [
            (2.5, TypeError, f"{WHOLE} float 2.5"),
            (True, TypeError, f"{WHOLE} bool True"),
            (0, ValueError, "must be at least 1, got 0"),
        ]
    ),
    ("densenet", (100,), {}, ValueError, "depth must be 121, 161, 169 or 201, got 100"),
    ("densenet_bc", ("100", 12), {}, TypeError, f"depth {WHOLE} str '100'"),
    *(
        ("densenet_bc", (depth, 12), {}, ValueError, f"depth must be 6 n . 4, .* got {depth}")
        for depth in (4, 40 + 3, 20)
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)
