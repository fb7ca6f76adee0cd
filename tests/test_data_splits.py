"""Data splits: sizes that add up, parts that keep their promise, intervals by their definition."""

import math
from fractions import Fraction
from operator import itemgetter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oracles import generate
from support import assert_same, call_without_writing, check_wrong_call, floats, ids, no_warnings
from textbook import data_splits
from textbook.data_splits import (
    apportion,
    examples_needed,
    group_split,
    split,
    standard_error,
    stratified_split,
    time_split,
    wilson_interval,
)
from textbook.datasets import load_digits


@st.composite
def shares(draw, max_parts=4):
    """Draw whole percentages that sum to 100."""
    parts = draw(st.integers(1, max_parts))
    cuts = draw(st.lists(st.integers(1, 99), min_size=parts - 1, max_size=parts - 1, unique=True))
    return np.diff([0, *sorted(cuts), 100])


@st.composite
def requests(draw):
    """Draw m and fractions that leave no part empty, and a seed."""
    m, percent = draw(st.integers(1, 400)), draw(shares())
    assume(apportion(m, percent).min() > 0)
    return m, percent / 100, draw(st.integers(0, 10**6))


def by_hand(m, percent):
    """Apportion with exact fractions."""
    exact = [Fraction(m * int(p), int(sum(percent))) for p in percent]
    sizes = [math.floor(share) for share in exact]
    by_loss = sorted(range(len(exact)), key=lambda j: (sizes[j] - exact[j], j))
    for j in by_loss[: m - sum(sizes)]:
        sizes[j] += 1
    return sizes


# Sizes


@given(st.integers(0, 10**6), shares(8))
def test_sizes_add_up_and_are_those_of_exact_fractions(m, percent):
    found = call_without_writing(apportion, m, percent / 100)
    assert found.sum() == m
    assert found.tolist() == by_hand(m, percent)


@given(st.integers(0, 10**4), st.lists(floats(0, 10), min_size=1, max_size=6))
def test_a_size_is_less_than_one_off_its_share(m, weights):
    weights = np.array(weights)
    assume(weights.sum() > 1e-3)
    sizes = apportion(m, weights)
    assert sizes.sum() == m
    assert sizes.min() >= 0
    assert np.abs(sizes - m * weights / weights.sum()).max() < 1 + 1e-6


@given(st.integers(0, 1000), shares(), floats(1e-3, 1e3))
def test_only_the_ratio_of_the_weights_counts(m, weights, factor):
    assert apportion(m, factor * weights).tolist() == apportion(m, weights).tolist()


def test_the_scan_that_rounding_loses():
    assert apportion(1797, [60, 20, 20]).tolist() == [1078, 360, 359]
    assert apportion(1797, [0.98, 0.01, 0.01]).tolist() == [1761, 18, 18]


def test_among_equals_the_earlier_gets_the_rest_and_binary_fractions_do_not_decide():
    assert apportion(3, [1, 1]).tolist() == [2, 1]
    assert apportion(45, [0.7, 0.3]).tolist() == [32, 13]  # in floats 31.499999999999996
    assert apportion(100, [0.29, 0.71]).tolist() == [29, 71]
    assert apportion(2, [0, 3, 0, 3]).tolist() == [0, 1, 0, 1]
    assert apportion(0, [1, 2]).tolist() == [0, 0]


def test_huge_counts_and_weights_do_not_overflow():
    with no_warnings():
        assert apportion(10**9, [0.98, 0.01, 0.01]).tolist() == [980_000_000, 10**7, 10**7]
        assert apportion(3, [1e300, 2e300]).tolist() == [1, 2]


# Parts


def check_parts(parts, m):
    assert isinstance(parts, tuple)
    assert all(part.dtype == np.int_ for part in parts)
    assert sorted(np.concatenate(parts).tolist()) == list(range(m))


@given(requests())
def test_every_example_is_in_one_part_and_the_parts_have_their_sizes(request):
    m, fractions, seed = request
    parts = split(m, fractions, np.random.default_rng(seed))
    check_parts(parts, m)
    assert [len(part) for part in parts] == apportion(m, fractions).tolist()


@given(requests())
def test_the_oldest_come_first(request):
    m, fractions, _ = request
    parts = time_split(m, fractions)
    assert np.concatenate(parts).tolist() == list(range(m))
    assert [len(part) for part in parts] == apportion(m, fractions).tolist()


@given(requests(), st.integers(1, 6))
def test_a_stratified_part_has_its_size_and_each_class_its_share(request, classes):
    m, fractions, seed = request
    labels = np.random.default_rng(seed).integers(0, classes, size=m) ** 2
    parts = call_without_writing(
        lambda y: stratified_split(y, fractions, np.random.default_rng(seed)), labels
    )
    check_parts(parts, m)
    assert [len(part) for part in parts] == apportion(m, fractions).tolist()
    for k in np.unique(labels):
        off = [
            abs((labels[part] == k).sum() - s * (labels == k).sum())
            for part, s in zip(parts, fractions, strict=True)
        ]
        assert off[0] < 1.5 if len(parts) < 3 else max(off) < 3


def test_stratified_digits_differ_from_their_share_by_less_than_one():
    _, labels = load_digits()
    counts = np.bincount(labels)
    for fractions in ([0.7, 0.3], [0.6, 0.2, 0.2], [0.98, 0.01, 0.01]):
        parts = stratified_split(labels, fractions, np.random.default_rng(0))
        for part, fraction in zip(parts, fractions, strict=True):
            assert np.abs(np.bincount(labels[part]) - fraction * counts).max() < 1.2
            assert np.bincount(labels[part], minlength=10).min() > 0


@given(requests(), st.integers(1, 20))
def test_a_group_is_never_torn_apart(request, size):
    n, fractions, seed = request
    rng = np.random.default_rng(seed)
    groups = rng.permutation(np.concatenate([np.arange(n), rng.integers(0, n, n * size // 4)]))
    parts = call_without_writing(
        lambda g: group_split(g, fractions, np.random.default_rng(seed)), groups
    )
    check_parts(parts, len(groups))
    names = [np.unique(groups[part]) for part in parts]
    assert [len(name) for name in names] == apportion(n, fractions).tolist()
    assert len(np.unique(np.concatenate(names))) == n
    assert all((np.diff(part) > 0).all() for part in parts)


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: split(60, [0.5, 0.5], rng),
        lambda rng: stratified_split(np.arange(60) // 30, [0.5, 0.5], rng),
        lambda rng: group_split(np.arange(60) // 2, [0.5, 0.5], rng),
    ],
    ids=["split", "stratified_split", "group_split"],
)
def test_chance_comes_from_the_generator_and_gives_everyone_the_same_chance(draw):
    def first(rng):
        return draw(rng)[0].tolist()

    rng = np.random.default_rng(1)
    assert first(rng) == first(np.random.default_rng(1)) != first(rng)
    times = np.bincount(np.concatenate([first(rng) for _ in range(400)]), minlength=60)
    assert 150 < times.min() <= times.max() < 250


@pytest.mark.parametrize("draw", [split, lambda m, f, rng: stratified_split([0] * m, f, rng)])
def test_a_part_is_not_in_the_order_of_the_file(draw):
    for part in draw(200, [0.5, 0.5], np.random.default_rng(0)):
        assert abs(np.corrcoef(part, np.arange(100))[0, 1]) < 0.3


def test_a_stratified_part_is_not_sorted_by_class():
    labels = np.repeat([0, 1], 100)
    train, test = stratified_split(labels, [0.5, 0.5], np.random.default_rng(0))
    for part in (train, test):
        assert 10 < np.abs(np.diff(labels[part])).sum() < 90


@given(st.lists(st.sampled_from("abc"), min_size=12, max_size=30), st.integers(0, 99))
def test_names_split_like_numbers(letters, seed):
    numbers = [ord(letter) for letter in letters]
    for draw in (stratified_split, group_split):
        if draw is group_split and len(set(letters)) < 2:
            continue
        named, numbered = (
            draw(given, [0.5, 0.5], np.random.default_rng(seed)) for given in (letters, numbers)
        )
        assert_same(named, numbered)


def test_one_part_is_everything_and_one_example_is_enough_for_it():
    rng = np.random.default_rng(0)
    for (part,) in (
        split(1, [1], rng),
        time_split(1, [1.0]),
        stratified_split([7], [1], rng),
        group_split(["a"], [1], rng),
    ):
        assert part.tolist() == [0]


def test_a_class_of_one_example_is_in_one_part():
    for seed in range(5):
        train, test = stratified_split([0] * 9 + [1], [0.5, 0.5], np.random.default_rng(seed))
        assert len(train) == len(test) == 5
        assert (9 in train) != (9 in test)


def test_fractions_in_float32_and_thirds_are_a_whole():
    rng = np.random.default_rng(0)
    assert [len(p) for p in split(10, np.array([0.7, 0.2, 0.1], np.float32), rng)] == [7, 2, 1]
    assert [len(p) for p in split(9, [1 / 3] * 3, rng)] == [3, 3, 3]
    assert [len(p) for p in time_split(49, [1 / 49] * 49)] == [1] * 49


# How exact an accuracy is


@given(st.integers(1, 60), floats(0, 1))
def test_the_standard_error_is_the_spread_of_the_binomial_distribution(m, p):
    k = np.arange(m + 1)
    chance = np.array([math.comb(m, i) for i in range(m + 1)]) * p**k * (1 - p) ** (m - k)
    spread = np.sqrt(np.sum(chance * (k / m - p) ** 2))
    assert standard_error(p, m) == pytest.approx(spread, abs=1e-9)


@given(floats(0.01, 0.99), floats(1e-3, 0.3))
def test_as_many_examples_as_are_needed_and_no_more(p, error):
    m = examples_needed(p, error)
    assert standard_error(p, m) <= error * (1 + 1e-6)
    assert m == 1 or standard_error(p, m - 1) > error * (1 - 1e-6)


def test_examples_needed_is_not_one_too_many_for_a_rounding_error():
    assert examples_needed(0.95, 0.005) == 1900  # in floats 1900.0000000000002
    assert examples_needed(0.5, 0.05) == 100
    assert examples_needed(0.5, 10) == 1


@given(st.integers(1, 10**6), st.data(), floats(0.1, 5))
def test_the_ends_are_z_of_their_own_standard_errors_away(m, data, z):
    correct = data.draw(st.integers(0, m))
    low, high = wilson_interval(correct, m, z)
    assert 0 <= low <= correct / m <= high <= 1
    for end in (low, high):
        if 0 < end < 1:
            assert abs(end - correct / m) == pytest.approx(z * standard_error(end, m), rel=1e-6)
    mirrored = wilson_interval(m - correct, m, z)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high), abs=1e-12)


@pytest.mark.parametrize("m", [1, 18, 50, 10**6])
def test_all_right_and_all_wrong_have_a_closed_form(m):
    assert wilson_interval(m, m) == pytest.approx((1 / (1 + 1.96**2 / m), 1), abs=1e-12)
    assert wilson_interval(0, m) == pytest.approx((0, 1 - 1 / (1 + 1.96**2 / m)), abs=1e-12)


@pytest.mark.parametrize("p", [0.5, 0.8, 0.95])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(p):
    held = 0.0
    for k in range(201):
        low, high = wilson_interval(k, 200)
        held += math.comb(200, k) * p**k * (1 - p) ** (200 - k) * (low <= p <= high)
    assert held == pytest.approx(0.95, abs=0.02)


def test_trap_12_numbers_are_python_numbers():
    assert type(standard_error(np.float32(0.5), np.int64(4))) is float
    assert type(examples_needed(np.float64(0.5), 0.1)) is int
    assert [type(end) for end in wilson_interval(np.int64(3), np.int64(4))] == [float, float]


# The oracles


def cases(oracle):
    return pytest.mark.parametrize("case", generate.stored(oracle), ids=itemgetter("name"))


every_source = pytest.mark.parametrize("source", generate.sources())


@every_source
@cases("folds")
def test_folds_have_the_sizes_of_scikit_learn(case, source):
    m, parts = case["inputs"]["m"], case["inputs"]["parts"]
    found = split(m, [1 / parts] * parts, np.random.default_rng(0))
    assert [len(fold) for fold in found] == generate.expected(case, source)["sizes"].tolist()


@every_source
@cases("strata")
def test_classes_are_dealt_out_as_scikit_learn_does(case, source):
    labels, sizes = np.array(case["inputs"]["labels"]), np.array(case["inputs"]["sizes"])
    parts = stratified_split(labels, sizes / sizes.sum(), np.random.default_rng(0))
    found = [np.bincount(labels[part]).tolist() for part in parts]
    assert found == generate.expected(case, source)["counts"].tolist()


@every_source
@cases("proportion")
def test_intervals_agree_with_scipy(case, source):
    found = np.array(wilson_interval(**case["inputs"]))
    assert_same(found, generate.expected(case, source)["ends"], rtol=1e-9, atol=1e-12)


# Wrong calls

NAN, INF = np.nan, np.inf
RNG = np.random.default_rng(0)
HALVES = [0.5, 0.5]

DRAWS = {
    "split": lambda f, rng=RNG: (10, f, rng),
    "stratified_split": lambda f, rng=RNG: ([0, 1] * 5, f, rng),
    "group_split": lambda f, rng=RNG: (list("abcdefghij"), f, rng),
}
NAMES = {"stratified_split": "labels", "group_split": "groups"}

# (function, arguments, settings, exception, what its message starts with)
WRONG_CALLS = [
    *(
        row
        for name, call in {**DRAWS, "time_split": lambda f: (10, f)}.items()
        for row in [
            (name, call("a"), {}, TypeError, "fractions must hold real numbers, got str"),
            (name, call(0.5), {}, ValueError, r"fractions must have shape \(k,\), got shape \(\)"),
            (name, call([HALVES]), {}, ValueError, r"fractions must have .* got shape \(1, 2\)"),
            (name, call([98, 1]), {}, ValueError, "fractions must sum to 1, got the sum 99"),
            (name, call([0.98, 0.01]), {}, ValueError, "fractions must sum .* got the sum 0.99"),
            (name, call([1.5, -0.5]), {}, ValueError, "fractions must be .* 0, got -0.5"),
            (name, call([1, 0]), {}, ValueError, r"fractions must be above 0, got \[1.0, 0.0\]"),
            (name, call([NAN, 1]), {}, ValueError, "fractions must be finite .*, got nan"),
            (name, call([]), {}, ValueError, r"fractions must not all be 0, got \[\]"),
        ]
    ),
    *(
        (name, call(HALVES, rng), {}, TypeError, "rng must be a numpy.random.Generator, got")
        for name, call in DRAWS.items()
        for rng in (0, np.random.RandomState(0))
    ),
    *(
        (name, (m, HALVES, *rest), {}, exception, message)
        for name, rest in {"split": (RNG,), "time_split": ()}.items()
        for m, exception, message in [
            (0, ValueError, "m must be at least 1, got 0"),
            (1, ValueError, "m must fill every part, got 1 for"),
            (9.0, TypeError, "m must be a whole number, got float"),
            ([1, 2], TypeError, "m must be a whole number, got list"),
        ]
    ),
    *(
        (name, (value, HALVES, RNG), {}, exception, f"{argument} must {message}")
        for name, argument in NAMES.items()
        for value, exception, message in [
            ([], ValueError, "be at least 1, got 0"),
            ([1], ValueError, "fill every part, got 1 for"),
            (3, ValueError, r"have shape \(m,\), got shape \(\)"),
            ([[1, 2]], ValueError, r"have shape \(m,\), got shape \(1, 2\)"),
            ([1, NAN], ValueError, "be finite, got nan"),
            ([None, 1], TypeError, r"hold numbers or names, got \[None, 1\]"),
            ([[1], [1, 2]], TypeError, "hold numbers or names, got "),
            ([1j], TypeError, "hold numbers or names, got "),
        ]
    ),
    ("group_split", ("aaaa", HALVES, RNG), {}, ValueError, r"groups must have shape \(m,\)"),
    ("group_split", (["a"] * 9, HALVES, RNG), {}, ValueError, "groups must fill .*, got 1"),
    ("apportion", (-1, [1]), {}, ValueError, "m must be at least 0, got -1"),
    ("apportion", (1.0, [1]), {}, TypeError, "m must be a whole number, got float"),
    ("apportion", (True, [1]), {}, TypeError, "m must be a whole number, got bool"),
    ("apportion", (1, "a"), {}, TypeError, "weights must hold real numbers, got str"),
    ("apportion", (1, 1), {}, ValueError, r"weights must have shape \(k,\), got shape \(\)"),
    ("apportion", (1, [-1, 2]), {}, ValueError, "weights must be .* at least 0, got -1.0"),
    ("apportion", (1, [INF]), {}, ValueError, "weights must be finite .*, got inf"),
    ("apportion", (1, [0, 0]), {}, ValueError, r"weights must not all be 0, got \[0.0, 0.0\]"),
    *(
        ("standard_error", (p, 9), {}, exception, f"accuracy must {message}")
        for p, exception, message in [
            (-0.1, ValueError, "be finite and at least 0 and at most 1, got -0.1"),
            (95, ValueError, "be finite and at least 0 and at most 1, got 95"),
            (NAN, ValueError, "be finite .*, got nan"),
            ("a", TypeError, "be a number, got str"),
        ]
    ),
    ("standard_error", (0.5, 0), {}, ValueError, "m must be at least 1, got 0"),
    ("standard_error", (0.5, 9.0), {}, TypeError, "m must be a whole number, got float"),
    ("examples_needed", (0, 0.1), {}, ValueError, "accuracy must be .* above 0 .*, got 0"),
    ("examples_needed", (1, 0.1), {}, ValueError, "accuracy must be below 1, .* got 1"),
    ("examples_needed", ([1], 0.1), {}, TypeError, "accuracy must be a number, got list"),
    ("examples_needed", (0.5, 0), {}, ValueError, "error must be .* above 0, got 0"),
    ("examples_needed", (0.5, "a"), {}, TypeError, "error must be a number, got str"),
    ("wilson_interval", (-1, 9), {}, ValueError, "correct must be at least 0, got -1"),
    ("wilson_interval", (10, 9), {}, ValueError, "correct must be at most m = 9, got 10"),
    ("wilson_interval", (0.5, 9), {}, TypeError, "correct must be a whole number, got float"),
    ("wilson_interval", (0, 0), {}, ValueError, "m must be at least 1, got 0"),
    ("wilson_interval", (0, "a"), {}, TypeError, "m must be a whole number, got str"),
    ("wilson_interval", (5, 9, 0), {}, ValueError, "z must be finite and above 0, got 0"),
    ("wilson_interval", (5, 9, "a"), {}, TypeError, "z must be a number, got str"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(data_splits, name, args, kwargs, exception, message)
