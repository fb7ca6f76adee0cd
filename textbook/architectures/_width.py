"""What the architectures share: the same network, thinner."""

from textbook._checks import check_number


def check_width(width: float) -> float:
    """Return the share of its channels that a network keeps, as a Python float."""
    return check_number("width", width, above=0)


def thinned(channels: int, width: float, groups: int = 1) -> int:
    """Return how many of `channels` are kept: a multiple of `groups`, and never none."""
    return groups * max(1, round(width * channels / groups))
