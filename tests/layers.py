"""A small example of every layer, alone and in networks: one list for all tests to walk over.

A new layer of the package gets a line here, and a twin of the same name in `oracles/twins.py`.
"""

import itertools

import numpy as np

from textbook import network
from textbook.network import (
    AveragePool2D,
    BatchNorm,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Frozen,
    GlobalAveragePool,
    Heads,
    Identity,
    LeakyReLU,
    LocalResponseNorm,
    MaxPool2D,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Tanh,
)


def conv_norm_relu(filters, kernel_size, **settings):
    """Return the three layers that most networks are made of."""
    return Sequential(
        conv=Conv2D(filters, kernel_size, bias=False, **settings), norm=BatchNorm(), relu=ReLU()
    )


CHAIN = Sequential(
    conv1=Conv2D(4, 3, padding="SAME", bias=False),
    norm1=BatchNorm(),
    relu1=ReLU(),
    lrn1=LocalResponseNorm(alpha=0.1),
    pool1=MaxPool2D(3, 2),
    conv2=Conv2D(4, (1, 2), groups=2),
    leaky2=LeakyReLU(0.2),
    pool2=AveragePool2D(2, 1),
    drop=Dropout(0.7),
    flat=Flatten(),
    fc1=Dense(5),
    norm=BatchNorm(0.8, 1e-3),
    tanh=Tanh(),
    fc2=Dense(4, start="glorot"),
    sigmoid=Sigmoid(),
    scores=Dense(3, bias=False),
)
PROJECTED = Residual(
    Sequential(conv1=conv_norm_relu(3, 1, stride=2), conv2=Conv2D(4, 3, padding=1)),
    Conv2D(4, 1, 2),
)
INCEPTION = Concatenate(
    one=Conv2D(2, 1),
    three=Sequential(Conv2D(2, 1), ReLU(), Conv2D(3, 3, padding="SAME")),
    five=Sequential(Conv2D(1, 1), Conv2D(1, 5, padding=2)),
    pool=Sequential(MaxPool2D(3, 1, "SAME"), Conv2D(1, 1)),
)
DENSE_BLOCK = Sequential(
    *(
        Concatenate(
            old=Identity(),
            new=Sequential(BatchNorm(), ReLU(), Conv2D(2, 3, padding="SAME", bias=False)),
        )
        for _ in range(2)
    ),
    pool=GlobalAveragePool(),
)

# name: (layer, shape of one example)
LAYERS = {
    "dense": (Dense(3), (4,)),
    "dense-without-bias": (Dense(2, bias=False, start="lecun"), (3,)),
    "conv": (Conv2D(2, 3), (5, 4, 3)),
    "conv-same": (Conv2D(3, (3, 2), (2, 1), "SAME", bias=False, start=0.3), (5, 4, 2)),
    "conv-all-settings": (Conv2D(4, (2, 3), (1, 2), (1, 0), (2, 1), 2, start="glorot"), (4, 5, 4)),
    "conv-by-channel": (Conv2D(6, 3, padding=1, groups=3), (3, 3, 3)),
    "norm-of-rows": (BatchNorm(), (4,)),
    "norm-of-images": (BatchNorm(momentum=0.5, epsilon=0.1), (2, 3, 2)),
    "identity": (Identity(), (3,)),
    "relu": (ReLU(), (2, 3, 2)),
    "leaky": (LeakyReLU(), (4,)),
    "leaky-steep": (LeakyReLU(negative_slope=0.3), (2, 2, 1)),
    "sigmoid": (Sigmoid(), (4,)),
    "tanh": (Tanh(), (2, 2, 2)),
    "flatten": (Flatten(), (2, 3, 2)),
    "dropout": (Dropout(0.6), (6,)),
    "dropout-of-nothing": (Dropout(1), (2, 2, 2)),
    "response-norm": (LocalResponseNorm(), (2, 2, 6)),
    "response-norm-strong": (LocalResponseNorm(k=1, n=3, alpha=0.5, beta=1), (1, 2, 5)),
    "max-pool": (MaxPool2D(2), (5, 4, 2)),
    "max-pool-overlapping": (MaxPool2D((3, 2), (2, 1), (1, 0)), (5, 4, 2)),
    "max-pool-same": (MaxPool2D(3, 2, "SAME"), (4, 5, 1)),
    "average-pool": (AveragePool2D(2), (4, 5, 2)),
    "average-pool-overlapping": (AveragePool2D((3, 2), 1, (1, 0)), (4, 3, 2)),
    "average-pool-same": (AveragePool2D(2, 1, "SAME"), (3, 4, 1)),
    "global-pool": (GlobalAveragePool(), (3, 2, 4)),
    "chain": (CHAIN, (8, 7, 2)),
    "unnamed": (Sequential(Dense(4), ReLU(), Dense(3), ReLU(), last=Dense(2)), (3,)),
    "residual": (Residual(Sequential(Dense(4), ReLU(), Dense(3))), (3,)),
    "residual-with-projection": (PROJECTED, (4, 5, 2)),
    "residual-at-the-end-of-residual": (
        Residual(Sequential(Conv2D(2, 3, padding=1), Residual(Conv2D(2, 1)))),
        (3, 4, 2),
    ),
    "residual-of-nothing": (Residual(Identity(), Identity()), (3,)),
    "inception": (INCEPTION, (4, 4, 3)),
    "dense-block": (DENSE_BLOCK, (3, 4, 2)),
    "heads": (
        Sequential(
            body=Dense(4),
            ends=Heads(main=Dense(3), side=Sequential(Tanh(), Dense(2)), nothing=Identity()),
        ),
        (3,),
    ),
    "heads-on-images": (Heads(GlobalAveragePool(), Conv2D(1, 2)), (2, 3, 2)),
    "frozen": (Frozen(Dense(2)), (3,)),
    "frozen-within": (
        Sequential(
            base=Frozen(Sequential(conv=conv_norm_relu(3, 2), drop=Dropout(0.5), flat=Flatten())),
            scores=Dense(2),
        ),
        (3, 3, 2),
    ),
    "frozen-twice": (Residual(Sequential(Frozen(Frozen(BatchNorm())), BatchNorm())), (3,)),
    "nested": (
        Sequential(
            stem=conv_norm_relu(4, 3, padding=1),
            stage=Sequential(
                block1=Residual(Sequential(Conv2D(4, 3, padding=1), BatchNorm())),
                relu1=ReLU(),
                block2=Residual(Concatenate(INCEPTION, Conv2D(1, 1)), Conv2D(8, 1)),
            ),
            pool=GlobalAveragePool(),
            scores=Dense(2),
        ),
        (4, 4, 2),
    ),
}


def read(text):
    """Return the layer that a repr tells."""
    return eval(text, vars(network))  # (the text is our own)


def draw(layer, input_shape, m=3, seed=0):
    """Return x and parameters in float64, all random: zeros and ones would hide mistakes."""
    rng = np.random.default_rng(seed)

    def drawn(name, record):
        if name == "variance":
            return rng.uniform(0.5, 2, record.shape)
        return rng.normal(size=record.shape) / np.sqrt(max(np.prod(record.shape[:-1]), 1))

    def walk(tree):
        return {
            name: walk(leaf) if isinstance(leaf, dict) else drawn(name, leaf)
            for name, leaf in tree.items()
        }

    x = rng.normal(size=(m, *input_shape))
    return x, walk(layer.parameters(input_shape))


def slopes_like(y, seed=1):
    """Return random slopes in the shape of an output, which may be a tuple."""
    if isinstance(y, tuple):
        return tuple(slopes_like(part, seed + k) for k, part in enumerate(y))
    return np.random.default_rng(seed).normal(size=y.shape).astype(y.dtype)


def run(layer, params, x, training, seed=2):
    """Return everything that goes forward and back: y, dx and the gradients by name."""
    y, cache = layer.forward(params, x, training=training, rng=np.random.default_rng(seed))
    dx, gradients = layer.backward(slopes_like(y), params, cache)
    return y, dx, network.named_parameters(gradients), cache


def fingerprints(arrays):
    """Return one number for each array, to ten decimals: its entries, weighted differently."""
    sums = [np.sum(a * np.cos(1 + np.arange(a.size)).reshape(a.shape)) for a in arrays]
    return [round(float(total), 10) + 0.0 for total in sums]  # (no -0.0)


def parts(y):
    """Return the arrays of an output, which may be a nested tuple."""
    return list(itertools.chain(*map(parts, y))) if isinstance(y, tuple) else [y]
