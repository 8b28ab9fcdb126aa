"""Where a person checks a slip and receives it."""
