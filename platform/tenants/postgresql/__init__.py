"""Django's backend for PostgreSQL, which also says whose rows a query may see (tenants.wall)."""
