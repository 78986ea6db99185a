"""Render: a document of plain values in, text out. What is said is decided elsewhere."""
