"""Where the suggested yearly cost of an e-service comes from."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import streamlit as st

from analytics.costs.unit_costs import ServiceCosts, UnitCost
from analytics.metrics.scope import Scope
from data.store import Store
from tests.analytics.costs.test_break_even import LEDGER
from ui.services import costs
from ui.services.break_even import describe_yearly_cost

DECEMBER = Scope(date(2025, 12, 1), date(2025, 12, 1), services=("T",))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        (
            LEDGER.replace("BOOKED", "E"),
            "The suggested cost a year is what is booked on the service's own e-services over the last twelve months.",
        ),
        (
            LEDGER.replace("BOOKED", ""),
            "The suggested cost a year is a rule of thumb: the platform's fixed and variable cost shared equally"
            " by its e-services.",
        ),
        (LEDGER.partition("K2;")[0].replace("BOOKED", ""), "The suggested cost a year is a rule of thumb."),
    ],
)
def test_the_suggested_cost_says_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, small_store: Callable[..., Store], ledger: str, said: str
) -> None:
    tables = {
        "departments": "verksamhet_id;namn\nA;Alfa\n",
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\n",
        "e_services": "etjanst_id;namn;typ;plattform\nE;Bygglov;e-tjänst;Open ePlatform\n",
        "links": "tjanst_id;etjanst_id\nT;E\n",
        "costs": ledger,
    }
    monkeypatch.setenv("DASHBOARD_STORE", str(small_store(tables).folder))
    st.cache_resource.clear()
    assert describe_yearly_cost(DECEMBER) == said
    st.cache_resource.clear()


@pytest.mark.usefixtures("english")
def test_where_nothing_is_booked_a_sentence_stands_instead_of_a_picture_of_zeros(heard: list[str]) -> None:
    month = date(2026, 10, 1)
    nothing = ServiceCosts((UnitCost(month, Decimal(0), 40, None),) * 12, ("E",), ("T",), Decimal(7))
    said = "Nothing is booked on the service's e-service in the period, or in the eleven months before it."
    assert costs._told(nothing) == [said]
    costs._course(nothing, Scope(month, month))
    assert heard == []
