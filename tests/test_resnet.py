"""ResNet: the paper's tables, the shortcut of zeros, gradients, PyTorch, wrong calls."""

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
from support import assert_same, check_wrong_call, frozen, ids
from textbook.architectures import resnet as module
from textbook.architectures.resnet import (
    ShortcutA,
    basic_block,
    bottleneck_block,
    cifar_resnet,
    resnet,
)
from textbook.network import (
    Conv2D,
    Identity,
    Residual,
    Sequential,
    Tanh,
    gradient_errors,
    initialize,
    load_parameters,
    named_parameters,
    nested_parameters,
    save_parameters,
    summary,
)

LARGE, SMALL = (224, 224, 3), (32, 32, 3)
DEPTHS = (18, 34, 50, 101, 152)
OPTIONS = ("A", "B", "C", "none")

rng = np.random.default_rng(0)


# What the paper says


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("shortcut", OPTIONS)
def test_the_depth_is_the_number_of_layers_with_weights(depth, shortcut):
    assert depth_of(resnet(depth, shortcut=shortcut), LARGE) == depth


@pytest.mark.parametrize(
    ("depth", "blocks"),
    [(18, "2222"), (34, "3463"), (50, "3463"), (101, (3, 4, 23, 3)), (152, (3, 8, 36, 3))],
)
def test_the_table_of_shapes_is_that_of_the_paper(depth, blocks):
    network = resnet(depth)
    found = [(name, network.layers[name].output_shape(shape)) for name, shape in shapes(network)]
    more = 4 if depth >= 50 else 1
    wanted = [("conv1", (112, 112, 64)), ("bn1", (112, 112, 64)), ("relu1", (112, 112, 64))]
    wanted.append(("pool1", (56, 56, 64)))
    for stage, count in enumerate(map(int, blocks)):
        side, channels = 56 >> stage, (64 << stage) * more
        for number in range(count):
            wanted.append((f"conv{stage + 2}_{number + 1}", (side, side, channels)))
    wanted += [("pool5", (512 * more,)), ("fc", (1000,))]
    assert found == wanted


def shapes(network, shape=LARGE):
    return network.input_shapes(shape).items()


@pytest.mark.parametrize(
    ("depth", "shortcut", "trained"),
    [
        (18, "B", 11_689_512),
        (34, "B", 21_797_672),
        (50, "B", 25_557_032),
        (101, "B", 44_549_160),
        (152, "B", 60_192_808),
        (18, "A", 11_515_688),
        (34, "A", 21_623_848),
        (34, "none", 21_623_848),
        (50, "none", 22_780_456),
    ],
)
def test_the_number_of_parameters(depth, shortcut, trained):
    for kernel in (1, 3):
        network = resnet(depth, shortcut=shortcut, strided_kernel=kernel)
        assert summary(network, LARGE).trained == trained


@pytest.mark.parametrize(
    ("depth", "shortcut", "billions"),
    [
        (18, "A", 1.8),
        (34, "A", 3.6),
        (34, "none", 3.6),
        (50, "B", 3.8),
        (101, "B", 7.6),
        (152, "B", 11.3),
    ],
)
def test_the_multiply_adds_are_those_of_the_paper(depth, shortcut, billions):
    found = summary(resnet(depth, shortcut=shortcut), LARGE).multiply_adds / 1e9
    assert abs(found - billions) < 0.06  # the paper cuts 3.86 to 3.8


@pytest.mark.parametrize(
    ("depth", "kernel", "products"),
    [(50, 1, 3.858), (50, 3, 4.089), (152, 1, 11.282), (152, 3, 11.514), (18, 3, 1.814)],
)
def test_where_the_stride_stands_decides_the_cost(depth, kernel, products):
    found = summary(resnet(depth, strided_kernel=kernel), LARGE).multiply_adds
    assert round(found / 1e9, 3) == products


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("shortcut", OPTIONS)
@pytest.mark.parametrize("kernel", [1, 3])
def test_counts_are_those_by_hand(depth, shortcut, kernel):
    network = resnet(depth, shortcut=shortcut, strided_kernel=kernel)
    counts = summary(network, LARGE)
    weights, products = counts_by_hand(network, LARGE)
    filters = [
        part.filters
        for _, part, _ in layers_with_weights(network, LARGE)
        if isinstance(part, Conv2D)
    ]
    assert counts.multiply_adds == products
    # a scale and a shift for each filter, a bias for each class; twice as many with the moments
    assert counts.trained == weights + 2 * sum(filters) + 1000
    assert counts.parameters == weights + 4 * sum(filters) + 1000


@pytest.mark.parametrize(
    ("depth", "trained"),
    [
        (20, 269_722),
        (32, 464_154),
        (44, 658_586),
        (56, 853_018),
        (110, 1_727_962),
        (1202, 19_421_274),
    ],
)
def test_the_networks_for_small_images_and_their_plain_twins(depth, trained):
    counts, plain = (summary(cifar_resnet(depth, shortcut=s), SMALL) for s in ("A", "none"))
    assert counts.trained == plain.trained == trained
    assert counts.multiply_adds == plain.multiply_adds
    if depth < 1202:
        assert depth_of(cifar_resnet(depth), SMALL) == depth


def test_the_table_of_shapes_for_small_images():
    network = cifar_resnet(20)
    found = {name: network.layers[name].output_shape(s) for name, s in shapes(network, SMALL)}
    for number in (1, 2, 3):
        assert found[f"conv2_{number}"] == (32, 32, 16)
        assert found[f"conv3_{number}"] == (16, 16, 32)
        assert found[f"conv4_{number}"] == (8, 8, 64)
    assert found["pool4"] == (64,)
    assert list(found) == [
        *("conv1", "bn1", "relu1"),
        *(f"conv{stage}_{number}" for stage in (2, 3, 4) for number in (1, 2, 3)),
        *("pool4", "fc"),
    ]


def test_a_shortcut_is_where_the_option_has_it():
    def ways(network):
        blocks = [layer for name, layer in network.layers.items() if "_" in name]
        return [
            type(block.layers["add"].shortcut).__name__ if "add" in block.layers else None
            for block in blocks
        ]

    same, projected = ["Identity"] * 2, ["Sequential", "Identity"]
    padded = ["ShortcutA", "Identity"]
    assert ways(resnet(18, shortcut="A")) == [*same, *padded * 3]
    assert ways(resnet(18)) == [*same, *projected * 3]
    assert ways(resnet(18, shortcut="C")) == ["Sequential"] * 8
    assert ways(resnet(18, shortcut="none")) == [None] * 8
    # with bottlenecks even the first block widens: 64 channels become 256
    assert ways(resnet(50))[:4] == ["Sequential", "Identity", "Identity", "Sequential"]
    assert ways(cifar_resnet(14)) == [*same, *padded * 2]


def test_width_and_classes_are_arguments():
    assert resnet(18, classes=7, width=3 / 64).output_shape((64, 64, 1)) == (7,)
    network = cifar_resnet(8, classes=4, width=5 / 16)
    assert network.output_shape((28, 28, 1)) == (4,)
    assert network.layers["conv4_1"].output_shape((14, 14, 10)) == (7, 7, 20)


# The shortcut of zeros


def test_it_keeps_every_second_pixel_and_adds_zeros_behind():
    x = np.arange(1.0, 31).reshape(1, 3, 5, 2)
    y, _ = ShortcutA(3).forward({}, x)
    assert y[0].tolist() == [
        [[1, 2, 0], [5, 6, 0], [9, 10, 0]],
        [[21, 22, 0], [25, 26, 0], [29, 30, 0]],
    ]


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("side", [1, 2, 5, 6])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_is_a_convolution_of_one_pixel_with_fixed_weights(stride, side, dtype):
    x = frozen(rng.normal(size=(2, side, side + 1, 2)).astype(dtype))
    layer, conv = ShortcutA(5, stride), Conv2D(5, 1, stride, bias=False)
    fixed = {"weights": np.eye(2, 5).reshape(1, 1, 2, 5).astype(dtype)}
    y, cache = layer.forward({}, x)
    wanted, kept = conv.forward(fixed, x)
    assert_same([y], [wanted], rtol=0, atol=0)
    assert y.shape[1:] == layer.output_shape(x.shape[1:]) == conv.output_shape(x.shape[1:])
    dy = frozen(rng.normal(size=y.shape).astype(dtype))
    dx, gradients = layer.backward(dy, {}, cache)
    assert_same([dx], [conv.backward(dy, fixed, kept)[0]], rtol=1e-6, atol=1e-7)
    assert gradients == layer.parameters(x.shape[1:]) == {}
    assert y.dtype == dx.dtype == dtype


def test_zeros_on_both_sides_make_the_same_network_in_another_order():
    class BothSides(ShortcutA):
        def forward(self, params, x, *, training=False, rng=None):
            y, cache = super().forward(params, x)
            return np.roll(y, (self.filters - x.shape[3]) // 2, axis=3), cache

    network = cifar_resnet(8, classes=3, width=1 / 4)
    params = drawn_parameters(network, (8, 8, 1))
    other, moved = dict(network.layers), named_parameters(params)
    # where a filter of the last two stages goes: conv3_1 pads 4 to 8, conv4_1 8 to 16
    order = {3: np.roll(np.arange(8), 2), 4: None}
    order[4] = np.roll(np.append(order[3], np.arange(8, 16)), 4)
    for stage in (3, 4):
        block = other[f"conv{stage}_1"]
        main, filters = block.layers["add"].main, 4 << stage - 2
        other[f"conv{stage}_1"] = Sequential(
            add=Residual(main, BothSides(filters)), relu=block.layers["relu"]
        )
        path = f"conv{stage}_1.add.main"
        first, last = f"{path}.conv1.weights", f"{path}.conv2.weights"
        if stage == 4:
            moved[first] = moved[first][:, :, order[3]]
        moved[last] = moved[last][..., order[stage]]
        for name in ("gamma", "beta", "mean", "variance"):
            moved[f"{path}.bn2.{name}"] = moved[f"{path}.bn2.{name}"][order[stage]]
    moved["fc.weights"] = moved["fc.weights"][order[4]]
    x = rng.normal(size=(2, 8, 8, 1))
    for training in (False, True):
        wanted, _ = network.forward(params, x, training=training)
        found, _ = Sequential(**other).forward(nested_parameters(moved), x, training=training)
        assert_same([found], [wanted], rtol=1e-10)


# The blocks


@pytest.mark.parametrize("block", [basic_block(3, Identity()), bottleneck_block(2, Identity())])
def test_a_block_whose_last_weights_are_zero_is_the_identity_of_what_is_positive(block):
    channels = 3 if "conv3" not in block.layers["add"].main.layers else 8
    params = drawn_parameters(block, (4, 4, channels))
    main = params["add"]["main"]
    *_, last = (name for name in main if name.startswith("bn"))
    main[last] = {**main[last], "gamma": np.zeros(channels), "beta": np.zeros(channels)}
    x = rng.normal(size=(2, 4, 4, channels))
    y, cache = block.forward(params, x, training=True)
    assert_same([y], [np.maximum(x, 0)])
    dx, _ = block.backward(np.ones_like(x), params, cache)
    assert_same([dx], [1.0 * (x > 0)])  # the slopes arrive undiminished


@pytest.mark.parametrize(("kernel", "sides"), [(1, (2, 2)), (3, (4, 2))])
def test_the_stride_belongs_to_one_convolution_alone(kernel, sides):
    block = bottleneck_block(2, Conv2D(8, 1, 2), stride=2, strided_kernel=kernel)
    rows = {row.name: row.output for row in summary(block, (4, 4, 3)).rows}
    assert rows["add.main.conv1"] == (sides[0], sides[0], 2)
    assert rows["add.main.conv2"] == (sides[1], sides[1], 2)
    assert rows["add.main.conv3"] == rows["relu"] == (2, 2, 8)


def test_no_convolution_has_a_bias_and_each_is_normalized():
    for network, shape in (
        (resnet(50), LARGE),
        (resnet(18, shortcut="C"), LARGE),
        (cifar_resnet(8), SMALL),
    ):
        convolutions = [part for _, part, _ in layers_with_weights(network, shape)][:-1]
        assert not any(part.bias for part in convolutions)
        norms = [row for row in summary(network, shape).rows if row.kind == "BatchNorm"]
        assert len(norms) == len(convolutions)


# Gradients, precision, saving

REDUCED = [
    *((cifar_resnet(8, 3, shortcut, width=1 / 8), (5, 6, 1)) for shortcut in OPTIONS),
    (cifar_resnet(14, 2, width=1 / 16), (4, 4, 3)),
    (basic_block(4, ShortcutA(4), stride=2), (5, 4, 2)),
    (bottleneck_block(2, Conv2D(8, 1, 2), 2, strided_kernel=1), (5, 4, 3)),
    (bottleneck_block(2, ShortcutA(8, 2), 2, strided_kernel=3), (5, 4, 3)),
    (bottleneck_block(2, None), (4, 4, 3)),
]


@pytest.mark.parametrize(("network", "shape"), REDUCED)
@pytest.mark.parametrize("training", [False, True])
def test_gradients_of_small_networks_and_of_each_block(network, shape, training):
    params = drawn_parameters(network, shape, seed=2)
    x = np.random.default_rng(1).normal(size=(4, *shape))
    errors = gradient_errors(network, params, x, seed=0, training=training)
    assert max(errors.values()) < 1e-6
    assert sum(error > 0 for error in errors.values()) > len(errors) / 2
    y, cache = network.forward(params, x, training=training)
    _, gradients = network.backward(np.ones_like(y), params, cache)
    trained = [n for n in named_parameters(params) if not n.endswith(("mean", "variance"))]
    assert sorted(named_parameters(gradients)) == sorted(trained)


@pytest.mark.parametrize(
    ("depth", "settings"),
    [
        *((18, {"shortcut": option}) for option in "ABC"),
        *((50, {"strided_kernel": kernel}) for kernel in (1, 3)),
    ],
)
def test_gradients_through_all_layers_where_there_is_no_kink(depth, settings, monkeypatch):
    # in fifty layers a numerical step crosses the kink of some ReLU, and the slopes differ there
    monkeypatch.setattr(module, "ReLU", Tanh)
    network, shape = resnet(depth, 3, width=1 / 32, **settings), (9, 8, 2)
    params = drawn_parameters(network, shape, seed=2)
    x = np.random.default_rng(1).normal(size=(4, *shape))
    errors = gradient_errors(network, params, x, seed=0, training=False)
    assert 0 < min(errors.values()) < max(errors.values()) < 1e-6


def test_one_image_in_single_precision_at_full_size():
    network = cifar_resnet(20)
    params = initialize(network, np.random.default_rng(0), SMALL)
    x = rng.normal(size=(1, *SMALL)).astype(np.float32)
    y, cache = network.forward(params, x, training=True)
    assert y.shape == (1, 10)
    assert np.isfinite(y).all()
    dx, gradients = network.backward(y, params, cache)
    arrays = [y, dx, *named_parameters(gradients).values()]
    assert {array.dtype.name for array in arrays} == {"float32"}


def test_what_is_saved_comes_back(tmp_path):
    network = cifar_resnet(8, width=1 / 8)
    params = drawn_parameters(network, (8, 8, 1))
    save_parameters(tmp_path / "resnet.npz", params)
    x = rng.normal(size=(2, 8, 8, 1))
    found, _ = network.forward(load_parameters(tmp_path / "resnet.npz"), x)
    assert_same([found], [network.forward(params, x)[0]], rtol=0, atol=0)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("residual_network"), ids=lambda case: case["name"])
def test_scores_slopes_and_moments_are_those_of_pytorch(case, source):
    inputs = dict(case["inputs"])
    del inputs["shape"]
    inputs["width"] /= 16 if inputs["depth"] == 8 else 64  # there it is the number of filters
    if inputs["depth"] == 8:
        del inputs["strided_kernel"]
        check_with_pytorch(cifar_resnet(**inputs), case, source)
    else:
        check_with_pytorch(resnet(**inputs), case, source)


# Wrong calls

WHOLE = "must be a whole number, got"

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        (name, args, {"shortcut": Identity(), **settings}, exception, message)
        for name in ("basic_block", "bottleneck_block")
        for args, settings, exception, message in [
            ((), {"filters": 2.0}, TypeError, f"filters {WHOLE} float 2.0"),
            ((0,), {}, ValueError, "filters must be at least 1, got 0"),
            ((2,), {"stride": "2"}, TypeError, f"stride {WHOLE} str '2'"),
            ((2,), {"stride": 0}, ValueError, "stride must be at least 1, got 0"),
            ((2,), {"shortcut": 3}, TypeError, "shortcut must be a layer or None, got 3"),
        ]
    ),
    (
        "bottleneck_block",
        (2, None, 1, 2),
        {},
        ValueError,
        "strided_kernel must be 1 or 3, got 2",
    ),
    ("resnet", (20,), {}, ValueError, "depth must be 18, 34, 50, 101 or 152, got 20"),
    ("resnet", (50,), {"strided_kernel": 2}, ValueError, "strided_kernel must be 1 or 3, got 2"),
    ("cifar_resnet", (20.0,), {}, TypeError, f"depth {WHOLE} float 20.0"),
    *(
        ("cifar_resnet", (depth,), {}, ValueError, f"depth must be 6 n . 2, .* got {depth}")
        for depth in (2, 18, 21)
    ),
    *(
        (name, (depth,), settings, exception, message)
        for name, depth in (("resnet", 50), ("cifar_resnet", 20))
        for settings, exception, message in [
            ({"classes": "ten"}, TypeError, f"classes {WHOLE} str 'ten'"),
            ({"classes": 0}, ValueError, "classes must be at least 1, got 0"),
            ({"width": True}, TypeError, "width must be a number, got bool True"),
            ({"width": 0}, ValueError, "width must be finite and above 0, got 0"),
            ({"shortcut": "D"}, ValueError, "shortcut must be 'A', 'B', 'C' or 'none', got 'D'"),
            ({"shortcut": None}, ValueError, "shortcut must be 'A', .* got None"),
        ]
    ),
]

# The settings of the layer, which are checked where it is made
WRONG_SETTINGS = [
    ((0,), ValueError, "filters must be at least 1, got 0"),
    ((1.5,), TypeError, f"filters {WHOLE} float 1.5"),
    ((2, 0), ValueError, "stride must be at least 1, got 0"),
    ((2, (1, 2)), TypeError, f"stride {WHOLE} tuple"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)


@pytest.mark.parametrize(("args", "exception", "message"), WRONG_SETTINGS)
def test_a_wrong_setting_says_what_is_wrong(args, exception, message):
    check_wrong_call(module, "ShortcutA", args, {}, exception, message)


@pytest.mark.parametrize("shape", [(4, 4, 3), (4,)])
def test_a_shortcut_does_not_drop_channels(shape):
    with pytest.raises(ValueError, match=r"^input must be \(H, W, C\) with at most 2 .* got \(4"):
        ShortcutA(2).output_shape(shape)
