"""Real parts for tests and for the demo: a private PostgreSQL, Odoo servers, the sandbox."""
