"""The reading room: a local web application over a record."""

from .app import application, serve

__all__ = ["application", "serve"]
