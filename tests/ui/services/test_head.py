"""A department head's page: the way to a goal, what is not reported, and its words."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

import pytest
import streamlit as st

from analytics.metrics.catalogue import GOALS
from analytics.metrics.measure import measure
from analytics.metrics.scope import Scope
from analytics.quality.missing_reports import reporting_gaps, silent_months
from data.store import Store
from tests.reader import lines
from ui import database
from ui.components import department_rows
from ui.components.tables import markup
from ui.next_steps import department
from ui.services import head, matrix

YEAR = (date(2025, 11, 1), date(2026, 10, 1))
WHOLE, CARE = Scope(*YEAR), Scope(*YEAR, departments=("VOF",))
Make = Callable[..., Store]


@pytest.fixture
def _example(monkeypatch: pytest.MonkeyPatch, store: Store) -> Iterator[None]:
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


def plain(text: str) -> str:
    """With spaces that break."""
    return text.replace("\u00a0", " ")


@pytest.mark.usefixtures("_example")
def test_what_a_service_can_lift_is_its_cases_of_all_of_the_departments(store: Store) -> None:
    goal, found = matrix.lifts(CARE)
    with store.database().cursor() as cursor:
        whole = measure(cursor, GOALS[goal], WHOLE)[0].denominator
        rows = {r.by["service"]: r for r in measure(cursor, GOALS[goal], CARE, "service")}
        own = measure(cursor, GOALS[goal], CARE)[0].denominator
    assert goal == 3 and found
    for gain in found:
        row = rows[gain.service_id]
        assert gain.share == Fraction(int(row.denominator or 0) - int(row.numerator or 0), int(whole or 0))
    assert own and own < (whole or 0)
    first, total = (100 * left / own for left in (found[0].remaining, sum(gain.remaining for gain in found)))
    said = f"ger mest för verksamhetens mål 3: {first:.1f} av {total:.1f} procentenheter".replace(".", ",")
    assert plain(matrix.finding(CARE)).endswith(said)
    html = str(markup("services", matrix.table(CARE, None)))
    assert html.count('<th scope="row"') == len(matrix.statuses(CARE)) == 8
    assert f"<b>{first:.1f}</b>".replace(".", ",") in html


@pytest.mark.usefixtures("_example")
def test_where_no_service_is_the_way_all_of_them_are_summed() -> None:
    _goal, found = matrix.lifts(WHOLE)
    total = f"{100 * float(sum(gain.share for gain in found)):.1f}".replace(".", ",")
    assert plain(matrix.finding(WHOLE)) == f"{len(found)} tjänster kan ta kommunen {total} procentenheter närmare mål 3"
    assert matrix.reading(WHOLE) == "97 publicerade tjänster, de med flest ärenden först."


@pytest.mark.usefixtures("_example")
def test_the_filter_keeps_those_that_stop_there() -> None:
    table = matrix.table(WHOLE, "e_service")
    assert len(table) == sum(s.bottleneck == "e_service" for s in matrix.statuses(WHOLE)) > 0
    assert matrix.finding(WHOLE, "e_service") == f"{len(table)} tjänster: saknar e-tjänst"
    assert matrix.reading(WHOLE, "e_service") == "Av 97 publicerade tjänster. De med flest ärenden står först."
    assert table.narrowed == "saknar e-tjänst" and len(matrix.table(CARE, "done")) == 0


@pytest.mark.usefixtures("_example")
def test_what_is_not_reported_comes_first_and_is_named() -> None:
    assert database.answer(silent_months, CARE) == tuple(date(2026, month, 1) for month in range(9, 11))
    assert plain(head.reported(CARE)) == "Inget är rapporterat efter aug 2026"
    (first,) = department.to_report(CARE)
    assert first.needs_eyes and plain(first.title) == "Rapportera sep 2026–okt 2026"
    assert first.sentence == "2 månader är inte fullt rapporterade för 8 tjänster. Utan dem går mål 2 inte att följa."
    assert database.answer(silent_months, WHOLE) == () and department.to_report(WHOLE) == []
    assert plain(head.reported(WHOLE)) == "79 % av tjänsternas månader är fullt rapporterade"


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "2 months of 1 service are not fully reported. Without them goal 2 cannot be followed."),
        (2, "2 months of 2 services are not fully reported. Without them goal 2 cannot be followed."),
    ],
)
@pytest.mark.usefixtures("_example", "english")
def test_what_is_not_reported_is_counted(n: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    gap = database.answer(reporting_gaps, CARE)[0]
    monkeypatch.setattr(department, "reporting_gaps", lambda _cursor, _scope: [gap] * n)
    assert department.to_report(CARE)[0].sentence == said


@pytest.mark.usefixtures("_example")
def test_the_units_stand_in_numbers() -> None:
    html = str(markup("units", department_rows.units(CARE)))
    assert [line for line in lines(html) if line in ("1 av 1", "2 av 4", "1 av 3")] == ["1 av 1", "2 av 4", "1 av 3"]
    assert html.count("department=") == 3


SERVICE = {
    "departments": "verksamhet_id;namn\nA;Alfa\n",
    "services": "tjanst_id;namn;verksamhet_id;malgrupp;publicerad_fran\nT;Lov;A;extern;2020-01-01\n",
    "e_services": "etjanst_id;namn;typ;plattform;i_drift_fran\nE;Lov;e-tjänst;Open ePlatform;2020-01-01\n",
    "links": "tjanst_id;etjanst_id\nT;E\n",
}


@pytest.mark.parametrize(
    ("counts", "said", "actions"),
    [
        ({}, "Inget är rapporterat", 1),
        (dict.fromkeys(range(1, 7), (9, 1)), "Alla månader är rapporterade", 0),
        (dict.fromkeys(range(1, 6), (9, 1)), "Inget är rapporterat efter maj 2026", 1),
        ({1: (9, 1), 6: (9, 1)}, "33 % av tjänsternas månader är fullt rapporterade", 1),
    ],
)
def test_how_much_is_reported(
    counts: dict[int, tuple[int, int]], said: str, actions: int, small_store: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        f"T;2026-{month:02};{channel};{n}\n"
        for month, pair in counts.items()
        for channel, n in zip(("e-tjänst", "telefon"), pair, strict=True)
    ]
    tables = SERVICE | ({"case_counts": "tjanst_id;manad;kanal;antal\n" + "".join(rows)} if rows else {})
    monkeypatch.setenv("DASHBOARD_STORE", str(small_store(tables).folder))
    st.cache_resource.clear()
    scope = Scope(date(2026, 1, 1), date(2026, 6, 1), departments=("A",))
    assert plain(head.reported(scope)) == said
    assert len(department.to_report(scope)) == actions
    known = len(counts) > 1 and sum(map(sum, counts.values())) >= 20  # fewer are not ranked
    lift = "1 tjänst kan ta verksamheten 10,0 procentenheter närmare mål 2"
    assert plain(matrix.finding(scope)) == (lift if known else "Tjänst för tjänst")
    assert matrix.reading(scope) == "1 publicerad tjänst."
    st.cache_resource.clear()
