"""A school's own sign-in: OpenID Connect (Core 1.0) with a provider that the school names.

Discovery, code flow with PKCE, state and nonce; the ID token is checked here (tokens.py), whatever allauth
trusts TLS for. Who comes is known by tenant, provider and subject, never by email (arriving.py).
"""
