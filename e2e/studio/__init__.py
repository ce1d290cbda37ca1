"""Photographs of every screen and state, each reached by acting and by faults in the sandbox."""
