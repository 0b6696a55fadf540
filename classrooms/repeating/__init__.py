"""Classes that repeat: put on the calendar together, changed and cancelled from one of them on."""
