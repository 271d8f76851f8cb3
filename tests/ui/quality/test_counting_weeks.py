"""Counting weeks as they are met: on the pages of goal 2 and data quality, and the form and the sheet of the register."""

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest

from analytics.quality.counting_weeks import Desk
from data.store import Store
from tests.analytics.quality.test_counting_weeks import COUNTED, COVERS, MONTHS, TABLES, TODAY
from tests.data.stores import import_files, table_rows, write_csv
from tests.reader import Look, words
from ui.quality import counting_weeks
from ui.register import weeks
from ui.text import numbers

REGISTER = "pages/sources/register.py"
PAST = (("e-tjänst", 40), ("telefon", 32), ("besök", 1))  # about as many as in 2026
DESK = Desk("A", {"T1": ("phone",), "T2": ("letter", "phone")})


def said(look: Look, store: Store, page: str, **query: str) -> str:
    return unescape(words(look(store, page, **query))).replace("\u00a0", " ")


def test_what_is_scaled_up_is_marked_wherever_it_is_used(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(TABLES, COVERS, TODAY)
    quality = said(look, store, "pages/sources/data_quality.py")
    assert "ärenden är uppskattade av räkneveckor" in quality and "Mål 2 ligger då mellan" in quality
    assert "En räknad vecka till för säsongen" in quality and "uppskattat av räkneveckor" in quality
    assert "Veckor att räkna 2026" in quality and "Veckor att räkna 2027" in quality
    assert "inget spann: en vecka" in quality  # of T2's letters in summer
    goal = said(look, store, "pages/goals/digital_cases.py")
    assert " % räkneveckor" in goal and "beroende på det som räkneveckorna inte visar" in goal
    assert goal.count("Från räkneveckor") >= 2  # the months of the channels and of the goal
    service = said(look, store, "pages/services/one_service.py", service="T1")
    assert "Uppräknat från räkneveckor: jan 2026–maj 2026, juli 2026–okt 2026." in service


def test_a_desk_gets_its_sheet_and_its_form(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(TABLES, COVERS, TODAY)
    page = look(store, REGISTER, do="weeks", desk="A", week="2026-02-09")
    sheet = unescape(words(page)).replace("\u00a0", " ")
    assert "Streckblad: Alfa, vecka 7, 9 feb–15 feb 2026" in sheet and "Ett streck för varje ärende" in sheet
    assert sheet.count('class="tally-days"') == 2 and "Telefon" in sheet and "Brev" in sheet and "fr</span>" in sheet
    assert "Skriv 0 där inget kom in." in sheet
    next(button for button in page.button if button.label == "Visa vad som ändras").click().run()
    assert "Inget är ändrat." in [error.value for error in page.error]
    coming = look(store, REGISTER, do="weeks", desk="B")
    assert "Streckblad: Beta" in words(coming) and not [b for b in coming.button if b.label == "Visa vad som ändras"]
    assert "så ingen vecka behöver räknas" in words(
        look(small_store({"departments": TABLES["departments"]}), REGISTER, do="weeks")
    )


def test_a_week_is_shown_with_what_becomes_of_the_goals_before_it_is_saved(
    small_store: Callable[..., Store], look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grid cannot be typed in without a browser, so the form is sent with a number more than it had."""
    store = small_store(TABLES, COVERS, TODAY)
    row = ["T1", "telefon", "2026-03-09", "30"]
    monkeypatch.setattr(weeks, "changed", lambda *_given: [row])
    page = look(store, REGISTER, do="weeks", desk="A", week="2026-03-09")
    next(button for button in page.button if button.label == "Visa vad som ändras").click().run()
    shown = unescape(words(page)).replace("\u00a0", " ")
    assert "Det här ändras när du sparar:" in shown and "1 rad läggs till" in shown and "Mål 2" in shown
    assert not [field for field in page.text_input if field.label.startswith("Varför")]
    next(button for button in page.button if button.label == "Spara").click().run()
    assert not page.exception and "räknevecka 11, Alfa" in store.history()[-1].file
    assert ("T1", "phone", date(2026, 3, 9), 30) in table_rows(
        store.database(), "week_counts", "service_id, channel, week, cases"
    )


def test_a_change_says_what_the_weeks_leave_open(small_store: Callable[..., Store], look: Look) -> None:
    before = "".join(f"T1;;2025-{month:02};{way};nej;{n}\n" for month in range(1, 11) for way, n in PAST)
    tables = TABLES | {"case_counts": TABLES["case_counts"] + before}
    store = small_store(tables, COVERS, TODAY)
    period = {"from": "2026-01", "to": "2026-10", "goal": "2"}
    why = said(look, store, "pages/follow_up/why.py", **period)
    assert "Med det som räkneveckorna lämnar öppet ligger ändringen mellan" in why
    assert "Den kan alltså vara ingen alls." in why and "osäkert om" in why
    assert "räkneveckorna lämnar öppet" not in said(look, store, "pages/follow_up/why.py", goal="1")


def test_only_what_was_counted_is_saved(small_store: Callable[..., Store], look: Look, tmp_path: object) -> None:
    store = small_store(TABLES, COVERS, TODAY)
    look(store, REGISTER)  # so that the words of the channels are those of a page
    monday = date(2026, 2, 9)
    before = weeks.held([{"service_id": "T1", "channel": "telefon", "week": "2026-02-11", "cases": "9"}], monday)
    assert before == {("T1", "telefon"): str(COUNTED["2026-02-09"])}
    assert weeks.channels(DESK) == ("phone", "letter")
    rows = weeks.changed(DESK, monday, before, [["9", ""], ["0 ", ""]])
    assert rows == [["T2", "telefon", "2026-02-09", "0"]]
    file = write_csv(tmp_path, "veckor.csv", "tjanst_id;kanal;mandag;antal", *map(";".join, rows))  # type: ignore[arg-type]
    import_files(store, file)
    assert ("T2", "phone", monday, 0) in table_rows(store.database(), "week_counts", "service_id, channel, week, cases")


def test_what_is_found_is_said_in_so_many_words(small_store: Callable[..., Store], look: Look) -> None:
    few = TABLES | {"counted_weeks": "tjanst_id;kanal;mandag;antal\nT1;telefon;2026-02-09;3\n"}
    assert "För få veckor är räknade för att räkna upp" in said(
        look, small_store(few, COVERS, TODAY), "pages/sources/data_quality.py"
    )
    whole = TABLES | {"case_counts": TABLES["case_counts"].splitlines()[0] + "\n" + "".join(
        f"{key};;{month};{way};nej;4\n" for key in ("T1", "T2", "T3") for month in MONTHS
        for way in ("e-tjänst", "telefon", "besök", "brev")
    )}  # fmt: skip
    assert "Inget behöver uppskattas av räkneveckorna" in said(
        look, small_store(whole, None, TODAY), "pages/sources/data_quality.py"
    )
    none = {code: text for code, text in TABLES.items() if code != "counted_weeks"}
    assert "2 verksamheter kan räkna veckor i stället för månader" in said(
        look, small_store(none, COVERS, TODAY), "pages/sources/data_quality.py"
    )
    assert numbers.week(date(2025, 12, 29)).endswith("2026") and counting_weeks.KEY == "counting-weeks"
