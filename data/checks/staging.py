"""Typing of one table's text relation in SQL: the typed relation with `_row` and `_ok`, and the faults."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from data.checks.staged import Staged
from data.readers.sheet import insert_rows
from data.schema.catalogue import Column, Value
from data.schema.column_sql import NUMERIC, ColumnSql, code_of, column_sql, missing_sql, number_sql, tidy_sql, value_sql

MACROS = Path(__file__).with_name("macros.sql")


def type_rows(staged: Staged) -> None:
    """Create the typed relation: the dataset's stored columns, `_row`, and `_ok` for rows without faults.

    `_unread` lists, for a row with faults, the columns whose cells cannot be read. Blank rows are left out. The relation
    of personal data must exist.
    """
    _load_value_codes(staged)
    expressions = _column_expressions(staged)
    stored = ", ".join(_stored_columns(c, expressions[c.code]) for c in staged.dataset.columns)
    tests = _tests(staged, expressions)
    faults = _layer([(f"_f{n}", fault) for n, (_, fault) in enumerate(tests)], "parsed")
    ok = " AND ".join(f"_f{n} IS NULL" for n in range(len(tests)))
    unread = ", ".join(f"CASE WHEN _f{n} IS NOT NULL THEN '{code}' END" for n, code in enumerate(staged.positions))
    staged.connection.execute(
        f"CREATE TABLE {staged.typed} AS {_parsed_cte(staged)}, tested AS ({faults}) SELECT {stored}, _row, {ok} AS _ok,"
        f" CASE WHEN NOT ({ok}) THEN [{unread}]::VARCHAR[] END AS _unread FROM tested"
    )
    invalid = [f"SELECT _row, position FROM {staged.personal} WHERE listed"] if staged.irregular else []
    invalid += [f"SELECT _row, position FROM {staged.refused}"] if staged.has_refused_rows else []
    for cells in invalid:
        _refuse(staged, cells)


def refuse_rows(staged: Staged, rows: Sequence[tuple[int, int, str, str | None]]) -> Staged:
    """Refuse rows (row, position, code, value) that are typed; returns the relation with its refused rows."""
    if not rows:
        return staged
    if not staged.has_refused_rows:
        columns = "_row INTEGER, position INTEGER, code VARCHAR, value VARCHAR"
        staged.connection.execute(f"CREATE TABLE {staged.refused} ({columns})")
    insert_rows(staged.connection, staged.refused, rows)
    _refuse(staged, f"SELECT _row, position FROM {staged.refused}")
    return replace(staged, has_refused_rows=True)


def _refuse(staged: Staged, cells: str) -> None:
    """Mark the rows of the cells, in SQL, as refused, and the cells as unread."""
    codes = " ".join(f"WHEN {i} THEN '{code}'" for code, i in staged.positions.items())
    staged.connection.execute(
        f"UPDATE {staged.typed} t SET _ok = false, _unread = list_concat(coalesce(t._unread, []), r.codes)"
        f" FROM (SELECT _row, list(CASE position {codes} END) AS codes FROM ({cells}) GROUP BY _row) r WHERE t._row = r._row"
    )


def _column_expressions(staged: Staged) -> Mapping[str, ColumnSql]:
    expressions = {c.code: missing_sql(c) for c in staged.dataset.columns}
    for code, i in staged.positions.items():
        expressions[code] = column_sql(staged.dataset.column(code), staged.today, i in staged.irregular)
    return expressions


def _stored_columns(column: Column, expressions: ColumnSql) -> str:
    state = f', {expressions.state} AS "{column.code}_state"' if expressions.state else ""
    return f'{expressions.value} AS "{column.code}"{state}'


def _load_value_codes(staged: Staged) -> None:
    """Create the relation from the texts in columns with allowed values to their codes."""
    connection, columns = staged.connection, staged.positions.items()
    fixed = {i: values for code, i in columns if (values := _fixed_values(staged.dataset.column(code)))}
    connection.execute(f"CREATE TABLE {staged.values} (position INTEGER, text VARCHAR, code VARCHAR)")
    if not fixed:
        return
    texts = " UNION ALL ".join(f"SELECT DISTINCT {i}, c{i} FROM {staged.text} WHERE c{i} IS NOT NULL" for i in fixed)
    codes = [(i, text, code_of(fixed[i], text)) for i, text in connection.execute(texts).fetchall()]
    insert_rows(connection, staged.values, [row for row in codes if row[2]])


def _fixed_values(column: Column) -> tuple[Value, ...]:
    return column.values or column.states


def _parsed_cte(staged: Staged, condition: str = "") -> str:
    """`WITH … parsed`: every row that is not blank, in the layers that `column_sql` describes."""
    columns = [(staged.dataset.column(code), i) for code, i in staged.positions.items()]
    joined = [(c, i) for c, i in columns if _fixed_values(c)]
    joins = " ".join(
        f'LEFT JOIN {staged.values} AS "{c.code}_j" ON "{c.code}_j".position = {i} AND "{c.code}_j".text = c{i}'
        for c, i in joined
    )
    texts = [tidy_sql(c, f"c{i}", i in staged.irregular) + f' AS "{c.code}_v"' for c, i in columns]
    texts += [f'"{c.code}_j".code AS "{c.code}_m"' for c, _ in joined]
    numbers = [c for c, _ in columns if c.type in NUMERIC]
    units = [(f"{c.code}_n", number_sql(c)) for c in numbers]
    digits = [(f"{c.code}_d", f'digits("{c.code}_n")') for c in numbers]
    values = [(f"{c.code}_p", value_sql(c)) for c, _ in columns]
    all_cells = ", ".join(["_extra", *(f"c{i}" for i in sorted((*staged.positions.values(), *staged.unlisted)))])
    # the first test is fast and nearly always decides
    filled = f"ascii(coalesce({all_cells})) BETWEEN 33 AND 126 OR tidy(concat({all_cells})) IS NOT NULL"
    return (
        f"WITH cells AS (SELECT _row, _extra, {', '.join(texts)} FROM {staged.text} {joins}"
        f" WHERE ({filled}) {condition}), units AS ({_layer(units, 'cells')}),"
        f" digits AS ({_layer(digits, 'units')}), parsed AS ({_layer(values, 'digits')})"
    )


def _layer(added: list[tuple[str, str]], below: str) -> str:
    columns = ", ".join(["*", *(f'{sql} AS "{name}"' for name, sql in added)])
    return f"SELECT {columns} FROM {below}"


def _tests(staged: Staged, expressions: Mapping[str, ColumnSql]) -> list[tuple[int, str]]:
    """(position, SQL for a fault's code or NULL) of all faults that a row can have; position -1 is the row itself."""
    tests = [(i, expressions[code].fault) for code, i in staged.positions.items()]
    tests.append((-1, "CASE WHEN _extra IS NOT NULL THEN 'too_many_cells' END"))
    for rule in staged.dataset.rules:
        present = [c for c in rule.columns if c in staged.positions]
        if rule.kind == "one_of" and present:
            count = " + ".join(f'("{c}_v" IS NOT NULL)::INTEGER' for c in present)
            tests.append((-1, f"CASE {count} WHEN 0 THEN 'one_of_none' WHEN 1 THEN NULL ELSE 'one_of_both' END"))
        elif rule.kind == "ordered" and len(present) == 2:
            first, second = present
            late = f'"{first}_p" > "{second}_p"'
            tests.append((staged.positions[second], f"CASE WHEN {late} THEN 'order:{first}' END"))
    return tests


def find_faults(staged: Staged, limit: int) -> tuple[int, list[tuple[int, int, str, str | None]]]:
    """The total number of faults, and the first `limit` as (row, position, code, value), in order.

    Position -1 is the row itself. The code "order:x" names the column that the date should come after. A row that the
    sheet refuses has no other faults.
    """
    tests = _tests(staged, _column_expressions(staged))
    text = {i: f'"{code}_v"' for code, i in staged.positions.items()} | {-1: "_extra"}
    tests_sql = ", ".join(f"{{'position': {i}, 'code': {test}, 'value': {text[i]}}}" for i, test in tests)
    has_faults = f"AND _row IN (SELECT _row FROM {staged.typed} WHERE NOT _ok)"
    others = f"AND _row NOT IN (SELECT _row FROM {staged.refused})" if staged.has_refused_rows else ""
    refused = f" UNION ALL FROM {staged.refused}" if staged.has_refused_rows else ""
    personal = f"FROM {staged.personal} WHERE listed {others}"
    staged.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE faults AS {_parsed_cte(staged, has_faults)},"
        f" tested AS (SELECT _row, unnest([{tests_sql}]) AS f FROM parsed)"
        f" SELECT _row, f.position, f.code, f.value FROM tested WHERE f.code IS NOT NULL {others}"
        f" AND (_row, f.position) NOT IN (SELECT (_row, position) {personal})"
        f" UNION ALL SELECT _row, position, kind, NULL {personal}{refused}"
    )
    (count,) = staged.first_row("SELECT count(*) FROM faults")
    rows = staged.connection.execute(f"FROM faults ORDER BY _row, position, code LIMIT {limit}").fetchall()
    staged.connection.execute("DROP TABLE faults")
    return count, rows
