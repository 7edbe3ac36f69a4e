"""Tests for losses, hangs and crashes: damaged files, strange texts, large archives, interrupted runs."""
