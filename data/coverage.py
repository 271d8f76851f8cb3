"""The coverage of a file: channels, services and months for which a missing row means 0, not "not reported"."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from duckdb import DuckDBPyConnection

from data.schema.catalogue import Dataset
from data.schema.column_sql import literal

Services = Literal["rows", "own", "file", "named", "all"]
SERVICES: tuple[Services, ...] = ("rows", "own", "file", "named", "all")  # from the narrowest to the widest
SERVICE_CHOICES: tuple[Services, ...] = ("rows", "own", "file", "all")  # what an importer can choose


@dataclass(frozen=True)
class Coverage:
    """Channels, services and months: a covered combination without rows is 0, any other is not reported.

    `services` is "rows" (only what the file has rows of: nothing is turned into 0), "own" (those in the file, each
    channel from its first month there to its last), "file" (those in the file, for all the months), "named" (those in
    `e_services`, whether in the file or not) or "all". The months are first days of months, both included.
    """

    channels: tuple[str, ...]
    services: Services
    month_from: date
    month_to: date
    e_services: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The coverage as plain values for JSON."""
        return {
            "channels": list(self.channels),
            "services": self.services,
            "month_from": self.month_from.isoformat(),
            "month_to": self.month_to.isoformat(),
            **({"names": list(self.e_services)} if self.e_services else {}),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Coverage":
        """The coverage that `as_json` wrote; KeyError or ValueError when it is not one."""
        if raw["services"] not in SERVICES:
            raise ValueError(f"services is {raw['services']!r}, not one of {SERVICES}")
        first, last = (date.fromisoformat(raw[name]) for name in ("month_from", "month_to"))
        return cls(tuple(raw["channels"]), raw["services"], first, last, tuple(raw.get("names", ())))

    def union(self, other: "Coverage") -> "Coverage":
        """The smallest coverage that contains both."""
        return Coverage(
            tuple(dict.fromkeys((*self.channels, *other.channels))),
            max(self.services, other.services, key=SERVICES.index),
            min(self.month_from, other.month_from),
            max(self.month_to, other.month_to),
            tuple(dict.fromkeys((*self.e_services, *other.e_services))),
        )


def month_of(day: date) -> date:
    """The first day of the day's month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months(first: date, end: date) -> Iterator[date]:
    """The first days of the months from `first` up to, but not including, `end`."""
    while first < end:
        yield first
        first = month_end(first) + timedelta(days=1)


def parse_month(text: str) -> date:
    """The first day of a month written YYYY-MM; ValueError when it is not one."""
    return datetime.strptime(text, "%Y-%m").date()


def date_column(dataset: Dataset) -> str:
    """The code of the column that places a row in a month: its first required date or month."""
    return next(c.code for c in dataset.columns if c.required and c.type in ("date", "month"))


def reported_condition(dataset: Dataset) -> str:
    """SQL condition for rows with a reported value, rather than the state "not reported"."""
    states = [f"{c.code}_state IS DISTINCT FROM 'not_reported'" for c in dataset.columns if c.states]
    return " AND ".join(states) or "true"


@dataclass(frozen=True)
class CoveringPart:
    """A part of an import, the `batch` and `_part` of its rows, and what it covers: nothing after the month of the import."""

    batch: int
    part: int
    coverage: Coverage
    last_month: date


def spans_sql(dataset: Dataset, rows: str, parts: Sequence[CoveringPart]) -> str:
    """SQL for what the parts of `rows` cover: `batch`, `service_id`, `e_service_id`, `channel`, `month_from` and `month_to`.

    Both ids are NULL for all services. Rows that do not say whose they are cover nothing of their own. A monthly count
    covers its own month, whatever else is stated. What had not happened could not be reported.
    """
    month = f"date_trunc('month', {date_column(dataset)})::DATE"
    kinds = {one.coverage.services for one in parts}
    spans = " UNION ALL ".join(sql for kind, sql in _SPANS.items() if kind in kinds)
    beside = f" UNION ALL {_runs(_BESIDE)}" if dataset.code == "case_counts" else ""
    return f"""
        WITH stated(batch, _part, services, channels, names, first, last, last_month) AS (
            VALUES {", ".join(map(_stated, parts))}
        ), cells AS (
            SELECT DISTINCT batch, _part, {", ".join(_ids(dataset))}, channel, {month} AS month
            FROM ({rows}) JOIN stated USING (batch, _part)
            WHERE {reported_condition(dataset)} AND {month} <= last_month AND coalesce({_WHO}) IS NOT NULL
        ), covered AS (
            SELECT cells.*, services FROM cells JOIN stated USING (batch, _part)
            WHERE month BETWEEN first AND last AND list_contains(channels, channel)
        ), spans AS (
            {spans}
        )
        SELECT batch, {_WHO}, channel, month_from, month_to FROM (FROM spans{beside})"""


_WHO = "service_id, e_service_id"
_KEY = f"batch, _part, {_WHO}"
_WHOLE = "unnest(channels) AS channel, first AS month_from, last AS month_to"


def _stated(part: CoveringPart) -> str:
    """The row of a part in `stated`."""
    coverage = part.coverage
    lists = (f"[{', '.join(map(literal, texts))}]::VARCHAR[]" for texts in (coverage.channels, coverage.e_services))
    days = (coverage.month_from, min(coverage.month_to, part.last_month), part.last_month)
    dates = (f"DATE '{day}'" for day in days)
    return f"({part.batch}, {part.part}, '{coverage.services}', {', '.join((*lists, *dates))})"


def _ids(dataset: Dataset) -> list[str]:
    columns = {name for name, _ in dataset.stored}
    return [c if c in columns else f"NULL::VARCHAR AS {c}" for c in ("service_id", "e_service_id")]


def _runs(cells: str) -> str:
    """SQL for the runs of consecutive months of each service and channel in `FROM …`."""
    number = f"row_number() OVER (PARTITION BY {_KEY}, channel ORDER BY month)"
    return (
        f"SELECT {_KEY}, channel, min(month) AS month_from, max(month) AS month_to FROM"
        f" (SELECT *, date_diff('month', DATE '1900-01-01', month) - {number} AS run {cells})"
        f" GROUP BY {_KEY}, channel, run"
    )


_SPANS: Mapping[Services, str] = {  # for each kind of services that is stated
    "rows": _runs("FROM covered WHERE services = 'rows'"),
    "own": f"SELECT {_KEY}, channel, min(month) AS month_from, max(month) AS month_to FROM covered"
    f" WHERE services = 'own' GROUP BY {_KEY}, channel",
    "file": f"SELECT {_KEY}, {_WHOLE} FROM (SELECT DISTINCT {_KEY} FROM cells) JOIN stated USING (batch, _part)"
    " WHERE services = 'file' AND first <= last",
    "named": f"SELECT batch, _part, NULL::VARCHAR AS service_id, e_service_id, {_WHOLE}"
    " FROM (SELECT *, unnest(names) AS e_service_id FROM stated) WHERE services = 'named' AND first <= last",
    "all": f"SELECT batch, _part, NULL::VARCHAR AS service_id, NULL::VARCHAR AS e_service_id, {_WHOLE}"
    " FROM stated WHERE services = 'all' AND first <= last",
}
_BESIDE = (  # the counts that lie outside what is stated
    "FROM cells r ANTI JOIN spans s ON s.batch = r.batch AND s._part = r._part AND s.channel = r.channel"
    " AND r.month BETWEEN s.month_from AND s.month_to AND (s.service_id IS NULL AND s.e_service_id IS NULL"
    " OR coalesce(s.service_id, s.e_service_id) = coalesce(r.service_id, r.e_service_id))"
)


def default_coverage(connection: DuckDBPyConnection, dataset: Dataset, relation: str, today: date) -> Coverage | None:
    """The coverage of a file of which nobody says more: its own valid rows; None when the table has none, or no such rows.

    The unfinished month of `today` is excluded unless it is the only one.
    """
    if not dataset.covers:
        return None
    month = f"date_trunc('month', {date_column(dataset)})::DATE"
    row = connection.execute(
        f"SELECT list(DISTINCT channel ORDER BY channel), min({month}), max({month}),"
        f" max({month}) FILTER ({month} < ?) FROM {relation}"
        f" WHERE _ok AND channel IS NOT NULL AND {month} IS NOT NULL AND {reported_condition(dataset)}",
        [month_of(today)],
    ).fetchone()
    if row is None or not row[0]:
        return None
    channels, first, last, last_finished = row
    return Coverage(tuple(channels), "rows", first, last if first >= month_of(today) else last_finished)
