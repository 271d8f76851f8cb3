"""From text rows to typed rows: which table is it, and what is wrong where. All in DuckDB, every fault in one go."""
