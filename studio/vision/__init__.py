"""What the studio sees: photos that buyers send."""
