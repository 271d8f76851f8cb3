"""What is worth saying when a drop and what is known already are seen together. Nothing here stops an import."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from data.base.fault import Fault
from data.schema import id_matching
from data.schema.catalogue import Column, Dataset, datasets
from data.schema.column_sql import literal

MAX_EXAMPLES = 5  # rows and values named in a note
_CENT = "0.01"
_FOLDED = id_matching.folded_sql("value")


@dataclass(frozen=True)
class TypedTable:
    """A typed table of the drop, and what its file calls things."""

    dataset: Dataset
    relation: str
    file: str
    sheet: str | None
    columns: Mapping[str, str]
    from_source: bool = False

    def note(self, code: str, column: str | None = None, row: int | None = None, **params: object) -> Fault:
        """A finding about this table."""
        header = self.columns.get(column) if column else None
        return Fault(code, self.file, self.sheet, row, header, None, {"table": self.dataset.code, **params})


def find_notes(
    connection: DuckDBPyConnection, drafted: Sequence[TypedTable], known: bool
) -> Mapping[str, tuple[Fault, ...]]:
    """The notes by relation. `known` says whether a database is attached under that name."""
    together = _NoteFinder(connection, drafted, known)
    return {d.relation: tuple(together.notes(d)) for d in drafted}


class _NoteFinder:
    """The rows of the drop and of what is known, table by table."""

    def __init__(self, connection: DuckDBPyConnection, drafted: Sequence[TypedTable], known: bool) -> None:
        self._connection, self._drafted, self._known = connection, drafted, known

    def notes(self, table: TypedTable) -> Iterator[Fault]:
        """Everything worth saying about one table."""
        yield from self._repeated(table)
        for column in table.dataset.columns:
            if column.references and column.code in table.columns:
                yield from self._unmatched(table, column, datasets()[column.references])
        for column in table.dataset.columns:
            if column.type == "percent" and column.code in table.columns:
                yield from self._small(table, column)
        special = {
            "cases": self._cases_win,
            "case_counts": self._cases_win,
            "cost_shares": self._shares,
            "departments": self._cycles,
        }
        if table.dataset.code in special:
            yield from special[table.dataset.code](table)
        if table.dataset.code == "case_counts" and table.from_source and self._known:
            yield from self._lowered(table)

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = self._connection.execute(sql).fetchall()
        return found

    def _all(self, code: str, columns: str) -> str:
        """SQL for the columns of a table's rows, in the drop and known; no rows when there is neither."""
        parts = [f"SELECT {columns} FROM {d.relation} WHERE _ok" for d in self._drafted if d.dataset.code == code]
        if self._known:
            parts.append(f"SELECT {columns} FROM known.{code}")
        typed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in datasets()[code].stored)
        return " UNION ALL ".join([*parts, f"SELECT {columns} FROM (SELECT {typed}) WHERE false"])

    def _latest(self, code: str, columns: str) -> str:
        """As `_all`, but a known row gives way to one in the drop with the same key."""
        key = id_matching.key_sql(datasets()[code])
        drop = [
            f"SELECT {columns}, {i} AS _order, _row FROM {d.relation} WHERE _ok"
            for i, d in enumerate(self._drafted, 1)
            if d.dataset.code == code
        ]
        known = [f"SELECT {columns}, 0 AS _order, 0 AS _row FROM known.{code}"] if self._known else []
        return (
            f"SELECT {columns} FROM ({' UNION ALL '.join([*known, *drop])})"
            f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _order DESC, _row DESC) = 1"
        )

    def _repeated(self, table: TypedTable) -> Iterator[Fault]:
        """Rows with the same key: the same all through, or with different values."""
        key = id_matching.key_sql(table.dataset)
        rows = f"FROM {table.relation} WHERE _ok"
        ((repeats,),) = self._rows(f"SELECT count(*) - count(DISTINCT hash({key})) {rows}")
        if not repeats:
            return
        stored = ", ".join(f'"{name}"' for name, _ in table.dataset.stored)
        groups = f"list(_row ORDER BY _row)[:{MAX_EXAMPLES}] AS places, count(DISTINCT hash({stored})) > 1 AS differ"
        found = self._rows(
            f"SELECT differ, count(*), list(places ORDER BY places)[:{MAX_EXAMPLES}]"
            f" FROM (SELECT {groups} {rows} GROUP BY {key} HAVING count(*) > 1) GROUP BY differ ORDER BY differ"
        )
        for differ, count, pairs in found:
            yield table.note("contradiction" if differ else "duplicate", count=count, pairs=pairs)

    def _unmatched(self, table: TypedTable, column: Column, other: Dataset) -> Iterator[Fault]:
        """References to what is neither known nor in the drop."""
        name, target = f'"{column.code}"', f'"{other.key[0]}" AS value'
        allowed = ", ".join(literal(text) for text in column.literals) or "NULL"
        found = self._rows(
            f"WITH here AS (SELECT {name} AS value, min(_row) AS first, count(*) AS times FROM {table.relation}"
            f" WHERE _ok AND {name} IS NOT NULL GROUP BY ALL),"
            f" there AS ({self._all(other.code, target)}),"
            f" spelt AS (SELECT {_FOLDED} AS folded FROM there GROUP BY ALL HAVING count(DISTINCT value) = 1)"
            " SELECT sum(times)::BIGINT, count(*),"
            f" list(value ORDER BY first)[:{MAX_EXAMPLES}], list(first ORDER BY first)[:{MAX_EXAMPLES}]"
            f" FROM here ANTI JOIN there USING (value) ANTI JOIN spelt ON {_FOLDED} = spelt.folded"
            f" WHERE coalesce(value NOT IN ({allowed}), true)"
        )
        for rows, different, values, first in found:
            if rows:
                yield table.note(
                    "unmatched", column.code, other=other.header, count=rows, rows=first, values=values,
                    different=different,
                )  # fmt: skip

    def _small(self, table: TypedTable, column: Column) -> Iterator[Fault]:
        """Shares that look like parts of one, though they are read as per cent."""
        name = f'"{column.code}"'
        ((count, most),) = self._rows(f"SELECT count(*), max({name}) FROM {table.relation} WHERE _ok AND {name} > 0")
        if count and most is not None and float(str(most)) <= 1:
            yield table.note("small_shares", column.code, count=count)

    def _cases_win(self, table: TypedTable) -> Iterator[Fault]:
        """Monthly counts beside cases one by one. Said of the counts, or of the cases when those are known."""
        counts_in_drop = any(d.dataset.code == "case_counts" for d in self._drafted)
        if table.dataset.code == "cases" and (counts_in_drop or not self._known):
            return
        counts = "SELECT coalesce(service_id, e_service_id) AS service_id, month, channel FROM " + (
            f"{table.relation} WHERE _ok AND cases IS NOT NULL"
            if table.dataset.code == "case_counts"
            else "known.case_counts WHERE cases IS NOT NULL"
        )
        ((count, values),) = self._rows(
            f"WITH one AS (SELECT e_service_id, min(service_id) AS service_id FROM"
            f" ({self._all('links', 'e_service_id, service_id')}) GROUP BY ALL HAVING count(DISTINCT service_id) = 1),"
            f" placed AS (SELECT coalesce(c.service_id, one.service_id) AS service_id, c.e_service_id,"
            f" date_trunc('month', c.received_on)::DATE AS month, c.channel"
            f" FROM ({self._all('cases', 'service_id, e_service_id, received_on, channel')}) c"
            " LEFT JOIN one ON c.e_service_id = one.e_service_id),"
            " single AS (SELECT DISTINCT service_id, month, channel FROM placed"
            " UNION SELECT DISTINCT e_service_id, month, channel FROM placed)"
            f" SELECT count(*), list(service_id || ' ' || strftime(month, '%Y-%m') ORDER BY service_id, month)[:{MAX_EXAMPLES}]"
            f" FROM ({counts}) SEMI JOIN single USING (service_id, month, channel)"
        )
        if count:
            yield table.note("cases_win", count=count, values=values)

    def _lowered(self, table: TypedTable) -> Iterator[Fault]:
        """Counts that are lower than what is known: culled in their source, most likely."""
        place, day = "service_id, e_service_id, channel, assisted", "month"
        ((count, values),) = self._rows(
            f"WITH versions AS (SELECT version_id, any_value(e_service_id) AS family"
            f" FROM ({self._all('versions', 'version_id, e_service_id')}) GROUP BY ALL),"
            f" new AS (SELECT * REPLACE (coalesce(family, e_service_id) AS e_service_id) FROM {table.relation}"
            f" LEFT JOIN versions ON version_id = e_service_id WHERE _ok),"
            f" sums AS (SELECT {place}, {day}, sum(cases) AS cases FROM new GROUP BY ALL),"
            f" spans AS (SELECT {place}, min({day}) AS first, max({day}) AS last FROM new GROUP BY ALL)"
            f" SELECT count(*), list(concat_ws(' ', coalesce(k.service_id, k.e_service_id), strftime(k.month, '%Y-%m'),"
            f" k.cases || ' → ' || coalesce(n.cases, 0))"
            f" ORDER BY k.cases - coalesce(n.cases, 0) DESC, k.service_id, k.e_service_id, k.month)[:{MAX_EXAMPLES}]"
            f" FROM known.case_counts k"
            f" JOIN spans s ON {_same_series('k', 's')} AND k.month BETWEEN s.first AND s.last"
            f" LEFT JOIN sums n ON {_same_series('k', 'n')} AND k.month = n.month"
            f" WHERE coalesce(n.cases, 0) < k.cases"
        )
        if count:
            yield table.note("lower_counts", count=count, values=values)

    def _shares(self, table: TypedTable) -> Iterator[Fault]:
        """Costs that this table shares out, whose shares do not make 100 per cent."""
        ((count, values),) = self._rows(
            f"WITH shares AS ({self._latest('cost_shares', 'cost_id, department_id, share')}),"
            f" sums AS (SELECT cost_id, sum(share) AS total FROM shares GROUP BY cost_id)"
            f" SELECT count(*),"
            f" list(cost_id || ' = ' || round(total, 2)::DECIMAL(18, 2) || ' %' ORDER BY cost_id)[:{MAX_EXAMPLES}]"
            f" FROM sums WHERE abs(total - 100) > {_CENT}"
            f" AND cost_id IN (SELECT cost_id FROM {table.relation} WHERE _ok)"
        )
        if count:
            yield table.note("shares_sum", count=count, values=values)

    def _cycles(self, table: TypedTable) -> Iterator[Fault]:
        """Departments of this table that lie under themselves."""
        rows = self._rows(self._latest("departments", "department_id, parent_id"))
        parents = {row[0]: row[1] for row in rows}
        here = {d for (d,) in self._rows(f"SELECT department_id FROM {table.relation} WHERE _ok")}
        inside = sorted(str(d) for d in here if _is_cyclic(d, parents))
        if inside:
            yield table.note("department_cycle", "parent_id", count=len(inside), values=inside[:MAX_EXAMPLES])


def _same_series(one: str, other: str) -> str:
    """SQL for two counts that are of the same thing, whatever their month."""
    columns = ("service_id", "e_service_id", "channel", "assisted")
    return " AND ".join(f"{one}.{c} IS NOT DISTINCT FROM {other}.{c}" for c in columns)


def _is_cyclic(start: object, parents: Mapping[object, object]) -> bool:
    """Whether the way up from a department leads back to it."""
    seen: set[object] = set()
    at = parents.get(start)
    while at is not None and at not in seen:
        if at == start:
            return True
        seen.add(at)
        at = parents.get(at)
    return False
