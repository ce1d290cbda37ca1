"""The words everyone shares: frozen values, errors and time. No Odoo, no HTTP."""
