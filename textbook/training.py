r"""Training: one loop over mini-batches for every network, and what has to be watched meanwhile.

A hundred points, of two kinds by the sign of x_1 x_2, and a network of eight hidden units:

>>> import numpy as np
>>> from textbook.network import Dense, ReLU, Sequential, initialize
>>> from textbook.training import accuracy, fit
>>> rng = np.random.default_rng(0)
>>> x = rng.normal(size=(100, 2))
>>> labels = (x[:, 0] * x[:, 1] > 0).astype(int)
>>> network = Sequential(hidden=Dense(8), relu=ReLU(), scores=Dense(2))
>>> params = initialize(network, rng, input_shape=(2,), dtype=np.float64)
>>> run = fit(network, params, x, labels, epochs=100, rng=rng, batch_size=10, learning_rate=0.01)
>>> accuracy(network, params, x, labels), accuracy(network, run.params, x, labels)
(0.38, 0.99)
"""

import copy
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_finite_array,
    check_count,
    check_generator,
    check_number,
    check_same_shape,
)
from textbook.activations import sigmoid
from textbook.gradient_descent import mini_batches
from textbook.network import (
    Composite,
    Layer,
    check_parameters,
    load_parameters,
    named_parameters,
    nested_parameters,
    save_parameters,
)
from textbook.optimizers import AdamState, adam_step, on_tree
from textbook.regularization import best_epoch, should_stop
from textbook.softmax_regression import log_softmax
from textbook.vanishing_gradients import clip_by_norm

__all__ = [
    "History",
    "Plateau",
    "Run",
    "accuracy",
    "fit",
    "load_run",
    "mean_squared_error",
    "plateau_rate",
    "predict",
    "save_run",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
]

Tree = dict[str, Any]
Step = Callable[..., tuple[Any, Any]]
Loss = Callable[[Any, Any], tuple[float, Any]]
Augment = Callable[..., ArrayLike]
Rate = Callable[[int], float]
_Place = (
    tuple[float, str] | None
)  # the rate and where it went wrong; None before any step


class Plateau(NamedTuple):
    """A learning rate that falls when the validation cost does, no more: see `plateau_rate`.

    Attributes
    ----------
    initial_rate : float, of shape ()
    factor : float, of shape ()
        What the rate is multiplied by.
    patience : int, of shape ()
        Epochs in a row without a new best cost, after which the rate falls.
    """

    initial_rate: float
    factor: float = 0.1
    patience: int = 10


class History(NamedTuple):
    """What was seen in each epoch. What nobody measured is empty.

    Attributes
    ----------
    learning_rate : ndarray of shape (epochs,)
    cost : ndarray of shape (epochs,)
        Mean over the training examples, each in the step that used it: dropout awake, images
        augmented, weights on the move.
    accuracy : ndarray of shape (epochs,)
        Share of right answers on the same occasions, if labels are whole numbers.
    validation_cost : ndarray of shape (epochs,)
        After the last step of the epoch, in inference mode.
    validation_accuracy : ndarray of shape (epochs,)
    """

    learning_rate: FloatArray
    cost: FloatArray
    accuracy: FloatArray
    validation_cost: FloatArray
    validation_accuracy: FloatArray


class Run(NamedTuple):
    """A training run up to the end of its last whole epoch, with all that is needed to go on.

    Attributes
    ----------
    params : dict of arrays of any shape, nested
        As the last whole epoch left them.
    best : dict of arrays of any shape, nested
        Those of the epoch with the lowest validation cost; without a validation set the last.
    history : History of arrays of shape (epochs,)
    optimizer_state : dict or None, of arrays of any shape
    generator : dict, with integers of shape ()
        State of the random generator.
    interrupted : bool, of shape ()
        Whether somebody pressed Ctrl-C.
    """

    params: Tree
    best: Tree
    history: History
    optimizer_state: Any
    generator: Any
    interrupted: bool = False


# -- Losses: cost and slopes at once


def softmax_cross_entropy(
    scores: ArrayLike, labels: ArrayLike
) -> tuple[float, FloatArray]:
    r"""Return the cost of scores for classes, and its slopes in the scores.

    .. math:: J = -\frac{1}{m} \sum_{i=1}^{m} \log a_{i y_i}, \qquad
        \frac{\partial J}{\partial z_{ik}} = \frac{1}{m} \bigl( a_{ik} - 1\{y_i = k\} \bigr),
        \qquad a_i = \operatorname{softmax}(z_i)

    Parameters
    ----------
    scores : array_like of shape (m, K) or (m, ..., K)
        What the network's last layer gives, no softmax behind it.
    labels : array_like of int of shape (m,) or (m, ...)
        Classes from 0 to K - 1.

    Returns
    -------
    cost : float
        Mean over all labels.
    slopes : ndarray of the shape of `scores`
        With the 1/m inside, ready for `backward`.

    Raises
    ------
    TypeError
        If `scores` does not hold real numbers, or `labels` does not hold integers.
    ValueError
        If `scores` is empty or not finite, the shapes do not fit, or a label is no class.

    Examples
    --------
    Equal scores for ten classes cost log 10, whatever the label; and a score of 1000 is no trouble:

    >>> from textbook.training import softmax_cross_entropy
    >>> cost, slopes = softmax_cross_entropy([[0.0] * 10, [0.0] * 10], [3, 9])
    >>> round(cost, 4), slopes[0, :4].round(4).tolist()
    (2.3026, [0.05, 0.05, 0.05, -0.45])
    >>> cost, slopes = softmax_cross_entropy([[1000, 0]], [1])
    >>> cost, slopes.tolist()
    (1000.0, [[1.0, -1.0]])
    """
    scores = _check_scores(scores)
    labels = _check_labels(labels, scores)

    log_a = log_softmax(scores)
    picked = np.take_along_axis(log_a, labels[..., None], axis=-1)
    right = labels[..., None] == np.arange(scores.shape[-1])
    return -float(picked.mean()), (np.exp(log_a) - right) / labels.size


def sigmoid_cross_entropy(
    scores: ArrayLike, targets: ArrayLike
) -> tuple[float, FloatArray]:
    r"""Return the cost of scores that each answer yes or no, such as the pixels of a mask.

    .. math:: J = -\frac{1}{n} \sum_{i=1}^{n} \bigl( t_i \log \sigma(z_i)
        + (1 - t_i) \log(1 - \sigma(z_i)) \bigr), \qquad
        \frac{\partial J}{\partial z_i} = \frac{\sigma(z_i) - t_i}{n}

    Parameters
    ----------
    scores : array_like of any shape
        All n numbers are answers of their own; no sigmoid behind the last layer.
    targets : array_like of the shape of `scores`
        From 0 (no) to 1 (yes).

    Returns
    -------
    cost : float
        Mean over all numbers, pixels included.
    slopes : ndarray of the shape of `scores`

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `scores` is empty or not finite, the shapes differ, or a target lies outside 0 to 1.

    Examples
    --------
    An undecided answer costs log 2. One that is wrong by a thousand costs a thousand, where the
    logarithm of the sigmoid itself would be that of 0:

    >>> from textbook.training import sigmoid_cross_entropy
    >>> cost, slopes = sigmoid_cross_entropy([[0.0, -1000.0]], [[1, 1]])
    >>> round(cost, 4), slopes.tolist()
    (500.3466, [[-0.25, -0.5]])
    """
    scores = _check_not_empty("scores", as_finite_array("scores", scores))
    targets = _check_targets("targets", targets, "scores", scores)
    _check_shares(targets)

    # yes or no is a choice between the classes of score z and score 0
    log_yes, log_no = np.moveaxis(
        log_softmax(np.stack([scores, np.zeros_like(scores)], axis=-1)), -1, 0
    )
    cost = -np.mean(targets * log_yes + (1 - targets) * log_no)
    return float(cost), (sigmoid(scores) - targets) / scores.size


def mean_squared_error(y: ArrayLike, target: ArrayLike) -> tuple[float, FloatArray]:
    r"""Return the mean squared distance of outputs from targets, and its slopes in the outputs.

    .. math:: J = \frac{1}{n} \sum_{i=1}^{n} (y_i - t_i)^2, \qquad
        \frac{\partial J}{\partial y_i} = \frac{2}{n} (y_i - t_i)

    Parameters
    ----------
    y : array_like of any shape
        The outputs, n numbers in all.
    target : array_like of the shape of `y`

    Returns
    -------
    cost : float
    slopes : ndarray of the shape of `y`

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If `y` is empty, the shapes differ, or a number is not finite.

    Warnings
    --------
    `textbook.backprop.squared_error` is another cost: it halves the squares, and adds up the
    outputs of an example.

    Examples
    --------
    >>> from textbook.training import mean_squared_error
    >>> cost, slopes = mean_squared_error([[1.0, 2.0], [3.0, 4.0]], [[1, 2], [3, 0]])
    >>> cost, slopes.tolist()
    (4.0, [[0.0, 0.0], [0.0, 2.0]])
    """
    y = _check_not_empty("y", as_finite_array("y", y))
    target = _check_targets("target", target, "y", y)

    error = y - target
    return float(np.mean(error**2)), 2 * error / error.size


# -- The loop


def fit(
    network: Layer,
    params: Tree,
    x: ArrayLike,
    labels: ArrayLike,
    *,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int = 64,
    optimizer: Step = adam_step,
    learning_rate: float | Rate | Plateau = 1e-3,
    loss: Loss = softmax_cross_entropy,
    weight_decay: float = 0.0,
    augment: Augment | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    patience: int | None = None,
    clip_norm: float | None = None,
    progress: bool | None = None,
    resume: Run | None = None,
) -> Run:
    r"""Train a network on mini-batches, epoch by epoch.

    .. math:: \theta \leftarrow \operatorname{step}\bigl( (1 - \alpha \delta)\, \theta,\;
        \nabla J_B(\theta) \bigr), \qquad
        J_B = \frac{1}{b} \sum_{i \in B} \operatorname{loss}(f_\theta(x_i), y_i)

    Parameters
    ----------
    network : Layer
        Its last layer gives what `loss` takes.
    params : dict
        Arrays by name, nested, as `textbook.network.initialize` returns them. `x` is brought to
        their precision.
    x : array_like of shape (m, d) or (m, H, W, C)
    labels : array_like of shape (m,) or (m, ...)
        What `loss` compares with.
    epochs : int
        How often each example is used in all, the epochs of `resume` included.
    rng : numpy.random.Generator
        For the order of the examples, dropout and `augment`.
    batch_size : int, default 64
        The letter b. A smaller set is one batch; the last of an epoch may be smaller.
    optimizer : callable, default adam_step
        A step of `textbook.optimizers`; ``functools.partial`` gives it other settings.
    learning_rate : float, callable or Plateau, default 0.001
        The letter alpha. A function is given the number of the epoch, from 0, once in each epoch,
        so that ``partial`` makes one of any schedule of `textbook.learning_rate_decay`.
    loss : callable, default softmax_cross_entropy
        Takes the network's output and labels, returns a cost and its slopes in the output.
    weight_decay : float, default 0.0
        The letter delta: how much of an array called "weights" is taken away in a step, over the
        learning rate. Bias, gamma and beta are left alone.
    augment : callable, optional
        Takes the images of a batch, and `rng` by that name; returns images. It is tried on one
        example before the first step.
    validation : pair of x and labels, optional
        Judged after each epoch.
    patience : int, optional
        Stop once so many epochs in a row have brought no new best validation cost.
    clip_norm : float, optional
        The greatest length of the whole gradient, as `textbook.vanishing_gradients.clip_by_norm`
        has it.
    progress : bool, optional
        Whether a bar is drawn on the standard error; unless told, if that is a terminal.
    resume : Run, optional
        Where to go on. Then `params` are those of the run, and `rng` is put where it stood: all
        numbers are those of a run that was never stopped.

    Returns
    -------
    Run
        Ctrl-C ends the training too, and returns what the last whole epoch left.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If shapes do not fit, a setting lies outside its range, or a number is no longer finite: the
        message tells the step, and the first layer or the gradient that went wrong.

    Warnings
    --------
    The decay is that of AdamW: outside of the gradient, without any 1/m. In the terms of
    `textbook.regularization.decay_step`, delta is lambda / m with the m of the training set. With
    plain steps it equals an L2 penalty of delta / 2 times the squares. Where a paper adds its decay
    to the gradient, momentum with beta = 0.9 makes ten times as much of it.

    References
    ----------
    Loshchilov and Hutter (2019), Decoupled weight decay regularization.

    Examples
    --------
    A straight line through three points, by plain steps on the whole batch:

    >>> import numpy as np
    >>> from textbook.network import Dense
    >>> from textbook.optimizers import plain_step
    >>> from textbook.training import fit, mean_squared_error
    >>> params = {"weights": np.zeros((1, 1)), "bias": np.zeros(1)}
    >>> run = fit(
    ...     *(Dense(1), params, [[0], [1], [2]], [[1], [3], [5]]),
    ...     epochs=100, rng=np.random.default_rng(0),
    ...     optimizer=plain_step, learning_rate=0.3, loss=mean_squared_error,
    ... )
    >>> run.params["weights"].round(4).tolist(), run.params["bias"].round(4).tolist()
    ([[2.0]], [1.0])
    >>> [round(cost, 4) for cost in run.history.cost[[0, 1, 99]].tolist()]
    [11.6667, 2.2, 0.0]
    """
    check_count("epochs", epochs)
    check_generator(rng)
    _check_network(network)
    params = _check_params(params)
    x = _check_x("x", x, params)
    job = _Job(
        network=network,
        x=x,
        labels=_check_length("labels", labels, x),
        rng=rng,
        batch_size=_check_batch_size(batch_size, x),
        step=on_tree(_check_function("optimizer", optimizer)),
        learning_rate=_check_rate(learning_rate, validation),
        loss=_check_function("loss", loss),
        weight_decay=check_number("weight_decay", weight_decay, at_least=0),
        augment=augment if augment is None else _check_function("augment", augment),
        validation=_check_validation(validation, params),
        clip_norm=clip_norm
        if clip_norm is None
        else check_number("clip_norm", clip_norm, above=0),
        epochs_to_show=epochs if _check_progress(progress) else 0,
    )
    _check_patience(patience, validation)
    run = _first_run(params, rng) if resume is None else _resumed(resume, job)
    with np.errstate(all="ignore"):  # what is not finite is told in words
        _rehearse(job, run.params)
        try:
            while len(run.history.cost) < epochs and not _is_over(run, patience):
                run = _epoch(job, run)
        except KeyboardInterrupt:
            run = run._replace(interrupted=True)
    return run


def plateau_rate(
    costs: ArrayLike, initial_rate: float, factor: float = 0.1, patience: int = 10
) -> float:
    r"""Return the learning rate that is due after some validation costs.

    .. math:: \alpha = \alpha_0\, q^k

    where k counts how often `patience` epochs in a row have brought no new best cost.

    Parameters
    ----------
    costs : array_like of shape (T,)
        Validation costs of the epochs so far, perhaps none.
    initial_rate : float above 0
    factor : float, default 0.1
        The letter q, above 0 and at most 1.
    patience : int, default 10
        At least 1.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `costs` has more than one axis or is not finite, or a setting lies outside its range.

    Warnings
    --------
    PyTorch's ReduceLROnPlateau waits one epoch longer, and a cost is new to it only if it is better
    by a ten-thousandth; its patience=1, threshold=0 is our patience=2.

    Examples
    --------
    The rate falls after two idle epochs, and waits two again:

    >>> from textbook.training import plateau_rate
    >>> costs = [0.9, 0.5, 0.6, 0.7, 0.8, 0.6, 0.4]
    >>> [round(plateau_rate(costs[:t], 1, patience=2), 4) for t in range(8)]
    [1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.01, 0.01]
    """
    costs = as_finite_array("costs", costs, "T")
    rate = check_number("initial_rate", initial_rate, above=0)
    factor = check_number("factor", factor, above=0, at_most=1)
    check_count("patience", patience, at_least=1)

    best, waited = np.inf, 0
    for cost in costs.tolist():
        waited = 0 if cost < best else waited + 1
        best = min(best, cost)
        if waited == patience:
            rate, waited = rate * factor, 0
    return rate


# -- What a trained network says


def predict(
    network: Layer, params: Tree, x: ArrayLike, batch_size: int = 256
) -> FloatArray:
    r"""Return a network's outputs in inference mode, computed batch by batch.

    .. math:: y_i = f_\theta(x_i)

    Parameters
    ----------
    network : Layer
    params : dict
        Arrays by name, nested.
    x : array_like of shape (m, d) or (m, H, W, C)
    batch_size : int, default 256
        How many examples are in memory with all that the layers make of them.

    Returns
    -------
    ndarray of shape (m, K) or (m, ...)
        A tuple of them if the network ends in `textbook.network.Heads`.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the shapes do not fit, `batch_size` is below 1, or a number is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.network import Dense, Dropout, Sequential
    >>> from textbook.training import predict
    >>> network = Sequential(half=Dropout(0.5), scores=Dense(2, bias=False))
    >>> params = {"scores": {"weights": np.array([[1.0, -1.0]])}}
    >>> predict(network, params, [[1.0], [2.0], [3.0]], batch_size=2).tolist()
    [[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]]
    """
    _check_network(network)
    params = _check_params(params)
    x = _check_x("x", x, params)
    check_parameters(network, params, x.shape[1:])
    check_count("batch_size", batch_size, at_least=1)

    with np.errstate(all="ignore"):
        outputs: FloatArray = _outputs(network, params, x, batch_size, None)
    return outputs


def accuracy(
    network: Layer,
    params: Tree,
    x: ArrayLike,
    labels: ArrayLike,
    batch_size: int = 256,
) -> float:
    r"""Return the share of examples whose highest score is that of their label.

    .. math:: \frac{1}{m} \sum_{i=1}^{m} 1\bigl\{ \arg\max_k f_\theta(x_i)_k = y_i \bigr\}

    Parameters
    ----------
    network : Layer
    params : dict
        Arrays by name, nested.
    x : array_like of shape (m, d) or (m, H, W, C)
    labels : array_like of int of shape (m,)
    batch_size : int, default 256

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If the shapes do not fit, a label is no class, `batch_size` is below 1, a number is not
        finite, or the network ends in several heads.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.network import Dense
    >>> from textbook.training import accuracy
    >>> params = {"weights": np.array([[1.0, -1.0]]), "bias": np.zeros(2)}
    >>> round(accuracy(Dense(2), params, [[2.0], [3.0], [-1.0]], [0, 1, 1]), 4)
    0.6667
    """
    scores = predict(network, params, x, batch_size)
    if isinstance(scores, tuple):
        raise ValueError(
            f"network must end in one output to be counted right, got {len(scores)}"
        )
    labels = _check_labels(labels, scores)

    return float(np.mean(scores.argmax(axis=-1) == labels))


# -- Files


def save_run(path: str | Path, run: Run) -> None:
    r"""Write a run into an .npz file: numbers only, nothing that could be executed.

    .. math:: (\theta,\ \text{state},\ \text{history}) \to \text{file}

    Parameters
    ----------
    path : str or Path
        The file's name, ending in .npz.
    run : Run

    Raises
    ------
    TypeError
        If an argument is of the wrong kind, or the optimizer's state is made of something else than
        arrays and `AdamState`.
    ValueError
        If `path` has another ending.

    Notes
    -----
    The file holds the trees under the names params, best and optimizer, the columns of the history,
    and the generator's state as JSON text in UTF-8.

    Examples
    --------
    See `load_run`. The file is read by NumPy alone as well:

    >>> import tempfile
    >>> import numpy as np
    >>> from textbook.network import Dense
    >>> from textbook.optimizers import momentum_step
    >>> from textbook.training import fit, save_run
    >>> params = {"weights": np.zeros((1, 2)), "bias": np.zeros(2)}
    >>> settings = {"epochs": 3, "rng": np.random.default_rng(0), "optimizer": momentum_step}
    >>> run = fit(Dense(2), params, [[1], [2]], [0, 1], **settings)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_run(f"{folder}/run.npz", run)
    ...     np.load(f"{folder}/run.npz", allow_pickle=False)["optimizer.bias"].round(6).tolist()
    [-0.000712, 0.000712]
    """
    if not isinstance(run, Run):
        raise TypeError(f"run must be a Run, got {run!r:.60}")
    text = json.dumps(run.generator, default=lambda array: array.tolist())
    tree = {
        "params": run.params,
        "best": run.best,
        "optimizer": _packed(run.optimizer_state),
        "history": run.history._asdict(),
        "generator": np.frombuffer(text.encode(), np.uint8),
        "interrupted": np.array(run.interrupted),
    }
    save_parameters(path, tree)


def load_run(path: str | Path) -> Run:
    r"""Read a run that `save_run` wrote, to look at it or to resume it.

    .. math:: \text{file} \to (\theta,\ \text{state},\ \text{history})

    Parameters
    ----------
    path : str or Path
        The file's name, ending in .npz.

    Returns
    -------
    Run

    Raises
    ------
    TypeError
        If `path` is no path.
    ValueError
        If `path` has another ending, or its file holds something else.

    Examples
    --------
    Two epochs, a file, and two more are the same as four:

    >>> import tempfile
    >>> import numpy as np
    >>> from textbook.network import Dense
    >>> from textbook.training import fit, load_run, save_run
    >>> def train(epochs, resume=None):
    ...     params = {"weights": np.zeros((1, 2)), "bias": np.zeros(2)}
    ...     data, rng = ([[1], [2], [3]], [0, 1, 1]), np.random.default_rng(0)
    ...     settings = {"epochs": epochs, "rng": rng, "batch_size": 2, "resume": resume}
    ...     return fit(Dense(2), params, *data, **settings)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_run(f"{folder}/run.npz", train(2))
    ...     resumed = train(4, resume=load_run(f"{folder}/run.npz"))
    >>> bool(np.all(resumed.params["weights"] == train(4).params["weights"]))
    True
    >>> resumed.history.cost.round(4).tolist()
    [0.6925, 0.6909, 0.6874, 0.6863]
    """
    tree = load_parameters(path)
    if set(tree) - {"optimizer"} != _KEYS:
        raise ValueError(
            f"path must be that of a run, got a file with {', '.join(tree)!r:.60}"
        )
    text = tree["generator"].astype(np.uint8).tobytes().decode()
    return Run(
        tree["params"],
        tree["best"],
        History(**tree["history"]),
        _unpacked(tree["params"], tree.get("optimizer", {})),
        json.loads(text),
        bool(tree["interrupted"]),
    )


# -- Helpers: an epoch, a step, a look at the validation set


class _Job(NamedTuple):
    """What stays the same through all epochs."""

    network: Layer
    x: FloatArray
    labels: NDArray[Any]
    rng: np.random.Generator
    batch_size: int
    step: Step
    learning_rate: float | Rate | Plateau
    loss: Loss
    weight_decay: float
    augment: Augment | None
    validation: tuple[FloatArray, NDArray[Any]] | None
    clip_norm: float | None
    epochs_to_show: int


def _first_run(params: Tree, rng: np.random.Generator) -> Run:
    none = History(*(np.zeros(0) for _ in History._fields))
    return Run(params, params, none, None, rng.bit_generator.state)


def _epoch(job: _Job, run: Run) -> Run:
    """Use every example once, look at the validation set, and write both down."""
    epoch, params, state = len(run.history.cost), run.params, run.optimizer_state
    rate = _rate(job, run.history)
    batches = mini_batches(len(job.x), job.batch_size, job.rng)
    seen: list[tuple[float, float | None]] = []
    for number, batch in enumerate(batches):
        place = (
            None if epoch == number == 0 else (rate, f"in epoch {epoch}, step {number}")
        )
        params, state, cost, share = _step(job, params, state, batch, rate, place)
        seen.append((cost, share))
        _show(job, epoch, number + 1, len(batches), cost)

    weights = [len(batch) / len(job.x) for batch in batches]
    row = (rate, *_mean(seen, weights), *_validate(job, params, rate, epoch))
    history = History(*map(_with, run.history, row))
    is_best = job.validation is None or best_epoch(history.validation_cost) == epoch
    best = params if is_best else run.best
    return Run(params, best, history, state, job.rng.bit_generator.state)


def _step(
    job: _Job, params: Tree, state: Any, batch: Any, rate: float, place: _Place
) -> tuple[Tree, Any, float, float | None]:
    """Return the new parameters and state, the batch's cost and its share of right answers."""
    x, labels = _augmented(job.augment, job.x[batch], job.rng), job.labels[batch]
    scores, cache = _forward(job.network, params, x, place, True, job.rng)
    cost, slopes = job.loss(scores, labels)
    _, gradients = job.network.backward(slopes, params, cache)
    _check_slopes(cost, gradients, place)

    if job.clip_norm is not None:
        gradients = _clipped(gradients, job.clip_norm)
    params = _shrunk(params, gradients, 1 - rate * job.weight_decay)
    params, state = job.step(params, gradients, state, learning_rate=rate)
    return job.network.renew(params, cache), state, cost, _share(scores, labels)


def _validate(
    job: _Job, params: Tree, rate: float, epoch: int
) -> tuple[float | None, float | None]:
    if job.validation is None:
        return None, None
    x, labels = job.validation
    place = (rate, f"in the validation after epoch {epoch}")
    scores = _outputs(job.network, params, x, 256, place)
    cost, _ = job.loss(scores, labels)
    if not np.isfinite(cost):
        raise _went_wrong(f"the cost is {cost}", place)
    return cost, _share(scores, labels)


def _rate(job: _Job, history: History) -> float:
    rate = job.learning_rate
    if isinstance(rate, Plateau):
        return plateau_rate(history.validation_cost, *rate)
    if callable(rate):
        rate = check_number("learning_rate", rate(len(history.cost)), above=0)
    if rate * job.weight_decay > 1:
        raise ValueError(
            f"weight_decay must be at most 1 / learning_rate, {1 / rate:g}, "
            f"got {job.weight_decay}: the weights would change their sign"
        )
    return rate


def _is_over(run: Run, patience: int | None) -> bool:
    costs = run.history.validation_cost
    return patience is not None and len(costs) > 0 and should_stop(costs, patience)


def _augmented(
    augment: Augment | None, images: FloatArray, rng: np.random.Generator
) -> FloatArray:
    if augment is None:
        return images
    changed = as_finite_array("augment", augment(images, rng=rng))
    if changed.ndim != images.ndim or len(changed) != len(images):
        raise ValueError(
            f"augment must return {len(images)} examples like those of shape {images.shape}, "
            f"got shape {changed.shape}"
        )
    return changed.astype(images.dtype, copy=False)


def _clipped(gradients: Tree, threshold: float) -> Tree:
    named = named_parameters(gradients)
    clipped = clip_by_norm(list(named.values()), threshold)
    return nested_parameters(dict(zip(named, clipped, strict=True)))


def _shrunk(params: Tree, gradients: Tree, factor: float) -> Tree:
    """Return the parameters with the trained "weights" among them multiplied by a factor."""
    if factor == 1:
        return params
    shrunk = dict(params)
    for name, gradient in gradients.items():
        if isinstance(gradient, dict):
            shrunk[name] = _shrunk(params[name], gradient, factor)
        elif name == "weights":
            shrunk[name] = factor * params[name]
    return shrunk


def _share(scores: Any, labels: NDArray[Any]) -> float | None:
    """Return the share of right answers, or None if labels are no classes."""
    if isinstance(scores, tuple) or labels.dtype.kind not in "iu":
        return None
    if labels.shape != scores.shape[:-1]:
        return None
    return float(np.mean(scores.argmax(axis=-1) == labels))


def _mean(rows: Sequence[Sequence[Any]], weights: Sequence[float]) -> list[Any]:
    """Return the weighted mean of each column; None where a column was not measured."""
    return [
        None if None in column else float(np.dot(column, weights))
        for column in zip(*rows, strict=True)
    ]


def _with(column: FloatArray, value: float | None) -> FloatArray:
    return column if value is None else np.append(column, value)


def _show(job: _Job, epoch: int, step: int, steps: int, cost: float) -> None:
    """Draw the bar anew over the old one."""
    if not job.epochs_to_show:
        return
    done = 20 * step // steps
    sys.stderr.write(
        f"\repoch {epoch + 1}/{job.epochs_to_show} "
        f"[{done * '#'}{(20 - done) * '.'}] step {step}/{steps}, cost {cost:.4f} "
    )
    sys.stderr.write("\n" if step == steps else "")
    sys.stderr.flush()


# -- Helpers: numbers that are not finite


def _forward(
    network: Layer,
    params: Tree,
    x: FloatArray,
    place: _Place,
    training: bool = False,
    rng: np.random.Generator | None = None,
) -> tuple[Any, Any]:
    """Return output and cache; if a number is not finite, say which layer made the first one."""
    again = copy.deepcopy(rng)
    refusal = None
    try:
        y, cache = network.forward(params, x, training=training, rng=rng)
    except ValueError as error:  # some layers refuse what the one before made
        refusal = error
    if refusal is None and _is_finite(y):
        return y, cache

    found: list[str] = []
    with suppress(ValueError):
        _search(network, params, x, training, again, found)
    if refusal is not None and not found:
        raise refusal
    raise _went_wrong(found[0], place)


def _search(
    layer: Layer,
    params: Tree,
    x: FloatArray,
    training: bool,
    rng: np.random.Generator | None,
    found: list[str],
    path: str = "",
) -> Any:
    """Take the way forward again, and note the layers whose outputs are not finite."""
    if isinstance(layer, Composite):

        def run(name: str, x: FloatArray) -> Any:
            child, part = layer.children()[name], params.get(name, {})
            inner = f"{path}.{name}".removeprefix(".")
            return _search(child, part, x, training, rng, found, inner)

        return layer.flow(run, x)[0]

    try:
        y, _ = layer.forward(params, x, training=training, rng=rng)
    except ValueError:
        if not np.isfinite(np.vdot(x, x)):  # the squares that it would need
            found.append(f"{path!r} gets numbers up to {float(np.abs(x).max()):.1e}")
        raise
    if not _is_finite(y):
        found.append(f"{path or 'the layer'!r} gives {y[~np.isfinite(y)][0]}")
    return y


def _outputs(
    network: Layer, params: Tree, x: FloatArray, batch_size: int, place: _Place
) -> Any:
    """Return all outputs in inference mode."""
    parts = [
        _forward(network, params, x[first : first + batch_size], place)[0]
        for first in range(0, len(x), batch_size)
    ]
    if isinstance(parts[0], tuple):
        return tuple(np.concatenate(head) for head in zip(*parts, strict=True))
    return np.concatenate(parts)


def _check_slopes(cost: float, gradients: Tree, place: _Place) -> None:
    if not np.isfinite(cost):
        raise _went_wrong(f"the cost is {cost}", place)
    # backward starts at the last layer, so the last one in this order went wrong first
    for name, gradient in reversed(named_parameters(gradients).items()):
        # a single number tells, in one pass: squares are what optimizers go on with
        if not np.isfinite(np.vdot(gradient, gradient)):
            largest = float(np.abs(gradient).max())
            raise _went_wrong(f"the gradient of {name!r} reaches {largest:.1e}", place)


def _is_finite(y: Any) -> bool:
    parts = y if isinstance(y, tuple) else (y,)
    return all(bool(np.isfinite(part).all()) for part in parts)


def _went_wrong(what: str, place: _Place) -> ValueError:
    if place is None:
        return ValueError(
            f"params must give finite numbers, got trouble before any step: {what}; "
            "try smaller inputs, or smaller first weights"
        )
    rate, where = place
    return ValueError(
        f"learning_rate must be smaller, got {rate:g}: {what} {where}; clip_norm may help as well"
    )


# -- Helpers: resuming, and files

_KEYS = {"params", "best", "history", "generator", "interrupted"}


def _resumed(run: Run, job: _Job) -> Run:
    """Put the generator where the run left it."""
    if not isinstance(run, Run):
        raise TypeError(f"resume must be a Run, got {run!r:.60}")
    measured = len(run.history.validation_cost) == len(run.history.cost)
    if len(run.history.cost) and measured != (job.validation is not None):
        raise ValueError(
            "validation must be given if and only if the run to resume had one, "
            f"got {'none' if measured else 'one'}"
        )
    kind = type(job.rng.bit_generator).__name__
    if run.generator["bit_generator"] != kind:
        raise ValueError(
            f"rng must be of the kind {run.generator['bit_generator']} as in the run to resume, "
            f"got {kind}"
        )
    job.rng.bit_generator.state = run.generator
    return run._replace(interrupted=False)


def _packed(state: Any) -> Tree:
    """Return an optimizer's state as a tree of arrays; what has no state is left out."""
    if state is None:
        return {}
    if not isinstance(state, dict):
        raise TypeError(
            f"run must have a tree of states for its parameters, got {state!r:.60}"
        )
    tree: Tree = {}
    for name, leaf in state.items():
        if isinstance(leaf, dict):
            tree[name] = _packed(leaf)
        elif isinstance(leaf, AdamState):
            tree[name] = {**leaf._asdict(), "t": np.array(leaf.t)}
        elif isinstance(leaf, np.ndarray):
            tree[name] = leaf
        elif leaf is not None:
            raise TypeError(
                f"run must have arrays or AdamStates in its optimizer_state, got {leaf!r:.60}"
            )
    return tree


def _unpacked(params: Tree, tree: Tree) -> Tree:
    """Return the state of each parameter; below a parameter's name stand the parts of Adam's."""
    state: Tree = {}
    for name, part in tree.items():
        if isinstance(params[name], dict):
            state[name] = _unpacked(params[name], part)
        elif isinstance(part, dict):
            state[name] = AdamState(part["v"], part["s"], int(part["t"]))
        else:
            state[name] = part
    return state


# -- Checks


def _check_scores(scores: ArrayLike) -> FloatArray:
    scores = _check_not_empty("scores", as_finite_array("scores", scores))
    if scores.ndim < 2:
        raise ValueError(
            f"scores must have shape (m, K) or (m, ..., K), got shape {scores.shape}"
        )
    return scores


def _check_labels(labels: ArrayLike, scores: FloatArray) -> NDArray[Any]:
    array = np.asarray(labels)
    if array.dtype.kind not in "iu":
        raise TypeError(f"labels must be whole numbers, got an array of {array.dtype}")
    *shape, classes = scores.shape
    if array.shape != tuple(shape):
        raise ValueError(
            f"labels must have shape {tuple(shape)}, one for each row of scores, "
            f"got shape {array.shape}"
        )
    wrong = array[(array < 0) | (array >= classes)]
    if wrong.size:
        raise ValueError(f"labels must be from 0 to {classes - 1}, got {wrong[0]}")
    return array


def _check_not_empty(name: str, array: FloatArray) -> FloatArray:
    if array.size == 0:
        raise ValueError(
            f"{name} must hold at least one number, got shape {array.shape}"
        )
    return array


def _check_targets(
    name: str, targets: ArrayLike, other_name: str, other: FloatArray
) -> FloatArray:
    """Return targets in the shape and precision of the outputs."""
    array = as_finite_array(name, targets)
    check_same_shape(name, array, other_name, other)
    return array.astype(other.dtype, copy=False)


def _check_shares(targets: FloatArray) -> None:
    wrong = targets[(targets < 0) | (targets > 1)]
    if wrong.size:
        raise ValueError(f"targets must be from 0 to 1, got {float(wrong[0]):g}")


def _check_network(network: Layer) -> None:
    if not isinstance(network, Layer):
        raise TypeError(f"network must be a layer, got {network!r:.60}")


def _check_params(params: Tree) -> Tree:
    """Return the tree with finite arrays at its leaves."""
    named = named_parameters(params)
    if not named:
        raise ValueError(f"params must hold at least one array, got {params!r:.60}")
    for name, array in named.items():
        as_finite_array(f"params[{name!r}]", array)
    return nested_parameters(named)


def _check_x(name: str, x: ArrayLike, params: Tree) -> FloatArray:
    """Return examples in the precision of the parameters."""
    array = as_finite_array(name, x)
    if array.ndim < 2 or array.size == 0:
        raise ValueError(
            f"{name} must have shape (m, d) or (m, H, W, C) with at least one example, "
            f"got shape {array.shape}"
        )
    return array.astype(np.result_type(*named_parameters(params).values()), copy=False)


def _check_length(name: str, labels: ArrayLike, x: FloatArray) -> NDArray[Any]:
    array = np.asarray(labels)
    if array.ndim == 0 or len(array) != len(x):
        raise ValueError(
            f"{name} must have one entry for each of {len(x)} examples, got shape {array.shape}"
        )
    return array


def _check_batch_size(batch_size: int, x: FloatArray) -> int:
    check_count("batch_size", batch_size, at_least=1)
    return min(batch_size, len(x))


def _check_function(name: str, function: Any) -> Any:
    if not callable(function):
        raise TypeError(f"{name} must be a function, got {function!r:.60}")
    return function


def _check_rate(
    rate: float | Rate | Plateau, validation: Any
) -> float | Rate | Plateau:
    if isinstance(rate, Plateau):
        if validation is None:
            raise ValueError(
                "validation must be given for a rate that waits for its cost, got None"
            )
        plateau_rate([], *rate)  # which checks them
        return rate
    if callable(rate):
        return rate
    return check_number("learning_rate", rate, above=0)


def _check_validation(
    validation: Any, params: Tree
) -> tuple[FloatArray, NDArray[Any]] | None:
    if validation is None:
        return None
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise TypeError(
            f"validation must be a pair of x and labels, got {validation!r:.60}"
        )
    x = _check_x("validation[0]", validation[0], params)
    return x, _check_length("validation[1]", validation[1], x)


def _check_patience(patience: int | None, validation: Any) -> None:
    if patience is None:
        return
    check_count("patience", patience, at_least=1)
    if validation is None:
        raise ValueError(
            f"patience must go with a validation set, got {patience} without one"
        )


def _check_progress(progress: bool | None) -> bool:
    if progress is None:
        return sys.stderr.isatty()
    if not isinstance(progress, bool):
        raise TypeError(f"progress must be True, False or None, got {progress!r:.60}")
    return progress


def _rehearse(job: _Job, params: Tree) -> None:
    """Find out before the first step what would come to light in the middle of an epoch."""
    first = _augmented(job.augment, job.x[:1], np.random.default_rng(0))
    shape = first.shape[1:]
    check_parameters(job.network, params, shape)
    _rehearse_loss(job, job.labels, shape, "")
    if job.validation is not None:
        x, labels = job.validation
        if x.shape[1:] != shape:
            raise ValueError(
                f"validation must have examples of shape {shape}, got {x.shape[1:]}"
            )
        _rehearse_loss(job, labels, shape, "validation")
    if len(job.x) % job.batch_size == 1 or job.batch_size == 1:
        _rehearse_single(job, params, first)


def _rehearse_loss(
    job: _Job, labels: NDArray[Any], input_shape: tuple[int, ...], what: str
) -> None:
    """Let the loss look at all labels, beside scores of 0."""
    shape = job.network.output_shape(input_shape)
    for start in range(0, len(labels), job.batch_size):
        part = labels[start : start + job.batch_size]
        try:
            job.loss(_zeros(len(part), shape, job.x.dtype), part)
        except (TypeError, ValueError) as wrong:
            raise type(wrong)(f"{what}: {wrong}" if what else str(wrong)) from wrong


def _zeros(m: int, shape: Any, dtype: Any) -> Any:
    if isinstance(shape[0], tuple):
        return tuple(_zeros(m, part, dtype) for part in shape)
    return np.zeros((m, *shape), dtype)


def _rehearse_single(job: _Job, params: Tree, first: FloatArray) -> None:
    """Try a batch of one where there will be one: its moments say nothing."""
    try:
        rng = np.random.default_rng(0)
        _, cache = job.network.forward(params, first, training=True, rng=rng)
        job.network.renew(params, cache)
    except ValueError as wrong:
        raise ValueError(
            f"batch_size must leave no batch of one example here, got {job.batch_size} "
            f"for {len(job.x)} examples: {wrong}"
        ) from wrong
