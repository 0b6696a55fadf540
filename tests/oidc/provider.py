"""An OpenID Connect provider in a process of its own: oidc-provider-mock, which can be told to lie.

`python -m tests.oidc.provider PORT`. PUT /lie/<name> chooses one of lies.py for the tokens to come, "" none.
"""

from __future__ import annotations

import json
import logging
import sys

import flask
import jwt
import oidc_provider_mock
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.serving import make_server

from tests.oidc.lies import LIES

STRANGER = rsa.generate_private_key(65537, 2048)


def lying(app: flask.Flask) -> flask.Flask:
    chosen = {"lie": ""}

    @app.put("/lie/")
    @app.put("/lie/<name>")
    def lie(name: str = "") -> str:
        chosen["lie"] = name
        return ""

    @app.after_request
    def bend(answer: flask.Response) -> flask.Response:
        told = answer.get_json(silent=True) if flask.request.path == "/oauth2/token" else None
        if told and "id_token" in told:
            answer.set_data(json.dumps(told | {"id_token": resign(told["id_token"], chosen["lie"])}))
        return answer

    return app


def resign(token: str, lie: str) -> str:
    claims = jwt.decode(token, options={"verify_signature": False})
    key = flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True)
    headers = jwt.get_unverified_header(token)
    named = {"kid": headers["kid"]} if "kid" in headers else {}
    if lie == "none":
        return jwt.encode(claims, None, algorithm="none")
    if lie == "shared":
        return jwt.encode(
            claims, "the client secret, which both sides know", algorithm="HS256", headers=named
        )
    if lie == "stranger":
        return jwt.encode(claims, STRANGER, algorithm="RS256", headers=named)
    if lie == "kid":
        named = {"kid": "nobody"}
    bent = LIES.get(lie, LIES[""])(claims)
    return jwt.encode(bent, jwt.PyJWK.from_dict(key, "RS256").key, algorithm="RS256", headers=named)


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = lying(oidc_provider_mock.app())
    app.debug = False
    make_server("127.0.0.1", int(sys.argv[1]), app, threaded=True).serve_forever()
