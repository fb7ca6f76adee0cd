"""Work is shared out among the cores, and each piece is done once."""

import os
import threading

import numpy as np
import pytest

from textbook import _cores


@pytest.mark.parametrize("cores", [1, 2, 3, 64])
@pytest.mark.parametrize("count", [1, 2, 7, 20])
def test_every_part_is_done_once_in_order_and_in_even_shares(monkeypatch, cores, count):
    monkeypatch.setattr(_cores, "cores", lambda: cores)
    shares = _cores.side_by_side(list, range(count))
    assert [part for share in shares for part in share] == list(range(count))
    assert len(shares) == min(cores, count, _cores.MOST)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_the_shares_run_at_the_same_time(monkeypatch):
    monkeypatch.setattr(_cores, "cores", lambda: 3)
    meeting = threading.Barrier(3, timeout=10)  # which all three must reach before one goes on
    places = _cores.side_by_side(lambda parts: meeting.wait(), "abc")
    assert sorted(places) == [0, 1, 2]


def test_an_error_in_one_share_reaches_the_caller(monkeypatch):
    monkeypatch.setattr(_cores, "cores", lambda: 2)
    with pytest.raises(ZeroDivisionError):
        _cores.side_by_side(lambda parts: 1 // parts[0], [1, 0])


def test_what_is_said_of_errors_holds_in_every_share(monkeypatch):
    monkeypatch.setattr(_cores, "cores", lambda: 2)
    large = np.full(2, 1e300)
    with np.errstate(over="raise"), pytest.raises(FloatingPointError):
        _cores.side_by_side(lambda parts: large**2 if parts[0] else large, [0, 1])


def test_at_the_end_of_a_program_one_thread_does_it_all(monkeypatch):
    monkeypatch.setattr(_cores, "cores", lambda: 3)

    def refuse(*_):
        raise RuntimeError("cannot schedule new futures after interpreter shutdown")

    monkeypatch.setattr(_cores.ThreadPoolExecutor, "submit", refuse)
    assert _cores.side_by_side(list, range(5)) == [[0, 1, 2, 3, 4]]


def test_shares_are_added_in_the_first():
    shares = [np.full(2, 1.0), np.full(2, 10.0), np.full(2, 100.0)]
    assert _cores.sum_of(shares).tolist() == [111, 111]
    assert _cores.sum_of([np.ones(1)]).tolist() == [1]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"OMP_NUM_THREADS": "3"}, 3),
        ({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "3"}, 1),
        ({"OMP_NUM_THREADS": "5,1"}, 5),
        ({"OMP_NUM_THREADS": "0"}, None),
        ({"OMP_NUM_THREADS": "many"}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_environment_may_allow_fewer_cores(monkeypatch, settings, expected):
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    if expected is None:
        expected = len(getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count()))(0))
    assert _cores.cores() == expected


def test_a_buffer_grows_and_is_used_again():
    scratch = _cores.Scratch(np.float32)
    small = scratch("a", 2, 3)
    assert (small.shape, small.dtype) == ((2, 3), np.float32)
    assert np.shares_memory(small, scratch("a", 5))
    assert not np.shares_memory(small, scratch("b", 2, 3))
    large = scratch("a", 7)
    assert not np.shares_memory(small, large)
    assert np.shares_memory(large, scratch("a", 2, 3))


def test_a_very_large_buffer_is_not_kept(monkeypatch):
    monkeypatch.setattr(_cores, "LARGEST", 10)
    scratch = _cores.Scratch(np.float32)
    assert scratch("a", 2, 6).shape == (2, 6)
    assert scratch.buffers == {}
    assert not np.shares_memory(scratch("a", 11), scratch("a", 11))


def test_each_thread_keeps_a_scratch_of_its_own_for_each_precision():
    kept = _cores.kept_scratch(np.float32)
    assert _cores.kept_scratch(np.dtype(np.float32)) is kept
    assert _cores.kept_scratch(np.float64) is not kept
    others = []
    thread = threading.Thread(target=lambda: others.append(_cores.kept_scratch(np.float32)))
    thread.start()
    thread.join()
    assert others[0] is not kept
