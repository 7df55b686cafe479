"""The page's list of customers, kept in memory by a process of its own."""
