"""Forecasts of the goals, their intervals, and the path towards a target."""
