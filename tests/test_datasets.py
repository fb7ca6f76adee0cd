"""The data that are shipped: whole, unharmed, with source and license."""

import hashlib
from pathlib import Path

import numpy as np

import textbook
from textbook.datasets import load_digits

FOLDER = Path(textbook.__file__).parent / "data"

# No function of the module takes an argument that could be wrong.
WRONG_CALLS = []


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
