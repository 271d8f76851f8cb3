"""A reporting round: who is ready, what each department lacks, the reminders, and that freezing its report closes it."""

from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st

from analytics.metrics.scope import Scope
from analytics.priorities.rounds import rounds as every_round
from analytics.priorities.rounds import standings
from data.store import Store
from tests.data.stores import NOW, ROLE
from tests.reader import Look, words
from tests.ui.reports.test_reports import BOTH, TABLES
from ui import database
from ui.reports import content, rounds

PAGE = "pages/follow_up/reports.py"
SCOPE = Scope(date(2025, 11, 1), date(2026, 10, 1), ("A",))
SAID = "forklaring_id;mal;verksamhet_id;fran_manad;till_manad;vad_hande\nF1;2;A;2026-01;2026-08;Brev\n"  # A is behind its target
ROUNDS = {
    "rounds": "omgang_id;fran_manad;till_manad;oppnad;klart_senast\nD1;2026-01;2026-04;2026-05-01;\n"
    "D2;2026-01;2026-08;2026-09-01;2026-09-20\n",
    "explanations": SAID,
}
MARKS = "omgang_id;verksamhet_id;klar;roll\nD2;A;2026-09-18;Chef\nD1;B;2026-05-18;\n"
pytestmark = pytest.mark.usefixtures("swedish")


@pytest.fixture
def opened(small_store: Callable[..., Store], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Store]:
    """A function that makes the store of the reports with two rounds, and what departments have marked."""

    def make(marks: str = MARKS, **more: str) -> Store:
        store = small_store(TABLES | ROUNDS | {"ready": marks} | more, {"case_counts": BOTH})
        monkeypatch.setenv("DASHBOARD_STORE", str(store.folder))
        st.cache_resource.clear()
        return store

    return make


def test_the_latest_round_says_who_is_ready_and_what_the_others_lack(opened: Callable[..., Store], look: Look) -> None:
    store = opened()
    one = rounds.opened()
    assert one and (one.round_id, one.due_on) == ("D2", date(2026, 9, 20))
    found = database.answer(standings, one, SCOPE)  # of every department, whatever is chosen
    assert [(each.department_id, each.missing, each.unexplained, each.ready_on, each.role) for each in found] == [
        ("B", 8, 0, None, None),  # a service in eight months
        ("A", 0, 0, date(2026, 9, 18), "Chef"),
    ]
    table = rounds.table(SCOPE, one)
    assert list(table.rows["Väntar på"]) == ["det som saknas", "inget"]
    assert list(table.rows["Månader som inte är fullt rapporterade"]) == [8, 0]
    assert table.title == "Verksamheterna i omgången" and list(table.rows["Inte förklarat"]) == [0, 0]
    assert "department=B" in table.links[0] and "from=2026-01&to=2026-08" in table.links[0]
    assert rounds.reminder(one, found[0]).splitlines() == [
        "Uppföljning av e-tjänster, jan 2026–aug 2026: Beta",
        "8 månader är inte fullt rapporterade, räknat per tjänst.",
        "Lämna det som saknas och markera er klara senast 20 september 2026.",
    ]
    app = look(store, PAGE)
    mail = parse_qs(urlsplit(rounds.mail(rounds.reminder(one, found[0]))).query)
    assert mail["subject"] == ["Uppföljning av e-tjänster, jan 2026–aug 2026: Beta"]
    assert mail["body"][0].splitlines() == rounds.reminder(one, found[0]).splitlines()[1:]
    assert "Öppna som mejl" in words(app) and "mailto:?subject=Uppf%C3%B6ljning" in words(app)
    assert "Jan 2026–aug 2026: 1 av 2 verksamheter är klara" in words(app)
    assert "De skulle ha varit klara 20 september 2026." in words(app)
    assert "Välj omgångens period" not in words(app)  # it is what is chosen
    assert "Välj omgångens period" in words(look(store, PAGE, to="2026-04"))
    assert [fold.label for fold in app.expander if "påminnelse" in fold.label] == [
        "1 påminnelse att kopiera eller mejla"
    ]


def test_a_department_that_lacks_nothing_marks_itself_ready(opened: Callable[..., Store]) -> None:
    store = opened("omgang_id;verksamhet_id;klar\nD2;B;2026-09-18\n")
    one = rounds.opened()
    assert one
    (first, _second) = database.answer(standings, one, SCOPE)
    assert (first.department_id, rounds.waits_for(first)) == ("A", "att den markerar sig klar")
    with store.database().cursor() as cursor:
        earlier = every_round(cursor)[1]
    assert rounds.reminder(earlier, first).splitlines() == ["Uppföljning av e-tjänster, jan 2026–apr 2026: Alfa"]
    assert rounds.reading(earlier, [first]) == ""


def test_a_deviation_that_is_not_explained_is_waited_for(opened: Callable[..., Store]) -> None:
    nothing = {"explanations": SAID.replace("F1;2", "F1;1")}  # of another goal
    for more, unexplained, waits in ((nothing, 1, "en förklaring"), ({}, 0, "att den markerar sig klar")):
        opened("omgang_id;verksamhet_id;klar\nD2;B;2026-09-18\n", **more)
        one = rounds.opened()
        assert one
        first = database.answer(standings, one, SCOPE)[0]
        assert (first.department_id, first.unexplained, rounds.waits_for(first)) == ("A", unexplained, waits)
        assert ("1 avvikelse är inte förklarad." in rounds.reminder(one, first)) == bool(unexplained)


def test_freezing_the_report_of_its_period_closes_it(opened: Callable[..., Store], look: Look) -> None:
    store = opened("omgang_id;verksamhet_id;klar\nD2;A;2026-09-18\nD2;B;2026-09-18\n")
    period = Scope(date(2026, 1, 1), date(2026, 8, 1))
    told = words(look(store, PAGE))
    assert "Jan 2026–aug 2026: alla verksamheter är klara" in told
    assert "Frys periodens rapport nedan för att avsluta omgången." in told
    for other in (Scope(date(2026, 1, 1), date(2026, 8, 1), ("A",)), Scope(date(2026, 1, 1), date(2026, 4, 1))):
        store.freeze("Annan", content.report(other).as_json(), ROLE, NOW)
        st.cache_resource.clear()
        assert rounds.opened()
    store.freeze("Delår", content.report(period).as_json(), ROLE, NOW)
    st.cache_resource.clear()
    assert rounds.opened() is None
    assert "alla verksamheter är klara" not in words(look(store, PAGE))
    form = look(store, "pages/sources/register.py", do="round", month_from="2026-01", month_to="2026-04")
    said = words(form)  # the municipality's own periods, one tap away; that which stands in the form is no link
    assert "month_from=2026-01&amp;month_to=2026-08" in said and "#form" in said
    assert "month_to=2026-04#form" not in said and "<strong>Tertial 1, delår jan–apr 2026</strong>" in said
    assert {"2026-01", "2026-04", "O-01"} <= {field.value for field in form.text_input}
