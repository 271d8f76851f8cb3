"""A change between two periods split exactly into rate, mix and coverage, with causes."""
