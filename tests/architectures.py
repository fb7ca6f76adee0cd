"""Helpers of the tests of architectures: tables of shapes, and the comparison with PyTorch."""

import numpy as np

from oracles import generate
from oracles.before_resnet import direction, drawn, fingerprints
from support import assert_same
from textbook.network import initialize, named_parameters, nested_parameters, summary


def stages(network, input_shape, names):
    """Return the sizes that some layers give, by the layers' names."""
    rows = {row.name: row.output for row in summary(network, input_shape).rows}
    return [rows[name] for name in names]


def counts(network, input_shape):
    """Return parameters and multiply-adds."""
    table = summary(network, input_shape)
    return table.parameters, table.multiply_adds


def with_drawn_numbers(network, input_shape, seed, dtype=np.float64):
    """Return parameters that depend on a seed, their names and their shapes alone."""
    arrays = named_parameters(initialize(network, np.random.default_rng(0), input_shape))
    return nested_parameters(
        {name: drawn(seed, name, array.shape).astype(dtype) for name, array in arrays.items()}
    )


def ask_the_book(network, shape, seed, dtype=np.float64, training=False):
    """Return the outputs and the slopes in all arrays, as `before_resnet.ask` does."""
    x = drawn(seed, "x", shape).astype(dtype)
    params = with_drawn_numbers(network, shape[1:], seed, dtype)
    y, cache = network.forward(params, x, training=training)
    outputs = []

    def directions(y):
        if isinstance(y, tuple):
            return tuple(directions(part) for part in y)
        outputs.append(y)
        return direction(seed, f"y{len(outputs) - 1}", y.shape).astype(dtype)

    dx, gradients = network.backward(directions(y), params, cache)
    return outputs, {"x": dx, **named_parameters(gradients)}


def compare_with_pytorch(build, case, source):
    """Compare outputs, and each array's slopes by their sum along a drawn direction."""
    wanted, inputs = generate.expected(case, source), case["inputs"]
    shape, seed = tuple(inputs["shape"]), inputs["seed"]
    training = inputs["network"].startswith("inception_v")
    outputs, slopes = ask_the_book(build(**inputs["settings"]), shape, seed, training=training)
    assert_same(outputs, list(wanted["outputs"]), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(fingerprints(slopes, seed), wanted["slopes"], rtol=1e-9, atol=1e-12)
