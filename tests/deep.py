"""Helpers of the architectures' tests: sharp parameters, PyTorch's answers, counts by hand."""

import math

import numpy as np

from oracles import deep_networks, generate
from support import assert_same
from textbook.network import (
    Conv2D,
    Dense,
    from_pytorch,
    initialize,
    named_parameters,
    nested_parameters,
    to_pytorch,
)


def drawn_parameters(layer, shape, seed=0, dtype=np.float64):
    """Return parameters of which none is 0 or 1, so that each has its effect."""
    rng = np.random.default_rng(seed)
    named = named_parameters(initialize(layer, rng, shape, dtype))
    for name, array in named.items():
        if not name.endswith("weights"):
            named[name] = rng.uniform(0.5, 1.5, array.shape).astype(dtype)
    return nested_parameters(named)


def check_with_pytorch(layer, case, source):
    """Compare scores, slopes and running moments with a case of `oracles.deep_networks`."""
    inputs, wanted = case["inputs"], generate.expected(case, source)
    shape, classes = tuple(inputs["shape"]), inputs["classes"]
    blank = initialize(layer, np.random.default_rng(0), shape[1:], np.float64)
    names = to_pytorch(layer, blank, shape[1:])
    state = {name: deep_networks.drawn(name, array.shape) for name, array in names.items()}
    params = from_pytorch(layer, state, shape[1:])

    x = deep_networks.direction("pixels", shape)
    dy = deep_networks.direction("dy", (shape[0], classes))
    inference, _ = layer.forward(params, x)
    training, cache = layer.forward(params, x, training=True)
    dx, gradients = layer.backward(dy, params, cache)
    # the slopes go to PyTorch's places as the parameters do
    trained = named_parameters(gradients)
    filled = {name: trained.get(name, a) for name, a in named_parameters(params).items()}
    slopes = to_pytorch(layer, nested_parameters(filled), shape[1:])
    slopes = {name: array for name, array in slopes.items() if "running" not in name}
    renewed = to_pytorch(layer, layer.renew(params, cache), shape[1:])
    found = {
        "inference": inference,
        "training": training,
        "slopes": np.array(deep_networks.fingerprint({**slopes, "images": dx})),
        "running": np.array(
            deep_networks.fingerprint({k: v for k, v in renewed.items() if "running" in k})
        ),
    }
    assert found.keys() == wanted.keys()
    for name, array in found.items():
        assert_same([array], [wanted[name]], rtol=1e-9, atol=1e-12)


def layers_with_weights(layer, shape):
    """Yield (name, layer, input shape) of all convolutions and dense layers."""

    def walk(layer, shape, path):
        if isinstance(layer, (Conv2D, Dense)):
            yield path, layer, shape
        shapes = layer.input_shapes(shape)
        for name, child in layer.children().items():
            yield from walk(child, shapes[name], (*path, name))

    yield from walk(layer, shape, ())


def depth_of(layer, shape):
    """Return how many layers with weights follow each other; those of shortcuts do not count."""
    found = [path for path, _, _ in layers_with_weights(layer, shape)]
    return len([path for path in found if "shortcut" not in path])


def counts_by_hand(layer, shape):
    """Return weights and multiply-adds of all convolutions and dense layers."""
    weights = products = 0
    for _, part, (*sides, inputs) in layers_with_weights(layer, shape):
        if isinstance(part, Dense):
            weights += inputs * part.units
            products += inputs * part.units
            continue
        kernel, stride, padding = part.kernel_size, part.stride, part.padding
        padding = 0 if padding == "VALID" else padding
        places = [math.floor((side + 2 * padding - kernel) / stride) + 1 for side in sides]
        weights += kernel**2 * inputs * part.filters
        products += math.prod(places) * kernel**2 * inputs * part.filters
    return weights, products
