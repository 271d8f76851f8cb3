"""The invented e-service platform: versions, its catalogue on one day, and monthly totals."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from data.sample.cases import Case
from data.sample.plan import INSTALLATION, Row, month_text, months, parse_day, plan

READ_ON = date(2026, 11, 1)  # the day the catalogue was read


def launched_e_services() -> dict[str, dict[str, Any]]:
    """The launched e-services of the platform, by id."""
    specs = plan()["e_services"].items()
    return {
        code: s
        for code, s in specs
        if s.get("kind", "e-tjänst") == "e-tjänst" and not s.get("platform") and "live" in s
    }


def versions() -> Iterator[Row]:
    """Rows of versioner: one version per e-service, published when it was launched."""
    for number, (code, spec) in enumerate(launched_e_services().items(), 2001):
        yield f"{INSTALLATION}/v{number}", code, spec["live"], ""


def sightings() -> Iterator[Row]:
    """Rows of katalog: the e-services that were live on the day it was read."""
    for code, spec in launched_e_services().items():
        end = parse_day(spec.get("end", ""))
        if date.fromisoformat(spec["live"]) <= READ_ON and (end is None or end >= READ_ON):
            yield INSTALLATION, READ_ON.isoformat(), code, "ja"


def totals(cases: Iterable[Case]) -> Iterator[Row]:
    """Rows of plattformssummor: the number of cases per month."""
    by_month = Counter(case.received[:7] for case in cases)
    for month in months():
        yield INSTALLATION, month_text(month), "ärenden", str(by_month[month_text(month)]), "räknat"
