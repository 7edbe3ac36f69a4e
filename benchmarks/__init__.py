"""Every figure that the README and the documents quote: `python -m benchmarks NAME`, or `all` (see README.md here)."""
