# The pure floors (core, providers, sync, booking) must be importable without Odoo.
if __name__.startswith("odoo.addons."):
    from . import controllers, models, wizards
    from .hooks import post_init_hook, uninstall_hook
