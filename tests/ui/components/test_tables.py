"""What a table shows is rounded, not cut."""

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest


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
    pd.testing.assert_series_equal(app.dataframe[0].value["Andel"], pd.Series(shown, name="Andel"), check_exact=True)
