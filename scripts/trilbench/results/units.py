"""Numbers for people."""

import math


def duration(seconds: float) -> str:
    """Three digits and a unit: 65.0 ns, 12.3 us, 130 ms, 2.50 s."""
    for unit, scale in (("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * scale:
            return f"{_three(seconds / scale)} {unit}"
    return f"{_three(seconds)} s"


def factor(value: float) -> str:
    """A speed-up in six characters or so: 1690x, 41.2x, 0.93x, 0.042x."""
    if value < 0.00095:
        return "<.001x"
    return f"{value:.3f}x" if value < 0.0995 else f"{_three(value)}x"


def ratio(value: float) -> str:
    """An error over its bound: 0.213, 0.00012, 3e-08."""
    return f"{value:.2g}"


def share(value: float) -> str:
    """A share of a limit in four characters: 0.93, 1.05, <.01, 12.4."""
    return "<.01" if value < 0.005 else f"{value:.2f}" if value < 9.995 else f"{value:.3g}"


def percentage(value: float) -> str:
    """A share that somebody asked for, as they did: 5%, 0.4%, 12.5%."""
    return f"{100 * value:.6g}%"


def rate(value: float) -> str:
    """Three digits: 8.21, 65.0, 117."""
    return _three(value)


def binary_bytes(number: float) -> str:
    """32 KiB, 1.5 MiB, 512 B."""
    for unit, scale in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if number >= scale:
            return f"{number / scale:.3g} {unit}"
    return f"{number:.0f} B"


def count(number: int, what: str) -> str:
    """1 thread, 2 threads."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def countdown(seconds: float) -> str:
    """Time left, coarse: 45 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _three(value: float) -> str:
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"


def percent(ratio: float) -> str:
    """A ratio of times as a difference: +3.1%, -12%, unknown."""
    if not math.isfinite(ratio) or ratio <= 0:
        return "unknown"
    difference = 100 * (ratio - 1)
    return f"{difference:+.1f}%" if abs(difference) < 99.95 else f"{ratio:.3g}x"
