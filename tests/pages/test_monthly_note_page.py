"""The page of the note: its headline is the finding, it stands at an address, and it leads to the months beside and the feed."""

from collections.abc import Callable

from data.store import Store
from tests.reader import Look, head, lines, words
from tests.ui.note.cases import COVERS, tables

PAGE = "pages/follow_up/monthly_note.py"


def test_the_note_is_a_page(small_store: Callable[..., Store], look: Look) -> None:
    store = small_store(tables(), COVERS)
    app = look(store, PAGE)
    told = lines(words(app))
    assert told[0] == "Oktober 2026: andelen digitala ärenden är högre än vanligt"
    assert "Andelen digitala ärenden är högre än vanligt" in told and "Gör detta först" in told
    assert 'href="manadsbrev?from=2025-10&amp;to=2026-09"' in words(app) and "okt 2026" not in told
    assert 'href="manadsbrev.atom" rel="alternate"' in words(app) and "Följ månadsbrevet som flöde (Atom)" in told
    assert "Månadsbrevet" in lines(head(app)) and 'aria-label="Andra månader, och flödet"' in words(app)

    app = look(store, PAGE, department="B", to="2026-09")
    told = lines(words(app))
    assert told[0] == "September 2026: inget är ovanligt" and "Inget är ovanligt." in told
    assert "1 tjänst är inte fullt rapporterad för september 2026" in told
    assert 'href="manadsbrev?department=B&amp;from=2025-11&amp;to=2026-10"' in words(app)
    assert 'href="manadsbrev.atom?department=B"' in words(app)

    app = look(store, "pages/follow_up/reports.py")
    assert '<a href="manadsbrev?from=2025-11&amp;to=2026-10" target="_self">Månadsbrevet</a>' in words(app)

    app = look(store, PAGE, department="A", audience="internal")
    assert lines(words(app))[0] == "Oktober 2026: det finns inga tjänster i urvalet"
    assert "Det går inte att" not in words(app) and "manadsbrev.atom" not in words(app)
