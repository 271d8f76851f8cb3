"""How each type of column is read: SQL for the typed value, and SQL for the code of what is wrong with it.

For a column x the SQL works in layers, so that nothing is computed twice: `x_v` is its tidy text (NULL when blank),
`x_m` the code that the text means where values are fixed, `x_n` a number's text without its unit, `x_d` its plain
digits, and `x_p` the value, not yet judged against bounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from data.schema.catalogue import Column, Value, fold

ID_LENGTH, TEXT_LENGTH = 300, 1000
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
TEXTUAL = ("id", "text", "url")
NUMERIC = ("count", "money", "percent")
CONTROL = r"[\x00-\x1F\x7F\x{0080}-\x{009F}\x{FFFD}]"
_MANGLED = r"[0-9][.,]?[0-9]*E\+[0-9]{2,}"  # what Excel makes of a long number
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_FIRST = "[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}( .*)?"


@dataclass(frozen=True)
class ColumnSql:
    """SQL for one column: its value (NULL when it cannot be read), and a CASE that gives a fault's code or NULL."""

    value: str
    fault: str
    state: str | None = None


def literal(text: str) -> str:
    """The text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def code_of(values: tuple[Value, ...], text: str) -> str | None:
    """The code that a text means among fixed values; None when it is none of them."""
    folded = fold(text)
    return next((v.code for v in values if folded in v.spellings), None)


def tidy_sql(column: Column, cell: str, odd: bool) -> str:
    """SQL for `x_v`. Tidying is dear, so cells that plainly need none are left as they are."""
    if column.type in TEXTUAL:
        return f"tidy({cell})" if odd else cell
    plain = {"date": "____-__-__", "month": "____-__"}.get(column.type)
    if plain:
        return f"CASE WHEN {cell} LIKE '{plain}' THEN {cell} ELSE tidy({cell}) END"
    if column.values:
        return f'CASE WHEN "{column.code}_j".code IS NOT NULL THEN {cell} ELSE tidy({cell}) END'
    return f"tidy({cell})"


def unit_free_sql(column: Column) -> str:
    """SQL for `x_n`."""
    macro = {"money": "amount_of", "percent": "share_of"}.get(column.type, "plain")
    return f'{macro}("{column.code}_v")'


def parsed_sql(column: Column) -> str:
    """SQL for `x_p`."""
    v, m, d = (f'"{column.code}_{part}"' for part in "vmd")
    return {
        "date": f"CASE WHEN regexp_full_match({v}, '{_DAY}') THEN try_cast({v} AS DATE) ELSE day_of({v}) END",
        "month": f"month_of({v})",
        "year": f"CASE WHEN regexp_full_match({v}, '[0-9]{{4}}') THEN try_cast({v} AS INTEGER) END",
        "bool": f"{m} = 'true'",
        "enum": m,
        "count": f"try_cast(regexp_extract({d}, '^(-?[0-9]+)([.]0{{1,2}})?$', 1) AS HUGEINT)",
        "money": f"try_cast({d} AS DECIMAL(38, 10))",
        "percent": f"try_cast({d} AS DECIMAL(38, 10))",
    }.get(column.type, _text_sql(column, v))


def _text_sql(column: Column, v: str) -> str:
    """The text itself; a literal that is allowed beside references, however it is spelt, as the catalogue spells it."""
    folded = f"regexp_replace(lower(strip_accents({v})), '[^a-z0-9]', '', 'g')"
    cases = [f"WHEN {folded} = {literal(fold(text))} THEN {literal(text)}" for text in column.literals]
    return f"CASE {' '.join(cases)} ELSE {v} END" if cases else v


def missing_column_sql(column: Column) -> ColumnSql:
    """How a column is read that the file does not have: blank, and never a fault."""
    value = f"CAST({_default_sql(column) or 'NULL'} AS {column.sql_type})"
    return ColumnSql(value, "NULL", "'not_reported'" if column.states else None)


def column_sql(column: Column, today: date, odd: bool = True) -> ColumnSql:
    """How the column is read on this day. `odd` is false when no cell of it holds a character worth looking for."""
    v, p = f'"{column.code}_v"', f'"{column.code}_p"'
    blank = "'blank'" if column.required and not column.states else "NULL"
    fault = f"CASE WHEN {v} IS NULL THEN {blank} {_fault_cases(column, v, p, today, odd)} END"
    value, default = f"try_cast({p} AS {column.sql_type})", _default_sql(column)
    if default:
        value = f"CASE WHEN {v} IS NULL THEN CAST({default} AS {column.sql_type}) ELSE {value} END"
    if not column.states:
        return ColumnSql(value, fault)
    m = f'"{column.code}_m"'
    return ColumnSql(
        value, fault, f"CASE WHEN {v} IS NULL THEN 'not_reported' WHEN {p} IS NULL THEN {m} ELSE 'value' END"
    )


def _default_sql(column: Column) -> str | None:
    """SQL for what a blank cell means; None when it means nothing."""
    if column.default is None:
        return None
    return literal((code_of(column.values, column.default) if column.values else None) or column.default)


def _fault_cases(column: Column, v: str, p: str, today: date, odd: bool) -> str:
    """The WHENs that tell what is wrong with a cell that is not blank."""
    if column.type in TEXTUAL:
        return _text_cases(column, v, odd)
    if column.type in NUMERIC:
        return _number_cases(column, v, p)
    inside = {"date": _date_limits, "month": _date_limits, "year": _number_limits}.get(column.type)
    fine = f"WHEN {p} IS NOT NULL THEN CASE WHEN false THEN NULL {inside(column, p, today) if inside else ''} END"
    failed = f"WHEN failed({v}) THEN 'error_cell'"
    return f"{fine} {failed} {_unreadable_cases(column, v)}"


def _date_limits(column: Column, p: str, today: date) -> str:
    beyond = f"WHEN {p} NOT BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}' THEN 'date_range'"
    future = "future_month" if column.type == "month" else "future"
    return f"{beyond} WHEN {p} > DATE '{today}' THEN '{future}'" if column.past else beyond


def _number_limits(column: Column, p: str, today: date | None = None) -> str:
    parts = []
    if column.min is not None:
        parts.append(f"WHEN {p} < {column.min} THEN '{'negative' if column.min == 0 else 'below'}'")
    if column.max is not None:
        parts.append(f"WHEN {p} > {column.max} THEN 'above'")
    return " ".join(parts)


def _unreadable_cases(column: Column, v: str) -> str:
    """Why a date, month, year or fixed value cannot be read."""
    day_first = f"WHEN regexp_full_match({v}, '{_DAY_FIRST}') THEN 'date_order'"
    cases: Mapping[str, str] = {
        "date": f"WHEN regexp_full_match({v}, '[0-9]{{4}}-?[0-9]{{2}}-?[0-9]{{2}}([T ].*)?') THEN 'impossible_date'"
        f" {day_first} ELSE 'bad_date'",
        "month": f"WHEN day_of({v}) IS NOT NULL THEN 'month_day'"
        f" WHEN regexp_full_match({v}, '[0-9]{{4}}-?[0-9]{{2}}') THEN 'impossible_month' ELSE 'bad_month'",
        "year": "ELSE 'bad_year'",
    }
    return cases.get(column.type, "ELSE 'unknown_value'")


def _number_cases(column: Column, v: str, p: str) -> str:
    """What is wrong with a number. What can be read in two ways is asked about, never guessed."""
    n, d, m = (f'"{column.code}_{part}"' for part in "ndm")
    count, money = column.type == "count", column.type == "money"
    parts = [f"WHEN {m} IS NOT NULL THEN NULL" if column.states else ""]
    parts += [f"WHEN two_ways({n}) THEN 'two_ways'" if count or money else ""]
    parts += [f"WHEN {p} <> round({p}, 2) THEN 'decimals'" if money else ""]
    parts.append(
        f"WHEN {p} IS NOT NULL THEN CASE WHEN false THEN NULL {_number_limits(column, p)}"
        f" WHEN try_cast({p} AS {column.sql_type}) IS NULL THEN 'too_large' END"
        f" WHEN failed({v}) THEN 'error_cell'"
        f" WHEN contains({d}, '.') THEN '{'not_whole' if count else 'too_large'}'"
        f" WHEN {d} IS NOT NULL THEN 'too_large' ELSE 'bad_{column.type}'"
    )
    return " ".join(parts)


def _text_cases(column: Column, v: str, odd: bool) -> str:
    limit = ID_LENGTH if column.type == "id" else TEXT_LENGTH
    parts = [
        f"WHEN strlen({v}) > {limit} AND length({v}) > {limit} THEN 'too_long'",
        f"WHEN regexp_matches({v}, '{CONTROL}') THEN 'control'" if odd else "",
        f"WHEN starts_with({v}, '#') AND failed({v}) THEN 'error_cell'",
    ]
    if column.type == "id":
        parts.append(f"WHEN contains({v}, 'E+') AND regexp_full_match({v}, '{_MANGLED}') THEN 'mangled_id'")
    if column.type == "url":
        parts.append(f"WHEN NOT regexp_full_match({v}, '(?i)https?://[^\\s/]+\\S*') THEN 'bad_url'")
    return " ".join(parts)
