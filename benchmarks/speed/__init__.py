"""How long it takes and how much memory it holds, beside other ways to do it."""
