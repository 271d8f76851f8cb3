"""What a build takes over from the version before it: the cases in their places, and what each import covers.

It works in a copy of that version's file. A build without one does the same onto no rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from data.build.conflict_resolution import all_rows
from data.build.coverage_table import PLACES, BatchPart, read_rows
from data.readers.sheet import insert_rows
from data.schema.catalogue import Dataset

ROW_GROUP = (
    122_880  # rows that DuckDB reads together: as many may always lie out of order, and fewer are as soon built anew
)
IN_ORDER = 4  # of so many rows one may
_KEPT = ("case_rows", "stated_covers", "built_parts")
_READ_BY = {
    "services": "service_id",
    "e_services": "e_service_id, name, installation",
    "versions": "version_id, e_service_id",
}  # what decides which ids a case has: the relations, and their columns
_PLACED_BY = {
    "services": ("service_id, audience, area", "c.placed_id = d.service_id"),
    "service_departments": ("service_id, department_id, month_from, month_to", "c.placed_id = d.service_id"),
    "department_spans": ("department_id, month_from, month_to, path, board", "c.department_id = d.department_id"),
    "placed_e_services": (
        "e_service_id, month, service_id, department_id, audience",
        "c.e_service_id = d.e_service_id AND date_trunc('month', c.received_on) = d.month",
    ),
}  # what decides the place of a case, and the condition for the cases `c` that a row `d` of it places
_PLACE = (
    "placed_id VARCHAR, ended_month DATE, department_id VARCHAR, department_path VARCHAR[], board VARCHAR, audience VARCHAR,"
    " area VARCHAR, is_timed BOOLEAN"
)
Built = tuple[str, int, int, str]  # a part's table, its batch, its place there, and its identity
Changed = frozenset[tuple[str, int]]  # tables and batches


@dataclass(frozen=True)
class Carried:
    """What a file holds of the former version: made of which parts, if any, and how many of its cases lie out of order."""

    parts: frozenset[Built] = frozenset()
    has_cases: bool = False
    unordered: int = 0

    def changed(self, parts: Sequence[BatchPart]) -> Changed:
        """The tables and batches of which other parts are built now."""
        return frozenset((dataset, batch) for dataset, batch, *_ in self.parts ^ set(_built(parts)))


def is_worthwhile(parts: Sequence[BatchPart]) -> bool:
    """Whether there are so many cases that to take them over is faster than to build them."""
    return sum(part.rows for part in parts if part.dataset == "cases") >= ROW_GROUP


def _built(parts: Sequence[BatchPart]) -> list[Built]:
    return [(part.dataset, *part.key, part.identity) for part in parts]


def take_over(connection: DuckDBPyConnection) -> Carried:
    """Drop all from the copy of a former version but what the next is made of; all where small numbers were protected in it."""
    ((protected, unordered, rows),) = connection.execute(
        "SELECT protected, unordered, (SELECT count(*) FROM case_rows) FROM info"
    ).fetchall()
    carried = Carried()
    if not protected and unordered <= max(ROW_GROUP, rows / IN_ORDER):
        carried = Carried(frozenset(connection.execute("FROM built_parts").fetchall()), True, unordered)
        for relation in {*_READ_BY, *_PLACED_BY}:
            connection.execute(f"CREATE TEMP TABLE former_{relation} AS FROM main.{relation}")
    made = connection.execute(
        "SELECT 'VIEW', view_name FROM duckdb_views() WHERE NOT internal UNION ALL"
        " SELECT 'TABLE', table_name FROM duckdb_tables() WHERE NOT temporary UNION ALL"
        " SELECT DISTINCT if(function_type = 'macro', 'MACRO', 'MACRO TABLE'), function_name FROM duckdb_functions()"
        " WHERE NOT internal"
    ).fetchall()
    connection.begin()
    for kind, name in made:
        if not carried.has_cases or name not in _KEPT:
            connection.execute(f'DROP {kind} main."{name}"')
    connection.commit()
    connection.execute("CHECKPOINT")  # what was dropped makes room
    return carried


def begin(connection: DuckDBPyConnection, cases: Dataset, parts: Sequence[BatchPart], changed: Changed) -> None:
    """Make what is carried where there is none, without what changed batches cover; and note the parts that are built now."""
    stored = ", ".join(f'"{name}" {kind}' for name, kind in cases.stored)
    connection.execute(f"CREATE TABLE IF NOT EXISTS case_rows ({stored}, batch INTEGER, {_PLACE})")
    connection.execute(f"CREATE TABLE IF NOT EXISTS stated_covers ({PLACES})")
    if changed:
        names, batches = map(list, zip(*changed, strict=True))
        connection.execute(
            "DELETE FROM stated_covers s USING (SELECT unnest(?) AS dataset, unnest(?) AS batch) c"
            " WHERE s.dataset = c.dataset AND s.batch = c.batch",
            [names, batches],
        )
    connection.execute(
        "CREATE OR REPLACE TABLE built_parts (dataset VARCHAR, batch INTEGER, part INTEGER, identity VARCHAR)"
    )
    insert_rows(connection, "built_parts", _built(parts))


def rows_to_resolve(
    connection: DuckDBPyConnection,
    dataset: Dataset,
    carried: Carried,
    parts: Sequence[BatchPart],
    withdrawn: Sequence[BatchPart],
) -> str:
    """SQL for the rows from which cases are resolved anew: of those that a part speaks of that came or went, or all.

    These are removed from what is carried. `withdrawn` are the parts of batches that are not in force.
    """
    rows = all_rows(dataset, parts)
    if not carried.has_cases:
        return rows
    differing = _differing_parts(carried, parts, (*parts, *withdrawn)) if _are_read_alike(connection) else None
    if differing is None:
        connection.execute("DELETE FROM case_rows")
        return rows
    if not differing:
        return all_rows(dataset, ())
    connection.execute(f"CREATE TEMP TABLE touched_cases AS SELECT DISTINCT case_id FROM {read_rows(differing)}")
    connection.execute("DELETE FROM case_rows WHERE case_id IN (FROM touched_cases)")
    return f"SELECT * FROM ({rows}) SEMI JOIN touched_cases USING (case_id)"


def _differing_parts(
    carried: Carried, parts: Sequence[BatchPart], known: Sequence[BatchPart]
) -> Sequence[BatchPart] | None:
    """The parts of cases that are only built now, or were only built before; None where one of them is not known any more."""
    by_name = dict(zip(_built(known), known, strict=True))
    names = {name for name in carried.parts if name[0] == "cases"} ^ set(_built(parts))
    return [by_name[name] for name in names] if names <= by_name.keys() else None


def _are_read_alike(connection: DuckDBPyConnection) -> bool:
    """Whether the references of cases are read as they were in the former version."""
    return not any(
        connection.execute(f"FROM ({_differences(relation, columns)}) LIMIT 1").fetchall()
        for relation, columns in _READ_BY.items()
    )


def _differences(relation: str, columns: str) -> str:
    """SQL for the rows that a relation has and had not, or had and has not."""
    now, before = f"SELECT {columns} FROM main.{relation}", f"SELECT {columns} FROM former_{relation}"
    return f"({now} EXCEPT ALL {before}) UNION ALL ({before} EXCEPT ALL {now})"


def take_misplaced(connection: DuckDBPyConnection, dataset: Dataset) -> None:
    """Move the carried cases whose place is another now to `resolved_cases`, to be placed anew."""
    names = ", ".join([*(f'"{name}"' for name, _ in dataset.stored), "batch"])
    for relation, (columns, condition) in _PLACED_BY.items():
        connection.execute(f"CREATE OR REPLACE TEMP TABLE differing AS {_differences(relation, columns)}")
        if connection.execute("FROM differing LIMIT 1").fetchall():
            misplaced = f"case_rows c WHERE EXISTS (FROM differing d WHERE {condition})"
            connection.execute(f"INSERT INTO resolved_cases BY NAME SELECT {names} FROM {misplaced}")
            connection.execute(f"DELETE FROM {misplaced}")


def note_order(connection: DuckDBPyConnection, carried: Carried) -> None:
    """Note how many cases lie out of order when those that are resolved are placed behind what is carried."""
    added = "(SELECT count(*) FROM resolved_cases)"
    connection.execute(
        f"UPDATE info SET unordered = if((SELECT count(*) FROM case_rows) = 0, 0, {carried.unordered} + {added})"
    )
