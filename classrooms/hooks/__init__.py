"""Webhooks by the Standard Webhooks specification: `events` says what there is and writes it down in the
transaction of what happened, `sending` tells it, `actions` is what people do with addresses."""
