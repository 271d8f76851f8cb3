"""Everything that speaks Streamlit, or to a reader."""
