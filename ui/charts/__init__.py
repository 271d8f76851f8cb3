"""Pictures: rows in, a Plotly figure as a plain dictionary out, always with its `alt` sentence."""
