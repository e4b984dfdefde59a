"""The words everybody shares: frozen models, no behaviour beyond validation."""
