"""One workload, our addon beside Odoo's own calendar sync, in one run.

`./dev bench` runs it; `python -m benchmarks --help` lists the parts.
"""
