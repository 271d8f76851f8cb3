"""Conflict resolution for rows with equal keys: the last row whole, the last value of each column, or the highest count.

Each function returns SQL; a `relation` is SQL too.
"""

from collections.abc import Sequence

from data.base.atomic_files import sql_path
from data.build.coverage_table import BatchPart
from data.schema import id_matching
from data.schema.catalogue import Dataset

LATEST_FIRST = "batch DESC, _part DESC, _row DESC"


def all_rows(dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """The archived rows in all their versions; columns that an older file lacks are NULL.

    `_known_columns` lists those whose values the row's source knows; `_keep_higher` is true for counts from a source
    that removes old cases.
    """
    no_rows = f"SELECT *, NULL::VARCHAR[] AS _known_columns, NULL::BOOLEAN AS _keep_higher FROM ({_empty(dataset)})"
    return " UNION ALL BY NAME ".join([no_rows, *(_file(dataset, p) for p in parts)])


def _empty(dataset: Dataset) -> str:
    """No rows, with all the columns of the archive: older files get the newer columns from it."""
    typed = [f'NULL::{kind} AS "{name}"' for name, kind in dataset.stored]
    order = "NULL::INTEGER AS batch, NULL::INTEGER AS _part, NULL::BIGINT AS _row"
    return f"SELECT {', '.join(typed)}, {order} WHERE false"


def _file(dataset: Dataset, part: BatchPart) -> str:
    known = tuple(name for name, _ in dataset.stored) if part.known_columns is None else part.known_columns
    names = ", ".join(f"'{name}'" for name in known)
    extra = f"[{names}]::VARCHAR[] AS _known_columns, {str(part.keep_higher).lower()} AS _keep_higher"
    return f"SELECT *, {extra} FROM read_parquet({sql_path(part.path)}, union_by_name = true)"


def resolved_rows(dataset: Dataset, parts: Sequence[BatchPart], relation: str) -> str:
    """One row for each key among the rows of `relation`, with the number of its batch."""
    if any(p.known_columns is not None for p in parts):
        return _last_known_values(dataset, relation)
    if any(p.keep_higher for p in parts):
        return _highest_counts(dataset, relation)
    return _last_rows(dataset, f"FROM ({relation})")


def _last_rows(dataset: Dataset, select: str) -> str:
    key = id_matching.key_sql(dataset)
    return f"{select} QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {LATEST_FIRST}) = 1"


def _last_known_values(dataset: Dataset, relation: str) -> str:
    """Each column from the last row whose source knows it; where no source does, from the last row."""
    owner = {f"{c.code}_state": c.code for c in dataset.columns if c.states}
    columns = ", ".join(_last_known_value(name, owner.get(name, name)) for name, _ in dataset.stored)
    ordered = f"SELECT *, row_number() OVER (ORDER BY batch, _part, _row) AS _position FROM ({relation})"
    return f"SELECT {columns}, max(batch) AS batch FROM ({ordered}) GROUP BY {id_matching.key_sql(dataset)}"


def _last_known_value(name: str, owner: str) -> str:
    """A stored column, where `owner` is the table's column that it belongs to."""
    known = f"list_contains(_known_columns, '{owner}')"
    last_known = f'arg_max_null("{name}", _position) FILTER ({known})'
    return f'CASE WHEN bool_or({known}) THEN {last_known} ELSE arg_max("{name}", _position) END AS "{name}"'


def _highest_counts(dataset: Dataset, relation: str) -> str:
    """The last row that may be lowered, or a higher count after it."""
    count = _count_column(dataset)
    key = f"PARTITION BY {id_matching.key_sql(dataset)}"
    return (
        f"WITH ordered AS (SELECT *, row_number() OVER (ORDER BY batch, _part, _row) AS _position FROM ({relation})),"
        f" with_start AS ("
        f"SELECT *, coalesce(max(_position) FILTER (NOT _keep_higher) OVER ({key}), 0) AS _start FROM ordered)"
        f" FROM with_start WHERE _position >= _start"
        f" QUALIFY row_number() OVER ({key} ORDER BY {count} DESC NULLS LAST, _position DESC) = 1"
    )


def _count_column(dataset: Dataset) -> str:
    return next(c.code for c in dataset.columns if c.type == "count")


def lowered_counts(dataset: Dataset, parts: Sequence[BatchPart], relation: str) -> str:
    """The counts that were lowered after the one in force: the key's columns, `kept`, and `later` with its batch."""
    count = _count_column(dataset)
    names = ", ".join(f'"{name}"' for name in dataset.key)
    last = _last_rows(dataset, f"SELECT {names}, {count}, batch FROM ({relation})")
    same_key = " AND ".join(f'k."{name}" IS NOT DISTINCT FROM l."{name}"' for name in dataset.key)
    key = ", ".join(f'k."{name}"' for name in dataset.key)
    return (
        f"SELECT {key}, k.{count} AS kept, l.{count} AS later, l.batch"
        f" FROM ({resolved_rows(dataset, parts, relation)}) k JOIN ({last}) l ON {same_key} WHERE l.{count} < k.{count}"
    )
