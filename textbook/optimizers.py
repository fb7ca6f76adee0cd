r"""Optimizers: what to do with a gradient, if the last few are remembered too.

Every step takes theta, a gradient and a state, and returns the new theta and the new state. The
state is None before the first step. Two weights, one steep and one flat, after a single step:

>>> from textbook.optimizers import adam_step, plain_step
>>> for step in (plain_step, adam_step):
...     theta, state = step([1.0, 1.0], [50.0, 1.0], None, learning_rate=0.01)
...     print(theta.round(4).tolist())
[0.5, 0.99]
[0.99, 0.99]
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from textbook._checks import (
    FloatArray,
    as_finite_array,
    as_float_array,
    check_count,
    check_number,
    check_same_shape,
)

__all__ = [
    "AdamState",
    "adam_step",
    "follow",
    "look_ahead",
    "momentum_step",
    "nesterov_step",
    "on_tree",
    "plain_step",
    "rmsprop_step",
    "rosenbrock",
    "rosenbrock_gradient",
]

Step = Callable[..., tuple[Any, Any]]


def plain_step(
    theta: ArrayLike, gradient: ArrayLike, state: None, learning_rate: float
) -> tuple[FloatArray, None]:
    r"""Take the step of gradient descent, which remembers nothing.

    .. math:: \theta \leftarrow \theta - \alpha\, \nabla J

    Parameters
    ----------
    theta : array_like of any shape
    gradient : array_like of the shape of `theta`
    state : None
        There is none; the argument makes this step exchangeable with the others.
    learning_rate : float above 0
        The letter alpha.

    Returns
    -------
    theta : ndarray of the shape of `theta`
    state : None

    Raises
    ------
    TypeError
        If `theta` or `gradient` does not hold real numbers, or `learning_rate` is not a number.
    ValueError
        If the shapes differ, a value is not finite, `state` is not None or `learning_rate` is not
        above 0.

    Examples
    --------
    >>> from textbook.optimizers import plain_step
    >>> theta, state = plain_step([1, 1], [2, -10], None, learning_rate=0.1)
    >>> theta.round(4).tolist(), state
    ([0.8, 2.0], None)
    """
    theta, gradient = _check_pair(theta, gradient)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    if state is not None:
        raise ValueError(f"state must be None, got {state!r:.60}")

    return theta - learning_rate * gradient, None


def momentum_step(
    theta: ArrayLike,
    gradient: ArrayLike,
    state: ArrayLike | None,
    learning_rate: float,
    beta: float = 0.9,
    average: bool = False,
) -> tuple[FloatArray, FloatArray]:
    r"""Step along a sum, or an average, of all gradients so far, in which old ones fade.

    .. math::
        v \leftarrow \beta v + \nabla J \quad\text{or}\quad
        v \leftarrow \beta v + (1 - \beta) \nabla J, \qquad
        \theta \leftarrow \theta - \alpha v

    Parameters
    ----------
    theta : array_like of any shape
    gradient : array_like of the shape of `theta`
    state : None, or array_like of the shape of `theta`
        The letter v; None before the first step, where it is 0.
    learning_rate : float above 0
        The letter alpha.
    beta : float, default 0.9
        The share of v that is kept, from 0 to below 1.
    average : bool, default False
        False takes the sum, on the left, True the average, on the right.

    Returns
    -------
    theta : ndarray of the shape of `theta`
    state : ndarray of the shape of `theta`

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a number.
    ValueError
        If the shapes differ, a value is not finite, or a setting lies outside its range.

    Warnings
    --------
    A rate for one form is not a rate for the other: the average is 1 - beta times the sum, so at
    beta = 0.9 its rate has to be ten times as large. PyTorch's SGD takes the sum; with its
    ``dampening`` set to beta it takes the average, except that the first v is the whole gradient.

    Notes
    -----
    The notes take the average and leave the learning rate out: average=True, learning_rate=1.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods.

    Examples
    --------
    Three times the same slope: the steps grow, towards 1 / (1 - beta) times the first.

    >>> from textbook.optimizers import momentum_step
    >>> theta, v = 0.0, None
    >>> for _ in range(3):
    ...     theta, v = momentum_step(theta, 1.0, v, learning_rate=0.1)
    ...     print(round(float(theta), 4), round(float(v), 4))
    -0.1 1.0
    -0.29 1.9
    -0.561 2.71

    The average, at ten times the rate, takes the same way:

    >>> theta, v = 0.0, None
    >>> for _ in range(3):
    ...     theta, v = momentum_step(theta, 1.0, v, learning_rate=1, average=True)
    >>> round(float(theta), 4), round(float(v), 4)
    (-0.561, 0.271)
    """
    theta, gradient = _check_pair(theta, gradient)
    v = _check_state("state", state, theta)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    beta = check_number("beta", beta, at_least=0, below=1)

    share = 1 - beta if average else 1.0
    v = beta * v + share * gradient
    return theta - learning_rate * v, v


def look_ahead(
    theta: ArrayLike, state: ArrayLike | None, learning_rate: float, beta: float = 0.9
) -> FloatArray:
    r"""Return the point to which momentum alone would carry theta, without a new gradient.

    .. math:: \theta - \alpha \beta v

    Parameters
    ----------
    theta : array_like of any shape
    state : None, or array_like of the shape of `theta`
        The letter v of `momentum_step`, in the form of a sum; None before the first step.
    learning_rate : float above 0
        The letter alpha.
    beta : float, default 0.9
        The share of v that will be kept, from 0 to below 1.

    Returns
    -------
    ndarray of the shape of `theta`

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a number.
    ValueError
        If the shapes differ, a value is not finite, or a setting lies outside its range.

    Notes
    -----
    The notes' velocity has the learning rate inside, so that they look at theta - gamma v.

    Examples
    --------
    Nesterov's method asks for the gradient there and then takes the step of momentum. On the
    parabola with the slope theta:

    >>> from textbook.optimizers import look_ahead, momentum_step
    >>> theta, v = 1.0, None
    >>> for _ in range(3):
    ...     slope = look_ahead(theta, v, learning_rate=0.1)
    ...     theta, v = momentum_step(theta, slope, v, learning_rate=0.1)
    ...     print(round(float(theta), 4))
    0.9
    0.729
    0.5176
    """
    theta = as_finite_array("theta", theta)
    v = _check_state("state", state, theta)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    beta = check_number("beta", beta, at_least=0, below=1)

    return theta - learning_rate * beta * v


def nesterov_step(
    theta: ArrayLike,
    gradient: ArrayLike,
    state: ArrayLike | None,
    learning_rate: float,
    beta: float = 0.9,
) -> tuple[FloatArray, FloatArray]:
    r"""Take Nesterov's step from the point ahead, so that the gradient is that of theta itself.

    .. math::
        v \leftarrow \beta v + \nabla J, \qquad
        \theta \leftarrow \theta - \alpha (\nabla J + \beta v)

    Parameters
    ----------
    theta : array_like of any shape
        Where the gradient was taken, which is `look_ahead` of the method's own theta.
    gradient : array_like of the shape of `theta`
    state : None, or array_like of the shape of `theta`
        The letter v; None before the first step, where it is 0.
    learning_rate : float above 0
        The letter alpha.
    beta : float, default 0.9
        The share of v that is kept, from 0 to below 1.

    Returns
    -------
    theta : ndarray of the shape of `theta`
    state : ndarray of the shape of `theta`

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a number.
    ValueError
        If the shapes differ, a value is not finite, or a setting lies outside its range.

    References
    ----------
    Nesterov (1983), A method of solving a convex programming problem with convergence rate
    O(1/k^2); Sutskever, Martens, Dahl and Hinton (2013), On the importance of initialization and
    momentum in deep learning.

    Examples
    --------
    The new v enters twice, so the very first step is already 1 + beta gradients long:

    >>> from textbook.optimizers import nesterov_step
    >>> theta, v = nesterov_step([1.0, -2.0], [1.0, -2.0], None, learning_rate=0.1)
    >>> theta.round(4).tolist(), v.tolist()
    ([0.81, -1.62], [1.0, -2.0])

    That is the first 0.9 of `look_ahead`, seen from its second: 0.9 - 0.1 * 0.9 * 1 = 0.81.
    """
    theta, gradient = _check_pair(theta, gradient)
    v = _check_state("state", state, theta)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    beta = check_number("beta", beta, at_least=0, below=1)

    v = beta * v + gradient
    return theta - learning_rate * (gradient + beta * v), v


def rmsprop_step(
    theta: ArrayLike,
    gradient: ArrayLike,
    state: ArrayLike | None,
    learning_rate: float,
    beta: float = 0.9,
    epsilon: float = 1e-8,
) -> tuple[FloatArray, FloatArray]:
    r"""Divide each slope by the root of the running mean of its squares.

    .. math::
        s \leftarrow \beta s + (1 - \beta) (\nabla J)^2, \qquad
        \theta \leftarrow \theta - \alpha \frac{\nabla J}{\sqrt s + \varepsilon}

    Square, root and division are taken entry by entry.

    Parameters
    ----------
    theta : array_like of any shape
    gradient : array_like of the shape of `theta`
    state : None, or array_like of the shape of `theta`
        The letter s; None before the first step, where it is 0.
    learning_rate : float above 0
        The letter alpha: about how far each entry of theta moves.
    beta : float, default 0.9
        The share of s that is kept, from 0 to below 1.
    epsilon : float above 0, default 1e-8

    Returns
    -------
    theta : ndarray of the shape of `theta`
    state : ndarray of the shape of `theta`

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or a setting is not a number.
    ValueError
        If the shapes differ, a value is not finite or too large to be squared, `state` holds a
        negative number, or a setting lies outside its range.

    Warnings
    --------
    Defaults differ: PyTorch keeps 0.99 of s, and there are programs that add epsilon under the
    root.

    Notes
    -----
    The notes have no epsilon; a weight whose slope has always been 0 then becomes 0 / 0.

    References
    ----------
    Tieleman and Hinton (2012), Lecture 6.5, RMSProp.

    Examples
    --------
    However steep, the first step is alpha / sqrt(1 - beta) = 0.3162 long; and what has no slope
    stays where it is:

    >>> from textbook.optimizers import rmsprop_step
    >>> theta, s = rmsprop_step([0, 0, 0], [0.01, -2, 0], None, learning_rate=0.1)
    >>> theta.round(4).tolist(), s.round(6).tolist()
    ([-0.3162, 0.3162, 0.0], [1e-05, 0.4, 0.0])
    """
    theta, gradient = _check_pair(theta, gradient)
    s = _check_squares("state", state, theta, gradient)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    beta = check_number("beta", beta, at_least=0, below=1)
    epsilon = _check_epsilon(epsilon, theta)

    s = beta * s + (1 - beta) * gradient**2
    return theta - learning_rate * gradient / (np.sqrt(s) + epsilon), s


class AdamState(NamedTuple):
    """What Adam remembers: two running means, and how many steps have gone into them.

    Attributes
    ----------
    v : ndarray of the shape of theta
        Of the gradients; the paper calls it m.
    s : ndarray of the shape of theta
        Of their squares; the paper calls it v.
    t : int, of shape ()
    """

    v: FloatArray
    s: FloatArray
    t: int


def adam_step(
    theta: ArrayLike,
    gradient: ArrayLike,
    state: AdamState | None,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[FloatArray, AdamState]:
    r"""Divide the running mean of the gradients by the root of that of their squares.

    .. math::
        t &\leftarrow t + 1, \qquad
        v \leftarrow \beta_1 v + (1 - \beta_1) \nabla J, \qquad
        s \leftarrow \beta_2 s + (1 - \beta_2) (\nabla J)^2 \\
        \theta &\leftarrow \theta - \alpha
        \frac{v / (1 - \beta_1^t)}{\sqrt{s / (1 - \beta_2^t)} + \varepsilon}

    Parameters
    ----------
    theta : array_like of any shape
    gradient : array_like of the shape of `theta`
    state : None, or AdamState
        Before the first step None: v, s and t are 0.
    learning_rate : float above 0
        The letter alpha: about how far each entry of theta moves, and rarely further.
    beta1 : float, default 0.9
        The share of v that is kept, from 0 to below 1.
    beta2 : float, default 0.999
        The share of s that is kept, from 0 to below 1.
    epsilon : float above 0, default 1e-8

    Returns
    -------
    theta : ndarray of the shape of `theta`
    state : AdamState

    Raises
    ------
    TypeError
        If an array does not hold real numbers, a setting is not a number, or `state` is something
        else.
    ValueError
        If the shapes differ, a value is not finite or too large to be squared, s holds a negative
        number, t is negative, or a setting lies outside its range.

    Notes
    -----
    The notes print the denominator of the bias in the step of the weight.

    References
    ----------
    Kingma and Ba (2015), Adam: a method for stochastic optimization.

    Examples
    --------
    The first step has the length alpha in every direction that has a slope. The second depends on
    how steady the slope is: unchanged, turned round, gone.

    >>> from textbook.optimizers import adam_step
    >>> theta, state = adam_step([0, 0, 0], [2, 2, 0.01], None, learning_rate=0.1)
    >>> theta.round(4).tolist(), state.v.round(4).tolist(), state.t
    ([-0.1, -0.1, -0.1], [0.2, 0.2, 0.001], 1)
    >>> theta, state = adam_step(theta, [2, -2, 0], state, learning_rate=0.1)
    >>> theta.round(4).tolist(), state.t
    ([-0.2, -0.0947, -0.167], 2)
    """
    theta, gradient = _check_pair(theta, gradient)
    v, s, t = _check_adam_state(state, theta, gradient)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    beta1 = check_number("beta1", beta1, at_least=0, below=1)
    beta2 = check_number("beta2", beta2, at_least=0, below=1)
    epsilon = _check_epsilon(epsilon, theta)

    t = t + 1
    v = beta1 * v + (1 - beta1) * gradient
    s = beta2 * s + (1 - beta2) * gradient**2
    v_corrected = v / (1 - beta1**t)
    s_corrected = s / (1 - beta2**t)
    step = learning_rate * v_corrected / (np.sqrt(s_corrected) + epsilon)
    return theta - step, AdamState(v, s, t)


def on_tree(step: Step) -> Step:
    r"""Turn a step for one array into the same step for nested dicts and lists of arrays.

    .. math:: \theta_k,\ \text{state}_k \leftarrow
        \operatorname{step}(\theta_k, \nabla_{\theta_k} J, \text{state}_k)
        \quad\text{for each leaf } k

    Parameters
    ----------
    step : callable
        A step of this module, or any function of theta, gradient, state and settings by name that
        returns theta and state.

    Returns
    -------
    callable
        Takes and returns trees in the place of arrays, and passes the settings on. Of theta, what
        the gradient leaves out, or has None for, is carried over as it is. The state has the
        gradient's branches, and at its leaves what `step` returns; the state of a leaf that has no
        gradient this time is kept. Tuples come back as tuples. A gradient for which there is no
        parameter is a ValueError, and an error at a leaf has a note that names the leaf. A step
        that takes trees already comes back as it is.

    Raises
    ------
    TypeError
        If `step` is not a function.

    Examples
    --------
    A layer with weights that are trained and a mean that is not:

    >>> import numpy as np
    >>> from textbook.optimizers import momentum_step, on_tree
    >>> step = on_tree(momentum_step)
    >>> params = {"layer": {"weights": np.ones(2), "mean": np.array(5.0)}}
    >>> gradients = {"layer": {"weights": np.array([1.0, -2.0])}}
    >>> params, state = step(params, gradients, None, learning_rate=0.1)
    >>> params, state = step(params, gradients, state, learning_rate=0.1)
    >>> params["layer"]["weights"].round(4).tolist(), params["layer"]["mean"].tolist()
    ([0.71, 1.58], 5.0)
    >>> state["layer"]["weights"].round(4).tolist()
    [1.9, -3.8]
    """
    if not callable(step):
        raise TypeError(f"step must be a function, got {step!r:.60}")
    if hasattr(step, "walks_trees"):
        return step

    @wraps(step)
    def tree_step(
        theta: Any, gradient: Any, state: Any = None, **settings: Any
    ) -> tuple[Any, Any]:
        return _walk(step, theta, gradient, state, settings, path="")

    # A mark for `on_tree`, which leaves such a step as it is; types of functions know no marks
    tree_step.walks_trees = True  # type: ignore[attr-defined]
    return tree_step


def follow(
    step: Step,
    gradient: Callable[[FloatArray], ArrayLike],
    start: ArrayLike,
    learning_rate: float,
    steps: int,
) -> FloatArray:
    r"""Take many steps and return every theta on the way.

    .. math:: \theta^{(t+1)},\ \text{state} \leftarrow
        \operatorname{step}(\theta^{(t)}, \nabla J(\theta^{(t)}), \text{state})

    Parameters
    ----------
    step : callable
        A step of this module; ``functools.partial`` gives it other settings.
    gradient : callable
        Takes an array of the shape of `start`, returns one of the same shape.
    start : array_like of any shape
    learning_rate : float above 0
        The letter alpha.
    steps : int
        At least 0.

    Returns
    -------
    ndarray of shape (steps + 1, ...)
        The start and where each step led.

    Raises
    ------
    TypeError
        If `step` or `gradient` is not a function, `start` does not hold real numbers,
        `learning_rate` is not a number or `steps` is not a whole number.
    ValueError
        If `start` is not finite, a setting lies outside its range, or `gradient` returns another
        shape or a value that is not finite.

    Examples
    --------
    In a ravine, fifty times as steep across as along, two steps with the same rate:

    >>> from textbook.optimizers import follow, momentum_step, plain_step
    >>> def slope(theta):
    ...     return theta * [50, 1]
    >>> for step in (plain_step, momentum_step):
    ...     print(follow(step, slope, [1, 1], learning_rate=0.01, steps=2).round(4).tolist())
    [[1.0, 1.0], [0.5, 0.99], [0.25, 0.9801]]
    [[1.0, 1.0], [0.5, 0.99], [-0.2, 0.9711]]
    """
    for name, function in (("step", step), ("gradient", gradient)):
        if not callable(function):
            raise TypeError(f"{name} must be a function, got {function!r:.60}")
    theta = as_finite_array("start", start)
    learning_rate = check_number("learning_rate", learning_rate, above=0)
    check_count("steps", steps)

    path, state = [theta], None
    for _ in range(steps):
        slope = gradient(path[-1].copy())
        theta, state = step(path[-1], slope, state, learning_rate=learning_rate)
        path.append(theta)
    return np.stack(path)


def rosenbrock(theta: ArrayLike) -> float:
    r"""Return the height of a bent valley, whose lowest point is 0 at (1, 1).

    .. math:: J(\theta) = (1 - \theta_1)^2 + 100\, (\theta_2 - \theta_1^2)^2

    Parameters
    ----------
    theta : array_like of shape (2,)

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `theta` does not hold real numbers.
    ValueError
        If `theta` does not have two entries or is not finite.

    References
    ----------
    Rosenbrock (1960), An automatic method for finding the greatest or least value of a function.

    Examples
    --------
    The usual start, a point on the valley's floor, and the end:

    >>> from textbook.optimizers import rosenbrock
    >>> round(rosenbrock([-1.2, 1]), 4), rosenbrock([0, 0]), rosenbrock([1, 1])
    (24.2, 1.0, 0.0)
    """
    x, y = _check_plane(theta)

    return float((1 - x) ** 2 + 100 * (y - x**2) ** 2)


def rosenbrock_gradient(theta: ArrayLike) -> FloatArray:
    r"""Return the slope of `rosenbrock` in both directions.

    .. math:: \nabla J = \bigl( -2 (1 - \theta_1) - 400\, \theta_1 (\theta_2 - \theta_1^2),\;
        200\, (\theta_2 - \theta_1^2) \bigr)

    Parameters
    ----------
    theta : array_like of shape (2,)

    Returns
    -------
    ndarray of shape (2,)

    Raises
    ------
    TypeError
        If `theta` does not hold real numbers.
    ValueError
        If `theta` does not have two entries or is not finite.

    Examples
    --------
    Steep on the slope, flat on the floor:

    >>> from textbook.optimizers import rosenbrock_gradient
    >>> rosenbrock_gradient([-1.2, 1]).round(4).tolist()
    [-215.6, -88.0]
    >>> rosenbrock_gradient([0, 0]).tolist()
    [-2.0, 0.0]
    """
    x, y = theta = _check_plane(theta)

    above = y - x**2
    return np.array([-2 * (1 - x) - 400 * x * above, 200 * above], theta.dtype)


def _check_pair(theta: ArrayLike, gradient: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return both as finite arrays of one shape, in the precision of theta."""
    theta = as_finite_array("theta", theta)
    gradient = as_float_array("gradient", gradient)
    check_same_shape("gradient", gradient, "theta", theta)
    with np.errstate(over="ignore"):  # told in words by the next line
        gradient = gradient.astype(theta.dtype, copy=False)
    return theta, as_finite_array("gradient", gradient)


def _check_state(name: str, state: ArrayLike | None, theta: FloatArray) -> FloatArray:
    """Return the state as an array like theta; zeros before the first step."""
    if state is None:
        return np.zeros_like(theta)
    array = as_finite_array(name, state)
    check_same_shape(name, array, "theta", theta)
    return array.astype(theta.dtype, copy=False)


def _check_squares(
    name: str, state: ArrayLike | None, theta: FloatArray, gradient: FloatArray
) -> FloatArray:
    """Return a state of squares, after making sure that the next square will not overflow."""
    s = _check_state(name, state, theta)
    if np.any(s < 0):
        raise ValueError(f"{name} must not be negative, got {float(s.min())} in it")
    steepest = float(np.abs(gradient).max(initial=0))
    limit = float(np.sqrt(np.finfo(theta.dtype).max))
    if steepest > limit:
        raise ValueError(
            f"gradient must be at most {limit:.1e} to be squared in {theta.dtype}, "
            f"got {steepest:.1e}"
        )
    return s


def _check_adam_state(
    state: AdamState | None, theta: FloatArray, gradient: FloatArray
) -> AdamState:
    v, s, t = (None, None, 0) if state is None else _check_triple(state)
    check_count("state.t", t)
    return AdamState(
        _check_state("state.v", v, theta),
        _check_squares("state.s", s, theta, gradient),
        t,
    )


def _check_triple(state: AdamState) -> AdamState:
    if not isinstance(state, tuple) or len(state) != 3:
        raise TypeError(f"state must be None or an AdamState, got {state!r:.60}")
    return AdamState(*state)


def _check_epsilon(epsilon: float, theta: FloatArray) -> float:
    epsilon = check_number("epsilon", epsilon, above=0)
    if theta.dtype.type(epsilon) == 0:
        raise ValueError(
            f"epsilon must be large enough not to be 0 in {theta.dtype}, got {epsilon}"
        )
    return epsilon


def _check_plane(theta: ArrayLike) -> FloatArray:
    theta = as_finite_array("theta", theta, "2")
    if theta.shape != (2,):
        raise ValueError(f"theta must have shape (2,), got shape {theta.shape}")
    return theta


def _walk(
    step: Step, theta: Any, gradient: Any, state: Any, settings: Any, path: str
) -> tuple[Any, Any]:
    """Step at every leaf that has a gradient; the path tells which one it is."""
    if gradient is None:
        return theta, state
    if isinstance(theta, Mapping):
        return _walk_dict(step, theta, gradient, state, settings, path)
    if isinstance(theta, (list, tuple)):
        return _walk_list(step, theta, gradient, state, settings, path)
    try:
        return step(theta, gradient, state, **settings)
    except (TypeError, ValueError) as wrong:
        wrong.add_note(f"at theta{path}")
        raise


def _walk_dict(
    step: Step, theta: Any, gradient: Any, state: Any, settings: Any, path: str
) -> tuple[Any, Any]:
    if not isinstance(gradient, Mapping):
        raise ValueError(f"gradient{path} must be a dict, got {gradient!r:.60}")
    for key in gradient:
        if key not in theta:
            raise ValueError(
                f"gradient{path} must have keys of theta{path}, {list(theta)!r:.60}, "
                f"got {key!r}"
            )
    theta, state = dict(theta), dict(_check_branch(state, Mapping, path) or {})
    for key in gradient:
        theta[key], state[key] = _walk(
            *(step, theta[key], gradient[key], state.get(key)),
            *(settings, f"{path}[{key!r}]"),
        )
    return theta, state


def _walk_list(
    step: Step, theta: Any, gradient: Any, state: Any, settings: Any, path: str
) -> tuple[Any, Any]:
    if not isinstance(gradient, (list, tuple)) or len(gradient) != len(theta):
        raise ValueError(
            f"gradient{path} must be a list of {len(theta)} like theta{path}, "
            f"got {gradient!r:.60}"
        )
    states = _check_branch(state, (list, tuple), path) or [None] * len(theta)
    moved = [
        _walk(step, *parts, settings, f"{path}[{i}]")
        for i, parts in enumerate(zip(theta, gradient, states, strict=True))
    ]
    kind = tuple if isinstance(theta, tuple) else list
    return kind(part for part, _ in moved), kind(part for _, part in moved)


def _check_branch(state: Any, kind: Any, path: str) -> Any:
    if state is not None and not isinstance(state, kind):
        raise TypeError(
            f"state{path} must be None or a tree like theta{path}, got {state!r:.60}"
        )
    return state
