"""Rows of a draft that belong to no department, in it or in the database: what is counted of them is shown under no department."""

from collections.abc import Mapping, Sequence

from duckdb import DuckDBPyConnection

from data.base.fault import WithoutDepartment
from data.checks.changes import MAX_CHANGES
from data.checks.notes import TypedTable, all_rows
from data.schema.id_matching import folded_sql

_PLACED = (
    "placed_ids"  # of departments, services and e-services that lead to a department, by the column that refers to them
)
_IDS = {
    "services": ("department_id",),
    "e_services": ("e_service_id",),
    "cases": ("service_id", "e_service_id"),
    "case_counts": ("service_id", "e_service_id"),
    "handling_steps": ("service_id",),
}  # the columns that lead to a row's department


def find_without_department(
    connection: DuckDBPyConnection, tables: Sequence[TypedTable], known: bool
) -> Mapping[str, tuple[int, tuple[WithoutDepartment, ...]]]:
    """By relation, how many good rows belong to no department, and the first of them. `known`: a database is attached."""
    asked = [table for table in tables if _columns(table)]
    if not asked:
        return {}
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_PLACED} AS {_placed_sql(tables, known)}")
    result = {table.relation: _rows(connection, table) for table in asked}
    connection.execute(f"DROP TABLE {_PLACED}")
    return result


def _columns(table: TypedTable) -> list[str]:
    return [code for code in _IDS.get(table.dataset.code, ()) if code in table.columns]


def _rows(connection: DuckDBPyConnection, table: TypedTable) -> tuple[int, tuple[WithoutDepartment, ...]]:
    named = [f"WHEN {code} IS NOT NULL THEN '{code}'" for code in _columns(table)]
    placed = " OR ".join(
        f"({folded_sql(code)}) IN (SELECT id FROM {_PLACED} WHERE leads_by = '{code}')" for code in _columns(table)
    )
    text = f"coalesce({', '.join(_columns(table))})"
    rows = connection.execute(
        f"SELECT count(*) OVER (), _row, CASE {' '.join(named)} ELSE '{_columns(table)[0]}' END, {text}"
        f" FROM {table.relation} WHERE _ok AND NOT coalesce({placed}, false) ORDER BY _row LIMIT {MAX_CHANGES}"
    ).fetchall()
    first = (WithoutDepartment(table.dataset.code, table.file, table.sheet, *row) for _, *row in rows)
    return (rows[0][0] if rows else 0), tuple(first)


def _placed_sql(tables: Sequence[TypedTable], known: bool) -> str:
    """SQL for every id that leads to a department, folded, and the column that refers to it."""

    def rows(code: str, *columns: str) -> str:
        folded = ", ".join(f"{folded_sql(column)} AS {column}" for column in columns)
        return f"SELECT {folded} FROM ({all_rows(tables, known, code, ', '.join(columns))})"

    return f"""WITH placed_departments AS ({rows("departments", "department_id")}),
        placed_services AS (
            FROM ({rows("services", "service_id", "department_id")}) SEMI JOIN placed_departments USING (department_id)
        ),
        owned AS (
            SELECT e_service_id FROM ({rows("e_services", "e_service_id", "department_id")})
            SEMI JOIN placed_departments USING (department_id)
            UNION SELECT e_service_id FROM ({rows("links", "e_service_id", "service_id")})
            SEMI JOIN placed_services USING (service_id)
        ),
        versions AS (
            SELECT version_id FROM ({rows("versions", "version_id", "e_service_id")}) SEMI JOIN owned USING (e_service_id)
        )
        SELECT 'department_id' AS leads_by, department_id AS id FROM placed_departments
        UNION SELECT 'service_id', service_id FROM placed_services
        UNION SELECT 'e_service_id', e_service_id FROM owned
        UNION SELECT 'e_service_id', version_id FROM versions"""
