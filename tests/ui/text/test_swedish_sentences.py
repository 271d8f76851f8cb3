"""The sentences in Swedish, as most readers meet them: en or ett, one or several, up, down, unchanged, unknown."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.costs.break_even import BreakEven
from analytics.forecast.history import Refusal
from analytics.forecast.target_path import Target, TargetPath
from analytics.insights.events import Event
from analytics.metrics.measure import Row
from analytics.priorities.peers import PeerShare
from analytics.priorities.ranking import Gain
from analytics.scenario.model import Scenario, ServiceEffect
from analytics.scenario.savings import ServiceSavings
from analytics.statistics.confidence import Funnel, funnel_point
from analytics.statistics.control_charts import ControlChart
from tests.ui.components.forecast_cases import NOW, WAY
from tests.ui.components.forecast_cases import found as forecast
from tests.ui.components.variation_cases import FLOW, OCTOBER, STOCK, judged, line_of, refused
from tests.ui.decomposition.cases import moved
from tests.ui.next_steps.cases import FULL, MONTH, YEAR, found, gain, worth
from tests.ui.scenario.cases import HALF, begin, plan
from ui.charts.waterfall import End, Step, alt
from ui.components import chance, events, forecast_refusals, forecast_text, own_goal, target_text, variation
from ui.decomposition import chart
from ui.next_steps import conflicts, department, headline, ranking, table
from ui.scenario import effect, savings, view
from ui.scenario import table as scenario_table
from ui.text import numbers

pytestmark = pytest.mark.usefixtures("register", "swedish")


def plain(said: str) -> str:
    return said.replace(numbers.NBSP, " ")


# ---- where it is heading


@pytest.mark.parametrize(
    ("rows", "now", "said"),
    [
        (
            [(0.5, 0.6, 0.7)],
            0.6,
            (
                "Om utvecklingen fortsätter är andelen ungefär 60 % i nov 2026. I fyra fall av fem hamnar den "
                "mellan 50 % och 70 %. I den takten nås 100 % inte inom 20 år."
            ),
        ),
        (
            [(0.6, 0.6, 0.6)],
            0.6,
            "Om utvecklingen fortsätter är andelen 60 % i nov 2026. I den takten nås 100 % inte inom 20 år.",
        ),
        (
            [(0.6, 0.6, 0.6), (0.9, 1, 1)],
            0.6,
            "Om utvecklingen fortsätter är andelen 60 % i nov 2026. I den takten nås 100 % i dec 2026.",
        ),
        (
            [(0.6, 0.6, 0.6), (0.9, 0.95, 1), (0.9, 1, 1)],
            0.6,
            (
                "Om utvecklingen fortsätter är andelen 60 % i nov 2026. I den takten nås 100 % troligen i jan "
                "2027, som tidigast i dec 2026."
            ),
        ),
        (
            [(0.6, 0.6, 0.6), (0.9, 0.95, 1), (0.9, 0.95, 1)],
            0.6,
            (
                "Om utvecklingen fortsätter är andelen 60 % i nov 2026. I den takten skulle 100 % nås omkring 2027, som "
                "tidigast i dec 2026."
            ),
        ),
    ],
)
def test_a_forecast(rows: list[tuple[float, float, float]], now: float, said: str) -> None:
    assert plain(forecast_text.future(forecast(*rows, now=now), 1)) == said


@pytest.mark.parametrize(
    ("code", "why", "said"),
    [
        (FLOW, Refusal("nothing"), "Ingen prognos: ingen månad är rapporterad än."),
        (FLOW, Refusal("months", 6), "För få månader för en prognos: 6 av minst 8."),
        (FLOW, Refusal("few", 12), "För få ärenden för en prognos: färre än 20 de flesta månader."),
        (STOCK, Refusal("few", 12), "För få tjänster för en prognos: färre än 20."),
        (
            FLOW,
            Refusal("gap", 5, date(2026, 5, 1)),
            "För få månader i rad för en prognos: 5 av minst 8, efter luckan i maj 2026.",
        ),
        (FLOW, Refusal("gap", 0, NOW), "Ingen prognos: för lite är rapporterat från och med okt 2026."),
        (
            FLOW,
            Refusal("coverage", 8, covered_share=0.25),
            "Ingen prognos: rapporteringen har ändrats för mycket. Bara 25 % har rapporterats på samma sätt i 8 månader.",
        ),
        (
            FLOW,
            Refusal("wide", 30, date(2027, 10, 1), low=0.01, high=0.99),
            "Ingen prognos: andelen har varierat så mycket att den i okt 2027 kan bli allt från 1 % till 99 %.",
        ),
        (
            FLOW,
            Refusal("missed", 30, held=0.41),
            "Ingen prognos: tidigare prognoser på samma siffror höll inte, hur mycket bredare de än gjordes."
            " Utfallet låg inom 41 % av dem, när fyra av fem utlovas.",
        ),
    ],
)
def test_no_forecast(code: str, why: Refusal, said: str) -> None:
    assert plain(forecast_refusals.refused(code, why)) == said


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (None, "För att nå delmålet 65 % i dec 2026 krävs 2,5 procentenheter i månaden."),
        (
            0.01,
            (
                "För att nå delmålet 65 % i dec 2026 krävs 2,5 procentenheter i månaden. Det senaste året har "
                "ändringen varit +1,0 procentenhet i månaden i snitt."
            ),
        ),
        (
            -0.002,
            (
                "För att nå delmålet 65 % i dec 2026 krävs 2,5 procentenheter i månaden. Det senaste året har "
                "ändringen varit −0,2 procentenheter i månaden i snitt."
            ),
        ),
    ],
)
def test_what_a_target_takes(pace: float | None, said: str) -> None:
    assert plain(target_text.target(WAY, (NOW, 0.6), pace, "")).startswith(f"{said} ")


LAST = TargetPath(None, True, (Target(date(2025, 12, 31), 0.7),))


@pytest.mark.parametrize(
    ("way", "share", "said"),
    [
        (LAST, 0.7, "Det sista delmålet, 70 % i dec 2025, är nått."),
        (LAST, 0.69, "Det sista delmålet, 70 % i dec 2025, är inte nått: 1,0 procentenhet återstår."),
        (LAST, 0.68, "Det sista delmålet, 70 % i dec 2025, är inte nått: 2,0 procentenheter återstår."),
        (
            replace(WAY, exact_match=False),
            0.6,
            "Delmålet för hela kommunen är 65 % i dec 2026. Urvalet har inget eget delmål.",
        ),
    ],
)
def test_the_last_target_and_anothers(way: TargetPath, share: float, said: str) -> None:
    assert plain(target_text.target(way, (NOW, share), None, "hela kommunen")) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (
            0.60,
            "Andelen är 4 procentenheter lägre än vid en jämn ökning mellan delmålen, alltså ungefär 9 månader efter.",
        ),
        (0.641, "Andelen följer en jämn ökning mellan delmålen."),
        (0.65, "Andelen är 1 procentenhet högre än vid en jämn ökning mellan delmålen, alltså ungefär 2 månader före."),
        (0.50, "Andelen är 14 procentenheter lägre än vid en jämn ökning mellan delmålen."),
        (0.90, "Andelen är 26 procentenheter högre än vid en jämn ökning mellan delmålen."),
    ],
)
def test_where_it_stands(share: float, said: str) -> None:
    assert plain(target_text.target(WAY, (NOW, share), None, "")).endswith(f". {said}")


@pytest.mark.parametrize(
    ("months", "said"), [(0.4, "mindre än en månad"), (1.2, "ungefär 1 månad"), (9, "ungefär 9 månader")]
)
def test_how_long(months: float, said: str) -> None:
    assert target_text.duration(months) == said


# ---- signal or noise


@pytest.mark.parametrize(
    ("code", "shown", "said"),
    [
        (FLOW, judged(0.7, 0.64, 0.78), "Oktober 2026 ligger inom det vanliga, 64–78 %."),
        (STOCK, judged(0.5, 0.5, 0.5), "Oktober 2026 är lika som alla månader före: 50,0 %."),
        (
            FLOW,
            judged(0.81, 0.64, 0.78, "above"),
            "Oktober 2026 ligger högre än vanligt: 81 % mot 64–78 %.",
        ),
        (
            FLOW,
            judged(0.52, 0.64, 0.78, "below"),
            "Oktober 2026 ligger lägre än vanligt: 52 % mot 64–78 %.",
        ),
        (
            FLOW,
            judged(0.75, 0.64, 0.78, None, "above", 8),
            "Till och med oktober 2026 har andelen legat över det vanliga, 71 %, 8 månader i rad. Det beror knappast på slumpen.",
        ),
        (
            FLOW,
            judged(0.7, 0.64, 0.78, None, "below", 11),
            "Till och med oktober 2026 har andelen legat under det vanliga, 71 %, 11 månader i rad. Det beror knappast på slumpen.",
        ),
        (
            STOCK,
            judged(0.7, 0.6, 0.7, None, "above", 8),
            "Till och med oktober 2026 har ökningen varit större än vanligt 8 månader i rad.",
        ),
        (
            STOCK,
            judged(0.7, 0.6, 0.7, None, "below", 8),
            "Till och med oktober 2026 har ökningen varit mindre än vanligt 8 månader i rad.",
        ),
        (
            FLOW,
            refused("few"),
            "Oktober 2026 har färre än 20. Det är för få för att se om något har ändrats.",
        ),
        (
            FLOW,
            refused("reporting", 0, OCTOBER),
            (
                "Oktober 2026 går inte att jämföra med månaderna före. Hur mycket som rapporteras ändrades från "
                "79 % till 71 %."
            ),
        ),
        (
            FLOW,
            refused("reporting", 7, date(2026, 3, 1)),
            (
                "Vi kan inte säga vad som är vanligt. I mars 2026 ändrades hur mycket som rapporteras, från 79 % "
                "till 71 %, och 8 månader är för få att jämföra med."
            ),
        ),
    ],
)
def test_the_verdict_of_a_month(code: str, shown: ControlChart, said: str) -> None:
    assert plain(variation.verdict(code, shown)) == said


@pytest.mark.parametrize(
    ("code", "months", "said"),
    [
        (FLOW, 13, "Räknat på de 12 månaderna okt 2025–sep 2026."),
        (STOCK, 25, "Räknat på ändringen från månad till månad under de 24 månaderna okt 2024–sep 2026."),
    ],
)
def test_what_the_limits_come_from(code: str, months: int, said: str) -> None:
    assert plain(variation._basis(code, line_of(months))) == said


# ---- what happened, and who differs

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Event(DAY, "launched", "", ("T1",)), "E-tjänsten ”Bygglov” lanserades"),
        (Event(DAY, "closed", "", ("T1",)), "E-tjänsten ”Bygglov” avvecklades"),
        (Event(DAY, "exempt", "", ("T1", "T3")), "Undantag beslutades för Bygglov, Resa"),
        (
            Event(DAY, "reporting", coverage_before=0.71, coverage_after=0.79),
            "Mer är rapporterat: 79 % av tjänsterna, mot 71 % månaden före",
        ),
        (
            Event(DAY, "reporting", coverage_before=0.79, coverage_after=0.71),
            "Mindre är rapporterat: 71 % av tjänsterna, mot 79 % månaden före",
        ),
    ],
)
def test_what_happened(event: Event, said: str) -> None:
    assert plain(events.describe(event)) == said


FEW, WITHIN, HIGH, LOW = (3, 3), (52, 100), (90, 100), (5, 100)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([FEW, FEW], "Alla har färre än 20 och jämförs därför inte."),
        (
            [WITHIN, FEW],
            (
                "Bara 1 verksamhet har minst 20, och den skiljer sig inte mer från genomsnittet, 50 %, än "
                "slumpen kan ge. 1 har färre än 20 och jämförs inte."
            ),
        ),
        (
            [WITHIN, WITHIN, WITHIN, FEW, FEW],
            (
                "Ingen av de 3 verksamheterna med minst 20 skiljer sig mer från genomsnittet, 50 %, än slumpen "
                "kan ge. 2 har färre än 20 och jämförs inte."
            ),
        ),
        (
            [HIGH, WITHIN],
            (
                "1 av 2 verksamheter skiljer sig mer från genomsnittet, 50 %, än slumpen kan ge. Högre: Vård och "
                "omsorg. För den andra kan skillnaden bero på slumpen."
            ),
        ),
        (
            [LOW, LOW, WITHIN, WITHIN],
            (
                "2 av 4 verksamheter skiljer sig mer från genomsnittet, 50 %, än slumpen kan ge. Lägre: Vård och "
                "omsorg och Beta. För de andra 2 kan skillnaden bero på slumpen."
            ),
        ),
        (
            [HIGH, FEW],
            (
                "Bara 1 verksamhet har minst 20, och den skiljer sig mer från genomsnittet, 50 %, än slumpen kan "
                "ge. Högre: Vård och omsorg. 1 har färre än 20 och jämförs inte."
            ),
        ),
    ],
)
def test_who_differs(counts: list[tuple[int, int]], said: str) -> None:
    places = tuple(
        funnel_point(who, part, whole, 0.5, 1.0) for who, (part, whole) in zip("ABCDE", counts, strict=False)
    )
    assert plain(chance.reading(Funnel(0.5, places))) == said


# ---- the next steps


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([gain("T1", 50)], "Bara Bygglov återstår till mål 2, av det vi vet"),
        ([gain("T1", 80), gain("T2", 20)], "Bygglov står ensam för 80 % av det som återstår till mål 2"),
        (
            [gain(str(i), left) for i, left in enumerate((30, 28, 22, 20))],
            "Två tjänster står för 58 % av det som återstår till mål 2",
        ),
        ([gain(str(i), 10) for i in range(6)], "Tre tjänster står för hälften av det som återstår till mål 2"),
        ([gain(str(i), 10) for i in range(40)], "20 tjänster står för hälften av det som återstår till mål 2"),
        ([gain("T1", 50, "exempt")], "Inget av det som återstår till mål 2 går att åtgärda nu"),
    ],
)
def test_the_finding_of_the_next_steps(rows: list[Gain], said: str) -> None:
    assert plain(headline._finding(found(*rows), YEAR, 2)) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [gain("T1", 90), gain("T2", 10)],
            "1 av de 2 tjänster som går att åtgärda står för 90 % av de 10,0 procentenheter som återstår till mål 2.",
        ),
        (
            [gain("T1", 10), gain("T2", 10)],
            "2 av de 2 tjänster som går att åtgärda står för 100 % av de 2,0 procentenheter som återstår till"
            " mål 2. Varje tjänst ger lika mycket: 1,0 procentenhet.",
        ),
        (
            [gain("T1", 10), gain("T2", 40, "withdrawn")],
            "Det som går att åtgärda står för 20 % av de 5,0 procentenheter som återstår till mål 2.",
        ),
    ],
)
def test_the_reading_of_the_curve(rows: list[Gain], said: str) -> None:
    every = found(*rows)
    assert plain(ranking.curve_reading([one for one in every if one.is_open], every, YEAR, 2)) == said


@pytest.mark.parametrize(
    ("goal", "one", "scope", "said"),
    [
        (2, gain("T1", 1, "build"), YEAR, "Utveckla en e-tjänst: 1 ärende på ett år kom in på annat sätt."),
        (
            2,
            gain("T1", 1200, "form"),
            MONTH,
            "Gör blanketten till en e-tjänst: 1 200 ärenden i perioden kom in på annat sätt.",
        ),
        (
            2,
            gain("T1", 9, worth=replace(FULL, reported=False)),
            YEAR,
            "Få fler att använda e-tjänsten: minst 9 ärenden på ett år kom in på annat sätt.",
        ),
        (
            2,
            gain("T1", 9, since=date(2026, 3, 1)),
            YEAR,
            "Följ upp e-tjänsten, ny i mars 2026: 9 ärenden på ett år kom in på annat sätt.",
        ),
        (1, gain("T1", 1, "build"), YEAR, "Utveckla en e-tjänst."),
        (3, gain("T1", 1, "steps", steps=("decision",)), YEAR, "Gör digitalt: beslut. Det gäller 1 ärende på ett år."),
        (
            3,
            gain("T1", 30, "steps", steps=("decision", "archiving")),
            YEAR,
            "Gör digitalt: beslut, arkivering. Det gäller 30 ärenden på ett år.",
        ),
    ],
)
def test_a_step(goal: int, one: Gain, scope: object, said: str) -> None:
    first = next(department._said(department.Step(goal, one), scope))  # type: ignore[arg-type]  # a field by its name
    assert plain(first) == said


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Fraction(1, 100_000), "mindre än 0,1 procentenheter"),
        (Fraction(1, 100), "1,0 procentenhet"),
        (Fraction(46, 1000), "4,6 procentenheter"),
    ],
)
def test_points(part: Fraction, said: str) -> None:
    assert own_goal.points(part) == said


@pytest.mark.parametrize(
    ("goal", "kronor", "said"),
    [
        (
            1,
            (500, -10),
            "Den tjänst som lönar sig skulle spara tid för 500 kr per år, med kostnaden avdragen,"
            " och ge 1,0 procentenhet.",
        ),
        (
            1,
            (5_000, 10),
            "De 2 tjänster som lönar sig skulle tillsammans spara tid för 5 010 kr per år, med kostnaden"
            " avdragen, och ge 2,0 procentenheter.",
        ),
        (
            2,
            (500, -10),
            "Om alla ärenden kom in digitalt skulle tjänsten som lönar sig spara tid för 500 kr per år, med"
            " kostnaden avdragen, och ge 1,0 procentenhet.",
        ),
        (
            2,
            (5_000, 10),
            "Om alla ärenden kom in digitalt skulle de 2 tjänster som lönar sig tillsammans spara tid för 5 010"
            " kr per år, med kostnaden avdragen, och ge 2,0 procentenheter.",
        ),
    ],
)
def test_what_pays(goal: int, kronor: tuple[int, int], said: str) -> None:
    rows = found(gain("T1", 10, "build", worth(kronor[0])), gain("T2", 10, "build", worth(kronor[1])))
    assert plain(table.describe_total_savings(rows, YEAR, goal)) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([gain("T1", 2)], "Vård och omsorg kan komma 1,0 procentenhet närmare mål 2, kommunen 0,2"),
        ([gain("T1", 60), gain("T2", 40)], "Vård och omsorg kan komma 50,0 procentenheter närmare mål 2"),
    ],
)
def test_the_finding_of_a_department(rows: list[Gain], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_goal, "one", lambda _code, _scope: Row({}, 0, 200, 0.0, 200, 1.0, "value"))
    assert plain(headline._finding(found(*rows), replace(YEAR, departments=("A",)), 2)) == said


SILENT = [gain("T1", 40, worth=worth(None, "reporting", months=1)), gain("T2", 30, worth=worth(None, "few"))]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ""),
        (SILENT[:1], "1 tjänst går inte att räkna i kronor: alla månader är inte rapporterade."),
        (
            SILENT,
            "2 tjänster går inte att räkna i kronor: alla månader är inte rapporterade (1), färre än 20"
            " ärenden per år (1).",
        ),
    ],
)
def test_without_a_place_in_kronor(rows: list[Gain], said: str) -> None:
    assert conflicts.describe_without_savings(rows) == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (0, "ingen månad är fullt rapporterad"),
        (1, "bara 1 av tolv månader är fullt rapporterad"),
        (4, "bara 4 av tolv månader är fullt rapporterade"),
    ],
)
def test_how_much_is_reported(months: int, said: str) -> None:
    assert conflicts._reason(gain("T1", 10, worth=worth(None, "reporting", months))) == said


def test_where_all_weigh_the_same() -> None:
    rows = found(gain("T1", 10, "build", worth(-5)), gain("T2", 10, "build", worth(-10)))
    assert plain(conflicts.describe_compared(rows)) == (
        "Alla ger 1,0 procentenhet var och går inte att rangordna efter procentenheter, men efter kronor och"
        " ärenden per år."
    )


# ---- what if


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four services, two of them with an e-service."""
    for module in (effect, view):
        monkeypatch.setattr(module, "baseline", lambda _cursor, _scope: begin())
    monkeypatch.setattr(view, "one", lambda _code, _scope: Row({}, None, None, None, 1, 1.0, "value"))


@pytest.mark.usefixtures("start")
@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (plan(), "Mål 1 ligger på 2 av 4, mål 2 på 5 % och mål 3 på 0 %"),
        (plan(uptake="T1"), "Ändringarna påverkar inget av målen"),
        (plan(new="T1"), "Med 1 ny e-tjänst går mål 1 från 2 av 4 till 3 av 4"),
        (plan(new="T1 T4"), "Med 2 nya e-tjänster går mål 1 från 2 av 4 till 4 av 4"),
        (plan(uptake="T2"), "Med fler digitala ärenden i 1 tjänst går mål 2 från 5 % till 15 %"),
        (plan(uptake="T2 T3"), "Med fler digitala ärenden i 2 tjänster går mål 2 från 5 % till 25 %"),
        (plan(steps="T2"), "Med digital ärendehantering i 1 tjänst går mål 3 från 0 % till 25 %"),
        (plan(steps="T2 T3"), "Med digital ärendehantering i 2 tjänster går mål 3 från 0 % till 50 %"),
        (plan(new="T1", uptake="T1"), "Med ändringar i 1 tjänst går mål 1 från 2 av 4 till 3 av 4"),
        (plan(new="T1", uptake="T2 T3"), "Med ändringar i 3 tjänster går mål 2 från 5 % till 38 %"),
    ],
)
def test_the_finding_of_a_scenario(scenario: Scenario, said: str) -> None:
    assert plain(view.headline(YEAR, scenario)) == said


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        (plan(new="T1"), "Från nov 2026: 1 tjänst får en e-tjänst."),
        (plan(new="T1 T4"), "Från nov 2026: 2 tjänster får en e-tjänst."),
        (
            plan("T1", "T2 T3", "T2", since=date(2027, 1, 1)),
            "Från jan 2027: 1 tjänst får en e-tjänst, 2 tjänster får fler digitala ärenden, 1 tjänst får alla steg digitala.",
        ),
    ],
)
def test_what_a_scenario_consists_of(scenario: Scenario, said: str) -> None:
    assert view._consists(scenario) == said


@pytest.mark.parametrize(
    ("like", "said"),
    [
        (None, "50 %, som angetts i scenariot"),
        (PeerShare(HALF, 1, False), "50 %, som för 1 liknande tjänst"),
        (PeerShare(HALF, 12, False), "50 %, den mittersta av 12 tjänster"),
        (PeerShare(HALF, 3, True), "50 %, den mittersta av 3 tjänster i verksamheten"),
    ],
)
def test_what_a_share_rests_on(like: PeerShare | None, said: str) -> None:
    assert plain(scenario_table.describe_share(ServiceEffect("T1", ("uptake",), uptake=HALF, peers=like))) == said


def pays(kronor: int) -> BreakEven:
    return BreakEven(Decimal("0.5"), Decimal(kronor), Decimal(1000))


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (
            [ServiceSavings("T1", Decimal(0), Decimal(5), None, pays(5))],
            "E-tjänsten lönar sig för 0 av 1 tjänst i dag, för 1 med ändringarna",
        ),
        (
            [
                ServiceSavings(key, Decimal(0), Decimal(5), pays(before), pays(5))
                for key, before in (("T1", 1), ("T2", -1))
            ],
            "E-tjänsten lönar sig för 1 av 2 tjänster i dag, för 2 med ändringarna",
        ),
    ],
)
def test_where_the_e_service_pays(every: list[ServiceSavings], said: str) -> None:
    assert savings._pays(every) == said


# ---- the parts of a change


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "e_service_coverage",
            "Tjänster som räknas i båda perioderna och som har fått en e-tjänst eller inte längre har en.",
        ),
        (
            "digital_submission",
            "Tjänster som räknas i båda perioderna och som fick en större eller mindre del av sina ärenden digitalt.",
        ),
        (
            "digital_handling",
            "Tjänster som räknas i båda perioderna och där en större eller mindre del av ärendena kunde hanteras"
            " digitalt.",
        ),
    ],
)
def test_what_the_same_services_are(code: str, said: str) -> None:
    assert chart.parts(code)[0].meaning == said


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (20, "Räknat på de tjänster och månader som finns i båda perioderna är andelen oförändrad."),
        (30, "Räknat på de tjänster och månader som finns i båda perioderna ökade andelen med 10,0 procentenheter."),
        (19, "Räknat på de tjänster och månader som finns i båda perioderna minskade andelen med 1,0 procentenhet."),
    ],
)
def test_without_what_came_and_went(now: int, said: str) -> None:
    found = moved({"T1": (20, 100), "T2": (0, 100)}, {"T1": (now, 100)})
    assert chart._reading("digital_submission", found.fine, came=True) == said


def test_the_waterfall_in_words() -> None:
    steps = [Step("Ändring i samma tjänster", 0.09, "+9"), Step("Ändrad fördelning", -0.02, "−2")]
    assert alt(End("2025", 0.51, "51 %"), steps, End("2026", 0.58, "58 %")) == (
        "Från 51 % (2025) till 58 % (2026), i procentenheter: Ändring i samma tjänster +9, Ändrad fördelning −2."
    )
