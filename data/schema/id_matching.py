"""How ids are matched: without regard to case and å/ä/ö wherever one table refers to another."""

from functools import cache

from data.schema.catalogue import Column, Dataset, datasets


def folded(expression: str) -> str:
    """SQL for an id as it is matched."""
    return f"lower(strip_accents({expression}))"


@cache
def _referred() -> frozenset[str]:
    return frozenset(c.references for d in datasets().values() for c in d.columns if c.references)


def _matched(dataset: Dataset, column: Column) -> bool:
    return column.references is not None or (column.type == "id" and dataset.code in _referred())


def key(dataset: Dataset) -> str:
    """SQL for the key of a table's rows: two spellings of what a reference may mean are one key."""
    columns = (dataset.column(code) for code in dataset.key)
    return ", ".join(folded(f'"{c.code}"') if _matched(dataset, c) else f'"{c.code}"' for c in columns)
