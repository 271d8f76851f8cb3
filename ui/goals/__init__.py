"""The pages of the three goals."""
