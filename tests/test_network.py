"""Networks: one walk over examples of every layer, then joins, trees, tables, wrong calls."""

import dataclasses
import inspect
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import (
    CHAIN,
    DENSE_BLOCK,
    INCEPTION,
    LAYERS,
    draw,
    fingerprints,
    parts,
    read,
    run,
    slopes_like,
)
from oracles import generate, twins
from support import assert_same, call_without_writing, check_wrong_call, ids, leaves
from textbook import network
from textbook.initialization import glorot, he, lecun
from textbook.network import (
    AveragePool2D,
    BatchNorm,
    Composite,
    Concatenate,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Frozen,
    GlobalAveragePool,
    Heads,
    Identity,
    Layer,
    LeakyReLU,
    LocalResponseNorm,
    MaxPool2D,
    Parameter,
    ReLU,
    Residual,
    Sequential,
    check_parameters,
    gradient_errors,
    initialize,
    load_parameters,
    named_parameters,
    nested_parameters,
    save_parameters,
    summary,
    trace,
)
from textbook.normalization import update_running

every_example = pytest.mark.parametrize("name", LAYERS)
both_modes = pytest.mark.parametrize("training", [True, False], ids=["training", "inference"])


def example(name, m=3):
    layer, input_shape = LAYERS[name]
    return layer, input_shape, *draw(layer, input_shape, m)


def cast(tree, dtype):
    return nested_parameters({k: v.astype(dtype) for k, v in named_parameters(tree).items()})


def records(layer, input_shape):
    """Return the records of a layer under the names of `named_parameters`."""

    def walk(tree, path):
        for name, leaf in tree.items():
            yield from (
                walk(leaf, f"{path}{name}.") if isinstance(leaf, dict) else [(path + name, leaf)]
            )

    return dict(walk(layer.parameters(input_shape), ""))


def chance():
    return np.random.default_rng(2)


# The list


def public_layers():
    classes = [getattr(network, name) for name in network.__all__]
    return {
        c
        for c in classes
        if inspect.isclass(c) and issubclass(c, Layer) and not inspect.isabstract(c)
    }


def layers_within(layer):
    yield layer
    inner = [layer.layer] if isinstance(layer, Frozen) else layer.children().values()
    for child in inner:
        yield from layers_within(child)


def test_every_layer_of_the_package_is_in_the_list_and_has_a_twin():
    alone = {type(layer) for layer, _ in LAYERS.values()}
    within = {type(part) for layer, _ in LAYERS.values() for part in layers_within(layer)}
    assert alone == within == public_layers()
    assert all(callable(getattr(twins, c.__name__)) for c in public_layers())


def test_every_setting_of_a_layer_is_tried_in_the_list():
    every = [part for layer, _ in LAYERS.values() for part in layers_within(layer)]
    for kind in public_layers():
        for field in dataclasses.fields(kind):
            values = {str(getattr(layer, field.name)) for layer in every if type(layer) is kind}
            assert len(values) > 1, f"{kind.__name__} {field.name}"


@every_example
def test_what_a_layer_shows_of_itself_makes_it_again(name):
    layer, _ = LAYERS[name]
    again = read(repr(layer))
    assert again == layer
    assert hash(again) == hash(layer)
    assert again != Sequential(layer)


# The walk


@every_example
@both_modes
def test_what_goes_back_is_the_slope_of_what_goes_forward(name, training):
    layer, input_shape, x, params = example(name)
    errors = gradient_errors(layer, params, x, seed=3, training=training)
    trained = [k for k, record in records(layer, input_shape).items() if record.trained]
    assert list(errors) == ["x", *sorted(trained, key=list(records(layer, input_shape)).index)]
    assert max(errors.values()) < 1e-6, errors


@every_example
@both_modes
@pytest.mark.parametrize("m", [1, 4])
def test_the_output_has_the_shape_that_was_told(name, training, m):
    layer, input_shape, x, params = example(name, m)
    y, dx, gradients, _ = run(layer, params, x, training)
    told = layer.output_shape(input_shape)
    if isinstance(y, tuple):
        assert tuple(part.shape for part in y) == tuple((m, *shape) for shape in told)
    else:
        assert y.shape == (m, *told)
    assert dx.shape == x.shape
    arrays = named_parameters(params)
    assert {k: v.shape for k, v in gradients.items()} == {k: arrays[k].shape for k in gradients}
    assert all(type(size) is int for size in parts(told))


@every_example
@both_modes
def test_float32_stays(name, training):
    layer, _, x, params = example(name)
    params = cast(params, np.float32)
    y, dx, gradients, cache = run(layer, params, x.astype(np.float32), training)
    assert {a.dtype for a in [*parts(y), dx, *gradients.values()]} == {np.dtype("float32")}
    assert {a.dtype for a in leaves(layer.renew(params, cache))} <= {np.dtype("float32")}
    outputs = trace(layer, params, x.astype(np.float32), training, chance())
    assert {a.dtype for y in outputs.values() for a in parts(y)} == {np.dtype("float32")}


@every_example
@both_modes
def test_float32_gives_the_numbers_of_float64(name, training):
    layer, _, x, params = example(name)
    exact = run(layer, params, x, training)[:3]
    rounded = run(layer, cast(params, np.float32), x.astype(np.float32), training)[:3]
    for rough, fine in zip(leaves(rounded), leaves(exact), strict=True):
        np.testing.assert_allclose(rough, fine, rtol=1e-3, atol=1e-4)


@every_example
@both_modes
def test_nothing_is_written_into(name, training):
    layer, _, x, params = example(name)

    def forward(params, x):
        return layer.forward(params, x, training=training, rng=chance())

    y, cache = call_without_writing(forward, params, x)
    dx, gradients = call_without_writing(layer.backward, slopes_like(y), params, cache)
    call_without_writing(layer.renew, params, cache)
    # neither is anything remembered: the same again gives the same
    assert_same([*run(layer, params, x, training)[:2]], [y, dx], rtol=0, atol=0)
    assert_same(layer.backward(slopes_like(y), params, cache)[1], gradients, rtol=0, atol=0)


@every_example
@both_modes
def test_the_way_in_memory_does_not_matter(name, training):
    layer, _, x, params = example(name)
    other = np.asfortranarray(x)[::-1].copy("K")[::-1]
    assert not other.flags.c_contiguous
    assert_same(
        run(layer, params, other, training)[:3], run(layer, params, x, training)[:3], 1e-11, 1e-12
    )

    def back(dy, cache):
        return layer.backward(dy, params, cache)

    y, cache = layer.forward(params, x, training=training, rng=chance())
    dy = slopes_like(y)
    turned = tuple(map(np.asfortranarray, dy)) if isinstance(dy, tuple) else np.asfortranarray(dy)
    assert_same(back(turned, cache), back(dy, cache), rtol=1e-11, atol=1e-12)


@every_example
def test_in_inference_an_example_alone_gives_what_it_gives_in_a_batch(name):
    layer, _, x, params = example(name)
    together, _ = layer.forward(params, x)
    for k in range(len(x)):
        alone, _ = layer.forward(params, x[k : k + 1])
        for one, all_of_them in zip(parts(alone), parts(together), strict=True):
            np.testing.assert_allclose(one[0], all_of_them[k], rtol=1e-11, atol=1e-13)


@every_example
def test_the_first_weights_have_the_shapes_of_the_records(name):
    layer, input_shape = LAYERS[name]
    params = initialize(layer, chance(), input_shape)
    told = records(layer, input_shape)
    assert all(isinstance(record, Parameter) for record in told.values())
    arrays = named_parameters(params)
    assert {k: a.shape for k, a in arrays.items()} == {k: r.shape for k, r in told.items()}
    assert {a.dtype for a in arrays.values()} <= {np.dtype("float32")}
    check_parameters(layer, params, input_shape)
    twice = initialize(layer, chance(), input_shape)
    assert_same(twice, params, rtol=0, atol=0)
    fine = initialize(layer, chance(), input_shape, np.float64)
    assert {a.dtype for a in leaves(fine)} <= {np.dtype("float64")}
    assert_same(cast(fine, np.float32), params, rtol=0, atol=0)
    for k, record in told.items():
        if record.start in ("zeros", "ones"):
            assert np.all(arrays[k] == {"zeros": 0, "ones": 1}[record.start])
        else:
            assert np.unique(arrays[k]).size == arrays[k].size


@every_example
def test_what_is_saved_is_what_is_loaded(name, tmp_path):
    layer, input_shape, x, params = example(name)
    for dtype in (np.float32, np.float64):
        kept = cast(params, dtype)
        save_parameters(tmp_path / "kept.npz", kept)
        loaded = load_parameters(tmp_path / "kept.npz")
        check_parameters(layer, loaded, input_shape)
        assert list(named_parameters(loaded)) == list(named_parameters(kept))
        assert [a.dtype for a in leaves(loaded)] == [a.dtype for a in leaves(kept)]
        assert_same(loaded, kept, rtol=0, atol=0)
    assert_same(layer.forward(loaded, x)[0], layer.forward(params, x)[0], rtol=0, atol=0)


@every_example
def test_the_table_counts_the_numbers_that_there_are(name):
    layer, input_shape, x, params = example(name)
    table = summary(layer, input_shape)
    arrays, told = named_parameters(params), records(layer, input_shape)
    assert table.parameters == sum(a.size for a in arrays.values())
    assert table.trained == sum(math.prod(r.shape) for r in told.values() if r.trained)
    assert table.multiply_adds == layer.multiply_adds(input_shape)
    assert table.values == math.prod(input_shape) + layer.values(input_shape)
    outputs = trace(layer, params, x)
    for row in table.rows[1:]:
        within = [a.size for k, a in arrays.items() if k.startswith(f"{row.name}.") or not row.name]
        assert row.parameters == sum(within)
        if row.name in outputs:
            assert outputs[row.name].shape[1:] == row.output
            assert row.values in (0, outputs[row.name][0].size)


@every_example
@both_modes
def test_a_trace_has_the_layers_of_the_table_and_their_numbers(name, training):
    layer, input_shape, x, params = example(name)
    found = trace(layer, params, x, training, chance())
    if "Frozen" not in repr(layer):  # what is frozen is traced as one layer
        assert list(found) == [row.name for row in summary(layer, input_shape).rows[1:]]
    y, _ = layer.forward(params, x, training=training, rng=chance())
    last = list(layer.children().values() or [layer])[-1]
    if isinstance(layer, Heads):
        y = parts(y)[-1]
    elif isinstance(layer, (Residual, Concatenate)) or isinstance(last, Composite):
        return
    assert_same(list(found.values())[-1], y, rtol=0, atol=0)


@every_example
def test_renewing_changes_running_moments_and_nothing_else(name):
    layer, _, x, params = example(name)
    *_, cache = run(layer, params, x, training=True)
    before, after = named_parameters(params), named_parameters(layer.renew(params, cache))
    assert list(before) == list(after)
    awake = {
        path
        for path in before
        if path.endswith(("mean", "variance")) and "Frozen" not in repr(at(layer, path))
    }
    for path, array in after.items():
        if path in awake:
            assert not np.array_equal(array, before[path])
        else:
            assert array is before[path]
    *_, cache = run(layer, params, x, training=False)
    assert_same(layer.renew(params, cache), params, rtol=0, atol=0)


def at(layer, path):
    """Return the outermost frozen layer on the way to an array, else the layer that it is of."""
    for name in path.split(".")[:-1]:
        if isinstance(layer, Frozen):
            return layer
        layer = layer.children()[name]
    return layer


@pytest.mark.parametrize("source", generate.sources())
@pytest.mark.parametrize("case", generate.stored("layer"), ids=lambda case: case["name"])
def test_values_slopes_and_moments_are_those_of_pytorch(case, source):
    layer, _, x, params = example(case["inputs"]["name"])
    y, dx, gradients, cache = run(layer, params, x, case["inputs"]["mode"] == "training")
    moments = named_parameters(layer.renew(params, cache))
    named = [
        *sorted(gradients.items()),
        *sorted((k, v) for k, v in moments.items() if k.endswith(("mean", "variance"))),
    ]
    found = fingerprints([*parts(y), dx, *(array for _, array in named)])
    wanted = generate.expected(case, source)["numbers"]
    assert_same([np.array(found)], [wanted], rtol=1e-9, atol=2e-10)


# Random settings


def sizes(low, high):
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def windowed(draw, pooled):
    kernel = draw(sizes(1, 3))
    stride, dilation = draw(sizes(1, 3)), (1, 1) if pooled else draw(sizes(1, 2))
    beyond = st.tuples(*(st.integers(0, k - 1) for k in kernel))
    padding = draw(st.one_of(st.sampled_from(["SAME", "VALID"]), beyond))
    least = [d * (k - 1) + 1 for k, d in zip(kernel, dilation, strict=True)]
    if padding == "SAME":
        least = [1, 1]
    elif padding != "VALID":
        least = [max(1, n - 2 * p) for n, p in zip(least, padding, strict=True)]
    # as small as can be, in every second example
    more = draw(st.one_of(st.just((0, 0)), sizes(0, 3)))
    groups = draw(st.integers(1, 2))
    channels = groups * draw(st.integers(1, 2))
    shape = (*(n + k for n, k in zip(least, more, strict=True)), channels)
    if pooled:
        return draw(st.sampled_from([MaxPool2D, AveragePool2D]))(kernel, stride, padding), shape
    bias = draw(st.booleans())
    filters = groups * draw(st.integers(1, 2))
    return Conv2D(filters, kernel, stride, padding, dilation, groups, bias), shape


@settings(max_examples=25)
@given(
    st.one_of(windowed(pooled=False), windowed(pooled=True)),
    st.integers(1, 2),
    st.sampled_from([np.float32, np.float64]),
)
def test_any_windows_give_the_shape_and_the_slopes_that_they_should(drawn, m, dtype):
    layer, input_shape = drawn
    x, params = draw(layer, input_shape, m)
    y, dx, gradients, _ = run(layer, cast(params, dtype), x.astype(dtype), True)
    assert y.shape == (m, *layer.output_shape(input_shape))
    assert {a.dtype for a in [y, dx, *gradients.values()]} == {np.dtype(dtype)}
    assert max(gradient_errors(layer, params, x, seed=0).values()) < 1e-6


@settings(max_examples=25)
@given(windowed(pooled=False))
def test_multiply_adds_are_those_of_a_loop(drawn):
    layer, input_shape = drawn
    x, params = draw(layer, input_shape, 1)
    _, height, width, filters = layer.forward(params, x)[0].shape
    count = 0
    for _ in itertools.product(range(height), range(width), range(filters)):
        for _ in np.ndindex(params["weights"].shape[:3]):
            count += 1
    assert layer.multiply_adds(input_shape) == count
    assert Dense(filters).multiply_adds((height,)) == height * filters


def test_without_padding_a_network_of_ones_counts_its_own_multiply_adds():
    layer = Conv2D(6, (3, 2), (2, 1), groups=2, bias=False)
    ones = {"weights": np.ones((3, 2, 2, 6))}
    y, _ = layer.forward(ones, np.ones((1, 7, 6, 4)))
    assert layer.multiply_adds((7, 6, 4)) == y.sum() == 3 * 5 * 6 * 12
    y, _ = Dense(5).forward({"weights": np.ones((3, 5)), "bias": np.zeros(5)}, np.ones((1, 3)))
    assert Dense(5).multiply_adds((3,)) == y.sum() == 15


# Joins


def test_a_sum_adds_and_both_ways_send_slopes_back():
    x, dy = np.array([[1.0, -2.0]]), np.array([[3.0, 5.0]])
    layer = Residual(Dense(2, bias=False))
    params = {"main": {"weights": np.array([[2.0, 0.0], [0.0, -1.0]])}}
    y, cache = layer.forward(params, x)
    dx, gradients = layer.backward(dy, params, cache)
    assert y.tolist() == [[3.0, 0.0]]
    assert dx.tolist() == [[9.0, 0.0]]
    assert gradients["main"]["weights"].tolist() == [[3.0, 5.0], [-6.0, -10.0]]


def test_branches_stand_side_by_side_in_their_order():
    x = np.arange(8.0).reshape(1, 2, 2, 2)
    layer = Concatenate(b=Identity(), a=Conv2D(1, 1), c=ReLU())
    params = {"a": {"weights": np.reshape([1.0, -1.0], (1, 1, 2, 1)), "bias": np.zeros(1)}}
    y, cache = layer.forward(params, x)
    assert y[0, 0, 1].tolist() == [2.0, 3.0, -1.0, 2.0, 3.0]
    dx, _ = layer.backward(np.ones_like(y) * [1, 10, 100, 1000, 10000], params, cache)
    assert dx[0, 0, 1].tolist() == [1 + 100 + 1000, 10 - 100 + 10000]


def test_heads_answer_apart_and_their_slopes_meet():
    layer = Heads(Identity(), twice=Dense(1, bias=False))
    params = {"twice": {"weights": np.array([[2.0], [2.0]])}}
    y, cache = layer.forward(params, np.array([[1.0, 4.0]]))
    assert [part.tolist() for part in y] == [[[1.0, 4.0]], [[10.0]]]
    dx, _ = layer.backward((np.array([[1.0, 2.0]]), np.array([[5.0]])), params, cache)
    assert dx.tolist() == [[11.0, 12.0]]
    with pytest.raises(ValueError, match="zip"):
        layer.backward((np.ones((1, 2)),), params, cache)


def test_frozen_weights_stand_still_and_slopes_pass():
    layer, x = Dense(2), np.ones((1, 3))
    params = initialize(layer, chance(), (3,), "float64")
    for mode in (True, False):
        (y, dx, gradients, cache), (y0, dx0, _, _) = (
            run(part, params, x, mode) for part in (Frozen(layer), layer)
        )
        assert_same([y, dx], [y0, dx0], rtol=0, atol=0)
        assert gradients == {}
        assert Frozen(layer).renew(params, cache) is params
    assert not any(record.trained for record in Frozen(layer).parameters((3,)).values())
    table = summary(
        Sequential(base=Frozen(Sequential(a=Dense(2), r=ReLU())), scores=Dense(2)), (3,)
    )
    assert [row.kind for row in table.rows] == ["", "Dense, frozen", "ReLU, frozen", "Dense"]
    assert [row.name for row in table.rows] == ["input", "base.a", "base.r", "scores"]
    assert (table.parameters, table.trained) == (14, 6)


def test_what_has_no_name_is_numbered_by_its_kind():
    layer = Sequential(ReLU(), Dense(1), ReLU(), Sequential(Dense(2)), last=ReLU())
    assert list(layer.children()) == ["relu_1", "dense_1", "relu_2", "sequential_1", "last"]
    assert list(layer.parameters((3,))) == ["dense_1", "sequential_1"]


def test_two_networks_are_equal_when_their_order_is():
    a, b = Dense(2), ReLU()
    assert Sequential(a=a, b=b) == Sequential(a=Dense(2), b=ReLU())
    assert Sequential(a=a, b=b) != Sequential(b=b, a=a)
    assert Sequential(a=a, b=b) != Concatenate(a=a, b=b)
    assert (
        len({Sequential(a=a, b=b), Sequential(a=Dense(2), b=b), Sequential(a=Dense(3), b=b)}) == 2
    )


def test_a_layer_cannot_be_changed():
    for layer, field in ((Dense(2), "units"), (Sequential(Dense(2)), "layers")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(layer, field, 3)


def test_dropout_draws_what_the_generator_gives_in_the_order_of_the_layers():
    layer = Sequential(Dropout(0.5), Dropout(0.5))
    y, _ = layer.forward({}, np.ones((1, 50)), training=True, rng=chance())
    rng = chance()
    first, second = (rng.random((1, 50)) < 0.5 for _ in range(2))
    assert y.tolist() == (4.0 * (first & second)).tolist()


def test_a_layer_of_ones_own_works_in_all_joins():
    @dataclasses.dataclass(frozen=True)
    class Scale(Layer):
        def parameters(self, input_shape):
            return {"scale": Parameter(input_shape[-1:], "ones")}

        def forward(self, params, x, *, training=False, rng=None):
            return x * params["scale"], x

        def backward(self, dy, params, cache):
            axes = tuple(range(dy.ndim - 1))
            return dy * params["scale"], {"scale": (dy * cache).sum(axis=axes)}

    layer = Residual(Sequential(Scale(), Concatenate(Scale(), Conv2D(1, 1)), Conv2D(2, 1)))
    x, params = draw(layer, (2, 2, 2))
    assert max(gradient_errors(layer, params, x, seed=0).values()) < 1e-8
    assert Scale().multiply_adds((2, 2, 2)) == 0
    assert Scale().values((2, 2, 3)) == 12


# Numbers at the start


@pytest.mark.parametrize(
    ("layer", "input_shape", "fans", "draw"),
    [
        (Dense(300), (200,), (200, 300), he),
        (Dense(300, start="lecun"), (200,), (200, 300), lecun),
        (Dense(300, start="glorot"), (200,), (200, 300), glorot),
        (Conv2D(64, 5), (5, 5, 32), (800, 1600), he),
        (Conv2D(64, 5, groups=4, start="lecun"), (5, 5, 32), (200, 1600), lecun),
        (Conv2D(64, 5, start="glorot"), (5, 5, 32), (800, 1600), glorot),
    ],
)
def test_weights_start_as_large_as_the_chapter_on_initialization_says(
    layer, input_shape, fans, draw
):
    weights = initialize(layer, chance(), input_shape)["weights"]
    wanted = draw(*fans, np.random.default_rng(0)).std()
    assert weights.std() == pytest.approx(wanted, rel=0.03)
    assert abs(weights.mean()) < 0.03 * wanted


def test_a_number_is_the_deviation_of_the_weights():
    weights = initialize(Dense(300, start=0.01), chance(), (200,))["weights"]
    assert weights.std() == pytest.approx(0.01, rel=0.02)


def test_a_dense_layer_starts_with_the_numbers_of_the_function():
    weights = initialize(Dense(3), chance(), (5,), np.float64)["weights"]
    assert_same(weights, he(5, 3, chance()), rtol=0, atol=0)


# Running moments


def test_the_moments_are_renewed_by_the_rule_of_batch_normalization():
    layer = Sequential(norm=BatchNorm(momentum=0.8))
    x, params = draw(layer, (2, 3, 2), m=4)
    for _ in range(3):
        old = params["norm"]
        _, cache = layer.forward(params, x, training=True)
        params = layer.renew(params, cache)
        mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))
        wanted = update_running(old["mean"], old["variance"], mean, variance, 4 * 6, 0.8)
        assert_same([params["norm"]["mean"], params["norm"]["variance"]], list(wanted))


def test_one_row_has_no_variance_to_renew_with():
    layer = Sequential(norm=BatchNorm())
    x, params = draw(layer, (2,), m=1)
    y, cache = layer.forward(params, x, training=True)
    assert_same(y[0], params["norm"]["beta"])
    with pytest.raises(ValueError, match=r"^norm: count must be at least 2, got 1"):
        layer.renew(params, cache)


# Trees


def test_names_are_joined_by_dots_and_parted_again():
    tree = {"a": {"b": {"w": np.ones(1)}, "w": np.ones(2)}, "w": np.ones(3)}
    named = named_parameters(tree)
    assert list(named) == ["a.b.w", "a.w", "w"]
    assert named["a.w"] is tree["a"]["w"]
    again = nested_parameters(named)
    assert again["a"]["b"]["w"] is tree["a"]["b"]["w"]
    assert list(again) == ["a", "w"]
    assert named_parameters({}) == nested_parameters({}) == {}
    assert nested_parameters({"a.w": [1, 2]})["a"]["w"].dtype == np.float64


def test_no_code_comes_out_of_a_file(tmp_path):
    class Evil:
        def __reduce__(self):
            return print, ("opened",)

    path = tmp_path / "evil.npz"
    np.savez(path, w=np.array([Evil()], object))
    with pytest.raises(ValueError, match=r"^path must lead to arrays that were saved, got"):
        load_parameters(path)


def test_a_file_that_is_not_there_is_told_as_always(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_parameters(tmp_path / "nothing.npz")


def test_path_may_be_text_and_the_file_is_small(tmp_path):
    save_parameters(str(tmp_path / "w.npz"), {"fc": {"w": np.zeros(10000)}})
    assert load_parameters(str(tmp_path / "w.npz"))["fc"]["w"].shape == (10000,)
    assert (tmp_path / "w.npz").stat().st_size < 1000


# The table


def test_the_table_of_a_network_by_hand():
    layer = Sequential(
        conv1=Conv2D(6, 5),
        norm1=BatchNorm(),
        relu1=ReLU(),
        pool1=MaxPool2D(2),
        flat=Flatten(),
        scores=Dense(10),
    )
    table = summary(layer, (28, 28, 1), np.float64)
    assert [row[2:] for row in table.rows] == [
        ((28, 28, 1), 784, 0, 0),
        ((24, 24, 6), 3456, 25 * 6 + 6, 576 * 25 * 6),
        ((24, 24, 6), 3456, 24, 0),
        ((24, 24, 6), 0, 0, 0),
        ((12, 12, 6), 864, 0, 0),
        ((864,), 0, 0, 0),
        ((10,), 10, 8650, 8640),
    ]
    assert (table.parameters, table.trained) == (156 + 24 + 8650, 156 + 12 + 8650)
    assert (table.values, table.multiply_adds, table.itemsize) == (8570, 95040, 8)
    lines = str(table).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].split() == [
        "layer",
        "kind",
        "output",
        "values",
        "bytes",
        "parameters",
        "multiply-adds",
    ]
    assert lines[-1].split() == ["total", "8,570", "68,560", "8,830", "95,040"]


def test_the_table_of_heads_and_of_one_layer():
    table = summary(Heads(a=Dense(2), b=Flatten()), (3,), "float16")
    assert [(row.name, row.output) for row in table.rows[1:]] == [("a", (2,)), ("b", (3,))]
    assert (table.values, table.itemsize) == (5, 2)
    assert "Conv2D" in str(summary(Conv2D(2, 1), (1, 1, 1)))
    assert summary(Conv2D(2, 1), (1, 1, 1)).rows[1].name == ""


def test_nothing_is_computed_for_a_table():
    wide = Sequential(a=Conv2D(10**6, 3, padding=1), b=Conv2D(10**6, 3), flat=Flatten(), c=Dense(9))
    assert summary(wide, (10**4, 10**4, 3)).parameters > 9e14


# Traces


def test_a_trace_has_every_layer_in_the_order_in_which_it_is_asked():
    layer, _, x, params = example("nested")
    found = trace(layer, params, x)
    names = list(found)
    assert names[:4] == ["stem.conv", "stem.norm", "stem.relu", "stage.block1.main.conv2d_1"]
    assert names.index("stage.block1.shortcut") < names.index("stage.relu1")
    assert_same(found["scores"], layer.forward(params, x)[0], rtol=0, atol=0)
    assert_same(
        found["stage.relu1"],
        np.maximum(found["stage.block1.main.batchnorm_1"] + found["stage.block1.shortcut"], 0),
    )


def test_a_trace_in_training_draws_the_masks_of_the_forward_pass():
    layer, _, x, params = example("chain")
    found = trace(layer, params, x, True, chance())
    y, _ = layer.forward(params, x, training=True, rng=chance())
    assert_same(found["scores"], y, rtol=0, atol=0)
    assert np.any(found["drop"] == 0)
    assert not np.any(trace(layer, params, x)["drop"] == 0)
    assert list(trace(ReLU(), {}, [[1, -1]])) == [""]


# The gradient check


class Wrong(Dense):
    """A dense layer with one mistake of many."""

    mistake = ""

    def backward(self, dy, params, cache):
        dx, gradients = super().backward(dy, params, cache)
        if self.mistake == "mean":
            gradients["bias"] = gradients["bias"] / len(dy)
        elif self.mistake == "forgotten":
            del gradients["bias"]
        elif self.mistake == "unknown":
            gradients["scale"] = dy
        elif self.mistake == "shape":
            gradients["bias"] = gradients["bias"][None]
        elif self.mistake == "sign":
            dx = -dx
        return dx, gradients


@pytest.mark.parametrize(("mistake", "name"), [("", None), ("mean", "inner.bias"), ("sign", "x")])
def test_the_check_names_the_array_whose_slope_is_wrong(mistake, name):
    wrong = type("Wrong", (Wrong,), {"mistake": mistake})
    layer = Sequential(inner=wrong(4), last=Dense(2))
    x, params = draw(layer, (3,))
    errors = gradient_errors(layer, params, x, seed=0)
    assert list(errors) == ["x", "inner.weights", "inner.bias", "last.weights", "last.bias"]
    assert [k for k, error in errors.items() if error > 1e-3] == ([name] if name else [])
    assert all(type(error) is float for error in errors.values())


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("forgotten", r"layer must return slopes for inner.weights, .*, got inner.weights, last"),
        ("unknown", r"layer must return slopes for inner.weights, .* \.\.\., got inner.weights"),
        ("shape", r"layer must return slopes of shape \(4,\) for 'inner.bias', got \(1, 4\)"),
    ],
)
def test_the_check_refuses_slopes_of_other_arrays(mistake, message):
    wrong = type("Wrong", (Wrong,), {"mistake": mistake})
    layer = Sequential(inner=wrong(4), last=Dense(2))
    x, params = draw(layer, (3,))
    with pytest.raises(ValueError, match=f"^{message}"):
        gradient_errors(layer, params, x, seed=0)


def test_the_check_takes_the_same_mask_each_time():
    layer = Sequential(Dense(20), Dropout(0.5), Dense(1))
    x, params = draw(layer, (3,))
    assert max(gradient_errors(layer, params, x, seed=5).values()) < 1e-8


def test_a_bias_that_is_taken_away_again_has_no_error():
    layer = Sequential(conv=Conv2D(2, 1), norm=BatchNorm())
    x, params = draw(layer, (2, 2, 2))
    errors = gradient_errors(layer, params, x, seed=0)
    assert errors["conv.bias"] == 0.0
    assert gradient_errors(layer, params, x, seed=0, training=False)["conv.bias"] < 1e-8


def test_the_check_does_not_call_a_dead_gradient_right():
    class Dead(Dense):
        def backward(self, dy, params, cache):
            dx, gradients = super().backward(dy, params, cache)
            return dx, {**gradients, "weights": np.zeros_like(gradients["weights"])}

    x, params = draw(Dead(2), (3,))
    assert gradient_errors(Dead(2), params, x, seed=0)["weights"] == 1.0


@pytest.mark.parametrize("into", ["x", "params"])
def test_the_check_does_not_let_a_layer_write_into_what_it_is_given(into):
    class Writes(Dense):
        def forward(self, params, x, *, training=False, rng=None):
            given = {"x": x, "params": params["weights"]}[into]
            given *= 2
            return super().forward(params, x)

    layer = Sequential(fc=Writes(2))
    x, params = draw(layer, (3,))
    before = x.copy(), params["fc"]["weights"].copy()
    with pytest.raises(ValueError, match=r"^fc: .*read-only"):
        gradient_errors(layer, params, x, seed=0)
    assert_same([x, params["fc"]["weights"]], list(before), rtol=0, atol=0)
    assert x.flags.writeable


# Wrong calls

X, RNG = np.ones((2, 3)), np.random.default_rng(0)
DENSE = Dense(2)
PARAMS = {"weights": np.ones((3, 2)), "bias": np.zeros(2)}
NET, TREE = Sequential(fc=DENSE), {"fc": PARAMS}
ASLEEP = Sequential(drop=Dropout(0.5))
NO_LAYER = (TypeError, "layer must be a layer, got 'dense'")
NO_SHAPE = [
    (3, TypeError, "input_shape must be a list of sizes, got int 3"),
    ((3.0,), TypeError, "input_shape must be a whole number, got float 3.0"),
    ((0,), ValueError, "input_shape must be at least 1, got 0"),
]
NO_TREE = [
    ([1.0], TypeError, r"params must be a dict of arrays by name, got \[1.0\]"),
    (
        {"fc": {"weights": "a"}},
        TypeError,
        r"params\['fc.weights'\] must hold real numbers, got str",
    ),
    (
        {"fc": {"weights": X.astype(object)}},
        TypeError,
        r"params\['fc.weights'\] must hold real numbers, got an array of object",
    ),
    ({"a.b": X}, ValueError, "params must have names without a dot, got 'a.b'"),
    ({"": X}, ValueError, "params must have names without a dot, got ''"),
    ({1: X}, ValueError, "params must have names without a dot, got 1"),
]
NO_FIT = [
    ({}, ValueError, "params must hold 'fc.weights', got nothing"),
    (
        {"fc": {"weights": np.ones((3, 2))}},
        ValueError,
        "params must hold 'fc.bias', got fc.weights",
    ),
    (
        {"fc": {**PARAMS, "weights": np.ones((2, 2))}},
        ValueError,
        r"params must have \(3, 2\) for 'fc.weights', got shape \(2, 2\)",
    ),
    (
        {"fc": {**PARAMS, "gamma": X}},
        ValueError,
        "params must hold only what is used, fc.weights, fc.bias, got 'fc.gamma'",
    ),
]

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    ("initialize", ("dense", RNG, (3,)), {}, *NO_LAYER),
    ("initialize", (DENSE, 0, (3,)), {}, TypeError, "rng must be a numpy.random.Generator, got 0"),
    *(("initialize", (DENSE, RNG, shape), {}, *more) for shape, *more in NO_SHAPE),
    *(
        (name, (*args, dtype), {}, exception, message)
        for name, args in (("initialize", (DENSE, RNG, (3,))), ("summary", (DENSE, (3,))))
        for dtype, exception, message in [
            ("float33", TypeError, "dtype must be a data-type, got 'float33'"),
            (int, ValueError, "dtype must be one of floats, got <class 'int'>"),
            (None, ValueError, "dtype must be one of floats, got None"),
        ]
    ),
    *(("named_parameters", (tree,), {}, *more) for tree, *more in NO_TREE),
    ("nested_parameters", ([1.0],), {}, TypeError, r"named must be a dict, got \[1.0\]"),
    (
        "nested_parameters",
        ({"a": "b"},),
        {},
        TypeError,
        r"named\['a'\] must hold real numbers, got",
    ),
    *(
        ("nested_parameters", (named,), {}, ValueError, message)
        for named, message in [
            ({"a..b": X}, "named must have names like conv1.weights, got 'a..b'"),
            ({"": X}, "named must have names like conv1.weights, got ''"),
            ({1: X}, "named must have names like conv1.weights, got 1"),
            ({"a": X, "a.b": X}, "named must not use 'a' twice, got 'a.b'"),
            ({"a.b": X, "a": X}, "named must not use 'a' twice, got 'a'"),
        ]
    ),
    ("save_parameters", (3, TREE), {}, TypeError, "path must be a str or a Path, got 3"),
    ("save_parameters", ("w.txt", TREE), {}, ValueError, "path must end in .npz, got 'w.txt'"),
    *(("save_parameters", ("w.npz", tree), {}, *more) for tree, *more in NO_TREE),
    ("load_parameters", (3,), {}, TypeError, "path must be a str or a Path, got 3"),
    ("load_parameters", ("w",), {}, ValueError, "path must end in .npz, got 'w'"),
    ("check_parameters", ("dense", TREE, (3,)), {}, *NO_LAYER),
    *(("check_parameters", (NET, TREE, shape), {}, *more) for shape, *more in NO_SHAPE),
    *(("check_parameters", (NET, tree, (3,)), {}, *more) for tree, *more in [*NO_TREE, *NO_FIT]),
    ("summary", ("dense", (3,)), {}, *NO_LAYER),
    *(("summary", (DENSE, shape), {}, *more) for shape, *more in NO_SHAPE),
    ("trace", ("dense", TREE, X), {}, *NO_LAYER),
    *(("trace", (NET, tree, X), {}, *more) for tree, *more in [*NO_TREE, *NO_FIT]),
    ("trace", (NET, TREE, "a"), {}, TypeError, "x must hold real numbers, got str"),
    ("trace", (NET, TREE, X, True, 0), {}, TypeError, "rng must be a numpy.random.Gen.*, got 0"),
    ("gradient_errors", ("dense", TREE, X, 0), {}, *NO_LAYER),
    *(("gradient_errors", (NET, tree, X, 0), {}, *more) for tree, *more in [*NO_TREE[:2], *NO_FIT]),
    (
        *("gradient_errors", (NET, cast(TREE, np.float32), X, 0), {}, TypeError),
        "params must be of float64, got float32 for 'fc.weights'",
    ),
    *(
        ("gradient_errors", (NET, TREE, x, 0), {}, TypeError, f"x must be of float64, got {what}")
        for x, what in [
            (X.astype(np.float32), "float32"),
            (X.astype(int), "int"),
            ([[1.0]], "list"),
        ]
    ),
    (
        "gradient_errors",
        (NET, TREE, X, 0.5),
        {},
        TypeError,
        "seed must be a whole number, got float",
    ),
    ("gradient_errors", (NET, TREE, X, -1), {}, ValueError, "seed must be at least 0, got -1"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(network, name, args, kwargs, exception, message)


@pytest.mark.parametrize("content", [b"", b"words", b"PK\x03\x04 cut off"])
def test_a_file_of_another_kind_is_refused(content, tmp_path):
    path = tmp_path / "w.npz"
    path.write_bytes(content)
    with pytest.raises(
        ValueError, match=r"^path must lead to arrays that were saved, got '.*w.npz'"
    ):
        load_parameters(path)


@pytest.mark.parametrize(
    "arrays", [{"a": np.array(["text"])}, {"a..b": X}, {"a": X, "a.b": X}], ids=str
)
def test_a_file_of_other_arrays_is_refused(arrays, tmp_path):
    np.savez(tmp_path / "w.npz", **arrays)
    with pytest.raises(ValueError, match=r"^path must lead to arrays that were saved, got"):
        load_parameters(tmp_path / "w.npz")


def test_a_single_array_is_refused_though_its_file_is_called_npz(tmp_path):
    with (tmp_path / "w.npz").open("wb") as file:
        np.save(file, X)
    with pytest.raises(ValueError, match=r"^path must lead to arrays that were saved, got"):
        load_parameters(tmp_path / "w.npz")


WHOLE = "must be a whole number, got"
NO_WINDOW = [
    ((0,), ValueError, "kernel_size must be at least 1, got 0"),
    ((2.0,), TypeError, f"kernel_size {WHOLE} float 2.0"),
    (((2, 2, 2),), ValueError, r"kernel_size must be one number or .*, got \(2, 2, 2\)"),
    ((2, 0), ValueError, "stride must be at least 1, got 0"),
    ((2, (1, 1.5)), TypeError, f"stride {WHOLE} float 1.5"),
    ((2, 1, -1), ValueError, "padding must be at least 0, got -1"),
    ((2, 1, "same"), ValueError, 'padding must be "SAME", "VALID" or a number, got \'same\''),
    ((2, 1, None), TypeError, f"padding {WHOLE} NoneType"),
]

# (layer, settings, exception, what its message starts with)
WRONG_SETTINGS = [
    (Dense, (0,), ValueError, "units must be at least 1, got 0"),
    (Dense, (2.5,), TypeError, f"units {WHOLE} float 2.5"),
    (Conv2D, (0, 3), ValueError, "filters must be at least 1, got 0"),
    (Conv2D, (4, 3, 1, 0, 0), ValueError, "dilation must be at least 1, got 0"),
    (Conv2D, (4, 3, 1, 0, 1, 0), ValueError, "groups must be at least 1, got 0"),
    (Conv2D, (4, 3, 1, 0, 1, 3), ValueError, "groups must divide the 4 filters, got 3"),
    *((Conv2D, (2, *args), *more) for args, *more in NO_WINDOW),
    *((kind, *row) for kind in (MaxPool2D, AveragePool2D) for row in NO_WINDOW),
    *(
        (kind, ((3, 2), 1, (0, 2)), ValueError, r"padding must be smaller than .*, got \(0, 2\)")
        for kind in (MaxPool2D, AveragePool2D)
    ),
    *(
        (kind, (start,), exception, message)
        for kind in (
            lambda start: Dense(2, start=start),
            lambda start: Conv2D(2, 3, start=start),
        )
        for start, exception, message in [
            ("kaiming", ValueError, "start must be \"he\", .* or a number, got 'kaiming'"),
            (0, ValueError, "start must be finite and above 0, got 0"),
            (None, TypeError, "start must be a number, got NoneType"),
        ]
    ),
    (
        BatchNorm,
        (1.5,),
        ValueError,
        "momentum must be finite and at least 0 and at most 1, got 1.5",
    ),
    (BatchNorm, (0.9, 0), ValueError, "epsilon must be finite and above 0, got 0"),
    (LeakyReLU, ("steep",), TypeError, "negative_slope must be a number, got str"),
    (Dropout, (0,), ValueError, "keep_prob must be finite and above 0 and at most 1, got 0"),
    (Dropout, (1.5,), ValueError, "keep_prob must be finite and above 0 and at most 1, got 1.5"),
    (Dropout, ("half",), TypeError, "keep_prob must be a number, got str 'half'"),
    (LocalResponseNorm, (0,), ValueError, "k must be finite and above 0, got 0"),
    (LocalResponseNorm, (2.0, 0), ValueError, "n must be at least 1, got 0"),
    (LocalResponseNorm, (2.0, 5, "a"), TypeError, "alpha must be a number, got str"),
    *(
        (kind, args, exception, message)
        for kind in (Sequential, Concatenate, Heads)
        for args, exception, message in [
            ((), ValueError, "layers must hold at least one layer, got none"),
            ((3,), TypeError, "layers must be a layer, got 3"),
            ((Dense,), TypeError, "layers must be a layer, got <class"),
        ]
    ),
    (Residual, (3,), TypeError, "main must be a layer, got 3"),
    (Residual, (ReLU(), None), TypeError, "shortcut must be a layer, got None"),
    (Frozen, (3,), TypeError, "layer must be a layer, got 3"),
]


@pytest.mark.parametrize(("kind", "args", "exception", "message"), WRONG_SETTINGS)
def test_a_wrong_setting_says_what_is_wrong(kind, args, exception, message):
    with pytest.raises(exception, match=f"^{message}") as caught:
        kind(*args)
    assert caught.type is exception


@pytest.mark.parametrize("kind", [Sequential, Concatenate, Heads])
def test_names_of_layers_are_single_and_have_no_dot(kind):
    for name in ("a.b", ""):
        with pytest.raises(ValueError, match=r"^layers must have names without a dot, got"):
            kind(**{name: ReLU()})
    with pytest.raises(ValueError, match=r"^layers must have one name each, got 'relu_1' twice"):
        kind(ReLU(), relu_1=ReLU())
    with pytest.raises(TypeError, match=r"^fc must be a layer, got 3"):
        kind(fc=3)


# (layer, shape of one example, what the message starts with)
WRONG_SHAPES = [
    (Dense(2), (2, 2, 3), r"input must have shape \(d,\), got \(2, 2, 3\)"),
    (Conv2D(2, 3), (9,), r"input must have shape \(H, W, C\), got \(9,\)"),
    (Conv2D(2, 3), (2, 5, 1), "kernel must not reach beyond the padded side of 2, got 3"),
    (Conv2D(2, 3, dilation=2), (4, 5, 1), "kernel must .* of 4, got 3 that spans 5"),
    (Conv2D(2, 1, groups=2), (4, 5, 3), "groups must divide the 3 channels, got 2"),
    (MaxPool2D(3), (2, 5, 1), "kernel must not reach beyond the padded side of 2, got 3"),
    (AveragePool2D((1, 3)), (2, 2, 1), "kernel must not reach beyond the padded side of 2, got 3"),
    (MaxPool2D(3), (5,), r"input must have shape \(H, W, C\), got \(5,\)"),
    (GlobalAveragePool(), (5,), r"input must have shape \(H, W, C\), got \(5,\)"),
    (BatchNorm(), (5, 2), r"input must be \(d,\) or \(H, W, C\), got \(5, 2\)"),
    (
        Sequential(conv1=Conv2D(2, 3), conv2=Conv2D(2, 3)),
        (4, 4, 1),
        "conv2: kernel must not reach beyond the padded side of 2, got 3",
    ),
    (
        Sequential(block=Residual(Sequential(Conv2D(2, 3), flat=Flatten(), fc=Conv2D(1, 1)))),
        (4, 4, 1),
        r"block: main: fc: input must have shape \(H, W, C\), got \(8,\)",
    ),
    (Sequential(a=Flatten(), b=MaxPool2D(2)), (4, 4, 1), r"b: input must have shape .*"),
    (
        Sequential(sum=Residual(Dense(2))),
        (3,),
        r"sum: shortcut must have the output shape of main, \(2,\), got \(3,\)",
    ),
    (
        Concatenate(Identity(), Conv2D(1, 2)),
        (3, 3, 1),
        r"layers must give images of one size to be joined, got \[\(3, 3, 1\), \(2, 2, 1\)\]",
    ),
    (Concatenate(a=Identity(), b=Conv2D(1, 4)), (3, 3, 1), "b: kernel must .* of 3, got 4"),
    (Sequential(Heads(Dense(2)), Dense(2)), (3,), r"Heads must end a network, got \(\(2,\),\) to"),
    (Residual(Heads(ReLU()), Heads(ReLU())), (3,), "Heads must end a network, got"),
    (Concatenate(Heads(ReLU())), (3,), "Heads must end a network, got"),
    (Frozen(Sequential(fc=Dense(2))), (2, 2, 3), r"fc: input must have shape \(d,\), got"),
]


@pytest.mark.parametrize(("layer", "input_shape", "message"), WRONG_SHAPES)
def test_layers_that_do_not_fit_are_named_while_the_network_is_described(
    layer, input_shape, message
):
    for ask in (
        layer.output_shape,
        lambda shape: initialize(layer, RNG, shape),
        lambda shape: summary(layer, shape),
        lambda shape: check_parameters(layer, {}, shape),
    ):
        with pytest.raises(ValueError, match=f"^{message}"):
            ask(input_shape)


def test_what_does_not_fit_at_work_is_named_too():
    layer = Sequential(body=Sequential(fc=Dense(2)), norm=BatchNorm())
    params = initialize(layer, RNG, (3,), np.float64)
    for wrong in (np.ones((2, 4)), np.ones((2, 2, 3)), np.ones(3)):
        with pytest.raises(ValueError, match=r"^body: fc: x must have shape \(m, 3\), got \("):
            layer.forward(params, wrong)
    y, cache = layer.forward(params, np.ones((2, 3)), training=True)
    with pytest.raises(ValueError, match=r"^norm: dy must"):
        layer.backward(y[:, :1], params, cache)
    with pytest.raises(
        TypeError, match=r"^drop: rng must be a numpy.random.Generator where .* None"
    ):
        ASLEEP.forward({}, X, training=True)


def test_the_bias_is_the_settings_not_the_trees():
    for layer, input_shape in ((Dense(2, bias=False), (3,)), (Conv2D(2, 1, bias=False), (2, 2, 3))):
        x, params = draw(layer, input_shape)
        y, _ = layer.forward(params, x)
        assert_same(layer.forward({**params, "bias": np.ones(2)}, x)[0], y, rtol=0, atol=0)


def test_the_parts_of_the_list_are_what_they_are_called():
    assert len(CHAIN.children()) == 16
    assert len(INCEPTION.children()) == 4
    assert DENSE_BLOCK.output_shape((3, 4, 2)) == (6,)
