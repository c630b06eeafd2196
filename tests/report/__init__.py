"""Reports: what they say, and the page in a real browser."""
