"""Back-propagation: the worked example number by number, layouts that agree, and the oracle."""

import inspect
import re
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oracles import generate
from support import (
    ACTIVATIONS,
    arrays,
    assert_same,
    call_without_writing,
    check_wrong_call,
    floats,
    ids,
    leaves,
    networks,
    no_warnings,
)
from textbook import activations, backprop
from textbook.activations import derivative_of, identity, relu, sigmoid, tanh
from textbook.backprop import (
    WorkedExample,
    backward_by_indices,
    backward_columns,
    backward_example,
    backward_rows,
    forward_columns,
    forward_example,
    forward_rows,
    gradient_step,
    gradient_step_layer_by_layer,
    squared_error,
    squared_error_gradient,
    train,
    worked_example,
)
from textbook.gradient_checking import numerical_gradient, relative_error

ROUNDING = {"rtol": 1e-11, "atol": 1e-13}  # two orders of summation differ by so much at most

# The worked example


@pytest.fixture
def example():
    """The example with one forward and one backward pass: names and their arrays."""
    x, target, weights, biases = worked_example()
    z, a = forward_example(x, weights, biases)
    da = squared_error_gradient(a[-1], target)
    dw, db = backward_example(da, weights, z, a)
    return {"z": z, "a": a, "da": da, "dw": dw, "db": db, "weights": weights, "biases": biases}


def cost_of(weights, biases):
    x, target, _, _ = worked_example()
    return squared_error(forward_example(x, weights, biases)[1][-1], target)


# "dw[0][i, j]" is the slope in the weight from input i to hidden unit j, and so on
NOTES = {
    "z[0][0]": 0.3775,
    "z[0][1]": 0.3925,
    "z[1][0]": 1.105905967,
    "z[1][1]": 1.224921404,
    "a[0][0]": 0.05,
    "a[0][1]": 0.10,
    "a[1][0]": 0.593269992,
    "a[1][1]": 0.596884378,
    "a[2][0]": 0.751365070,
    "a[2][1]": 0.772928465,
    "da[0]": 0.741365070,
    "da[1]": -0.217071535,
    "db[1][0]": 0.138498562,
    "db[1][1]": -0.038098236,
    "db[0][0]": 0.008771355,
    "db[0][1]": 0.009954255,
    "dw[1][0, 0]": 0.082167041,
    "dw[1][1, 0]": 0.082667628,
    "dw[1][0, 1]": -0.022602540,
    "dw[1][1, 1]": -0.022740242,
    "dw[0][0, 0]": 0.000438568,
    "dw[0][1, 0]": 0.000877135,
    "dw[0][0, 1]": 0.000497713,
    "dw[0][1, 1]": 0.000995425,
}


@pytest.mark.parametrize(("name", "number"), NOTES.items(), ids=NOTES)
def test_each_number_of_the_worked_example(example, name, number):
    assert eval(name, {}, example) == pytest.approx(number, abs=6e-10)


def test_the_cost_of_the_worked_example_is_0_2984():
    assert cost_of(*worked_example()[2:]) == pytest.approx(0.298371109, abs=6e-10)


def test_the_hidden_error_is_made_of_one_term_for_each_output(example):
    # the notes' 0.0363 = 0.1385 * 0.4 - 0.0190, then 0.2413 = a (1 - a)
    arrived = example["db"][1] @ example["weights"][1].T
    terms = example["db"][1] * example["weights"][1][0]
    assert terms.round(6).tolist() == [0.055399, -0.019049]
    assert arrived[0] == pytest.approx(0.036350, abs=5e-7)
    slope = derivative_of(sigmoid)(example["z"][0][0])
    assert slope == pytest.approx(0.241301, abs=5e-7)
    assert arrived[0] * slope == pytest.approx(example["db"][0][0], rel=1e-14)


UPDATED = {
    "weights[0][0, 0]": 0.149780716,
    "weights[0][1, 0]": 0.199561432,
    "weights[0][0, 1]": 0.249751144,
    "weights[0][1, 1]": 0.299502287,
    "weights[1][0, 0]": 0.358916480,
    "weights[1][1, 0]": 0.408666186,
    "weights[1][0, 1]": 0.511301270,
    "weights[1][1, 1]": 0.561370121,
}


@pytest.mark.parametrize(("name", "number"), UPDATED.items(), ids=UPDATED)
def test_each_weight_after_one_step_of_one_half(example, name, number):
    weights = gradient_step(example["weights"], example["dw"], learning_rate=0.5)
    assert eval(name, {"weights": weights}) == pytest.approx(number, abs=6e-10)


def test_the_step_of_the_notes_has_no_learning_rate(example):
    weights = gradient_step(example["weights"], example["dw"], learning_rate=1)
    assert weights[0][0, 0] == pytest.approx(0.149561432, abs=5e-10)
    assert cost_of(weights, example["biases"]) == pytest.approx(0.2836189818, abs=5e-11)


def test_after_one_step_of_all_weights_the_cost_is_0_2910277737(example):
    weights = gradient_step(example["weights"], example["dw"], learning_rate=0.5)
    assert round(cost_of(weights, example["biases"]), 10) == 0.2910277737


def test_the_authors_0_2910279239_comes_of_weights_that_have_already_moved(example):
    weights = gradient_step_layer_by_layer(
        example["da"][None],
        example["weights"],
        [z[None] for z in example["z"]],
        [a[None] for a in example["a"]],
        learning_rate=0.5,
    )
    assert round(cost_of(weights, example["biases"]), 10) == 0.2910279239


def test_with_the_biases_trained_unit_by_unit_the_cost_is_0_2804714468(example):
    weights = gradient_step(example["weights"], example["dw"], learning_rate=0.5)
    biases = gradient_step(example["biases"], example["db"], learning_rate=0.5)
    assert round(cost_of(weights, biases), 10) == 0.2804714468


def test_with_one_bias_for_a_layer_the_cost_is_0_2857508867(example):
    weights = gradient_step(example["weights"], example["dw"], learning_rate=0.5)
    shared = [np.full(2, e.sum()) for e in example["db"]]  # both units pull at the one bias
    biases = gradient_step(example["biases"], shared, learning_rate=0.5)
    assert round(cost_of(weights, biases), 10) == 0.2857508867


@pytest.mark.parametrize(
    ("layer_by_layer", "first", "last"),
    [(False, 0.2910277737, "3.510e-05"), (True, 0.2910279239, "3.508e-05")],
)
def test_the_cost_after_ten_thousand_steps(layer_by_layer, first, last):
    x, target, weights, biases = worked_example()
    how = {"train_biases": False, "layer_by_layer": layer_by_layer}
    weights, kept, costs = train([x], [target], weights, biases, 0.5, 10_000, **how)
    assert costs.shape == (10_001,)
    assert round(costs[1], 10) == first
    assert f"{costs[-1]:.3e}" == last
    assert costs[-1] == pytest.approx(cost_of(weights, biases), rel=1e-12)
    assert_same(kept, biases, rtol=0, atol=0)


def test_the_worked_example_is_made_anew_at_each_call():
    once = worked_example()
    once.weights[0][:] = 0
    once.x[:] = 0
    again = worked_example()
    assert isinstance(again, WorkedExample)
    assert again.x.tolist() == [0.05, 0.10]
    assert again.target.tolist() == [0.01, 0.99]
    assert [w.tolist() for w in again.weights] == [
        [[0.15, 0.25], [0.2, 0.3]],
        [[0.4, 0.5], [0.45, 0.55]],
    ]
    assert [b.tolist() for b in again.biases] == [[0.35, 0.35], [0.6, 0.6]]


# The cost


@given(arrays((3, 2)), arrays((3, 2)))
def test_the_cost_is_the_mean_of_half_the_squared_distances(output, target):
    j = call_without_writing(squared_error, output, target)
    one_by_one = [squared_error(o, t) for o, t in zip(output, target, strict=True)]
    by_hand = sum((o - t) ** 2 / 2 for o, t in zip(output.ravel(), target.ravel(), strict=True)) / 3
    assert type(j) is float
    assert j == pytest.approx(np.mean(one_by_one), rel=1e-14)
    assert j == pytest.approx(by_hand, rel=1e-14)
    assert j == squared_error(target, output)


@pytest.mark.parametrize("shape", [(1,), (4,), (1, 1), (1, 3), (3, 1), (4, 2)])
def test_the_slope_of_the_cost_is_the_limit_of_differences(shape):
    rng = np.random.default_rng(3)
    output, target = rng.normal(size=(2, *shape))
    found = call_without_writing(squared_error_gradient, output, target)
    assert found.shape == shape
    numerical = numerical_gradient(lambda output: squared_error(output, target), output)
    assert relative_error(found, numerical) <= 1e-9


def test_one_over_m_enters_with_the_slope_of_the_cost():
    output, target = np.array([[3.0, 1.0]]), np.array([[1.0, 2.0]])
    assert squared_error_gradient(output, target).tolist() == [[2, -1]]
    four = squared_error_gradient(np.tile(output, (4, 1)), np.tile(target, (4, 1)))
    assert four.tolist() == [[0.5, -0.25]] * 4
    assert squared_error(np.tile(output, (4, 1)), np.tile(target, (4, 1))) == 2.5


# Forward


@given(networks())
def test_forward_is_the_formula_unit_by_unit(net):
    z, a = call_without_writing(forward_rows, *net[:1], *net[2:])
    for layer, (w, b, f) in enumerate(zip(*net[2:], strict=True)):
        for i in range(len(net.x)):
            for k in range(w.shape[1]):
                score = sum(a[layer][i, j] * w[j, k] for j in range(w.shape[0])) + b[k]
                assert z[layer][i, k] == pytest.approx(score, rel=1e-12, abs=1e-13)
                assert a[layer + 1][i, k] == pytest.approx(f(score), rel=1e-12, abs=1e-13)
    np.testing.assert_array_equal(a[0], net.x)


@given(networks())
def test_each_row_is_the_pass_of_one_example(net):
    z, a = forward_rows(net.x, *net[2:])
    for i, x in enumerate(net.x):
        z_i, a_i = call_without_writing(forward_example, x, *net[2:])
        assert_same(z_i, [z_l[i] for z_l in z], **ROUNDING)
        assert_same(a_i, [a_l[i] for a_l in a], **ROUNDING)


@given(networks())
def test_columns_are_the_rows_turned(net):
    z, a = forward_rows(net.x, *net[2:])
    turned_weights, turned_biases = turned(net)
    columns = call_without_writing(
        forward_columns, net.x.T, turned_weights, turned_biases, net.activations
    )
    assert_same(columns, ([z_l.T for z_l in z], [a_l.T for a_l in a]), **ROUNDING)


@pytest.mark.parametrize(
    ("forward", "x"),
    [
        (forward_example, [0.05, 0.1]),
        (forward_rows, [[0.05, 0.1]]),
        (forward_columns, [[0.05], [0.1]]),
    ],
)
def test_without_activations_every_layer_is_a_sigmoid(forward, x):
    _, _, weights, biases = worked_example()
    if forward is forward_columns:
        weights, biases = [w.T for w in weights], [b[:, None] for b in biases]
    assert_same(
        forward(x, weights, biases), forward(x, weights, biases, [sigmoid, sigmoid]), rtol=0, atol=0
    )


# Backward


def turned(net):
    return [w.T for w in net.weights], [b[:, None] for b in net.biases]


def one_pass(net):
    """Return da, weights, z, a and activations: the arguments of a backward pass over rows."""
    z, a = forward_rows(net.x, *net[2:])
    return squared_error_gradient(a[-1], net.target), net.weights, z, a, net.activations


def replaced(arrays, index, array):
    """Return a copy of the list with another array at the index."""
    return [array if i == index else old for i, old in enumerate(arrays)]


def cost_with(net, **changed):
    net = net._replace(**changed)
    return squared_error(forward_rows(net.x, *net[2:])[1][-1], net.target)


def numerical_gradients(net, kind):
    """Ask the cost for its slope in each of the weights, or of the biases."""

    def slope_in(layer):
        def cost(theta):
            return cost_with(net, **{kind: replaced(getattr(net, kind), layer, theta)})

        return numerical_gradient(cost, getattr(net, kind)[layer])

    return [slope_in(layer) for layer in range(len(net.weights))]


@settings(max_examples=100)
@given(networks())
def test_every_slope_is_the_limit_of_differences(net):
    found = backward_rows(*one_pass(net))
    wanted = numerical_gradients(net, "weights"), numerical_gradients(net, "biases")
    assert_same(found, wanted, rtol=1e-7, atol=1e-9)  # each number
    flat = [np.concatenate([v.ravel() for v in leaves(both)]) for both in (found, wanted)]
    # a gradient far smaller than the cost drowns in the rounding of the cost, about 1e-11 of it
    assume(np.linalg.norm(flat[0]) > 0.01 * cost_with(net))
    assert relative_error(*flat) <= 1e-8  # all of them together


@given(networks())
def test_rows_columns_indices_and_examples_agree(net):
    da, weights, z, a, functions = one_pass(net)
    by_rows = call_without_writing(backward_rows, da, weights, z, a, functions)

    by_indices = call_without_writing(backward_by_indices, da, weights, z, a, functions)
    assert_same(by_indices, by_rows, **ROUNDING)

    transposed = ([array.T for array in arrays] for arrays in (weights, z, a))
    dw, db = call_without_writing(backward_columns, da.T, *transposed, functions)
    assert_same(([w.T for w in dw], [b[:, 0] for b in db]), by_rows, **ROUNDING)
    assert all(b.shape == (len(b), 1) for b in db)

    one_by_one = [
        call_without_writing(
            backward_example,
            da[i],
            weights,
            [z_l[i] for z_l in z],
            [a_l[i] for a_l in a],
            functions,
        )
        for i in range(len(da))
    ]
    for kind in (0, 1):  # the weights', the biases'
        summed = [sum(parts) for parts in zip(*(g[kind] for g in one_by_one), strict=True)]
        assert_same(summed, by_rows[kind], **ROUNDING)


@given(networks())
def test_the_gradient_of_the_batch_is_the_mean_over_its_examples(net):
    batch = backward_rows(*one_pass(net))
    singles = [
        backward_rows(*one_pass(net._replace(x=net.x[i : i + 1], target=net.target[i : i + 1])))
        for i in range(len(net.x))
    ]
    for kind in (0, 1):
        mean = [sum(parts) / len(net.x) for parts in zip(*(g[kind] for g in singles), strict=True)]
        assert_same(mean, batch[kind], **ROUNDING)


@given(networks(), st.integers(2, 3))
def test_a_batch_repeated_has_the_same_gradient(net, times):
    again = net._replace(x=np.tile(net.x, (times, 1)), target=np.tile(net.target, (times, 1)))
    assert_same(backward_rows(*one_pass(again)), backward_rows(*one_pass(net)), **ROUNDING)


@given(networks(max_layers=3, choices=[identity]))
def test_a_network_without_bends_has_the_gradient_of_least_squares(net):
    da, weights, z, a, functions = one_pass(net)
    weight_gradients, bias_gradients = backward_rows(da, weights, z, a, functions)
    after = np.linalg.multi_dot([*weights[1:], np.eye(da.shape[1])]) if len(weights) > 1 else None
    error = da if after is None else da @ after.T
    np.testing.assert_allclose(weight_gradients[0], net.x.T @ error, **ROUNDING)
    np.testing.assert_allclose(bias_gradients[-1], da.sum(axis=0), **ROUNDING)


@given(networks())
def test_the_gradient_is_linear_in_the_slope_that_arrives(net):
    da, *rest = one_pass(net)
    once, twice = backward_rows(da, *rest), backward_rows(2 * da, *rest)
    assert_same(list(leaves(twice)), [2 * array for array in leaves(once)], rtol=1e-13)
    assert not any(array.any() for array in leaves(backward_rows(0 * da, *rest)))


def test_units_that_relu_has_switched_off_have_no_gradient():
    weights, biases = (
        [np.array([[1.0, -1.0]]), np.array([[1.0], [1.0]])],
        [np.zeros(2), np.zeros(1)],
    )
    z, a = forward_rows([[2.0]], weights, biases, [relu, identity])
    (first, last), _ = backward_rows([[1.0]], weights, z, a, [relu, identity])
    assert first.tolist() == [[2, 0]]
    assert last.tolist() == [[2], [0]]


def test_trap_1_a_relu_network_takes_its_slope_from_z():
    # at z = 0 as well, where the output alone cannot tell
    weights, biases = [np.array([[1.0]])], [np.array([0.0])]
    z, a = forward_rows([[0.0]], weights, biases, [relu])
    assert backward_rows([[1.0]], weights, z, a, [relu])[1][0].tolist() == [0]


@given(networks())
def test_trap_2_backward_writes_neither_into_da_nor_into_what_forward_kept(net):
    da, weights, z, a, functions = one_pass(net)
    for backward in (backward_rows, backward_by_indices):
        call_without_writing(backward, da, weights, z, a, functions)
    call_without_writing(gradient_step_layer_by_layer, da, weights, z, a, 0.5, functions)


@given(networks())
def test_the_gradients_share_no_memory_with_the_arguments(net):
    da, weights, z, a, functions = one_pass(net)
    gradients = backward_rows(da, weights, z, a, functions)
    for result in leaves(gradients):
        assert not any(np.shares_memory(result, given) for given in leaves([da, weights, z, a]))


def test_the_one_transpose_that_is_missing_is_refused():
    z, a = forward_rows(np.ones((5, 2)), [np.ones((2, 3))], [np.ones(3)])
    with pytest.raises(ValueError, match=r"^weights\[0\] must have shape \(2, 3\) .* \(3, 2\)$"):
        backward_rows(np.ones((5, 3)), [np.ones((3, 2))], z, a)
    with pytest.raises(ValueError, match=r"^weights\[0\] must have shape \(3, 2\) .* \(2, 3\)$"):
        backward_columns(np.ones((3, 5)), [np.ones((2, 3))], [z[0].T], [a[0].T, a[1].T])


def test_a_flat_bias_is_refused_even_where_it_would_fit_the_columns_by_chance():
    with pytest.raises(
        ValueError, match=r"^biases\[0\] must have shape \(d_l, 1\), got shape \(3,\)"
    ):
        forward_columns(np.ones((2, 3)), [np.ones((3, 2))], [np.ones(3)])


# Steps


@given(arrays((2, 3)), arrays(3), arrays((2, 3)), arrays(3), floats(0.01, 10))
def test_a_step_subtracts_the_gradient_times_the_rate(w, b, dw, db, rate):
    new_w, new_b = call_without_writing(gradient_step, [w, b], [dw, db], rate)
    np.testing.assert_allclose(new_w, w - rate * dw, rtol=1e-15)
    np.testing.assert_allclose(new_b, b - rate * db, rtol=1e-15)


def test_t_steps_on_a_parabola_have_a_closed_form():
    theta = [np.array([8.0])]  # J = theta squared / 2, so that each step keeps 1 - rate of theta
    for _ in range(5):
        theta = gradient_step(theta, theta, learning_rate=0.25)
    assert theta[0][0] == 8 * 0.75**5


def test_a_step_returns_new_arrays_also_where_the_gradient_is_zero():
    theta = [np.ones(2)]
    assert not np.shares_memory(gradient_step(theta, [np.zeros(2)], 1)[0], theta[0])


@given(networks(), floats(0.01, 1))
def test_layer_by_layer_the_last_layer_moves_like_gradient_descent_and_the_others_do_not(net, rate):
    da, weights, z, a, functions = one_pass(net)
    wanted = gradient_step(weights, backward_rows(da, weights, z, a, functions)[0], rate)
    found = gradient_step_layer_by_layer(da, weights, z, a, rate, functions)
    np.testing.assert_allclose(found[-1], wanted[-1], **ROUNDING)
    if len(weights) > 1:  # its error went back through the last layer's new weights
        slope = derivative_of(functions[-2])(z[-2])
        e = (da * derivative_of(functions[-1])(z[-1])) @ found[-1].T * slope
        np.testing.assert_allclose(found[-2], weights[-2] - rate * a[-3].T @ e, **ROUNDING)


@given(networks())
def test_layer_by_layer_a_small_step_is_a_gradient_step(net):
    da, weights, z, a, functions = one_pass(net)
    rate = 1e-7  # what differs is of the order of its square
    wanted = gradient_step(weights, backward_rows(da, weights, z, a, functions)[0], rate)
    found = gradient_step_layer_by_layer(da, weights, z, a, rate, functions)
    assert_same(found, wanted, rtol=0, atol=1e-9)


# Training


@given(networks(max_layers=2), st.integers(0, 3), st.booleans())
def test_training_is_forward_backward_step_again_and_again(net, steps, train_biases):
    rate, weights, biases, costs = 0.1, net.weights, net.biases, []
    for _ in range(steps):
        z, a = forward_rows(net.x, weights, biases, net.activations)
        da = squared_error_gradient(a[-1], net.target)
        dw, db = backward_rows(da, weights, z, a, net.activations)
        costs.append(squared_error(a[-1], net.target))
        weights = gradient_step(weights, dw, rate)
        biases = gradient_step(biases, db, rate) if train_biases else biases
    costs.append(cost_with(net, weights=weights, biases=biases))
    found = call_without_writing(
        train, *net[:4], rate, steps, net.activations, train_biases=train_biases
    )
    assert_same(found, (weights, biases, np.array(costs)), **ROUNDING)


@given(networks(max_layers=2))
def test_training_layer_by_layer_takes_those_steps_with_those_activations(net):
    weights = gradient_step_layer_by_layer(*one_pass(net)[:4], 0.1, net.activations)
    how = {"train_biases": False, "layer_by_layer": True}
    found, biases, costs = train(*net[:4], 0.1, 1, net.activations, **how)
    assert_same(found, weights, **ROUNDING)
    assert_same(biases, net.biases, rtol=0, atol=0)
    assert costs.tolist() == pytest.approx([cost_with(net), cost_with(net, weights=weights)])


def test_small_steps_never_go_uphill():
    rng = np.random.default_rng(0)
    x, target = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))
    weights = [rng.normal(size=(2, 4)), rng.normal(size=(4, 1))]
    *_, costs = train(x, target, weights, [np.zeros(4), np.zeros(1)], 0.05, 200, [tanh, identity])
    assert np.all(np.diff(costs) < 0)


def test_without_a_step_training_returns_the_start_and_its_cost():
    x, target, weights, biases = worked_example()
    lists = [w.tolist() for w in weights], [b.tolist() for b in biases]
    same_weights, same_biases, costs = train([x], [target], *lists, 0.5, 0)
    assert_same((same_weights, same_biases), (weights, biases), rtol=0, atol=0)  # arrays again
    assert costs.tolist() == pytest.approx([cost_of(weights, biases)], rel=1e-15)


@pytest.mark.parametrize(("rate", "step"), [(1e3, 47), (1e160, 1)])
def test_training_that_runs_away_stops_and_asks_for_a_smaller_rate(rate, step):
    # one weight, one bias, target 0: with x = 1 each step multiplies the output by 1 - 2 rate
    assert step == np.ceil(np.log(1e154) / np.log(2 * rate))  # whose square then overflows
    message = rf"^learning_rate must be smaller, got {re.escape(str(rate))}: .* at step {step}$"
    with pytest.raises(ValueError, match=message):
        train([[1.0]], [[0.0]], [[[1.0]]], [[0.0]], rate, 200, [identity])


def test_training_stops_where_the_output_overflows_and_no_hidden_unit_does():
    weights, biases = [[[1.0]], [[1.0]]], [[0.0], [0.0]]  # both become 1e100, their product 1e200
    with pytest.raises(ValueError, match=r"^learning_rate must be smaller, got 1e\+100: "):
        train([[1.0]], [[0.0]], weights, biases, 1e100, 1, [identity] * 2, train_biases=False)


# Types, layouts and far ends


def small(convert):
    """Return a 2-3-1 network with two examples, its arrays converted."""
    rng = np.random.default_rng(5)
    numbers = {
        "x": rng.integers(-2, 3, (2, 2)),
        "target": rng.integers(0, 2, (2, 1)),
        "weights": [rng.integers(-2, 3, (2, 3)), rng.integers(-2, 3, (3, 1))],
        "biases": [rng.integers(-2, 3, 3), rng.integers(-2, 3, 1)],
    }
    return {
        name: [convert(v) for v in value] if isinstance(value, list) else convert(value)
        for name, value in numbers.items()
    }


def run_everything(net):
    """Return every array that the module computes of a network."""
    x, target, weights, biases = net["x"], net["target"], net["weights"], net["biases"]
    z, a = call_without_writing(forward_rows, x, weights, biases)
    da = call_without_writing(squared_error_gradient, a[-1], target)
    rows = call_without_writing(backward_rows, da, weights, z, a)
    indices = call_without_writing(backward_by_indices, da, weights, z, a)
    z1, a1 = call_without_writing(forward_example, x[0], weights, biases)
    one = call_without_writing(backward_example, da[0], weights, z1, a1)
    xt, wt = np.transpose(x), [np.transpose(w) for w in weights]
    zc, ac = forward_columns(xt, wt, [np.transpose([b]) for b in biases])
    columns = call_without_writing(backward_columns, da.T, wt, zc, ac)
    rate = np.float64(0.5)  # not a Python float
    step = call_without_writing(gradient_step, weights, rows[0], rate)
    layers = call_without_writing(gradient_step_layer_by_layer, da, weights, z, a, rate)
    trained = call_without_writing(train, x, target, weights, biases, rate, 2)[:2]
    return [z, a, da, rows, indices, z1, a1, one, zc, ac, columns, step, layers, trained]


@pytest.mark.parametrize(
    "convert",
    [
        np.asarray,
        np.ndarray.tolist,
        lambda v: np.asfortranarray(v, np.float64),
        lambda v: np.repeat(v.astype(np.float64), 2, axis=-1)[..., ::2],
    ],
    ids=["integers", "lists", "fortran", "strided"],
)
def test_lists_integers_and_any_memory_layout_give_the_same(convert):
    wanted = run_everything(small(lambda v: v.astype(np.float64)))
    found = run_everything(small(convert))
    assert_same(found, wanted, rtol=1e-14)
    assert {v.dtype for v in leaves(found)} == {np.dtype(np.float64)}


def test_float32_stays_float32():
    found = run_everything(small(lambda v: v.astype(np.float32)))
    assert {v.dtype for v in leaves(found)} == {np.dtype(np.float32)}


def test_integer_targets_do_not_turn_a_float32_network_into_float64():
    net = small(lambda v: v.astype(np.float32))
    found = run_everything({**net, "target": net["target"].astype(int)})
    assert {v.dtype for v in leaves(found)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("dtype", [np.float32, np.float64, int])
def test_trap_12_the_cost_is_a_python_float(dtype):
    assert type(squared_error(np.array([1, 2], dtype), np.array([1, 1], dtype))) is float


def test_one_example_one_feature_one_unit():
    z, a = forward_rows([[0.0]], [[[3.0]]], [[0.0]])
    da = squared_error_gradient(a[-1], [[0.0]])
    assert (z[0].tolist(), a[1].tolist(), da.tolist()) == ([[0]], [[0.5]], [[0.5]])
    assert [g[0].tolist() for g in backward_rows(da, [[[3.0]]], z, a)] == [[[0]], [0.125]]


@pytest.mark.parametrize("f", ACTIVATIONS, ids=lambda f: f.__name__)
def test_scores_of_ten_thousand_give_finite_gradients_without_a_warning(f):
    x, weights, biases = ([[1e4, -1e4]], [np.eye(2), np.eye(2)], [np.zeros(2), np.zeros(2)])
    with no_warnings():
        z, a = forward_rows(x, weights, biases, [f, f])
        da = squared_error_gradient(a[-1], [[0, 1]])
        assert all(np.isfinite(v).all() for v in leaves(backward_rows(da, weights, z, a, [f, f])))


# The oracle


def functions_of(names):
    return [getattr(activations, name) for name in names]


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("network"), ids=itemgetter("name"))
def test_output_cost_and_gradients_agree_with_pytorch(case, source):
    theirs, net = generate.expected(case, source), case["inputs"]
    functions = functions_of(net["activations"])
    z, a = forward_rows(net["x"], net["weights"], net["biases"], functions)
    da = squared_error_gradient(a[-1], net["target"])
    weight_gradients, bias_gradients = backward_rows(da, net["weights"], z, a, functions)
    assert squared_error(a[-1], net["target"]) == pytest.approx(theirs["cost"], rel=1e-14)
    assert_same(a[-1], theirs["output"])
    assert_same(da, theirs["output_gradient"])
    assert_same(weight_gradients, list(theirs["weight_gradients"]), rtol=1e-12)
    assert_same(bias_gradients, list(theirs["bias_gradients"]), rtol=1e-12)


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("training"), ids=itemgetter("name"))
def test_training_agrees_with_pytorchs_sgd(case, source):
    theirs, inputs = generate.expected(case, source), case["inputs"]
    functions = functions_of(inputs["activations"])
    weights, biases, costs = train(**{**inputs, "activations": functions})
    assert_same(costs, theirs["costs"], rtol=1e-12)
    assert_same(weights, list(theirs["weights"]), rtol=1e-12)
    assert_same(biases, list(theirs["biases"]), rtol=1e-12)


# Wrong calls

NUMBERS = "must hold real numbers, got"
X = np.array([[0.05, 0.10], [0.5, 1.0], [1.0, 2.0]])
TARGET, W, B = np.zeros((3, 2)), worked_example().weights, worked_example().biases
Z, A = forward_rows(X, W, B)
Z1, A1 = forward_example(X[0], W, B)
WT, BT, ZT, AT = ([np.atleast_2d(v).T for v in arrays] for arrays in (W, B, Z, A))
DA = A[-1] - TARGET
LAYER_BY_LAYER = "gradient_step_layer_by_layer"
NARROW, BAD = np.ones((2, 1)), np.array([["a", "b"], ["c", "d"]])

FORWARD = {  # name: x, weights, biases, and the shape that x should have
    "forward_example": (X[0], W, B, r"\(d_0,\)"),
    "forward_rows": (X, W, B, r"\(m, d_0\)"),
    "forward_columns": (X.T, WT, BT, r"\(d_0, m\)"),
}
BACKWARD = {  # name: da, weights, z, a, and what comes after them
    "backward_example": (DA[0], W, Z1, A1, ()),
    "backward_rows": (DA, W, Z, A, ()),
    "backward_columns": (DA.T, WT, ZT, AT, ()),
    "backward_by_indices": (DA, W, Z, A, ()),
    LAYER_BY_LAYER: (DA, W, Z, A, (0.5,)),
}
BATCHES = [name for name in BACKWARD if name != "backward_example"]


def forward_rows_of_wrong_calls(name, x, w, b, shape):
    return [
        (name, ("a", w, b), {}, TypeError, f"x {NUMBERS} str"),
        (name, ([x], w, b), {}, ValueError, f"x must have shape {shape}, got shape"),
        (name, (x * 0 + np.nan, w, b), {}, ValueError, "x must be finite, got nan at index"),
        (name, (x[..., :0], w, b), {}, ValueError, "x must hold at least one .* got shape"),
        (name, (x, None, b), {}, TypeError, "weights must be a list of arrays, got NoneType"),
        (name, (x, [], b), {}, ValueError, "weights must hold at least one array, got 0"),
        (name, (x, w[0], b), {}, ValueError, r"weights\[0\] must have shape .* got shape \(2,\)"),
        (name, (x, [w[0], BAD], b), {}, TypeError, rf"weights\[1\] {NUMBERS} an array of <U1"),
        (name, (x, [np.eye(3)], b[:1]), {}, ValueError, r"weights\[0\] must take 2 inputs, got"),
        (name, (x, [w[0], np.eye(3)], b), {}, ValueError, r"weights\[1\] must take 2 .* \(3, 3\)"),
        (name, (x, w, 3), {}, TypeError, "biases must be a list of arrays, got int 3"),
        (name, (x, w, b[:1]), {}, ValueError, "biases must hold 2 arrays, got 1"),
        (name, (x, w, ["a", b[1]]), {}, TypeError, rf"biases\[0\] {NUMBERS} str"),
        (name, (x, w, [b[0], b[1][:1]]), {}, ValueError, r"biases\[1\] must have .* got shape \(1"),
        (name, (x, w, [0.35, 0.6]), {}, ValueError, r"biases\[0\] must have .* got shape \(\)"),
        (name, (x, w, b, tanh), {}, TypeError, "activations must be a list of functions, got func"),
        (name, (x, w, b, [tanh]), {}, ValueError, "activations must name one .* 2 layers, got 1"),
        (name, (x, w, b, [tanh, "relu"]), {}, TypeError, r"activations\[1\] must be .* got 'relu'"),
        (name, (x, w, b, [np.tanh] * 2), {}, ValueError, r"activations\[0\] must be .* got <ufunc"),
    ]


def backward_rows_of_wrong_calls(name, da, w, z, a, rest):
    call = (da, w, z, a, *rest)
    return [
        (name, ("a", w, z, a, *rest), {}, TypeError, f"da {NUMBERS} str"),
        (name, ([da], w, z, a, *rest), {}, ValueError, r"da must have shape \(.*\), got shape"),
        (name, (da[:1], w, z, a, *rest), {}, ValueError, r"da must have .* of a\[-1\], .* got"),
        (name, (da, 3, z, a, *rest), {}, TypeError, "weights must be a list of arrays, got int"),
        (name, (da, [], z, a, *rest), {}, ValueError, "weights must hold at least .* got 0"),
        (name, (da, w[:1], z, a, *rest), {}, ValueError, "z must hold 1 arrays, got 2"),
        (name, (da, [BAD, w[1]], z, a, *rest), {}, TypeError, rf"weights\[0\] {NUMBERS} an array"),
        (name, (da, [w[0], NARROW], z, a, *rest), {}, ValueError, r"weights\[1\] must .* \(2, 1\)"),
        (name, (da, [NARROW, w[1]], z, a, *rest), {}, ValueError, r"weights\[0\] must .* \(2, 1\)"),
        (name, (da, w, None, a, *rest), {}, TypeError, "z must be a list of arrays, got NoneType"),
        (name, (da, w, a, a, *rest), {}, ValueError, "z must hold 2 arrays, got 3"),
        (name, (da, w, ["a", z[1]], a, *rest), {}, TypeError, rf"z\[0\] {NUMBERS} str"),
        (name, (da, w, [z[0], [z[1]]], a, *rest), {}, ValueError, r"z\[1\] must .*d_l\b.* got"),
        (name, (da, w, z, 3, *rest), {}, TypeError, "a must be a list of arrays, got int"),
        (name, (da, w, z, z, *rest), {}, ValueError, "a must hold 3 arrays, got 2"),
        (name, (da, w, z, replaced(a, 0, "a"), *rest), {}, TypeError, rf"a\[0\] {NUMBERS} str"),
        (name, (da, w, z, replaced(a, 0, 1.0), *rest), {}, ValueError, r"a\[0\] must have .* \(\)"),
        (name, (da, w, z, replaced(a, 1, a[1][:1]), *rest), {}, ValueError, r"a\[1\] .* z\[0\]"),
        (name, call, {"activations": sigmoid}, TypeError, "activations must be a .* got function"),
        (name, call, {"activations": [tanh] * 3}, ValueError, "activations must name .* got 3"),
        (name, call, {"activations": [tanh, 3]}, TypeError, r"activations\[1\] must be .* got 3"),
    ]


def batch_rows_of_wrong_calls(name, da, w, z, a, rest):
    few = (slice(None), slice(1)) if name == "backward_columns" else slice(1)
    few_z, few_a = [z_l[few] for z_l in z], [a_l[few] for a_l in a]
    message = r"a\[{}\] must hold as many examples as da, shape .*, got shape"
    return [
        (name, (da, w, z, replaced(a, 0, few_a[0]), *rest), {}, ValueError, message.format(0)),
        *(
            # else NumPy would spread the error of one example over all
            (name, (da[few], w, [z[0], few_z[1]], mixed, *rest), {}, ValueError, message.format(i))
            for i, mixed in enumerate([[a[0], a[1], few_a[2]], [few_a[0], a[1], few_a[2]]])
        ),
    ]


# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(row for name, args in FORWARD.items() for row in forward_rows_of_wrong_calls(name, *args)),
    ("forward_columns", (X.T, WT, [b.T for b in BT]), {}, ValueError, r"biases\[0\] .* \(1, 2\)"),
    *(row for name, args in BACKWARD.items() for row in backward_rows_of_wrong_calls(name, *args)),
    *(row for name in BATCHES for row in batch_rows_of_wrong_calls(name, *BACKWARD[name])),
    *(
        row
        for name in ("squared_error", "squared_error_gradient")
        for row in [
            (name, ("a", [1]), {}, TypeError, f"output {NUMBERS} str"),
            (name, ([1], [None]), {}, TypeError, f"target {NUMBERS} list"),
            (name, ([[1, 2], [3]], [1]), {}, TypeError, "output must hold .* rows .* got list"),
            (name, (1, 1), {}, ValueError, r"output must have shape \(m, d\), got shape \(\)"),
            (name, ([[[1]]], [[[1]]]), {}, ValueError, r"output must .* got shape \(1, 1, 1\)"),
            (name, ([], []), {}, ValueError, r"output must hold at least one .* got shape \(0,\)"),
            (name, ([np.nan], [0]), {}, ValueError, r"output must be finite, got nan at"),
            (name, ([0], [np.inf]), {}, ValueError, r"target must be finite, got inf at"),
            (name, ([1, 2], [1]), {}, ValueError, r"target must .* of output, \(2,\), got"),
            (name, ([[1, 2]], [1, 2]), {}, ValueError, r"target must have .* got shape \(2,\)"),
            (name, (X, X.T), {}, ValueError, r"target must .* \(3, 2\), got shape \(2, 3\)"),
        ]
    ),
    ("gradient_step", (W, W, 0), {}, ValueError, "learning_rate must .* above 0, got 0"),
    ("gradient_step", (W, W, "1"), {}, TypeError, "learning_rate must be a number, got str '1'"),
    ("gradient_step", (W, W, np.nan), {}, ValueError, "learning_rate must be finite .* got nan"),
    ("gradient_step", (None, W, 1), {}, TypeError, "parameters must be a list .* got NoneType"),
    ("gradient_step", ([], [], 1), {}, ValueError, "parameters must hold at least one .* got 0"),
    ("gradient_step", (["a"], W[:1], 1), {}, TypeError, rf"parameters\[0\] {NUMBERS} str"),
    ("gradient_step", (W, 3, 1), {}, TypeError, "gradients must be a list of arrays, got int"),
    ("gradient_step", (W, W[:1], 1), {}, ValueError, "gradients must hold 2 arrays, got 1"),
    ("gradient_step", (W, [W[0], "a"], 1), {}, TypeError, rf"gradients\[1\] {NUMBERS} str"),
    ("gradient_step", (W, B, 1), {}, ValueError, r"gradients\[0\] must have .* \(2, 2\), got"),
    (LAYER_BY_LAYER, (DA, W, Z, A, -1), {}, ValueError, "learning_rate .* above 0, got -1"),
    (LAYER_BY_LAYER, (DA, W, Z, A, None), {}, TypeError, "learning_rate must be a .* got NoneType"),
    ("train", (X, TARGET, W, B, 0, 0), {}, ValueError, "learning_rate must .* above 0, got 0"),
    ("train", (X, TARGET, W, B, [1], 1), {}, TypeError, "learning_rate must be a .* got list"),
    ("train", (X, TARGET, W, B, 1, -1), {}, ValueError, "steps must be at least 0, got -1"),
    ("train", (X, TARGET, W, B, 1, 1.5), {}, TypeError, "steps must be a whole .* got float 1.5"),
    ("train", ("a", TARGET, W, B, 1, 1), {}, TypeError, f"x {NUMBERS} str"),
    ("train", (X[0], TARGET, W, B, 1, 1), {}, ValueError, r"x must have shape \(m, d_0\), got"),
    ("train", (X, "a", W, B, 1, 1), {}, TypeError, f"target {NUMBERS} str"),
    ("train", (X, TARGET.T, W, B, 1, 1), {}, ValueError, r"target must have .* got shape \(2, 3\)"),
    ("train", (X, TARGET, None, B, 1, 1), {}, TypeError, "weights must be a list .* got NoneType"),
    ("train", (X, TARGET, [np.eye(3)], B, 1, 1), {}, ValueError, "biases must .* 1 arrays, got 2"),
    ("train", (X, TARGET, W, None, 1, 1), {}, TypeError, "biases must be a list .* got NoneType"),
    ("train", (X, TARGET, W, B[:1], 1, 0), {}, ValueError, "biases must hold 2 arrays, got 1"),
    ("train", (X, TARGET, W, B, 1, 1, [tanh]), {}, ValueError, "activations must name .* got 1"),
    (
        "train",
        (X, TARGET, W, B, 1, 1),
        {"layer_by_layer": True},
        ValueError,
        "layer_by_layer must go with train_biases=False, got train_biases=True",
    ),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(backprop, name, args, kwargs, exception, message)


def test_every_function_of_the_module_is_tested_here():
    functions = {name for name in backprop.__all__ if inspect.isfunction(getattr(backprop, name))}
    assert functions - {name for name, *_ in WRONG_CALLS} == {"worked_example"}
