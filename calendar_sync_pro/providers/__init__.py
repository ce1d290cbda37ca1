"""One package per remote API, each behind the port in `port.py`. No Odoo.

Importing this package registers every provider.
"""
