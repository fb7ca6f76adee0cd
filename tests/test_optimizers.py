"""Optimizers: closed forms, PyTorch's paths, scales and turns, trees, first and last steps."""

from functools import partial
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import arrays, call_without_writing, check_wrong_call, floats, ids
from textbook import optimizers
from textbook.gradient_checking import numerical_gradient
from textbook.optimizers import (
    AdamState,
    adam_step,
    follow,
    look_ahead,
    momentum_step,
    nesterov_step,
    on_tree,
    plain_step,
    rmsprop_step,
    rosenbrock,
    rosenbrock_gradient,
)

STEPS = [plain_step, momentum_step, nesterov_step, rmsprop_step, adam_step]
every_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)

sequences = st.integers(1, 8).flatmap(lambda steps: arrays((steps, 3)))
shares = floats(0, 0.99)
rates = floats(1e-3, 10)


def apply(step, theta, gradients, state=None, **settings):
    """Take a step for each gradient; return where each led, and the last state."""
    path = []
    for gradient in gradients:
        theta, state = call_without_writing(step, theta, gradient, state_of(state), **settings)
        path.append(theta)
    return np.array(path), state


def state_of(state):
    """Return Adam's state as the plain tuple that the freezer of the tests can copy."""
    return tuple(state) if isinstance(state, AdamState) else state


def weighted(beta, gradients, power=1):
    """Return the sums of beta^k times the k-th last gradient, one by one."""
    ages = np.subtract.outer(np.arange(len(gradients)), np.arange(len(gradients)))
    return np.where(ages >= 0, beta ** np.maximum(ages, 0), 0.0) @ gradients**power


# Closed forms


@given(sequences, rates)
def test_plain_steps_add_up(gradients, rate):
    path, state = apply(plain_step, np.ones(3), gradients, learning_rate=rate)
    np.testing.assert_allclose(path[-1], 1 - rate * gradients.sum(axis=0), atol=1e-10)
    assert state is None


@given(sequences, rates, shares)
def test_momentum_is_the_sum_in_which_old_gradients_fade(gradients, rate, beta):
    path, v = apply(momentum_step, np.ones(3), gradients, learning_rate=rate, beta=beta)
    sums = weighted(beta, gradients)
    np.testing.assert_allclose(v, sums[-1], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(path, 1 - rate * np.cumsum(sums, axis=0), rtol=1e-10, atol=1e-9)


@given(sequences, rates, shares)
def test_the_average_at_a_larger_rate_is_the_sum(gradients, rate, beta):
    by_sum, v = apply(momentum_step, np.ones(3), gradients, learning_rate=rate, beta=beta)
    by_average, mean = apply(
        partial(momentum_step, average=True),
        *(np.ones(3), gradients),
        learning_rate=rate / (1 - beta),
        beta=beta,
    )
    np.testing.assert_allclose(by_average, by_sum, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mean, (1 - beta) * v, rtol=1e-10, atol=1e-12)


@given(arrays(3), arrays(3), rates, shares)
def test_looking_ahead_is_a_step_without_a_gradient(theta, v, rate, beta):
    ahead = call_without_writing(look_ahead, theta, v, rate, beta)
    moved, _ = momentum_step(theta, np.zeros(3), v, rate, beta)
    np.testing.assert_allclose(ahead, moved, rtol=1e-13, atol=1e-13)
    np.testing.assert_array_equal(look_ahead(theta, None, rate, beta), theta)


@given(arrays(2, -2, 2), floats(1e-3, 0.04), shares)
def test_nesterovs_two_forms_are_one_path(start, rate, beta):
    def slope(theta):
        return theta * [1, 30] - np.sin(theta)

    theta, v, ahead = start, None, [start]
    for _ in range(20):
        gradient = slope(look_ahead(theta, v, rate, beta))
        theta, v = momentum_step(theta, gradient, v, rate, beta)
        ahead.append(look_ahead(theta, v, rate, beta))
    path = follow(partial(nesterov_step, beta=beta), slope, start, rate, 20)
    np.testing.assert_allclose(path, ahead, rtol=1e-9, atol=1e-11)


@given(sequences, rates, shares)
def test_rmsprop_divides_by_the_root_of_the_mean_square(gradients, rate, beta):
    settings = {"learning_rate": rate, "beta": beta, "epsilon": 1e-3}
    path, s = apply(rmsprop_step, np.ones(3), gradients, **settings)
    squares = (1 - beta) * weighted(beta, gradients, power=2)
    np.testing.assert_allclose(s, squares[-1], rtol=1e-10, atol=1e-14)
    steps = gradients / (np.sqrt(squares) + 1e-3)
    np.testing.assert_allclose(path, 1 - rate * np.cumsum(steps, axis=0), rtol=1e-9, atol=1e-8)


@given(sequences, rates, shares, shares)
def test_adam_is_a_quotient_of_means_with_weights_that_sum_to_1(gradients, rate, beta1, beta2):
    settings = {"beta1": beta1, "beta2": beta2, "epsilon": 1e-3}
    path, state = apply(adam_step, np.ones(3), gradients, learning_rate=rate, **settings)
    ones = np.ones_like(gradients)
    mean = weighted(beta1, gradients) / weighted(beta1, ones)
    square = weighted(beta2, gradients, power=2) / weighted(beta2, ones)
    steps = mean / (np.sqrt(square) + 1e-3)
    np.testing.assert_allclose(path, 1 - rate * np.cumsum(steps, axis=0), rtol=1e-9, atol=1e-8)
    assert state.t == len(gradients)


@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("curvature", [0.1, 3.0, 30.0])
def test_momentum_on_a_parabola_follows_the_roots(beta, curvature):
    step = partial(momentum_step, beta=beta)
    path = follow(step, lambda theta: curvature * theta, 1.0, 0.1, 60)
    wanted = [1.0, 1 - 0.1 * curvature]
    for _ in range(59):
        wanted.append((1 + beta - 0.1 * curvature) * wanted[-1] - beta * wanted[-2])
    np.testing.assert_allclose(path, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("average", [False, True])
@pytest.mark.parametrize("beta", [0.0, 0.5, 0.9])
def test_the_limit_of_the_rate_of_momentum(beta, average):
    limit = 2 * (1 + beta) / (1 - beta if average else 1)
    step = partial(momentum_step, beta=beta, average=average)
    for rate, arrives in ((0.97 * limit, True), (1.03 * limit, False)):
        last = abs(follow(step, lambda theta: theta, 1.0, rate, 2000)[-1])
        assert (last < 1e-3) if arrives else (last > 1e3)


# Sizes and turns


@pytest.mark.parametrize("step", [rmsprop_step, adam_step])
@given(sequences, st.integers(-20, 20))
def test_the_scale_of_the_gradient_cancels(step, gradients, power):
    gradients = gradients.round(2)  # none so small that its square is 0
    small, _ = apply(partial(step, epsilon=1e-300), np.ones(3), gradients, learning_rate=0.1)
    large, _ = apply(
        partial(step, epsilon=1e-300), np.ones(3), 4.0**power * gradients, learning_rate=0.1
    )
    np.testing.assert_allclose(large, small, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("step", [plain_step, momentum_step, nesterov_step])
def test_a_turned_problem_has_the_turned_path_without_division(step):
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    hessian = turn @ np.diag([1, 50]) @ turn.T
    straight = follow(step, lambda t: t * [1, 50], [10, 1], 0.01, 50)
    turned = follow(step, lambda t: hessian @ t, turn @ [10, 1], 0.01, 50)
    np.testing.assert_allclose(turned, straight @ turn.T, atol=1e-11)


@pytest.mark.parametrize("step", [rmsprop_step, adam_step])
def test_division_knows_the_axes(step):
    straight, _ = step([0, 0], [3, 4], None, 0.1)
    turned, _ = step([0, 0], [5, 0], None, 0.1)
    assert np.linalg.norm(straight) / np.linalg.norm(turned) == pytest.approx(2**0.5)


@given(floats(1e-3, 1e3), st.sampled_from([-1, 1]), rates)
def test_adams_first_step_is_the_rate_times_the_sign(size, sign, rate):
    theta, _ = adam_step(0.0, sign * size, None, rate, epsilon=1e-12)
    assert theta == pytest.approx(-sign * rate, rel=1e-8)


@given(st.lists(floats(-100, 100), min_size=1, max_size=40))
def test_adam_never_steps_further_than_cauchy_and_schwarz_allow(gradients):
    path, _ = apply(adam_step, 0.0, gradients, learning_rate=1)
    limit = (1 - 0.9) / np.sqrt((1 - 0.999) * (1 - 0.9**2 / 0.999))
    assert abs(np.diff(path, prepend=0)).max() <= limit


@every_step
def test_epsilon_is_all_that_differs_where_a_slope_has_always_been_0(step):
    path = follow(step, lambda theta: np.array([0.0, 1.0]), [2, 2], 0.1, 20)
    np.testing.assert_array_equal(path[:, 0], 2)
    assert np.all(np.diff(path[:, 1]) < 0)


def test_epsilon_stands_outside_the_root():
    for epsilon in (1e-8, 0.5):
        theta, _ = rmsprop_step(0.0, 2.0, None, 1, beta=0, epsilon=epsilon)
        assert theta == pytest.approx(-2 / (2 + epsilon), rel=1e-15)
        theta, _ = adam_step(0.0, 2.0, None, 1, epsilon=epsilon)
        assert theta == pytest.approx(-2 / (2 + epsilon), rel=1e-12)


# The oracle


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("optimizers"), ids=itemgetter("name"))
def test_a_hundred_steps_agree_with_pytorch(case, source):
    inputs, theirs = case["inputs"], generate.expected(case, source)
    start = np.array(inputs["theta"])

    def slope(theta):
        return inputs["curvatures"] * theta - np.sin(theta)

    ours = {
        "momentum": (momentum_step, None),
        # PyTorch's first v is the whole gradient, whatever the dampening
        "average": (partial(momentum_step, average=True), slope(start)),
        "nesterov": (nesterov_step, None),
        "rmsprop": (rmsprop_step, None),
        "adam": (adam_step, None),
    }
    assert ours.keys() == theirs.keys()
    for name, (step, state) in ours.items():
        theta, path = start, []
        for _ in range(100):
            theta, state = step(theta, slope(theta), state, inputs["runs"][name][1]["lr"])
            path.append(theta)
        found = [path[t - 1] for t in inputs["recorded"]]
        np.testing.assert_allclose(found, theirs[name], rtol=1e-10, atol=1e-14)


# Kinds of numbers


@every_step
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0), (2, 3, 4)])
def test_any_shape_will_do(step, shape):
    rng = np.random.default_rng(0)
    theta, state = rng.normal(size=shape), None
    for _ in range(2):
        theta, state = step(theta, rng.normal(size=shape), state, learning_rate=0.1)
    assert np.shape(theta) == shape


@every_step
def test_float32_stays_float32(step):
    theta = np.ones(3, np.float32)
    state = None
    for _ in range(2):  # a gradient in double precision does not change that
        theta, state = step(theta, np.ones(3), state, learning_rate=np.float64(0.1))
    kept = [state] if isinstance(state, np.ndarray) else list(state or [])[:2]
    assert {array.dtype for array in [theta, *kept]} == {np.dtype(np.float32)}
    if step is adam_step:
        state = AdamState(np.float64(state.v), np.float64(state.s), state.t)
    elif state is not None:
        state = np.float64(state)
    assert step(theta, np.ones(3), state, learning_rate=0.1)[0].dtype == np.float32


@every_step
def test_integers_become_float64(step):
    theta, _ = step([1, 2], [3, 4], None, learning_rate=1)
    assert theta.dtype == np.float64


@every_step
def test_the_state_is_a_new_one(step):
    gradient = np.ones(2)
    _, before = step(np.ones(2), gradient, None, learning_rate=0.1)
    copies = [np.copy(part) for part in (before if before is not None else ())]
    _, after = step(np.ones(2), 2 * gradient, before, learning_rate=0.1)
    for part, copy in zip(before if before is not None else (), copies, strict=True):
        np.testing.assert_array_equal(part, copy)
    assert after is None or not np.shares_memory(np.asarray(after[0]), gradient)


@pytest.mark.parametrize("step", [rmsprop_step, adam_step])
def test_slopes_too_small_to_be_squared_move_nothing_to_speak_of(step):
    theta, _ = step(np.ones(2, np.float32), np.full(2, 1e-30, np.float32), None, 0.1)
    np.testing.assert_allclose(theta, 1)


# Trees


@every_step
def test_a_tree_moves_leaf_by_leaf(step):
    rng = np.random.default_rng(0)
    params = {"conv": {"weights": rng.normal(size=(2, 3)), "bias": rng.normal(size=3)},
              "heads": [rng.normal(size=2), (rng.normal(size=1),)]}  # fmt: skip

    def slopes():
        return {"conv": {"weights": rng.normal(size=(2, 3)), "bias": rng.normal(size=3)},
                "heads": [rng.normal(size=2), (rng.normal(size=1),)]}  # fmt: skip

    gradients = [slopes() for _ in range(3)]
    tree, state = params, None
    for gradient in gradients:
        tree, state = on_tree(step)(tree, gradient, state, learning_rate=0.1)
    for get in (
        lambda t: t["conv"]["weights"],
        lambda t: t["conv"]["bias"],
        lambda t: t["heads"][0],
        lambda t: t["heads"][1][0],
    ):
        path, leaf = apply(step, get(params), map(get, gradients), learning_rate=0.1)
        np.testing.assert_array_equal(get(tree), path[-1])
        if leaf is not None:
            np.testing.assert_array_equal(get(state)[0], leaf[0])
    assert type(tree["heads"][1]) is tuple
    assert list(tree) == ["conv", "heads"]


def test_nothing_is_written_into_a_tree():
    inner = {"weights": np.ones(2), "mean": np.zeros(2)}
    params, gradients = {"layer": inner}, {"layer": {"weights": np.ones(2)}}
    for array in (*inner.values(), gradients["layer"]["weights"]):
        array.setflags(write=False)
    step = on_tree(momentum_step)
    moved, state = step(params, gradients, None, learning_rate=0.1)
    kept = state["layer"]["weights"].copy()
    step(moved, gradients, state, learning_rate=0.1)
    assert params == {"layer": inner} and list(inner) == ["weights", "mean"]
    assert list(state["layer"]) == ["weights"]
    np.testing.assert_array_equal(state["layer"]["weights"], kept)
    assert moved["layer"]["mean"] is inner["mean"]
    np.testing.assert_array_equal(inner["weights"], 1)


def test_a_leaf_that_rests_keeps_its_state_and_one_that_joins_late_begins_anew():
    step = on_tree(adam_step)
    params = {"a": np.ones(1), "b": [np.ones(1), np.ones(1)]}
    rests = {"a": np.ones(1), "b": [None, np.ones(1)]}
    joins = {"b": [np.ones(1), np.ones(1)]}
    params, state = step(params, rests, None, learning_rate=0.1)
    params, state = step(params, joins, state, learning_rate=0.1)
    params, state = step(params, rests, state, learning_rate=0.1)
    assert (state["a"].t, state["b"][0].t, state["b"][1].t) == (2, 1, 3)
    moved = [params["a"], *params["b"]]
    assert [round(float(theta[0]), 6) for theta in moved] == [0.8, 0.9, 0.7]


def test_a_branch_without_gradients_is_carried_over_as_it_is():
    params = {"body": {"w": np.ones(2)}, "head": np.ones(2)}
    for gradients in ({"head": np.ones(2)}, {"body": None, "head": np.ones(2)}):
        moved, _ = on_tree(plain_step)(params, gradients, None, learning_rate=0.5)
        assert moved["body"] is params["body"]
        assert moved["head"].tolist() == [0.5, 0.5]
    assert on_tree(plain_step)({}, {}, learning_rate=1) == ({}, {})


def test_a_single_array_is_a_tree_too_and_the_name_stays():
    theta, v = on_tree(momentum_step)([np.ones(2)][0], np.ones(2), learning_rate=0.1, beta=0.5)
    assert theta.tolist() == [0.9, 0.9] and v.tolist() == [1, 1]
    assert on_tree(adam_step).__name__ == "adam_step"
    assert on_tree(on_tree(adam_step)).__wrapped__ is adam_step  # trees are walked once


@pytest.mark.parametrize(
    ("params", "gradients", "state", "exception", "message", "note"),
    [
        ({"a": 1.0}, {"b": 1.0}, None, ValueError, r"gradient must have keys .* got 'b'", None),
        ({"a": {"w": 1.0}}, {"a": 2.0}, None, ValueError, r"gradient\['a'\] must be a dict", None),
        ([1.0], [1.0, 2.0], None, ValueError, "gradient must be a list of 1 .* got", None),
        ({"a": [1.0]}, {"a": 2.0}, None, ValueError, r"gradient\['a'\] must be a list", None),
        ({"a": [1.0]}, {"a": [1.0]}, [], TypeError, "state must be None or a tree", None),
        ([{"a": 1.0}], [{"a": 1.0}], [3], TypeError, r"state\[0\] must be None or a", None),
        (
            *({"a": [np.ones(2)]}, {"a": [np.ones(3)]}, None),
            *(ValueError, "gradient must have the shape of theta", "at theta['a'][0]"),
        ),
        ([1.0], [{"a": 1}], None, TypeError, "gradient must hold real", "at theta[0]"),
        ({"w": 1.0}, {"w": np.nan}, None, ValueError, "gradient must be finite", "at theta['w']"),
    ],
)
def test_an_error_in_a_tree_says_where(params, gradients, state, exception, message, note):
    with pytest.raises(exception, match=f"^{message}") as caught:
        on_tree(momentum_step)(params, gradients, state, learning_rate=0.1)
    assert getattr(caught.value, "__notes__", [None]) == [note]


# Paths


@every_step
def test_following_is_stepping(step):
    path = follow(step, rosenbrock_gradient, [-1.2, 1], 1e-3, 5)
    theta, state = np.array([-1.2, 1]), None
    for found in path[1:]:
        theta, state = step(theta, rosenbrock_gradient(theta), state, learning_rate=1e-3)
        np.testing.assert_array_equal(found, theta)
    assert path.shape == (6, 2)
    assert follow(step, rosenbrock_gradient, [-1.2, 1], 1e-3, 0).tolist() == [[-1.2, 1]]


def test_a_gradient_that_writes_into_its_argument_disturbs_nothing():
    def scribbling(theta):
        slope = theta.copy()
        theta[:] = np.nan
        return slope

    assert follow(plain_step, scribbling, [8.0], 0.5, 2).tolist() == [[8], [4], [2]]


@given(arrays(2, -3, 3))
def test_rosenbrocks_slope_is_the_limit_of_differences(theta):
    found = call_without_writing(rosenbrock_gradient, theta)
    np.testing.assert_allclose(found, numerical_gradient(rosenbrock, theta), rtol=1e-5, atol=1e-4)
    assert rosenbrock(theta) >= 0 and type(rosenbrock(theta)) is float


def test_rosenbrocks_valley_ends_at_1_1():
    assert rosenbrock([1, 1]) == 0 and not rosenbrock_gradient([1, 1]).any()
    assert rosenbrock_gradient(np.ones(2, np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("step", "rate"),
    [(momentum_step, 0.01), (nesterov_step, 0.01), (adam_step, 0.5), (plain_step, 0.03)],
)
def test_they_arrive_in_the_ravine(step, rate):
    path = follow(step, lambda theta: theta * [1, 50], [10, 1], rate, 1000)
    assert np.linalg.norm(path[-1]) < 1e-4


def test_rmsprop_hops_by_the_rate_forever():
    path = follow(rmsprop_step, lambda theta: theta * [1, 50], [10, 1], 0.1, 3000)
    np.testing.assert_allclose(abs(path[-5:]), 0.05, rtol=1e-3)


# Wrong calls

NAN, INF = np.nan, np.inf
TWO = np.ones(2)

COMMON = [
    (("a", 1, None, 0.1), TypeError, "theta must hold real numbers, got str"),
    (([INF], [1], None, 0.1), ValueError, "theta must be finite, got inf"),
    ((1, "a", None, 0.1), TypeError, "gradient must hold real numbers, got str"),
    (([1], [NAN], None, 0.1), ValueError, "gradient must be finite, got nan"),
    ((TWO, [1], None, 0.1), ValueError, r"gradient must have the shape of theta, \(2,\), got"),
    ((np.float32([1]), [1e300], None, 0.1), ValueError, "gradient must be finite, got inf"),
    ((1, 1, None, 0), ValueError, "learning_rate must be finite and above 0, got 0"),
    ((1, 1, None, "1"), TypeError, "learning_rate must be a number, got str"),
]
ARRAY_STATE = [
    ((TWO, TWO, "a", 0.1), TypeError, "state must hold real numbers, got str"),
    ((TWO, TWO, [1], 0.1), ValueError, r"state must have the shape of theta, .* got shape \(1,\)"),
    ((TWO, TWO, [1, NAN], 0.1), ValueError, "state must be finite, got nan"),
]
LARGE = "gradient must be at most .* squared in float64, got 1.0e"

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        (step.__name__, args, {}, exception, message)
        for step in STEPS
        for args, exception, message in COMMON
    ),
    *(
        (name, args, {}, exception, message)
        for name in ("momentum_step", "nesterov_step", "rmsprop_step")
        for args, exception, message in ARRAY_STATE
    ),
    *(
        row
        for name, setting in (
            ("momentum_step", "beta"),
            ("nesterov_step", "beta"),
            ("rmsprop_step", "beta"),
            ("adam_step", "beta1"),
            ("adam_step", "beta2"),
        )
        for row in [
            (name, (1, 1, None, 1), {setting: 1}, ValueError, f"{setting} must be .* below 1"),
            (name, (1, 1, None, 1), {setting: -0.1}, ValueError, f"{setting} must be .* got -0.1"),
            (name, (1, 1, None, 1), {setting: "0"}, TypeError, f"{setting} must be a number, got"),
        ]
    ),
    *(
        row
        for name in ("rmsprop_step", "adam_step")
        for row in [
            (name, (1, 1e200, None, 1), {}, ValueError, LARGE),
            (name, (1, 1, None, 1), {"epsilon": 0}, ValueError, "epsilon must be .* got 0"),
            (name, (1, 1, None, 1), {"epsilon": "0"}, TypeError, "epsilon must be a number, got"),
            (name, (np.float16(1), 1, None, 1), {}, ValueError, "epsilon must be .* float16, got"),
        ]
    ),
    ("plain_step", (1, 1, 0.0, 0.1), {}, ValueError, "state must be None, got 0.0"),
    ("rmsprop_step", (1, 1, -1.0, 0.1), {}, ValueError, "state must not be negative, got -1.0"),
    ("adam_step", (1, 1, 3.0, 0.1), {}, TypeError, "state must be None or an AdamState, got 3.0"),
    ("adam_step", (1, 1, (1, 1), 0.1), {}, TypeError, r"state must be None or .* got \(1, 1\)"),
    ("adam_step", (1, 1, (1, 1, -1), 0.1), {}, ValueError, "state.t must be at least 0, got -1"),
    ("adam_step", (1, 1, (1, 1, 1.0), 0.1), {}, TypeError, "state.t must be a whole .* got float"),
    ("adam_step", (1, 1, ("a", 1, 1), 0.1), {}, TypeError, "state.v must hold real .* got str"),
    ("adam_step", (1, 1, (1, [1], 1), 0.1), {}, ValueError, r"state.s must have .* shape \(1,\)"),
    ("adam_step", (1, 1, (1, -1, 1), 0.1), {}, ValueError, "state.s must not be negative, got -1"),
    ("look_ahead", ("a", 1, 0.1), {}, TypeError, "theta must hold real numbers, got str"),
    ("look_ahead", ([NAN], None, 0.1), {}, ValueError, "theta must be finite, got nan"),
    ("look_ahead", (TWO, [1], 0.1), {}, ValueError, r"state must have .* got shape \(1,\)"),
    ("look_ahead", (1, "a", 0.1), {}, TypeError, "state must hold real numbers, got str"),
    ("look_ahead", (1, 1, 0), {}, ValueError, "learning_rate must be .* above 0, got 0"),
    ("look_ahead", (1, 1, 0.1, 1), {}, ValueError, "beta must be .* below 1, got 1"),
    ("on_tree", (3,), {}, TypeError, "step must be a function, got 3"),
    ("follow", (3, abs, 1, 0.1, 1), {}, TypeError, "step must be a function, got 3"),
    ("follow", (plain_step, 3, 1, 0.1, 1), {}, TypeError, "gradient must be a function, got 3"),
    ("follow", (plain_step, abs, "a", 0.1, 1), {}, TypeError, "start must hold real .* got str"),
    ("follow", (plain_step, abs, [INF], 0.1, 1), {}, ValueError, "start must be finite, got inf"),
    ("follow", (plain_step, abs, 1, 0, 1), {}, ValueError, "learning_rate must be .* got 0"),
    ("follow", (plain_step, abs, 1, "1", 1), {}, TypeError, "learning_rate must be a .* got str"),
    ("follow", (plain_step, abs, 1, 1, -1), {}, ValueError, "steps must be at least 0, got -1"),
    ("follow", (plain_step, abs, 1, 1, 1.5), {}, TypeError, "steps must be a whole .* got float"),
    ("follow", (plain_step, lambda t: 1, [1], 1, 1), {}, ValueError, r"gradient must .* got shape"),
    ("follow", (plain_step, lambda t: NAN, 1, 1, 1), {}, ValueError, "gradient must .* got nan"),
    *(
        row
        for name in ("rosenbrock", "rosenbrock_gradient")
        for row in [
            (name, ("ab",), {}, TypeError, "theta must hold real numbers, got str"),
            (name, ([1, 2, 3],), {}, ValueError, r"theta must have .* got shape \(3,\)"),
            (name, (1,), {}, ValueError, r"theta must have shape \(2,\), got shape \(\)"),
            (name, ([1, NAN],), {}, ValueError, "theta must be finite, got nan"),
        ]
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(optimizers, name, args, kwargs, exception, message)
