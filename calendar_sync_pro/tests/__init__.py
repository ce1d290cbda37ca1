# Pure tests must be importable without Odoo.
if __name__.startswith("odoo.addons."):
    from . import test_marks, test_push, test_push_series, test_vault, test_worker
    from . import test_pull, test_pull_identity, test_pull_series, test_pull_trouble
    from . import test_appointment, test_appointment_badge, test_show_lead
