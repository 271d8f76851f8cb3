"""Laws of the checks: SQL reads numbers, dates and months as a slow and plain reader does, and no row is lost."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.messages.render import sentence
from tests.data.drafts import CASES, COUNTS, TODAY, prepare_files, typed_rows

LAWS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
SPACES = " \u00a0\u202f\u2009\u2019'"


def plain_amount(text: str) -> Decimal | None:
    """An amount read one character at a time; None when it is not one, or can be read in two ways."""
    text = text.strip()
    if text[:1] in ("\u2212", "–"):
        text = "-" + text[1:]
    for space in SPACES:
        text = text.replace(space, " ")
    if trailing := re.fullmatch("([0-9](?:[0-9 .,]*[0-9])?) ?[-\u2012\u2013\u2212]", text):  # as some ledgers write
        text = f"-{trailing[1]}"
    sign = -1 if text.startswith("-") else 1
    body = text.lstrip("+-") if text[1:2] not in ("+", "-") else "x"
    body = body.removeprefix(" ")
    if not any(c.isdigit() for c in body):
        return None
    points = [c for c in body if c in ".,"]
    if re.fullmatch("[1-9][0-9]{0,2}[.,][0-9]{3}", body):
        return None
    whole, decimals = body, ""
    if points and (len(set(points)) == 2 or len(points) == 1):
        whole, _, decimals = body.rpartition(points[-1])
        if not decimals:
            return None
    groups = re.split("[ .,]", whole)
    marks = {c for c in whole if c in " .,"}
    grouped = len(groups) > 1 and len(marks) == 1 and 1 <= len(groups[0]) <= 3 and all(len(g) == 3 for g in groups[1:])
    if len(groups) > 1 and not grouped or (marks and points and marks == {points[-1]} and decimals):
        return None
    try:
        value = sign * Decimal(f"{''.join(groups) or '0'}.{decimals or '0'}")
    except InvalidOperation:
        return None
    return value if value == round(value, 2) else None


AMOUNT = st.one_of(
    st.from_regex(r"\A[+\-\u2212]? ?[0-9]{1,4}([ .,\u00a0'][0-9]{1,3}){0,3}\Z"),
    st.text("0123456789 .,-+\u00a0\u2212", min_size=1, max_size=9),
    st.decimals(-(10**9), 10**9, places=2).map(lambda d: f"{d:,.2f}".replace(",", " ").replace(".", ",")),
)


@LAWS
@given(st.lists(AMOUNT.filter(lambda t: t.strip(" \u00a0")), min_size=1, max_size=40))
@example(["0\u2212", "1 234,50 -", "1.234-", "5,-"])
def test_amounts_are_read_as_a_plain_reader_reads_them(tmp_path: Path, texts: list[str]) -> None:
    lines = "".join(f'K-{i};2026-01-14;fast;"{text}"\n' for i, text in enumerate(texts))
    got = typed_rows(tmp_path, "kostnad_id;datum;kostnadstyp;belopp\n" + lines, "CASE WHEN _ok THEN amount END")
    personal = [text for text in texts if len(re.sub(r"\D", "", text)) >= 10]
    if not personal:
        assert [value for (value,) in got] == [plain_amount(text) for text in texts]


def plain_day(text: str) -> date | None:
    """A day in one of the two spellings without a time."""
    text = text.strip()
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}", text, re.ASCII):
        return None
    digits = text.replace("-", "")
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return day if date(1900, 1, 1) <= day <= TODAY else None


DAY = st.one_of(
    st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(str),
    st.dates(date(1890, 1, 1), date(2030, 1, 1)).map(lambda d: f"{d:%Y%m%d}"),
    st.from_regex(r"\A ?(19|20)[0-9]{2}-?[01][0-9]-?[0-3][0-9] ?\Z"),
    st.text("0123456789-/ .T:", min_size=1, max_size=11),
)


@LAWS
@given(st.lists(DAY.filter(lambda t: t.strip() and ":" not in t), min_size=1, max_size=40))
def test_days_are_read_as_a_plain_reader_reads_them(tmp_path: Path, texts: list[str]) -> None:
    content = CASES + "".join(f'{i};T-1;"{text}";telefon\n' for i, text in enumerate(texts))
    assert [d for (d,) in typed_rows(tmp_path, content, "CASE WHEN _ok THEN received_on END")] == [
        plain_day(t) for t in texts
    ]


MONTH = st.one_of(
    st.from_regex(r"\A(19|20)[0-9]{2}-?[01][0-9]\Z"),
    st.from_regex(r"\A202[0-6]-?[01][0-9]-?[0-3][0-9]\Z"),
    st.text("0126-", max_size=8),
)


@LAWS
@given(st.lists(MONTH.filter(str.strip), min_size=1, max_size=40))
def test_months_are_read_as_a_plain_reader_reads_them(tmp_path: Path, texts: list[str]) -> None:
    content = COUNTS + "".join(f"T-{i};{text};telefon;1\n" for i, text in enumerate(texts))
    expected = [
        plain_day(t + "-01")
        if re.fullmatch("[0-9]{4}-[0-9]{2}", t)
        else plain_day(t + "01")
        if re.fullmatch("[0-9]{6}", t)
        else plain_day(t)
        for t in texts
    ]
    expected = [day if day and day.day == 1 else None for day in expected]
    assert [m for (m,) in typed_rows(tmp_path, content, "CASE WHEN _ok THEN month END")] == expected


CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)
LINE = st.tuples(
    CELLS,
    st.sampled_from(["T-1", "", "T\n2"]),
    st.sampled_from(["2026-01-02", "x", ""]),
    st.sampled_from(["telefon", "fax"]),
)


@LAWS
@given(st.lists(LINE, min_size=1, max_size=20))
def test_every_row_is_good_or_has_a_fault_and_every_fault_a_sentence(
    tmp_path: Path, lines: list[tuple[str, ...]]
) -> None:
    content = CASES + "".join(";".join('"' + c.replace('"', '""') + '"' for c in line) + "\n" for line in lines)
    with prepare_files(tmp_path, {"a.csv": content}) as draft:
        (table,) = draft.files[0].tables
        ok = dict(draft.connection.execute(f"SELECT _row, _ok FROM {table.relation}").fetchall())
    assert (table.rows, table.good) == (len(ok), sum(ok.values()))
    assert {f.row for f in table.faults} == {row for row, good in ok.items() if not good}
    assert table.fault_count == len(table.faults)
    assert len({(f.row, f.column, f.code) for f in table.faults}) == len(table.faults)
    assert all("%(" not in sentence(f, language) for f in table.faults for language in ("sv", "en"))


@pytest.mark.parametrize("text", ["2026-02-29", "2024-02-29", "1900-02-29", "2000-02-29"])
def test_leap_days(tmp_path: Path, text: str) -> None:
    got = typed_rows(tmp_path, CASES + f"1;T-1;{text};telefon\n", "CASE WHEN _ok THEN received_on END")
    assert got == [(plain_day(text),)]
