"""The departments and services, with their names."""

from dataclasses import dataclass

import duckdb

from analytics.metrics.scope import Scope
from analytics.metrics.served import read_once


@dataclass(frozen=True)
class Department:
    """A department in the tree. `depth` is 1 at the top; `path` holds the ids from the top to itself."""

    department_id: str
    name: str
    board: str | None
    path: tuple[str, ...]

    @property
    def depth(self) -> int:
        """The level in the tree, 1 at the top."""
        return len(self.path)


@read_once
def departments(cursor: duckdb.DuckDBPyConnection) -> list[Department]:
    """Every department, each under its parent, in Swedish order of names."""
    rows = cursor.execute(
        "SELECT department_id, name, board, path FROM department_dim ORDER BY array_to_string(names, ' / ') COLLATE sv"
    ).fetchall()
    return [Department(i, name, board, tuple(path)) for i, name, board, path in rows]


@read_once
def department_names(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The name of every department, by id."""
    return {department.department_id: department.name for department in departments(cursor)}


@read_once
def reorganised(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether any figure stands with another department than today's."""
    row = cursor.execute(
        "SELECT EXISTS (FROM predecessors) OR EXISTS (FROM service_departments WHERE month_to < DATE '9999-12-30')"
        " OR EXISTS (FROM department_spans WHERE month_to < DATE '9999-12-30')"
    ).fetchone()
    assert row is not None  # EXISTS always answers
    return bool(row[0])


def lineage(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> list[tuple[str, str]]:
    """Each chosen department with another id that it stands under: one that it has replaced, or what it is today."""
    rows = cursor.execute(
        "SELECT chosen_id, department_id FROM department_lineage"
        " WHERE organisation = ? AND list_contains(?, chosen_id) AND chosen_id <> department_id ORDER BY ALL",
        [scope.organisation, list(scope.departments)],
    ).fetchall()
    return [(chosen, under) for chosen, under in rows]


def has_moves(cursor: duckdb.DuckDBPyConnection, scope: Scope) -> bool:
    """Whether a service came to or left the chosen departments between the first month of the comparison and the period's last."""
    if scope.organisation != "historical" or not scope.departments:
        return False
    first = min(scope.month_from, (scope.compared() or scope).month_from)
    row = cursor.execute(
        """SELECT EXISTS (
            SELECT w.service_id FROM service_departments w
            JOIN department_spans d ON d.department_id = w.department_id
             AND d.month_from <= w.month_to AND d.month_to >= w.month_from
            CROSS JOIN lineage_of($departments, $organisation)
            WHERE greatest(w.month_from, d.month_from) <= $month_to AND least(w.month_to, d.month_to) >= $month_from
            GROUP BY w.service_id
            HAVING bool_or(list_has_any(d.path, lineage)) AND NOT bool_and(list_has_any(d.path, lineage)))""",
        {
            "departments": list(scope.departments),
            "organisation": scope.organisation,
            "month_from": first,
            "month_to": scope.month_to,
        },
    ).fetchone()
    assert row is not None  # EXISTS always answers
    return bool(row[0])


@read_once
def service_names(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The name of every service in the register, by id."""
    return dict(cursor.execute("SELECT service_id, name FROM services").fetchall())
