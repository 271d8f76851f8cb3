"""SQL that matches ids between tables: without regard to case and diacritics."""

from functools import cache

from data.schema.catalogue import Column, Dataset, datasets


def folded_sql(expression: str) -> str:
    """SQL for an id in lower case without diacritics."""
    return f"lower(strip_accents({expression}))"


@cache
def _referenced() -> frozenset[str]:
    return frozenset(c.references for d in datasets().values() for c in d.columns if c.references)


def is_referenced(dataset: Dataset) -> bool:
    """Whether other tables, or rows of its own, have ids of its rows."""
    return dataset.code in _referenced()


def _is_matched(dataset: Dataset, column: Column) -> bool:
    return column.references is not None or (column.type == "id" and is_referenced(dataset))


def key_sql(dataset: Dataset) -> str:
    """SQL for the key of a table's rows, with ids that other tables reference folded."""
    columns = (dataset.column(code) for code in dataset.key)
    return ", ".join(folded_sql(f'"{c.code}"') if _is_matched(dataset, c) else f'"{c.code}"' for c in columns)
