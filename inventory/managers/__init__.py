"""The SQL of the ledger and of the stock: one module per noun."""
