"""The append-only archive: the log of its entries, and the state that they add up to."""
