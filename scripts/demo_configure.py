"""Runs in Odoo's shell: tell the database its own address and where its providers are.

CSP_ODOO_URL is the address of Odoo, CSP_SANDBOX the sandbox's line of JSON.
"""

import os

settings = env["ir.config_parameter"].sudo()  # noqa: F821 - the shell's own name
settings.set_param("web.base.url", os.environ["CSP_ODOO_URL"])
settings.set_param("web.base.url.freeze", "True")

print("  admin  password admin")
