"""The four CSV files of the statistics page: weekly numbers, converted to months."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from data.formats.eplatform import weeks
from data.formats.eplatform.records import MonthlyCases, MonthlyFlows
from data.readers.decoding import Repairs, file_encoding, head_text
from data.readers.errors import Unreadable
from data.readers.sheet import Note
from data.schema.catalogue import fold

WeeklyKind = Literal["weekly_cases", "weekly_cases_by_flow", "weekly_flows", "weekly_flows_by_kind"]
MAX_ROWS = 5_000  # of a file with one row per week: about a hundred years
MEASURES = ("e_services", "links", "forms", "both")
_NARROW: Mapping[tuple[str, ...], WeeklyKind] = {
    ("vecka", "antalarenden"): "weekly_cases",
    ("vecka", "antaletjanster"): "weekly_flows",
    (
        "vecka",
        "antaletjanster",
        "antalexternatjanster",
        "antaltjanstermedenbartblankett",
        "antaltjanstermedbadeetjanstochblankett",
    ): "weekly_flows_by_kind",
}


class _Row(NamedTuple):
    """A row that is not blank: its line and its cells."""

    line: int
    cells: list[str]


def weekly_kind(head: bytes) -> WeeklyKind | None:
    """Which of the four files has these first bytes; None when none."""
    lines = head_text(head).lstrip("\ufeff\r\n \t").splitlines()
    cells = _without_trailing_blanks((lines or [""])[0].split(";"))
    narrow = _NARROW.get(tuple(fold(cell) for cell in cells))
    if narrow or [fold(cell) for cell in cells[:2]] != ["kategori", "etjanst"] or len(cells) < 3:
        return narrow
    return "weekly_cases_by_flow" if all(_week_column(cell) for cell in cells[2:]) else None


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _week_column(header: str) -> tuple[weeks.WeekLabel, str] | None:
    """The week and the sex of a column such as "2025 v.36 Totalt"; None for another header."""
    label, _, sex = header.strip().rpartition(" ")
    week = weeks.parse_label(label)
    return (week, fold(sex)) if week else None


class WeeklyFile:
    """One of the four files. Notes are added to `repairs`."""

    def __init__(self, path: Path, head: bytes, kind: WeeklyKind, today: date, repairs: Repairs) -> None:
        self._path, self._encoding, self._kind = path, file_encoding(path, head), kind
        self._today, self._repairs = today, repairs

    def records(self) -> Iterator[MonthlyCases | MonthlyFlows]:
        """Complete months. Unreadable where a row is cut off, out of order, or has a cell that is not a number."""
        convert = {"weekly_cases": self._cases, "weekly_cases_by_flow": self._by_flow}.get(self._kind, self._flows)
        yield from convert()

    def _rows(self) -> Iterator[_Row]:
        """The header and the rows below it. Unreadable for a row shorter than the header."""
        width = 0
        with self._path.open(encoding=self._encoding, errors="replace") as file:
            for line, text in enumerate(file, 1):
                text = text.removeprefix("\ufeff").rstrip("\r\n")
                if not text.strip("; \t\0"):
                    continue
                cells = text.split(";")
                width = width or len(cells)
                if len(cells) < width:
                    raise Unreadable("platform_cut", row=line)
                yield _Row(line, cells)

    def _narrow(self) -> tuple[list[str], dict[date, _Row]]:
        """The headers, and the rows of weeks that have ended by their Monday."""
        header, *rows = [*islice(self._rows(), MAX_ROWS)]
        labels = [weeks.parse_label(row.cells[0]) for row in rows]
        for row, label in zip(rows, labels, strict=True):
            if label is None or len(_without_trailing_blanks(row.cells)) > len(_without_trailing_blanks(header.cells)):
                raise Unreadable("platform_week", row=row.line)
        mondays = weeks.ascending_mondays([label for label in labels if label], [row.line for row in rows])
        ended = set(weeks.finished_weeks(mondays, self._today))
        return header.cells, {monday: row for monday, row in zip(mondays, rows, strict=True) if monday in ended}

    def _cases(self) -> Iterator[MonthlyCases]:
        """All cases by month. A missing week had none."""
        headers, rows = self._narrow()
        months = weeks.sum_by_month({monday: _count(row, 1, headers[1]) or 0 for monday, row in rows.items()})
        complete, partial = weeks.covered_months([*rows])
        self._leave_out(partial)
        yield from (MonthlyCases(None, month, months[month]) for month in complete)

    def _flows(self) -> Iterator[MonthlyFlows]:
        """The number of flows at the end of each month."""
        headers, rows = self._narrow()
        last_weeks = weeks.last_weeks([*rows])
        self._leave_out([month for month in weeks.touched_months([*rows]) if month not in last_weeks])
        for month, monday in last_weeks.items():
            for i, measure in enumerate(MEASURES[: len(_without_trailing_blanks(headers)) - 1], 1):
                total = _count(rows[monday], i, headers[i])
                if total is not None:
                    yield MonthlyFlows(measure, month, total, rows[monday].line)

    def _by_flow(self) -> Iterator[MonthlyCases]:
        """Cases by flow and month. The columns are consecutive weeks, of which only the totals are read."""
        rows = self._rows()
        header = next(rows).cells
        totals = [i for i, cell in enumerate(header) if (week := _week_column(cell)) and week[1] == "totalt"]
        labels = [column[0] for i in totals if (column := _week_column(header[i]))]
        mondays = weeks.consecutive_mondays(labels, self._today)
        complete, partial = weeks.covered_months(weeks.finished_weeks(mondays, self._today))
        self._leave_out(partial)
        positions = {monday: (i, header[i]) for monday, i in zip(mondays, totals, strict=True)}
        for name, (line, months) in self._months_by_flow(rows, positions, len(header)).items():
            yield from (MonthlyCases(name, month, months[month], line) for month in complete if month in months)

    def _months_by_flow(
        self, rows: Iterator[_Row], positions: Mapping[date, tuple[int, str]], width: int
    ) -> Mapping[str, tuple[int, Counter[date]]]:
        """By flow name, its line and its cases by month; flows with equal names are summed."""
        flows: dict[str, tuple[int, Counter[date]]] = {}
        repeated: list[str] = []
        for row in rows:
            name, cells = _split_name(row, width)
            months = _months(cells, positions)
            if name in flows:
                repeated.append(name)
                months.update(flows[name][1])
            flows[name] = (flows[name][0] if name in flows else row.line, months)
        if repeated:
            self._repairs.notes.append(Note("platform_same_name", {"names": sorted(set(repeated))}))
        return flows

    def _leave_out(self, months: Sequence[date]) -> None:
        if months:
            self._repairs.notes.append(Note("platform_months_left_out", {"names": [f"{m:%Y-%m}" for m in months]}))


def _split_name(row: _Row, width: int) -> tuple[str, _Row]:
    """The flow's name, and the row with its cells at the header's positions; a `;` inside the name is restored."""
    cells, extra = row.cells, len(row.cells) - width
    name = " ".join(";".join(cells[1 : 2 + extra]).split())
    return name, _Row(row.line, [cells[0], name, *cells[2 + extra :]])


def _months(row: _Row, positions: Mapping[date, tuple[int, str]]) -> Counter[date]:
    """A flow's cases by month, without months that have a blank week."""
    counts = {monday: _count(row, i, header) for monday, (i, header) in positions.items()}
    months = weeks.sum_by_month({monday: count for monday, count in counts.items() if count is not None})
    for monday, count in counts.items():
        for month in weeks.split_week(monday, 0) if count is None else ():
            months.pop(month, None)
    return months


def _count(row: _Row, position: int, header: str) -> int | None:
    """A whole number; None for a blank cell. Unreadable for anything else."""
    text = row.cells[position].strip()
    if text and not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Unreadable("platform_number", row=row.line, name=header.strip())
    return int(text) if text else None
