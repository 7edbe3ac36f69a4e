"""What `make check` counts beside ruff and mypy: complexity, words and numbers in the code, sizes of files."""
