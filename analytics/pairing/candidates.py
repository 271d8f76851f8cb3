"""The two lists to pair: the services in force now and the e-services live now, and which of them are unpaired."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

WITHOUT_E_SERVICE = (
    "none",
    "form_only",
    "unknown",
)  # classes of a service without a known e-service


@dataclass(frozen=True)
class ServiceCandidate:
    """A service in force now. `unpaired`: it has no known e-service and is not decided to need none."""

    service_id: str
    name: str
    department_id: str | None = None
    path: tuple[str, ...] = ()  # of the department, from the top
    audience: str | None = None
    area: str | None = None
    url: str | None = None
    published_from: date | None = None
    unpaired: bool = True


@dataclass(frozen=True)
class EServiceCandidate:
    """An e-service, link or form that is live now. `unpaired`: it belongs to no service."""

    e_service_id: str
    name: str
    kind: str = "e_service"
    department_id: str | None = None
    path: tuple[str, ...] = ()
    audience: str | None = None
    area: str | None = None
    url: str | None = None
    alias: str | None = None
    live_from: date | None = None
    unpaired: bool = True

    @property
    def addresses(self) -> tuple[str, ...]:
        """Its web addresses."""
        return tuple(address for address in (self.url, self.alias) if address)


def services(cursor: duckdb.DuckDBPyConnection) -> tuple[ServiceCandidate, ...]:
    """Every service in force now, in Swedish order of names."""
    rows = cursor.execute(
        """SELECT s.service_id, s.name, s.department_id, coalesce(d.path, []), s.audience, s.area, s.url, s.published_from,
               list_contains($without, c.class)
        FROM services s
        JOIN service_classes c ON c.service_id = s.service_id AND c.month = (SELECT max(month) FROM months)
        LEFT JOIN department_dim d ON d.department_id = s.department_id
        ORDER BY s.name COLLATE sv, s.service_id""",
        {"without": list(WITHOUT_E_SERVICE)},
    ).fetchall()
    return tuple(ServiceCandidate(*_with_tuples(row)) for row in rows)


def e_services(cursor: duckdb.DuckDBPyConnection) -> tuple[EServiceCandidate, ...]:
    """Every e-service, link and form that is live now, in Swedish order of names."""
    rows = cursor.execute(
        """SELECT e.e_service_id, e.name, e.kind, d.department_id, coalesce(d.path, []), coalesce(p.audience, e.audience), e.area,
               e.url, e.alias, e.live_from, e.e_service_id NOT IN (SELECT e_service_id FROM links)
        FROM e_services e
        JOIN live_e_services l ON l.e_service_id = e.e_service_id AND l.month = (SELECT max(month) FROM months)
        LEFT JOIN placed_e_services p ON p.e_service_id = e.e_service_id AND p.month = l.month
        LEFT JOIN department_dim d ON d.department_id = coalesce(p.department_id, e.department_id)
        ORDER BY e.name COLLATE sv, e.e_service_id"""
    ).fetchall()
    return tuple(EServiceCandidate(*_with_tuples(row)) for row in rows)


def _with_tuples(row: tuple[Any, ...]) -> Iterator[Any]:
    """A row with its lists as tuples."""
    return (tuple(value) if isinstance(value, list) else value for value in row)


def unpaired_services(cursor: duckdb.DuckDBPyConnection) -> tuple[ServiceCandidate, ...]:
    """The services without an e-service, the longest published first; those without a date last."""
    unpaired = [service for service in services(cursor) if service.unpaired]
    return tuple(sorted(unpaired, key=lambda s: (s.published_from is None, s.published_from or date.max)))


def unpaired_e_services(cursor: duckdb.DuckDBPyConnection) -> tuple[EServiceCandidate, ...]:
    """The e-services and links (never forms) that belong to no service, in Swedish order of names."""
    return tuple(e for e in e_services(cursor) if e.unpaired and e.kind != "form")
