# Pure tests must be importable without Odoo.
if __name__.startswith("odoo.addons."):
    from . import test_push, test_push_series
    from . import test_pull, test_pull_series
