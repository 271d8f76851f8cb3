"""The rows of the input tables that each kind of answer gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from data.formats.eplatform.answers import AnswerKind
from data.formats.eplatform.case_rows import instance_rows, statistic_rows, weekly_rows
from data.formats.eplatform.flow_rows import flow_rows, version_rows
from data.formats.eplatform.records import Record
from data.formats.eplatform.table_row import TableRow
from data.formats.origin import Origin
from data.readers.sheet import Note

_Table = tuple[str, Sequence[str]]  # its code and columns
_CASES: _Table = ("cases", ("case_id", "e_service_id", "received_on", "channel", "assisted"))
_COUNTS: _Table = ("case_counts", ("e_service_id", "month", "channel", "assisted", "cases", "method"))
_TOTALS: _Table = ("platform_totals", ("installation", "month", "measure", "total", "method"))
_Converter = Callable[[Iterable[Record], Origin, str, list[Note]], Iterator[TableRow]]
_CONVERTERS: Mapping[AnswerKind, tuple[_Converter, _Table | None]] = {
    "flows": (flow_rows, None),
    "versions": (version_rows, None),
    "statistics": (statistic_rows, _COUNTS),
    "instances": (instance_rows, _CASES),
    "weekly_cases": (weekly_rows, _TOTALS),
    "weekly_cases_by_flow": (weekly_rows, _COUNTS),
    "weekly_flows": (weekly_rows, _TOTALS),
    "weekly_flows_by_kind": (weekly_rows, _TOTALS),
}


class AnswerRows:
    """An iterator over the rows of an answer. `notes` are complete when it is exhausted.

    `empty_table` is the table, with its columns, of an answer without rows.
    """

    def __init__(self, kind: AnswerKind, records: Iterable[Record], origin: Origin, installation: str) -> None:
        self.notes: list[Note] = []
        convert, self.empty_table = _CONVERTERS[kind]
        self._rows = convert(records, origin, installation, self.notes)

    def __iter__(self) -> Iterator[TableRow]:
        return self._rows
