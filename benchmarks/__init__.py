"""How fast the dashboard is, as ratios of one run: `python -m benchmarks`."""
