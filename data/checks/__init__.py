"""Checks: a sheet's text rows become typed rows of a table in DuckDB, with every fault at its row and column."""
