"""Findings as sentences: every code has one, and the report can be opened in a spreadsheet."""

import re

import pytest

from data.base.fault import Fault
from data.messages import render
from data.messages.templates import LEDGER_PARTS, MESSAGES, WARNINGS


def test_missing_installation_and_family_name_the_command_line_options() -> None:
    assert "--installation NAMN" in render.explanation(
        Fault("installation_needed", "a.xml", params={"names": ["a", "b"]})
    )
    assert "--family N" in render.explanation(Fault("family_needed", "a.xml"))


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_code_has_a_sentence(language: str) -> None:
    for code, template in MESSAGES.items():
        words = dict.fromkeys(
            ["missing", *LEDGER_PARTS, *re.findall(r"%\((\w+)\)", "".join([template, *LEDGER_PARTS.values()]))], [1, 2]
        )
        params = {**words, "table": "case_counts", "field": "cases", "kind": "PDF"}
        text = render.sentence(Fault(code, "a.csv", "Blad", 1000, "antal", "x", params), language)
        assert "%(" not in text
        assert text.startswith(
            "Blad Blad, rad 1\u00a0000, kolumn antal: " if language == "sv" else "Sheet Blad, row 1,000"
        )


def test_what_asks_for_a_look_is_a_note() -> None:
    assert set(MESSAGES) >= WARNINGS


def test_the_report_is_safe_to_open() -> None:
    fault = Fault("blank", "=cmd.csv", None, 3, "antal", "@sum", {"table": "case_counts", "field": "cases"})
    report = render.report_csv([fault])
    assert report.startswith("\ufeffFil;Blad;Rad;Kolumn;Värde;".encode())
    assert "'=cmd.csv;;3;antal;'@sum;Cellen är tom." in report.decode("utf-8-sig")
