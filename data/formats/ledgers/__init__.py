"""The published supplier ledger and SIE 4 files, recognised by content, as sheets of the table `costs`."""
