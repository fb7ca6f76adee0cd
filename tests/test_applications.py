"""Applications: pitch against sines, PyTorch and noise; masks, thresholds, filters, wrong calls."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracles import generate
from support import assert_same, call_without_writing, check_wrong_call, ids, no_warnings
from textbook import applications
from textbook.applications import (
    autocorrelation_pitch,
    gaussian_filter,
    intersection_over_union,
    median_filter,
    otsu_threshold,
    pitch,
    pitch_network,
    psnr,
    resample,
    salience,
    salience_pitch,
    shuffle_pixels,
)
from textbook.convolution import filter_image
from textbook.datasets import load_coin_mask, load_photograph, load_pitch_network, load_pluck
from textbook.network import check_parameters, summary

PARAMS = load_pitch_network()
IN_DOUBLE = {
    layer: {name: array.astype(np.float64) for name, array in arrays.items()}
    for layer, arrays in PARAMS.items()
}
SECONDS = np.arange(1024) / 16000


def cents(found, hertz):
    return 1200 * np.log2(found / hertz)


# Sound


def test_the_network_is_that_of_the_weights():
    network = pitch_network()
    check_parameters(network, PARAMS, (1024, 1, 1))
    counted = summary(network, (1024, 1, 1))
    assert (counted.parameters, counted.multiply_adds) == (487_096, 36_792_320)
    shapes = {row.name: row.output for row in counted.rows}
    assert (shapes["conv1"], shapes["pool1"]) == ((256, 1, 128), (128, 1, 128))
    assert (shapes["pool6"], shapes["flat"]) == ((4, 1, 64), (256,))


@pytest.mark.parametrize(
    ("hertz", "heard"),
    [(55, 55.0), (110, 110.0), (220, 220.9), (440, 440.4), (880, 878.9), (1760, 1760.3)],
)
def test_a_sine_is_heard_to_less_than_a_tenth_of_a_semitone(hertz, heard):
    (found,) = pitch(np.sin(2 * np.pi * hertz * SECONDS), 16000, PARAMS)
    assert round(float(found), 1) == heard
    assert abs(cents(found, hertz)) < 10


@pytest.mark.parametrize("case", generate.stored("pitch_salience"), ids=lambda case: case["name"])
@pytest.mark.parametrize("source", generate.sources())
def test_the_saliences_are_those_of_pytorch(case, source):
    asked = case["inputs"]
    seconds = np.arange(1024) / 1024 * asked["seconds_of_a_frame"]
    sound = sum(np.sin(2 * np.pi * hertz * seconds) for hertz in asked["hertz"])
    (found,) = salience(sound, 16000, IN_DOUBLE)
    expected = generate.expected(case, source)
    assert_same([found[asked["first"] : asked["last"]]], [expected["near"]], rtol=1e-9)
    np.testing.assert_allclose(found.sum(), expected["sum"], rtol=1e-9)
    (single,) = salience(sound, 16000, PARAMS)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, found, atol=1e-5)


def test_the_pluck_is_a_middle_c_by_the_network_and_by_autocorrelation():
    samples, rate = load_pluck()
    heard = call_without_writing(pitch, samples, rate, PARAMS)
    assert heard.shape == (24,)
    assert 260.5 < heard.min() < 261 < np.median(heard) < 262 < heard.max() < 263.5
    again = call_without_writing(autocorrelation_pitch, samples, rate)
    assert again.shape == heard.shape
    assert np.abs(cents(again, 261.63)).max() < 4


def test_what_is_heard_depends_neither_on_loudness_nor_on_a_constant():
    samples, rate = load_pluck()
    plain = salience(samples, rate, PARAMS)
    np.testing.assert_allclose(salience(samples * 7 - 3, rate, PARAMS), plain, atol=2e-3)


def test_a_frame_does_not_depend_on_how_many_are_run_at_a_time():
    sound = np.random.default_rng(0).normal(size=1024 + 70 * 16)
    many = salience(sound, 16000, PARAMS, hop=16)
    assert many.shape == (71, 360)
    for frame in (0, 63, 64, 70):
        alone = salience(sound[16 * frame :][:1024], 16000, PARAMS)
        np.testing.assert_allclose(many[frame : frame + 1], alone, atol=1e-5)


def test_silence_gives_numbers_by_the_network_and_none_by_autocorrelation():
    silence = np.zeros(2000)
    with no_warnings():
        assert np.isfinite(pitch(silence, 16000, PARAMS)).all()
    assert salience(silence, 16000, PARAMS).max() < 0.5
    with no_warnings():
        assert np.isnan(autocorrelation_pitch(silence, 16000)).all()


def test_at_a_lower_rate_the_same_frames_are_heard():
    seconds = np.arange(2000) / 12345
    found = pitch(np.sin(2 * np.pi * 300 * seconds), 12345, PARAMS)
    assert len(found) == (int(1999 * 16000 / 12345) + 1 - 1024) // 160 + 1
    assert np.abs(cents(found, 300)).max() < 10


def test_the_peak_is_read_between_its_neighbors_and_at_the_ends():
    step = 2 ** (20 / 1200)
    lowest = 10 * 2 ** (1997.3794084376191 / 1200)
    rows = np.zeros((5, 360))
    rows[0, 0] = rows[1, 359] = 0.3
    rows[2, 100], rows[2, 101] = 0.6, 0.2
    rows[3, 50:55] = 0.1, 0.2, 0.4, 0.2, 0.1
    rows[4, 100], rows[4, 104], rows[4, 105], rows[4, 95] = 0.5, 0.25, 0.4, 0.4
    found = call_without_writing(salience_pitch, rows)
    expected = lowest * step ** np.array([0, 359, 100.25, 52, 100 + 4 / 3])
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@given(st.floats(60, 900), st.floats(0, 6))
def test_autocorrelation_reads_a_sine_to_a_cent(hertz, phase):
    with no_warnings():
        (found,) = autocorrelation_pitch(np.sin(2 * np.pi * hertz * SECONDS + phase), 16000)
    assert abs(cents(found, hertz)) < 1


def test_autocorrelation_takes_the_first_period_and_stays_within_its_bounds():
    tone = sum(np.sin(2 * np.pi * 210 * k * SECONDS) / k for k in range(1, 6))
    assert abs(cents(autocorrelation_pitch(tone, 16000)[0], 210)) < 1
    # with 210 out of reach, twice its period is the best that is left
    found = autocorrelation_pitch(tone, 16000, lowest=40, highest=180)
    assert abs(cents(found[0], 105)) < 1
    # noise takes some height from the peak of the true period
    noisy = tone + np.random.default_rng(0).normal(scale=0.3, size=1024)
    assert abs(cents(autocorrelation_pitch(noisy, 16000)[0], 210)) < 10


@pytest.mark.parametrize(("share", "hertz"), [(0.15, 200), (0.35, 100)])
def test_a_first_peak_that_is_nearly_as_high_is_taken(share, hertz):
    # one period of 200 Hz agrees as (1 - share^2) / (1 + share^2): 0.956 and 0.782
    waves = np.cos(2 * np.pi * 200 * SECONDS) + share * np.cos(2 * np.pi * 100 * SECONDS)
    assert abs(cents(autocorrelation_pitch(waves, 16000)[0], hertz)) < 2


def test_a_period_that_is_longer_than_asked_for_is_not_found():
    sine = np.sin(2 * np.pi * 100 * SECONDS)
    with no_warnings():
        assert np.isnan(autocorrelation_pitch(sine, 16000, lowest=150, highest=400)).all()
    assert abs(cents(autocorrelation_pitch(sine, 16000, lowest=99, highest=400)[0], 100)) < 1


def test_straight_lines_between_samples_meet_them():
    x = np.random.default_rng(0).normal(size=9)
    assert_same(call_without_writing(resample, x, 3, 3), x)
    finer = resample(x, 1, 4)
    assert_same(finer[::4], x)
    assert_same(finer[2::4], (x[:-1] + x[1:]) / 2, rtol=1e-12)
    assert_same(resample(x, 2, 1), x[::2])
    assert resample(x.astype(np.float32), 1, 3).dtype == np.float32
    assert [len(resample(x, 3, rate)) for rate in (1, 2, 2.9, 3)] == [3, 6, 8, 9]
    assert resample([5.0], 1, 9).tolist() == [5.0]


# Neighbors


@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 3, 4, 2), (1, 1, 1)])
def test_shuffled_pixels_come_back_by_the_inverse(shape):
    rng = np.random.default_rng(0)
    images, order = rng.normal(size=shape), rng.permutation(shape[1] * shape[2])
    shuffled = call_without_writing(shuffle_pixels, images, order)
    assert shuffled.shape == images.shape
    assert_same(shuffle_pixels(shuffled, np.argsort(order)), images)
    flat = shuffled.reshape(len(images), len(order), -1)
    for place, origin in enumerate(order):
        row, column = divmod(origin, shape[2])
        assert_same(flat[:, place].squeeze(), images[:, row, column].squeeze())
    assert shuffle_pixels(images.astype(np.float32), order).dtype == np.float32


# Masks


@given(st.integers(0, 10**6), st.integers(2, 30))
def test_no_threshold_has_less_variance_within_its_classes(seed, values):
    rng = np.random.default_rng(seed)
    image = rng.integers(0, values, size=(5, 6)).astype(np.float64)
    if np.ptp(image) == 0:
        image[0, 0] += 1

    def within(threshold):
        parts = image[image > threshold], image[image <= threshold]
        return sum(part.size * part.var() for part in parts)

    threshold = call_without_writing(otsu_threshold, image)
    best = min(within(t) for t in np.unique(image)[:-1])
    assert threshold in image[image < image.max()]
    np.testing.assert_allclose(within(threshold), best, rtol=1e-9, atol=1e-12)


def test_otsu_cuts_where_two_heaps_meet_and_minds_no_scale():
    image = np.array([[1, 2, 1, 2, 9], [8, 9, 1, 2, 8]])
    assert otsu_threshold(image) == 2
    assert otsu_threshold(1000 - 10 * image) == 920
    assert isinstance(otsu_threshold(image.astype(np.float32)), float)


def test_on_the_coins_one_threshold_is_wrong_at_the_top():
    photograph, mask = load_photograph("coins"), load_coin_mask()
    found = photograph > otsu_threshold(photograph)
    assert otsu_threshold(photograph) == 107
    assert found[:30][~mask[:30]].mean() > 10 * found[150:][~mask[150:]].mean()


def test_intersection_over_union_by_counting():
    rng = np.random.default_rng(0)
    for _ in range(20):
        a, b = rng.random((2, 4, 5)) < rng.random()
        both, one = set(np.flatnonzero(a)), set(np.flatnonzero(b))
        expected = len(both & one) / len(both | one) if both | one else 1.0
        assert call_without_writing(intersection_over_union, a, b) == expected
        assert intersection_over_union(b.astype(int), a.astype(float)) == expected
    assert intersection_over_union([0, 0], [False, False]) == 1
    assert intersection_over_union([1, 0], [0, 1]) == 0
    assert type(intersection_over_union(True, True)) is float


# Clean pictures


def test_psnr_of_a_known_error():
    reference = np.full((3, 4, 3), 100.0)
    assert psnr(reference, reference) == np.inf
    for error, peak in ((25.5, 255), (0.1, 1), (-3.0, 30)):
        assert abs(call_without_writing(psnr, reference + error, reference, peak) - 20) < 1e-9
    assert psnr(reference + 2.55, reference) == pytest.approx(40)
    noise = np.random.default_rng(0).normal(scale=25, size=(200, 200))
    assert psnr(128 + noise, np.full((200, 200), 128)) == pytest.approx(20.17, abs=0.05)


@pytest.mark.parametrize("case", generate.stored("image_filters"), ids=lambda case: case["name"])
@pytest.mark.parametrize("source", generate.sources())
def test_the_filters_are_those_of_scipy(case, source):
    asked, expected = case["inputs"], generate.expected(case, source)
    image = np.array(asked["image"])
    median = call_without_writing(median_filter, image, asked["size"])
    assert_same(median, expected["median"])
    bell = call_without_writing(gaussian_filter, image, asked["spread"])
    assert_same(bell, expected["gaussian"], rtol=1e-12)


def test_the_filters_keep_the_precision_and_a_gray_wall():
    wall = np.full((5, 9), 7, np.float32)
    for filtered in (median_filter(wall, 3), gaussian_filter(wall, 1.5)):
        assert (filtered.dtype, filtered.shape) == (np.float32, wall.shape)
        np.testing.assert_allclose(filtered, 7, rtol=1e-6)
    assert_same(median_filter(wall, 1), wall)
    assert_same(gaussian_filter(wall, 0.1), wall)


def test_rows_and_columns_in_turn_are_the_bell_at_once():
    image = load_photograph("camera")[:20, :30]
    bell = np.exp(-0.5 * (np.arange(-4, 5) / 1.0) ** 2)
    kernel = np.outer(bell, bell) / bell.sum() ** 2
    assert_same(gaussian_filter(image, 1), filter_image(image, kernel), rtol=1e-12)


# Wrong calls

SHORT, SOUND, NAN = np.zeros(1000), np.zeros(1100), np.array([[0.0, np.nan]])
IMAGE = np.eye(4)
SINGLE = "must have shape \\(n,\\), got shape \\(2, 2\\)"
FEW = "samples must last 0.064 seconds or longer, got 0.0625"

WRONG_CALLS = [
    ("resample", (["a"], 1, 1), {}, TypeError, "samples must hold real numbers, got"),
    ("resample", (np.eye(2), 1, 1), {}, ValueError, f"samples {SINGLE}"),
    ("resample", ([], 1, 1), {}, ValueError, "samples must hold at least one"),
    ("resample", ([1, np.nan], 1, 1), {}, ValueError, "samples must be finite, got nan"),
    ("resample", ([1], "a", 1), {}, TypeError, "rate must be a number, got str 'a'"),
    ("resample", ([1], 0, 1), {}, ValueError, "rate must be finite and above 0, got 0"),
    ("resample", ([1], 1, None), {}, TypeError, "new_rate must be a number, got NoneType"),
    ("resample", ([1], 1, -1), {}, ValueError, "new_rate must be finite and above 0, got -1"),
    *(
        row
        for name in ("salience", "pitch")
        for row in [
            (name, ("a", 16000, PARAMS), {}, TypeError, "samples must hold real numbers, got"),
            (name, (np.eye(2), 16000, PARAMS), {}, ValueError, f"samples {SINGLE}"),
            (name, (SHORT, 16000, PARAMS), {}, ValueError, FEW),
            (name, (SOUND, 32000, PARAMS), {}, ValueError, "samples must last .* got 0.0344"),
            (name, (SOUND, 0, PARAMS), {}, ValueError, "rate must be finite and above 0, got 0"),
            (name, (SOUND, 16000, 3), {}, TypeError, "params must be a dict of arrays by name"),
            (name, (SOUND, 16000, {}), {}, ValueError, "params must hold 'conv1.weights', got"),
            (name, (SOUND, 16000, PARAMS), {"hop": 0}, ValueError, "hop must be at least 1, got 0"),
            (name, (SOUND, 16000, PARAMS), {"hop": 1.5}, TypeError, "hop must be a whole number"),
        ]
    ),
    ("salience_pitch", (["a"],), {}, TypeError, "salience must hold real numbers, got"),
    (
        *("salience_pitch", (np.zeros(360),), {}, ValueError),
        "salience must have shape \\(frames, pitches\\), got shape \\(360,\\)",
    ),
    (
        *("salience_pitch", (np.ones((2, 300)),), {}, ValueError),
        "salience must have shape \\(frames, 360\\), got shape \\(2, 300\\)",
    ),
    (
        *("salience_pitch", (np.zeros((2, 360)),), {}, ValueError),
        "salience must be at least 0, and above 0 at each peak, got 0",
    ),
    (
        *("salience_pitch", (np.linspace(-1, 1, 360)[None],), {}, ValueError),
        "salience must be at least 0, and above 0 at each peak, got -1",
    ),
    ("autocorrelation_pitch", ("a", 16000), {}, TypeError, "samples must hold real numbers"),
    ("autocorrelation_pitch", (SHORT, 16000), {}, ValueError, FEW),
    ("autocorrelation_pitch", (SOUND, -1), {}, ValueError, "rate must be finite and above 0"),
    (
        *("autocorrelation_pitch", (SOUND, 16000), {"lowest": 31}, ValueError),
        "lowest must be finite and at least 31.25, got 31",
    ),
    (
        *("autocorrelation_pitch", (SOUND, 16000), {"highest": 50.0}, ValueError),
        "highest must be finite and above 50 and at most 4000, got 50.0",
    ),
    (
        *("autocorrelation_pitch", (SOUND, 16000), {"highest": 4001}, ValueError),
        "highest must be finite and above 50 and at most 4000, got 4001",
    ),
    ("autocorrelation_pitch", (SOUND, 16000), {"hop": -1}, ValueError, "hop must be at least 1"),
    ("shuffle_pixels", ("a", [0]), {}, TypeError, "images must hold real numbers, got"),
    (
        *("shuffle_pixels", (IMAGE, [0]), {}, ValueError),
        "images must have shape \\(m, H, W\\), got shape \\(4, 4\\)",
    ),
    ("shuffle_pixels", (np.zeros((0, 2, 2)), [0]), {}, ValueError, "images must hold at least one"),
    (
        *("shuffle_pixels", (IMAGE[None], [0.5] * 16), {}, TypeError),
        "order must hold whole numbers, got an array of float64",
    ),
    (
        *("shuffle_pixels", (IMAGE[None], [0, 1]), {}, ValueError),
        "order must have shape \\(16,\\), got shape \\(2,\\)",
    ),
    (
        *("shuffle_pixels", (IMAGE[None], [0] * 16), {}, ValueError),
        "order must name each of 0 to 15 once, got \\[0, 0, 0, 0, 0\\] ...",
    ),
    ("otsu_threshold", ([["a"]],), {}, TypeError, "image must hold real numbers, got"),
    ("otsu_threshold", ([1, 2],), {}, ValueError, "image must have shape \\(H, W\\), got shape"),
    ("otsu_threshold", (NAN,), {}, ValueError, "image must be finite, got nan"),
    ("otsu_threshold", ([[5, 5]],), {}, ValueError, "image must have two brightnesses, got 5"),
    *(
        row
        for name, others in (("predicted", ([0],)), ("target", ()))
        for row in [
            (
                *("intersection_over_union", ([0],) * (1 - len(others)) + (["a"], *others)),
                *({}, TypeError, f"{name} must hold real numbers, got"),
            ),
            (
                *("intersection_over_union", ([0],) * (1 - len(others)) + ([0.5], *others)),
                *({}, ValueError, f"{name} must hold only 0 and 1, got 0.5"),
            ),
        ]
    ),
    (
        *("intersection_over_union", ([0, 1], [0]), {}, ValueError),
        "predicted must have the shape of target, \\(1,\\), got shape \\(2,\\)",
    ),
    ("psnr", (["a"], [1]), {}, TypeError, "image must hold real numbers, got"),
    ("psnr", ([], []), {}, ValueError, "image must hold at least one pixel, got shape \\(0,\\)"),
    ("psnr", ([1], [np.inf]), {}, ValueError, "reference must be finite, got inf"),
    ("psnr", ([1], [1, 2]), {}, ValueError, "image must have the shape of reference, \\(2,\\)"),
    ("psnr", ([1], [1]), {"peak": 0}, ValueError, "peak must be finite and above 0, got 0"),
    ("psnr", ([1], [1]), {"peak": "a"}, TypeError, "peak must be a number, got str 'a'"),
    ("median_filter", ("a", 3), {}, TypeError, "image must hold real numbers, got"),
    ("median_filter", ([1, 2], 3), {}, ValueError, "image must have shape \\(H, W\\), got"),
    ("median_filter", (IMAGE, 2), {}, ValueError, "size must be odd, got 2"),
    ("median_filter", (IMAGE, 0), {}, ValueError, "size must be at least 1, got 0"),
    ("median_filter", (IMAGE, 3.0), {}, TypeError, "size must be a whole number, got float 3.0"),
    ("gaussian_filter", ("a", 1), {}, TypeError, "image must hold real numbers, got"),
    ("gaussian_filter", (NAN, 1), {}, ValueError, "image must be finite, got nan"),
    ("gaussian_filter", (IMAGE, 0), {}, ValueError, "spread must be finite and above 0, got 0"),
    ("gaussian_filter", (IMAGE, "a"), {}, TypeError, "spread must be a number, got str 'a'"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(applications, name, args, kwargs, exception, message)
