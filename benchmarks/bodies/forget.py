"""Forgets every answer and every block that is kept, the frame's too; the database stays open (see `benchmarks.served`)."""

import streamlit as st

st.cache_data.clear()
st.cache_resource.clear()
