"""Tänk om, as a reader meets it: the address holds the scenario, and what it cannot hold is said."""

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from html import unescape
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from analytics.costs.break_even import default_assumptions
from analytics.metrics.period import period
from analytics.scenario.baseline import baseline
from analytics.scenario.changes import Change
from analytics.scenario.model import Effect, Scenario, apply, effect, suggested_scenario
from data.store import Store
from tests.reader import Look, check, words
from tests.reader import tables as read_tables

PAGE, STEPS = "pages/follow_up/what_if.py", "pages/follow_up/next_steps.py"
SOON = date(2026, 11, 1)
ASKED = {"new": ["T-022"], "uptake": ["T-028", "T-031"], "steps": ["T-028"]}
RAISED = Change("T-028", "uptake", None, SOON)
Make = Callable[..., Store]


def said(app: AppTest) -> str:
    """The words of the page with plain spaces."""
    told = re.sub(r"<style.*?</style>|<[^>]*>", " ", words(app), flags=re.S)
    return re.sub(r"\s+", " ", unescape(told).replace("\u00a0", " "))


def headline(app: AppTest) -> str:
    """The finding."""
    return unescape(re.findall(r"<h1[^>]*>(.*?)</h1>", words(app))[0]).replace("\u00a0", " ")


def counted(store: Store, *changes: Change) -> Effect:
    """The same scenario, asked of the analytics."""
    with store.database().cursor() as cursor:
        return effect(cursor, period(cursor).scope(), Scenario("", changes))


def percent(share: Fraction) -> str:
    return f"{float(share) * 100:.0f}%"


def scenario(share: Fraction | None = None, since: date = SOON) -> list[Change]:
    kinds = {"new": "e_service", "uptake": "uptake", "steps": "steps"}
    return [
        Change(service, kinds[key], None if key == "steps" else share, since)  # type: ignore[arg-type]  # a field by its name
        for key, services in ASKED.items()
        for service in services
    ]


def test_an_address_opened_cold_shows_the_scenario(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en", share="60", since="2027-03", name="Autumn <plan>", **ASKED)
    told = counted(store, *scenario(Fraction(3, 5), date(2027, 3, 1)))
    third = told.goals[2].shares
    assert third and headline(app) == (
        f"With digital case handling in 1 service goal 3 goes from {percent(third[0])} to {percent(third[1])}"
    )
    page = said(app)
    assert "Autumn <plan> From Mar 2027:" in page and "Autumn <plan>" not in words(app)
    ticks = [float(at) for at in re.findall(r'class="bullet-tick" style="left:([\d.]+)%', words(app))]
    assert ticks == pytest.approx([100 * goal.before / goal.denominator for goal in told.goals], abs=0.005)
    assert all(f"{round(goal.after):,} of {goal.denominator:,}" in page for goal in told.goals)
    (table,) = read_tables(app)
    assert set(re.findall(r'href="tjanst\?[^"]*service=([\w-]+)', words(app))) >= {"T-022", "T-028", "T-031"}
    assert len(table) == 3
    for i, goal in enumerate(told.goals):
        moved = 100 * float((goal.after - goal.before) / goal.denominator)
        assert sum(table[f"Goal {i + 1}, points"]) == pytest.approx(moved, abs=0.005 * len(table))  # each is rounded
    assert "The digital share 60% is stated by whoever made the scenario." in page


def test_the_widgets_write_the_same_address(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en")
    for key, services in ASKED.items():
        app.multiselect(key=f"_{key}").set_value(services).run()
    app.number_input(key="_share").set_value(60).run()
    app.selectbox(key="_since").set_value("2027-03").run()
    app.text_input(key="_name").set_value("Autumn").run()
    check(app)
    written = {key: app.query_params[key] for key in (*ASKED, "since", "share", "name")}
    assert {key: [found] if isinstance(found, str) else found for key, found in written.items()} == {
        **ASKED,
        "since": ["2027-03"],
        "share": ["60"],
        "name": ["Autumn"],
    }
    again = look(store, PAGE, lang="en", **written)
    assert headline(again) == headline(app) and said(again) == said(app)


def test_one_step_can_be_tried_at_the_services_that_lack_only_that(store: Store, look: Look) -> None:
    """The way there stands on the page of the next steps, with what it gives."""
    steps = said(look(store, STEPS, lang="en", goal="3"))
    pattern = r"(\d+) services have only the step archiving left to make digital: ([\d.]+) percentage points\."
    n, points = re.search(pattern, steps).groups()  # type: ignore[union-attr]  # a miss fails the test
    link = re.search(r'href="tank-om\?([^"]*step=archiving[^"]*)"', words(look(store, STEPS, lang="en", goal="3")))
    asked = parse_qs(unescape(link[1]))  # type: ignore[index]  # a miss fails the test
    assert len(asked["steps"]) == int(n)
    app = look(store, PAGE, **{key: asked[key] for key in ("lang", "steps", "step")})
    assert f"{n} services get digital steps (archiving)." in said(app)
    assert sum(read_tables(app)[0]["Goal 3, points"]) == pytest.approx(float(points), abs=0.05 + 0.005 * int(n))
    other = look(store, PAGE, lang="en", steps=asked["steps"], step=["decision", "<i>"])
    assert "The changes affect none of the goals" in headline(other)
    assert "Other steps are not digital either, so goal 3 is not affected" in said(other)
    assert "There is no step “<i>”, so it is not used." in said(other)


def test_what_an_address_cannot_have_is_left_out_and_said(store: Store, look: Look) -> None:
    broken = {"new": ["T-022", "nobody"], "steps": ["<b>"], "share": "140", "since": "1999-13"}
    app = look(store, PAGE, lang="en", **broken)
    page = said(app)
    assert "There is no service “nobody”, so it is not used." in page and "There is no service “<b>" in page
    assert "A digital share is a whole number from 0 to 100. It is that of similar services instead." in page
    assert "The scenario cannot hold from 1999-13." in page
    assert headline(app) == headline(look(store, PAGE, lang="en", new="T-022"))


def test_a_target_to_come_is_told_beside_what_the_changes_give_by_then(store: Store, look: Look) -> None:
    page = said(look(store, PAGE, lang="en", uptake=["T-028"]))
    with store.database().cursor() as cursor:
        told = apply(baseline(cursor, period(cursor).scope()), Scenario("", (RAISED,)), date(2026, 12, 31))
        row = cursor.execute(
            "SELECT share FROM targets WHERE goal = '2' AND department_id IS NULL AND date = DATE '2026-12-31'"
        ).fetchone()
    now = told.goals[1].shares
    assert row and now and percent(now[0]) == percent(now[1])  # so a decimal tells them apart
    alone = f"the share is {float(now[1]) * 100:.1f}% with these changes alone"
    given = f"By 31 December 2026 {alone}, in force for 2 months of twelve."
    assert f"{given} The target is {row[0]:.0f}%." in page
    assert (
        page.count("with these changes alone") == 1 and page.count("The target by 31 December 2026 is") == 2
    )  # the other goals are not moved


def test_nothing_chosen_explains_itself_and_offers_a_first_scenario(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en")
    assert headline(app).startswith("Goal 1 stands at ") and not read_tables(app)
    (query,) = {unescape(href) for href in re.findall(r'href="\?([^"]*new[^"]*)"', words(app))}
    with store.database().cursor() as cursor:
        offered = suggested_scenario(baseline(cursor, period(cursor).scope()), SOON)
    asked = parse_qs(query)
    assert {*asked.get("new", ()), *asked.get("uptake", ())} == {change.service_id for change in offered.changes}
    followed = look(store, PAGE, **asked | {"lang": "en"})
    assert "goes from" in headline(followed) and "As digital as similar services" in words(followed)


def test_only_what_lacks_something_is_offered(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en")
    with store.database().cursor() as cursor:
        found = baseline(cursor, period(cursor).scope()).services
    offered = {key: app.multiselect(key=f"_{key}").options for key in ASKED}
    assert len(offered["new"]) == sum(fact.class_ in ("none", "form_only") for fact in found.values())
    assert len(offered["steps"]) == sum(fact.handling == "not_digital" for fact in found.values())
    online = [fact for fact in found.values() if fact.class_ in ("e_service", "e_service_elsewhere")]
    assert len(offered["uptake"]) == sum(fact.counts[1][0] < fact.counts[1][1] for fact in online)


def test_the_cost_follows_its_assumptions(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en", new=["T-014"])
    with store.database().cursor() as cursor:
        usual = default_assumptions(cursor, period(cursor).scope())
    assert f"Cost a year SEK {usual.yearly:,.0f}" in said(app)
    app.number_input(key="_yearly").set_value(90_000).run()
    assert "Cost a year SEK 90,000" in said(app) and "Time saved in SEK less the cost SEK −" in said(app)
    assert "for 0 of 1 service today, for 0 with the changes" in said(app)


def test_digital_steps_have_no_kronor(store: Store, look: Look) -> None:
    app = look(store, PAGE, lang="en", steps=["T-028"])
    assert "SEK is not shown, for nobody has stated" in said(app) and "Cost a year" not in said(app)
    assert headline(app).startswith("With digital case handling in 1 service goal 3 goes from")
    (table,) = read_tables(app)
    assert list(table["Time saved, SEK a year"].isna()) == [True]


def test_a_service_of_another_department_stays_in_the_address_and_says_that_it_moves_nothing(
    store: Store, look: Look
) -> None:
    app = look(store, PAGE, lang="en", department="SBK", **ASKED)
    assert headline(app) == "The changes affect none of the goals"
    assert "Not in the selection, so it affects no goal" in said(app)
    assert app.multiselect(key="_new").value == ["T-022"]


def test_it_is_told_over_twelve_months_up_to_the_last_one_chosen(store: Store, look: Look) -> None:
    short = look(store, PAGE, lang="en", new=["T-022"], **{"from": "2026-09", "to": "2026-10"})
    assert headline(short) == headline(look(store, PAGE, lang="en", new=["T-022"]))
    assert "Nov 2025–Oct 2026" in said(short)


TREE = {"departments": "verksamhet_id;namn\nA;Alfa\n"}
SERVICE = TREE | {"services": "tjanst_id;namn;verksamhet_id;malgrupp\nT;Bygglov;A;extern\nU;Rivning;A;extern\n"}
PAIRED = SERVICE | {
    "e_services": "etjanst_id;namn;typ\nE;Lov;e-tjänst\n",
    "links": "tjanst_id;etjanst_id\nT;E\n",
}


@pytest.mark.parametrize(
    ("tables", "finding"),
    [
        (TREE, "No services are imported yet"),
        (SERVICE, "Too little is reported to show what a change would bring"),
        (PAIRED, "With 1 new e-service goal 1 goes from 1 of 2 to 2 of 2"),
    ],
)
def test_little_is_known(tables: dict[str, str], finding: str, small_store: Make, look: Look) -> None:
    store = small_store(tables)
    app = look(store, PAGE, lang="en", new=["U"])
    assert headline(app) == finding
    look(store, PAGE, lang="en")
    if "services" in tables:
        (table,) = read_tables(app)
        assert table["Time saved, SEK a year"].isna().all()


def test_a_choice_without_services_says_so(small_store: Make, look: Look) -> None:
    store = small_store(PAIRED | {"departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n"})
    app = look(store, PAGE, lang="en", department="B", new=["U"])
    assert headline(app) == "There are no services in the selection" and "Show all" in said(app)


def test_the_other_language_shows_the_same_scenario(store: Store, look: Look) -> None:
    app = look(store, PAGE, **ASKED, share="60")
    link = re.search(r'<footer[^>]*><a[^>]*href="([^"]*)"', words(app))
    assert link
    query = parse_qs(unescape(link[1]).partition("?")[2])
    assert {key: query[key] for key in ASKED} == ASKED
    assert (query["share"], query["lang"]) == (["60"], ["en"])
