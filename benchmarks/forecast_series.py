"""Made series to try a forecast on: their truth is known, also two years after the history ends. A seed gives the same series."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.forecast.candidates import Floats
from analytics.forecast.history import History, Point
from analytics.forecast.level_shifts import RegisterChange
from analytics.metrics.scope import add_months

FIRST = date(2022, 1, 1)
AHEAD = 24  # months of truth after the history
LENGTHS = (15, 20, 24, 36, 46)  # months of history
CASES = 1000  # a month
FEW = 100
KINDS = {
    "lines": "a steady change of −0.5 to +1 point a month",
    "few cases": "the same, of 100 cases a month instead of 1,000",
    "steps": "a launch 3–14 months ago moved the level by −10 to +30 points",
    "steps, not registered": "the same, but nobody noted the launch",
    "seasons": "a season of ± 5 or 10 points on a level or a line",
    "saturation": "an S-curve that ends at 75–100 %",
    "drift": "a level that wanders by 0.5–2 points a month",
    "register": "services that get e-services one by one (goal 1)",
}


@dataclass(frozen=True)
class Made:
    """A history, and the monthly volumes of it and of the two years after."""

    history: History
    digital: Floats
    total: Floats
    stock: bool


def make(kind: str, months: int, seed: int) -> Made:
    """A series of one of `KINDS` with `months` months of history."""
    rng = np.random.default_rng([list(KINDS).index(kind), months, seed])
    now = np.arange(months + AHEAD, dtype=float) - months
    if kind == "register":
        return _register(rng, now, months)
    season = rng.choice([0.0, 0.3]) * np.sin(2 * np.pi * now / 12 + rng.uniform(0, 2 * np.pi))
    total = np.maximum(1, rng.poisson((FEW if kind == "few cases" else CASES) * (1 + season)))
    launch = -int(rng.choice([3, 6, 9, 14]))
    share = np.clip(_share(kind, rng, now, launch), 0.005, 0.998)
    noisy = np.clip(share + rng.normal(0, rng.choice([0.0, 0.01]), len(now)), 0.0, 1.0)
    changes = (RegisterChange(add_months(FIRST, months + launch), "launched", "E-1"),) if kind == "steps" else ()
    return _made(rng.binomial(total, noisy).astype(float), total.astype(float), months, changes)


def _share(kind: str, rng: np.random.Generator, now: Floats, launch: int) -> Floats:
    """The share (0–1) of each month before chance; 0 is the first month ahead."""
    if kind in ("lines", "few cases"):
        return np.asarray(rng.uniform(0.35, 0.7) + rng.choice([-0.005, 0.0, 0.0025, 0.005, 0.01]) * now)
    if kind.startswith("steps"):
        return np.asarray(rng.uniform(0.35, 0.55) + rng.choice([-0.1, 0.1, 0.2, 0.3]) * (now >= launch))
    if kind == "seasons":
        wave = rng.choice([0.05, 0.1]) * np.sin(2 * np.pi * now / 12 + rng.uniform(0, 2 * np.pi))
        return np.asarray(rng.uniform(0.35, 0.6) + rng.choice([0.0, 0.003, 0.006]) * now + wave)
    if kind == "saturation":
        top, middle, pace = rng.choice([0.75, 0.9, 1.0]), now[0] * rng.uniform(0.2, 0.8), rng.choice([0.1, 0.2])
        return np.asarray(0.1 + (top - 0.1) / (1 + np.exp(-pace * (now - middle))))
    return np.asarray(0.5 + np.cumsum(rng.normal(0, rng.choice([0.005, 0.01, 0.02]), len(now))))


def _register(rng: np.random.Generator, now: Floats, months: int) -> Made:
    services = int(rng.choice([25, 60, 90]))
    launches = rng.poisson(rng.choice([0.1, 0.3, 0.6]) * services / 90, len(now))
    launches[1] += 1  # one that never moved is refused
    digital = np.minimum(services, np.round(services * rng.uniform(0.2, 0.6)) + np.cumsum(launches))
    return _made(digital, np.full(len(now), float(services)), months, (), stock=True)


def _made(
    digital: Floats, total: Floats, months: int, changes: tuple[RegisterChange, ...], *, stock: bool = False
) -> Made:
    pairs = zip(digital[:months].tolist(), total[:months].tolist(), strict=True)
    points = tuple(Point(add_months(FIRST, i), part, whole - part) for i, (part, whole) in enumerate(pairs))
    return Made(History(points, 1, 1, 1.0, changes=changes), digital, total, stock)
