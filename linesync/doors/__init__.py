"""Who may come in and how answers look: identity, hosts, limits, refusals."""
