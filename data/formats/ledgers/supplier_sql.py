"""SQL that parses rows of the supplier ledger, and finds rows whose cells are shifted to other columns."""

from collections.abc import Mapping, Sequence

from data.schema.column_sql import literal

MANDATORY = ("voucher", "account", "amount", "booked_on")
_ACCOUNT = "[A-Za-zÅÄÖåäö]{0,3}[0-9]{1,9}"
_ORGANISATION = "(SE)?([0-9]{2})?[0-9]{6}[-+ ]?([0-9]{4}|[A-Z][0-9]{3})(01)?"
_AMOUNT = "[+-]?[0-9][0-9 ]*[.,][0-9]{1,2}"


def cells_sql(source: str, at: Mapping[str, int], width: int, codes: Sequence[str], columns: Sequence[str]) -> str:
    """SQL for the rows that are not blank: a column per code, `_kronor` and `_day` parsed, and the fault in `_wrong`.

    `at` is the position of each code among the `width` columns of `source`. A fault's position is among `columns`.
    """
    texts = [f'{f"tidy(c{at[c]})" if c in at else "NULL::VARCHAR"} AS "{c}"' for c in codes]
    listed = ", ".join(f"c{i}" for i in range(width))
    return (
        f"WITH texts AS (SELECT _row, tidy(_extra) AS _extra, {', '.join(texts)},"
        f" [{listed}] AS _cells, {_last_filled('_cells', width)} AS _last FROM {source}),"
        " parsed AS (SELECT *, CASE WHEN NOT coalesce(two_ways(amount_of(amount)), false)"
        " THEN try_cast(digits(amount_of(amount)) AS DECIMAL(38, 10)) END AS _kronor, day_of(booked_on) AS _day"
        " FROM texts WHERE _last >= 0 OR _extra IS NOT NULL)"
        f" SELECT * EXCLUDE (_cells), {_wrong(max(at[c] for c in MANDATORY), columns)} AS _wrong FROM parsed"
    )


def _last_filled(cells: str, width: int) -> str:
    """SQL for the position of the last cell of a list that is not blank, -1 when all are; linear in the width."""
    blanks = f"list_transform(list_reverse({cells}), lambda cell: tidy(cell) IS NULL)"
    return f"{width} - coalesce(nullif(list_position({blanks}, false), 0), {width + 1})"


def _wrong(last: int, columns: Sequence[str]) -> str:
    """SQL for the fault of a row with shifted or missing cells; NULL when it has none."""
    blank = " OR ".join(f"{code} IS NULL" for code in MANDATORY)
    unreadable = "_kronor IS NULL AND NOT two_ways(amount_of(amount))"
    at = {code: columns.index(code) for code in MANDATORY}
    shifted = {code: _error(at[code], _content_code(code), code) for code in MANDATORY}
    elsewhere = f"{_content_code('amount')} IN ('ledger_organisation', 'ledger_date') OR _day IS NULL"
    cases = [
        f"_extra IS NOT NULL THEN {_error(-1, literal('too_many_cells'), '_extra')}",
        f"_last < {last} AND ({blank}) THEN {_error(-1, literal('ledger_few_cells'), 'tidy(_cells[_last + 1])')}",
        f"NOT regexp_full_match(account, '{_ACCOUNT}') OR (length(account) = 8 AND day_of(account) > DATE '1990-01-01')"
        f" THEN {shifted['account']}",
        f"{unreadable} AND ({elsewhere}) THEN {shifted['amount']}",
        f"_day IS NULL AND {_content_code('booked_on')} IN ('ledger_organisation', 'ledger_amount') THEN {shifted['booked_on']}",
        *(f"{code} IS NULL THEN {_error(at[code], literal('blank'), 'NULL')}" for code in MANDATORY),
    ]
    return f"CASE {' '.join(f'WHEN {case}' for case in cases)} END"


def _error(position: int, code: str, value: str) -> str:
    return f"{{'position': {position}, 'code': {code}, 'value': {value}::VARCHAR}}"


def _content_code(column: str) -> str:
    """SQL for the message code of the kind of content in a column where it should not be."""
    return (
        f"CASE WHEN failed({column}) THEN failure({column})"
        f" WHEN day_of({column}) IS NOT NULL THEN 'ledger_date'"
        f" WHEN regexp_full_match({column}, '{_ORGANISATION}') THEN 'ledger_organisation'"
        f" WHEN regexp_full_match({column}, '{_AMOUNT}') THEN 'ledger_amount' ELSE 'ledger_text' END"
    )
