"""What stands between a fresh checkout and a running studio. Standard library only."""
