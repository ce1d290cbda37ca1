# Pure tests must be importable without Odoo.
if __name__.startswith("odoo.addons."):
    from . import test_marks, test_push, test_push_concurrency, test_push_series, test_vault, test_worker
    from . import test_pull, test_pull_concurrency, test_pull_identity, test_pull_series
    from . import test_copies, test_endings, test_pull_trouble
    from . import test_appointment, test_appointment_badge, test_appointment_web, test_show_lead
    from . import test_account, test_choices, test_connect, test_connect_web, test_hostile
    from . import test_oauth_app, test_rights
    from . import test_terms
    from . import test_no_surprise_mail
