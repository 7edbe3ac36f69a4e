"""The counts of `make check` beside ruff and mypy: complexity, words and numbers in the code, file sizes."""
