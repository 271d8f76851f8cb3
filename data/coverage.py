"""The coverage of a file: channels, services and months for which a missing row means 0, not "not reported"."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from duckdb import DuckDBPyConnection

from data.schema.catalogue import Dataset

Services = Literal["own", "file", "named", "all"]
SERVICES: tuple[Services, ...] = ("own", "file", "named", "all")  # from the narrowest to the widest
SERVICE_CHOICES: tuple[Services, ...] = ("own", "file", "all")  # what an importer can choose


@dataclass(frozen=True)
class Coverage:
    """Channels, services and months: a covered combination without rows is 0, any other is not reported.

    `services` is "own" (those in the file, each from its first month there to its last), "file" (those in the file, for
    all the months), "named" (those in `e_services`, whether in the file or not) or "all". The months are first days of
    months, both included.
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


def default_coverage(connection: DuckDBPyConnection, dataset: Dataset, relation: str, today: date) -> Coverage | None:
    """The coverage that the valid rows in `relation` suggest; None when the table has none, or no such rows.

    The unfinished month of `today` is excluded unless it is the only one. Monthly counts cover each service only from
    its first row to its last: a service that stopped reporting did not report zero.
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
    services: Services = "own" if dataset.column(date_column(dataset)).type == "month" else "file"
    return Coverage(tuple(channels), services, first, last if first >= month_of(today) else last_finished)
