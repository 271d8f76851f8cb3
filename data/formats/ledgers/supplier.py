"""The published supplier ledger (leverantörsreskontra 1.1), recognised by its headers in any order and file format."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from duckdb import DuckDBPyConnection

from data.formats.ledgers.sheet import COLUMNS, TABLE, LedgerSheet, PostingSum, ledger_names
from data.formats.ledgers.supplier_sql import MANDATORY, cells_sql
from data.ledger_source import LedgerSource
from data.privacy import CANDIDATE, SOLE_TRADER, mask, mask_all, mask_supplier_id
from data.readers.sheet import HeaderRow, Note, Sheet, insert_rows
from data.schema.catalogue import datasets, fold
from data.schema.column_sql import legible_sql, literal

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
_ADDED = ("text", "cost_centre", "project", "counterparty", "unit")  # not in the layout; read where present
_CODES = (*LAYOUT, *_ADDED)
_TEXT = ("text", "agreement", "ground")  # joined into the posting's text
_FREE = ("supplier", "account_text", "office", "unit", "voucher", "cost_centre", "project", "counterparty", *_TEXT)
_UNUSED = ("invoice", "municipality", "s_code")
_MAX_MISSING = 2  # of the required columns
DAY_IN_ID = "strftime(_day, '%Y%m%d')"  # numbers of vouchers may restart
_BATCH = 10_000


def as_supplier_ledger(sheet: Sheet, today: date) -> "SupplierLedger | None":
    """The sheet as a supplier ledger; None when it lacks the layout's headers."""
    names = {fold(header): code for code, header in LAYOUT.items()}
    names |= {fold(datasets()[TABLE].column(code).header): code for code in _ADDED}
    for row, headers in sheet.head:
        known = [names.get(fold(header), "") for header in headers]
        if set(MANDATORY) <= set(known) and len(set(REQUIRED) - set(known)) <= _MAX_MISSING:
            return SupplierLedger(sheet, row, [header.strip() for header in headers], known, today)
    return None


class SupplierLedger(LedgerSheet):
    """A sheet whose rows are postings of suppliers' invoices."""

    has_refused_rows = True

    def __init__(self, sheet: Sheet, row: int, headers: Sequence[str], known: Sequence[str], today: date) -> None:
        at = {code: known.index(code) for code in _CODES if code in known}
        repeated = [code for i, code in enumerate(known) if code in COLUMNS and at[code] != i]
        derived = ["cost_id", *(["text"] if {*_TEXT} & {*at} else [])]
        names = dict[str, str | None].fromkeys(derived) | {
            code: headers[i] for code, i in at.items() if code in COLUMNS
        }
        super().__init__(sheet.name, row, names, repeated)
        self._sheet, self._header, self._headers, self._at, self._today = sheet, row, headers, at, today

    def load(self, connection: DuckDBPyConnection, table: str, header: HeaderRow) -> Sequence[Note]:
        """See `Sheet.load`."""
        kinds = {self._at["amount"]: "money", self._at["booked_on"]: "date"}
        source, cells = f"{table}_list", f"{table}_cells"
        notes = self._sheet.load(connection, source, HeaderRow(self._header, len(self._headers), kinds))
        query = cells_sql(source, self._at, len(self._headers), _CODES, self.columns)
        connection.execute(f"CREATE TABLE {cells} AS {query}; DROP VIEW {source}; DROP TABLE {source}_raw")
        connection.execute(
            f"CREATE TABLE {table}_refused AS SELECT _row, unnest(_wrong) FROM {cells} WHERE _wrong IS NOT NULL"
        )
        self._count(connection, cells)
        masked = self._mask(connection, table, cells)
        buyers = _buyers(connection, cells)
        self.ledger = LedgerSource("supplier", ledger_names(buyers, self._today))
        repeats = self._number_ids(connection, table, f"({self._costs(table, cells)})")
        connection.execute(f"DROP TABLE {cells}; DROP TABLE {table}_texts; DROP TABLE {table}_suppliers")
        return [*notes, *masked, *repeats, *_buyer_note(buyers, self._today), *self._column_notes()]

    def _count(self, connection: DuckDBPyConnection, cells: str) -> None:
        """Sum the file's postings, except rows with shifted cells, whose amounts are uncertain."""
        certain = "_kronor IS NOT NULL AND (_wrong IS NULL OR (_wrong.code = 'blank' AND _day IS NOT NULL))"
        ((rows, total, uncertain),) = connection.execute(
            f"SELECT count(*), coalesce(sum(_kronor) FILTER ({certain}), 0), count(*) FILTER (NOT ({certain})) FROM {cells}"
        ).fetchall()
        self._file, self._uncertain = PostingSum(rows, Decimal(total)), uncertain

    def _mask(self, connection: DuckDBPyConnection, table: str, cells: str) -> Sequence[Note]:
        """Make the relations `<table>_texts` and `<table>_suppliers` of masked texts and supplier ids; notes on how many."""
        connection.execute(f"CREATE TABLE {table}_texts (text VARCHAR, masked VARCHAR)")
        connection.execute(f"CREATE TABLE {table}_suppliers (text VARCHAR, masked VARCHAR, is_person BOOLEAN)")
        texts = " UNION ".join(
            f'SELECT "{code}" FROM {cells} WHERE regexp_matches("{code}", {literal(CANDIDATE)})' for code in _FREE
        )
        _fill_replacements(connection, texts, f"{table}_texts", lambda text: (mask_all(text, self._today),))
        numbers = f"SELECT DISTINCT supplier_id FROM {cells} WHERE supplier_id IS NOT NULL"
        _fill_replacements(connection, numbers, f"{table}_suppliers", lambda text: mask_supplier_id(text, self._today))
        ((sole_traders,),) = connection.execute(
            f"SELECT count(*) FROM {cells} JOIN {table}_suppliers s ON s.text = supplier_id WHERE s.is_person"
        ).fetchall()
        counts = " + ".join(f'count(*) FILTER ("{code}" IN (FROM changed))' for code in _FREE)
        ((masked,),) = connection.execute(
            f"WITH changed AS (SELECT text FROM {table}_texts WHERE text <> masked) SELECT {counts} FROM {cells}"
        ).fetchall()
        notes = {"ledger_sole_traders": sole_traders, "ledger_masked": masked}
        return [Note(code, {"count": count}) for code, count in notes.items() if count]

    def _costs(self, table: str, cells: str) -> str:
        """SQL for the rows with the columns of `costs`, `_day` and `_kronor`."""

        def masked(code: str) -> str:
            return f'coalesce((SELECT any_value(masked) FROM {table}_texts WHERE text = t."{code}"), t."{code}")'

        plain = [code for code in _FREE if code not in ("supplier", *_TEXT)]
        texts = ", ".join(f'{masked(code)} AS "{code}"' for code in plain)
        text = f"nullif(concat_ws(' · ', {', '.join(map(masked, _TEXT))}), '')"
        parts = (
            "'_', voucher, year(_day), account, _kronor::DECIMAL(38, 2),"
            f" coalesce(supplier_id, left(supplier, 60)), {DAY_IN_ID}"
        )
        supplier = f"CASE WHEN s.is_person THEN {literal(SOLE_TRADER)} ELSE {masked('supplier')} END"
        return (
            f"SELECT *, {legible_sql(f'concat_ws({parts})')} AS cost_id"
            f" FROM (SELECT _row, NULL::VARCHAR AS _extra, _day, _kronor, booked_on, amount, account, {texts},"
            f" {text} AS text, {supplier} AS supplier, s.masked AS supplier_id"
            f" FROM {cells} t LEFT JOIN {table}_suppliers s ON s.text = t.supplier_id)"
        )

    def _column_notes(self) -> Sequence[Note]:
        """Notes on columns that are missing and columns that are not used."""
        missing = [LAYOUT[code] for code in REQUIRED if code not in self._at]
        used = {i for code, i in self._at.items() if code not in _UNUSED}
        names = [mask(name, self._today) for i, name in enumerate(self._headers) if name and i not in used]
        notes = {"ledger_columns": missing, "ignored_columns": names}
        return [Note(code, {"names": headers}) for code, headers in notes.items() if headers]


def _buyers(connection: DuckDBPyConnection, cells: str) -> list[tuple[str | None, str | None]]:
    """The number and name of each buyer in the file."""
    return connection.execute(
        f"SELECT DISTINCT buyer_id, buyer FROM {cells} WHERE _wrong IS NULL AND coalesce(buyer_id, buyer) IS NOT NULL"
        " ORDER BY ALL"
    ).fetchall()


def _buyer_note(buyers: Sequence[tuple[str | None, str | None]], today: date) -> Sequence[Note]:
    """A note when the file has postings of more than one buyer."""
    names = {
        mask_supplier_id(number, today)[0] if number else name: name or number for number, name in reversed(buyers)
    }
    shown = sorted(mask_all(name, today) for name in names.values() if name)
    return [Note("ledger_buyers", {"names": shown})] if len(shown) > 1 else []


def _fill_replacements(
    connection: DuckDBPyConnection, texts: str, relation: str, replace: Callable[[str], tuple[object, ...]]
) -> None:
    """Fill a relation with each of the `texts` (SQL) and its replacement."""
    cursor = connection.cursor().execute(texts)
    while rows := cursor.fetchmany(_BATCH):
        insert_rows(connection, relation, [(text, *replace(text)) for (text,) in rows])
