"""The costs page's sentences, figures and tables: one, many and none; every sum the same sum."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import plotly.graph_objects as go
import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as hs

from analytics.costs.break_even import AnnualVolume, BreakEven
from analytics.costs.budget import BudgetLine
from analytics.costs.reconciliation import reconcile
from analytics.costs.unit_costs import UnitCost
from analytics.metrics.scope import Scope, add_months
from data.store import Store
from tests.markup import sizes, texts
from ui import database
from ui.charts.amount_line import amount_line
from ui.charts.break_even_lines import Costs, break_even_lines
from ui.charts.sankey import Flow, Node, sankey, totals
from ui.components import data_basis
from ui.components.metric_views import ask, one
from ui.costs import (
    allocation,
    drilldown,
    flow,
    labels,
    payers,
    postings,
    reconciliation,
    summary,
    unit_costs,
)
from ui.costs import (
    budget as costs_budget,
)
from ui.costs.drilldown import Step
from ui.costs.labels import amount
from ui.costs.postings import Selection
from ui.frame.theme import palettes
from ui.services import break_even
from ui.text import numbers

Make = Callable[..., Store]
Show = Callable[..., None]
PALETTE = palettes()["light"]
SPAN = Scope(date(2026, 1, 1), date(2026, 10, 1))
TREE = "verksamhet_id;namn\nA;Alfa\nB;Beta\n"
HEAD = "kostnad_id;datum;kostnadstyp;kategori;belopp;bestallare;leverantor;konto;forvaltning;verifikation;motpart\n"
ONE = HEAD + "1;2026-01-05;fast;Drift;100,50;;Bolaget AB;5420;KSF;A 1;\n"
MANY = (
    ONE
    + "2;2026-02-05;övrig;RPA;250;A;Bolaget AB;5420;;;\n3;2026-02-06;övrig;;50;;Andra AB;;;;\n"
    + "4;2025-02-05;fast;Drift;7;;;;;;\n5;2026-03-05;utanför;;30;;;;;;\n6;2026-03-05;;;20;;;;;;1\n"
    + "7;2026-03-05;;;9;;Tredje AB;;;;81\n"
)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, small_store: Make) -> Iterator[Show]:
    """A function that makes these tables the ones that the dashboard shows."""

    def show(**tables: str) -> None:
        monkeypatch.setenv("DASHBOARD_STORE", str(small_store(tables).folder))
        st.cache_resource.clear()

    yield show
    st.cache_resource.clear()


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch, store: Store) -> Iterator[Scope]:
    """The example data shown; gives their year."""
    monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
    st.cache_resource.clear()
    yield Scope(date(2025, 11, 1), date(2026, 10, 1))
    st.cache_resource.clear()


def plain(said: str) -> str:
    return said.replace("\u00a0", " ")


def test_every_krona_in_words(shown: Show) -> None:
    shown(departments=TREE, costs=MANY)
    assert plain(reconciliation.describe(SPAN)) == (
        "Bokfört i filerna 466,50 kr = kostnader för e-tjänster 416,50 kr + annat än e-tjänster 30,00 kr +"
        " interna poster 20,00 kr. Av kostnaderna finns 409,50 kr i urvalet och 7,00 kr i andra månader eller"
        " hos andra betalare."
    )
    assert "20,00 kr" in plain(reconciliation.describe_left_out(SPAN))
    assert reconciliation.describe_replaced(SPAN) == ""
    assert len(reconciliation.table(SPAN)) == 1


def test_what_no_part_explains_is_stated(shown: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(departments=TREE, costs=MANY)
    (file,) = database.answer(reconcile, SPAN)
    monkeypatch.setattr(reconciliation, "_all", lambda _scope: [replace(file, outside=file.outside - 5)])
    assert "+ interna poster 20,00 kr + oförklarat 5,00 kr." in plain(reconciliation.describe(SPAN))


def test_nothing_left_out_and_nothing_imported(shown: Show) -> None:
    shown(departments=TREE, costs=ONE)
    assert reconciliation.describe_left_out(SPAN) == (
        "Inga poster är borttagna som interna eller som annat än e-tjänster."
    )
    shown(departments=TREE)
    assert not len(reconciliation.table(SPAN))


def test_the_steps_down_make_the_same_sum(shown: Show) -> None:
    shown(departments=TREE, costs=MANY)
    rows = drilldown.sums(SPAN)
    for step in (Step(), Step(payer="A"), Step(cost_type="other"), Step("unplaced", "other")):
        parts = drilldown._parts([row for row in rows if step.holds(row)], step)
        assert sum((value for *_rest, value in parts), Decimal(0)) == drilldown.total(rows, step)
        for _name, at, value in parts:
            listed = postings._load(SPAN, at)
            assert sum((row.amount for row in listed), Decimal(0)) == value


def test_where_one_is(shown: Show) -> None:
    shown(departments=TREE, costs=MANY)
    assert [name for name, _at in drilldown.trail(Step())] == ["Allt"]
    told = drilldown.trail(Step("unplaced", "-", "-"))
    assert [name for name, _at in told] == ["Allt", "Utan betalare", "utan kostnadstyp", "Utan kategori"]
    assert told[-1][1].href() == "?payer=unplaced&cost_type=-&category=-#postings"


def test_every_posting_says_why_and_where(shown: Show) -> None:
    shown(departments=TREE, costs=MANY)
    rows = postings.table(SPAN).rows
    assert list(rows["Varför"]) == [
        "Har beställt",
        "Gemensam kostnad (§ 8)",
        "Ingen beställare eller gynnad verksamhet är angiven",
        "Ingen regel gäller för posten",
    ]
    assert list(rows["Typen kommer från"]) == ["Uppgift i filen"] * 3 + ["Ingen än"]
    assert list(rows["Konto"]) == ["5420", "5420", "", ""]
    assert list(rows["Verifikation"]) == ["", "A 1", "", ""]
    assert "Projekt" not in rows  # the ledger tells none


def test_a_rule_is_named(shown: Show) -> None:
    rules = "regelverk;ordning;regel;leverantor;kostnadstyp;betalare\n2026-11-01T08:00;1;Robotar;tredje;övrig;B\n"
    shown(departments=TREE, costs=MANY, rules=rules)
    rows = postings.table(SPAN, Selection("B")).rows
    assert list(rows["Typen kommer från"]) == ["Regeln Robotar"]
    assert list(rows["Varför"]) == ["Angiven av en regel"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            BudgetLine("A", "other", Decimal(100), Decimal(40), Decimal(60)),
            "40 kr av 100 kr, prognos 60 kr: 40 kr under budgeten",
        ),
        (BudgetLine("A", "other", Decimal(100), Decimal(140), None), "140 kr av 100 kr: 40 kr över budgeten"),
        (
            BudgetLine("A", "other", Decimal(100), Decimal(100), Decimal(100)),
            "100 kr av 100 kr, prognos 100 kr: enligt budgeten",
        ),
        (
            BudgetLine("A", "other", Decimal(100), Decimal(-10), Decimal(-10)),
            "−10 kr av 100 kr, prognos −10 kr: 110 kr under budgeten",
        ),
        (BudgetLine("A", "other", Decimal(100), Decimal(40), None), "40 kr av 100 kr"),
        (BudgetLine("A", "other", None, Decimal(40), None), "40 kr bokfört, ingen budget"),
    ],
)
def test_a_line_of_the_budget(line: BudgetLine, said: str) -> None:
    assert plain(costs_budget.describe(line)) == said
    drawn = costs_budget.bullet(line, "Alfa, övrig: 40 kr.")
    assert ('role="img"' in drawn and "Alfa, övrig" in drawn) == (line.budget is not None)
    assert "nan" not in drawn and "-" not in drawn.partition("width:")[2][:6]


def test_a_year_that_has_ended_has_no_forecast() -> None:
    line = BudgetLine("A", "other", Decimal(100), Decimal(40), Decimal(40))
    assert plain(costs_budget.describe(line, ended=True)) == "40 kr av 100 kr: 60 kr under budgeten"


def test_the_year_in_a_sentence(shown: Show) -> None:
    budget = "ar;verksamhet_id;kostnadstyp;belopp\n2026;systemagare;fast;500\n2026;A;övrig;200\n"
    shown(departments=TREE, costs=MANY, budgets=budget)
    found = costs_budget.load_budget_year(SPAN)
    assert plain(costs_budget.reading(found)).startswith(
        "410 kr av budgeten på 700 kr är bokfört till och med mars 2026."
    )
    assert labels.whole_sum(Decimal("1050000.4")).replace("\u00a0", " ") == "1 050 000 kr"
    assert costs_budget.title(SPAN) == "Budget och utfall 2026"
    assert plain(costs_budget.finding(SPAN)).startswith(("2026 väntas sluta ", "Budget och utfall"))
    assert len(costs_budget.table(SPAN)) == len(found.lines) == 4


def test_the_reader_may_subtract(shown: Show) -> None:
    budget = "ar;verksamhet_id;kostnadstyp;belopp\n2026;systemagare;fast;2000000\n"
    costs_ = HEAD + "".join(f"{m};2026-0{m}-05;fast;Drift;100000,30;;;;;;\n" for m in (1, 2, 3))
    shown(departments=TREE, costs=costs_, budgets=budget)
    said = plain(costs_budget.reading(costs_budget.load_budget_year(SPAN)))
    assert said.startswith("300 001 kr av budgeten på 2 000 000 kr är bokfört till och med mars 2026.")
    assert "1 200 004 kr" in said and "799 996 kr under budgeten" in said and "mnkr" not in said


def test_a_shared_posting_is_one_posting(shown: Show) -> None:
    shares = "kostnad_id;verksamhet_id;andel\n2;A;60\n2;B;40\n"
    shown(departments=TREE, costs=MANY.replace(";250;A;", ";250;;"), cost_shares=shares)
    assert plain(postings.describe(SPAN, Selection())) == "4 poster (5 delar), 409,50 kr sammanlagt."
    assert plain(postings.describe(SPAN, Selection("A"))).startswith("1 post, 150,00 kr")


def test_the_strip_of_the_whole_says_what_is_placed(shown: Show) -> None:
    shown(departments=TREE, costs=MANY)
    strip = summary.basis(SPAN)
    assert (plain(strip.numerator or ""), plain(strip.denominator or "")) == ("351 kr", "410 kr")
    assert strip.coverage == pytest.approx(350.5 / 409.5)
    assert plain(data_basis.summary(strip)).startswith("351 kr av 410 kr · 86 % är fördelat på betalare")


def test_where_credits_make_the_part_no_part_there_is_no_share(shown: Show) -> None:
    shown(departments=TREE, costs=HEAD + "1;2026-01-05;fast;Drift;100;;;;;;\n2;2026-01-06;övrig;Kredit;-40;;;;;;\n")
    assert summary.basis(SPAN).coverage is None


def test_the_bar_and_the_ranking_have_what_each_pays(shown: Show) -> None:
    shown(departments=TREE, costs=MANY)
    paid = summary.by_payer(SPAN)
    parts = payers._parts(paid)
    assert sum(part.value for part in parts) == float(sum(paid.values()))
    assert plain(payers.describe(parts)) == "Systemägaren 101 kr, Verksamheterna 250 kr, Utan betalare 59 kr"
    assert texts(str(payers.ranked(SPAN, paid)), "h2") == ["Vad som betalas"]  # one department: what it is for
    assert sum(payers._by_category(SPAN).values()) == sum(paid.values())
    assert postings.unplaced_title(SPAN).replace("\u00a0", " ") == "2 poster saknar betalare: 59 kr"
    two = MANY + "8;2026-03-06;övrig;RPA;70;B;;;;;\n"
    shown(departments=TREE, costs=two)
    ranked = plain(str(payers.ranked(SPAN, summary.by_payer(SPAN))))
    assert texts(ranked, "h2") == ["Vad varje verksamhet betalar"]
    assert texts(ranked, "li") == ["Alfa 250 kr 52 %", "Beta 70 kr 15 %"]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ([], "Over time"),
        ([(1, 60)], "A digital case costs SEK 60.00"),
        ([(1, 60), (3, 60.5)], "A digital case costs SEK 60.50, about as in Jan 2026"),
        ([(1, 62), (3, 60)], "A digital case costs SEK 60.00, SEK 2.00 less than in Jan 2026"),
        ([(1, 60), (3, 250)], "A digital case costs SEK 250, SEK 190 more than in Jan 2026"),
    ],
)
@pytest.mark.usefixtures("english")
def test_what_a_case_costs_over_time(
    known: list[tuple[int, float]], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = dict(known)
    rows = [UnitCost(date(2026, m, 1), Decimal(str(costs[m])) * 100 if m in costs else None, 100, 1) for m in (1, 2, 3)]
    monkeypatch.setattr(unit_costs, "load_unit_costs", lambda _scope: rows)
    assert plain(unit_costs.finding(SPAN)) == said
    assert bool(unit_costs.reading(SPAN)) == bool(known)
    own = replace(SPAN, departments=("A",))  # another sum has other words
    assert plain(unit_costs.finding(own)) == re.sub("^A digital case costs", "Own costs per digital case:", said)
    assert not known or unit_costs.reading(own).startswith("Own other costs per digital case and per e-service. ")
    assert not {title for title, _line in unit_costs.charts(SPAN)} & {title for title, _line in unit_costs.charts(own)}
    each = "E-services are counted one by one, also where a service has several."
    for departments, whose in (
        ((), "The platform's fixed and variable cost over twelve months ÷ the digital cases (e-services) in them."),
        (
            ("A",),
            "The department's own other costs over twelve months ÷ its digital cases (e-services) in them. What the system"
            " owner pays for all is not in it.",
        ),
        (
            ("A", "B"),
            "The chosen departments' own other costs over twelve months ÷ their digital cases (e-services) in them. What"
            " the system owner pays for all is not in it.",
        ),
    ):
        assert unit_costs.method(replace(SPAN, departments=departments)).startswith(f"{whose} {each} ")


def test_a_department_without_costs_is_led_to_one_with(shown: Show) -> None:
    shown(departments="verksamhet_id;namn;overordnad_id\nA;Alfa;\nC;Gamma;A\nB;Beta;\n", costs=MANY)
    below, beside = (Scope(SPAN.month_from, SPAN.month_to, (code,)) for code in "CB")
    assert summary.headline(below) == "Gamma har inga kostnader bokförda i perioden"
    assert summary._way_on(below)[0] == "Se vad Alfa betalar"
    assert summary._way_on(beside)[0] == "Se allas kostnader"
    assert summary._way_on(Scope(date(2020, 1, 1), date(2020, 2, 1))) == ("", "")
    shown(departments=TREE)
    assert summary._way_on(SPAN)[0] == "Importera kostnader"


def test_what_is_not_invoiced_says_so_everywhere(example: Scope) -> None:
    table = allocation.table(example)
    assert "faktureras inte" in allocation.title()
    assert "faktureras inte" in table.title
    assert sum("faktureras inte" in str(name) for name in table.rows) == 2
    assert "faktureras inte" in allocation.picture(example) and texts(str(allocation.picture(example)), "li")
    assert "faktureras" in allocation.describe(example)
    shared = sum(row.value or 0 for row in ask("cost", example, "cost_type") if row.by["cost_type"] != "other")
    for name in [name for name in table.rows if "faktureras" in str(name)]:
        assert sum(Decimal(str(value)) for value in table.rows[name]) == shared


def test_the_picture_holds_every_krona_but_the_credits(example: Scope) -> None:
    whole = amount(one("cost", example))
    assert sum(flow.sums_by_path(example).values()) == whole
    drawn = flow.figure(example)
    go.Figure(drawn.spec)
    assert "Exempelplattformen AB" in drawn.alt
    for scope in (Scope(example.month_from, example.month_to, ("VOF",)), Scope(date(2023, 1, 1), date(2026, 10, 1))):
        assert sum(flow.sums_by_path(scope).values()) == amount(one("cost", scope))
        assert flow.reading(scope)


def test_credits_alone_are_told_and_not_drawn(shown: Show) -> None:
    shown(departments=TREE, costs=HEAD + "1;2026-01-05;fast;Drift;-100;;Bolaget AB;;;;\n")
    assert plain(flow.describe_left_out(SPAN)).startswith(
        "Krediter på 100 kr syns inte i bilden men ingår i alla summor."
    )
    assert flow.reading(SPAN) == "Bara krediter är bokförda."
    assert flow.figure(SPAN).alt == "Det finns inget att visa."


NODES = [[Node(f"{i}{n}", f"Namn {n}", href="?x=1" if n % 2 else "") for n in range(4)] for i in range(3)]
FLOWS = hs.lists(
    hs.builds(
        Flow,
        hs.tuples(*(hs.sampled_from([n.code for n in column]) for column in NODES)),
        hs.decimals(Decimal("0.01"), 10**7, places=2),
    ),
    max_size=12,
)


@given(FLOWS)
def test_bands_and_nodes_hold_the_same_sums_and_names_never_meet(flows: list[Flow]) -> None:
    figure = sankey(NODES, flows, PALETTE, say=numbers.money)
    go.Figure(figure.spec)
    whole = sum((f.value for f in flows), Decimal(0))
    for i, column in enumerate(NODES):
        assert sum(totals(column, flows, i).values(), Decimal(0)) == whole
    assert len(figure.spec["data"]) == sum(len({f.path[i : i + 2] for f in flows}) for i in (0, 1))
    for x in (0, 0.5, 1):
        named = [a for a in figure.spec["layout"]["annotations"] if a["x"] == x]
        places = [a["y"] for a in named]
        assert places == sorted(places)
        assert all(b - a >= 34 for a, b in zip(places, places[1:], strict=False))
        assert all(0 <= y <= figure.spec["layout"]["height"] for y in places)


COURSE = hs.lists(hs.none() | hs.decimals(-1000, 1_000_000, places=2), min_size=1, max_size=24)


@given(COURSE)
def test_a_course_of_amounts_hatches_what_is_not_known(values: list[Decimal | None]) -> None:
    rows = [(add_months(date(2025, 1, 1), i), value) for i, value in enumerate(values)]
    drawn = str(amount_line(rows, name="Per ärende", say=unit_costs.kronor))
    columns = re.findall(r'<i title="[^"]*"( class="hatch")?>', drawn)
    assert [bool(hatched) for hatched in columns] == [value is None for value in values]
    last = [unit_costs.kronor(value) for value in values if value is not None][-1:]
    assert re.findall(r'class="end now"[^>]*><b>([^<]*)</b>', drawn) == last
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in sizes(drawn, "top"))


def test_nothing_has_no_scale() -> None:
    drawn = str(
        amount_line([(date(2026, 1, 1), Decimal(0)), (date(2026, 2, 1), None)], name="Kostnad", say=unit_costs.kronor)
    )
    assert re.findall(r'<div class="levels">(.*?)</div>', drawn) == ['<span style="top:100%">0\xa0kr</span>']


@pytest.mark.parametrize(
    ("even", "now", "said"),
    [
        (Decimal("0.25"), Decimal("0.5"), "Den lönar sig från en digital andel på 25 %. Nu är 50 % digitalt."),
        (None, None, "Med de här antagandena lönar den sig inte vid någon digital andel."),
    ],
)
def test_the_picture_of_break_even(even: Decimal | None, now: Decimal | None, said: str) -> None:
    figure = break_even_lines(Costs(Decimal(100), Decimal(120), Decimal(40), now, even), PALETTE, say=numbers.money)
    go.Figure(figure.spec)
    assert plain(figure.alt).endswith(said)
    assert bool(figure.spec["layout"]["shapes"]) == (even is not None)


def test_a_unit_cost_has_ore_below_a_hundred() -> None:
    assert plain(unit_costs.kronor(Decimal("60.141"))) == "60,14 kr"
    assert plain(unit_costs.kronor(Decimal("11600.6"))) == "11 601 kr"
    assert unit_costs.kronor(None) == "–"


def test_cost_per_case_says_what_it_is_not_for(example: Scope) -> None:
    assert "inte mellan tjänster" in unit_costs.method(example)
    assert [title for title, _figure in unit_costs.charts(example)] == [
        "Per digitalt ärende",
        "Per e-tjänst i plattformen",
    ]
    assert unit_costs.charts(Scope(date(2023, 1, 1), date(2023, 3, 1))) == []


@pytest.mark.parametrize(
    ("even", "now", "shown"),
    [
        ("0.4021", "0.74", ("41 %", "74 %")),
        ("0.7404", "0.7445", ("74,1 %", "74,5 %")),
        ("0.738", "0.736", ("73,8 %", "73,6 %")),
        ("0.991", "0.996", ("99,1 %", "99,6 %")),
        ("0", "0", ("0 %", "0 %")),
        ("1", None, ("100 %", "–")),
    ],
)
def test_what_is_said_to_be_enough_is(even: str, now: str | None, shown: tuple[str, str]) -> None:
    told = break_even.shares(Decimal(even), None if now is None else Decimal(now))
    assert (plain(told[0]), plain(told[1])) == shown


def test_where_the_cases_come_from() -> None:
    said = [
        break_even.describe_cases(AnnualVolume(Decimal(227), None, n, least))
        for n, least in ((2, True), (2, False), (12, False))
    ]
    assert (
        "alla som är rapporterade" in said[0]
        and "Fullt rapporterade månader: 2 av tolv." in said[1]
        and "alla som kom in" in said[2]
    )


def test_break_even_in_words(example: Scope) -> None:
    fact = AnnualVolume(Decimal(100), Decimal("0.5"), 12)
    assert plain(break_even.finding(BreakEven(Decimal("0.25"), Decimal(1), Decimal(2)), fact)) == (
        "Med de här antagandena lönar sig e-tjänsten: 50 % av ärendena är digitala, och 25 % räcker."
    )
    assert "lönar sig e-tjänsten inte än" in break_even.finding(
        BreakEven(Decimal("0.75"), Decimal(-1), Decimal(2)), fact
    )
    assert "inte vid någon" in break_even.finding(BreakEven(None, Decimal(-1), Decimal(-1)), fact)
    assert plain(break_even.imagined(BreakEven(Decimal("0.25"), Decimal(1), Decimal(2)))) == (
        "Det finns ingen e-tjänst. Med de här antagandena skulle en löna sig när minst 25 % av ärendena är digitala."
    )
    assert "skulle en e-tjänst inte löna sig" in break_even.imagined(BreakEven(None, Decimal(-1), Decimal(-1)))
    never = break_even.describe_savings(BreakEven(None, Decimal(-10), Decimal(20)), now=False)
    assert plain(never) == "Om alla ärenden är digitala sparar den 20 kr per år."
    assert plain(break_even.describe_savings(BreakEven(None, Decimal(-10), Decimal(20)))) == (
        "Med dagens andel kostar den 10 kr mer än den sparar per år. Om alla ärenden är digitala sparar den 20"
        " kr per år."
    )
