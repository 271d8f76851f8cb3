"""The glossary's words as pages write them; the regular expressions are read by static/glossary.js."""

import re

import pytest

from ui.text.glossary import explained_words, word_groups
from ui.text.i18n import set_language


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_word_is_told_from_the_others(language: str) -> None:
    set_language(language)
    entries = explained_words()
    assert len({entry.code for entry in entries}) == len({entry.term for entry in entries}) == len(entries) > 15
    for entry in entries:
        assert re.compile(entry.forms, re.IGNORECASE).groups == 0, entry.term
        assert not re.search(r"\\[^d]", entry.forms), "only what Python and a browser read alike"
    assert not {"service", "case"} & {entry.code.split("-")[1] for entry in entries}, "everybody knows these"
    named_twice = [entry.term for _title, group in word_groups() for entry in group]
    assert len(named_twice) > len(entries), "of two with one name one is explained"


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ("systemägare", "Systemägarens"),
        ("undantag", "undantaget"),
        ("fullt rapporterad", "fullt rapporterade"),
        ("övrig kostnad", "övriga kostnader"),
        ("färre än 20", "färre än 20"),
    ],
)
@pytest.mark.usefixtures("swedish")
def test_a_word_is_known_with_its_endings(term: str, written: str) -> None:
    (forms,) = [entry.forms for entry in explained_words() if entry.term == term]
    assert re.fullmatch(forms, written, re.IGNORECASE)
    assert not re.fullmatch(forms, f"{written}fråga", re.IGNORECASE)
