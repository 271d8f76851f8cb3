"""The monthly note: what is unusual, one gap, what is late and what to do, as a page, a letter and a feed."""
