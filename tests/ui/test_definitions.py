"""The definitions page: an index of everything that is counted, said and imported, each entry once."""

import re
from math import inf

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from analytics.metrics.catalogue import definitions
from data.schema.catalogue import datasets
from data.store import Store
from tests.reader import Look, lines, words
from ui.definitions import COLUMNS, Group, columns_of

PAGE = "pages/sources/definitions.py"


def groups(sizes: list[int]) -> list[Group]:
    return [(f"Mål {n}", [Markup("")] * size) for n, size in enumerate(sizes)]


def tallest(sizes: list[int], columns: int) -> float:
    """The least tallest column, a dumber way: where the first column ends, then the same of the rest."""
    if columns == 1:
        return sum(sizes)
    return min((max(sum(sizes[:end]), tallest(sizes[end:], columns - 1)) for end in range(len(sizes) + 1)), default=inf)


@given(st.lists(st.integers(0, 20), max_size=9))
def test_the_columns_keep_the_order_and_are_as_even_as_can_be(sizes: list[int]) -> None:
    made = columns_of(groups(sizes))
    assert [group for column in made for group in column] == groups(sizes)
    assert len(made) == COLUMNS
    assert max(sum(len(rows) + 1 for _title, rows in column) for column in made) == tallest(
        [size + 1 for size in sizes], COLUMNS
    )


def test_every_measure_and_table_is_there_once_and_can_be_pointed_at(store: Store, look: Look) -> None:
    said = words(look(store, PAGE))
    ids = re.findall(r'<details id="(?!word-)([^"]+)" class="entry">', said)
    assert sorted(ids) == sorted([*definitions(), *(f"table-{code}" for code in datasets())])
    assert {f"{len(definitions())} mått", f"{len(datasets())} tabeller att importera"} <= set(lines(said))


def test_a_heading_counts_what_stands_under_it(store: Store, look: Look) -> None:
    parts = re.split(r"<h2[^>]*>(\d+) [^<]*</h2>", words(look(store, PAGE)))[1:]
    counted = [(int(n), part.count("<details")) for n, part in zip(parts[::2], parts[1::2], strict=True)]
    assert len(counted) == 3
    assert all(stated == there for stated, there in counted)
