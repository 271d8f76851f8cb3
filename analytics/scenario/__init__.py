"""The effect of a set of changes on the goals: model, changes, baseline, horizon, savings."""
