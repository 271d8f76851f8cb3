"""The four CSV files of the statistics page: weeks in, months out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Literal

from data.formats.eplatform import weeks
from data.formats.eplatform.records import MonthlyCases, MonthlyFlows
from data.readers.decoding import Repairs, file_encoding, head_text
from data.readers.errors import Unreadable
from data.readers.sheet import Note
from data.schema.catalogue import fold

WeeklyKind = Literal["weekly_cases", "weekly_cases_by_flow", "weekly_flows", "weekly_flows_by_kind"]
MAX_ROWS = 5_000  # rows of a file with one row a week: a hundred years
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


@dataclass(frozen=True)
class _Row:
    """A row that holds something: its line, its cells, and whether it ends as every row does."""

    line: int
    cells: list[str]


def weekly_kind(head: bytes) -> WeeklyKind | None:
    """Which of the four files begins like this; None when none does."""
    lines = head_text(head).lstrip("\ufeff\r\n \t").splitlines()
    cells = _without_trailing_blanks((lines or [""])[0].split(";"))
    narrow = _NARROW.get(tuple(fold(cell) for cell in cells))
    if narrow or [fold(cell) for cell in cells[:2]] != ["kategori", "etjanst"] or len(cells) < 3:
        return narrow
    return "weekly_cases_by_flow" if all(_week_column(cell) for cell in cells[2:]) else None


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    """The cells without blank ones at the end."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _week_column(header: str) -> tuple[weeks.WeekLabel, str] | None:
    """The week and the sex of a column such as "2025 v.36 Totalt"."""
    label, _, of = header.strip().rpartition(" ")
    week = weeks.parse_label(label)
    return (week, fold(of)) if week else None


class WeeklyFile:
    """One of the files, read from its beginning to its end. `repairs` gets what is worth saying."""

    def __init__(self, path: Path, head: bytes, kind: WeeklyKind, today: date, repairs: Repairs) -> None:
        self._path, self._encoding, self._kind = path, file_encoding(path, head), kind
        self._today, self._repairs = today, repairs

    def records(self) -> Iterator[MonthlyCases | MonthlyFlows]:
        """Whole months. Unreadable where a row is cut, is no number, or is out of order."""
        read = {"weekly_cases": self._cases, "weekly_cases_by_flow": self._by_flow}.get(self._kind, self._flows)
        yield from read()

    def _rows(self) -> Iterator[_Row]:
        """The header and the rows below it. Unreadable for a row that is shorter than the header."""
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
        """The headers, and by its Monday every week that has ended."""
        header, *rows = [*islice(self._rows(), MAX_ROWS)]
        labels = [weeks.parse_label(row.cells[0]) for row in rows]
        for row, label in zip(rows, labels, strict=True):
            if label is None or len(_without_trailing_blanks(row.cells)) > len(_without_trailing_blanks(header.cells)):
                raise Unreadable("platform_week", row=row.line)
        mondays = weeks.ascending_mondays([label for label in labels if label], [row.line for row in rows])
        over = set(weeks.finished_weeks(mondays, self._today))
        return header.cells, {monday: row for monday, row in zip(mondays, rows, strict=True) if monday in over}

    def _cases(self) -> Iterator[MonthlyCases]:
        """All cases. A week that is not there had none."""
        headers, rows = self._narrow()
        months = weeks.sum_by_month({monday: _count(row, 1, headers[1]) or 0 for monday, row in rows.items()})
        whole, partly = weeks.covered_months([*rows])
        self._leave_out(partly)
        yield from (MonthlyCases(None, month, months[month]) for month in whole)

    def _flows(self) -> Iterator[MonthlyFlows]:
        """How many flows there were when each month ended."""
        headers, rows = self._narrow()
        ends = weeks.last_weeks([*rows])
        self._leave_out([month for month in weeks.touched_months([*rows]) if month not in ends])
        for month, monday in ends.items():
            for i, measure in enumerate(MEASURES[: len(_without_trailing_blanks(headers)) - 1], 1):
                total = _count(rows[monday], i, headers[i])
                if total is not None:
                    yield MonthlyFlows(measure, month, total, rows[monday].line)

    def _by_flow(self) -> Iterator[MonthlyCases]:
        """Cases flow by flow; the columns are weeks without gaps, of which only the totals are read."""
        rows = self._rows()
        header = next(rows).cells
        totals = [i for i, cell in enumerate(header) if (c := _week_column(cell)) and c[1] == "totalt"]
        labels = [column[0] for i in totals if (column := _week_column(header[i]))]
        mondays = weeks.consecutive_mondays(labels, self._today)
        whole, partly = weeks.covered_months(weeks.finished_weeks(mondays, self._today))
        self._leave_out(partly)
        places = {monday: (i, header[i]) for monday, i in zip(mondays, totals, strict=True)}
        for name, (line, months) in self._named(rows, places, len(header)).items():
            yield from (MonthlyCases(name, month, months[month], line) for month in whole if month in months)

    def _named(
        self, rows: Iterator[_Row], places: Mapping[date, tuple[int, str]], width: int
    ) -> Mapping[str, tuple[int, Counter[date]]]:
        """By the flow's name its row and its cases by month; flows of one name are taken together."""
        found: dict[str, tuple[int, Counter[date]]] = {}
        twice: list[str] = []
        for row in rows:
            name, line, cells = _split_name(row, width)
            months = _months(line, cells, places)
            if name in found:
                twice.append(name)
                months.update(found[name][1])
                line = found[name][0]
            found[name] = (line, months)
        if twice:
            self._repairs.notes.append(Note("platform_same_name", {"names": sorted(set(twice))}))
        return found

    def _leave_out(self, months: Sequence[date]) -> None:
        if months:
            self._repairs.notes.append(Note("platform_months_left_out", {"names": [f"{m:%Y-%m}" for m in months]}))


def _split_name(row: _Row, width: int) -> tuple[str, int, list[str]]:
    """The flow's name and the cells by the header's positions; a `;` inside the name is put back."""
    cells, extra = row.cells, len(row.cells) - width
    name = " ".join(";".join(cells[1 : 2 + extra]).split())
    return name, row.line, [cells[0], name, *cells[2 + extra :]]


def _months(line: int, cells: list[str], places: Mapping[date, tuple[int, str]]) -> Counter[date]:
    """A flow's cases by month; a month in which a week is blank is not there."""
    counts = {monday: _count(_Row(line, cells), i, header) for monday, (i, header) in places.items()}
    months = weeks.sum_by_month({monday: count for monday, count in counts.items() if count is not None})
    for monday, count in counts.items():
        for month in weeks.split_week(monday, 0) if count is None else ():
            months.pop(month, None)
    return months


def _count(row: _Row, position: int, header: str) -> int | None:
    """A whole number; None for a blank cell. Unreadable for anything else."""
    said = row.cells[position].strip()
    if said and not (said.isascii() and said.isdigit() and len(said) < 12):
        raise Unreadable("platform_number", row=row.line, name=header.strip())
    return int(said) if said else None
