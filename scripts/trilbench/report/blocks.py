"""Wide tables in pieces."""


def blocks(columns: int, most: int) -> list[range]:
    """The columns in as few blocks as can be, of about the same width and of `most` columns at most; `most` below 1
    counts as 1."""
    pieces = -(-columns // max(most, 1))
    size = -(-columns // max(pieces, 1))
    return [range(first, min(first + size, columns)) for first in range(0, columns, max(size, 1))]
