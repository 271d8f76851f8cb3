"""Counting weeks as they are met: on the pages of goal 2 and data quality, and the form and the sheet of the register."""

from collections.abc import Callable
from datetime import date
from html import unescape

from analytics.quality.counting_weeks import Desk
from data.store import Store
from tests.analytics.quality.test_counting_weeks import COUNTED, COVERS, TABLES, TODAY
from tests.data.stores import import_files, table_rows, write_csv
from tests.reader import Look, words
from ui.quality import counting_weeks
from ui.register import weeks
from ui.text import numbers

REGISTER = "pages/sources/register.py"
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
    next(button for button in page.button if button.label == "Spara").click().run()
    assert "Inget är ändrat." in [error.value for error in page.error]
    coming = look(store, REGISTER, do="weeks", desk="B")
    assert "Streckblad: Beta" in words(coming) and not [b for b in coming.button if b.label == "Spara"]
    assert "så ingen vecka behöver räknas" in words(
        look(small_store({"departments": TABLES["departments"]}), REGISTER, do="weeks")
    )


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
    none = {code: text for code, text in TABLES.items() if code != "counted_weeks"}
    assert "2 verksamheter kan räkna veckor i stället för månader" in said(
        look, small_store(none, COVERS, TODAY), "pages/sources/data_quality.py"
    )
    assert numbers.week(date(2025, 12, 29)).endswith("2026") and counting_weeks.KEY == "counting-weeks"
