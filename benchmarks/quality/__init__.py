"""How well each part reads: against development sets, held-out parts of corpora, and sets of our own writing."""
