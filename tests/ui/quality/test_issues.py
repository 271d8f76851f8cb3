"""Data quality in words: every check and every column that points at a register has its own."""

from datetime import date

import pytest

from analytics.quality.consistency import CHECKS, REFERENCES, Contradiction, Unmatched
from ui.quality import issues
from ui.text.i18n import load_words


def test_every_check_has_words() -> None:
    assert set(load_words(issues.WORDS)["kinds"]) == set(CHECKS)


@pytest.mark.parametrize(("table", "column"), REFERENCES)
def test_every_unknown_id_has_a_consequence(table: str, column: str) -> None:
    assert issues._consequence(Unmatched(table, column, REFERENCES[table, column], "X", 1, None))


@pytest.mark.usefixtures("register", "english")
@pytest.mark.parametrize(
    ("kind", "value", "other", "details", "said", "link"),
    [
        ("counted_twice", 3, 5, ("phone",), "phone: 3 single cases, 5 in the monthly count", "service=T1"),
        ("totals", 3, 5, (), "Cases imported: 3. The platform counts 5.", "service=T1"),
        ("sunk", 5, 3, (), "Number of cases: 3 now, 5 earlier", "service=T1"),
        ("shares", 90, None, (), "The shares make 90.00%", "kostnader"),
        ("shared", None, None, (), "Shared by Bygglov", "service=T1"),
        ("more_sent_in", 12, 10, (), "More sent in than begun: 12 of 10", "service=T1"),
        ("leap", 7, 70, ("phone",), "Ten times more or fewer cases than the year before: phone, 70 → 7", "service=T1"),
        ("alike", 40, None, ("phone",), "Exactly as many cases four years running: phone, 40", "service=T1"),
        ("not_needed", None, None, ("U-1", "U-2"), "Has an e-service, and exemption U-1, U-2", "service=T1"),
    ],
)
def test_what_does_not_add_up_is_told_with_its_numbers(
    kind: str, value: float | None, other: float | None, details: tuple[str, ...], said: str, link: str
) -> None:
    found = Contradiction(kind, "T1", "Bygglov", (date(2026, 1, 1),), ("T1",), ("A",), value, other, details)
    assert issues._describe(found).replace("\xa0", " ") == said
    assert link in issues._leads(found)


@pytest.mark.usefixtures("register", "english")
def test_another_check_is_told_by_its_title() -> None:
    kind = next(
        code
        for code in CHECKS
        if code
        not in {"counted_twice", "totals", "sunk", "alike", "leap", "shares", "shared", "not_needed"}
        | {"more_sent_in", "more_answers"}
    )
    found = Contradiction(kind, "X", "X", (date(2026, 1, 1),), ("X",), (), 2.0, None, ())
    assert issues._describe(found) == f"{issues.kind_text(kind, 'title')}: 2"
    assert "importera" in issues._leads(found)
