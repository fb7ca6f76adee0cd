"""Each layer of the book once more, in PyTorch: a function of parameters and a batch.

What a layer is called with is the same, so that the repr of a network makes its twin as well.
Images are (N, H, W, C) outside and (N, C, H, W) inside.
"""

import numpy as np


def _torch():
    import torch

    return torch, torch.nn.functional


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def _padded(x, kernel, stride, padding, dilation, value):
    """Return (N, C, H, W) with its padding, TensorFlow's for "SAME"."""
    _, functional = _torch()
    ends = []
    strings = isinstance(padding, str)
    for n, k, s, d, p in zip(
        *(x.shape[2:], kernel, stride, dilation), (0, 0) if strings else _pair(padding), strict=True
    ):
        total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0) if padding == "SAME" else 2 * p
        ends.insert(0, (total // 2, total - total // 2))  # the last axis comes first
    return functional.pad(x, [*ends[0], *ends[1]], value=value)


def _images(function):
    return lambda x: function(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def Dense(units, bias, start):
    return lambda p, x, training, rng: x @ p["weights"] + (p["bias"] if bias else 0)


def Conv2D(filters, kernel_size, stride, padding, dilation, groups, bias, start):
    _, functional = _torch()
    kernel, stride, dilation = map(_pair, (kernel_size, stride, dilation))

    def run(p, x, training, rng):
        w, b = p["weights"].permute(3, 2, 0, 1).contiguous(), p["bias"] if bias else None

        def convolve(x):
            x = _padded(x, kernel, stride, padding, dilation, 0)
            return functional.conv2d(x, w, b, stride, 0, dilation, groups)

        return _images(convolve)(x)

    return run


def BatchNorm(momentum, epsilon):
    _, functional = _torch()

    def run(p, x, training, rng):
        running, learned = (p["mean"], p["variance"]), (p["gamma"], p["beta"])
        rows = x.reshape(-1, x.shape[-1])  # a channel is a column of all its pixels
        y = functional.batch_norm(rows, *running, *learned, training, 1 - momentum, epsilon)
        return y.reshape(x.shape)

    return run


def Identity():
    return lambda p, x, training, rng: x


def ReLU():
    return lambda p, x, training, rng: x.relu()


def LeakyReLU(negative_slope):
    _, functional = _torch()
    return lambda p, x, training, rng: functional.leaky_relu(x, negative_slope)


def Sigmoid():
    return lambda p, x, training, rng: x.sigmoid()


def Tanh():
    return lambda p, x, training, rng: x.tanh()


def Flatten():
    return lambda p, x, training, rng: x.flatten(1)


def Dropout(keep_prob):
    torch, _ = _torch()

    def run(p, x, training, rng):
        if not training:
            return x
        return x * torch.tensor(rng.random(x.shape) < keep_prob) / keep_prob

    return run


def LocalResponseNorm(k, n, alpha, beta):
    _, functional = _torch()
    # PyTorch divides alpha by n
    norm = _images(lambda x: functional.local_response_norm(x, n, alpha * n, beta, k))
    return lambda p, x, training, rng: norm(x)


def MaxPool2D(kernel_size, stride, padding):
    _, functional = _torch()
    kernel, stride = _pair(kernel_size), _pair(kernel_size if stride is None else stride)

    def pool(x):
        return functional.max_pool2d(
            _padded(x, kernel, stride, padding, (1, 1), -np.inf), kernel, stride
        )

    return lambda p, x, training, rng: _images(pool)(x)


def AveragePool2D(kernel_size, stride, padding):
    torch, functional = _torch()
    kernel, stride = _pair(kernel_size), _pair(kernel_size if stride is None else stride)

    def pool(x):
        return functional.avg_pool2d(_padded(x, kernel, stride, padding, (1, 1), 0), kernel, stride)

    def mean_of_real_pixels(x):
        return pool(x) / pool(torch.ones_like(x))

    return lambda p, x, training, rng: _images(mean_of_real_pixels)(x)


def GlobalAveragePool():
    return lambda p, x, training, rng: x.mean(dim=(1, 2))


def Sequential(**layers):
    def run(p, x, training, rng):
        for name, layer in layers.items():
            x = layer(p.get(name, {}), x, training, rng)
        return x

    return run


def Residual(main, shortcut):
    def run(p, x, training, rng):
        y = main(p.get("main", {}), x, training, rng)
        return y + shortcut(p.get("shortcut", {}), x, training, rng)

    return run


def Heads(**layers):
    return lambda p, x, training, rng: tuple(
        layer(p.get(name, {}), x, training, rng) for name, layer in layers.items()
    )


def Concatenate(**layers):
    torch, _ = _torch()
    return lambda p, x, training, rng: torch.cat(Heads(**layers)(p, x, training, rng), dim=-1)


def Frozen(layer):
    def run(p, x, training, rng):
        return layer(_stopped(p), x, False, rng)

    return run


def _stopped(p):
    return {k: _stopped(v) if isinstance(v, dict) else v.detach() for k, v in p.items()}


def evaluate(text, params, x, dy, training, rng):
    """Return outputs, dx, slopes by name and running moments by name, all as arrays."""
    torch, _ = _torch()

    def tensors(tree):
        return {
            k: tensors(v)
            if isinstance(v, dict)
            else torch.tensor(v, requires_grad=k not in ("mean", "variance"))
            for k, v in tree.items()
        }

    def leaves(tree, path=""):
        for k, v in tree.items():
            yield from leaves(v, f"{path}{k}.") if isinstance(v, dict) else [(f"{path}{k}", v)]

    layer, params = eval(text, globals()), tensors(params)  # (the text is our own)
    x = torch.tensor(x, requires_grad=True)
    outputs = _flat(layer(params, x, training, rng))
    sum(torch.sum(y * torch.tensor(d)) for y, d in zip(outputs, _flat(dy), strict=True)).backward()
    found = dict(leaves(params))
    return {
        "outputs": [y.detach().numpy() for y in outputs],
        "dx": x.grad.numpy(),
        "slopes": {k: v.grad.numpy() for k, v in found.items() if v.grad is not None},
        "moments": {k: v.numpy() for k, v in found.items() if not v.requires_grad},
    }


def _flat(y):
    return [part for element in y for part in _flat(element)] if isinstance(y, tuple) else [y]
