"""Actions as a reader meets them: on example data, where little is known, for one department and for one month."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from data.store import Store
from tests.markup import sizes, texts
from tests.reader import Look, check, lines, tables, words

Make = Callable[..., Store]
PAGE, OWN = "pages/follow_up/next_steps.py", "pages/services/our_services.py"
TREE = "verksamhet_id;namn\nA;Alfa\nB;Beta\n"
SERVICES = "tjanst_id;namn;verksamhet_id;malgrupp\n" + "".join(f"T{i};Tjänst {i};A;extern\n" for i in range(25))
ONE = "etjanst_id;namn;typ\nE1;Ett;e-tjänst\n"


def said(app: object) -> str:
    return " ".join(lines(words(app)))  # type: ignore[arg-type]  # a field by its name


def links(n: int) -> str:
    return "tjanst_id;etjanst_id\n" + "".join(f"T{i};E1\n" for i in range(n))


@pytest.mark.parametrize(("goal", "rankings"), [("1", 1), ("2", 2), ("3", 2)])
def test_each_goal_on_the_example(goal: str, rankings: int, store: Store, look: Look) -> None:
    app = look(store, PAGE, goal=goal, lang="en")
    assert re.search(rf"(half|\d+%) of what is left to goal {goal}", said(app))
    assert words(app).count('class="ranking') == rankings and not app.get("plotly_chart")
    assert len(tables(app)) == 2 and "1 action agreed on is late" in said(app)
    assert ("Where percentage points and SEK rank differently" in said(app)) == (goal != "3")
    assert ("SEK is not shown for goal 3" in said(app)) == (goal == "3")
    assert len(app.number_input) == (0 if goal == "3" else 4)


def test_without_a_choice_it_is_the_goal_that_is_furthest_away(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en")
    assert "goal 3" in said(app)  # 47 %: less than the other two
    assert app.selectbox(key="_goal").options == [
        "Goal 3, which is furthest away",
        "Goal 1: E-services",
        "Goal 2: Digital cases",
        "Goal 3: Digital case handling",
    ]


def test_the_bars_lead_to_the_services_and_to_the_departments(store: Store, look: Look) -> None:
    services, branches = words(look(store, PAGE, goal="2", lang="en")).split('class="ranking')[1:]
    lengths, values = sizes(services.partition("</ol>")[0], "width"), texts(services.partition("</ol>")[0], "b")
    assert len(values) == 10 and lengths[0] == 100 and lengths == sorted(lengths, reverse=True)
    assert services.partition("</ol>")[0].count("service=") == 10
    assert all(
        "department=" in href and "goal=2" in href
        for href in re.findall(r'href="([^"]*)"', branches.partition("</ol>")[0])
    )


def test_what_gives_most_can_be_tried(store: Store, look: Look) -> None:
    """The way to the scenario holds the services of the bars, each with what it lacks."""
    for goal in ("1", "2", "3"):
        page = words(look(store, PAGE, goal=goal, lang="en"))
        asked = parse_qs(urlsplit(unescape(re.search(r'href="(tank-om[^"]*)"', page)[1])).query)  # type: ignore[index]  # a miss fails the test
        lists = [asked.get(key, []) for key in ("new", "uptake", "steps")]
        assert {"1": lists[1:] == [[], []], "2": lists[2] == [], "3": lists[:2] == [[], []]}[goal]
        assert len(sum(lists, [])) == 10


def test_it_is_compared_with_nothing(store: Store, look: Look) -> None:
    assert "compared with" not in said(look(store, PAGE, lang="en", comparison="previous"))


def test_the_kronor_follow_the_assumptions(store: Store, look: Look) -> None:
    app = look(store, PAGE, goal="2", lang="en")
    column = tables(app)[0]["SEK a year"]
    top = column.dropna().max()
    app.number_input(key="_hourly").set_value(900).run()
    check(app)
    assert tables(app)[0]["SEK a year"].max() == pytest.approx(2 * top, abs=1)
    app.number_input(key="_minutes_other").set_value(10).run()
    assert tables(app)[0]["SEK a year"].max() == 0


def test_a_department_of_its_own(store: Store, look: Look) -> None:
    app = look(store, PAGE, goal="2", lang="en", department="BUF")
    assert re.search(r"Barn och utbildning can come [\d.]+ percentage points closer to goal 2", said(app))
    assert "in the departments chosen" not in said(app)
    app = look(store, PAGE, goal="1", lang="en", department="PLAN", **{"from": "2026-10", "to": "2026-10"})
    assert "Planenheten can add 1.1 percentage points to goal 1" in said(app)
    app = look(store, PAGE, goal="1", lang="en", department="GRS")
    assert "All services have an e-service" in said(app)
    assert "We know of nothing left in the selection." in said(app)
    app = look(store, PAGE, goal="2", lang="en", life_event="Bygga och bo")
    assert re.search(r"The services chosen can add [\d.]+ percentage points to goal 2", said(app))


def test_few_are_never_ranked(store: Store, look: Look) -> None:
    app = look(store, PAGE, goal="1", lang="en", audience="internal")  # ten services
    assert "nothing is ranked" in said(app)
    assert not app.get("plotly_chart")
    assert tables(app)[0]["Percentage points"].isna().all()


LITTLE = {
    "only departments": ({"departments": TREE}, "No services are imported yet", ""),
    "only a register": (
        {"departments": TREE, "services": SERVICES},
        "Too little is reported to show the share of digital cases",
        "Too little is reported to propose any action.",
    ),
    "one service": (
        {
            "departments": TREE,
            "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT0;Ensam;A;extern\nT1;Annan;B;extern\n",
            "e_services": ONE,
            "links": "tjanst_id;etjanst_id\nT1;E1\n",
        },
        "Too little is reported to show the share of digital cases",
        "Ensam Develop an e-service.",
    ),
    "all there is is met": (
        {"departments": TREE, "services": SERVICES, "e_services": ONE, "links": links(25)},
        "Too little is reported to show the share of digital cases",
        "Nothing is left of what is reported, but not all is reported. Import the rest.",
    ),
    "all decided against": (
        {
            "departments": TREE,
            "services": SERVICES,
            "e_services": ONE,
            "links": links(1),
            "exemptions": "undantag_id;tjanst_id;typ;skal;beslutat\n"
            + "".join(f"U{i};T{i};ej tillämpligt;Information;2020-01-01\n" for i in range(1, 25)),
            "case_counts": "tjanst_id;manad;kanal;antal\n"
            + "".join(f"T{i};2026-10;telefon;3\nT{i};2026-10;e-tjänst;0\n" for i in range(1, 25)),
        },
        "Less than half is reported for goal 2",
        "Nothing of what is left can be acted on now.",
    ),
}


@pytest.mark.parametrize("case", LITTLE)
def test_little_is_known(case: str, small_store: Make, look: Look) -> None:
    tables, headline, step = LITTLE[case]
    store = small_store(tables)
    assert headline in said(look(store, PAGE, lang="en", goal="2"))
    own = said(look(store, OWN, lang="en"))
    assert step in own
    assert "It can give" not in own or case == "one service"
    look(store, PAGE, lang="en", goal="1")
    look(store, PAGE, lang="en", goal="3")


def test_nothing_is_left(small_store: Make, look: Look) -> None:
    steps = ("mottagning", "registrering", "komplettering", "beredning", "beslut", "expediering", "arkivering")
    tables = {
        "departments": TREE,
        "services": "tjanst_id;namn;verksamhet_id;malgrupp\nT0;Ensam;A;extern\n",
        "e_services": ONE,
        "links": links(1),
        "case_counts": "tjanst_id;manad;kanal;antal\nT0;2026-10;e-tjänst;50\nT0;2026-10;telefon;0\n",
        "handling_steps": "tjanst_id;steg;lage;fran\n" + "".join(f"T0;{s};digitalt;2020-01-01\n" for s in steps),
    }
    store = small_store(tables)
    one = {"from": "2026-10", "to": "2026-10"}
    assert "All goals are met. There is nothing left to do." in said(look(store, OWN, lang="en", **one))
    assert "All cases came in through an e-service" in said(look(store, PAGE, lang="en", goal="2", **one))


def test_a_department_head_sees_their_own_steps(store: Store, look: Look) -> None:
    app = look(store, OWN, lang="en", department="FSK")
    own = said(app)
    assert "Plats, förskola / fritidshem / pedagogisk omsorg - Ansökan Make the form an e-service" in own
    assert re.search(r"It can give you 1 of \d+ in goal 1 and [\d.]+ percentage points in goal 2\.", own)
    assert len(re.findall("See the service", own)) == 3
