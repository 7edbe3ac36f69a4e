"""Whether anything is lost, hangs or breaks: damaged files, strange texts, large archives, interrupted runs."""
