"""The plan (plan.toml) and the facts (facts/published-services.csv) of the example data, and its calendar."""

import csv
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from data import coverage

HERE = Path(__file__).parent
FACTS = HERE / "facts" / "published-services.csv"
FIRST, LAST = date(2023, 1, 1), date(2026, 10, 31)
INSTALLATION = "oep"  # of the e-service platform
UNREADABLE = "[titel ej i utdraget] "
Row = tuple[str, ...]


@cache
def plan() -> dict[str, Any]:
    """The plan."""
    return tomllib.loads((HERE / "plan.toml").read_text("utf-8"))


@cache
def facts() -> dict[str, dict[str, str]]:
    """The published services by id, T-001 for the first row."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        return {f"T-{n:03}": row for n, row in enumerate(csv.DictReader(file, delimiter=";"), 1)}


@cache
def months() -> tuple[date, ...]:
    """The first day of every month of the period."""
    return tuple(coverage.months(FIRST, LAST))


def parse_day(text: str) -> date | None:
    """The date of an ISO text; None when it is blank."""
    return date.fromisoformat(text) if text else None


def month_text(day: date) -> str:
    """The month as the input tables write it."""
    return f"{day:%Y-%m}"


def published_period(service: str) -> tuple[str, str]:
    """The first and last day that a service is published (ISO), blank when open."""
    spec = plan()["services"][service]
    page_published = facts().get(service, {}).get("page_published", "")
    return page_published or spec.get("from", ""), spec.get("until", "")


def published_months(service: str) -> Iterator[date]:
    """The months at whose end the service is published."""
    first, last = map(parse_day, published_period(service))
    for month in months():
        end = coverage.month_end(month)
        if (first is None or first <= end) and (last is None or last >= end):
            yield month


def e_services_of(service: str) -> dict[str, dict[str, Any]]:
    """The e-services that are linked to this service only, by id."""
    return {e: spec for e, spec in plan()["e_services"].items() if spec["of"] == [service]}
