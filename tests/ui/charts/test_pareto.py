"""The cumulative curve: it never falls, starts at nothing, and marks the place that it is told."""

import json

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.charts.pareto import Step, pareto
from ui.frame.theme import palettes


@given(st.lists(st.floats(0.01, 20), max_size=80), st.floats(1, 3), st.data())
def test_the_curve_takes_any_steps(values: list[float], more: float, data: st.DataObject) -> None:
    mark = data.draw(st.none() | st.integers(1, len(values))) if values else None
    figure = pareto(
        [Step(f"<b>{i}", value) for i, value in enumerate(values)],
        sum(values) * more + 0.1,
        palettes()["dark"],
        say=lambda v: f"{v:.1f}",
        across="services",
        mark=mark,
        marked="3 of 4",
        reading="Said",
    )
    drawn = json.loads(go.Figure(figure.spec).to_json())
    assert drawn["data"][0]["y"] == sorted(drawn["data"][0]["y"])
    assert drawn["data"][0]["y"][0] == 0
    assert drawn["layout"]["yaxis"]["range"][0] == 0
    assert len(drawn["data"]) == (1 if mark is None else 2)
    assert "<b>0" not in "".join(drawn["data"][0]["hovertext"])


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(("reading", "said"), [("", "There is nothing to show."), ("All of it.", "All of it.")])
def test_the_curve_in_words(reading: str, said: str) -> None:
    told = {"across": "services", "mark": None, "marked": "", "reading": reading}
    assert pareto([], 1.0, palettes()["dark"], say=str, **told).alt == said  # type: ignore[arg-type]  # a field by its name
