"""Of the rows with the same key, what counts: the last one whole, column by column, or the highest count."""

from collections.abc import Sequence

from data.base.atomic_files import sql_path
from data.build.coverage_table import BatchPart
from data.schema import id_matching
from data.schema.catalogue import Dataset

_LATER = "batch DESC, _part DESC, _row DESC"
_TOLD = "list_contains(_told, '{0}')"


def all_rows(dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """SQL for the archived rows in all their versions; columns that an older file lacks are NULL.

    `_told` lists the columns that the row's source can tell, and `_keep_higher` is true for counts that sink when
    their source culls old cases.
    """
    nothing = f"SELECT *, NULL::VARCHAR[] AS _told, NULL::BOOLEAN AS _keep_higher FROM ({_empty(dataset)})"
    return " UNION ALL BY NAME ".join([nothing, *(_file(dataset, p) for p in parts)])


def booked_costs(dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """SQL for the postings and öre of each batch of costs, and how much of them a later row with the same key replaces.

    Counted on the archived rows, independently of `resolved_rows`: the costs page reconciles the two.
    """
    later = f"row_number() OVER (PARTITION BY {id_matching.key_sql(dataset)} ORDER BY {_LATER}) > 1 AS replaced"
    return (
        "SELECT batch, count(*) AS postings, sum(ore)::BIGINT AS ore, count(*) FILTER (replaced) AS replaced_postings,"
        " coalesce(sum(ore) FILTER (replaced), 0)::BIGINT AS replaced_ore"
        f" FROM (SELECT batch, (amount * 100)::BIGINT AS ore, {later} FROM ({all_rows(dataset, parts)})) GROUP BY batch"
    )


def _empty(dataset: Dataset) -> str:
    """SQL for the table's columns as they are archived, with no rows: gives old files the columns of today."""
    typed = [f'NULL::{kind} AS "{name}"' for name, kind in dataset.stored]
    order = "NULL::INTEGER AS batch, NULL::INTEGER AS _part, NULL::BIGINT AS _row"
    return f"SELECT {', '.join(typed)}, {order} WHERE false"


def _file(dataset: Dataset, part: BatchPart) -> str:
    told = tuple(name for name, _ in dataset.stored) if part.known_columns is None else part.known_columns
    listed = ", ".join(f"'{name}'" for name in told)
    extra = f"[{listed}]::VARCHAR[] AS _told, {str(part.keep_higher).lower()} AS _keep_higher"
    return f"SELECT *, {extra} FROM read_parquet({sql_path(part.path)}, union_by_name = true)"


def resolved_rows(dataset: Dataset, parts: Sequence[BatchPart], spelt: str) -> str:
    """SQL for the one row of each key that counts, of the rows in `spelt`, with the batch it came with."""
    if any(p.known_columns is not None for p in parts):
        return _merged(dataset, spelt)
    if any(p.keep_higher for p in parts):
        return _highest(dataset, spelt)
    return (
        f"FROM ({spelt}) QUALIFY row_number() OVER (PARTITION BY {id_matching.key_sql(dataset)} ORDER BY {_LATER}) = 1"
    )


def _merged(dataset: Dataset, spelt: str) -> str:
    """Each column from the last row whose source can tell it; where none can, the last guess."""
    owner = {f"{c.code}_state": c.code for c in dataset.columns if c.states}
    columns = ", ".join(_column(name, owner.get(name, name)) for name, _ in dataset.stored)
    ordered = f"SELECT *, row_number() OVER (ORDER BY batch, _part, _row) AS _at FROM ({spelt})"
    return f"SELECT {columns}, max(batch) AS batch FROM ({ordered}) GROUP BY {id_matching.key_sql(dataset)}"


def _column(name: str, owner: str) -> str:
    told = _TOLD.format(owner)
    return (
        f'CASE WHEN bool_or({told}) THEN arg_max_null("{name}", _at) FILTER ({told}) ELSE arg_max("{name}", _at) END'
        f' AS "{name}"'
    )


def _highest(dataset: Dataset, spelt: str) -> str:
    """The last row that somebody stands for, or a higher count that came after it."""
    count = next(c.code for c in dataset.columns if c.type == "count")
    key = f"PARTITION BY {id_matching.key_sql(dataset)}"
    return (
        f"WITH ordered AS (SELECT *, row_number() OVER (ORDER BY batch, _part, _row) AS _at FROM ({spelt})),"
        f" since AS (SELECT *, coalesce(max(_at) FILTER (NOT _keep_higher) OVER ({key}), 0) AS _floor FROM ordered)"
        f" FROM since WHERE _at >= _floor"
        f" QUALIFY row_number() OVER ({key} ORDER BY {count} DESC NULLS LAST, _at DESC) = 1"
    )


def lowered_counts(dataset: Dataset, parts: Sequence[BatchPart], spelt: str) -> str:
    """SQL for the counts that their source has lowered since: the key's columns, `kept` and `later`, with its batch."""
    count = next(c.code for c in dataset.columns if c.type == "count")
    names = ", ".join(f'"{name}"' for name in dataset.key)
    key = f"PARTITION BY {id_matching.key_sql(dataset)}"
    last = f"SELECT {names}, {count}, batch FROM ({spelt}) QUALIFY row_number() OVER ({key} ORDER BY {_LATER}) = 1"
    same = " AND ".join(f'k."{name}" IS NOT DISTINCT FROM l."{name}"' for name in dataset.key)
    told = ", ".join(f'k."{name}"' for name in dataset.key)
    return (
        f"SELECT {told}, k.{count} AS kept, l.{count} AS later, l.batch"
        f" FROM ({resolved_rows(dataset, parts, spelt)}) k JOIN ({last}) l ON {same} WHERE l.{count} < k.{count}"
    )
