import numpy as np
import pytest

from architectures import (
    ask_the_book,
    compare_with_pytorch,
    counts,
    with_drawn_numbers,
)
from oracles import generate
from support import assert_same, check_wrong_call, ids
from textbook.architectures import googlenet as module
from textbook.architectures.googlenet import (
    auxiliary_cost,
    googlenet,
    inception,
    inception_v2,
    inception_v3,
    without_auxiliaries,
)
from textbook.network import (
    AveragePool2D,
    Conv2D,
    Dropout,
    LocalResponseNorm,
    MaxPool2D,
    ReLU,
    Sequential,
    check_parameters,
    gradient_errors,
    initialize,
    named_parameters,
    nested_parameters,
    summary,
)

IMAGE = (224, 224, 3)
MODULES = [f"inception{n}" for n in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")]

# The table


@pytest.mark.parametrize(
    ("auxiliary", "wanted"),
    [(False, (6_998_552, 1_582_671_872)), (True, (13_378_280, 1_591_044_096))],
)
def test_counts(auxiliary, wanted):
    assert counts(googlenet(auxiliary=auxiliary), IMAGE) == wanted


def outputs(network):
    shapes = network.input_shapes(IMAGE)
    return {name: layer.output_shape(shapes[name]) for name, layer in network.layers.items()}


def test_the_shapes_are_those_of_the_paper():
    found = outputs(googlenet())
    assert {name: found[name] for name in ("conv1", "pool1", "conv2", "pool2")} == {
        "conv1": (112, 112, 64),
        "pool1": (56, 56, 64),
        "conv2": (56, 56, 192),
        "pool2": (28, 28, 192),
    }
    assert [found[name] for name in MODULES] == [
        (28, 28, 256),
        (28, 28, 480),
        (14, 14, 512),
        (14, 14, 512),
        (14, 14, 512),
        (14, 14, 528),
        (14, 14, 832),
        (7, 7, 832),
        (7, 7, 1024),
    ]
    assert [found[name] for name in ("pool3", "pool4", "pool5", "scores")] == [
        (14, 14, 480),
        (7, 7, 832),
        (1024,),
        (1000,),
    ]


def test_the_parameters_by_module():
    rows = summary(googlenet(), IMAGE).rows
    found = [sum(r.parameters for r in rows if r.name.startswith(name)) for name in MODULES]
    assert found == [
        *(163_696, 388_736),
        *(376_176, 449_160, 510_104, 605_376, 868_352),
        *(1_043_456, 1_444_080),
    ]


def test_22_layers_with_weights_stand_one_behind_the_other():
    # the deepest way through a module has two; reduce2 counts, and so does the last
    network = googlenet()
    outside = [name for name in network.parameters(IMAGE) if name not in MODULES]
    assert outside == ["conv1", "reduce2", "conv2", "scores"]
    assert len(outside) + 2 * len(MODULES) == 22


def test_what_torchvision_s_count_has_instead():
    # 3 x 3 where the paper has 5 x 5; a factor and a shift for each channel instead of a bias
    tree = named_parameters(initialize(googlenet(), np.random.default_rng(0), IMAGE))
    fives = [a.shape for name, a in tree.items() if name.endswith("fives.conv.weights")]
    channels = sum(a.size for name, a in tree.items() if name.endswith("bias")) - 1000
    assert len(fives) == 9
    saved = sum((25 - 9) * c_in * c_out for _, _, c_in, c_out in fives)
    assert 6_998_552 - saved + channels == 6_624_904


def test_the_two_auxiliary_classifiers():
    table = summary(googlenet(auxiliary=True), IMAGE)
    rows = {row.name: row for row in table.rows}
    first, second = "exit1.auxiliary.", "exit1.main.exit2.auxiliary."
    for start, channels in ((first, 512), (second, 528)):
        assert rows[f"{start}pool"].output == (4, 4, channels)
        assert rows[f"{start}project"].output == (4, 4, 128)
        assert rows[f"{start}fc"].output == (1024,)
        assert rows[f"{start}scores"].output == (1000,)
        assert rows[f"{start}project"].parameters == 128 * (channels + 1)
    layers = googlenet(auxiliary=True).layers["exit1"].layers["auxiliary"].layers
    assert layers["drop"] == Dropout(0.3)
    assert layers["relu_fc"] == ReLU()
    assert layers["relu_project"] == ReLU()


def test_the_exits_stand_behind_4a_and_4d():
    network = googlenet(auxiliary=True)
    names = list(network.layers)
    assert names[-2:] == ["inception4a", "exit1"]
    inner = list(network.layers["exit1"].layers["main"].layers)
    assert inner == ["inception4b", "inception4c", "inception4d", "exit2"]
    last = list(network.layers["exit1"].layers["main"].layers["exit2"].layers["main"].layers)
    assert (last[0], last[-1]) == ("inception4e", "scores")
    assert network.output_shape(IMAGE) == (((1000,), (1000,)), (1000,))


def test_what_stands_around_the_modules():
    layers = googlenet(keep_prob=0.5).layers
    names = list(layers)
    assert names[: names.index("inception3a")] == [
        *("conv1", "relu1", "pool1", "norm1"),
        *("reduce2", "relu_reduce2", "conv2", "relu_conv2", "norm2", "pool2"),
    ]
    assert names[-3:] == ["pool5", "drop", "scores"]
    assert layers["norm1"] == layers["norm2"] == LocalResponseNorm()
    assert layers["drop"] == Dropout(0.5)
    assert googlenet().layers["drop"] == Dropout(0.6)
    assert all(layers[f"pool{i}"] == MaxPool2D(3, 2, "SAME") for i in (1, 2, 3, 4))


# The modules


def test_a_module_joins_its_branches_in_the_paper_s_order():
    branches = inception(1, 2, 3, 4, 5, 6)
    assert list(branches.layers) == ["ones", "threes", "fives", "pooled"]
    assert branches.output_shape((9, 8, 7)) == (9, 8, 1 + 3 + 5 + 6)
    assert [layer.output_shape((9, 8, 7))[-1] for layer in branches.layers.values()] == [1, 3, 5, 6]
    assert isinstance(branches.layers["pooled"].layers["pool"], MaxPool2D)


def test_multiplications_of_the_notes():
    direct = Conv2D(32, 5, padding=2)
    branch = inception(64, 96, 128, 16, 32, 32).layers["fives"]
    assert direct.output_shape((28, 28, 192)) == branch.output_shape((28, 28, 192)) == (28, 28, 32)
    assert direct.multiply_adds((28, 28, 192)) == 120_422_400
    assert branch.multiply_adds((28, 28, 192)) == 2_408_448 + 10_035_200 == 12_443_648


def test_two_3x3_see_what_a_5x5_sees():
    image = np.zeros((1, 9, 9, 2))
    branch = inception_v2(1, 1, 1, 2, 2, 1).layers["doubles"]
    params = with_drawn_numbers(branch, (9, 9, 2), seed=1)
    y, _ = branch.forward(params, image)
    changed = image.copy()
    changed[0, 4, 4] = 1
    moved, _ = branch.forward(params, changed)
    rows, columns = np.nonzero(np.any(moved != y, axis=(0, 3)))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (2, 6, 2, 6)


def test_weights_of_two_3x3_and_of_a_5x5():
    rows = {r.name: r.parameters for r in summary(inception_v2(1, 1, 1, 64, 64, 1), (9, 9, 2)).rows}
    assert rows["doubles.first"] + rows["doubles.second"] == 18 * 64 * 64
    assert Conv2D(64, 5, bias=False).parameters((9, 9, 64))["weights"].shape == (5, 5, 64, 64)


@pytest.mark.parametrize("side", [3, 7])
def test_a_row_and_a_column_see_a_square(side):
    layers = inception_v3(1, 2, 3, 4, 5, 6, side=side).layers
    kernels = {
        name: [layer.kernel_size for layer in branch.layers.values() if hasattr(layer, "filters")]
        for name, branch in layers.items()
    }
    row, column = (1, side), (side, 1)
    assert kernels == {
        "ones": [1],
        "longs": [1, row, column],
        "doubles": [1, column, row, column, row],
        "pooled": [1],
    }
    filters = {
        name: [layer.filters for layer in branch.layers.values() if hasattr(layer, "filters")]
        for name, branch in layers.items()
    }
    assert filters == {"ones": [1], "longs": [2, 2, 3], "doubles": [4, 4, 4, 4, 5], "pooled": [6]}


def test_the_default_of_a_v3_module_is_a_side_of_7():
    assert inception_v3(1, 2, 3, 4, 5, 6) == inception_v3(1, 2, 3, 4, 5, 6, side=7)


@pytest.mark.parametrize("build", [inception_v2, inception_v3])
def test_later_modules_have_batch_norm_no_bias_and_take_means(build):
    layers = build(1, 2, 3, 4, 5, 6).layers
    assert layers["pooled"].layers["pool"] == AveragePool2D(3, 1, padding=1)
    for branch in layers.values():
        names = [name for name in branch.layers if name != "pool"]
        for name in names[::3]:
            at = names.index(name)
            assert names[at + 1 : at + 3] == [f"norm_{name}", f"relu_{name}"]
            assert not branch.layers[name].bias
    assert build(1, 2, 3, 4, 5, 6).output_shape((6, 5, 7)) == (6, 5, 1 + 3 + 5 + 6)


# Slopes


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("auxiliary", [True, False])
def test_slopes_in_all_arrays_at_once(auxiliary, training):
    # one direction for the whole tree: one for each array would take 260 evaluations
    network = googlenet(classes=3, auxiliary=auxiliary, width=1 / 64)
    image, rng = (80, 80, 2), np.random.default_rng(6)
    arrays = {
        "x": rng.normal(size=(1, *image)),
        **named_parameters(with_drawn_numbers(network, image, seed=4)),
    }
    along = {name: rng.normal(size=array.shape) for name, array in arrays.items()}

    def outputs(t):
        moved = {name: array + t * along[name] for name, array in arrays.items()}
        x = moved.pop("x")
        params = nested_parameters(moved)
        y, cache = network.forward(params, x, training=training, rng=np.random.default_rng(7))
        return y, params, cache

    def flat(y):
        return [part for pair in y for part in flat(pair)] if isinstance(y, tuple) else [y]

    y, params, cache = outputs(0.0)
    dx, gradients = network.backward(y, params, cache)  # of half the sum of squares
    slopes = {"x": dx, **named_parameters(gradients)}
    assert list(slopes) == list(arrays)
    analytic = sum(float(np.sum(slopes[name] * along[name])) for name in arrays)
    above, below = (
        sum(float(np.sum(part**2)) / 2 for part in flat(outputs(t)[0])) for t in (1e-6, -1e-6)
    )
    assert analytic == pytest.approx((above - below) / 2e-6, rel=1e-6)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    "network",
    [inception(1, 2, 1, 2, 3, 1), inception_v2(1, 2, 1, 2, 3, 1), inception_v3(1, 2, 1, 2, 3, 1)],
    ids=["v1", "v2", "v3"],
)
def test_slopes_of_a_module(network, training):
    params = with_drawn_numbers(network, (4, 5, 2), seed=4)
    x = np.random.default_rng(5).normal(size=(3, 4, 5, 2))
    errors = gradient_errors(network, params, x, seed=6, training=training)
    assert max(errors.values()) < 1e-6


def test_float32_stays_float32():
    network = googlenet(width=1 / 32, classes=5, auxiliary=True)
    params = initialize(network, np.random.default_rng(0), (80, 80, 3))
    x = np.ones((2, 80, 80, 3), np.float32)
    y, cache = network.forward(params, x, training=True, rng=np.random.default_rng(1))
    dx, gradients = network.backward(y, params, cache)
    kinds = {g.dtype for g in named_parameters(gradients).values()}
    assert {y[0][0].dtype, y[1].dtype, dx.dtype, *kinds} == {np.dtype(np.float32)}


BUILDERS = {f.__name__: f for f in (googlenet, inception_v2, inception_v3)}


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize(
    "case",
    [c for c in generate.stored("before_resnet") if c["inputs"]["network"] in BUILDERS],
    ids=lambda case: case["name"],
)
def test_values_and_slopes_are_those_of_pytorch(case, source):
    compare_with_pytorch(BUILDERS[case["inputs"]["network"]], case, source)


# From training to use


def test_the_network_for_use_takes_the_trained_numbers():
    trained, used = (googlenet(classes=3, auxiliary=a, width=1 / 32) for a in (True, False))
    image = (80, 96, 3)
    params = with_drawn_numbers(trained, image, seed=1)
    x = np.random.default_rng(2).normal(size=(2, *image))
    ((main, _), _), _ = trained.forward(params, x)
    kept = without_auxiliaries(params)
    check_parameters(used, kept, image)
    np.testing.assert_array_equal(used.forward(kept, x)[0], main)
    assert kept["conv1"]["weights"] is params["conv1"]["weights"]
    assert without_auxiliaries(kept) == kept
    assert "exit1" in params


def square(scores, labels):
    missing = scores - np.asarray(labels)[:, None]
    return float(np.mean(missing**2) / 2), missing / missing.size


def test_the_cost_of_three_classifiers():
    rng = np.random.default_rng(3)
    main, second, first = rng.normal(size=(3, 4, 2))
    labels = [0, 1, 1, 0]
    cost, slopes = auxiliary_cost(((main, second), first), labels, square)
    wanted = [square(scores, labels) for scores in (main, second, first)]
    assert cost == pytest.approx(wanted[0][0] + 0.3 * (wanted[1][0] + wanted[2][0]))
    assert_same(slopes, ((wanted[0][1], 0.3 * wanted[1][1]), 0.3 * wanted[2][1]))
    alone, _ = auxiliary_cost(main, labels, square)
    assert alone == wanted[0][0]
    assert auxiliary_cost(((main, second), first), labels, square, weight=0)[0] == alone


def test_labels_are_handed_on_as_they_came():
    seen = []

    def loss(scores, labels):
        seen.append(labels)
        return 0.0, scores

    labels = np.array([1, 0])
    auxiliary_cost((np.eye(2), np.eye(2)), labels, loss)
    assert [given is labels for given in seen] == [True, True]


def test_the_slopes_of_the_cost_go_through_the_network_for_training():
    network = googlenet(classes=2, auxiliary=True, width=1 / 64)
    image = (80, 80, 1)
    params = with_drawn_numbers(network, image, seed=1)
    x = np.random.default_rng(2).normal(size=(2, *image))
    y, cache = network.forward(params, x)
    _, slopes = auxiliary_cost(y, [0, 1], square)
    dx, gradients = network.backward(slopes, params, cache)
    b = params["conv1"]["bias"]
    h = 1e-6

    def cost(t):
        moved = {**params, "conv1": {**params["conv1"], "bias": b + t}}
        return auxiliary_cost(network.forward(moved, x)[0], [0, 1], square)[0]

    numerical = (cost(h) - cost(-h)) / (2 * h)
    assert numerical == pytest.approx(gradients["conv1"]["bias"].sum(), rel=1e-6)
    assert dx.shape == x.shape


@pytest.mark.parametrize(("width", "wanted"), [(0.5, 32), (1 / 50, 1), (0.0001, 1)])
def test_a_thin_network_keeps_a_channel_everywhere(width, wanted):
    network = googlenet(width=width, classes=2, auxiliary=True)
    assert network.layers["conv1"].filters == wanted
    found, _ = ask_the_book(network, (1, 80, 80, 1), seed=1)
    assert [y.shape for y in found] == [(1, 2)] * 3
    assert isinstance(network, Sequential)


# Wrong calls


def modules():
    """Return rows for each filter count of each module."""
    for name in ("inception", "inception_v2", "inception_v3"):
        build = getattr(module, name)
        names = build.__code__.co_varnames[: build.__code__.co_argcount]
        for place, argument in enumerate(names):
            if argument != "side":
                for wrong, exception, message in (
                    (0, ValueError, "at least 1, got 0"),
                    (2.5, TypeError, "a whole number, got float 2.5"),
                ):
                    given = [1] * 6
                    given[place] = wrong
                    yield name, tuple(given), {}, exception, f"{argument} must be {message}"


SCORES = np.eye(2)

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *modules(),
    ("inception_v3", (1,) * 6, {"side": 4}, ValueError, "side must be an odd number, got 4"),
    ("inception_v3", (1,) * 6, {"side": 0}, ValueError, "side must be at least 1, got 0"),
    ("inception_v3", (1,) * 6, {"side": "7"}, TypeError, "side must be a whole number, got str"),
    ("googlenet", (0,), {}, ValueError, "classes must be at least 1, got 0"),
    ("googlenet", ("1000",), {}, TypeError, "classes must be a whole number, got str"),
    ("googlenet", (), {"keep_prob": 0}, ValueError, "keep_prob must be .* above 0 .*, got 0"),
    ("googlenet", (), {"keep_prob": 2}, ValueError, "keep_prob must be .* at most 1, got 2"),
    ("googlenet", (), {"width": 0}, ValueError, "width must be .* above 0, got 0"),
    ("without_auxiliaries", ([1],), {}, TypeError, r"params must be a dict .*, got \[1\]"),
    ("without_auxiliaries", ({"": {}},), {}, ValueError, "params must have names .*, got ''"),
    ("auxiliary_cost", ("a", [0, 1], square), {}, TypeError, "scores must hold .*, got str"),
    (
        "auxiliary_cost",
        ((SCORES,) * 3, [0, 1], square),
        {},
        ValueError,
        "scores must be pairs, got a tuple of 3",
    ),
    ("auxiliary_cost", (SCORES, "a", square), {}, TypeError, "labels must hold .*, got str"),
    ("auxiliary_cost", (SCORES, [0, 1], 3), {}, TypeError, "loss must be a function, got 3"),
    (
        "auxiliary_cost",
        (SCORES, [0, 1], square),
        {"weight": -0.3},
        ValueError,
        "weight must be .* at least 0, got -0.3",
    ),
    (
        "auxiliary_cost",
        (SCORES, [0, 1], square, None),
        {},
        TypeError,
        "weight must be a number, got NoneType",
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)
