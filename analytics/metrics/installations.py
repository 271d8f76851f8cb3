"""Where the e-services and their cases come from: the installations of the e-service platform whose catalogue was read."""

from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from analytics.metrics.served import read_once


@dataclass(frozen=True)
class Installation:
    """One installation: the day its catalogue was last read, and the e-services in it then, with those switched off."""

    name: str
    seen_on: date
    flows: int
    enabled: int


@read_once
def installations(cursor: DuckDBPyConnection) -> tuple[Installation, ...]:
    """Every installation in the order of its name; empty when no catalogue was read."""
    rows = cursor.execute("SELECT installation, seen_on, flows, enabled FROM installations ORDER BY ALL").fetchall()
    return tuple(Installation(*row) for row in rows)
