import numpy as np
import pytest

from architectures import compare_with_pytorch, counts, stages, with_drawn_numbers
from oracles import generate
from support import check_wrong_call, ids
from textbook.architectures import vgg as module
from textbook.architectures.vgg import vgg
from textbook.network import (
    Dropout,
    ReLU,
    Sequential,
    gradient_errors,
    initialize,
    summary,
)
from textbook.receptive_field import network_layers

IMAGE = (224, 224, 3)

# The notes' table of VGG16, line by line: layer, output, weights without biases
NOTES = [
    ("input", (224, 224, 3), 0),
    ("conv1_1", (224, 224, 64), 1_728),
    ("conv1_2", (224, 224, 64), 36_864),
    ("pool1", (112, 112, 64), 0),
    ("conv2_1", (112, 112, 128), 73_728),
    ("conv2_2", (112, 112, 128), 147_456),
    ("pool2", (56, 56, 128), 0),
    ("conv3_1", (56, 56, 256), 294_912),
    ("conv3_2", (56, 56, 256), 589_824),
    ("conv3_3", (56, 56, 256), 589_824),
    ("pool3", (28, 28, 256), 0),
    ("conv4_1", (28, 28, 512), 1_179_648),
    ("conv4_2", (28, 28, 512), 2_359_296),
    ("conv4_3", (28, 28, 512), 2_359_296),
    ("pool4", (14, 14, 512), 0),
    ("conv5_1", (14, 14, 512), 2_359_296),
    ("conv5_2", (14, 14, 512), 2_359_296),
    ("conv5_3", (14, 14, 512), 2_359_296),
    ("pool5", (7, 7, 512), 0),
    ("fc6", (4096,), 102_760_448),
    ("fc7", (4096,), 16_777_216),
    ("fc8", (1000,), 4_096_000),
]

# The table


@pytest.mark.parametrize(
    ("depth", "wanted"),
    [
        (11, (132_863_336, 7_609_090_048)),
        (13, (133_047_848, 11_308_466_176)),
        (16, (138_357_544, 15_470_264_320)),
        (19, (143_667_240, 19_632_062_464)),
    ],
)
def test_counts(depth, wanted):
    assert counts(vgg(depth), IMAGE) == wanted


def test_the_table_of_vgg16_is_that_of_the_notes():
    rows = [row for row in summary(vgg(16), IMAGE).rows if row.values]
    biases = {name: shape[-1] if weights else 0 for name, shape, weights in NOTES}
    assert [(row.name, row.output, row.parameters - biases[row.name]) for row in rows] == NOTES
    assert sum(weights for *_, weights in NOTES) == 138_344_128
    assert sum(biases.values()) == 13_416


def test_the_total_that_the_notes_have_wrong():
    table = summary(vgg(16), IMAGE)
    assert table.values == sum(int(np.prod(shape)) for _, shape, _ in NOTES) == 15_237_608
    assert table.values * table.itemsize == 60_950_432


@pytest.mark.parametrize("depth", [11, 13, 16, 19])
def test_the_paper_s_counts_in_millions(depth):
    # table 2 of the paper
    wanted = {11: 133, 13: 133, 16: 138, 19: 144}[depth]
    assert round(counts(vgg(depth), IMAGE)[0] / 1e6) == wanted


@pytest.mark.parametrize("depth", [11, 13, 16, 19])
def test_the_depth_is_the_number_of_layers_with_weights(depth):
    assert len(vgg(depth).parameters(IMAGE)) == depth


@pytest.mark.parametrize("depth", [11, 13, 16, 19])
def test_each_block_halves_the_image(depth):
    names = [f"pool{block}" for block in range(1, 6)]
    assert stages(vgg(depth), IMAGE, names) == [
        (112, 112, 64),
        (56, 56, 128),
        (28, 28, 256),
        (14, 14, 512),
        (7, 7, 512),
    ]


@pytest.mark.parametrize(
    ("depth", "wanted"),
    [
        (11, "11 21 31 32 41 42 51 52"),
        (13, "11 12 21 22 31 32 41 42 51 52"),
        (19, "11 12 21 22 31 32 33 34 41 42 43 44 51 52 53 54"),
    ],
)
def test_the_columns_of_the_paper(depth, wanted):
    names = [name for name in vgg(depth).parameters(IMAGE) if name.startswith("conv")]
    assert names == [f"conv{number[0]}_{number[1]}" for number in wanted.split()]


def test_the_windows_are_those_that_the_receptive_field_was_computed_from():
    input_size, windows = network_layers("vgg16")
    layers = vgg(16).layers
    assert input_size == IMAGE[0]
    assert [name for name in layers if name[:4] in ("conv", "pool")] == list(windows)
    for name, (kernel, stride, padding, _) in windows.items():
        assert layers[name].kernel_size == kernel
        assert (layers[name].stride or kernel) == stride
        assert layers[name].padding == (padding or "VALID")


# The order of the layers


@pytest.mark.parametrize("depth", [11, 19])
def test_every_layer_but_the_last_is_bent(depth):
    network = vgg(depth)
    names = list(network.layers)
    for name in network.parameters(IMAGE):
        if name != "fc8":
            after = names[names.index(name) + 1]
            assert after == f"relu{name.removeprefix('conv').removeprefix('fc')}"
            assert network.layers[after] == ReLU()
    assert names[-1] == "fc8"


def test_dropout_stands_behind_the_hidden_dense_layers():
    layers = vgg(keep_prob=0.8).layers
    names = [name for name, layer in layers.items() if isinstance(layer, Dropout)]
    assert names == ["drop6", "drop7"]
    assert [layers[name].keep_prob for name in names] == [0.8, 0.8]
    assert vgg().layers["drop6"].keep_prob == 0.5
    order = list(layers)
    assert [order[order.index(name) - 1] for name in names] == ["relu6", "relu7"]


def test_the_default_is_vgg16():
    assert vgg() == vgg(16)
    assert isinstance(vgg(), Sequential)


# Slopes


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("depth", [11, 16])
def test_slopes(depth, training):
    network = vgg(depth, classes=3, width=1 / 64)
    image = (32, 32, 2)
    params = with_drawn_numbers(network, image, seed=4)
    x = np.random.default_rng(5).normal(size=(2, *image))
    errors = gradient_errors(network, params, x, seed=6, training=training)
    assert len(errors) == 2 * depth + 1
    assert max(errors.values()) < 1e-6


def test_float32_stays_float32():
    network = vgg(13, width=1 / 32, classes=5)
    params = initialize(network, np.random.default_rng(0), (32, 32, 3))
    x = np.ones((2, 32, 32, 3), np.float32)
    y, cache = network.forward(params, x, training=True, rng=np.random.default_rng(1))
    dx, gradients = network.backward(y, params, cache)
    kinds = {g.dtype for part in gradients.values() for g in part.values()}
    assert {y.dtype, dx.dtype, *kinds} == {np.dtype(np.float32)}


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize(
    "case",
    [c for c in generate.stored("before_resnet") if c["inputs"]["network"] == "vgg"],
    ids=lambda case: case["name"],
)
def test_values_and_slopes_are_those_of_pytorch(case, source):
    compare_with_pytorch(vgg, case, source)


# Wrong calls

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("vgg", (15,), {}, ValueError, "depth must be 11, 13, 16 or 19, got 15"),
    ("vgg", ("16",), {}, TypeError, "depth must be a whole number, got str '16'"),
    ("vgg", (-11,), {}, ValueError, "depth must be at least 0, got -11"),
    ("vgg", (11, 0), {}, ValueError, "classes must be at least 1, got 0"),
    ("vgg", (11, None), {}, TypeError, "classes must be a whole number, got NoneType"),
    ("vgg", (), {"keep_prob": 0}, ValueError, "keep_prob must be .* above 0 .*, got 0"),
    ("vgg", (), {"keep_prob": 2}, ValueError, "keep_prob must be .* at most 1, got 2"),
    ("vgg", (), {"width": -1}, ValueError, "width must be .* above 0, got -1"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(module, name, args, kwargs, exception, message)


def test_an_image_below_32_pixels_is_used_up_before_the_last_pooling():
    assert stages(vgg(11), (32, 32, 3), ("pool5",)) == [(1, 1, 512)]
    with pytest.raises(ValueError, match=r"^pool5: kernel must not .* side of 1, got 2"):
        summary(vgg(11), (31, 31, 3))
