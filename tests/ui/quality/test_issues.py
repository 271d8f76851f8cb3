"""Data quality in words: every check and every column that points at a register has its own."""

import pytest

from analytics.quality.consistency import CHECKS, REFERENCES, Unmatched
from ui.quality import issues
from ui.text.i18n import load_words


def test_every_check_has_words() -> None:
    assert set(load_words(issues.WORDS)["kinds"]) == set(CHECKS)


@pytest.mark.parametrize(("table", "column"), REFERENCES)
def test_every_unknown_id_has_a_consequence(table: str, column: str) -> None:
    assert issues._consequence(Unmatched(table, column, REFERENCES[table, column], "X", 1, None))
