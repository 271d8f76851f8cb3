"""The input tables as datasets.toml declares them, and what follows: templates, data dictionary, column SQL, id matching."""
