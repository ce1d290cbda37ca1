"""Decide what must happen. Pure functions on core values; no Odoo, no HTTP."""
