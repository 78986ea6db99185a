"""Language, cleaning and workplace sentiment. Pure: text in, values out."""
