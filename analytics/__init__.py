"""What the numbers mean: metrics over the facts of a database built by `data/`. Runs without Streamlit."""
