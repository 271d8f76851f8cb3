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
AVERAGES = {"median": "median", "mean": "avg"}  # over services, of a share: the kind of a metric, and SQL's name for it


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

    `tables` are those of the store that it is counted from; `variant` says how it counts otherwise than the goal does.
    """

    kind: Literal["share", "sum", "quantile", "median", "mean"]
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
    variant: Words = field(default_factory=dict)


OWN = ("title", "definition", "formula", "target", "variant")  # what no metric takes over from the one it is like


def _spec(raw: Mapping[str, Any], all_raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a metric, with those of the one it is like, or an average of."""
    spec = dict(raw)
    if like := spec.pop("like", None):
        spec = {k: v for k, v in _spec(all_raw[like], all_raw).items() if k not in OWN} | spec
    if spec["kind"] in AVERAGES:  # counted in the fact of the metric it is an average of
        whole = _spec(all_raw[spec["of"]], all_raw)
        spec = {k: whole[k] for k in ("fact", "numerator", "denominator", "population", "known", "silent")} | spec
    return spec


def _metric(
    code: str, spec: dict[str, Any], facts: Mapping[str, Fact], tables: Mapping[str, tuple[str, ...]]
) -> Metric:
    spec |= {"fact": facts[spec["fact"]], "tables": tables[spec["section"]]}
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
    metrics = {code: _metric(code, _spec(spec, raw["metrics"]), facts, tables) for code, spec in raw["metrics"].items()}
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


def variants(goal: int) -> tuple[str, ...]:
    """The metrics that a goal is, and could be, counted by: first the adopted one. KeyError when there is no such goal."""
    return GOALS[goal], *(code for code, metric in metrics().items() if metric.goal == goal and metric.variant)
