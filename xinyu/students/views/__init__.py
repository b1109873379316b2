"""Pages about students and the roster."""
