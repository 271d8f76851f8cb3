"""The catalogue of what goes out: `metrics.toml` as frozen Python values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

TOML = Path(__file__).parents[1] / "metrics.toml"
Words = Mapping[str, str]  # {"sv": …, "en": …}


@dataclass(frozen=True)
class Fact:
    """A fact to count in: its grain, the dimensions it can be grouped by, the filters it can take."""

    code: str
    grain: Words
    dimensions: tuple[str, ...]
    filters: frozenset[str]

    @property
    def relation(self) -> str:
        """What stands in FROM: the name of a relation in the database, or its rows by the rule set `$rules`."""
        return f"{self.code}_by($rules)" if "rules" in self.filters else self.code


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A number that a reader sees: what it is called, what it means, how it is counted, which section it serves, its unit."""

    code: str
    title: Words
    definition: Words
    formula: Words
    section: str
    unit: str
    goal: int | None = None


@dataclass(frozen=True, kw_only=True)
class Computed(Definition):
    """A number that Python computes from the metrics `of`; `by` is the module of `analytics` that does it."""

    by: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Metric(Definition):
    """A number that `measure` counts. SQL expressions are over the fact; see the head of `metrics.toml` for each field.

    `tables` are those of the store that it is counted from.
    """

    kind: Literal["share", "sum", "quantile", "median"]
    time: Literal["stock", "flow"]
    fact: Fact
    numerator: str
    denominator: str
    population: str
    known: str
    empty: str
    target: float | None = None
    bounds: bool = False
    total: str = "NULL"
    silent: str = "0"
    of: str | None = None
    at: float | None = None
    not_applicable: str = "false"
    suppressed: str = "false"
    counts: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()


def _metric(code: str, raw: dict[str, Any], facts: Mapping[str, Fact], all_raw: Mapping[str, Any]) -> Metric:
    spec = dict(raw)
    if spec["kind"] == "median":  # counted in the fact of the metric it is the median of
        spec = {
            k: all_raw[spec["of"]][k] for k in ("fact", "numerator", "denominator", "population", "known", "silent")
        } | spec
    spec["fact"] = facts[spec["fact"]]
    spec.setdefault("numerator", "NULL")
    spec.setdefault("denominator", "NULL")
    spec.setdefault("known", spec["denominator"])
    spec.setdefault("empty", f"{spec['known']} > 0 AND {spec['known']} = {spec['population']}")
    return Metric(code=code, **spec)


@cache
def _load() -> tuple[Mapping[str, Fact], Mapping[str, Metric], Mapping[str, Computed]]:
    raw = tomllib.loads(TOML.read_text("utf-8"))
    facts = {
        code: Fact(code, spec["grain"], tuple(spec["dimensions"]), frozenset(spec["filters"]))
        for code, spec in raw["facts"].items()
    }
    tables = {section: tuple(names) for section, names in raw["sections"].items()}
    metrics = {
        code: _metric(code, spec | {"tables": tables[spec["section"]]}, facts, raw["metrics"])
        for code, spec in raw["metrics"].items()
    }
    computed = {
        code: Computed(code=code, **spec | {"of": tuple(spec.get("of", ()))}) for code, spec in raw["computed"].items()
    }
    return MappingProxyType(facts), MappingProxyType(metrics), MappingProxyType(computed)


def facts() -> Mapping[str, Fact]:
    """Every fact by its code."""
    return _load()[0]


def metrics() -> Mapping[str, Metric]:
    """Every metric by its code, in the order of the catalogue."""
    return _load()[1]


def computed() -> Mapping[str, Computed]:
    """Every number that Python computes from the metrics, by its code, in the order of the catalogue."""
    return _load()[2]


def definitions() -> Mapping[str, Metric | Computed]:
    """Every number that a reader sees, by its code."""
    return MappingProxyType({**metrics(), **computed()})


GOALS: Mapping[int, str] = {
    metric.goal: code for code, metric in metrics().items() if metric.target is not None and metric.goal
}
"""The goals by the guideline's number."""
GOAL_CODES = tuple(GOALS.values())
