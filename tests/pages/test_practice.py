"""Practising as a reader meets it: in, everything works, out; and what is served is never touched or mistaken for it."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data.base.scratch import FOLDER, PRACTICE, remove_own
from data.practice import PracticeCopies, PracticeStore
from data.store import Store
from tests.data.stores import ROLE
from tests.data.test_practice import digests
from tests.reader import Look, head, press, words

IMPORT, PAIR, RULES, OVERVIEW = (
    *(f"pages/sources/{name}.py" for name in ("import_files", "pair", "rules")),
    "pages/follow_up/overview.py",
)
REAL = {"departments": "verksamhet_id;namn\nA;Alfaverksamheten\n"}
EVENTS = "datum;rubrik\n2026-03-01;Ny blankett\n"
MARK = "Övning – inte de riktiga siffrorna"


@pytest.fixture
def real(small_store: Callable[..., Store]) -> Iterator[Store]:
    """A store in which something real was imported."""
    store = small_store(REAL)
    yield store
    remove_own(store.folder)


def go(app: AppTest, **query: str) -> AppTest:
    """The same session at another address."""
    app.query_params.clear()
    app.query_params.update(query)
    return app.run()


def name_of(app: AppTest) -> str:
    """The practice copy that the address names."""
    return str(app.query_params[PRACTICE])


def keys(app: AppTest, begin: str) -> list[str]:
    return [key for button in app.button if (key := str(button.key)).startswith(begin)]


def test_one_practises_on_everything_and_throws_it_away(real: Store, look: Look) -> None:
    before = digests(real.folder)
    app = look(real, IMPORT, department="A")
    app.default_timeout = 240  # the first copy of a process is built
    press(app, "_practise")
    copy = name_of(app)
    assert list(app.query_params) == [PRACTICE], "what was chosen in the real data may not be in the example"
    assert MARK in head(app) and "Du övar på en egen kopia av exempeldata." in words(app)
    assert "Lämna övningen" in words(app) and not keys(app, "_practise")
    app.file_uploader[0].set_value([("fil.csv", EVENTS.encode(), "text/csv")])
    app.run()
    next(button for button in app.button if button.label.startswith("Importera 1 fil")).click().run()
    assert "1 rad från 1 fil är importerad" in app.success[0].value.replace("\\", "")
    assert keys(app, "_switch_")
    app = look(real, RULES, practice=copy)
    assert keys(app, "_rule_up_") and not keys(app, "_practise")
    assert f"practice={copy}" in head(app), "each link stays in the copy"
    app = look(real, PAIR, practice=copy)
    press(app, keys(app, "_pair_reject_")[0])
    assert "hör inte ihop" in app.success[0].value
    app.button(key="_practice_discard").click().run()
    assert "kan inte återställas" in app.warning[0].value and name_of(app) == copy, "it asks first"
    app.button(key="_practice_confirmed").click().run()
    assert "Övningen är slängd." in app.success[0].value
    assert not app.query_params and MARK not in head(app)
    assert "Inga tjänster är importerade än" in words(app), "the page of the real store"
    assert list((real.folder / PRACTICE).iterdir()) == []
    assert digests(real.folder) == before


def test_what_a_session_holds_stays_with_its_store(real: Store, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was checked against the one is not imported into the other."""
    nothing_else = shutil.ignore_patterns(PRACTICE, FOLDER)

    def fill(store: PracticeStore, _who: str) -> None:
        shutil.copytree(real.folder, store.folder, ignore=nothing_else, dirs_exist_ok=True)

    monkeypatch.setattr(PracticeStore, "fill", fill)
    copy = PracticeCopies(real.folder).create(ROLE)
    before = sorted((real.folder / FOLDER).iterdir())
    app = look(real, IMPORT)
    app.file_uploader[0].set_value([("fil.csv", EVENTS.encode(), "text/csv")])
    app.run()
    assert [button for button in app.button if button.label.startswith("Importera 1 fil")]
    assert sorted((real.folder / FOLDER).iterdir()) != before
    app = go(app, practice=copy)
    assert not app.file_uploader[0].value
    assert not [button for button in app.button if button.label.startswith("Importera 1 fil")]
    assert sorted((real.folder / FOLDER).iterdir()) == before, "it is gone from the disk too"
    assert "Du övar på en egen kopia" in words(app)
    assert "I en övning hämtas inget. Ladda upp plattformens filer ovanför i stället." in words(app)


@pytest.mark.parametrize("guess", ["0" * 32, "../../archive", "x"])
def test_an_address_of_no_copy_shows_nothing_of_the_real_store(guess: str, real: Store, look: Look) -> None:
    app = look(real, OVERVIEW, practice=guess)
    assert "Det finns ingen övning här" in words(app) and "Lämna övningen" not in words(app)
    assert "Övningen kan ha slängts, eller tagits bort därför att ingen hade använt den på länge" in words(app)
    assert "Alfaverksamheten" not in words(app) + head(app)
    assert not (real.folder / PRACTICE).exists()


@pytest.mark.parametrize(("page", "changing"), [(PAIR, "_pair_"), (RULES, "_rule")])
def test_the_example_offers_practice_and_nothing_that_is_disabled(
    page: str, changing: str, store: Store, look: Look
) -> None:
    app = look(store, page)
    assert "Exempeldata kan inte ändras här. Öva på en egen kopia av exempeldata:" in words(app)
    assert app.button(key="_practise").label == "Öva"
    assert not [button.label for button in app.button if button.disabled]
    assert set(keys(app, changing)) <= {"_pair_more", "_rules_more"}
