"""A ranking: its numbers stand in the markup, and what is not known is hatched."""

from hypothesis import given
from hypothesis import strategies as some

from tests.markup import sizes, texts
from ui.components import ranking
from ui.components.ranking import Bar


def test_the_rows_have_name_value_and_a_bar_on_one_scale() -> None:
    rows = [Bar("Vård", 200.0, "200 kr", "?payer=A", "67 %"), Bar("Skola", 100.0, "100 kr", "", "33 %")]
    drawn = str(ranking.draw(rows, "Verksamheternas del"))
    assert texts(drawn, "li") == ["Vård 200 kr 67 %", "Skola 100 kr 33 %"]
    assert sizes(drawn, "width") == [100, 50]
    assert '<a href="?payer=A" target="_self">Vård</a>' in drawn
    assert 'role="group" aria-label="Verksamheternas del"' in drawn


@given(some.lists(some.none() | some.floats(-1e6, 1e6, allow_subnormal=False), max_size=9))
def test_bars_lie_between_nothing_and_all(values: list[float | None]) -> None:
    drawn = str(ranking.draw([Bar(str(i), value, "x") for i, value in enumerate(values)], "alt"))
    assert len(texts(drawn, "li")) == len(values)
    assert all(0 < size <= 100 for size in sizes(drawn, "width"))
    assert drawn.count("hatch") == sum(value is None for value in values)
    assert len(sizes(drawn, "width")) == sum(value is None or value > 0 for value in values)


def test_nothing_is_nothing_and_names_are_escaped() -> None:
    assert str(ranking.draw([], "alt")) == ""
    assert "<script>" not in ranking.draw([Bar("<script>", 1, "<script>", '"><script>', "<script>")], "<script>")
