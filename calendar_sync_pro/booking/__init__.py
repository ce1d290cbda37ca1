"""Free-slot algebra: pure functions on sorted UTC intervals. No Odoo, no HTTP."""
