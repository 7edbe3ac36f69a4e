"""The version, here alone: the package's metadata takes it from this file."""

VERSION = "0.2.0"
