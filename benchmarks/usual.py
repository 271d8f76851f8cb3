"""The overview written the usual way, with pandas and plotly.express: what plain Streamlit and Dash (`usual_*`) are given to show.

It has the facts of ours: three goals with the year before, months, departments, and costs. It leaves out the forecast, what to do
next, how much is reported, and every check, so it does less.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import plotly.express as px
from plotly.graph_objects import Figure

from data.store import Store

GOALS = {
    "1": ("has_e_service", "in_force"),
    "2": ("cases_digital", "cases"),
    "3": ("steps_digital", "steps_applicable"),
}
FACTS = """
    SELECT month, department_path[1] AS department, in_force::INT AS in_force, (in_force AND has_e_service)::INT AS has_e_service,
        cases, cases_digital, steps_digital, steps_applicable
    FROM service_months
"""
COSTS = """
    SELECT month, department_path[1] AS department, cost_type, ore / 100 AS kronor
    FROM cost_splits JOIN rule_sets USING (rule_set) WHERE latest
"""


@dataclass(frozen=True)
class Overview:
    """What stands on the page, from above: figures by title."""

    headline: str
    chosen: str
    cards: Mapping[str, str]
    figures: Mapping[str, Figure]


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts and the costs of the store that `DASHBOARD_STORE` names."""
    with duckdb.connect(Store(Path(os.environ["DASHBOARD_STORE"])).database().file, read_only=True) as database:
        return database.execute(FACTS).df(), database.execute(COSTS).df()


def overview(facts: pd.DataFrame, costs: pd.DataFrame, department: str) -> Overview:
    """The page of the whole municipality, or of a department."""
    if department:
        facts, costs = facts[facts.department == department], costs[costs.department == department]
    last = facts.month.max() - pd.DateOffset(months=1)
    now, before = _shares(facts, last), _shares(facts, last - pd.DateOffset(months=12))
    cards = {f"Mål {goal}": f"{now[goal]:.0f} % ({now[goal] - before[goal]:+.0f} procentenheter)" for goal in GOALS}
    by_month = pd.DataFrame({month: _shares(facts, month) for month in sorted(facts.month.unique())[-36:]}).T
    by_department = pd.DataFrame({name: _shares(rows, last) for name, rows in facts.groupby("department")}).T
    of_year = costs[costs.month > last - pd.DateOffset(months=12)]
    figures = {
        "Målen": px.bar(x=list(now.values()), y=list(cards), orientation="h", range_x=(0, 100)),
        "Månad för månad": px.line(by_month),
        "Verksamheterna": px.scatter(by_department, range_y=(0, 100)),
        "Ärenden": px.bar(facts.groupby("month")[["cases", "cases_digital"]].sum().tail(36)),
        "Kostnaderna": px.bar(of_year.groupby(["department", "cost_type"], as_index=False).kronor.sum(),
                              x="department", y="kronor", color="cost_type"),
    }  # fmt: skip
    chosen = f"{department or 'Hela kommunen'} · till och med {last:%Y-%m}"
    return Overview(f"Målen når {', '.join(f'{share:.0f}' for share in now.values())} %", chosen, cards, figures)


def _shares(facts: pd.DataFrame, month: pd.Timestamp) -> Mapping[str, float]:
    """Each goal's share in the twelve months up to this one, in percent; goal 1's at its end."""
    year = facts[(facts.month > month - pd.DateOffset(months=12)) & (facts.month <= month)]
    ends = facts[facts.month == month]
    sums = {goal: (ends if goal == "1" else year)[list(columns)].sum() for goal, columns in GOALS.items()}
    return {goal: 100 * sums[goal][part] / max(1, sums[goal][whole]) for goal, (part, whole) in GOALS.items()}
