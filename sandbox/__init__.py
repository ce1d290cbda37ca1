"""The offline world: stateful, faulty-on-demand calendar providers on loopback.

Nothing here imports the addon: the sandbox is an independent witness of what the addon does.
"""
