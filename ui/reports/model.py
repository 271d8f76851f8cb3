"""A report as it is frozen: ready sentences, tables and numbers, which every reader and every file of it are drawn from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ui.components.bullets import Milestone
from ui.components.goal_rows import Change, Goal
from ui.components.shares import Share

FORMAT = 1  # of the content; a later program reads every earlier one


@dataclass(frozen=True)
class Figure:
    """A number as it was measured: a metric of a department, a payer, or ("") of all that the report is of.

    `version` is that of the definition; `title` and `whose` are what the two were called. `before`: it is of the months that the
    report compares with.
    """

    metric: str
    of: str
    value: float | None
    numerator: float | None
    denominator: float | None
    coverage: float | None
    silent: int
    state: str
    version: str
    title: str = ""
    whose: str = ""
    before: bool = False

    @property
    def key(self) -> tuple[str, str, bool]:
        """What the number is, whatever it is called."""
        return self.metric, self.of, self.before

    @property
    def name(self) -> str:
        """What the number is, and whose: "Digitala ärenden, Barn och utbildning"."""
        return ", ".join(filter(None, (self.title or self.metric, self.whose or self.of)))


@dataclass(frozen=True)
class Grid:
    """A table of ready texts; `numeric` are the places of the columns of numbers. With `total` the last row is all of them.

    `marks` is the share 0–1 that is drawn of each row, None where it is not known; empty where none are.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    total: bool = False
    marks: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class Section:
    """A finding, what is said of it, its table, and the address of the page where the table's rows are."""

    heading: str
    sentences: tuple[str, ...] = ()
    grid: Grid | None = None
    link: str = ""


@dataclass(frozen=True)
class Period:
    """The choice that the report is of, as the address writes it: months, and codes."""

    month_from: str
    month_to: str
    compared_from: str
    departments: tuple[str, ...]
    audience: str
    services: tuple[str, ...]
    organisation: str
    rules: str


@dataclass(frozen=True)
class Report:
    """A report. `goals` are the rows of the three goals, `figures` the numbers behind it; `facts` name what it is of.

    `address` is that of the page of reports with what this one is of, below `home`; both may be lacking, as every link may.
    """

    title: str
    headline: str
    language: str
    period: Period
    facts: tuple[tuple[str, str], ...]
    goals: tuple[Goal, ...]
    basis: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    definitions: Grid
    sources: tuple[str, ...]
    figures: tuple[Figure, ...]
    address: str = ""
    home: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report as plain values for JSON."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Report":
        """The report that `as_json` wrote; KeyError or TypeError when it is none."""
        named = {name: raw[name] for name in ("title", "headline", "language")}
        return cls(
            **named,
            period=_period(raw["period"]),
            facts=tuple((name, text) for name, text in raw["facts"]),
            goals=tuple(map(_goal, raw["goals"])),
            basis=tuple(raw["basis"]),
            actions=tuple((title, sentence) for title, sentence in raw["actions"]),
            sections=tuple(map(_section, raw["sections"])),
            definitions=_grid(raw["definitions"]),
            sources=tuple(raw["sources"]),
            figures=tuple(Figure(**one) for one in raw["figures"]),
            address=raw.get("address", ""),
            home=raw.get("home", ""),
        )


def _period(raw: Mapping[str, Any]) -> Period:
    several = {name: tuple(raw[name]) for name in ("departments", "services")}
    return Period(**{**raw, **several})


def _goal(raw: Mapping[str, Any]) -> Goal:
    parts = {"now": Share, "before": Share, "milestone": Milestone, "change": Change}
    nested = {name: make(**raw[name]) if raw[name] else None for name, make in parts.items()}
    bounds = tuple(raw["bounds"]) if raw["bounds"] else None
    return Goal(**{**raw, **nested, "bounds": bounds})


def _section(raw: Mapping[str, Any]) -> Section:
    return Section(raw["heading"], tuple(raw["sentences"]), raw["grid"] and _grid(raw["grid"]), raw.get("link", ""))


def _grid(raw: Mapping[str, Any]) -> Grid:
    rows = tuple(map(tuple, raw["rows"]))
    marks = tuple(raw.get("marks", ()))
    return Grid(raw["title"], tuple(raw["columns"]), rows, tuple(raw["numeric"]), raw["total"], marks)
