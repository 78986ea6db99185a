"""The order of work: collect, archive, parse, normalise, store, score, sum up."""
