"""Read saved things: files in, pages or items out. Pure but for reading the file itself."""
