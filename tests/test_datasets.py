"""The data that are shipped: whole, unharmed, with source and license."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

import textbook
from support import check_wrong_call, ids
from textbook import datasets
from textbook.architectures.lenet import lenet5
from textbook.datasets import (
    load_breast_cancer,
    load_coin_mask,
    load_digit_network,
    load_digits,
    load_mnist,
    load_photograph,
    load_pitch_network,
    load_pluck,
    load_temperatures,
)
from textbook.network import check_parameters

FOLDER = Path(textbook.__file__).parent / "data"

WRONG_CALLS = [
    (
        "load_photograph",
        ("cat",),
        {},
        ValueError,
        "name must be one of camera, .*, horse; got 'cat'",
    ),
    ("load_photograph", (3,), {}, ValueError, "name must be one of camera, .*, horse; got 3"),
]


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "exception", "message"), WRONG_CALLS, ids=ids(WRONG_CALLS)
)
def test_a_wrong_call_says_what_is_wrong(name, args, kwargs, exception, message):
    check_wrong_call(datasets, name, args, kwargs, exception, message)


def test_the_digits_are_the_1797_of_the_repository():
    images, labels = load_digits()
    assert (images.shape, images.dtype) == ((1797, 8, 8), np.float64)
    assert (labels.shape, labels.dtype) == ((1797,), np.int_)
    assert np.unique(images).tolist() == list(range(17))
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_not_a_pixel_has_changed():
    images, labels = load_digits()
    content = images.astype(np.uint8).tobytes() + labels.astype(np.uint8).tobytes()
    assert hashlib.sha256(content).hexdigest() == (
        "87ff0c9e40dc7e2c0e34e7257799c2e3f3aec1a016363bb11cad869ec428a826"
    )


def sha256(array):
    return hashlib.sha256(array.astype(np.uint8).tobytes()).hexdigest()


def test_the_6000_digits_of_mnist_are_whole():
    images, labels = load_mnist()
    assert (images.dtype, labels.dtype) == (np.float32, np.int_)
    assert sha256(images) == "bc88e0599310de33e1ac0dca25034b67d9b0baf0775757d7aa4e2b5747fcb316"
    assert sha256(labels) == "30b87f8b137f4dbc87571bcb7a486f51e17ebbfdd14d13e2b22738caa9114bb8"


@pytest.mark.parametrize(
    ("name", "shape", "digest"),
    [
        ("camera", (256, 256), "fe9feaaea1a10db6"),
        ("astronaut", (256, 256, 3), "3eb4e47a43b4890a"),
        ("coins", (303, 384), "e080cc03805f1fa7"),
        ("cell", (320, 320), "f4c410075e687d3e"),
        ("horse", (164, 200), "06ed3dcc01837fa7"),
    ],
)
def test_the_photographs_are_whole(name, shape, digest):
    photograph = load_photograph(name)
    assert (photograph.shape, photograph.dtype) == (shape, np.float64)
    assert sha256(photograph).startswith(digest)


def test_the_temperatures_are_the_days_of_2012_in_order():
    days, highest, lowest = load_temperatures()
    assert str(days[0]) == "2012-01-01"
    assert (np.diff(days) == np.timedelta64(1, "D")).all()
    assert days.shape == highest.shape == lowest.shape == (366,)
    assert (lowest <= highest).all()
    assert round(highest.mean(), 4) == 15.2768
    assert round(lowest.mean(), 4) == 7.2896


def test_the_table_of_tumors_is_whole():
    features, labels = load_breast_cancer()
    assert (features.dtype, labels.dtype) == (np.float64, np.int_)
    digest = hashlib.sha256(features.tobytes()).hexdigest()
    assert digest.startswith("6b202a2072f9a038")
    # the larger nuclei are the malignant ones
    assert features[labels == 1, 0].mean() > features[labels == 0, 0].mean() + 5
    assert (labels[:5].tolist(), labels.sum()) == ([1] * 5, 212)


def test_every_coin_lies_in_the_box_that_its_line_tells():
    mask = load_coin_mask()
    boxes = np.loadtxt(FOLDER / "coins_outlines.csv", int, delimiter=",", skiprows=1)
    assert (mask.shape, mask.dtype, len(boxes)) == (load_photograph("coins").shape, bool, 24)
    left_over = mask.copy()
    for top, bottom, left, right in boxes:
        coin = mask[top : bottom + 1, left : right + 1]
        for edge in (coin[0], coin[-1], coin[:, 0], coin[:, -1]):
            assert edge.any()
        assert abs(coin.mean() - np.pi / 4) < 0.01
        assert not coin[0, 0] | coin[0, -1] | coin[-1, 0] | coin[-1, -1]
        left_over[top : bottom + 1, left : right + 1] = False
    assert not left_over.any()


def test_inside_the_outlines_it_is_brighter():
    photograph, mask = load_photograph("coins"), load_coin_mask()
    assert photograph[mask].mean() > photograph[~mask].mean() + 60


def test_the_pluck_is_the_mean_of_its_two_channels():
    samples, rate = load_pluck()
    assert (samples.dtype, samples.shape, rate) == (np.float32, (3307,), 11025)
    _, _, raw = (FOLDER / "pluck.wav").read_bytes().partition(b"data")
    both = np.frombuffer(raw[4 : 4 + 4 * 3307], "<i2").astype(np.float64) / 2**15
    np.testing.assert_allclose(samples, (both[0::2] + both[1::2]) / 2, atol=1e-7)


def test_the_pitch_network_has_its_487096_numbers_in_single_precision():
    params = load_pitch_network()
    arrays = [array for layer in params.values() for array in layer.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert sum(array.size for array in arrays) == 487_096
    assert list(params) == [f"{kind}{n}" for n in range(1, 7) for kind in ("conv", "norm")] + [
        "scores"
    ]
    assert params["conv5"]["weights"].shape == (64, 1, 16, 32)
    content = b"".join(array.tobytes() for array in arrays)
    assert hashlib.sha256(content).hexdigest().startswith("5cfa347a8081f292")


def test_the_digit_network_has_its_61706_numbers_in_single_precision():
    params = load_digit_network()
    check_parameters(lenet5(), params, (28, 28, 1))
    arrays = [array for layer in params.values() for array in layer.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}
    assert sum(array.size for array in arrays) == 61_706
    assert (FOLDER / "lenet5_mnist.npz").stat().st_size < 200_000


def test_who_writes_into_the_digits_does_not_spoil_them_for_the_next():
    images, labels = load_digits()
    images[:], labels[:] = -1, -1
    again, digits = load_digits()
    assert (again.min(), digits.min()) == (0, 0)


def test_the_files_hold_numbers_alone_and_are_small():
    for path in FOLDER.glob("*.npz"):
        with np.load(path, allow_pickle=False) as file:
            assert all(file[name].dtype.kind in "uif" for name in file.files)
        assert path.stat().st_size < 1_000_000


def test_every_file_is_named_with_its_source_and_license():
    told = (FOLDER / "README.md").read_text(encoding="utf-8")
    page = (FOLDER.parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
    files = [path for path in FOLDER.iterdir() if path.name != "README.md"]
    assert files
    for path in files:
        _, _, section = told.partition(f"\n## `{path.name}`\n")
        assert "Origin:" in section
        assert "License:" in section
    assert all(f"`{path.name}`" in told for path in files)
    assert page.count("\n| ") >= len(files) + 1
    assert "E. Alpaydin and C. Kaynak" in told
    assert "CC BY 4.0" in told
    assert "CC BY 4.0" in page
