"""What a table shows: rounded numbers, the columns that are chosen, and marks that say the number beside them."""

import re
from datetime import date

import pandas as pd
import pytest
import streamlit as st
from markupsafe import Markup
from streamlit.testing.v1 import AppTest

from tests.reader import lines, tables
from ui.components.cells import bar_cells, number_cell, share_cell, state_cell, steps_cell, text_cell
from ui.components.shares import Share
from ui.components.tables import LONGEST, WIDEST, Marked, Table, markup


def _app(values: list[float], decimals: int) -> None:
    import pandas as pd

    from ui.components import tables
    from ui.components.tables import Table

    tables.draw("shares", lambda _scope: Table("Andelar", pd.DataFrame({"Andel": values}), decimals=decimals), None)


@pytest.mark.parametrize(
    ("values", "decimals", "shown"),
    [([10.4795, 1.0989, -2.996], 2, [10.48, 1.1, -3.0]), ([58.59, 0.04, 99.96], 1, [58.6, 0.0, 100.0])],
)
def test_what_is_shown_is_the_rounded_number(values: list[float], decimals: int, shown: list[float]) -> None:
    st.cache_data.clear()
    st.cache_resource.clear()
    app = AppTest.from_function(_app, args=(values, decimals), default_timeout=60).run()
    assert not app.exception
    (table,) = tables(app)
    assert list(table["Andel"]) == shown


def widths(html: str) -> list[float]:
    """The lengths of the bars, in per cent."""
    return [float(width) for width in re.findall(r"width:([\d.]+)%", html)]


def plain(html: object) -> str:
    """The words of the markup."""
    return " ".join(lines(str(html)))


def test_a_bar_is_as_long_as_its_count_beside_the_largest() -> None:
    cells = bar_cells([67, 0, None, 9])
    assert [plain(cell.content) for cell in cells] == ["67", "0", "–", "9"]
    assert widths("".join(str(cell.content) for cell in cells)) == pytest.approx([100, 0, 100 * 9 / 67], abs=0.01)
    assert [cell.sort for cell in cells] == [67, 0, "", 9]


def test_a_share_says_its_value_and_what_it_counts_and_few_are_a_count() -> None:
    cell = share_cell(Share(0.3, 30, 100))
    assert widths(str(cell.content)) == [30] and plain(cell.content) == "30 % 30 av 100" and cell.sort == 0.3
    few = share_cell(Share(5 / 6, 5, 6))
    assert widths(str(few.content)) == pytest.approx([83.33]) and plain(few.content) == "5 av 6"
    unknown = share_cell(Share(None, state="not_reported"))
    assert "unknown" in str(unknown.content) and not widths(str(unknown.content)) and unknown.sort == ""


def test_steps_are_squares_in_their_order_and_the_lacking_are_named() -> None:
    states = [
        ("mottagning", "digital"),
        ("beslut", "not_digital"),
        ("arkivering", "not_reported"),
        ("x", "not_applicable"),
    ]
    html = str(steps_cell(states, "1 av 2", 0.5).content)
    assert re.findall(r"square (\w+)", html) == ["digital", "pale", "unknown"]
    assert 'aria-label="Inte digitala: beslut. Inte rapporterade: arkivering."' in html and "1 av 2" in html
    assert "Alla steg är digitala." in str(steps_cell(states[:1], "1 av 1", 1.0).content)


def test_cells_of_plain_values_write_what_is_missing_as_a_dash() -> None:
    assert number_cell(1234.5, 2) == ("1\u00a0234,50", 1234.5)
    assert number_cell(None) == ("–", "") and text_cell(None) == ("–", "")
    assert text_cell(date(2026, 5, 1)).content == "2026-05-01"
    assert state_cell("endast <blankett>", "grey-1").content == Markup(
        '<i class="square grey-1"></i><span>endast &lt;blankett&gt;</span>'
    )


def test_the_page_has_the_chosen_columns_and_the_first_names_the_rows() -> None:
    rows = pd.DataFrame({name: [f"{name}<1>", f"{name}2"] for name in "abcdefgh"})
    every = str(markup("k", Table("T", rows)))
    assert re.findall(r"<button type=\"button\"><span>(\w)</span></button>", every) == list("abcdef") and WIDEST == 6
    marks = {"c": Marked("bar", bar_cells([1, 2]))}
    html = str(
        markup(
            "k", Table("T", rows, shown=("b", "c"), under="h", marks=marks, links=("tjanst?service=1", "javascript:x"))
        )
    )
    assert re.findall(r"<button type=\"button\"><span>(\w)</span></button>", html) == ["b", "c"]
    assert (
        '<th scope="row"><a href="tjanst?service=1" target="_self">b&lt;1&gt;</a><small>h&lt;1&gt;</small></th>' in html
    )
    assert '<th scope="row">b2<small>h2</small></th>' in html  # what is no address of a page is no link
    assert widths(html) == [50, 100] and "javascript" not in html


def test_a_table_of_few_rows_has_nothing_to_search_and_a_very_long_one_says_where_the_rest_are() -> None:
    def html(n: int) -> str:
        return str(markup("k", Table("T", pd.DataFrame({"a": range(n)}))))

    assert "search" not in html(10) and "Visa alla" not in html(10)
    assert 'type="search"' in html(11) and "Visa alla 11" in html(11) and "Visa de första 10" in html(11)
    assert html(LONGEST + 1).count("<tr>") == LONGEST + 1
    assert "Här visas de första 3\u00a0000 av 3\u00a0001 rader. Filen har alla." in html(LONGEST + 1)
    assert "{n} av {all} rader" in html(11) and "Rad {first}–{last} av {all}" in html(11)
    assert "Ingen rad innehåller ”{words}”" in html(11) and "Raderna före" in html(11) and "Nästa rader" in html(11)
