"""Helpers of the module tests: frozen inputs, wrong calls, strategies for arrays and networks."""

import copy
import itertools
import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textbook.activations import identity, leaky_relu, relu, sigmoid, sine, tanh
from textbook.backprop import forward_rows

ACTIVATIONS = (identity, sigmoid, tanh, relu, leaky_relu, sine)


def no_warnings():
    """Raise where a formula overflows or makes a nan; what underflows to 0 is as it should be."""
    return np.errstate(over="raise", invalid="raise", divide="raise", under="ignore")


def floats(low, high):
    return st.floats(low, high, allow_subnormal=False)


def arrays(shape, low=-10.0, high=10.0):
    return hnp.arrays(np.float64, shape, elements=floats(low, high))


shapes = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4)


def frozen(value):
    """Return a copy whose arrays, in lists, tuples and dicts too, refuse to be written into."""
    if isinstance(value, np.ndarray):
        value = value.copy()
        value.setflags(write=False)
    elif isinstance(value, (list, tuple)):
        value = type(value)(frozen(part) for part in value)
    elif isinstance(value, dict):
        value = {name: frozen(part) for name, part in value.items()}
    return value


def call_without_writing(function, *args, **kwargs):
    """Call with read-only inputs, and make sure that their numbers are the same afterwards."""
    given = frozen(args)
    before = copy.deepcopy(given)
    result = function(*given, **kwargs)
    for old, new in zip(leaves(before), leaves(given), strict=True):
        np.testing.assert_array_equal(old, new)
    return result


def leaves(value):
    """Yield the arrays of nested lists, tuples and dicts."""
    if isinstance(value, dict):
        yield from leaves(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from leaves(part)
    elif isinstance(value, np.ndarray):
        yield value


def assert_same(found, wanted, rtol=1e-13, atol=1e-15):
    """Compare arrays, or nested lists of them, shapes included."""
    found, wanted = list(leaves(found)), list(leaves(wanted))
    assert [f.shape for f in found] == [w.shape for w in wanted]
    for f, w in zip(found, wanted, strict=True):
        np.testing.assert_allclose(f, w, rtol=rtol, atol=atol)


def check_wrong_call(module, name, args, kwargs, exception, message):
    with pytest.raises(exception, match=f"^{message}") as caught:
        getattr(module, name)(*args, **kwargs)
    assert caught.type is exception


def ids(wrong_calls):
    """Return the names of the rows: the function and the start of the message."""
    return [f"{name}-{re.sub(r'[^a-z0-9]+', '-', row[-1])[:40]}" for name, *row in wrong_calls]


class Network(NamedTuple):
    """A random network with a random batch as rows."""

    x: np.ndarray
    target: np.ndarray
    weights: list
    biases: list
    activations: list


@st.composite
def networks(draw, max_layers=3, max_width=4, max_batch=4, choices=ACTIVATIONS):
    """Draw sizes and activations; the numbers come from a seed. No unit stands near its kink."""
    widths = draw(st.lists(st.integers(1, max_width), min_size=2, max_size=max_layers + 1))
    m = draw(st.integers(1, max_batch))
    layers = len(widths) - 1
    activations = draw(st.lists(st.sampled_from(choices), min_size=layers, max_size=layers))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    network = Network(
        x=rng.normal(size=(m, widths[0])),
        target=rng.normal(size=(m, widths[-1])),
        weights=[rng.normal(size=(d, e)) / np.sqrt(d) for d, e in itertools.pairwise(widths)],
        biases=[rng.normal(size=width) for width in widths[1:]],
        activations=activations,
    )
    z, _ = forward_rows(network.x, network.weights, network.biases, activations)
    assume(min(np.abs(z_l).min() for z_l in z) > 1e-3)
    return network
