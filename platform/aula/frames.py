"""How large a message on a classroom socket may be, as arguments of daphne.

daphne has one limit for both directions: a page sends one small frame (larger ones are cut off, and what is
over signaling.limits is refused), but it is sent the whole class when it joins.
"""

FRAME_LIMITS = (  # bytes
    *("--websocket-max-message-size", str(4 * 1024 * 1024)),
    *("--websocket-max-frame-size", str(64 * 1024)),
)
