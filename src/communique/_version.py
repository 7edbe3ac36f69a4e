"""The only place of the version; the package's metadata reads it from this file."""

VERSION = "0.2.0"
