"""Ask PyTorch and scikit-learn what the book's functions should give, and store their answers.

    python tests/oracles/generate.py

writes cases.json beside this file. The tests compare the book with the stored answers always, and
with fresh ones where both libraries are installed; `answer` computes both. Every number is a
float64, and JSON keeps all its digits.
"""

import importlib.metadata
import importlib.util
import itertools
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # for when this file is run

from oracles.before_resnet import before_resnet

CASES = Path(__file__).with_name("cases.json")


def stored(oracle):
    """Return the stored cases of one oracle: dicts of oracle, name, inputs and expected."""
    cases = json.loads(CASES.read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["oracle"] == oracle]


def sources():
    """Return where answers can be had from on this machine."""
    installed = all(importlib.util.find_spec(library) for library in ("torch", "sklearn"))
    return ["stored", "live"] if installed else ["stored"]


def expected(case, source):
    """Return the answer to a case: a dict of arrays and of lists of arrays."""
    found = case["expected"] if source == "stored" else answer(case)
    return {name: _as_arrays(value) for name, value in found.items()}


def answer(case):
    """Ask the library now."""
    return ORACLES[case["oracle"]](**case["inputs"])


def activation(function, z, **setting):
    z = _tensor(z)
    value = _activations()[function](z, **setting)
    value.sum().backward()
    return {"value": value.tolist(), "derivative": z.grad.tolist()}


def logistic_loss(h, y):
    import torch

    losses = torch.nn.functional.binary_cross_entropy(_tensor(h), _tensor(y), reduction="none")
    return {"loss": losses.tolist()}


def logistic_cost(x, y, theta, regularization):
    import torch

    theta = _tensor(theta)
    scores = _tensor(x) @ theta
    cost = torch.nn.functional.binary_cross_entropy_with_logits(scores, _tensor(y))
    cost = cost + regularization / (2 * len(y)) * theta[1:].square().sum()
    cost.backward()
    return {"cost": cost.item(), "gradient": theta.grad.tolist()}


def logistic_optimum(x, y, regularization):
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / regularization, solver="newton-cholesky", tol=1e-12)
    model.fit(np.delete(x, 0, axis=1), y)  # it adds the column of ones itself
    return {
        "theta": [*model.intercept_.tolist(), *model.coef_[0].tolist()],
        "probability": model.predict_proba(np.delete(x, 0, axis=1))[:, 1].tolist(),
        "prediction": model.predict(np.delete(x, 0, axis=1)).tolist(),
    }


def softmax_cost(x, y, theta, regularization):
    import torch

    theta = _tensor(theta)
    scores = _tensor(x) @ theta
    cost = torch.nn.functional.cross_entropy(scores, _tensor(y))
    cost = cost + regularization / (2 * len(y)) * theta[1:].square().sum()
    cost.backward()
    return {
        "cost": cost.item(),
        "gradient": theta.grad.tolist(),
        "log_softmax": torch.log_softmax(scores, dim=1).tolist(),
    }


def softmax_optimum(x, labels, regularization):
    from sklearn.linear_model import LogisticRegression

    x = np.delete(x, 0, axis=1)  # it adds the column of ones itself
    model = LogisticRegression(C=1 / regularization, solver="newton-cg", tol=1e-12)
    model.fit(x, labels)
    return {
        "probabilities": model.predict_proba(x).tolist(),
        "weights": model.coef_.T.tolist(),
    }


def divergence(p, q):
    import torch

    truth, forecast = (torch.distributions.Categorical(probs=_tensor(v)) for v in (p, q))
    return {
        "entropy": truth.entropy().tolist(),
        "kl": torch.distributions.kl_divergence(truth, forecast).tolist(),
    }


def confusion(labels, predicted, classes):
    from sklearn.metrics import confusion_matrix

    return {"counts": confusion_matrix(labels, predicted, labels=range(classes)).tolist()}


def network(x, target, weights, biases, activations):
    weights, biases = [_tensor(w) for w in weights], [_tensor(b) for b in biases]
    output = _forward(_tensor(x), weights, biases, activations)
    output.retain_grad()
    cost = _cost(output, _tensor(target))
    cost.backward()
    return {
        "output": output.tolist(),
        "cost": cost.item(),
        "output_gradient": output.grad.tolist(),
        "weight_gradients": [w.grad.tolist() for w in weights],
        "bias_gradients": [b.grad.tolist() for b in biases],
    }


def training(x, target, weights, biases, activations, learning_rate, steps):
    import torch

    weights, biases = [_tensor(w) for w in weights], [_tensor(b) for b in biases]
    optimizer = torch.optim.SGD([*weights, *biases], lr=learning_rate)
    costs = []
    for step in range(steps + 1):
        cost = _cost(_forward(_tensor(x), weights, biases, activations), _tensor(target))
        costs.append(cost.item())
        if step < steps:
            optimizer.zero_grad()
            cost.backward()
            optimizer.step()
    return {
        "costs": costs,
        "weights": [w.tolist() for w in weights],
        "biases": [b.tolist() for b in biases],
    }


def mini_batch(x, y, theta, batches, batch_size, learning_rate, epochs):
    """Return where SGD leads; the batches of all epochs are given, a size for the book's loop."""
    import torch

    x, y, theta = _tensor(x).detach(), _tensor(y).detach(), _tensor(theta)
    optimizer = torch.optim.SGD([theta], lr=learning_rate)
    for batch in batches:
        optimizer.zero_grad()
        (torch.nn.functional.mse_loss(x[batch] @ theta, y[batch]) / 2).backward()
        optimizer.step()
    return {"theta": theta.tolist()}


def classifier(x, labels, weights, biases, activations, learning_rate, steps):
    """Train on the cross entropy, with the whole batch in each step."""
    import torch

    weights, biases = [_tensor(w) for w in weights], [_tensor(b) for b in biases]
    optimizer = torch.optim.SGD([*weights, *biases], lr=learning_rate)
    for _ in range(steps):
        scores = _forward(_tensor(x), weights, biases, activations)
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(scores, torch.tensor(labels)).backward()
        optimizer.step()
    return {"weights": [w.tolist() for w in weights], "biases": [b.tolist() for b in biases]}


def initial_size(n_in, n_out):
    """Return by how much each rule scales the same standard normal numbers."""
    import torch

    def drawn(fill, **settings):
        torch.manual_seed(0)
        return fill(torch.empty(n_out, n_in, dtype=torch.float64), **settings)

    init = torch.nn.init
    fills = {
        "he": drawn(init.kaiming_normal_, nonlinearity="relu"),
        "lecun": drawn(init.kaiming_normal_, nonlinearity="linear"),
        "glorot": drawn(init.xavier_normal_),
    }
    standard = drawn(init.normal_)
    return {name: (theta / standard).median().item() for name, theta in fills.items()}


def clipping(gradients, threshold):
    import torch

    utils = torch.nn.utils

    def clipped(clip):
        parts = [torch.zeros(np.shape(g), dtype=torch.float64) for g in gradients]
        for part, g in zip(parts, gradients, strict=True):
            part.grad = torch.tensor(g, dtype=torch.float64)
        norm = clip(parts, threshold)
        return [part.grad.tolist() for part in parts], norm

    by_norm, norm = clipped(utils.clip_grad_norm_)
    by_value, _ = clipped(utils.clip_grad_value_)
    return {"by_norm": by_norm, "by_value": by_value, "norm": norm.item()}


def weight_decay(theta, curvature, slope, learning_rate, regularization, m, steps):
    import torch

    theta = _tensor(theta)
    curvature, slope = (torch.tensor(v, dtype=torch.float64) for v in (curvature, slope))
    optimizer = torch.optim.SGD([theta], lr=learning_rate, weight_decay=regularization / m)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.sum(curvature * theta**2 / 2 + slope * theta).backward()
        optimizer.step()
    return {"theta": theta.tolist()}


def schedule(scheduler, initial_rate, epochs, **settings):
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=initial_rate)
    schedule = getattr(torch.optim.lr_scheduler, scheduler)(optimizer, **settings)
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return {"rates": rates}


def perceptron(x, y, epochs):
    """Ask scikit-learn for the weights after each round, in the order of the examples."""
    from sklearn.linear_model import Perceptron

    theta = []
    for rounds in range(1, epochs + 1):
        model = Perceptron(shuffle=False, fit_intercept=False, tol=None, max_iter=rounds)
        theta.append(model.fit(x, y).coef_[0].tolist())
    return {"theta": theta}


def running_average(theta, beta):
    """Ask Adam for its average of the gradients, and for the step that it makes of it.

    With squares of the last gradient alone the step is the corrected average by that gradient's
    size. The average of weights is PyTorch's third, and starts at the first value.
    """
    import torch

    weights = torch.zeros(len(theta[0]), dtype=torch.float64, requires_grad=True)
    adam = torch.optim.Adam([weights], lr=1.0, betas=(beta, 0.0), eps=0.0)
    of_weights = torch.optim.swa_utils.AveragedModel(
        torch.nn.ParameterList([weights]),
        multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(beta),
    )
    found = {"average": [], "corrected": [], "from_first": []}
    for value in theta:
        value = torch.tensor(value, dtype=torch.float64)
        weights.grad, weights.data = value, torch.zeros_like(value)
        adam.step()
        found["average"].append(adam.state[weights]["exp_avg"].tolist())
        found["corrected"].append((-weights.data * value.abs()).tolist())
        weights.data = value
        of_weights.update_parameters(torch.nn.ParameterList([weights]))
        found["from_first"].append(of_weights.module[0].tolist())
    return found


def optimizers(theta, curvatures, runs, recorded):
    import torch

    found = {}
    for name, (optimizer, settings) in runs.items():
        weights = _tensor(theta)
        stepper = getattr(torch.optim, optimizer)([weights], **settings)
        path = []
        for _ in range(max(recorded)):
            stepper.zero_grad()
            (_tensor(curvatures) @ weights.square() / 2 + weights.cos().sum()).backward()
            stepper.step()
            path.append(weights.tolist())
        found[name] = [path[step - 1] for step in recorded]
    return found


def chain(theta):
    import torch

    def cost(weights):
        return (1 - weights.prod()).square() / 2

    weights = _tensor(theta)
    value = cost(weights)
    value.backward()
    hessian = torch.autograd.functional.hessian(cost, weights.detach())
    eigenvalues = torch.linalg.eigvalsh(hessian)
    return {
        "cost": value.item(),
        "gradient": weights.grad.tolist(),
        "hessian": hessian.tolist(),
        "eigenvalues": eigenvalues.tolist(),
    }


def folds(m, parts):
    from sklearn.model_selection import KFold

    return {"sizes": [len(test) for _, test in KFold(parts).split(range(m))]}


def strata(labels, sizes):
    from sklearn.model_selection import StratifiedShuffleSplit

    train_size, test_size = sizes
    splits = StratifiedShuffleSplit(
        n_splits=1, train_size=train_size, test_size=test_size, random_state=0
    )
    parts = next(splits.split(labels, labels))
    return {"counts": [np.bincount(np.take(labels, part)).tolist() for part in parts]}


def proportion(correct, m, z):
    from scipy.special import ndtr
    from scipy.stats import binomtest

    interval = binomtest(correct, m).proportion_ci(2 * ndtr(z) - 1, method="wilson")
    return {"ends": [float(interval.low), float(interval.high)]}


def standard_scaler(train, test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(train)
    return {
        "mean": scaler.mean_.tolist(),
        "variance": scaler.var_.tolist(),
        "train": scaler.transform(train).tolist(),
        "test": scaler.transform(test).tolist(),
    }


def convolution(x, w, b, dy, stride, padding, dilation, groups):
    import torch

    def channels_first(values):
        return torch.tensor(values, dtype=torch.float64).permute(0, 3, 1, 2)

    x = channels_first(x).requires_grad_()
    w = torch.tensor(w, dtype=torch.float64).permute(3, 2, 0, 1).requires_grad_()
    b = _tensor(b)
    ends = [(p, p) for p in padding] if padding != "SAME" else []
    for n, k, s, d in zip(x.shape[2:], w.shape[2:], stride, dilation, strict=True):
        if padding == "SAME":
            total = max((-(-n // s) - 1) * s + d * (k - 1) + 1 - n, 0)
            ends.append((total // 2, total - total // 2))
    padded = torch.nn.functional.pad(x, [*ends[1], *ends[0]])  # the last axis comes first
    y = torch.nn.functional.conv2d(padded, w, b, stride, 0, dilation, groups)
    y.backward(channels_first(dy))
    return {
        "y": y.permute(0, 2, 3, 1).tolist(),
        "dx": x.grad.permute(0, 2, 3, 1).tolist(),
        "dw": w.grad.permute(2, 3, 1, 0).tolist(),
        "db": b.grad.tolist(),
    }


def response_norm(a, db, k, n, alpha, beta):
    import torch

    a = _tensor(a)
    channels_second = a[:, :, None]
    # PyTorch divides alpha by n
    b = torch.nn.functional.local_response_norm(channels_second, n, alpha * n, beta, k)[:, :, 0]
    b.backward(_tensor(db))
    return {"b": b.tolist(), "da": a.grad.tolist()}


def batch_norm_of_images(x, dy, gamma, beta, epsilon, momentum):
    import torch

    x, gamma, beta = _tensor(x), _tensor(gamma), _tensor(beta)
    layer = torch.nn.BatchNorm2d(len(gamma), epsilon, 1 - momentum, dtype=torch.float64)
    layer.weight, layer.bias = torch.nn.Parameter(gamma), torch.nn.Parameter(beta)
    y = layer(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    y.backward(_tensor(dy))
    later = layer.eval()(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return {
        "y": y.tolist(),
        "dx": x.grad.tolist(),
        "dgamma": layer.weight.grad.tolist(),
        "dbeta": layer.bias.grad.tolist(),
        "running_mean": layer.running_mean.tolist(),
        "running_variance": layer.running_var.tolist(),
        "inference": later.tolist(),
    }


def pool(kind, dy, x, **settings):
    """Pool a batch (N, H, W, C) and send the slopes dy back."""
    import torch

    x = _tensor(x)
    y = getattr(torch.nn.functional, f"{kind}_pool2d")(x.permute(0, 3, 1, 2), **settings)
    y = y.permute(0, 2, 3, 1)
    y.backward(_tensor(dy))
    return {"value": y.tolist(), "gradient": x.grad.tolist()}


def stack_gradient(dy, kernels):
    import torch

    kernels = [_tensor(np.array(w)).permute(3, 2, 0, 1).detach() for w in kernels]
    height, width, _ = np.add(np.shape(dy), np.sum([(*w.shape[2:], 1) for w in kernels], axis=0))
    height, width = height - len(kernels), width - len(kernels)
    x = torch.zeros(1, kernels[0].shape[1], height, width, dtype=torch.float64, requires_grad=True)
    y = x
    for w in kernels:
        y = torch.nn.functional.conv2d(y, w)
    y.backward(_tensor(np.array(dy)).permute(2, 0, 1)[None].detach())
    return {"gradient": x.grad[0].permute(1, 2, 0).tolist()}


def layer(name, mode):
    """Return fingerprints of all that a layer of the list gives, one number for each array."""
    sys.path.insert(0, str(CASES.parents[1]))  # where the tests find it by themselves
    import layers
    from oracles import twins

    example, input_shape = layers.LAYERS[name]
    x, params = layers.draw(example, input_shape)
    y, *_ = layers.run(example, params, x, mode == "training")
    found = twins.evaluate(
        repr(example),
        *(params, x, layers.slopes_like(y), mode == "training"),
        np.random.default_rng(2),
    )
    named = [*sorted(found["slopes"].items()), *sorted(found["moments"].items())]
    arrays = [*found["outputs"], found["dx"], *(array for _, array in named)]
    return {"numbers": layers.fingerprints(arrays)}


def loss(loss, scores, targets):
    import torch

    functional = torch.nn.functional
    functions = {
        "softmax_cross_entropy": functional.cross_entropy,
        "sigmoid_cross_entropy": functional.binary_cross_entropy_with_logits,
        "mean_squared_error": functional.mse_loss,
    }
    scores = _tensor(scores)
    classes = loss == "softmax_cross_entropy"
    cost = functions[loss](scores, torch.tensor(targets, dtype=None if classes else scores.dtype))
    cost.backward()
    return {"cost": cost.item(), "slopes": scores.grad.tolist()}


def decayed_steps(
    x, labels, weights, bias, optimizer, learning_rate, weight_decay, clip_norm, steps
):
    """Train one layer on the whole batch; the bias does not decay."""
    import torch

    weights, bias = _tensor(weights), _tensor(bias)
    groups = [{"params": [weights]}, {"params": [bias], "weight_decay": 0.0}]
    optimizer = getattr(torch.optim, optimizer)(groups, lr=learning_rate, weight_decay=weight_decay)
    costs = []
    for _ in range(steps):
        optimizer.zero_grad()
        scores = _tensor(x) @ weights + bias
        cost = torch.nn.functional.cross_entropy(scores, torch.tensor(labels))
        cost.backward()
        # PyTorch divides by the norm plus 1e-6
        norm = torch.nn.utils.get_total_norm([weights.grad, bias.grad])
        torch.nn.utils.clip_grad_norm_([weights, bias], clip_norm * (1 + 1e-6 / norm.item()))
        costs.append(cost.item())
        optimizer.step()
    return {"costs": costs, "weights": weights.tolist(), "bias": bias.tolist()}


def plateau(costs, initial_rate, factor, patience):
    import torch

    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=initial_rate)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=factor, patience=patience, threshold=0
    )
    rates = [initial_rate]
    for cost in costs:
        schedule.step(cost)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"rates": rates}


ORACLES = {
    f.__name__: f
    for f in (
        activation,
        logistic_loss,
        logistic_cost,
        logistic_optimum,
        softmax_cost,
        softmax_optimum,
        divergence,
        confusion,
        network,
        training,
        mini_batch,
        classifier,
        initial_size,
        clipping,
        weight_decay,
        schedule,
        perceptron,
        running_average,
        optimizers,
        chain,
        folds,
        strata,
        proportion,
        standard_scaler,
        convolution,
        response_norm,
        batch_norm_of_images,
        pool,
        stack_gradient,
        layer,
        before_resnet,
        loss,
        decayed_steps,
        plateau,
    )
}


def questions():
    """Return the cases without their answers. Inputs have two decimals, so that they read well."""
    rng = np.random.default_rng(2026)

    def numbers(*shape):
        return rng.uniform(-1, 1, shape).round(2)

    def labels(x, noise):
        return (x.sum(axis=1) + noise * rng.normal(size=len(x)) > 0).astype(float)

    def net(m, *widths):
        pairs = list(itertools.pairwise(widths))
        return {
            "x": numbers(m, widths[0]),
            "target": numbers(m, widths[-1]),
            "weights": [numbers(*pair) for pair in pairs],
            "biases": [numbers(pair[1]) for pair in pairs],
        }

    # the kinks and the far ends are among them
    z = [-1e4, -40, -10, -2.5, -1, -0.01, 0, 0.01, 0.3, 1, 2.5, 10, 40, 1e4]
    for function in ("identity", "sigmoid", "tanh", "relu"):
        yield "activation", function, {"function": function, "z": z}
    for slope in (0.01, 0.3):
        inputs = {"function": "leaky_relu", "z": z, "negative_slope": slope}
        yield "activation", f"leaky_relu-{slope}", inputs
    for frequency in (1, 30):
        inputs = {"function": "sine", "z": z[3:-3], "frequency": frequency}
        yield "activation", f"sine-{frequency}", inputs

    h = [0.001, 0.2689, 0.5, 0.7311, 0.999] * 2
    yield "logistic_loss", "both-labels", {"h": h, "y": [1.0] * 5 + [0.0] * 5}
    for m, n, scale, regularization in ((1, 1, 1, 0), (6, 3, 1, 0), (6, 3, 1, 2.5), (3, 2, 1e4, 0)):
        x = np.column_stack([np.ones(m), scale * numbers(m, n)])
        inputs = {"x": x, "y": labels(x, 1), "theta": numbers(n + 1)}
        name = f"m{m}-n{n}-scale{scale:g}-lambda{regularization}"
        yield "logistic_cost", name, {**inputs, "regularization": regularization}
    for regularization in (0.1, 1, 10):
        x = np.column_stack([np.ones(12), numbers(12, 2)])
        inputs = {"x": x, "y": labels(x - [1, 0, 0], 0.5), "regularization": regularization}
        yield "logistic_optimum", f"lambda{regularization}", inputs

    for m, widths, activations in (
        (1, (1, 1), ("sigmoid",)),
        (4, (3, 2), ("identity",)),
        (3, (2, 4, 3), ("tanh", "sigmoid")),
        (5, (3, 4, 2, 2), ("relu", "leaky_relu", "sine")),
    ):
        name = f"m{m}-{'-'.join(map(str, widths))}-{'-'.join(activations)}"
        yield "network", name, {**net(m, *widths), "activations": activations}
    inputs = {**net(4, 2, 3, 1), "activations": ("tanh", "identity")}
    yield "training", "4-examples", {**inputs, "learning_rate": 0.2, "steps": 40}

    for m, n, classes, scale, regularization in (
        (1, 1, 1, 1, 0),
        (5, 3, 4, 1, 2.5),
        (4, 2, 3, 1e4, 0),
    ):
        x = np.column_stack([np.ones(m), scale * numbers(m, n)])
        y = np.eye(classes)[rng.integers(0, classes, size=m)]
        y[-1] = rng.multinomial(100, np.full(classes, 1 / classes)) / 100  # a target of degrees
        inputs = {"x": x, "y": y, "theta": numbers(n + 1, classes)}
        name = f"m{m}-n{n}-k{classes}-scale{scale:g}-lambda{regularization}"
        yield "softmax_cost", name, {**inputs, "regularization": regularization}
    for regularization in (0.1, 1, 10):
        x = np.column_stack([np.ones(12), numbers(12, 2)])
        scores = x @ [[0, 0, 0.2], [2, 0, -2], [0, 2, -2]] + rng.normal(size=(12, 3))
        inputs = {"x": x, "labels": scores.argmax(axis=1), "regularization": regularization}
        yield "softmax_optimum", f"lambda{regularization}", inputs
    p, q = (rng.multinomial(100, np.full(4, 0.25), size=3) / 100 for _ in range(2))
    yield "divergence", "3-rows", {"p": p, "q": q}
    labels_of_20, predicted = rng.integers(0, 4, size=(2, 20))
    inputs = {"labels": labels_of_20, "predicted": predicted, "classes": 5}
    yield "confusion", "20-of-4", inputs

    for n_in, n_out in ((8, 8), (12, 3), (3, 12), (1, 5)):
        yield "initial_size", f"{n_in}-{n_out}", {"n_in": n_in, "n_out": n_out}

    gradients = [numbers(2, 3), numbers(3), 10 * numbers(2)]
    for threshold in (0.5, 3.0, 100.0):
        inputs = {"gradients": gradients, "threshold": threshold}
        yield "clipping", f"{threshold:g}", inputs
    inputs = {"theta": [1.0, -2.0, 0.5], "curvature": [0.0, 1.0, 4.0], "slope": [0.0, -3.0, 1.0]}
    inputs |= {"learning_rate": 0.1, "regularization": 2.5, "m": 10, "steps": 25}
    yield "weight_decay", "25-steps", inputs
    for scheduler, settings in (
        ("ExponentialLR", {"gamma": 0.95}),
        ("StepLR", {"step_size": 4, "gamma": 0.1}),
        ("MultiStepLR", {"milestones": [3, 5, 10], "gamma": 0.5}),
    ):
        inputs = {"scheduler": scheduler, "initial_rate": 0.3, "epochs": 13, **settings}
        yield "schedule", scheduler, inputs
    runs = {
        "momentum": ("SGD", {"lr": 0.02, "momentum": 0.9}),
        "average": ("SGD", {"lr": 0.2, "momentum": 0.9, "dampening": 0.9}),
        "nesterov": ("SGD", {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
        "rmsprop": ("RMSprop", {"lr": 0.02, "alpha": 0.9}),
        "adam": ("Adam", {"lr": 0.05}),
    }
    inputs = {"theta": [1.5, -0.7], "curvatures": [3, 40], "runs": runs, "recorded": [1, 100]}
    yield "optimizers", "5-steps", inputs
    for theta in ([0.3], [0, 0], [1.5, -0.5], [0, 0, 0], [0, 2, 0.5], [0.9, -1.2, 0.4, 2]):
        yield "chain", f"weights{theta}", {"theta": np.array(theta, np.float64)}

    # scikit-learn also corrects a score of exactly 0, which in these rounds is met at the start
    # alone, by an example that is wrong
    scattered = np.random.default_rng(19)
    x = np.column_stack([np.ones(12), scattered.uniform(-1, 1, size=(12, 2)).round(2)])
    y = scattered.choice([-1, 1], size=12)
    y[0] = -1
    yield "perceptron", "overlapping", {"x": x, "y": y, "epochs": 4}
    series = np.random.default_rng(17).uniform(-9, 9, size=(4, 2)).round(2)
    for beta in (0.0, 0.9):
        yield "running_average", f"beta{beta}", {"theta": series, "beta": beta}
    own = np.random.default_rng(16)
    x = np.column_stack([np.ones(7), own.uniform(-1, 1, (7, 2)).round(2)])
    batches = [own.permutation(7)[i : i + 3] for _ in range(2) for i in (0, 3, 6)]
    inputs = {"x": x, "y": own.uniform(-1, 1, 7).round(2), "theta": [0.5, -1.0, 2.0]}
    settings = {"batch_size": 3, "learning_rate": 0.3, "epochs": 2}
    yield "mini_batch", "7-in-threes", {**inputs, "batches": batches, **settings}
    own = np.random.default_rng(6)
    inputs = {
        "x": own.uniform(-1, 1, (4, 2)).round(2),
        "labels": [0, 2, 1, 0],
        "weights": [own.uniform(-1, 1, shape).round(2) for shape in ((2, 2), (2, 3))],
        "biases": [own.uniform(-1, 1, width).round(2) for width in (2, 3)],
    }
    settings = {"activations": ("tanh", "identity"), "learning_rate": 0.5, "steps": 5}
    yield "classifier", "4-examples", {**inputs, **settings}
    for m, parts in ((12, 5), (1797, 10)):
        yield "folds", f"{m}-{parts}", {"m": m, "parts": parts}
    labels_of_23 = [0] * 11 + [1] * 7 + [2] * 3 + [3] * 2  # no two classes are cut equally
    yield "strata", "23-of-4", {"labels": labels_of_23, "sizes": [16, 7]}
    for correct, m, z in ((0, 7, 1.96), (50, 50, 1.96), (285, 300, 2.5)):
        yield "proportion", f"{correct}-of-{m}", {"correct": correct, "m": m, "z": z}
    of_scales = np.random.default_rng(20)  # a section's own, so that the others' numbers stay
    features = of_scales.normal([100, 0.01, 7], [20, 0.3, 0], size=(7, 3)).round(2)
    features[4:, 2] += 1
    inputs = {"train": features[:4], "test": features[4:]}
    yield "standard_scaler", "one-constant", inputs
    yield from convolutions()

    own = np.random.default_rng(29)
    inputs = {"a": own.integers(0, 300, (1, 6)), "db": own.uniform(-1, 1, (1, 6)).round(2)}
    settings = {"k": 2.0, "n": 5, "alpha": 1e-4, "beta": 0.75}
    yield "response_norm", "6-channels", {**inputs, **settings}
    shape = (2, 2, 1, 2)
    inputs = {"x": own.normal(3, 2, shape).round(1), "dy": own.uniform(-1, 1, shape).round(2)}
    settings = {"gamma": [1.5, -0.5], "beta": [0.2, 3.0], "epsilon": 1e-3, "momentum": 0.8}
    yield "batch_norm_of_images", "2-images", {**inputs, **settings}

    own = np.random.default_rng(25)  # small whole numbers: many ties, short answers
    settings = {"kernel_size": [2, 2], "stride": [2, 1], "padding": [1, 0]}
    for kind, name, more in (
        ("max", "max-with-ties", {}),
        ("avg", "average-counted", {"count_include_pad": True}),
        ("avg", "average-not-counted", {"count_include_pad": False}),
    ):
        inputs = {"x": own.integers(-2, 2, (1, 4, 3, 1)), "dy": own.integers(1, 9, (1, 3, 2, 1))}
        yield "pool", name, {"kind": kind, **inputs, **settings, **more}

    own = np.random.default_rng(26)
    kernels = [own.uniform(-1, 1, shape).round(2) for shape in ((2, 1, 1, 2), (1, 3, 2, 1))]
    yield (
        "stack_gradient",
        "two",
        {"dy": own.uniform(-1, 1, (1, 2, 1)).round(2), "kernels": kernels},
    )
    yield from examples_of_layers()


def examples_of_layers():
    """Return the examples of layers; in inference only those that then do something else."""
    sys.path.insert(0, str(CASES.parents[1]))
    from layers import LAYERS

    for name, (example, _) in LAYERS.items():
        for mode in ("training", "inference"):
            if mode == "training" or "Norm" in repr(example) or "Dropout" in repr(example):
                yield "layer", f"{name}-{mode}", {"name": name, "mode": mode}
    of_the_notes = {"groups": 1, "second_kernel": 3, "normalize_last": True}
    for name, network, shape, settings in (
        ("lenet5", "lenet5", (2, 28, 28, 1), {}),
        ("lenet5-1998", "lenet5", (1, 32, 32, 3), {"original": True, "padding": 0, "classes": 4}),
        ("alexnet", "alexnet", (2, 67, 83, 3), {"width": 1 / 16, "classes": 3}),
        (
            "alexnet-of-the-notes",
            "alexnet",
            (1, 83, 67, 3),
            {"width": 1 / 32, "classes": 3, **of_the_notes},
        ),
        ("vgg11", "vgg", (2, 32, 64, 3), {"depth": 11, "width": 1 / 32, "classes": 3}),
        ("vgg16", "vgg", (1, 64, 32, 3), {"depth": 16, "width": 1 / 64, "classes": 4}),
    ):
        inputs = {"network": network, "settings": settings, "shape": shape, "seed": 31}
        yield "before_resnet", name, inputs

    own = np.random.default_rng(27)
    scores, shares = own.normal(0, 3, (3, 4)).round(2), own.uniform(0, 1, (3, 4)).round(2)
    for name, targets in (
        ("softmax_cross_entropy", own.integers(0, 4, 3)),
        ("sigmoid_cross_entropy", shares),
        ("mean_squared_error", shares),
    ):
        yield "loss", name, {"loss": name, "scores": scores, "targets": targets}
    inputs = {
        "x": own.normal(size=(4, 2)).round(2),
        "labels": own.integers(0, 3, 4),
        "weights": own.uniform(-1, 1, (2, 3)).round(2),
        "bias": own.uniform(-1, 1, 3).round(2),
    }
    for optimizer, rate, decay, clip in (("AdamW", 0.05, 0.3, 0.4), ("SGD", 0.5, 0.1, 0.3)):
        settings = {"learning_rate": rate, "weight_decay": decay, "clip_norm": clip, "steps": 6}
        yield "decayed_steps", optimizer, {**inputs, "optimizer": optimizer, **settings}
    costs = own.integers(1, 9, 14)
    settings = {"initial_rate": 1.0, "factor": 0.5, "patience": 1}
    yield "plateau", "14-epochs", {"costs": costs, **settings}


def convolutions():
    """Return layers of small whole numbers, whose answers are whole numbers too."""
    rng = np.random.default_rng(22)
    for x, w, out, stride, padding, dilation, groups in (
        ((1, 3, 3, 2), (3, 2, 2, 2), (3, 2), (1, 1), (1, 0), (1, 1), 1),
        ((1, 3, 4, 2), (2, 3, 1, 4), (2, 2), (2, 3), "SAME", (1, 1), 2),
        ((1, 4, 4, 1), (2, 3, 1, 1), (1, 2), (2, 1), (0, 1), (3, 2), 1),
        ((2, 3, 2, 1), (1, 1, 1, 2), (2, 1), (2, 2), (0, 0), (1, 1), 1),
    ):
        shapes = {"x": x, "w": w, "b": w[3:], "dy": (x[0], *out, w[3])}
        inputs = {name: rng.integers(-3, 4, shape) for name, shape in shapes.items()}
        settings = {"stride": stride, "padding": padding, "dilation": dilation}
        name = f"stride{stride}-{padding}-dilation{dilation}-groups{groups}".replace(" ", "")
        yield "convolution", name, {**inputs, **settings, "groups": groups}


def main():
    cases = []
    for oracle, name, inputs in questions():
        case = {"oracle": oracle, "name": name, "inputs": _as_lists(inputs)}
        cases.append({**case, "expected": answer(case)})
    libraries = ("numpy", "torch", "scikit-learn")
    versions = {library: importlib.metadata.version(library) for library in libraries}
    lines = ",\n".join(json.dumps(case) for case in cases)
    CASES.write_text(
        f'{{"versions": {json.dumps(versions)},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8"
    )
    print(f"{len(cases)} cases, {CASES.stat().st_size} bytes: {CASES}")


def _tensor(values):
    import torch

    return torch.tensor(values, dtype=torch.float64, requires_grad=True)


def _activations():
    import torch

    return {
        "identity": torch.clone,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leaky_relu": torch.nn.functional.leaky_relu,
        "sine": lambda z, frequency=1.0: torch.sin(frequency * z),
    }


def _forward(a, weights, biases, activations):
    import torch

    for w, b, f in zip(weights, biases, activations, strict=True):
        a = _activations()[f](torch.nn.functional.linear(a, w.T, b))
    return a


def _cost(output, target):
    import torch

    return torch.nn.functional.mse_loss(output, target, reduction="sum") / (2 * len(output))


def _as_lists(value):
    if isinstance(value, dict):
        return {name: _as_lists(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_lists(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray) else value


def _as_arrays(value):
    """Return nested lists of numbers as an array, a list of differently shaped ones as a list."""
    try:
        return np.asarray(value, dtype=np.float64)
    except ValueError:
        return [np.asarray(part, dtype=np.float64) for part in value]


if __name__ == "__main__":
    main()
