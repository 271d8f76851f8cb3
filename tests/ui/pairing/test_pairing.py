"""The page Koppla: what one approves, rejects and undoes there is an import like any other."""

from collections.abc import Callable
from datetime import datetime

import pytest
from streamlit.testing.v1 import AppTest

from data.base import clock
from data.store import Store
from tests.reader import Look, head, lines, press, tables, words
from ui.pairing.lists import finding, suggested
from ui.pairing.suggestions import title

Make = Callable[..., Store]
PAGE = "pages/sources/pair.py"
TABLES = {
    "departments": "verksamhet_id;namn\nSKOL;Skolkontoret\nBYGG;Byggenheten\n",
    "services": """tjanst_id;namn;verksamhet_id;malgrupp
T1;Skolskjuts – Ansökan;SKOL;extern
T2;Planbesked – Begäran;BYGG;extern
T3;Bygglov, skylt – Ansökan;BYGG;extern
""",
    "e_services": """etjanst_id;namn;typ
E1;Ansökan om skolskjuts;e-tjänst
E2;Begäran om planbesked;e-tjänst
E3;Bygglov - plank;e-tjänst
""",
}


def told(store: Store, table: str = "links") -> set[tuple[str, str]]:
    """The pairs that stand in the store, or those that were rejected."""
    with store.database().cursor() as cursor:
        return {(service, e_service) for service, e_service, *_ in cursor.sql(f"FROM {table}").fetchall()}


def offered(app: AppTest) -> set[str]:
    """The suggestions on the page, as service_e-service."""
    return {key.removeprefix("_pair_accept_") for b in app.button if (key := b.key or "").startswith("_pair_accept_")}


def test_one_is_approved(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_pair_accept_T1_E1")
    assert told(store) == {("T1", "E1")}
    assert offered(app) == {"T2_E2", "T3_E3"}
    assert len(app.success) == 1 and "Skolskjuts" in app.success[0].value
    batch = store.history()[-1]
    assert (batch.file, batch.rows, batch.who) == (batch.file, 1, app.text_input(key="_pair_who").value)
    assert " 1 " in batch.file and batch.file.endswith(".csv")


def test_one_is_rejected_for_good(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_pair_reject_T1_E1")
    assert told(store) == set() and told(store, "rejected_links") == {("T1", "E1")}
    assert offered(look(store, PAGE)) == offered(app) == {"T2_E2", "T3_E3"}


def test_all_above_the_line_are_shown_before_they_are_approved(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_pair_all")
    assert told(store) == set()
    assert {tuple(row) for row in tables(app)[-1].iloc[:, :2].to_numpy()} == {
        ("Skolskjuts – Ansökan", "Ansökan om skolskjuts"),
        ("Planbesked – Begäran", "Begäran om planbesked"),
    }
    press(app, "_pair_yes")
    assert told(store) == {("T1", "E1"), ("T2", "E2")}
    assert len(store.history()) == len(TABLES) + 1
    assert offered(app) == {"T3_E3"}


def test_the_line_decides_how_many_and_one_may_think_again(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = look(store, PAGE)
    app.slider(key="_pair_line").set_value(40).run()
    assert "(3)" in app.button(key="_pair_all").label
    press(app, "_pair_all")
    assert "3" in app.button(key="_pair_yes").label
    press(app, "_pair_no")
    assert told(store) == set() and not [b for b in app.button if b.key == "_pair_yes"]
    press(app, "_pair_all")
    app.slider(key="_pair_line").set_value(100).run()  # what was asked about is not what would be approved now
    assert not [b for b in app.button if b.key == "_pair_yes"]


def test_the_latest_is_undone_and_can_be_paired_again(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(press(look(store, PAGE), "_pair_accept_T1_E1"), "_pair_reject_T2_E2")
    press(app, "_pair_undo")
    assert told(store) == {("T1", "E1")} and told(store, "rejected_links") == set()
    press(app, "_pair_undo")
    assert told(store) == set()
    assert not [
        b for b in app.button if b.key == "_pair_undo"
    ]  # what was imported as files is undone where it was imported
    assert offered(app) == {"T1_E1", "T2_E2", "T3_E3"}
    press(app, "_pair_accept_T1_E1")  # byte for byte the same as what was undone
    assert told(store) == {("T1", "E1")}


def test_a_mind_is_changed_twice(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_pair_reject_T1_E1")
    for times in (1, 2):  # the second is the same file, and still a change
        app = by_hand(app, "T1", "E1")
        assert told(store) == {("T1", "E1")}, times
        store.undo(store.history()[-1].number, "test", store.history()[-1].at)  # type: ignore[arg-type]  # a field by its name
        app = look(store, PAGE)


def by_hand(app: AppTest, service: str, e_service: str) -> AppTest:
    one, other = (box for box in app.selectbox if (box.key or "").startswith(("_pair_service_", "_pair_e_service_")))
    one.select(service)
    other.select(e_service).run()
    return press(app, "_pair_by_hand")


def test_two_are_paired_by_hand(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = look(store, PAGE)
    assert app.button(key="_pair_by_hand").disabled
    by_hand(app, "T2", "E3")
    assert told(store) == {("T2", "E3")}
    assert app.button(key="_pair_by_hand").disabled


def test_who_must_be_a_role(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = look(store, PAGE)
    app.text_input(key="_pair_who").set_value("anna@sala.se")
    app.button(key="_pair_accept_T1_E1").click().run()
    assert len(app.error) == 1 and told(store) == set()


def test_a_clock_that_goes_back_is_asked_about(small_store: Make, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on the page Import: nothing is saved until somebody says that the clock is right."""
    store = small_store(TABLES)
    monkeypatch.setattr(clock, "now", lambda: datetime(2020, 1, 1))
    app = look(store, PAGE)
    assert len(app.warning) == 1 and "Ställ klockan rätt, eller ange att den går rätt" in app.warning[0].value
    app.button(key="_pair_accept_T1_E1").click().run()
    assert len(app.error) == 1 and told(store) == set()
    app.checkbox(key="_pair_clock").check().run()
    app.button(key="_pair_accept_T1_E1").click().run()
    assert not app.error and len(told(store)) == 1


def test_a_department_sees_its_own(small_store: Make, look: Look) -> None:
    app = look(small_store(TABLES), PAGE, department="BYGG")
    assert offered(app) == {"T2_E2", "T3_E3"}
    assert "Byggenheten" in words(app)


def test_no_more_than_twenty_at_a_time(small_store: Make, look: Look) -> None:
    kinds = [
        f"{a}{b}"
        for a in ("kanot", "violin", "bibliotek", "isbana", "fotboll")
        for b in ("skola", "kort", "lov", "plan", "bok")
    ]
    head = "tjanst_id;namn;verksamhet_id;malgrupp\n"
    services = head + "".join(f"T{i};{kind} – Ansökan;SKOL;extern\n" for i, kind in enumerate(kinds))
    e_services = "etjanst_id;namn;typ\n" + "".join(f"E{i};Ansökan om {kind};e-tjänst\n" for i, kind in enumerate(kinds))
    app = look(small_store(TABLES | {"services": services, "e_services": e_services}), PAGE)
    assert len(offered(app)) == 20
    labels = [b.label for b in app.button if (b.key or "").startswith(("_pair_accept_", "_pair_reject_"))]
    assert len(set(labels)) == len(labels) == 40
    press(app, "_pair_more")
    assert len(offered(app)) >= 25


@pytest.mark.parametrize("known", [("departments",), ("departments", "services"), ("e_services",)])
def test_a_page_with_one_side_only(known: tuple[str, ...], small_store: Make, look: Look) -> None:
    app = look(small_store({code: TABLES[code] for code in known}), PAGE)
    assert not offered(app) and 'href="importera' in words(app)


def test_only_the_filters_that_have_an_effect_are_shown(store: Store, look: Look) -> None:
    app = look(store, PAGE)
    assert head(app).count('class="filter"') == 3
    everywhere = look(store, "pages/follow_up/overview.py")
    assert head(everywhere).count('class="filter"') == 5


@pytest.mark.usefixtures("swedish")
def test_the_headline_says_what_there_is_to_decide_on() -> None:
    assert suggested(1, 1) == "1 av 1 tjänst utan e-tjänst har ett förslag"
    assert suggested(1, 2) == "1 av 2 tjänster utan e-tjänst har ett förslag"
    assert suggested(12, 30) == "12 av 30 tjänster utan e-tjänst har ett förslag"


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("services", "e_services", "said"),
    [
        (0, 0, "Ingen tjänst eller e-tjänst saknar motpart"),
        (1, 0, "1 tjänst saknar e-tjänst"),
        (2, 0, "2 tjänster saknar e-tjänst"),
        (0, 1, "1 e-tjänst hör inte till någon tjänst"),
        (0, 3, "3 e-tjänster hör inte till någon tjänst"),
        (1, 61, "1 tjänst och 61 e-tjänster saknar motpart"),
    ],
)
def test_the_headline_says_how_many_have_nobody(services: int, e_services: int, said: str) -> None:
    assert finding(services, e_services) == said


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("n", "sure", "said"),
    [
        (0, 0, "Inga förslag"),
        (1, 0, "1 förslag att ta ställning till"),
        (9, 0, "9 förslag att ta ställning till, ett i taget"),
        (1, 1, "1 förslag, säkert nog att godkänna"),
        (9, 9, "9 förslag, alla säkra nog att godkänna"),
        (110, 27, "27 av 110 förslag kan godkännas på en gång"),
        (2, 1, "1 av 2 förslag kan godkännas på en gång"),
    ],
)
def test_the_suggestions_heading_says_how_many_are_sure(n: int, sure: int, said: str) -> None:
    assert title(n, sure) == said


@pytest.mark.usefixtures("swedish")
def test_nothing_is_promised_where_all_that_is_alike_belongs_together_with_something_else() -> None:
    assert title(1, 0, is_free=False) == "1 förslag, om det som redan hör till något annat"
    assert title(12, 0, is_free=False) == "12 förslag, alla om det som redan hör till något annat"


def test_a_suggestion_is_a_row_with_both_names_and_why(small_store: Make, look: Look) -> None:
    said = " ".join(lines(words(look(small_store(TABLES), PAGE))))
    assert (
        "Skolskjuts – Ansökan Skolkontoret Ansökan om skolskjuts E-tjänst Likhet 100 av 100 Samma ord: skolskjuts."
        in said
    )
