"""Every figure that the README and the documents quote, printed by `python -m benchmarks.NAME`."""
