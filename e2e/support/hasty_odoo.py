"""Odoo's launcher for tests: passwords are hashed in one round, as in Odoo's own tests.

600,000 rounds take a processor 0.4 s, once for each person who is hired and once for each who signs
in. The product knows nothing of this; people who try the demo get all rounds.
"""


def hasten_passwords():
    """Lower the least number of rounds as soon as Odoo's users are known."""
    from odoo.modules import loading

    load = loading.load_openerp_module

    def loaded(name):
        load(name)
        if name == "base":
            from odoo.addons.base.models import res_users

            res_users.MIN_ROUNDS = 1

    loading.load_openerp_module = loaded


if __name__ == "__main__":
    import odoo.cli

    hasten_passwords()
    odoo.cli.main()
