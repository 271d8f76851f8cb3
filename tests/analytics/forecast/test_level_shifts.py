"""What changed around the services of a history, as the registers know it; and a launch in a store told as a step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from analytics.forecast.history import History, history
from analytics.forecast.level_shifts import RegisterChange, register_changes
from analytics.forecast.model import Forecast, forecast
from analytics.metrics.scope import Scope, add_months
from data.store import Store

SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1))
LAUNCHED = date(2026, 8, 1)
MONTHS = [add_months(date(2024, 11, 1), i) for i in range(24)]
TABLES = {
    "departments": "verksamhet_id;namn;overordnad_id\nA;Alfa;\nA1;Alfa ett;A\nB;Beta;\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\nS1;Ett;A1;extern;2020-01-01\nS2;Två;B;extern;\n",
    "e_services": "etjanst_id;namn;typ;lanserad;avvecklad\nE1;Ett direkt;e-tjänst;2020-01-01;\nE2;Ett igen;e-tjänst;2026-08-01;\n"
    "E3;Två direkt;e-tjänst;2020-01-01;2026-05-31\nF1;Papper;blankett;2026-08-01;\n",
    "links": "tjanst_id;etjanst_id\nS1;E1\nS1;E2\nS1;F1\nS2;E3\n",
    "events": "datum;rubrik;verksamhet_id;tjanst_id;etjanst_id\n2026-02-10;Alla;;;\n2026-03-10;Vår förvaltning;A;;\n"
    "2026-04-10;En annan;B;;\n2026-05-10;Tjänsten;;S1;\n2026-06-10;E-tjänsten;;;E2\n",
    "handling_steps": "tjanst_id;steg;fran;lage\nS1;beslut;2026-07-01;digitalt\nS2;beslut;2026-07-01;digitalt\n",
    "case_counts": "tjanst_id;manad;kanal;antal\n"
    + "".join(
        f"S1;{m:%Y-%m};telefon;{120 - web + i % 3}\nS1;{m:%Y-%m};e-tjänst;{web}\n"
        for i, m in enumerate(MONTHS)
        for web in [(84 if m >= LAUNCHED else 60) + i % 4]
    ),
}


def test_what_changed_around_a_service(small_store: Callable[..., Store]) -> None:
    with small_store(TABLES).database().cursor() as cursor:
        changes = register_changes(cursor, ["S1"], steps=False)
        with_steps = register_changes(cursor, ["S1"], steps=True)
        none = register_changes(cursor, [], steps=True)
    assert changes == (
        RegisterChange(date(2020, 1, 1), "launched", "E1"),
        RegisterChange(date(2020, 1, 1), "published", "S1"),
        RegisterChange(date(2026, 2, 1), "event", "Alla"),
        RegisterChange(date(2026, 3, 1), "event", "Vår förvaltning"),
        RegisterChange(date(2026, 5, 1), "event", "Tjänsten"),
        RegisterChange(date(2026, 6, 1), "event", "E-tjänsten"),
        RegisterChange(date(2026, 8, 1), "launched", "E2"),
    )
    assert set(with_steps) - set(changes) == {RegisterChange(date(2026, 7, 1), "steps", "S1")}
    assert none == (RegisterChange(date(2026, 2, 1), "event", "Alla"),)


def test_a_launch_three_months_ago_is_known_as_one(small_store: Callable[..., Store]) -> None:
    """From half to seven in ten in August: the year's share climbs to the new level and stays."""
    scope = replace(SCOPE, services=("S1",))
    with small_store(TABLES).database().cursor() as cursor:
        known = history(cursor, "digital_submission", scope)
        result = forecast(cursor, "digital_submission", scope)
    assert isinstance(known, History) and known.members == ("S1",)
    assert isinstance(result, Forecast) and not result.trend and result.recent_shift
    assert result.recent_shift.month == LAUNCHED and result.recent_shift.size == pytest.approx(0.2, abs=0.02)
    assert RegisterChange(LAUNCHED, "launched", "E2") in result.recent_shift.changes
    assert result.future[11].value == pytest.approx(0.7, abs=0.02)
