"""The SQL of slips, their lines and what was received: one module per noun."""
