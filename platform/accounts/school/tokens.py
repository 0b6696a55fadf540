"""An ID token is good, or it is not (OpenID Connect Core 1.0, 3.1.3.7). No I/O."""

from __future__ import annotations

import hmac
from typing import Any

import jwt

# Signed with a key pair: “none” and what is signed with a shared secret are refused.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SKEW = 60  # seconds two clocks may differ


def read_id_token(
    token: str, *, keys: dict[str, Any], issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """Its claims. Raises ValueError with the reason."""
    try:
        header = jwt.get_unverified_header(token)
        key = _key(header, keys)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=client_id,
            issuer=issuer,
            leeway=SKEW,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.PyJWTError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"the ID token is not good: {error}") from error
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or "\0" in subject:
        raise ValueError("the ID token names no subject")
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client_id:
        raise ValueError("the ID token is for somebody else too")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ValueError("the ID token answers another question (nonce)")
    return claims


def _key(header: dict[str, Any], keys: dict[str, Any]) -> jwt.PyJWK:
    """The one it says it was signed with; without a name the only one for its algorithm."""
    wanted, named = header.get("alg"), header.get("kid")
    if wanted not in ALGORITHMS:
        raise ValueError(f"signed with {wanted}")
    found = []
    for each in keys["keys"]:
        if each.get("use", "sig") != "sig" or (named is not None and each.get("kid") != named):
            continue
        if each.get("kty") == "oct" or each.get("alg", wanted) != wanted:
            continue
        found.append(jwt.PyJWK(each, algorithm=wanted))
    if len(found) != 1:
        raise ValueError("signed with a key nobody knows")
    return found[0]
