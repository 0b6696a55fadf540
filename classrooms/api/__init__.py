"""The REST API, version 1: what other systems and native clients ask for, in JSON."""
