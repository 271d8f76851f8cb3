"""How well the forecast would have done: `python -m benchmarks.forecast` writes the tables of docs/forecast.md; some minutes.

On made series, whose truth is known, and on the goals of the example data with a rolling origin: at every month from the
earliest that has two years behind it, what would have been forecast, and what came? The set of services is the one that the
whole history has, and a launch is known from its month on. What the page would have refused is refused.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from math import ceil
from pathlib import Path
from statistics import mean

import duckdb
import numpy as np

from analytics.forecast.backtest import trailing
from analytics.forecast.candidates import Floats
from analytics.forecast.history import History, Refusal, history, too_little
from analytics.forecast.model import Forecast, project, until_too_uncertain
from analytics.metrics.catalogue import GOAL_CODES, metrics
from analytics.metrics.dimensions import departments
from analytics.metrics.period import period
from analytics.statistics.confidence import wilson
from benchmarks.forecast_series import KINDS, LENGTHS, make
from data.store import Store

HORIZONS = (1, 3, 6, 12)
SEEDS = range(7000, 7100)  # other seeds than those that the constants were chosen on
FIRST = 24  # months behind the first origin
WHOLE = "the municipality"


@dataclass(frozen=True)
class Trial:
    """What was forecast of one month, what came, and what stood when it was forecast (shares 0–1); None where it was refused.

    `series` tells the histories of a group apart.
    """

    group: str
    series: str
    horizon: int
    came: float
    now: float
    result: tuple[float, float, float] | None

    @property
    def inside(self) -> bool:
        """Whether what came lay in the interval."""
        return self.result is not None and self.result[1] - 1e-6 <= self.came <= self.result[2] + 1e-6


def trials(group: str, series: str, known: History, volumes: tuple[Floats, Floats], *, stock: bool) -> Iterator[Trial]:
    """One forecast from a history, held against the volumes (digital and all) that continue after it."""
    forecast = too_little(known.points) or project(known, stock=stock)
    usable = isinstance(forecast, Forecast) and bool(until_too_uncertain(forecast.future))
    window = forecast.window if isinstance(forecast, Forecast) else 1
    shares = trailing(*volumes, window)
    for horizon in HORIZONS:
        month = len(known.points) + horizon - 1
        if month < len(shares):
            ahead = forecast.future[horizon - 1] if isinstance(forecast, Forecast) and usable else None
            result = (ahead.value, ahead.low, ahead.high) if ahead else None
            yield Trial(group, series, horizon, float(shares[month]), float(shares[len(known.points) - 1]), result)


def made(kinds: Sequence[str], seeds: Sequence[int], lengths: Sequence[int] = LENGTHS) -> list[Trial]:
    """Every kind of made series, of every length and seed."""
    found: list[Trial] = []
    for kind, months, seed in product(kinds, lengths, seeds):
        one = make(kind, months, seed)
        found += trials(kind, f"{months} {seed}", one.history, (one.digital, one.total), stock=one.stock)
    return found


def rolling(group: str, series: str, known: History, *, stock: bool) -> Iterator[Trial]:
    """Every origin of one real history."""
    digital, other = (np.array([getattr(p, part) for p in known.points]) for part in ("digital", "other"))
    for origin in range(FIRST, len(known.points)):
        past = replace(known, points=known.points[:origin])
        yield from trials(group, series, past, (digital, digital + other), stock=stock)


def table(found: Sequence[Trial]) -> str:
    """The trials by group and horizon as Markdown; errors and widths in percentage points."""
    rows = [
        "| | months ahead | forecasts | refused | inside | 95 % | error | mean error | naive | width |",
        "|---|" + "---:|" * 9,
    ]
    for group in dict.fromkeys(t.group for t in found):
        for horizon in HORIZONS:
            tried = [t for t in found if (t.group, t.horizon) == (group, horizon)]
            rows.append(f"| {group} | {horizon} | {_cells(tried)} |")
    return "\n".join([*rows, f"| **all** | | {_cells(found)} |"])


def independent(tried: Sequence[Trial]) -> int:
    """How many of the forecasts have months to come that they share with no other; those of a series overlap."""
    counts = Counter((t.group, t.series, t.horizon) for t in tried if t.result)
    return sum(ceil(count / horizon) for (_group, _series, horizon), count in counts.items())


def _cells(tried: Sequence[Trial]) -> str:
    """How many, and how well they did."""
    some = [(t, t.result) for t in tried if t.result]
    if not some:
        return f"0 | {len(tried)} | | | | | | "
    inside = mean(t.inside for t, _ in some)
    low, high = (f"{100 * end:.0f}" for end in wilson(inside * independent(tried), independent(tried)))
    between = f"{low}–{high}" if len({t.horizon for t in tried}) == 1 else ""
    errors = [100 * (value - t.came) for t, (value, _low, _high) in some]
    naive = 100 * mean(abs(t.now - t.came) for t, _ in some)
    width = 100 * mean(high - low for _, (_value, low, high) in some)
    figures = (mean(map(abs, errors)), mean(errors), naive, width)
    size, signed, same, wide = (f"{figure:.1f}".replace("-", "−") for figure in figures)
    return f"{len(some)} | {len(tried) - len(some)} | {100 * inside:.0f} % | {between} | {size} | {signed} | {same} | {wide}"


def goals(cursor: duckdb.DuckDBPyConnection, code: str) -> str:
    """A goal of the municipality and of its administrations: on whom it was tried, and the table."""
    scope, stock = period(cursor).scope(), metrics()[code].time == "stock"
    who = {WHOLE: scope} | {
        d.name: replace(scope, departments=(d.department_id,)) for d in departments(cursor) if d.depth == 1
    }
    known = {name: history(cursor, code, one) for name, one in who.items()}
    kept = {n: h for n, h in known.items() if isinstance(h, History) and len(h.points) > FIRST}
    left = {n: (h.reason if isinstance(h, Refusal) else "short") for n, h in known.items() if n not in kept}
    found = [t for n, h in kept.items() for t in rolling(WHOLE if n == WHOLE else "administrations", n, h, stock=stock)]
    return f"Tried on: {', '.join(kept)}. Not on: {left}\n\n{table(found)}"


def main() -> None:
    """The made series, then every goal of the example data."""
    print(f"## Made series\n\n{len(LENGTHS) * len(SEEDS)} of each kind: {LENGTHS} months of history, seeds {SEEDS}\n")
    print(table(made(list(KINDS), SEEDS)), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store")
        store.build(datetime(2026, 11, 2, 8))
        with store.database().cursor() as cursor:
            for code in GOAL_CODES:
                print(f"\n## {code}\n\n{goals(cursor, code)}", flush=True)


if __name__ == "__main__":
    main()
