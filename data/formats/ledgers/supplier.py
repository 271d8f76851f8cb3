"""The published supplier ledger (leverantörsreskontra 1.1): known by its headers, in any order and any kind of file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from duckdb import DuckDBPyConnection

from data.formats.ledgers.sheet import COLUMNS, TABLE, LedgerSheet, PostingSum
from data.formats.ledgers.supplier_sql import MANDATORY, cells_sql
from data.privacy import CANDIDATE, SOLE_TRADER, mask, mask_all, mask_supplier_id
from data.readers.sheet import Note, Sheet
from data.schema.catalogue import datasets, fold
from data.schema.column_sql import literal

LAYOUT = {
    "buyer_id": "kopare_id",
    "buyer": "kopare",
    "voucher": "verifikationsnummer",
    "supplier": "leverantor",
    "supplier_id": "leverantor_id",
    "account": "konto_nr",
    "account_text": "konto_text",
    "amount": "belopp",
    "booked_on": "datum",
    "office": "forvaltning",
    "invoice": "fakturanummer",
    "ground": "grund",
    "agreement": "avtal",
    "municipality": "kommun_id",
    "s_code": "s_kod_nr",
}
REQUIRED = tuple(LAYOUT)[:9]
_ADDED = ("text", "cost_centre", "project", "counterparty")  # not in the layout; understood where somebody added them
_CODES = (*LAYOUT, *_ADDED)
_TEXT = ("text", "agreement", "ground")  # what becomes the posting's text
_FREE = ("supplier", "account_text", "office", "voucher", "cost_centre", "project", "counterparty", *_TEXT)
_UNUSED = ("invoice", "municipality", "s_code")
_MAX_MISSING = 2  # compulsory columns that may be missing
_BATCH = 10_000


def as_supplier_ledger(sheet: Sheet, today: date) -> "SupplierLedger | None":
    """The sheet read as a supplier ledger; None when it has not the layout's headers."""
    names = {fold(header): code for code, header in LAYOUT.items()}
    names |= {fold(datasets()[TABLE].column(code).header): code for code in _ADDED}
    for row, headers in sheet.head:
        known = [names.get(fold(header), "") for header in headers]
        if set(MANDATORY) <= set(known) and len(set(REQUIRED) - set(known)) <= _MAX_MISSING:
            return SupplierLedger(sheet, row, [header.strip() for header in headers], known, today)
    return None


class SupplierLedger(LedgerSheet):
    """A sheet whose rows are postings of suppliers' invoices. `known` are the codes of its columns, "" for others."""

    has_refused_rows = True

    def __init__(self, sheet: Sheet, row: int, headers: Sequence[str], known: Sequence[str], today: date) -> None:
        at = {code: known.index(code) for code in _CODES if code in known}
        twice = [code for i, code in enumerate(known) if code in COLUMNS and at[code] != i]
        made = ["cost_id", *(["text"] if {*_TEXT} & {*at} else [])]
        named = dict[str, str | None].fromkeys(made) | {code: headers[i] for code, i in at.items() if code in COLUMNS}
        super().__init__(sheet.name, row, named, twice)
        self._sheet, self._header, self._headers, self._at, self._today = sheet, row, headers, at, today

    def load(
        self, connection: DuckDBPyConnection, table: str, header: int, width: int, types: Mapping[int, str]
    ) -> Sequence[Note]:
        """See `Sheet.load`."""
        kinds = {self._at["amount"]: "money", self._at["booked_on"]: "date"}
        source, told = f"{table}_list", f"{table}_told"
        remarks = self._sheet.load(connection, source, self._header, len(self._headers), kinds)
        shown = cells_sql(source, self._at, len(self._headers), _CODES, self.columns)
        connection.execute(f"CREATE TABLE {told} AS {shown}; DROP VIEW {source}; DROP TABLE {source}_raw")
        connection.execute(
            f"CREATE TABLE {table}_refused AS SELECT _row, unnest(_wrong) FROM {told} WHERE _wrong IS NOT NULL"
        )
        self._count(connection, told)
        hidden = self._mask(connection, table, told)
        buyers = _buyers(connection, told, self._today)
        alike = self._number(connection, table, f"({self._costs(table, told)})")
        connection.execute(f"DROP TABLE {told}; DROP TABLE {table}_shown; DROP TABLE {table}_suppliers")
        return [*remarks, *hidden, *alike, *buyers, *self._columns()]

    def _count(self, connection: DuckDBPyConnection, told: str) -> None:
        """Count the file's postings; an amount in a row that has slid sideways may be anything, and is in no sum."""
        sure = "_kronor IS NOT NULL AND (_wrong IS NULL OR (_wrong.code = 'blank' AND _day IS NOT NULL))"
        ((rows, total, unsure),) = connection.execute(
            f"SELECT count(*), coalesce(sum(_kronor) FILTER ({sure}), 0), count(*) FILTER (NOT ({sure})) FROM {told}"
        ).fetchall()
        self._file, self._unsure = PostingSum(rows, Decimal(total)), unsure

    def _mask(self, connection: DuckDBPyConnection, table: str, told: str) -> Sequence[Note]:
        """Make the relations of what is shown instead of texts and suppliers' ids; what there is to say of them."""
        connection.execute(f"CREATE TABLE {table}_shown (text VARCHAR, shown VARCHAR)")
        connection.execute(f"CREATE TABLE {table}_suppliers (text VARCHAR, shown VARCHAR, person BOOLEAN)")
        texts = " UNION ".join(
            f'SELECT "{code}" FROM {told} WHERE regexp_matches("{code}", {literal(CANDIDATE)})' for code in _FREE
        )
        _fill_replacements(connection, texts, f"{table}_shown", lambda text: (mask_all(text, self._today),))
        numbers = f"SELECT DISTINCT supplier_id FROM {told} WHERE supplier_id IS NOT NULL"
        _fill_replacements(connection, numbers, f"{table}_suppliers", lambda text: mask_supplier_id(text, self._today))
        ((traders,),) = connection.execute(
            f"SELECT count(*) FROM {told} JOIN {table}_suppliers s ON s.text = supplier_id WHERE s.person"
        ).fetchall()
        hits = " + ".join(f'count(*) FILTER ("{code}" IN (FROM changed))' for code in _FREE)
        ((hidden,),) = connection.execute(
            f"WITH changed AS (SELECT text FROM {table}_shown WHERE text <> shown) SELECT {hits} FROM {told}"
        ).fetchall()
        said = {"ledger_sole_traders": traders, "ledger_masked": hidden}
        return [Note(code, {"count": count}) for code, count in said.items() if count]

    def _costs(self, table: str, told: str) -> str:
        """SQL for the rows as the table's columns."""

        def shown(code: str) -> str:
            return f'coalesce((SELECT any_value(shown) FROM {table}_shown WHERE text = t."{code}"), t."{code}")'

        plain = [code for code in _FREE if code not in ("supplier", *_TEXT)]
        texts = ", ".join(f'{shown(code)} AS "{code}"' for code in plain)
        said = f"nullif(concat_ws(' · ', {', '.join(map(shown, _TEXT))}), '')"
        supplier = f"CASE WHEN s.person THEN {literal(SOLE_TRADER)} ELSE {shown('supplier')} END"
        return (
            "SELECT *, concat_ws('_', voucher, year(_day), account, _kronor::DECIMAL(38, 2),"
            " coalesce(supplier_id, left(supplier, 60))) AS cost_id"
            f" FROM (SELECT _row, NULL::VARCHAR AS _extra, _day, _kronor, booked_on, amount, account, {texts},"
            f" {said} AS text, {supplier} AS supplier, s.shown AS supplier_id"
            f" FROM {told} t LEFT JOIN {table}_suppliers s ON s.text = t.supplier_id)"
        )

    def _columns(self) -> Sequence[Note]:
        """What is worth saying of the columns: those that are missing, and those that are not used."""
        missing = [LAYOUT[code] for code in REQUIRED if code not in self._at]
        used = {i for code, i in self._at.items() if code not in _UNUSED}
        names = [mask(name, self._today) for i, name in enumerate(self._headers) if name and i not in used]
        said = {"ledger_columns": missing, "ignored_columns": names}
        return [Note(code, {"names": told}) for code, told in said.items() if told]


def _buyers(connection: DuckDBPyConnection, told: str, today: date) -> Sequence[Note]:
    """Says so when the file holds the postings of more than one buyer."""
    found = connection.execute(
        f"SELECT coalesce(any_value(buyer), any_value(buyer_id)) FROM {told} WHERE _wrong IS NULL"
        " AND coalesce(buyer_id, buyer) IS NOT NULL GROUP BY coalesce(buyer_id, buyer) ORDER BY ALL"
    ).fetchall()
    names = [mask_all(name, today) for (name,) in found]
    return [Note("ledger_buyers", {"names": names})] if len(names) > 1 else []


def _fill_replacements(
    connection: DuckDBPyConnection, texts: str, relation: str, replace: Callable[[str], tuple[object, ...]]
) -> None:
    """Fill a relation with each of the texts and what is shown instead of it."""
    cursor = connection.cursor().execute(texts)
    while rows := cursor.fetchmany(_BATCH):
        columns = [list(column) for column in zip(*((text, *replace(text)) for (text,) in rows), strict=True)]
        connection.execute(f"INSERT INTO {relation} SELECT {', '.join('unnest(?)' for _ in columns)}", columns)
