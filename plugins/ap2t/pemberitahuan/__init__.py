"""Who is told of what, over which channel."""
