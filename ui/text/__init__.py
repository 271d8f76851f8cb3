"""Words and numbers for a reader: translation, number formats, labels, safe HTML."""
