"""Packages that only some inputs and commands need. Each belongs to an extra of the package."""

from __future__ import annotations

from importlib.util import find_spec

EXTRAS = {
    "office": ("docx", "openpyxl", "striprtf"),
    "watch": ("feedparser", "protego", "urllib3"),
    "codebook": ("krippendorff",),
    "room": ("fastapi", "jinja2", "python_multipart", "uvicorn"),
    "mcp": ("mcp",),
    "ray": ("ray",),
}


class MissingExtra(ImportError):
    """A requested extra is not installed. The message names the extra and the command that installs it."""


def missing(extra: str, what: str) -> str | None:
    """Returns one line that says that `what` needs an extra and how to install it, or `None` if it is installed."""
    if all(find_spec(name) is not None for name in EXTRAS[extra]):
        return None
    return f"{what} needs the extra '{extra}': pip install 'communique[{extra}]'"


def need(extra: str, what: str) -> None:
    """Raises `MissingExtra` if an extra is not installed."""
    if told := missing(extra, what):
        raise MissingExtra(told)
