"""SQL that reads a text column by its type: the typed value, and the code of the fault when it cannot be read.

For a column x the SQL is computed in layers, each expression once: `x_v` is its trimmed text (NULL when blank), `x_m`
the code where values are fixed, `x_n` a number's text without its unit, `x_d` its plain digits, and `x_p` the parsed
value, before its limits are checked.
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
_LOWER = "[a-zåäö]"
MOJIBAKE = (  # å, ä and ö that another program has read in the wrong encoding
    r"Ã[^A-Za-zÀ-ÿ\s]|â€|√[^\s0-9]|[─-╿]"  # UTF-8 read as Windows-1252, Mac Roman or DOS
    f"|{_LOWER}[„†‡”÷‰ˆ]{_LOWER}|{_LOWER}[À-ÃÆ-ÕØ-ÞŠŒΣσ]|(?:^|[^a-zåäö])[™€]{_LOWER}{_LOWER}"
)
_SCIENTIFIC = r"[0-9][.,]?[0-9]*E\+[0-9]{2,}"  # how Excel shows a long number
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DAY_FIRST = "[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}( .*)?"


@dataclass(frozen=True)
class ColumnSql:
    """SQL for one column: the value (NULL when unreadable), the fault's code or NULL, and the state if it has states."""

    value: str
    fault: str
    state: str | None = None


def literal(text: str) -> str:
    """The text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def legible_sql(text: str) -> str:
    """SQL for a text with ? for each letter that is damaged."""
    return f"regexp_replace({text}, '{CONTROL}', '?', 'g')"


def code_of(values: tuple[Value, ...], text: str) -> str | None:
    """The code of the allowed value that a text means; None when it is none of them."""
    folded = fold(text)
    return next((v.code for v in values if folded in v.spellings), None)


def tidy_sql(column: Column, cell: str, irregular: bool) -> str:
    """SQL for `x_v`: the cell's trimmed text. Trimming is slow, so it is skipped where it cannot be needed."""
    if column.type in TEXTUAL:
        return f"tidy({cell})" if irregular else cell
    plain = {"date": "____-__-__", "month": "____-__"}.get(column.type)
    if plain:
        return f"CASE WHEN {cell} LIKE '{plain}' THEN {cell} ELSE tidy({cell}) END"
    if column.values:
        return f'CASE WHEN "{column.code}_j".code IS NOT NULL THEN {cell} ELSE tidy({cell}) END'
    return f"tidy({cell})"


def number_sql(column: Column) -> str:
    """SQL for `x_n`: a number's text without its unit."""
    macro = {"money": "amount_of", "percent": "share_of"}.get(column.type, "plain")
    return f'{macro}("{column.code}_v")'


def value_sql(column: Column) -> str:
    """SQL for `x_p`: the parsed value, NULL when it cannot be parsed."""
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
    """The text itself; an allowed literal in any spelling becomes the catalogue's spelling."""
    folded = f"regexp_replace(lower(strip_accents({v})), '[^a-z0-9]', '', 'g')"
    cases = [f"WHEN {folded} = {literal(fold(text))} THEN {literal(text)}" for text in column.literals]
    return f"CASE {' '.join(cases)} ELSE {v} END" if cases else v


def missing_sql(column: Column) -> ColumnSql:
    """SQL for a column that the file lacks: its default or NULL, and never a fault."""
    value = f"CAST({_default_sql(column) or 'NULL'} AS {column.sql_type})"
    return ColumnSql(value, "NULL", "'not_reported'" if column.states else None)


def column_sql(column: Column, today: date, irregular: bool = True) -> ColumnSql:
    """SQL for a column of the file. `irregular` is false when no cell has characters that need trimming or checking."""
    v, p = f'"{column.code}_v"', f'"{column.code}_p"'
    blank_code = "'blank'" if column.required and not column.states else "NULL"
    fault = f"CASE WHEN {v} IS NULL THEN {blank_code} {_fault_cases(column, v, p, today, irregular)} END"
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
    """SQL for the value of a blank cell; None when the column has no default."""
    if column.default is None:
        return None
    return literal((code_of(column.values, column.default) if column.values else None) or column.default)


def _fault_cases(column: Column, v: str, p: str, today: date, irregular: bool) -> str:
    """The WHEN branches for the faults of a cell that is not blank."""
    if column.type in TEXTUAL:
        return _text_cases(column, v, irregular)
    if column.type in NUMERIC:
        return _number_cases(column, v, p)
    limits = {"date": _date_limits, "month": _date_limits, "year": _number_limits}.get(column.type)
    valid = f"WHEN {p} IS NOT NULL THEN CASE WHEN false THEN NULL {limits(column, p, today) if limits else ''} END"
    failed = f"WHEN failed({v}) THEN failure({v})"
    return f"{valid} {failed} {_unreadable_cases(column, v)}"


def _date_limits(column: Column, p: str, today: date) -> str:
    outside = f"WHEN {p} NOT BETWEEN DATE '{FIRST_DAY}' AND DATE '{LAST_DAY}' THEN 'date_range'"
    future = "future_month" if column.type == "month" else "future"
    return f"{outside} WHEN {p} > DATE '{today}' THEN '{future}'" if column.past else outside


def _number_limits(column: Column, p: str, today: date | None = None) -> str:
    parts = []
    if column.min is not None:
        parts.append(f"WHEN {p} < {column.min} THEN '{'negative' if column.min == 0 else 'below'}'")
    if column.max is not None:
        parts.append(f"WHEN {p} > {column.max} THEN 'above'")
    return " ".join(parts)


def _unreadable_cases(column: Column, v: str) -> str:
    """The branches for why a date, month, year or fixed value cannot be read."""
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
    """The branches for the faults of a number; an ambiguous one, such as 1.234, is a fault."""
    n, d, m = (f'"{column.code}_{part}"' for part in "ndm")
    count, money = column.type == "count", column.type == "money"
    parts = [f"WHEN {m} IS NOT NULL THEN NULL" if column.states else ""]
    parts += [f"WHEN two_ways({n}) THEN 'two_ways'" if count or money else ""]
    parts += [f"WHEN {p} <> round({p}, 2) THEN 'decimals'" if money else ""]
    parts.append(
        f"WHEN {p} IS NOT NULL THEN CASE WHEN false THEN NULL {_number_limits(column, p)}"
        f" WHEN try_cast({p} AS {column.sql_type}) IS NULL THEN 'too_large' END"
        f" WHEN failed({v}) THEN failure({v})"
        f" WHEN contains({d}, '.') THEN '{'not_whole' if count else 'too_large'}'"
        f" WHEN {d} IS NOT NULL THEN 'too_large' ELSE 'bad_{column.type}'"
    )
    return " ".join(parts)


def _text_cases(column: Column, v: str, irregular: bool) -> str:
    limit = ID_LENGTH if column.type == "id" else TEXT_LENGTH
    parts = [
        f"WHEN strlen({v}) > {limit} AND length({v}) > {limit} THEN 'too_long'",
        f"WHEN regexp_matches({v}, '{CONTROL}') THEN 'control'" if irregular else "",
        f"WHEN regexp_matches({v}, {literal(MOJIBAKE)}) THEN 'mojibake'" if irregular else "",
        f"WHEN left({v}, 1) IN ('#', 'E', 'F') AND failed({v})"
        f"{' AND NOT overflowed(' + v + ')' if column.type == 'text' else ''} THEN failure({v})",
    ]
    if column.type == "id":
        parts.append(f"WHEN contains({v}, 'E+') AND regexp_full_match({v}, '{_SCIENTIFIC}') THEN 'mangled_id'")
    if column.type == "url":
        parts.append(f"WHEN NOT regexp_full_match({v}, '(?i)https?://[^\\s/]+\\S*') THEN 'bad_url'")
    return " ".join(parts)
