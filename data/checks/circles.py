"""Departments that replace one another in a circle, so that none of them is the last: their rows are refused."""

from collections.abc import Mapping

from data.checks.changes import Register
from data.checks.staged import Staged
from data.checks.staging import refuse_rows
from data.schema.id_matching import folded_sql

_DEPARTMENTS = "departments"
_FOLDED = folded_sql("department_id")
_REPLACED = f"list_transform(string_split(coalesce(replaces, ''), ','), lambda id: {folded_sql('trim(id)')})"


def refuse_circles(staged: Staged, register: Register) -> Staged:
    """Refuse the rows of departments that replace themselves, directly or by way of others in the draft or the database."""
    if staged.dataset.code != _DEPARTMENTS or "replaces" not in staged.positions:
        return staged
    replaced: dict[str, list[str]] = {}
    relations = [relation for code, relation in register.drafted if code == _DEPARTMENTS]
    sources = [f"{relation} WHERE _ok AND replaces IS NOT NULL ORDER BY _row" for relation in relations]
    known = [f"known.{_DEPARTMENTS}"] if register.is_known else []
    for source in (*known, *sources, f"{staged.typed} WHERE _ok ORDER BY _row"):
        replaced.update(staged.connection.execute(f"SELECT {_FOLDED}, {_REPLACED} FROM {source}").fetchall())
    rows = staged.connection.execute(
        f"SELECT _row, {_FOLDED}, replaces FROM {staged.typed} WHERE _ok AND replaces IS NOT NULL ORDER BY _row"
    ).fetchall()
    position = staged.positions["replaces"]
    circular = [
        (row, position, "replaces_circle", value) for row, key, value in rows if _replaces_itself(key, replaced)
    ]
    return refuse_rows(staged, circular)


def _replaces_itself(department: str, replaced: Mapping[str, list[str]]) -> bool:
    """Whether a department is among those that it replaces, or that these replace."""
    seen, remaining = set[str](), list(replaced.get(department, ()))
    while remaining:
        one = remaining.pop()
        if one == department:
            return True
        if one not in seen:
            seen.add(one)
            remaining += replaced.get(one, ())
    return False
