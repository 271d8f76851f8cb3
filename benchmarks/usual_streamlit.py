"""The overview of `benchmarks.usual`, for `streamlit run`: data and what is made of them kept by `st.cache_data`."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks import usual

department = st.query_params.get("department", "")
shown = usual.overview(*st.cache_data(usual.frames)(), department)
st.title(shown.headline)
st.write(shown.chosen)
for column, (title, text) in zip(st.columns(len(shown.cards)), shown.cards.items(), strict=True):
    column.metric(title, text)
for title, figure in shown.figures.items():
    st.subheader(title)
    st.plotly_chart(figure, key=title)
