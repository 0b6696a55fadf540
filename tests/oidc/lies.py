"""What the provider can be told to say of who came, or how to sign it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

Claims = dict[str, Any]
LIES: dict[str, Callable[[Claims], Claims]] = {
    "": lambda claims: claims,
    "nonce": lambda claims: claims | {"nonce": "another"},
    "no-nonce": lambda claims: {name: value for name, value in claims.items() if name != "nonce"},
    "audience": lambda claims: claims | {"aud": ["somebody-else"]},
    "two-audiences": lambda claims: (
        claims | {"aud": [*claims["aud"], "somebody-else"], "azp": "somebody-else"}
    ),
    "issuer": lambda claims: claims | {"iss": "https://evil.test"},
    "expired": lambda claims: claims | {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 7200},
    "unkeepable-subject": lambda claims: claims | {"sub": claims["sub"] + "\0"},
    "no-subject": lambda claims: {name: value for name, value in claims.items() if name != "sub"},
}
SIGNED = ("stranger", "none", "shared", "kid")  # how it is signed, in place of its own key
