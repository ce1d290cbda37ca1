"""Each adapter against a living server over HTTP, without Odoo."""
