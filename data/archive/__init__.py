"""The append-only archive: the log of its entries, and the state after them."""
