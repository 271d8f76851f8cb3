"""What a set of changes would do to the goals: model, baseline, horizon, savings."""
