"""Weights on their way to PyTorch and back: by hand, there and back, the same network there."""

import importlib.util

import numpy as np
import pytest

from support import check_wrong_call, ids
from textbook import network
from textbook.network import (
    AveragePool2D,
    BatchNorm,
    Composite,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Frozen,
    GlobalAveragePool,
    Heads,
    Identity,
    Layer,
    LeakyReLU,
    MaxPool2D,
    Parameter,
    ReLU,
    Residual,
    Sequential,
    from_pytorch,
    initialize,
    named_parameters,
    nested_parameters,
    to_pytorch,
)

# A chain, a network whose flattened image is normalized, branched and added to before its first
# dense layer, one with all joins of images, and others
CHAIN = Sequential(
    conv1=Conv2D(4, (3, 2), padding=(1, 0), groups=2),
    bn1=BatchNorm(),
    relu1=ReLU(),
    pool1=MaxPool2D(2, 1),
    flat=Flatten(),
    drop=Dropout(0.5),
    fc1=Dense(5),
    tanh=LeakyReLU(),
    fc2=Dense(5),  # as many outputs as inputs
    bn2=BatchNorm(),
    fc3=Dense(3, bias=False),
)
FLAT = Sequential(
    conv1=Conv2D(3, 2, stride=(2, 1), dilation=(1, 2)),
    flat=Flatten(),
    bn=BatchNorm(),
    again=Flatten(),
    both=Concatenate(old=Identity(), new=Sequential(fc=Dense(2), relu=ReLU())),
    add=Residual(BatchNorm()),
    fc=Frozen(Sequential(inner=Dense(4))),
)
IMAGES = Sequential(
    conv1=Conv2D(3, 1),
    dense1=Concatenate(Identity(), Sequential(conv=Conv2D(2, 3, padding=1), bn=BatchNorm())),
    block=Residual(main=Frozen(Conv2D(6, 1)), shortcut=Conv2D(6, 1, bias=False)),
    heads=Heads(
        main=Sequential(pool=GlobalAveragePool(), fc=Dense(2)),
        aside=Sequential(pool=AveragePool2D(2), flat=Flatten(), fc=Dense(3)),
    ),
)
NETWORKS = {
    "chain": (CHAIN, (4, 5, 2)),
    "flat": (FLAT, (5, 4, 2)),
    "images": (IMAGES, (4, 5, 3)),
    "rows": (Sequential(Dense(4), ReLU(), BatchNorm(), Dense(2)), (3,)),
    "flattened at once": (Sequential(flat=Flatten(), fc=Dense(2)), (2, 3, 4)),
    "one layer": (Conv2D(2, 3), (5, 5, 2)),
}
every_network = pytest.mark.parametrize("name", NETWORKS)


def drawn(name, dtype=np.float64):
    """Return a network, its parameters, all drawn at random, and the shape of its images."""
    layer, shape = NETWORKS[name]
    rng = np.random.default_rng(0)
    params = named_parameters(initialize(layer, rng, shape, dtype))
    params = {k: rng.uniform(0.5, 1.5, v.shape).astype(dtype) for k, v in params.items()}
    return layer, nested_parameters(params), shape


@every_network
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back_every_number_is_the_same(name, dtype):
    layer, params, shape = drawn(name, dtype)
    state = to_pytorch(layer, params, shape)
    back = named_parameters(from_pytorch(layer, state, shape))
    assert list(back) == list(named_parameters(params))
    for key, array in named_parameters(params).items():
        np.testing.assert_array_equal(back[key], array)
        assert back[key].dtype == dtype
        assert back[key].flags.c_contiguous
    assert all(array.dtype == dtype and array.flags.c_contiguous for array in state.values())


@every_network
def test_what_comes_out_is_a_copy_and_what_goes_in_is_left_alone(name):
    layer, params, shape = drawn(name)
    before = {k: v.copy() for k, v in named_parameters(params).items()}
    state = to_pytorch(layer, params, shape)
    back = named_parameters(from_pytorch(layer, state, shape))
    for array in state.values():
        array[...] = -7
    for key, array in named_parameters(params).items():
        np.testing.assert_array_equal(array, before[key])
        np.testing.assert_array_equal(back[key], before[key])


def test_names_and_axes_are_those_of_pytorch():
    layer, params, shape = drawn("chain")
    assert {k: v.shape for k, v in to_pytorch(layer, params, shape).items()} == {
        "conv1.weight": (4, 1, 3, 2),
        "conv1.bias": (4,),
        "bn1.weight": (4,),
        "bn1.bias": (4,),
        "bn1.running_mean": (4,),
        "bn1.running_var": (4,),
        "fc1.weight": (5, 36),
        "fc1.bias": (5,),
        "fc2.weight": (5, 5),
        "fc2.bias": (5,),
        "bn2.weight": (5,),
        "bn2.bias": (5,),
        "bn2.running_mean": (5,),
        "bn2.running_var": (5,),
        "fc3.weight": (3, 5),
    }
    state = to_pytorch(layer, params, shape)
    for ours, theirs in [("gamma", "weight"), ("mean", "running_mean")]:
        np.testing.assert_array_equal(state[f"bn1.{theirs}"], params["bn1"][ours])
    assert state["conv1.weight"][3, 0, 2, 1] == params["conv1"]["weights"][2, 1, 0, 3]
    np.testing.assert_array_equal(state["fc2.weight"], params["fc2"]["weights"].T)


def test_a_pixel_keeps_its_weight_where_an_image_was_flattened():
    layer, params, shape = drawn("flattened at once")
    image = np.random.default_rng(1).normal(size=(1, *shape))
    theirs = to_pytorch(layer, params, shape)["fc.weight"] @ image.transpose(0, 3, 1, 2).ravel()
    ours, _ = layer.forward(params, image)
    np.testing.assert_allclose(theirs + params["fc"]["bias"], ours[0], rtol=1e-13)


def test_what_stands_between_the_flattened_image_and_its_dense_layer_is_moved_as_well():
    layer, params, shape = drawn("flat")
    state = to_pytorch(layer, params, shape)
    rows, columns = 2, 2
    order = np.arange(rows * columns * 3).reshape(rows, columns, 3).transpose(2, 0, 1).ravel()
    for part in ("bn", "add.main"):
        norm = params["bn"] if part == "bn" else params["add"]["main"]
        moved = np.concatenate([order, np.arange(12, len(norm["gamma"]))])
        np.testing.assert_array_equal(state[f"{part}.weight"], norm["gamma"][moved])
        np.testing.assert_array_equal(state[f"{part}.running_var"], norm["variance"][moved])
    weights = params["fc"]["inner"]["weights"]
    moved = np.concatenate([order, [12, 13]])
    np.testing.assert_array_equal(state["fc.inner.weight"], weights[moved].T)


def test_counts_of_batches_are_passed_over():
    layer, params, shape = drawn("rows")
    state = to_pytorch(layer, params, shape)
    counted = {**state, "batchnorm_1.num_batches_tracked": np.array(5)}
    found = named_parameters(from_pytorch(layer, counted, shape))
    assert found.keys() == named_parameters(params).keys()


@pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="PyTorch is not installed")
@every_network
@pytest.mark.parametrize("training", [False, True])
def test_pytorch_computes_the_same_with_the_weights_it_was_given(name, training):
    import torch

    layer, params, shape = drawn(name)
    if training and name == "chain":
        layer = Sequential(**{k: v for k, v in layer.layers.items() if k != "drop"})
    theirs = in_pytorch(layer, shape, training)
    state = {k: torch.from_numpy(v) for k, v in to_pytorch(layer, params, shape).items()}
    theirs.load_state_dict(state)

    x = np.random.default_rng(2).normal(size=(3, *shape))
    tensor = torch.from_numpy(x.transpose(0, 3, 1, 2) if len(shape) == 3 else x)
    y, cache = layer.forward(params, x, training=training)
    outputs = theirs(tensor)
    pairs = list(zip(y, outputs, strict=True)) if isinstance(y, tuple) else [(y, outputs)]
    for ours, output in pairs:
        found = output.detach().numpy()
        found = found.transpose(0, 2, 3, 1) if found.ndim == 4 else found
        np.testing.assert_allclose(found, ours, rtol=1e-9, atol=1e-11)
    # and the statistics of a training step come home
    home = named_parameters(from_pytorch(layer, theirs.state_dict(), shape))
    for key, array in named_parameters(layer.renew(params, cache)).items():
        np.testing.assert_allclose(home[key], array, rtol=1e-12, err_msg=key)


def in_pytorch(layer, shape, training):
    """Return the layer as a module of PyTorch, its parts under the same names."""
    from torch import nn

    if isinstance(layer, Frozen):
        return in_pytorch(layer.layer, shape, training).eval()
    shapes = layer.input_shapes(shape)
    parts = {
        name: in_pytorch(part, shapes[name], training) for name, part in layer.children().items()
    }
    if parts:
        return joined(type(layer), parts)
    images = len(shape) == 3
    match layer:
        case Dense():
            made = nn.Linear(shape[0], layer.units, layer.bias)
        case Conv2D():
            settings = (layer.kernel_size, layer.stride, layer.padding, layer.dilation)
            settings = [0 if setting == "VALID" else setting for setting in settings]
            made = nn.Conv2d(shape[2], layer.filters, *settings, layer.groups, layer.bias)
        case BatchNorm():
            made = (nn.BatchNorm2d if images else nn.BatchNorm1d)(shape[-1])
        case ReLU():
            made = nn.ReLU()
        case LeakyReLU():
            made = nn.LeakyReLU(layer.negative_slope)
        case MaxPool2D():
            made = nn.MaxPool2d(layer.kernel_size, layer.stride)
        case AveragePool2D():
            made = nn.AvgPool2d(layer.kernel_size, layer.stride)
        case GlobalAveragePool():
            made = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        case Flatten():
            made = nn.Flatten()
        case _:
            made = nn.Identity()
    return made.double().train(training)


def joined(kind, parts):
    import torch

    class Joined(torch.nn.ModuleDict):
        def forward(self, x):
            if kind is Sequential:
                for part in self.values():
                    x = part(x)
                return x
            outputs = [part(x) for part in self.values()]
            if kind is Residual:
                return sum(outputs)
            return torch.cat(outputs, 1) if kind is Concatenate else tuple(outputs)

    return Joined(parts)


# Wrong calls


class Twice(Composite):
    """A join of its own."""

    def children(self):
        return {"part": Dense(3)}

    def input_shapes(self, input_shape):
        return {"part": input_shape}

    def flow(self, run, x):
        return run("part", run("part", x)), None

    def flow_back(self, back, dy, joined):
        raise NotImplementedError


class Scale(Layer):
    """A layer with an array of its own."""

    def parameters(self, input_shape):
        return {"scale": Parameter(input_shape, "ones")}

    def forward(self, params, x, *, training=False, rng=None):
        raise NotImplementedError

    backward = forward


FC = Sequential(fc=Dense(2))
PARAMS = {"fc": {"weights": np.ones((3, 2)), "bias": np.ones(2)}}
STATE = {"fc.weight": np.ones((2, 3)), "fc.bias": np.ones(2)}
ADDED = Sequential(flat=Flatten(), add=Residual(Dense(4), Identity()))
ADDED_PARAMS = {"add": {"main": {"weights": np.ones((4, 4)), "bias": np.ones(4)}}}

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        (name, args, {}, exception, message)
        for name, given in (("to_pytorch", PARAMS), ("from_pytorch", STATE))
        for args, exception, message in [
            (("fc", given, (3,)), TypeError, "layer must be a layer, got 'fc'"),
            ((FC, given, 3), TypeError, "input_shape must be a list of sizes, got int 3"),
            ((FC, given, (0,)), ValueError, "input_shape must be at least 1, got 0"),
        ]
    ),
    ("to_pytorch", (FC, [1], (3,)), {}, TypeError, r"params must be a dict of arrays .* got \[1\]"),
    ("to_pytorch", (FC, {}, (3,)), {}, ValueError, "params must hold 'fc.weights', got nothing"),
    ("to_pytorch", (FC, PARAMS, (4,)), {}, ValueError, r"params must have \(4, 2\) .* got shape"),
    (
        "to_pytorch",
        (Twice(), {"part": {"weights": np.ones((3, 3)), "bias": np.ones(3)}}, (3,)),
        {},
        TypeError,
        "layer must be made by Sequential, .* got Twice",
    ),
    (
        "to_pytorch",
        (Sequential(own=Scale()), {"own": {"scale": np.ones(3)}}, (3,)),
        {},
        ValueError,
        "layer must have arrays named weights, .* got 'own.scale'",
    ),
    (
        "to_pytorch",
        (ADDED, ADDED_PARAMS, (2, 1, 2)),
        {},
        ValueError,
        "layer must add features in one order, got a flattened image in 'add'",
    ),
    ("from_pytorch", (FC, [1], (3,)), {}, TypeError, r"state must be a dict, got \[1\]"),
    ("from_pytorch", (FC, {}, (3,)), {}, ValueError, "state must hold 'fc.weight', got nothing"),
    ("from_pytorch", (FC, STATE, (4,)), {}, ValueError, r"state must have \(2, 4\) .* got shape"),
    (
        "from_pytorch",
        (FC, {**STATE, "more": [1.0]}, (3,)),
        {},
        ValueError,
        "state must hold only what is used, fc.weight, fc.bias, got 'more'",
    ),
    (
        "from_pytorch",
        (FC, {**STATE, "fc.bias": "a"}, (3,)),
        {},
        TypeError,
        "state.'fc.bias'. must hold real numbers, got str 'a'",
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(network, name, args, kwargs, exception, message)
