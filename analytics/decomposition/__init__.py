"""A change between two periods split exactly into rate, season, mix and coverage, with causes."""
