"""Many students at once, over HTTP, against the real processes."""
