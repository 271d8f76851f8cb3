"""The platform's answers for tests: recorded ones, and functions that write others."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from pathlib import Path

from data.formats.eplatform.sheets import DerivedSheet, open_answer_sheets
from data.formats.origin import Origin
from data.readers.errors import Unreadable
from data.readers.file_scan import scan_file
from data.readers.sheet import Note, Sheet

RECORDED = Path(__file__).with_name("open-eplatform")
TODAY = date(2026, 11, 2)
CATALOGUE = "getflows-161.iso-8859-1.json"
Row = Mapping[str, str]


class Read:
    """An answer that was read: rows, known columns and line numbers by table, and notes by code."""

    def __init__(self, sheets: Sequence[Sheet], notes: Sequence[Note]) -> None:
        self.sheets = [sheet for sheet in sheets if isinstance(sheet, DerivedSheet)]
        self.notes = {r.code: dict(r.params) for r in notes}
        self.rows: dict[str, list[Row]] = {}
        self.known_columns: dict[str, list[frozenset[str] | None]] = {}
        self.lines: dict[str, list[int]] = {}
        for sheet in self.sheets:
            name = sheet.dataset or ""
            with sheet._path.open(encoding="utf-8", newline="") as file:
                lines = [*csv.reader(file)]
            self.rows.setdefault(name, []).extend(dict(zip(sheet.head[0][1], x[2:], strict=True)) for x in lines)
            self.known_columns.setdefault(name, []).extend(sheet.known_columns for _ in lines)
            self.lines.setdefault(name, []).extend(int(x[0]) for x in lines)

    def column(self, table: str, column: str) -> list[str]:
        """One column of a table."""
        return [row.get(column, "") for row in self.rows[table]]


def sheets_of(folder: Path, content: bytes | str, origin: Origin | None = None) -> Read | None:
    """The sheets of an answer; None when it is not one. Text is written as UTF-8."""
    path, work = folder / "answer", folder / "work"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    work.mkdir(exist_ok=True)
    result = open_answer_sheets(path, scan_file(path), work, origin or Origin(TODAY))
    return Read(*result) if result else None


def read(folder: Path, content: bytes | str, origin: Origin | None = None) -> Read:
    """The sheets of an answer."""
    result = sheets_of(folder, content, origin)
    assert result is not None
    return result


def refusal(folder: Path, content: bytes | str, origin: Origin | None = None) -> tuple[str, int | None]:
    """The code and the row of the error that refuses an answer."""
    try:
        sheets_of(folder, content, origin)
    except Unreadable as error:
        return error.code, error.row
    raise AssertionError("it was read")


def recorded(name: str) -> bytes:
    """The bytes of a recorded answer."""
    return (RECORDED / name).read_bytes()


def element(name: str, fields: Mapping[str, object]) -> str:
    """An element with its fields, each on a line. A text that begins with `<` is not escaped."""
    message = "".join(f"<{k}>{v if str(v).startswith('<') else escape(str(v))}</{k}>\n" for k, v in fields.items())
    return f"<{name}>\n{message}</{name}>\n"


def catalogue(flows: Iterable[Mapping[str, object]], root: str = "Flows") -> str:
    """The published catalogue, or the statistics' list of versions, in XML."""
    return f"<{root}>\n{''.join(element('Flow', flow) for flow in flows)}</{root}>\n"


def flow(family: int, **fields: object) -> dict[str, object]:
    """A flow of the published catalogue."""
    return {
        "ID": 1000 + family,
        "FlowFamilyID": family,
        "Name": f"Flow {family}",
        "Category": "Bygga",
        "FlowFamilyURL": f"https://e.example.se/oversikt/overview/{family}",
        "RequiresAuthentication": "true",
        "RequiresSigning": "false",
        "PaymentSupportEnabled": "false",
        "Enabled": "true",
        **fields,
    }


def version(number: int, family: int, **fields: object) -> dict[str, object]:
    """A version of a flow in the statistics."""
    return {"ID": number, "FlowFamilyID": family, "Name": f"Flow {family}", "Category": "Bygga", **fields}


def statistics(cases: Iterable[Mapping[str, object]]) -> str:
    """The statistics' cases; without an inner list when there are none."""
    inner = "".join(element("FlowInstanceStatistic", case) for case in cases)
    count = f"<Count>{inner.count('<FlowInstanceStatistic>')}</Count>"
    return f"<FlowInstances>{count}{f'<FlowInstances>{inner}</FlowInstances>' if inner else ''}</FlowInstances>"


def instances(cases: Iterable[Mapping[str, object]]) -> str:
    """A list of cases with their numbers."""
    return f"<FlowInstances>\n{''.join(element('FlowInstance', case) for case in cases)}</FlowInstances>\n"


def instance(number: object, status: str | None = None, **fields: object) -> dict[str, object]:
    """A case of flow family 7, submitted on 14 March 2026 unless `fields` say otherwise."""
    text: dict[str, object] = {"flowInstanceID": number, "firstSubmitted": "2026-03-14 10:15", "flowFamilyID": 7}
    if status:
        text["Status"] = f"<name>Kompletterat</name><contentType>{status}</contentType>"
    return {key: value for key, value in {**text, **fields}.items() if value is not None}
