"""An answer that breaks off midway: its connection is cut, so that nobody waits for the rest of it.

daphne (4.2.3) begins a second answer there, which raises, and ends for good what looks after its requests.
"""

from __future__ import annotations

from daphne import http_protocol

_answer = http_protocol.WebRequest.handle_exception


def cut_broken_answers() -> None:
    """Of all that daphne takes from now on in this process."""
    http_protocol.WebRequest.handle_exception = _cut_or_answer


def _cut_or_answer(request: http_protocol.WebRequest, exception: Exception) -> None:
    if not request._response_started:
        _answer(request, exception)
    elif request.channel is not None:
        request.channel.transport.abortConnection()
