"""A small world of a whole team: one Odoo, a calendar for each person at one kind of provider.

It understands the lives of `e2e/search/grammar.py`, as the real product does there. Everything that
decides is the real thing (matching, the decision table, merging, normalising, the base as JSON, and
how each provider's adapter reads and writes an event); only storing, listing and the order of work
are rebuilt here, in small.
"""
