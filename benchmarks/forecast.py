"""How well the forecast would have done: `python -m benchmarks.forecast` writes the tables of docs/forecast.md; some minutes.

Rolling origin: standing in every month from the earliest that has two years behind it, what would have been said of the months
after it, and what came? The set of services is the one that the whole history has; its volumes are cut at the origin.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from statistics import mean

from analytics.forecast.history import History, Refusal, history
from analytics.forecast.model import YEAR, project, until_too_uncertain
from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.dimensions import departments
from analytics.metrics.period import period
from data.store import Store

HORIZONS = (1, 3, 6, 12, 18, 24)
FIRST = 24  # months behind the first origin
WHOLE = "the municipality"


@dataclass(frozen=True)
class Trial:
    """What was said at one origin of one month: by the forecast, by "the same as last year", and what came (0–1)."""

    who: str
    horizon: int
    said: float
    naive: float
    came: float
    inside: bool
    silent: bool  # a page would not have said it: the interval is too wide


def trials(who: str, known: History, *, stock: bool, single: bool) -> Iterator[Trial]:
    """Every origin and horizon of one history."""
    whole = known.points
    came = {p.month: p.value for p in whole} if single or stock else _years(known)
    for origin in range(FIRST, len(whole)):
        cut = replace(known, points=whole[:origin])
        ahead = project(cut, stock=stock, single=single, months=HORIZONS[-1]).future
        told = len(until_too_uncertain(ahead))
        for h in (h for h in HORIZONS if origin + h <= len(whole)):
            one, true = ahead[h - 1], came[whole[origin + h - 1].month]
            as_then = origin - YEAR + (h - 1) % YEAR if single and not stock else origin - 1
            naive = came[whole[as_then].month]
            if true is not None and naive is not None:
                inside = round(one.low, 6) <= true <= round(one.high, 6)
                yield Trial(who, h, one.value, naive, true, inside, h > told)


def _years(known: History) -> dict[date, float | None]:
    """The share of the twelve months that end with each month."""
    points = known.points
    years: dict[date, float | None] = {}
    for i in range(YEAR - 1, len(points)):
        digital, other = (sum(getattr(p, part) for p in points[i - YEAR + 1 : i + 1]) for part in ("digital", "other"))
        years[points[i].month] = digital / (digital + other) if digital + other else None
    return years


def table(found: Sequence[Trial]) -> str:
    """The trials by horizon as Markdown: the municipality first, then the departments together."""
    rows = ["| | months ahead | said | not said | error, forecast | error, naive | inside |", "|---|" + "---:|" * 6]
    groups: dict[tuple[bool, int], list[Trial]] = defaultdict(list)
    for one in found:
        groups[one.who != WHOLE, one.horizon].append(one)
    for (below, h), tried in sorted(groups.items()):
        some = [one for one in tried if not one.silent]
        own, naive, inside = (100 * mean(part) if some else 0.0 for part in _parts(some))
        who = "departments" if below else WHOLE
        rows.append(
            f"| {who} | {h} | {len(some)} | {len(tried) - len(some)} | {own:.1f} | {naive:.1f} | {inside:.0f} % |"
        )
    return "\n".join(rows)


def _parts(some: Sequence[Trial]) -> tuple[list[float], list[float], list[float]]:
    """The errors of the forecast and of the naive, and whether the truth lay inside."""
    return (
        [abs(one.said - one.came) for one in some],
        [abs(one.naive - one.came) for one in some],
        [float(one.inside) for one in some],
    )


def main() -> None:
    """Every goal, the municipality and its administrations, on the example data."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        store.build(datetime(2026, 11, 2, 8))
        with store.database().cursor() as cursor:
            scope = period(cursor).scope()
            who = {WHOLE: scope} | {
                d.name: replace(scope, departments=(d.department_id,)) for d in departments(cursor) if d.depth == 1
            }
            for code in GOAL_CODES:
                known = {name: history(cursor, code, one) for name, one in who.items()}
                kept = {n: h for n, h in known.items() if isinstance(h, History) and len(h.points) > FIRST}
                left = {n: (h.reason if isinstance(h, Refusal) else "short") for n, h in known.items() if n not in kept}
                print(f"\n## {code}\n\nTried on: {', '.join(kept)}. Not on: {left}", flush=True)
                stock = metrics()[code].time == "stock"
                for single in (True,) if stock else (True, False):
                    found = [t for n, h in kept.items() for t in trials(n, h, stock=stock, single=single)]
                    print(
                        f"\n{'single months' if single else 'twelve months that end with'}\n\n{table(found)}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
