"""Every expected "no" of the media engine: a stable code, an HTTP status, one sentence for a person.

`code` is Twirp's word for it (https://twitchtv.github.io/twirp/docs/errors.html), so that one class serves
the media socket, the validate pages and the server API.
"""

from __future__ import annotations


class Refusal(Exception):
    code = "internal"
    status = 500

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BadToken(Refusal):
    """The access token is missing, wrong, expired, or signed by somebody else."""

    code = "unauthenticated"
    status = 401


class NotGranted(Refusal):
    """The token is genuine, but does not allow this."""

    code = "permission_denied"
    status = 403


class BadRequest(Refusal):
    code = "invalid_argument"
    status = 400


class TooLarge(Refusal):
    code = "invalid_argument"
    status = 413


class NotFound(Refusal):
    code = "not_found"
    status = 404


class NotAcceptable(Refusal):
    """The offer is well-formed, but cannot be taken as a whole."""

    code = "invalid_argument"
    status = 406


class UnsupportedType(Refusal):
    code = "invalid_argument"
    status = 415


class PreconditionFailed(Refusal):
    code = "failed_precondition"
    status = 412


class PreconditionRequired(Refusal):
    code = "failed_precondition"
    status = 428


class Unimplemented(Refusal):
    code = "unimplemented"
    status = 501


class Busy(Refusal):
    """The engine is full or stopping; the same request may succeed later or elsewhere."""

    code = "unavailable"
    status = 503


class NoPlace(Busy):
    """The room is not here, and this engine opens no further one: another engine may."""
