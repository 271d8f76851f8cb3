"""The rows of the input tables that each kind of answer gives."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from data.formats.eplatform.answers import AnswerKind
from data.formats.eplatform.case_rows import instance_rows, statistic_rows, weekly_rows
from data.formats.eplatform.flow_rows import flow_rows, version_rows
from data.formats.eplatform.records import Record
from data.formats.eplatform.table_row import TableRow
from data.formats.origin import Origin
from data.readers.sheet import Note

_CASES = ("case_id", "e_service_id", "received_on", "channel", "assisted")
_COUNTS = ("e_service_id", "month", "channel", "assisted", "cases", "method")
_TOTALS = ("installation", "month", "measure", "total", "method")
_Converter = Callable[[Iterable[Record], Origin, str, list[Note]], Iterator[TableRow]]
_CONVERTERS: Mapping[AnswerKind, _Converter] = {
    "flows": flow_rows,
    "versions": version_rows,
    "statistics": statistic_rows,
    "instances": instance_rows,
    "weekly_cases": weekly_rows,
    "weekly_cases_by_flow": weekly_rows,
    "weekly_flows": weekly_rows,
    "weekly_flows_by_kind": weekly_rows,
}
_EMPTY: Mapping[AnswerKind, tuple[str, Sequence[str]]] = {
    "statistics": ("case_counts", _COUNTS),
    "instances": ("cases", _CASES),
    "weekly_cases": ("platform_totals", _TOTALS),
    "weekly_cases_by_flow": ("case_counts", _COUNTS),
    "weekly_flows": ("platform_totals", _TOTALS),
    "weekly_flows_by_kind": ("platform_totals", _TOTALS),
}


class AnswerRows:
    """An iterator over the rows of an answer. `notes` are complete when it is exhausted.

    `empty_table` is the table, with its columns, of an answer without rows.
    """

    def __init__(self, kind: AnswerKind, records: Iterable[Record], origin: Origin, installation: str) -> None:
        self.notes: list[Note] = []
        self.empty_table = _EMPTY.get(kind)
        self._rows = _CONVERTERS[kind](records, origin, installation, self.notes)

    def __iter__(self) -> Iterator[TableRow]:
        return self._rows
