"""The words of the next steps, in every grammatical case: one, several, nothing, too little."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from analytics.metrics.measure import Row
from analytics.metrics.scope import Scope
from analytics.priorities.actions import Action
from analytics.priorities.ranking import Gain
from tests.reader import lines
from tests.ui.next_steps.cases import FULL, MONTH, TOLD, YEAR, found, gain, worth
from ui.components import headlines, own_goal
from ui.components.metric_views import lowest_goal
from ui.next_steps import advice, conflicts, department, headline, ranking, text
from ui.next_steps import table as next_steps_table
from ui.text import labels

pytestmark = pytest.mark.usefixtures("on_example", "english")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([gain("A", 50)], "Only A is left to goal 2, of what we know"),
        ([gain("A", 80), gain("B", 20)], "A alone makes up 80% of what is left to goal 2"),
        (
            [gain("A", 30), gain("B", 22), gain("C", 20), gain("D", 28)],
            "Two services make up 58% of what is left to goal 2",
        ),
        ([gain(str(i), 10) for i in range(6)], "Three services make up half of what is left to goal 2"),
        ([gain(str(i), 10) for i in range(40)], "20 services make up half of what is left to goal 2"),
        ([gain("A", 50, "exempt")], "Nothing of what is left to goal 2 can be acted on now"),
        (
            [gain("A", 50, "withdrawn"), gain("B", 5)],
            "9% of what is left to goal 2 can be acted on now",
        ),
    ],
)
def test_the_headline_of_the_municipality(rows: list[Gain], said: str) -> None:
    assert headline._finding(found(*rows), YEAR, 2) == said


@pytest.mark.parametrize(
    ("rows", "points"),
    [
        ([gain("A", 50)], "5.0 percentage points"),
        ([gain("A", 5), gain("B", 5)], "1.0 percentage point"),
        ([gain("A", 60), gain("B", 40), gain("D", 20, "withdrawn")], "10.0 percentage points"),
    ],
)
def test_the_headline_of_departments(rows: list[Gain], points: str, of: Callable[[int | None], None]) -> None:
    """In points of the municipality's goal where they have no goal of their own, or one of too few for points."""
    own, several = (replace(YEAR, departments=codes) for codes in (("BUF",), ("BUF", "VOF")))
    of(19)
    assert headline._finding(found(*rows), own, 2) == f"Barn och utbildning can add {points} to goal 2"
    of(None)
    assert headline._finding(found(*rows), several, 2) == f"The departments chosen can add {points} to goal 2"


@pytest.fixture
def of(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """A function that says what the goal of the department chosen is counted of."""
    return lambda n: monkeypatch.setattr(own_goal, "denominator", lambda _scope, _goal: n)


def test_the_headline_of_a_department_tells_its_own_points_and_the_municipalitys(
    of: Callable[[int | None], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The municipality's where there is room."""
    rows, own = found(gain("A", 60), gain("B", 40), gain("C", 20, "withdrawn")), replace(YEAR, departments=("BUF",))
    of(400)
    both = "The department can come 25.0 percentage points closer to goal 2, the municipality 10.0"
    assert headline._finding(rows, own, 2) == "Barn och utbildning can come 25.0 percentage points closer to goal 2"
    monkeypatch.setattr(headlines, "LONGEST", len(both) + 9)
    assert headline._finding(rows, own, 2) == both.replace("The department", "Barn och utbildning")
    monkeypatch.setattr(labels, "department", lambda _code: "A department with a long name")
    assert headline._finding(rows, own, 2) == both


def test_a_name_that_is_too_long_for_a_headline_is_left_out(
    monkeypatch: pytest.MonkeyPatch, of: Callable[[int | None], None]
) -> None:
    of(None)
    long = "Ansökan om tillstånd till något som heter mycket"
    for kind in ("department", "service"):
        monkeypatch.setattr(labels, kind, lambda _code: long)
    own = replace(YEAR, departments=("BUF",))
    assert headline._finding(found(gain("A", 50)), own, 2) == "The department can add 5.0 percentage points to goal 2"
    one, other = gain("A", 80), gain("B", 20)
    assert headline._finding(found(one), YEAR, 2) == "One service is left to goal 2, of what we know"
    assert headline._finding(found(one, other), YEAR, 2) == "One service makes up 80% of what is left to goal 2"


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        (0.5, "A alone makes up 80% of what is left to goal 2"),
        (0.49, "Less than half is reported for goal 2"),
    ],
)
def test_the_headline_of_what_is_hardly_known(coverage: float, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Row({}, 500, 1000, 0.5, 1000, coverage, "value")
    monkeypatch.setattr(headline, "one", lambda _code, _scope: known)
    monkeypatch.setattr(ranking, "load_gains", lambda _scope, _goal: found(gain("A", 80), gain("B", 20)))
    assert headline.headline(YEAR, 2) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            [gain("A", 90), gain("B", 10)],
            "1 of the 2 services that can be acted on make up 90% of the 10.0 percentage points left to goal 2.",
        ),
        (
            [gain("A", 80), gain("B", 10), gain("C", 10, "withdrawn")],
            "1 of the 2 services that can be acted on make up 80% of the 10.0 percentage points left to goal 2."
            " There is nothing to do now about 1.0 percentage point (no longer published).",
        ),
        (
            [gain("A", 10), gain("B", 40, "withdrawn")],
            "What can be acted on makes up 20% of the 5.0 percentage points left to goal 2.",
        ),
        (
            [gain("A", 10), gain("B", 10)],
            "2 of the 2 services that can be acted on make up 100% of the 2.0 percentage points left to goal 2."
            " Each service gives the same: 1.0 percentage point.",
        ),
    ],
)
def test_the_reading_of_the_curve(rows: list[Gain], said: str) -> None:
    every = found(*rows)
    assert ranking.curve_reading([g for g in every if g.is_open], every, YEAR, 2) == said


def test_the_curve_of_a_department_is_of_its_own_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(YEAR, departments=("BUF",))
    for of, left, closed in ((200, "50.0 percentage points", "5.0 percentage points"), (19, "100", "10")):
        row = Row({}, 0, of, 0.0, of, 1.0, "value")
        monkeypatch.setattr(own_goal, "one", lambda _code, _scope, row=row: row)
        every = found(gain("A", 90), gain("B", 10, "withdrawn"))
        assert ranking.curve_reading([g for g in every if g.is_open], every, own, 2) == (
            f"1 of the 1 services that can be acted on make up 90% of the {left} left to goal 2 for Barn och utbildning."
            f" There is nothing to do now about {closed} (no longer published)."
        )


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (Fraction(1, 100_000), "less than 0.1 percentage points"),
        (Fraction(1, 100), "1.0 percentage point"),
        (Fraction(46, 1000), "4.6 percentage points"),
        (Fraction(0), "0.0 percentage points"),
    ],
)
def test_a_part_as_points(part: Fraction, said: str) -> None:
    assert own_goal.points(part) == said


def test_bars_never_round_what_there_is_to_nothing() -> None:
    say = own_goal._say(0.1)
    assert [say(10.0), say(0.04), say(0.0), say(None)] == ["10.0", "under 0.1", "0.0", "–"]
    assert own_goal._say(0.001)(0.04) == "0.04"


@pytest.mark.parametrize(
    ("goal", "one", "scope", "said"),
    [
        (2, gain("A", 1200, "build"), YEAR, "Develop an e-service: 1,200 cases in a year came in another way."),
        (2, gain("A", 1, "build"), YEAR, "Develop an e-service: 1 case in a year came in another way."),
        (2, gain("A", 7, "form"), MONTH, "Make the form an e-service: 7 cases in the period came in another way."),
        (
            2,
            gain("A", 1, "uptake"),
            MONTH,
            "Get more to use the e-service: 1 case in the period came in another way.",
        ),
        (
            2,
            gain("A", 9, worth=replace(FULL, reported=False)),
            YEAR,
            "Get more to use the e-service: at least 9 cases in a year came in another way.",
        ),
        (
            2,
            gain("A", 9, since=date(2026, 5, 1)),
            YEAR,
            "Follow up the e-service, new in May 2026: 9 cases in a year came in another way.",
        ),
        (
            2,
            gain("A", 9, "find_out"),
            YEAR,
            "Find out whether it has an e-service: 9 cases in a year came in another way.",
        ),
        (1, gain("A", 1, "build"), YEAR, "Develop an e-service."),
        (1, gain("A", 1, "form"), YEAR, "Make the form an e-service."),
        (
            3,
            gain("A", 1, "steps", steps=("decision",)),
            YEAR,
            "Make digital: decision. It concerns 1 case in a year.",
        ),
        (
            3,
            gain("A", 30, "steps", steps=("decision", "archiving")),
            YEAR,
            "Make digital: decision, archiving. It concerns 30 cases in a year.",
        ),
        (
            3,
            gain("A", 30, "report"),
            YEAR,
            "Report the missing steps. It concerns 30 cases in a year.",
        ),
    ],
)
def test_a_step_in_words(goal: int, one: Gain, scope: Scope, said: str) -> None:
    first, worth, _money = department._said(department.Step(goal, one), scope)
    assert first == said
    assert worth == f"It can give the municipality {own_goal.points(one.share)} in goal {goal}."


@pytest.mark.parametrize(
    ("kronor", "said"),
    [
        (None, []),
        (0, []),
        (500, ["Estimated to save SEK 500 a year more than it costs."]),
        (-9673, ["Estimated to cost SEK 9,673 a year more than it saves; it counts for what it gives goal 1."]),
    ],
)
def test_a_step_that_costs_more_than_it_saves_says_so(kronor: int | None, said: list[str]) -> None:
    step = department.Step(1, gain("A", 50, "build", worth(kronor)))
    assert [one.replace("\u00a0", " ") for one in list(department._said(step, YEAR))[2:]] == said


def test_the_order_of_the_steps_is_said() -> None:
    one, other = (department.Step(goal, gain("A", 50)) for goal in (1, 2))
    assert department._order([]) == department._order([one]) == ""
    said = "What does most for goal 1 comes first. The page Actions has all of them in the same order."
    assert department._order([one, other]) == said


def test_a_new_e_service_lifts_two_goals() -> None:
    lacks, cases = gain("A", 9, "build"), gain("A", 5, "build")
    said = list(department._said(department.Step(1, lacks, (2, cases)), YEAR))
    assert said[:2] == [
        "Develop an e-service: 5 cases in a year came in another way.",
        "It can give the municipality 0.9 percentage points in goal 1 and 0.5 percentage points in goal 2.",
    ]
    other = list(department._said(department.Step(2, cases, (1, lacks)), YEAR))
    assert other[1] == (
        "It can give the municipality 0.5 percentage points in goal 2 and 0.9 percentage points in goal 1."
    )


@pytest.mark.parametrize("departments", [(), ("BUF",), ("VOF",), ("PLAN",)])
def test_every_page_has_one_order(departments: tuple[str, ...]) -> None:
    """The first of what *Actions* has for the goal that it opens with, on the overview and with the services."""
    scope = replace(YEAR, departments=departments)
    goal = lowest_goal(scope)
    listed = [g for g in ranking.load_gains(scope, goal) if g.is_open]
    steps = department.select_steps(scope)
    assert 1 <= len(steps) <= 3
    assert [step.gain for step in steps[: len(listed)]] == listed[:3]
    assert {step.goal for step in steps[: len(listed)]} == {goal}
    assert len({step.gain.service_id for step in steps}) == len(steps)
    said = department.todo(scope)
    assert [one.title for one in said[-len(steps) :]] == [labels.service(step.gain.service_id) for step in steps]
    if departments:
        assert advice.most_important(scope) == said[:3]


def test_where_one_goal_has_few_the_others_fill_up(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {1: (), 2: found(gain("A", 9), gain("B", 5), gain("C", 4), gain("D", 3)), 3: found(gain("A", 8))}
    monkeypatch.setattr(ranking, "load_gains", lambda _scope, goal: rows[goal])
    monkeypatch.setattr(department, "lowest_goal", lambda _scope: 3)
    steps = department.select_steps(YEAR)
    assert [(step.goal, step.gain.service_id) for step in steps] == [(3, "A"), (2, "B"), (2, "C")]


def test_what_to_do_about_a_service_stands_on_its_page_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lacks, steps = gain("A", 9, "build"), gain("A", 8, "steps", steps=("decision",))
    rows = {1: found(lacks), 2: found(gain("A", 5, "build")), 3: found(steps)}
    monkeypatch.setattr(ranking, "load_gains", lambda scope, goal: () if scope.departments else rows[goal])
    monkeypatch.setattr(department, "lowest_goal", lambda _scope: 1)
    first, second = department.of_service(replace(YEAR, departments=("BUF",)), "A")  # of another department
    assert (first.title, second.title) == ("Develop an e-service", "Make digital: decision")
    both = "It can give the municipality 0.9 percentage points in goal 1 and 0.5 percentage points in goal 2."
    assert first.sentence.startswith(both)
    assert second.sentence.startswith("It concerns 8 cases in a year.")
    assert "new=A" in first.href and "steps=A" in second.href
    assert department.of_service(YEAR, "B") == []


@pytest.mark.parametrize(
    ("todo", "said"),
    [
        (Action("build"), "Develop an e-service"),
        (Action("form"), "Make the form an e-service"),
        (Action("uptake"), "Get more to use the e-service"),
        (Action("uptake", since=date(2026, 5, 1)), "Follow up the e-service, new in May 2026"),
        (Action("find_out"), "Find out whether it has an e-service"),
        (Action("steps", ("decision", "archiving")), "Make digital: decision, archiving"),
        (Action("report"), "Report the missing steps"),
        (Action("exempt"), "Nothing: no e-service is needed, by decision"),
        (Action("withdrawn"), "Nothing: no longer published"),
        (Action("done"), "Nothing: every step is digital now"),
    ],
)
def test_what_to_do(todo: Action, said: str) -> None:
    assert text.describe_action(replace(gain("A", 1), action=todo)) == said


def plain(sentences: Sequence[str]) -> list[str]:
    return [line for sentence in sentences for line in lines(sentence)]


def test_where_the_orders_disagree_and_why() -> None:
    rows = found(
        gain("A", 60, "build", worth(10)),
        gain("B", 50, "uptake", worth(500, cases=50)),
        gain("C", 40, "uptake", worth(None, "reporting", months=4)),
        gain("D", 30, "uptake", worth(None, "few")),
    )
    assert plain(conflicts.sentences(rows, TOLD, YEAR)) == [
        "A is number 1 of 2 in percentage points but number 2 in SEK: it has no e-service, and a new one costs"
        " SEK 12,000 a year.",
        "B is number 2 of 2 in percentage points but number 1 in SEK: it has its e-service, so nothing more has"
        " to be paid, while others need a new one.",
        "C gives many percentage points but cannot be counted in SEK: only 4 of twelve months are fully reported.",
        "D gives many percentage points but cannot be counted in SEK: fewer than 20 cases a year.",
    ]
    assert conflicts.describe_compared(rows) == (
        "The ranks are among the 2 services that can be counted both in percentage points and in SEK."
    )
    assert conflicts.describe_without_savings(rows) == (
        "2 services cannot be counted in SEK: not every month is reported (1), fewer than 20 cases a year (1)."
    )
    assert conflicts.describe_without_savings(rows[:3]) == (
        "1 service cannot be counted in SEK: not every month is reported."
    )
    assert conflicts.describe_without_savings(rows[:2]) == ""


@pytest.mark.parametrize(
    ("reason", "months", "said"),
    [
        ("reporting", 0, "no month is fully reported"),
        ("reporting", 1, "only 1 of twelve months is fully reported"),
        ("reporting", 11, "only 11 of twelve months are fully reported"),
        ("few", 12, "fewer than 20 cases a year"),
        ("find_out", 12, "we do not know whether it has an e-service"),
        ("uptake", 12, "no similar service to compare with"),
        ("handling", 12, "we do not know how many minutes a step takes"),
    ],
)
def test_many_points_and_no_kronor(reason: str, months: int, said: str) -> None:
    rows = found(gain("A", 60, worth=worth(None, reason, months)), gain("B", 50))
    assert plain(conflicts.sentences(rows, TOLD, YEAR)) == [
        f"A gives many percentage points but cannot be counted in SEK: {said}."
    ]


def test_a_period_unlike_the_year_is_the_reason() -> None:
    rows = found(gain("A", 20, "uptake", worth(60, cases=100)), gain("B", 10, "uptake", worth(500, cases=400)))
    assert plain(conflicts.sentences(rows, TOLD, MONTH)) == [
        "A is number 1 of 2 in percentage points but number 2 in SEK: in a whole year 100 of its cases come in"
        " another way, in the period 20.",
        "B is number 2 of 2 in percentage points but number 1 in SEK: in a whole year 400 of its cases come in"
        " another way, in the period 10.",
    ]


def test_what_has_its_e_service_falls_where_others_save_more() -> None:
    rows = found(gain("A", 60, "uptake", worth(10, cases=60)), gain("B", 50, "uptake", worth(500, cases=50)))
    first = plain(conflicts.sentences(rows, TOLD, YEAR))[0]
    assert first == "A is number 1 of 2 in percentage points but number 2 in SEK: others save more."


def test_the_orders_agree() -> None:
    rows = found(gain("A", 60, "uptake", worth(500)), gain("B", 50, "uptake", worth(10)))
    assert conflicts.sentences(rows, TOLD, YEAR) == []
    assert conflicts.describe_compared(rows) == "Where both can be counted the order is the same."
    silent = found(gain("A", 60, "uptake", worth(None, "few")))
    assert conflicts.describe_compared(silent) == ""


@pytest.mark.parametrize(
    ("kronor", "said"),
    [
        (
            (500, 10),
            "With these assumptions a new e-service pays for 2 of the 2 that can be counted. Most for A: SEK 500"
            " a year.",
        ),
        (
            (500, -10),
            "With these assumptions a new e-service pays for 1 of the 2 that can be counted. Most for A: SEK 500"
            " a year.",
        ),
        (
            (-5, -10),
            "With these assumptions a new e-service pays for none of the 2 that can be counted: it saves less"
            " than it costs. It is still needed to reach the goal. Nearest is A: SEK 5 a year is missing.",
        ),
    ],
)
def test_where_all_weigh_the_same_kronor_give_the_order(kronor: tuple[int, int], said: str) -> None:
    rows = found(gain("A", 10, "build", worth(kronor[0])), gain("B", 10, "build", worth(kronor[1])))
    assert [g.rank for g in rows] == [1, 1]
    assert [g.service_id for g in rows] == ["A", "B"]
    assert plain(conflicts.sentences(rows, TOLD, YEAR)) == [said]
    assert conflicts.describe_compared(rows) == (
        "Each gives 1.0 percentage point, so they cannot be ranked by percentage points, but by SEK and by cases"
        " a year."
    )


def test_where_all_weigh_the_same_and_none_has_kronor() -> None:
    rows = found(gain("A", 10, "build", worth(None, "few")), gain("B", 10, "build", worth(None, "few")))
    assert conflicts.describe_compared(rows) == (
        "Each gives 1.0 percentage point, so they cannot be ranked by percentage points."
    )


@pytest.mark.parametrize(
    ("kronor", "said"),
    [(500, ["Most for A: SEK 500 a year."]), (-5, ["Nearest is A: SEK 5 a year is missing."]), (None, [])],
)
def test_where_all_weigh_the_same_and_at_most_one_has_kronor(kronor: int | None, said: list[str]) -> None:
    rows = found(gain("A", 10, "build", worth(kronor)), gain("B", 10, "build", worth(None, "few")))
    assert plain(conflicts.sentences(rows, TOLD, YEAR)) == said


@pytest.mark.parametrize(
    ("goal", "kronor", "said"),
    [
        (1, (-10, -20), ""),
        (
            1,
            (500, -10),
            "The service that pays would save time worth SEK 500 a year, less the cost, and give 1.0 percentage point.",
        ),
        (
            1,
            (500, 10),
            "The 2 services that pay would together save time worth SEK 510 a year, less the cost, and give 2.0"
            " percentage points.",
        ),
        (2, (-10, -20), ""),
        (
            2,
            (500, -10),
            "If every case came in digitally, the service that pays would save time worth SEK 500 a year, less"
            " the cost, and give 1.0 percentage point.",
        ),
        (
            2,
            (500, 10),
            "If every case came in digitally, the 2 services that pay would together save time worth SEK 510 a"
            " year, less the cost, and give 2.0 percentage points.",
        ),
    ],
)
def test_what_all_that_pays_is_worth(goal: int, kronor: tuple[int, int], said: str) -> None:
    rows = found(gain("A", 10, "build", worth(kronor[0])), gain("B", 10, "build", worth(kronor[1])))
    assert next_steps_table.describe_total_savings(rows, YEAR, goal) == said


@pytest.mark.parametrize("digital", [25, 26])
def test_a_digital_case_that_takes_as_long_saves_nothing(
    digital: int, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = replace(TOLD, minutes_digital=Decimal(digital))
    monkeypatch.setattr(ranking, "load_gains", lambda _scope, _goal, _told: found(gain("A", 10)))
    next_steps_table.draw_savings(YEAR, 2, told)
    assert heard == [
        "With these assumptions a digital case takes as long as another, or longer: no time is saved.",
        next_steps_table.method(2),
    ]


@pytest.mark.parametrize(
    ("n", "said"),
    [
        *((1, "One service"), (2, "Two services"), (3, "Three services"), (4, "Four services"), (5, "Five services")),
        *((6, "Six services"), (7, "Seven services"), (8, "Eight services"), (9, "Nine services")),
        *((10, "Ten services"), (11, "Eleven services"), (12, "Twelve services"), (1_300, "1,300 services")),
    ],
)
def test_how_many_begin_a_sentence(n: int, said: str) -> None:
    assert text.services(n) == said


@pytest.mark.parametrize(
    ("goal", "said"),
    [
        (
            1,
            "SEK a year = cases a year × the digital share of similar services × minutes saved a case × SEK an"
            " hour ÷ 60, less the cost of a new e-service. Similar are those in the same department, if 3 of"
            " them have an e-service, else all. The middle one of them is used.",
        ),
        (
            2,
            "SEK a year = cases a year in another way than an e-service × minutes saved a case × SEK an hour ÷"
            " 60, less the cost of an e-service where there is none.",
        ),
        (3, "SEK is not shown for goal 3. What digital steps give in working time stands on the page Benefit."),
    ],
)
def test_how_the_kronor_are_reckoned(goal: int, said: str) -> None:
    assert next_steps_table.method(goal) == said


DECISION = [gain(key, 10, "steps", steps=("decision",)) for key in "AB"]
ARCHIVING = gain("C", 30, "steps", steps=("archiving",))
BOTH = gain("D", 90, "steps", steps=("decision", "archiving"))


@pytest.mark.parametrize(
    ("rows", "few", "said"),
    [
        ([BOTH], False, []),
        (DECISION[:1], False, ["1 service has only the step decision left to make digital: 1.0 percentage point."]),
        (
            [*DECISION, ARCHIVING, BOTH],
            False,
            [
                "1 service has only the step archiving left to make digital: 3.0 percentage points.",
                "2 services have only the step decision left to make digital: 2.0 percentage points.",
            ],
        ),
        (
            [*DECISION, ARCHIVING, BOTH],
            True,
            [
                "1 service has only the step archiving left to make digital.",
                "2 services have only the step decision left to make digital.",
            ],
        ),
    ],
)
def test_where_one_step_is_all_that_is_lacking(
    rows: list[Gain], few: bool, said: list[str], heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "load_gains", lambda _scope, _goal: found(*rows))
    monkeypatch.setattr(ranking, "too_few", lambda _scope, _goal: few)
    next_steps_table.draw_single_steps(YEAR)
    assert heard == [f"{one} Try it" for one in said]


@pytest.mark.parametrize(("goal", "said"), [(n, f"What does most for goal {n}, service by service") for n in (1, 2, 3)])
def test_the_table_is_called_what_it_tells(goal: int, said: str) -> None:
    table = next_steps_table.table(YEAR, goal, TOLD)
    assert (table.title, table.nothing) == (said, "We know of nothing left in the selection.")
