"""Moves of a share to say why of: made of a few services, all of department A (see `register`)."""

from datetime import date

from analytics.decomposition.effects import Counts, CoverageReason
from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from tests.analytics.decomposition.by_fractions import Cell, decompose_arrays
from ui.decomposition import summary

ONE, TWO, THREE = "e_service_coverage", "digital_submission", "digital_handling"
SCOPE = Scope(date(2026, 1, 1), date(2026, 12, 1))
LANGUAGES = ("en", "sv")
Period = dict[str, tuple[int, int]]


def row(counted: Counts | None, coverage: float = 1.0, state: str = "value") -> Row:
    """A share as `measure` tells it."""
    if counted is None:
        return Row({}, None, None, None, None, None, state)  # type: ignore[arg-type]  # a field by its name
    value = float(counted.share or 0)
    return Row({}, counted.numerator, counted.denominator, value, counted.denominator, coverage, "value")


def moved(
    then: Period, now: Period, why_gone: CoverageReason = "stopped", *, sure: bool = True, coverage: float = 1.0
) -> summary.ShareChange:
    """The move between two periods of services."""
    before, after = ({Cell(key): Counts(*of) for key, of in period.items()} for period in (then, now))
    found = decompose_arrays(
        before, after, dict.fromkeys([*before, *after], why_gone), dict.fromkeys([*then, *now], "A")
    )
    assert found
    return summary.ShareChange(row(found.now, coverage), row(found.then), found, sure)


UNKNOWN = summary.ShareChange(row(None, state="not_reported"), row(Counts(1, 2)), None)
