r"""Transfer learning: weights trained for one task, put to work on another.

A network that was trained on three classes, and one that is to learn two. What lies before the
scores is taken over, and the new scores start from scratch:

>>> import numpy as np
>>> from textbook.network import Dense, ReLU, Sequential, initialize
>>> from textbook.transfer_learning import freeze, reuse
>>> def network(classes):
...     return Sequential(hidden=Dense(8), relu=ReLU(), scores=Dense(classes))
>>> trained = initialize(network(3), np.random.default_rng(0), input_shape=(5,))
>>> params = initialize(network(2), np.random.default_rng(1), input_shape=(5,))
>>> params = reuse(params, trained, ["hidden"])
>>> bool(np.all(params["hidden"]["weights"] == trained["hidden"]["weights"]))
True
>>> freeze(network(2), ["hidden"]).layers["hidden"]
Frozen(layer=Dense(units=8, bias=True, start='he'))
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from textbook._checks import (
    FloatArray,
    as_batch,
    as_finite_array,
    check_count,
    check_generator,
    check_number,
    check_sequence,
)
from textbook.data_splits import _check_names
from textbook.network import (
    Frozen,
    Layer,
    Sequential,
    named_parameters,
    nested_parameters,
)
from textbook.optimizers import on_tree

__all__ = [
    "cut",
    "few_per_class",
    "freeze",
    "nearest_neighbor",
    "rate_by_branch",
    "reuse",
    "shrink_digits",
]

IntArray = NDArray[np.int_]
Tree = dict[str, Any]
Step = Callable[..., tuple[Any, Any]]

_SIDE, _WIDEST, _FIELD = 32, 24, 4  # in points of the fine scan


# -- Weights from one network in another


def reuse(params: Tree, source: Tree, names: Sequence[str]) -> Tree:
    r"""Return parameters of which some branches are those of another network.

    .. math:: \theta'_k = \begin{cases} \theta^\text{source}_k & k \text{ in a named branch} \\
        \theta_k & \text{otherwise} \end{cases}

    Parameters
    ----------
    params : dict
        Arrays by name, nested: those of the network that is to be trained.
    source : dict
        Those of the network that has been; it may have other branches besides.
    names : sequence of str
        Branches, such as "conv1", or with dots "block2.conv1". All arrays in them are taken.

    Returns
    -------
    dict
        A tree like `params`, in its precision. What is taken is not copied unless it is converted.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a name is none of `params`, or `source` has nothing under it, or another shape.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.transfer_learning import reuse
    >>> def tree(value, classes):
    ...     return {
    ...         "conv1": {"weights": np.full(2, value), "bias": np.full(1, value)},
    ...         "scores": {"weights": np.full(classes, value)},
    ...     }
    >>> params = reuse(tree(0.0, classes=2), tree(7.0, classes=3), ["conv1"])
    >>> params["conv1"]["bias"].tolist(), params["scores"]["weights"].tolist()
    ([7.0], [0.0, 0.0])

    Scores for three classes do not fit two:

    >>> reuse(tree(0.0, classes=2), tree(7.0, classes=3), ["scores"])
    Traceback (most recent call last):
    ValueError: source must have shape (2,) for 'scores.weights', got shape (3,)
    """
    own = named_parameters(params)
    _check_tree("source", source)
    other = named_parameters(source)
    taken = {}
    for name in _check_branches("names", names):
        inside = [key for key in own if f"{key}.".startswith(f"{name}.")]
        if not inside:
            raise ValueError(
                f"names must be branches of params, {_some(params)}, got {name!r}"
            )
        for key in inside:
            _check_fits(key, own[key], other)
            taken[key] = other[key].astype(own[key].dtype, copy=False)
    return nested_parameters({**own, **taken})


def freeze(network: Sequential, names: Sequence[str]) -> Sequential:
    r"""Return a network of which some layers are not trained.

    .. math:: f_k \to \operatorname{Frozen}(f_k) \quad\text{for each named layer } k

    Parameters
    ----------
    network : Sequential
    names : sequence of str
        Of layers in it. The parameters keep their names, so old trees fit.

    Returns
    -------
    Sequential

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If a name is that of no layer.

    Examples
    --------
    Of the 6 x 8 + 8 parameters in front and 8 x 2 + 2 behind, a gradient moves the latter:

    >>> from textbook.network import Dense, ReLU, Sequential, summary
    >>> from textbook.transfer_learning import freeze
    >>> network = Sequential(hidden=Dense(8), relu=ReLU(), scores=Dense(2))
    >>> counts = summary(freeze(network, ["hidden"]), input_shape=(6,))
    >>> counts.parameters, counts.trained
    (74, 18)
    """
    layers = _check_network(network).layers
    frozen = set(_check_branches("names", names))
    for name in frozen - set(layers):
        raise ValueError(
            f"names must be layers of the network, {_some(layers)}, got {name!r}"
        )
    return Sequential(
        **{
            name: Frozen(layer)
            if name in frozen and not isinstance(layer, Frozen)
            else layer
            for name, layer in layers.items()
        }
    )


def cut(
    network: Sequential, params: Tree, name: str
) -> tuple[tuple[Sequential, Tree], tuple[Sequential, Tree]]:
    r"""Cut a network in two, so that its first part can compute features once and for all.

    .. math:: f = h \circ g, \qquad h \text{ begins with the named layer}

    Parameters
    ----------
    network : Sequential
    params : dict
        Arrays by name, nested.
    name : str
        Of the layer with which the second part begins; not the first one.

    Returns
    -------
    body : (Sequential, dict)
        The layers g before the cut, and their parameters.
    head : (Sequential, dict)
        The layers h from it on. The two trees share no name: ``{**of_body, **of_head}`` is the
        whole one again.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If `name` is that of no layer or of the first one, or a branch of `params` is not used.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.network import Dense, ReLU, Sequential
    >>> from textbook.transfer_learning import cut
    >>> network = Sequential(hidden=Dense(2, bias=False), relu=ReLU(), scores=Dense(1))
    >>> params = {
    ...     "hidden": {"weights": np.array([[1.0, -1.0]])},
    ...     "scores": {"weights": np.array([[2.0], [3.0]]), "bias": np.zeros(1)},
    ... }
    >>> (body, of_body), (head, of_head) = cut(network, params, "scores")
    >>> features, _ = body.forward(of_body, np.array([[5.0], [-1.0]]))
    >>> features.tolist(), head.forward(of_head, features)[0].tolist()
    ([[5.0, 0.0], [0.0, 1.0]], [[10.0], [3.0]])
    """
    layers = _check_network(network).layers
    _check_tree("params", params)
    if not isinstance(name, str):
        raise TypeError(f"name must be that of a layer, got {name!r:.60}")
    order = list(layers)
    if name not in order[1:]:
        raise ValueError(
            f"name must be that of a layer behind the first, {_some(order[1:])}, got {name!r}"
        )
    for branch in params:
        if branch not in layers:
            raise ValueError(
                f"params must hold only branches for {_some(order)}, got {branch!r}"
            )
    at = order.index(name)
    body, head = (
        (
            Sequential(**{key: layers[key] for key in part}),
            {key: params[key] for key in part if key in params},
        )
        for part in (order[:at], order[at:])
    )
    return body, head


def rate_by_branch(step: Step, factors: Mapping[str, float]) -> Step:
    r"""Turn a step for one array into one for trees, with a learning rate for each branch.

    .. math:: \theta_k \leftarrow \operatorname{step}(\theta_k, \nabla_{\theta_k} J,
        \text{state}_k;\; c_k\, \alpha)

    Parameters
    ----------
    step : callable
        A step of `textbook.optimizers`.
    factors : dict
        The letter c, above 0, by the branch's name. Branches that are not named have 1.

    Returns
    -------
    callable
        A step for trees, as `textbook.optimizers.on_tree` makes them. A factor for a branch that
        the tree does not have is a ValueError.

    Raises
    ------
    TypeError
        If `step` is not a function, or `factors` is not a dict of numbers by names.
    ValueError
        If a factor is not finite or not above 0.

    Notes
    -----
    Scaling the gradient instead would do for plain steps. Adam divides by the gradient's size, and
    would take the scale out again.

    Examples
    --------
    Adam's first step is about as long as its rate, whatever the slope:

    >>> import numpy as np
    >>> from textbook.optimizers import adam_step
    >>> from textbook.transfer_learning import rate_by_branch
    >>> step = rate_by_branch(adam_step, {"conv1": 0.1})
    >>> params = {name: {"weights": np.zeros(1)} for name in ("conv1", "scores")}
    >>> slopes = {name: {"weights": np.array([50.0])} for name in params}
    >>> params, state = step(params, slopes, None, learning_rate=0.01)
    >>> {name: branch["weights"].round(4).tolist() for name, branch in params.items()}
    {'conv1': [-0.001], 'scores': [-0.01]}
    """
    on_branch = on_tree(step)
    factors = _check_factors(factors)

    @wraps(step)
    def tree_step(
        theta: Tree,
        gradient: Tree,
        state: Any = None,
        *,
        learning_rate: float,
        **settings: Any,
    ) -> tuple[Tree, Tree]:
        for name in factors:
            if name not in theta:
                raise ValueError(
                    f"factors must name branches of theta, {_some(theta)}, got {name!r}"
                )
        theta, state = dict(theta), dict(state or {})
        for name in gradient:
            theta[name], state[name] = on_branch(
                *(theta[name], gradient[name], state.get(name)),
                learning_rate=factors.get(name, 1.0) * learning_rate,
                **settings,
            )
        return theta, state

    # A mark for `on_tree`, which leaves such a step as it is; types of functions know no marks
    tree_step.walks_trees = True  # type: ignore[attr-defined]
    return tree_step


# -- Few examples


def few_per_class(
    labels: ArrayLike, count: int, rng: np.random.Generator
) -> tuple[IntArray, IntArray]:
    r"""Draw equally many examples of every class, and tell which ones are left.

    .. math:: S = \bigcup_k S_k, \qquad S_k \subset C_k, \qquad |S_k| = n, \qquad
        C_k = \{\, i : y^{(i)} = k \,\}

    Parameters
    ----------
    labels : array_like of shape (m,)
        The classes y: whole numbers, or names.
    count : int
        The number n for each class, at least 1.
    rng : numpy.random.Generator

    Returns
    -------
    few : ndarray of int of shape (K n,)
        Indices of those drawn from K classes, in random order.
    rest : ndarray of int of shape (m - K n,)
        All others, rising.

    Raises
    ------
    TypeError
        If `labels` holds neither numbers nor names, `count` is not a whole number, or `rng` is not
        a generator.
    ValueError
        If `labels` is empty, not one-dimensional or not finite, or `count` is below 1 or larger
        than a class.

    Examples
    --------
    >>> import numpy as np
    >>> from textbook.transfer_learning import few_per_class
    >>> labels = np.array(list("aaaaaaabbb"))
    >>> few, rest = few_per_class(labels, 2, np.random.default_rng(0))
    >>> few.tolist(), "".join(labels[few]), rest.tolist()
    ([4, 7, 6, 9], 'abab', [0, 1, 2, 3, 5, 8])
    """
    labels = _check_names("labels", labels)
    check_count("count", count, at_least=1)
    check_generator(rng)
    classes, sizes = np.unique(labels, return_counts=True)
    if len(classes) == 0:
        raise ValueError(
            f"labels must hold at least one label, got shape {labels.shape}"
        )
    if count > sizes.min():
        raise ValueError(
            f"count must be at most {sizes.min()}, the size of class {classes[sizes.argmin()]}, "
            f"got {count}"
        )

    order = rng.permutation(len(labels))
    drawn = [order[labels[order] == label][:count] for label in classes]
    few: IntArray = rng.permutation(np.concatenate(drawn))
    return few, np.setdiff1d(order, few)


def nearest_neighbor(
    x: ArrayLike, train_x: ArrayLike, train_labels: ArrayLike
) -> NDArray[Any]:
    r"""Give each example the label of the training example that is nearest to it.

    .. math:: \hat y = y^{(j)}, \qquad j = \arg\min_i \lVert x - x^{(i)} \rVert^2

    Parameters
    ----------
    x : array_like of shape (m, ...)
        Images, or rows of features.
    train_x : array_like of shape (n, ...)
    train_labels : array_like of shape (n,)
        Numbers or names.

    Returns
    -------
    ndarray of shape (m,)
        Among equally near ones the first decides.

    Raises
    ------
    TypeError
        If `x` or `train_x` does not hold real numbers, or `train_labels` neither numbers nor names.
    ValueError
        If an array is empty or not finite, or the shapes do not fit.

    References
    ----------
    Cover and Hart (1967), Nearest neighbor pattern classification.

    Examples
    --------
    >>> from textbook.transfer_learning import nearest_neighbor
    >>> nearest_neighbor([[0, 1], [9, 8]], [[0, 0], [9, 9], [5, 0]], ["a", "b", "c"]).tolist()
    ['a', 'b']
    """
    x, train_x = (_check_examples(*pair) for pair in (("x", x), ("train_x", train_x)))
    answers = _check_names("train_labels", train_labels)
    if train_x.shape[1:] != x.shape[1:]:
        raise ValueError(
            f"train_x must have examples of shape {x.shape[1:]}, as x has, "
            f"got {train_x.shape[1:]}"
        )
    if len(answers) != len(train_x):
        raise ValueError(
            f"train_labels must have one entry for each of {len(train_x)} examples, "
            f"got shape {answers.shape}"
        )

    rows, known = (
        a.reshape(len(a), -1).astype(np.float64, copy=False) for a in (x, train_x)
    )
    # the square of x itself is the same for all candidates
    apart = np.sum(known**2, axis=1) - 2 * rows @ known.T
    nearest: NDArray[Any] = answers[apart.argmin(axis=1)]
    return nearest


# -- Digits of one kind made like those of another


def shrink_digits(images: ArrayLike, threshold: float = 0.35) -> FloatArray:
    r"""Turn scanned digits of any size into 8 x 8, as those of `load_digits` were made.

    .. math:: x_{nij} = \sum_{a=0}^{3} \sum_{b=0}^{3}
        1\bigl\{ z_{n,\, 4i + a,\, 4j + b} > t \bigr\}

    The fine image z of 32 x 32 points is the digit cut out at its ink and stretched to the full
    height, its width in proportion but at most 24, in the middle.

    Parameters
    ----------
    images : array_like of shape (N, H, W)
        Gray values, 0 for paper.
    threshold : float, default 0.35
        The letter t, from 0 to below 1: which share of the strongest gray of its image a point has
        to exceed to be ink.

    Returns
    -------
    ndarray of shape (N, 8, 8)
        Points of ink in each field of 4 x 4: whole numbers from 0 to 16.

    Raises
    ------
    TypeError
        If `images` does not hold real numbers, or `threshold` is not a number.
    ValueError
        If `images` is empty, not three-dimensional, not finite, or one is blank or has negative
        values, or `threshold` lies outside its range.

    Examples
    --------
    A slanted one, of which every second row is shown:

    >>> from textbook.datasets import load_mnist
    >>> from textbook.transfer_learning import shrink_digits
    >>> images, labels = load_mnist()
    >>> one = shrink_digits(images[labels == 1][:1])[0]
    >>> for row in one.astype(int)[::2]:
    ...     print(row.tolist())
    [0, 0, 0, 0, 0, 10, 8, 0]
    [0, 0, 0, 0, 12, 12, 0, 0]
    [0, 1, 3, 11, 13, 0, 0, 0]
    [0, 0, 3, 16, 1, 0, 0, 0]
    """
    images = as_batch("images", images, "N H W")
    threshold = check_number("threshold", threshold, at_least=0, below=1)
    if images.min() < 0:
        raise ValueError(
            f"images must not be negative, got {float(images.min()):g} among them"
        )
    blank = np.flatnonzero(images.max(axis=(1, 2)) == 0)
    if blank.size:
        raise ValueError(f"images must have ink, got a blank one at index {blank[0]}")

    shares = images / images.max(axis=(1, 2), keepdims=True)
    fine = np.stack([_fine_scan(image, threshold) for image in shares])
    side = _SIDE // _FIELD
    fields = fine.reshape(len(images), side, _FIELD, side, _FIELD)
    counts: FloatArray = fields.sum(axis=(2, 4)).astype(images.dtype)
    return counts


# -- Helpers


def _fine_scan(image: FloatArray, threshold: float) -> NDArray[np.bool_]:
    """Return where the ink is, in 32 x 32 points, once the digit fills their height."""
    rows, columns = (np.flatnonzero((image > threshold).any(axis=a)) for a in (1, 0))
    digit = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = digit.shape
    wide = min(_WIDEST, max(1, round(_SIDE * width / height)))
    ink = _between(_SIDE, height) @ digit @ _between(wide, width).T > threshold
    left = (_SIDE - wide) // 2
    return np.pad(ink, [(0, 0), (left, _SIDE - wide - left)])


def _between(n_out: int, n_in: int) -> FloatArray:
    """Return the matrix that reads n_out points off a broken line through n_in values."""
    # both kinds of points are the middles of equal parts of one length
    at = np.clip((np.arange(n_out) + 0.5) * n_in / n_out - 0.5, 0, n_in - 1)
    shares: FloatArray = np.maximum(0, 1 - np.abs(at[:, None] - np.arange(n_in)))
    return shares


def _some(names: Any) -> str:
    return ", ".join(list(names)[:3]) + (" ..." if len(names) > 3 else "") or "none"


# -- Checks


def _check_network(network: Layer) -> Sequential:
    if not isinstance(network, Sequential):
        raise TypeError(f"network must be a Sequential, got {network!r:.60}")
    return network


def _check_tree(name: str, tree: Tree) -> None:
    if not isinstance(tree, Mapping):
        raise TypeError(f"{name} must be a dict of arrays by name, got {tree!r:.60}")


def _check_branches(what: str, names: Sequence[str]) -> Sequence[str]:
    check_sequence(what, names, "names")
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"{what} must be a list of names, got {name!r:.60} in it")
    return names


def _check_examples(name: str, value: ArrayLike) -> FloatArray:
    array = as_finite_array(name, value)
    if array.ndim < 2 or array.size == 0:
        raise ValueError(
            f"{name} must have shape (m, ...) with at least one example, "
            f"got shape {array.shape}"
        )
    return array


def _check_fits(key: str, own: FloatArray, source: Mapping[str, FloatArray]) -> None:
    if key not in source:
        raise ValueError(f"source must hold {key!r}, got {_some(source)}")
    if source[key].shape != own.shape:
        raise ValueError(
            f"source must have shape {own.shape} for {key!r}, got shape {source[key].shape}"
        )


def _check_factors(factors: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(factors, Mapping):
        raise TypeError(f"factors must be a dict of numbers, got {factors!r:.60}")
    for name in factors:
        if not isinstance(name, str):
            raise TypeError(f"factors must have names of branches, got {name!r:.60}")
    return {
        name: check_number(f"factors[{name!r}]", factor, above=0)
        for name, factor in factors.items()
    }
