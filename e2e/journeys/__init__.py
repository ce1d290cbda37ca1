"""Journeys: whole stories on real parts. Odoo works with its own crons; the other side acts through
the provider's public API only."""
