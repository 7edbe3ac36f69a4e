"""`python -m communique`."""

from .cli import main

main(prog_name="communique")
