import numpy as np
import pytest

from architectures import compare_with_pytorch, counts, stages, with_drawn_numbers
from oracles import generate
from support import check_wrong_call, ids
from textbook.architectures import alexnet as module
from textbook.architectures.alexnet import alexnet
from textbook.network import Dropout, LocalResponseNorm, gradient_errors, initialize, summary
from textbook.receptive_field import network_layers

IMAGE = (227, 227, 3)
NOTES = {"groups": 1, "second_kernel": 3, "normalize_last": True}

# The table


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({}, (60_965_224, 724_406_816)),
        ({"groups": 1}, (62_378_344, 1_135_256_096)),
        (NOTES, (61_985_128, 848_601_632)),
    ],
)
def test_counts(settings, wanted):
    assert counts(alexnet(**settings), IMAGE) == wanted


@pytest.mark.parametrize("settings", [{}, {"groups": 1}, NOTES])
def test_the_shapes_are_those_of_the_notes(settings):
    names = ("conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5", "flat")
    assert stages(alexnet(**settings), IMAGE, names) == [
        (55, 55, 96),
        (27, 27, 96),
        (27, 27, 256),
        (13, 13, 256),
        (13, 13, 384),
        (13, 13, 384),
        (13, 13, 256),
        (6, 6, 256),
        (9216,),
    ]
    dense = stages(alexnet(**settings), IMAGE, ("fc6", "fc7", "fc8"))
    assert dense == [(4096,), (4096,), (1000,)]


def test_the_kernels_are_those_of_the_paper():
    network = alexnet()
    kernels = {
        name: record["weights"].shape
        for name, record in network.parameters(IMAGE).items()
        if name.startswith("conv")
    }
    assert kernels == {
        "conv1": (11, 11, 3, 96),
        "conv2": (5, 5, 48, 256),
        "conv3": (3, 3, 256, 384),
        "conv4": (3, 3, 192, 384),
        "conv5": (3, 3, 192, 256),
    }


def test_the_kernels_of_the_notes():
    tree = alexnet(**NOTES).parameters(IMAGE)
    assert [tree[f"conv{i}"]["weights"].shape for i in range(1, 6)] == [
        (11, 11, 3, 96),
        (3, 3, 96, 256),
        (3, 3, 256, 384),
        (3, 3, 384, 384),
        (3, 3, 384, 256),
    ]


def test_the_windows_are_those_that_the_receptive_field_was_computed_from():
    input_size, windows = network_layers("alexnet")
    layers = alexnet().layers
    assert input_size == IMAGE[0]
    for name, (kernel, stride, padding, _) in windows.items():
        layer = layers[name]
        assert (layer.kernel_size, layer.stride, layer.padding) in [
            (kernel, stride, padding),
            (kernel, stride, "VALID" if padding == 0 else None),
        ]


def test_neurons_of_the_paper():
    # it prints 253,440 for the first layer, of which no shape is known, and 650,000 in all
    table = summary(alexnet(), IMAGE)
    made = [row.values for row in table.rows if row.kind in ("Conv2D", "Dense")]
    assert made == [290_400, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]
    assert sum(made) == 659_272
    assert 227 * 227 * 3 != 224 * 224 * 3 == 150_528


def test_with_the_paper_s_224_pixels_the_map_is_one_place_smaller():
    assert stages(alexnet(), (224, 224, 3), ("conv1",)) == [(54, 54, 96)]
    assert stages(alexnet(), (227, 227, 3), ("conv1",)) == [(55, 55, 96)]


# The order of the layers


def test_normalization_stands_behind_the_first_two_layers_and_before_or_behind_the_pooling():
    for last, wanted in (
        (False, ["relu", "norm", "pool"]),
        (True, ["relu", "pool", "norm"]),
    ):
        names = list(alexnet(normalize_last=last).layers)
        for number in (1, 2):
            at = names.index(f"relu{number}")
            assert names[at : at + 3] == [f"{kind}{number}" for kind in wanted]
        assert sum(name.startswith("norm") for name in names) == 2
    assert alexnet().layers["norm1"] == LocalResponseNorm(k=2.0, n=5, alpha=1e-4, beta=0.75)


def test_every_layer_but_the_last_is_bent():
    names = list(alexnet().layers)
    for name in ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7"):
        assert names[names.index(name) + 1] == f"relu{name[-1]}"
    assert names[-1] == "fc8"


def test_dropout_stands_behind_the_hidden_dense_layers():
    layers = alexnet(keep_prob=0.8).layers
    names = [name for name, layer in layers.items() if isinstance(layer, Dropout)]
    assert names == ["drop6", "drop7"]
    assert [layers[name].keep_prob for name in names] == [0.8, 0.8]
    assert alexnet().layers["drop6"].keep_prob == 0.5
    order = list(layers)
    assert [order[order.index(name) - 1] for name in names] == ["relu6", "relu7"]


@pytest.mark.parametrize(
    ("width", "wanted"), [(0.25, (24, 64)), (1 / 48, (2, 6)), (0.0001, (2, 2))]
)
def test_a_thin_network_still_divides_into_groups(width, wanted):
    network = alexnet(width=width, classes=2)
    assert (network.layers["conv1"].filters, network.layers["conv2"].filters) == wanted
    assert all(
        layer.filters % 2 == 0 for name, layer in network.layers.items() if name[:4] == "conv"
    )
    assert summary(network, IMAGE).rows[-1].output == (2,)


def test_groups_do_not_see_one_another_until_the_third_layer():
    network = alexnet(width=1 / 16)
    image = (67, 67, 3)
    params = with_drawn_numbers(network, image, seed=1)
    x = np.random.default_rng(2).normal(size=(1, *image))

    def at_conv(name, params):
        y = x
        for layer_name, layer in network.layers.items():
            y, _ = layer.forward(params.get(layer_name, {}), y)
            if layer_name == name:
                return y

    second = params["conv2"]["weights"].shape[-1] // 2
    changed = {**params, "conv2": {**params["conv2"], "weights": params["conv2"]["weights"].copy()}}
    changed["conv2"]["weights"][..., :second] = 0  # the first card's filters
    assert not np.array_equal(at_conv("conv2", params), at_conv("conv2", changed))
    other = np.s_[..., second:]
    np.testing.assert_array_equal(at_conv("conv2", params)[other], at_conv("conv2", changed)[other])
    half = at_conv("conv3", params).shape[-1] // 2
    assert np.all(
        np.any(at_conv("conv3", params) != at_conv("conv3", changed), axis=(0, 1, 2))[half:]
    )


# Slopes


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("settings", [{}, NOTES])
def test_slopes(settings, training):
    network = alexnet(classes=3, width=1 / 48, **settings)
    image = (67, 67, 3)
    params = with_drawn_numbers(network, image, seed=4)
    x = np.random.default_rng(5).normal(size=(2, *image))
    errors = gradient_errors(network, params, x, seed=6, training=training)
    assert len(errors) == 17
    assert max(errors.values()) < 1e-6


def test_float32_stays_float32():
    network = alexnet(width=1 / 16, classes=5)
    params = initialize(network, np.random.default_rng(0), (67, 67, 3))
    x = np.ones((2, 67, 67, 3), np.float32)
    y, cache = network.forward(params, x, training=True, rng=np.random.default_rng(1))
    dx, gradients = network.backward(y, params, cache)
    kinds = {g.dtype for part in gradients.values() for g in part.values()}
    assert {y.dtype, dx.dtype, *kinds} == {np.dtype(np.float32)}


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize(
    "case",
    [c for c in generate.stored("before_resnet") if c["inputs"]["network"] == "alexnet"],
    ids=lambda case: case["name"],
)
def test_values_and_slopes_are_those_of_pytorch(case, source):
    compare_with_pytorch(alexnet, case, source)


# Wrong calls

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("alexnet", (0,), {}, ValueError, "classes must be at least 1, got 0"),
    ("alexnet", (), {"groups": 0}, ValueError, "groups must be at least 1, got 0"),
    ("alexnet", (), {"groups": 2.0}, TypeError, "groups must be a whole number, got float 2.0"),
    ("alexnet", (), {"second_kernel": 4}, ValueError, "second_kernel must be an odd .*, got 4"),
    ("alexnet", (), {"second_kernel": 0}, ValueError, "second_kernel must be at least 1, got 0"),
    ("alexnet", (), {"keep_prob": 0}, ValueError, "keep_prob must be .* above 0 .*, got 0"),
    ("alexnet", (), {"width": 0}, ValueError, "width must be .* above 0, got 0"),
    ("alexnet", (), {"width": "half"}, TypeError, "width must be a number, got str 'half'"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)
