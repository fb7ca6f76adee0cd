"""The data that are shipped: whole, unharmed, with source and license."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

import textbook
from support import check_wrong_call, ids
from textbook import datasets
from textbook.datasets import load_digits, load_mnist, load_photograph, load_temperatures

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
