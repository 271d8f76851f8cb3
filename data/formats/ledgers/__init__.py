"""Ledgers in: the published supplier ledger and SIE 4 files, told by their content, as sheets of the table `costs`."""
