"""The imports as rows: what each was, and its own button."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from data.store import Store
from tests.conftest import NOW
from tests.reader import Look, lines, press, words

PAGE = "pages/sources/import_files.py"
TABLES = {"departments": "verksamhet_id;namn\nA;Alfa\nB;Beta\n", "services": "tjanst_id;namn;verksamhet_id;malgrupp\n"}
TABLES["services"] += "T1;Bygglov;A;extern\n"


@pytest.fixture
def kept(small_store: Callable[..., Store]) -> Store:
    return small_store(TABLES)


def heading(app: AppTest) -> str:
    found = [line for line in lines(words(app)) if line.endswith("importerat") or "ångrad" in line]
    return found[0]


def test_every_import_is_a_row_with_its_own_button(kept: Store, look: Look) -> None:
    app = look(kept, PAGE)
    said = " ".join(lines(words(app)))
    for batch in kept.history():
        rows = "2 rader" if batch.rows == 2 else f"{batch.rows} rad"
        assert f"{batch.number}. {batch.file}" in said and f"{rows} {NOW:%Y-%m-%d %H:%M} test Gäller" in said
    assert {b.key for b in app.button if (b.key or "").startswith("_switch_")} == {"_switch_1", "_switch_2"}
    assert heading(app) == "Det här är importerat"


def test_an_older_import_is_undone_on_its_row(kept: Store, look: Look) -> None:
    app = press(look(kept, PAGE), "_switch_2")
    assert all(batch.active for batch in kept.history()), "it empties the register, so it is asked about first"
    app = press(app, "_undo_confirmed")
    assert [batch.active for batch in kept.history()] == [True, False]
    assert app.button(key="_switch_2").label.startswith("Återställ import")
    assert "1 import är ångrad" in lines(words(app))
    app = press(press(app, "_switch_1"), "_undo_confirmed")
    assert "2 importer är ångrade" in lines(words(app))
