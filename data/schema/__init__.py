"""The input tables as datasets.toml declares them, and what is generated from it: templates, data dictionary, column SQL."""
