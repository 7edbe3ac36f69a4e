"""Quality of each part: on development sets, held-out parts of corpora, and our own data sets."""
