"""Nothing: what is left is the frame of the page, and what Streamlit costs."""
