"""Conflict resolution for rows with equal keys: each column's last value, and of counts that are culled the highest.

Each function returns SQL; a `relation` is SQL too.
"""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from data.build.coverage_table import BatchPart, read_rows
from data.schema import id_matching
from data.schema.catalogue import Dataset, datasets

LATEST_FIRST = "batch DESC, _part DESC, _row DESC"


def all_rows(dataset: Dataset, parts: Sequence[BatchPart]) -> str:
    """The archived rows in all their versions; columns that an older file lacks are NULL.

    `_known_columns` lists those whose values the row's source knows; `_keep_higher` is true for counts from a source
    that removes old cases.
    """
    no_rows = f"SELECT *, NULL::VARCHAR[] AS _known_columns, NULL::BOOLEAN AS _keep_higher FROM ({_empty(dataset)})"
    alike: dict[tuple[frozenset[str], bool], list[BatchPart]] = {}
    for part in parts:
        alike.setdefault((_known(dataset, part), part.keep_higher), []).append(part)
    return " UNION ALL BY NAME ".join([no_rows, *(_files(group, *what) for what, group in alike.items())])


def _empty(dataset: Dataset) -> str:
    """No rows, with all the columns of the archive: older files get the newer columns from it."""
    typed = [f'NULL::{kind} AS "{name}"' for name, kind in dataset.stored]
    order = "NULL::INTEGER AS batch, NULL::INTEGER AS _part, NULL::BIGINT AS _row"
    return f"SELECT {', '.join(typed)}, {order} WHERE false"


def _files(parts: Sequence[BatchPart], known: frozenset[str], keep_higher: bool) -> str:
    names = ", ".join(f"'{name}'" for name in sorted(known))
    extra = f"[{names}]::VARCHAR[] AS _known_columns, {str(keep_higher).lower()} AS _keep_higher"
    return f"SELECT *, {extra} FROM {read_rows(parts)}"


def _known(dataset: Dataset, part: BatchPart) -> frozenset[str]:
    return _columns(dataset.code, part.known_columns)


@cache
def _columns(dataset: str, known: tuple[str, ...] | None) -> frozenset[str]:
    """The columns that are known; all of the table when they are not listed."""
    return frozenset((c.code for c in datasets()[dataset].columns) if known is None else known)


def resolved_rows(dataset: Dataset, parts: Sequence[BatchPart], relation: str) -> str:
    """One row for each key among the rows of `relation`, with the number of its batch.

    A key without some required value has none: the import that had it is undone.
    """
    if not parts:
        return f"FROM ({relation})"
    knowledge = [_known(dataset, part) for part in parts]
    required = frozenset(c.code for c in dataset.columns if c.required and not c.key)
    grows = all(before <= after for before, after in pairwise(knowledge))
    if grows and all(required <= known for known in knowledge) and not any(p.keep_higher for p in parts):
        return _last_rows(dataset, f"FROM ({relation})")  # every last row knows all that those before it do
    return _last_known_values(dataset, _without_lower_counts(dataset, parts, relation))


def _last_rows(dataset: Dataset, select: str) -> str:
    key = id_matching.key_sql(dataset)
    return f"{select} QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {LATEST_FIRST}) = 1"


def _last_known_values(dataset: Dataset, relation: str) -> str:
    """Each column from the last row whose source knows it; where no source does, from the last row."""
    owner = {f"{c.code}_state": c.code for c in dataset.columns if c.states}
    columns = ", ".join(_last_known_value(name, owner.get(name, name)) for name, _ in dataset.stored)
    ordered = f"SELECT *, row_number() OVER (ORDER BY batch, _part, _row) AS _position FROM ({relation})"
    whole = [
        f"bool_or(list_contains(_known_columns, '{c.code}'))" if c.states else f'count("{c.code}") > 0'
        for c in dataset.columns
        if c.required and not c.key
    ]
    having = f"HAVING {' AND '.join(whole)}" if whole else ""
    return f"SELECT {columns}, max(batch) AS batch FROM ({ordered}) GROUP BY {id_matching.key_sql(dataset)} {having}"


def _last_known_value(name: str, owner: str) -> str:
    """A stored column, where `owner` is the table's column that it belongs to."""
    known = f"list_contains(_known_columns, '{owner}')"
    last_known = f'arg_max_null("{name}", _position) FILTER ({known})'
    return f'CASE WHEN bool_or({known}) THEN {last_known} ELSE arg_max("{name}", _position) END AS "{name}"'


def _without_lower_counts(dataset: Dataset, parts: Sequence[BatchPart], relation: str) -> str:
    """The rows less the counts that may not lower an earlier one of their key."""
    if not any(p.keep_higher for p in parts):
        return f"FROM ({relation})"
    count, key = _count_column(dataset), f"PARTITION BY {id_matching.key_sql(dataset)}"
    counted = f"list_contains(_known_columns, '{count}')"
    return (
        f"WITH ordered AS (SELECT *, row_number() OVER (ORDER BY batch, _part, _row) AS _order FROM ({relation})),"
        f" with_start AS (SELECT *, coalesce(max(_order) FILTER (NOT _keep_higher AND {counted}) OVER ({key}), 0) AS _start"
        f" FROM ordered), with_highest AS (SELECT *, max({count}) FILTER (_order >= _start AND {counted})"
        f" OVER ({key} ORDER BY _order ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS _highest FROM with_start)"
        f" SELECT * EXCLUDE (_order, _start, _highest) FROM with_highest"
        f" WHERE NOT (_keep_higher AND _order > _start AND {counted} AND coalesce({count} < _highest, _highest IS NOT NULL))"
    )


def _count_column(dataset: Dataset) -> str:
    return next(c.code for c in dataset.columns if c.type == "count")


def lowered_counts(dataset: Dataset, parts: Sequence[BatchPart], relation: str) -> str:
    """The counts that were lowered after the one in force: the key's columns, `kept`, and `later` with its batch."""
    count = _count_column(dataset)
    names = ", ".join(f'"{name}"' for name in dataset.key)
    counted = f"list_contains(_known_columns, '{count}')"
    last = _last_rows(dataset, f"SELECT {names}, {count}, batch FROM ({relation}) WHERE {counted}")
    same_key = " AND ".join(f'k."{name}" IS NOT DISTINCT FROM l."{name}"' for name in dataset.key)
    key = ", ".join(f'k."{name}"' for name in dataset.key)
    return (
        f"SELECT {key}, k.{count} AS kept, l.{count} AS later, l.batch"
        f" FROM ({resolved_rows(dataset, parts, relation)}) k JOIN ({last}) l ON {same_key} WHERE l.{count} < k.{count}"
    )
