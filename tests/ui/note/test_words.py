"""The words of what seldom happens, each for a review, a list or a round made by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from analytics.insights.month_changes import MonthChange, MonthReview
from analytics.metrics.scope import Scope
from analytics.priorities.rounds import Standing
from analytics.registers.e_services import Exemption
from analytics.registers.guideline import ExemptionReview
from analytics.statistics.control_charts import ControlChart, Side
from tests.ui.components.variation_cases import FLOW, STOCK, judged, refused
from tests.ui.note.cases import ALFA, ALL, BETA, OCTOBER, month
from ui.components.actions import Action
from ui.next_steps import department
from ui.note import changes, content, late
from ui.note.model import Part

pytestmark = pytest.mark.usefixtures("known")
Reviewed = Callable[..., None]


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> Reviewed:
    """A function that has the month judged as its arguments say."""

    def judge(*new: MonthChange, lasting: tuple[MonthChange, ...] = (), **refusals: ControlChart) -> None:
        found = MonthReview(new, lasting, (FLOW,) if new or lasting else (), tuple(refusals.items()))
        monkeypatch.setattr(changes, "review", lambda _scope: found)

    return judge


def change(metric: str, side: Side, since: float = 0.1, department: str | None = None) -> MonthChange:
    return MonthChange(metric, department, judged(0.7, 0.4, 0.6, side, side), since)


@pytest.mark.parametrize(
    ("one", "clause"),
    [
        (change(FLOW, "below"), "andelen digitala ärenden är lägre än vanligt"),
        (change(FLOW, "above", department="A"), "andelen digitala ärenden är högre än vanligt i Alfa"),
        (change("abandonment", "above"), "andelen avbrutna ärenden är högre än vanligt"),
        (change(STOCK, "above", 0.1), "andelen tjänster med e-tjänst ökade mer än vanligt"),
        (change(STOCK, "above", -0.1), "andelen tjänster med e-tjänst minskade mindre än vanligt"),
        (change(STOCK, "below", -0.1), "andelen tjänster med e-tjänst minskade mer än vanligt"),
        (change(STOCK, "below", 0.1), "andelen tjänster med e-tjänst ökade mindre än vanligt"),
    ],
)
def test_a_change_in_words(reviewed: Reviewed, one: MonthChange, clause: str) -> None:
    reviewed(one)
    assert changes.finding(ALL) == clause
    (item,) = changes.part(ALL).items
    assert item.title == clause[0].upper() + clause[1:]
    assert item.href.startswith(
        "nytta#use" if one.metric == "abandonment" else "mal-1" if one.metric == STOCK else "mal-2"
    )


def test_three_changes_are_told_and_the_others_counted(reviewed: Reviewed) -> None:
    several = [change(FLOW, "above"), *(change(FLOW, "above", department=code) for code in ("A", "B", "A", "B"))]
    reviewed(*several)
    assert changes.finding(ALL) == "andelen digitala ärenden är högre än vanligt, och 4 saker till"
    assert len(changes.part(ALL).items) == changes.MOST and changes.part(ALL).sentences == (
        "2 saker till är ovanliga.",
    )
    reviewed(*several[:4])
    assert changes.part(ALL).sentences == ("1 sak till är ovanlig.",)
    reviewed(*several[:2])
    assert changes.finding(ALL) == "andelen digitala ärenden är högre än vanligt, och 1 sak till"


def test_why_something_cannot_be_judged(reviewed: Reviewed) -> None:
    reviewed(**{FLOW: refused("reporting"), STOCK: refused("short"), "abandonment": refused("unknown")})
    assert changes.part(ALL).sentences == (
        "Det går inte att se om något är ovanligt.",
        "Det här går inte att bedöma: andelen digitala ärenden (rapporteringen har ändrats)"
        " och andelen tjänster med e-tjänst (för få månader att jämföra med).",
    )


def test_nothing_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    august = content.year(replace(month(2), departments=("A",)))
    assert late.part(august, date(2026, 8, 31)) == Part(
        "Försenat eller saknas", (), ("Inget är försenat, och ärendena är fullt rapporterade varje månad.",)
    )
    monkeypatch.setattr(late, "_reports", lambda _scope: iter(()))
    monkeypatch.setattr(late, "_unexplained", lambda _scope: iter(()))
    theirs = content.year(replace(month(2), departments=("B",)))
    assert late.part(theirs, date(2026, 8, 31)).sentences == ("Inget som är rapporterat är försenat.",)


def test_several_departments_are_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = [Standing(code, 1, 0, None, None) for code in ("A", "B")]
    monkeypatch.setattr(late, "standings", lambda _cursor, _round, _scope: waits)
    (item,) = late._round(ALL, OCTOBER)
    assert item.title == "2 verksamheter är inte klara med jan 2026–aug 2026" and item.href.startswith("rapporter")


@pytest.mark.parametrize(
    ("reasons", "title", "sentence"),
    [
        (("ended", "ends"), "1 undantag behöver beslut eller analys", "Undantaget för Resa går ut 1 december 2026."),
        (("ends",), "Undantaget för Resa går ut 1 december 2026", ""),
    ],
)
def test_an_exemption_that_ends_soon(
    monkeypatch: pytest.MonkeyPatch, reasons: tuple[str, ...], title: str, sentence: str
) -> None:
    one = Exemption("U1", "not_applicable", None, "T3", None, OCTOBER, date(2026, 12, 1), None, None, None, None, None)
    reviews = [ExemptionReview(one, reason, None, None) for reason in reasons]
    monkeypatch.setattr(late, "exemptions_to_review", lambda _cursor, _scope: reviews)
    (item,) = late._exemptions(BETA, date(2026, 11, 2))
    assert (item.title, item.sentence, item.link) == (title, sentence, "Se undantagen")
    assert not list(late._exemptions(BETA, date(2026, 8, 2))) or len(reasons) == 2


def test_a_month_that_has_not_ended_is_no_last_month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_has_ended", lambda month: month < OCTOBER)
    assert content.last_month() == date(2026, 9, 1)
    assert "månaden är inte slut" in content.note(ALFA).facts


def test_what_to_do_where_only_reports_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    report = Action("Rapportera okt 2026", "…", "…", "datakvalitet", True)
    monkeypatch.setattr(department, "to_report", lambda _scope: [report])
    monkeypatch.setattr(department, "advice", lambda _scope: [report])
    assert content._action(Scope(OCTOBER, OCTOBER)) == Part(
        "Gör detta först", (), ("Rapportera det som saknas. Sedan går det att se vad som kan göras.",)
    )
    monkeypatch.setattr(
        department, "advice", lambda _scope: [Action("", "Inget återstår.", "Till alla åtgärder", "nasta-steg")]
    )
    assert content._action(Scope(OCTOBER, OCTOBER)).sentences == ("Inget återstår.",)
