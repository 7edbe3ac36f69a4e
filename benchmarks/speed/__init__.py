"""Time and memory, compared with other systems."""
