"""How wide the columns of a table are beside each other, where what writes it cannot measure text."""

from collections.abc import Sequence

from ui.reports.model import Grid

WIDEST, NARROWEST = 30, 13  # letters that a column is taken to have at most and at least


def widths(grid: Grid) -> Sequence[float]:
    """A part for each column: its longest text, or the longest word of its head."""
    heads = (max(map(len, head.split()), default=0) for head in grid.columns)
    texts = (max((len(row[place]) for row in grid.rows), default=0) for place in range(len(grid.columns)))
    return [min(max(*pair, NARROWEST), WIDEST) for pair in zip(heads, texts, strict=True)]
