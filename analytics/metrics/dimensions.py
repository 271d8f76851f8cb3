"""The departments and services, with their names."""

from dataclasses import dataclass

import duckdb


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


def departments(cursor: duckdb.DuckDBPyConnection) -> list[Department]:
    """Every department, each under its parent, in Swedish order of names."""
    rows = cursor.execute(
        "SELECT department_id, name, board, path FROM department_dim ORDER BY array_to_string(names, ' / ') COLLATE sv"
    ).fetchall()
    return [Department(i, name, board, tuple(path)) for i, name, board, path in rows]


def service_names(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The name of every service in the register, by id."""
    return dict(cursor.execute("SELECT service_id, name FROM services").fetchall())
