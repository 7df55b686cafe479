"""The page's routes, a file for each part of the page."""
