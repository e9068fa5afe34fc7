"""What the handlers know by heart: the gazetteer and the lexicons of the reader."""
