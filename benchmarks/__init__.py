"""Every figure quoted in the README and the documents: `python -m benchmarks NAME`, or `all` (see README.md here)."""
