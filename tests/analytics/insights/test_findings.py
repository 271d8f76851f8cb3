"""What matters most: each finding, on a register small enough to count by hand; and the postings behind a sum."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from analytics.costs.postings import PostingFilter, postings
from analytics.insights.findings import Finding, findings
from analytics.metrics.measure import measure
from analytics.metrics.period import period
from analytics.metrics.scope import Scope
from data.store import Store

Make = Callable[..., Store]
TREE = "verksamhet_id;namn\nA;Alfa\nB;Beta\n"
SERVICES = "tjanst_id;namn;verksamhet_id;malgrupp\nT1;Ett;A;extern\nT2;Två;A;extern\nT3;Tre;B;extern\n"
E_SERVICES = "etjanst_id;namn;typ\nE1;Ett;e-tjänst\nE2;Två;länk\n"
LINKS = "tjanst_id;etjanst_id\nT1;E1\nX;E2\n"
SPAN = Scope(date(2026, 1, 1), date(2026, 3, 1), comparison="previous")
COUNTS = "tjanst_id;manad;kanal;antal\n"
BEFORE, NOW = ("2025-10", "2025-11", "2025-12"), ("2026-01", "2026-02", "2026-03")


def counted(service: str, months: tuple[str, ...], digital: int, phone: int) -> str:
    return "".join(f"{service};{m};e-tjänst;{digital}\n{service};{m};telefon;{phone}\n" for m in months)


def found(store: Store, scope: Scope = SPAN) -> dict[str, Finding]:
    with store.database().cursor() as cursor:
        told = findings(cursor, scope)
    assert [f.weight for f in told] == sorted((f.weight for f in told), reverse=True)
    return {finding.kind: finding for finding in told}


def test_services_without_and_where_they_are(small_store: Make) -> None:
    store = small_store({"departments": TREE, "services": SERVICES, "e_services": E_SERVICES, "links": LINKS})
    november = Scope(date(2026, 11, 1), date(2026, 11, 1))
    told = found(store, november)
    tie = {"missing": 2, "of": 3, "department": None, "there": 0}  # one in each: neither has most
    assert told["without_e_service"].values == tie
    more = SERVICES + "T4;Fyra;A;extern\n"
    store = small_store({"departments": TREE, "services": more, "e_services": E_SERVICES, "links": LINKS})
    most = {"missing": 3, "of": 4, "department": "A", "there": 2}
    assert found(store, november)["without_e_service"].values == most
    assert told["breaches"].values == {"count": 1}  # E2 is a link, to no service known, without an exemption


def test_the_service_with_most_cases_outside(small_store: Make) -> None:
    rows = COUNTS + counted("T1", NOW, 10, 20) + counted("T2", NOW, 0, 5) + counted("T3", NOW, 30, 0)
    store = small_store(
        {"departments": TREE, "services": SERVICES, "e_services": E_SERVICES, "links": LINKS, "case_counts": rows}
    )
    values = found(store)["outside_e_service"].values
    assert (values["service"], values["outside"], values["of"]) == ("T1", 60, 90)
    assert values["points"] == pytest.approx(100 * 60 / 195)


def test_a_fall_is_told_and_a_fall_of_reporting_is_not(small_store: Make) -> None:
    base = {"departments": TREE, "services": SERVICES, "e_services": E_SERVICES, "links": LINKS}
    steady = counted("T2", BEFORE + NOW, 0, 10) + counted("T3", BEFORE + NOW, 0, 10)
    fell = small_store(
        base | {"case_counts": COUNTS + counted("T1", BEFORE, 30, 10) + counted("T1", NOW, 10, 30) + steady}
    )
    assert found(fell)["fell"].values == {
        "metric": "digital_submission",
        "points": pytest.approx(100 * (90 / 180 - 30 / 180)),
    }
    stopped = small_store(base | {"case_counts": COUNTS + counted("T1", BEFORE, 30, 10) + steady})
    assert "fell" not in found(stopped)


def test_few_cases_never_fall(small_store: Make) -> None:
    rows = COUNTS + counted("T1", BEFORE, 1, 0) + counted("T1", NOW, 0, 1)
    store = small_store(
        {"departments": TREE, "services": SERVICES, "e_services": E_SERVICES, "links": LINKS, "case_counts": rows}
    )
    assert "fell" not in found(store)


def test_who_stopped_reporting(small_store: Make) -> None:
    services = "tjanst_id;namn;verksamhet_id;malgrupp\n" + "".join(
        f"S{i};S{i};{'AB'[i % 2]};extern\n" for i in range(20)
    )
    rows = COUNTS + "".join(f"S{i};{m};brev;1\n" for i in range(20) for m in BEFORE + (NOW if i % 2 else NOW[:1]))
    tables = {
        "services": services,
        "e_services": E_SERVICES,
        "links": "tjanst_id;etjanst_id\nX;E1\nX;E2\n",
        "case_counts": rows,
    }
    finding = found(small_store({"departments": TREE, **tables}))["stopped_reporting"]
    assert finding.values == {"department": "A", "before": 1, "now": pytest.approx(1 / 3)}
    assert finding.weight == pytest.approx(100 * 20 / 60)
    both = COUNTS + "".join(f"S{i};{m};brev;1\n" for i in range(20) for m in BEFORE + NOW[:1])
    finding = found(small_store({"departments": TREE, **tables, "case_counts": both}))["stopped_reporting"]
    assert finding.values == {
        "department": None,
        "before": 1,
        "now": pytest.approx(1 / 3),
    }  # neither more than the other


def test_the_step_that_stops_most(small_store: Make) -> None:
    steps = "tjanst_id;steg;fran;lage\nT1;beslut;2020-01-01;inte digitalt\nT2;beslut;2020-01-01;nej\nT1;mottagning;2020-01-01;nej\n"
    steps += "T2;mottagning;2020-01-01;digitalt\n"
    store = small_store(
        {
            "departments": TREE,
            "services": SERVICES,
            "handling_steps": steps,
            "case_counts": COUNTS + "T1;2026-03;brev;1\n",
        }
    )
    assert found(store)["blocking_step"].values == {"step": "decision", "missing": 2, "of": 2}


def test_what_has_no_payer(small_store: Make) -> None:
    costs = "kostnad_id;datum;kostnadstyp;belopp\nK1;2026-01-05;övrig;25\nK2;2026-01-05;fast;75\n"
    finding = found(small_store({"departments": TREE, "costs": costs}))["unplaced_cost"]
    assert finding.values == {"amount": Decimal(25), "total": Decimal(100)}
    assert finding.weight == pytest.approx(25)


def test_postings_of_every_sum_sum_to_it(cursor: duckdb.DuckDBPyConnection) -> None:
    scope = period(cursor).scope()
    for row in measure(cursor, "cost", scope, "payer", "cost_type", "category"):
        payer, cost_type, category = (str(row.by[name] or "") for name in ("payer", "cost_type", "category"))
        behind = postings(cursor, scope, PostingFilter(payer, cost_type, category))
        assert sum(posting.amount for posting in behind) == row.value
    for row in measure(cursor, "cost", scope, "payer"):
        assert (
            sum(posting.amount for posting in postings(cursor, scope, PostingFilter(str(row.by["payer"])))) == row.value
        )
    every = postings(cursor, scope)
    assert sum(posting.amount for posting in every) == measure(cursor, "cost", scope)[0].value
    assert [abs(posting.amount) for posting in every] == sorted((abs(p.amount) for p in every), reverse=True)
