"""Django's Postgres backend, with an OAuth credential for each new connection and a pool that outlives its database.

Without a `lakebase_endpoint` in OPTIONS it is plain Postgres with the same pool, so that a laptop runs what runs there.
"""
