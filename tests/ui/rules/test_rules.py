"""The page Regler: what one changes there is tried, saved and undone, and an old report is told with the rules of its day."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from analytics.rules.model import Rule, rule_sets, rules
from data.store import Store
from tests.analytics.rules.test_rules import FIRST, SMALL, TREE, place_sums, rules_csv
from tests.reader import Look, check, press, tables, words
from ui.rules.rule_list import title
from ui.rules.summary import finding, typed
from ui.text.numbers import NBSP

Make = Callable[..., Store]
PAGE = "pages/sources/rules.py"
TABLES = {"departments": TREE, "costs": SMALL}
OLD = "2026-01-01T08:00"


def keys(app: AppTest, start: str) -> set[str]:
    return {b.key for b in app.button if b.key and b.key.startswith(start)}


def told(store: Store) -> tuple[Rule, ...]:
    with store.database().cursor() as cursor:
        return rules(cursor)


def paid(store: Store, rule_set: str | None = None) -> dict[object, int]:
    with store.database().cursor() as cursor:
        return place_sums(cursor, rule_set)


def test_a_suggested_rule_is_added_tried_saved_and_undone(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = look(store, PAGE)
    assert len(keys(app, "_rule_outside_")) == 3 and not keys(app, "_rules_save")
    press(app, "_rule_add_0")
    assert len(keys(app, "_rule_outside_")) == 2 and told(store) == ()  # nothing is saved yet
    assert app.button(key="_rules_save").disabled
    press(app, "_rules_try")
    assert [tuple(row)[2:] for row in tables(app)[0].to_numpy()] == [(100.01, 1)]
    assert not app.button(key="_rules_save").disabled
    press(app, "_rule_add_0")
    assert app.button(key="_rules_save").disabled  # other rules than those that were tried
    press(app, "_rules_try")
    assert sum(Decimal(str(row[2])) for row in tables(app)[0].to_numpy()) == Decimal("150.01")
    press(app, "_rules_save")
    assert len(app.success) == 1 and not keys(app, "_rules_save")
    made = told(store)
    assert [rule.supplier for rule in made] == ["Plattformsbolaget AB"] * 2
    assert (made[0].cost_type, made[0].account) == ("fixed", "5420")
    batch = store.history()[-1]
    assert (batch.rows, batch.who) == (2, app.text_input(key="_rules_who").value)
    assert batch.file.endswith(".csv")
    press(app, "_rules_undo")
    assert told(store) == () and not keys(app, "_rules_undo")
    assert len(keys(app, "_rule_outside_")) == 3


def test_what_has_nothing_to_do_with_e_services_is_put_outside(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_rule_outside_0")
    press(app, "_rules_rest")
    assert not keys(app, "_rule_outside_")
    press(press(app, "_rules_try"), "_rules_save")
    assert [rule.cost_type for rule in told(store)] == ["outside", "outside"]
    assert paid(store) == {"system_owner": 900}


def test_rules_are_moved_edited_and_removed(small_store: Make, look: Look) -> None:
    store = small_store(TABLES | {"rules": rules_csv({OLD: FIRST})})
    app = look(store, PAGE)
    assert app.button(key="_rule_up_0").disabled and app.button(key="_rule_down_1").disabled
    press(app, "_rule_up_1")
    assert "kommer före och gäller samma poster" in words(app)
    press(app, "_rule_edit_1")
    field(app, "account").set_value("  65*  ")
    field(app, "name").set_value("Konsulter").run()
    press(app, "_rules_form_keep")
    press(app, "_rule_remove_0")
    press(press(app, "_rules_try"), "_rules_save")
    (left,) = told(store)
    assert (left.name, left.account, left.cost_type, left.supplier) == (
        "Konsulter",
        "65*",
        "fixed",
        "plattformsbolaget",
    )
    assert paid(store) == {"unplaced": 9996, "system_owner": 5900}
    assert paid(store, OLD) == {"A": 2500, "B": 2500, "system_owner": 10901, "unplaced": -5}


def field(app: AppTest, what: str):  # type: ignore[no-untyped-def]  # a widget of Streamlit's tests
    every = (*app.text_input, *app.selectbox, *app.multiselect, *app.number_input)
    return next(w for w in every if (w.key or "").startswith(f"_rules_form_{what}_"))


def test_shares_must_make_a_hundred(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_rules_write")
    assert app.button(key="_rules_form_keep").disabled  # it has no name
    asked = [box.label for box in app.text_input if (box.key or "").startswith("_rules_form_")]
    assert asked[1:4] == ["Leverantören innehåller orden", "Konto", "Texten innehåller orden"]
    assert asked[4:-1] == ["Förvaltningen innehåller orden", "Motpart"], "the columns that the ledger has"
    field(app, "name").set_value("Delat")
    field(app, "supplier").set_value("plattformsbolaget")
    field(app, "type").select("other").run()
    field(app, "payers").select("A").select("B").select("C").run()
    dealt = [box for box in app.number_input if "_share_" in (box.key or "")]
    assert [box.value for box in dealt] == [33.33, 33.33, 33.34]
    assert not app.button(key="_rules_form_keep").disabled
    dealt[0].set_value(50.0).run()
    assert app.button(key="_rules_form_keep").disabled and len(app.warning) == 1
    next(box for box in app.number_input if "_C_" in (box.key or "")).set_value(16.67).run()
    press(app, "_rules_form_keep")
    press(press(app, "_rules_try"), "_rules_save")
    (made,) = told(store)
    assert made.shares == "A:50, B:33.33, C:16.67"
    assert sum(paid(store).values()) == 15001 + 900 - 5
    press(app, "_rule_edit_0")
    assert [box.value for box in app.number_input if "_share_" in (box.key or "")] == [50.0, 33.33, 16.67]
    field(app, "payers").unselect("B").unselect("C").run()
    press(app, "_rules_form_keep")
    press(press(app, "_rules_try"), "_rules_save")
    assert [(rule.payer, rule.shares) for rule in told(store)] == [("A", None)]


def test_a_rule_names_the_e_service_that_its_postings_concern(small_store: Make, look: Look) -> None:
    known = {"e_services": "etjanst_id;namn;typ\nE;Ansök om bygglov;e-tjänst\n"}
    store = small_store(TABLES | known | {"rules": rules_csv({OLD: FIRST})})
    app = press(look(store, PAGE), "_rule_edit_0")
    field(app, "e_service").select("E").run()
    press(app, "_rules_form_keep")
    assert "för e-tjänsten Ansök om bygglov" in words(app)
    press(app, "_rules_try")
    assert "Inga poster skulle ändras" in words(app) and "skulle gälla en annan e-tjänst" in words(app)
    press(app, "_rules_save")
    assert [rule.e_service_id for rule in told(store)] == ["E", *[None] * (len(FIRST) - 1)]
    press(app, "_rule_edit_0")
    field(app, "type").select("outside").run()
    press(app, "_rules_form_keep")
    press(press(app, "_rules_try"), "_rules_save")
    assert [rule.e_service_id for rule in told(store)] == [None] * len(FIRST)


def test_changes_are_dropped_and_a_form_is_cancelled(small_store: Make, look: Look) -> None:
    store = small_store(TABLES | {"rules": rules_csv({OLD: FIRST})})
    app = press(look(store, PAGE), "_rule_remove_1")
    press(app, "_rule_remove_0")
    assert app.button(key="_rules_try").disabled  # nothing would be left to save
    press(app, "_rules_drop")
    assert len(keys(app, "_rule_edit_")) == 2 and not keys(app, "_rules_try")
    press(press(app, "_rule_edit_0"), "_rules_form_cancel")
    press(app, "_rule_first_0")
    assert field(app, "supplier").value == "Sms AB"
    press(app, "_rules_form_cancel")
    assert not keys(app, "_rules_try") and told(store) == FIRST


def test_an_old_set_is_told_and_used_again(small_store: Make, look: Look) -> None:
    new = (Rule("Allt", "other", payer="B"),)
    store = small_store(TABLES | {"rules": rules_csv({OLD: FIRST, "2026-02-01T08:00": new})})
    app = look(store, PAGE)
    assert not keys(app, "_rules_again")
    app.selectbox(key="_rules_set").select(OLD).run()
    check(app)
    assert "rules=2026-01-01T08%3A00" in words(app) and "plattformsbolaget" in words(app)
    costs = "pages/follow_up/costs.py"
    today, then = words(look(store, costs)), words(look(store, costs, rules=OLD))
    assert "1 januari 2026 08:00" in then and "1 januari 2026 08:00" not in today
    assert "1 januari 2026 08:00" not in words(look(store, costs, rules="never"))
    app = look(store, PAGE)
    app.selectbox(key="_rules_set").select(OLD).run()
    press(press(press(app, "_rules_again"), "_rules_try"), "_rules_save")
    assert told(store) == FIRST
    with store.database().cursor() as cursor:
        assert len(rule_sets(cursor)) == 3


def test_what_is_saved_last_is_in_use_whatever_a_file_is_called(small_store: Make, look: Look) -> None:
    store = small_store(TABLES | {"rules": rules_csv({"Ö": FIRST})})
    for _times in (1, 2):
        app = press(look(store, PAGE), "_rule_up_1")
        press(press(app, "_rules_try"), "_rules_save")
    assert told(store) == FIRST
    press(press(press(look(store, PAGE), "_rule_up_1"), "_rules_try"), "_rules_save")
    assert told(store) == FIRST[::-1]


def test_a_fault_is_said_and_nothing_is_lost(small_store: Make, look: Look) -> None:
    store = small_store(TABLES)
    app = press(look(store, PAGE), "_rules_write")
    field(app, "name").set_value("anna.andersson@sala.se").run()
    press(app, "_rules_form_keep")
    press(app, "_rules_try").button(key="_rules_save").click().run()
    assert len(app.error) == 1 and told(store) == () and keys(app, "_rule_edit_")
    press(app, "_rule_remove_0")
    press(app, "_rule_add_0")
    app.text_input(key="_rules_who").set_value("anna@sala.se").run()
    press(app, "_rules_try").button(key="_rules_save").click().run()
    assert len(app.error) == 1 and told(store) == ()


def test_every_button_has_a_name_of_its_own(small_store: Make, look: Look) -> None:
    store = small_store(TABLES | {"rules": rules_csv({OLD: (*FIRST, *FIRST)})})
    labels = [b.label for b in look(store, PAGE).button if (b.key or "").startswith("_rule")]
    assert len(labels) == len(set(labels)) >= 16


def test_what_no_rule_applies_to_is_said_of_each(small_store: Make, look: Look) -> None:
    typed = "kostnad_id;datum;kostnadstyp;kategori;belopp\n1;2026-01-05;fast;Drift;100\n2;2026-01-05;övrig;Drift;50\n"
    app = look(small_store({"departments": TREE, "costs": typed, "rules": rules_csv({OLD: FIRST})}), PAGE)
    assert len(FIRST) > 1
    assert words(app).count("Behövs inte nu: alla poster har sin kostnadstyp från filen.") == len(FIRST)
    said = " ".join(words(app).replace("\xa0", " ").split())
    assert "Alla poster har en kostnadstyp, men 50 kr saknar betalare" in said
    assert "Se posterna utan betalare" in said and "#unplaced" in said


@pytest.mark.parametrize("known", [{"departments": TREE}, {"departments": TREE, "rules": rules_csv({OLD: FIRST})}])
def test_without_a_ledger_the_page_explains_itself(known: dict[str, str], small_store: Make, look: Look) -> None:
    app = look(small_store(known), PAGE)
    assert not keys(app, "_rule_add_")
    assert "rules" in known or 'href="importera' in words(app)


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("n", "idle", "said"),
    [
        (0, 0, "Inga regler än"),
        (1, 0, "1 regel"),
        (7, 0, "7 regler, prövade uppifrån"),
        (1, 1, "1 av 1 regel gäller ingen post"),
        (7, 2, "2 av 7 regler gäller ingen post"),
    ],
)
def test_the_list_is_headed_by_the_rules_that_apply_to_nothing(n: int, idle: int, said: str) -> None:
    assert title(n, idle) == said


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("rules", "share", "said"),
    [
        (1, 0.5, "Med 1 regel får 50 % av det som saknade kostnadstyp en typ"),
        (7, 0.66, "Med 7 regler får 66 % av det som saknade kostnadstyp en typ"),
    ],
)
def test_the_headline_says_how_much_the_rules_place(rules: int, share: float, said: str) -> None:
    assert finding(rules, share).replace(NBSP, " ") == said


@pytest.mark.usefixtures("swedish")
def test_where_every_posting_has_a_type_and_a_payer_all_is_well() -> None:
    assert typed(Decimal(0)) == "Alla poster har en kostnadstyp och en betalare"
