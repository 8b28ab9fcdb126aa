"""What every app may import and what imports none of ours: people, rows, wire words, item ids, clock and numbers."""
