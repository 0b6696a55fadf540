"""Malformed traffic of every kind, made from valid traffic: what an engine must outlive."""
