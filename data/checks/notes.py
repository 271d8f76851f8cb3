"""Notes about the drafted tables and the database together: repeated keys, unknown references, and the like."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from data.base.fault import Fault
from data.checks.moves import OWNERS, moves
from data.schema import id_matching
from data.schema.catalogue import Column, Dataset, datasets
from data.schema.column_sql import literal

MAX_EXAMPLES = 5  # rows and values in a note
REPEATED = {"contradiction", "duplicate"}  # the codes of the notes on keys that several rows have
_CENT = "0.01"
_FOLDED = id_matching.folded_sql("value")


@dataclass(frozen=True)
class TypedTable:
    """A typed table of the draft; `columns` are the file's headers by column code."""

    dataset: Dataset
    relation: str
    file: str
    sheet: str | None
    columns: Mapping[str, str]
    from_source: bool = False

    def note(self, code: str, column: str | None = None, row: int | None = None, **params: object) -> Fault:
        """A note about this table, its `column` given by code."""
        header = self.columns.get(column) if column else None
        return Fault(code, self.file, self.sheet, row, header, None, {"table": self.dataset.code, **params})


def all_rows(tables: Sequence[TypedTable], known: bool, code: str, columns: str) -> str:
    """SQL for the columns of a table's rows, in the draft and in the database; no rows when it is in neither."""
    parts = [f"SELECT {columns} FROM {t.relation} WHERE _ok" for t in tables if t.dataset.code == code]
    if known:
        parts.append(f"SELECT {columns} FROM known.{code}")
    typed = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in datasets()[code].stored)
    return " UNION ALL ".join([*parts, f"SELECT {columns} FROM (SELECT {typed}) WHERE false"])


def find_notes(
    connection: DuckDBPyConnection, tables: Sequence[TypedTable], known: bool
) -> dict[str, tuple[Fault, ...]]:
    """The notes by relation. `known` is whether the current database is attached as `known`."""
    finder = _NoteFinder(connection, tables, known)
    return {t.relation: tuple(finder.notes(t)) for t in tables}


class _NoteFinder:
    """Queries over the rows of the draft and of the current database."""

    def __init__(self, connection: DuckDBPyConnection, tables: Sequence[TypedTable], known: bool) -> None:
        self._connection, self._tables, self._known = connection, tables, known

    def notes(self, table: TypedTable) -> Iterator[Fault]:
        """All notes about one table."""
        yield from self._repeated(table)
        for column in table.dataset.columns:
            if column.references and column.code in table.columns:
                yield from self._unmatched(table, column, datasets()[column.references])
        if "replaces" in table.columns:
            each = "trim(unnest(string_split(replaces, ',')))"
            yield from self._unmatched(table, table.dataset.column("replaces"), table.dataset, each)
        for column in table.dataset.columns:
            if column.type == "percent" and column.code in table.columns:
                yield from self._small(table, column)
            if column.remark_above is not None and column.code in table.columns:
                yield from self._large(table, column, int(column.remark_above))
        special = {
            "cases": self._cases_win,
            "case_counts": self._cases_win,
            "cost_shares": self._shares,
            "departments": self._cycles,
            "links": self._rejected,
        }
        if table.dataset.code in special:
            yield from special[table.dataset.code](table)
        if table.dataset.code == "case_counts" and table.from_source and self._known:
            yield from self._lowered(table)
        if table.dataset.code in OWNERS and self._known:
            for note in moves(self._connection, table.dataset, table.relation, table.columns):
                params = {"table": table.dataset.code, **note.params}
                yield Fault(note.code, table.file, table.sheet, params=params)

    def _rows(self, sql: str) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = self._connection.execute(sql).fetchall()
        return rows

    def _all(self, code: str, columns: str) -> str:
        return all_rows(self._tables, self._known, code, columns)

    def _latest(self, code: str, columns: str) -> str:
        """As `_all`, but of rows with the same key only the last; the draft's come after the database's."""
        key = id_matching.key_sql(datasets()[code])
        drafted = [
            f"SELECT {columns}, {i} AS _order, _row FROM {t.relation} WHERE _ok"
            for i, t in enumerate(self._tables, 1)
            if t.dataset.code == code
        ]
        known = [f"SELECT {columns}, 0 AS _order, 0 AS _row FROM known.{code}"] if self._known else []
        return (
            f"SELECT {columns} FROM ({' UNION ALL '.join([*known, *drafted])})"
            f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY _order DESC, _row DESC) = 1"
        )

    def _repeated(self, table: TypedTable) -> Iterator[Fault]:
        """Rows with the same key, with the same values or with different ones."""
        key = id_matching.key_sql(table.dataset)
        rows = f"FROM {table.relation} WHERE _ok"
        ((repeats,),) = self._rows(f"SELECT count(*) - count(DISTINCT hash({key})) {rows}")
        if not repeats:
            return
        stored = ", ".join(f'"{name}"' for name, _ in table.dataset.stored)
        groups = f"list(_row ORDER BY _row)[:{MAX_EXAMPLES}] AS places, count(DISTINCT hash({stored})) > 1 AS differ"
        results = self._rows(
            f"SELECT differ, count(*), list(places ORDER BY places)[:{MAX_EXAMPLES}]"
            f" FROM (SELECT {groups} {rows} GROUP BY {key} HAVING count(*) > 1) GROUP BY differ ORDER BY differ"
        )
        for differ, count, pairs in results:
            headers = [table.columns[code] for code in table.dataset.key if code in table.columns]
            yield table.note("contradiction" if differ else "duplicate", count=count, pairs=pairs, key=headers)

    def _unmatched(self, table: TypedTable, column: Column, other: Dataset, ids: str = "") -> Iterator[Fault]:
        """References to ids that are neither in the database nor in the draft; `ids` is SQL for those of a list."""
        name, target = ids or f'"{column.code}"', f'"{other.key[0]}" AS value'
        allowed = ", ".join(literal(text) for text in column.literals) or "NULL"
        results = self._rows(
            f"WITH referring AS (SELECT value, min(_row) AS first_row, count(*) AS row_count,"
            f" min(_row, {MAX_EXAMPLES}) AS places"
            f" FROM (SELECT {name} AS value, _row FROM {table.relation} WHERE _ok) WHERE value <> '' GROUP BY ALL),"
            f" existing AS ({self._all(other.code, target)}),"
            f" unambiguous AS (SELECT {_FOLDED} AS folded FROM existing GROUP BY ALL HAVING count(DISTINCT value) = 1)"
            " SELECT sum(row_count)::BIGINT, count(*),"
            f" list(value ORDER BY first_row)[:{MAX_EXAMPLES}], list_sort(flatten(list(places)))[:{MAX_EXAMPLES}]"
            f" FROM referring ANTI JOIN existing USING (value) ANTI JOIN unambiguous ON {_FOLDED} = unambiguous.folded"
            f" WHERE coalesce(value NOT IN ({allowed}), true)"
        )
        for rows, different, values, first in results:
            if rows:
                yield table.note(
                    "unmatched", column.code, other=other.header, count=rows, rows=first, values=values,
                    different=different,
                )  # fmt: skip

    def _small(self, table: TypedTable, column: Column) -> Iterator[Fault]:
        """Shares of at most 1, which were probably meant as fractions but are read as per cent."""
        name = f'"{column.code}"'
        ((count, largest),) = self._rows(f"SELECT count(*), max({name}) FROM {table.relation} WHERE _ok AND {name} > 0")
        if count and largest is not None and float(str(largest)) <= 1:
            yield table.note("small_shares", column.code, count=count)

    def _large(self, table: TypedTable, column: Column, limit: int) -> Iterator[Fault]:
        """Numbers that are larger than is likely, with their rows."""
        name = f'"{column.code}"'
        ((count, values, rows),) = self._rows(
            f"SELECT count(*), list({name} ORDER BY _row)[:{MAX_EXAMPLES}], list(_row ORDER BY _row)[:{MAX_EXAMPLES}]"
            f" FROM {table.relation} WHERE _ok AND {name} > {limit}"
        )
        if count:
            yield table.note("large_numbers", column.code, count=count, limit=limit, values=values, rows=rows)

    def _cases_win(self, table: TypedTable) -> Iterator[Fault]:
        """Monthly counts beside case rows: a note on the counts if they are in the draft, else on the cases of the file."""
        place = "service_id, e_service_id, received_on, channel"
        counts_drafted = any(t.dataset.code == "case_counts" for t in self._tables)
        if table.dataset.code == "cases" and (counts_drafted or not self._known):
            return
        cases = self._all("cases", place) if counts_drafted else f"SELECT {place} FROM {table.relation} WHERE _ok"
        counts = "SELECT coalesce(service_id, e_service_id) AS service_id, month, channel FROM " + (
            f"{table.relation} WHERE _ok AND cases IS NOT NULL"
            if table.dataset.code == "case_counts"
            else "known.case_counts WHERE cases IS NOT NULL"
        )
        ((has_counts,),) = self._rows(f"SELECT count(*) > 0 FROM ({counts})")
        if not has_counts:
            return
        ((count, values),) = self._rows(
            f"WITH single_links AS (SELECT e_service_id, min(service_id) AS service_id FROM"
            f" ({self._all('links', 'e_service_id, service_id')}) GROUP BY ALL HAVING count(DISTINCT service_id) = 1),"
            f" placed AS (SELECT coalesce(c.service_id, single_links.service_id) AS service_id, e_service_id,"
            f" date_trunc('month', c.received_on)::DATE AS month, c.channel"
            f" FROM ({cases}) c"
            " LEFT JOIN single_links USING (e_service_id)),"
            " case_months AS (SELECT DISTINCT service_id, month, channel FROM placed"
            " UNION SELECT DISTINCT e_service_id, month, channel FROM placed)"
            f" SELECT count(*), list_sort(list(DISTINCT service_id || ' ' || strftime(month, '%Y-%m')))[:{MAX_EXAMPLES}]"
            f" FROM ({counts}) SEMI JOIN case_months USING (service_id, month, channel)"
        )
        if count:
            yield table.note("cases_win", count=count, values=values)

    def _lowered(self, table: TypedTable) -> Iterator[Fault]:
        """Counts that are lower than in the database, probably because cases were culled in the source."""
        series, month = "service_id, e_service_id, channel, assisted", "month"
        ((count, values),) = self._rows(
            f"WITH versions AS (SELECT version_id, any_value(e_service_id) AS family"
            f" FROM ({self._all('versions', 'version_id, e_service_id')}) GROUP BY ALL),"
            f" new AS (SELECT * REPLACE (coalesce(family, e_service_id) AS e_service_id) FROM {table.relation}"
            f" LEFT JOIN versions ON version_id = e_service_id WHERE _ok),"
            f" sums AS (SELECT {series}, {month}, sum(cases) AS cases FROM new GROUP BY ALL),"
            f" spans AS (SELECT {series}, min({month}) AS first, max({month}) AS last FROM new GROUP BY ALL)"
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
        """Costs in this table whose shares do not sum to 100 per cent."""
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

    def _rejected(self, table: TypedTable) -> Iterator[Fault]:
        """Links in this table that somebody has rejected, where it does not say whether they hold."""
        if not self._known or "paired" in table.columns:
            return
        same = " AND ".join(
            f"{id_matching.folded_sql(f'n.{c}')} = {id_matching.folded_sql(f'r.{c}')}" for c in table.dataset.key
        )
        ((count, values),) = self._rows(
            f"SELECT count(*), list(concat_ws(' ', n.service_id, n.e_service_id) ORDER BY _row)[:{MAX_EXAMPLES}]"
            f" FROM {table.relation} n JOIN known.rejected_links r ON {same} WHERE n._ok"
        )
        if count:
            yield table.note("rejected_links", count=count, values=values, header=table.dataset.column("paired").header)

    def _cycles(self, table: TypedTable) -> Iterator[Fault]:
        """Departments in this table that are among their own ancestors."""
        cyclic = self._rows(
            f"WITH RECURSIVE parents AS ({self._latest('departments', 'department_id, parent_id')}),"
            " ancestors AS (FROM parents UNION SELECT ancestors.department_id, parents.parent_id"
            " FROM ancestors JOIN parents ON parents.department_id = ancestors.parent_id)"
            " SELECT department_id FROM ancestors WHERE department_id = parent_id"
            f" AND department_id IN (SELECT department_id FROM {table.relation} WHERE _ok) ORDER BY department_id"
        )
        if cyclic:
            values = [department for (department,) in cyclic[:MAX_EXAMPLES]]
            yield table.note("department_cycle", "parent_id", count=len(cyclic), values=values)


def _same_series(one: str, other: str) -> str:
    """SQL condition for two counts of the same service, e-service, channel and way of sending."""
    columns = ("service_id", "e_service_id", "channel", "assisted")
    return " AND ".join(f"{one}.{c} IS NOT DISTINCT FROM {other}.{c}" for c in columns)
