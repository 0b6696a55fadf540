"""How long a classroom socket waits before it says or asks something, in seconds where no unit is given."""

from __future__ import annotations

from datetime import timedelta

from classrooms.live.rules import DESERTED

BEAT = 20.0  # between signs of life
FIRST_BEAT = (1.0, 3.0)  # early, for what was announced while the subscription was under way; spread out
HELLO = 0.5  # changes at the door are told together
SAFE = 3.0  # between two words on how much of a recording is stored
LEAD = DESERTED.total_seconds()  # before somebody else leads
RIGHTS = (0.0, 2.0)  # a rule for all has all of them get a new token: spread out
GATHER = 0.5  # reactions of so many seconds are told together
COUNT = 1.0  # votes within it are told together
GAP = 0.3  # how long a missing event may still come by itself
RENEW = timedelta(minutes=3)  # before the media token runs out
RELAYS_AGAIN = timedelta(minutes=1)  # where there was no relay for this page
