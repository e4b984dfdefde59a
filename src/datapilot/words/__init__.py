"""The one renderer: facts, names and cells become words. Computes nothing and decides nothing."""
