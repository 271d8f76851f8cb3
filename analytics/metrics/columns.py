"""The columns of every fact of a version of the data, made when they are first asked for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import Any, cast

import duckdb
import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from analytics.metrics.catalogue import Fact, Metric, facts
from analytics.metrics.fact_columns import (
    FactColumns,
    Groups,
    Ints,
    Lineage,
    aggregate,
    aggregates,
    coded,
    formulas,
    narrow,
)
from analytics.metrics.grouping import DIMENSION_SQL
from analytics.metrics.scope import Scope

Cursor = duckdb.DuckDBPyConnection
MAX_ROWS = 1_000_000  # of a fact: a larger one is left to SQL
MAX_BYTES = 200_000_000  # of all columns of a version
MAX_LINEAGES = 1000
DERIVED = ("month", "year", "administration", "branch", "payer")  # from the month, the path and the kind of payer
SUMMED = ("BIGINT", "HUGEINT", "BOOLEAN")  # sums of others are not exact
EXACT = 2**53  # below this each whole number is a float64, in which numpy sums by group


class Columns:
    """The columns of one version of the data, bounded in bytes: the least recently used go first. Thread-safe.

    While they are made by one thread, the others have none, and ask the database.
    """

    def __init__(self, max_rows: int = MAX_ROWS, max_bytes: int = MAX_BYTES) -> None:
        self._max_rows = max_rows
        self._made = LRUCache[object, FactColumns](max_bytes, getsizeof=lambda one: one.bytes)
        self._left_to_sql: set[object] = set()
        self._lineages: dict[object, Lineage] = {}
        self._guard, self._making = Lock(), Lock()

    @property
    def bytes(self) -> int:
        """The memory that all of them take now."""
        return int(self._made.currsize)

    def load(self, cursor: Cursor) -> None:
        """Make the columns of every fact, as the latest rules place costs and figures stay where they arose."""
        for fact in facts().values():
            self._of(cursor, fact, Scope(date.min, date.min))

    def groups(self, cursor: Cursor, metric: Metric, scope: Scope, by: Sequence[str]) -> Groups | None:
        """What the metric counts in the scope, by dimensions; None where only SQL can count it."""
        fact = self._of(cursor, metric.fact, scope) if formulas(metric) else None
        return fact.groups(metric, scope, by, self._lineage(cursor, scope)) if fact and fact.can(metric) else None

    def _of(self, cursor: Cursor, fact: Fact, scope: Scope) -> FactColumns | None:
        """The columns of a fact as the scope has it, made now unless others are; None where there are none."""
        key = fact.code, scope.organisation, scope.rules if "rules" in fact.filters else None
        with self._guard:
            if key in self._made or key in self._left_to_sql:
                return self._made.get(key)
        if not self._making.acquire(blocking=False):
            return None
        try:
            with cursor.cursor() as own:
                made = load(own, fact, scope.whole_organisation(), self._max_rows)
            with self._guard:
                if made and made.bytes <= self._made.maxsize:
                    self._made[key] = made
                    return made
                self._left_to_sql.add(key)
            return None
        finally:
            self._making.release()

    def _lineage(self, cursor: Cursor, scope: Scope) -> Lineage:
        """The lineage of the scope's departments in its organisation."""
        key = scope.departments, scope.organisation
        if key not in self._lineages:
            if len(self._lineages) >= MAX_LINEAGES:
                self._lineages.clear()
            self._lineages[key] = _lineage(cursor, scope)
        return self._lineages[key]


def _lineage(cursor: Cursor, scope: Scope) -> Lineage:
    if not scope.departments:
        return Lineage({})
    chosen = {"departments": list(scope.departments)}
    ids, whose = cursor.execute(f"FROM lineage_of($departments, '{scope.organisation}')", chosen).fetchall()[0]
    pairs = [*zip(ids or (), whose or (), strict=True)]
    return Lineage(dict(reversed(pairs)), len(scope.departments) > 1)  # of an id that stands twice the first counts


def load(cursor: Cursor, fact: Fact, scope: Scope, max_rows: int) -> FactColumns | None:
    """The columns of a fact as a scope of the whole organisation has it; None for a fact of more rows, or without sums.

    The cursor is left with temporary tables.
    """
    relation, names, of = scope.organised(fact.relation, fact.filters), _dimensions(fact), aggregates(fact)
    bound = {"rules": scope.rules} if "rules" in fact.filters else {}
    ((rows,),) = cursor.execute(f"SELECT count(*) FROM {relation}", bound).fetchall()
    if rows > max_rows or not of:
        return None
    dimensions = ", ".join(f'{sql} AS "{name}"' for name, sql in names.items())
    sums = ", ".join(f"{sql} AS a{i}" for i, sql in enumerate(of))
    cursor.execute(
        f"CREATE TEMP TABLE summed AS SELECT month, {dimensions}, {sums} FROM {relation} GROUP BY ALL", bound
    )
    labels, codes = _entities(cursor, names)
    same = " AND ".join(f'f."{name}" IS NOT DISTINCT FROM e."{name}"' for name in names)
    exact = _exact(cursor, len(of))
    picked = "".join(f", a{i}{'' if kind == 'BOOLEAN' else '::BIGINT'} AS a{i}" for i, kind in exact.items())
    result = cursor.execute(
        f"SELECT month, entity{picked} FROM summed f JOIN entities e ON {same} WHERE month IS NOT NULL ORDER BY month, entity"
    )
    found = cast(Mapping[str, NDArray[Any]], result.fetchnumpy())
    months, month, sizes = np.unique(found["month"].astype("datetime64[D]"), return_inverse=True, return_counts=True)
    return FactColumns(
        filters=fact.filters,
        calendar=[day for (day,) in cursor.execute("SELECT month FROM months ORDER BY month").fetchall()],
        months=months.tolist(),
        ends=np.cumsum(sizes).tolist(),
        month=narrow(month),
        entity=narrow(found["entity"]),
        labels=labels,
        codes=codes,
        columns={of[i]: aggregate(of[i], found[f"a{i}"]) for i in exact},
    )


def _entities(cursor: Cursor, names: Iterable[str]) -> tuple[dict[str, list[Any]], dict[str, Ints]]:
    """Number the combinations of dimensions; the values of each in order, and the place of each entity's among them."""
    listed = ", ".join(f'"{name}"' for name in names)
    numbered = f"SELECT *, row_number() OVER () - 1 AS entity FROM (SELECT DISTINCT {listed} FROM summed)"
    cursor.execute(f"CREATE TEMP TABLE entities AS {numbered}")
    labels, codes = {}, {}
    for name in names:
        rows = cursor.execute(f'SELECT "{name}" FROM entities ORDER BY entity').fetchall()
        codes[name], labels[name] = coded([tuple(one) if isinstance(one, list) else one for (one,) in rows])
    return labels, codes


def _exact(cursor: Cursor, aggregates: int) -> dict[int, str]:
    """The aggregates that numpy sums exactly, by number, each with its type."""
    types = [kind for _name, kind, *_rest in cursor.execute("DESCRIBE summed").fetchall()][-aggregates:]
    sizes = ", ".join(f"coalesce(sum(abs(a{i}::DOUBLE)), 0)" for i in range(aggregates))
    (sums,) = cursor.execute(f"SELECT {sizes} FROM summed").fetchall()
    return {i: kind for i, kind in enumerate(types) if kind in SUMMED and sums[i] < EXACT}


def _dimensions(fact: Fact) -> dict[str, str]:
    """The columns that tell entities apart, each with its SQL."""
    named = {name: sql for name, sql in DIMENSION_SQL.items() if name in fact.dimensions and name not in DERIVED}
    hidden = {"path": "department_path"} | ({"payer_kind": "payer_kind"} if "payer" in fact.dimensions else {})
    shared = {"service_ids": "service_ids"} if "shared" in fact.filters else {}
    return named | hidden | shared
