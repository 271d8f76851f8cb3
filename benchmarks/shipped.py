"""An empty page, for `streamlit run` with everything as Streamlit is shipped."""

import streamlit as st

st.write("")
