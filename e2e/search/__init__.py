"""Search for what breaks a sync: random lives of a sales team, at every provider, with trouble."""
