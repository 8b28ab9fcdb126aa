"""The SQL of the signals, by noun: the ledger's verbs, what is read from it, the items, the notices."""
