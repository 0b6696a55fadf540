"""DTLS-SRTP for light clients: pyOpenSSL without an event loop, one certificate for the whole process."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from OpenSSL import SSL
from pylibsrtp import Policy, Session

# The one profile every light client offers, so that both servers pay for the same cipher.
PROFILE_NAME = b"SRTP_AEAD_AES_128_GCM"
PROFILE, KEY_LENGTH, SALT_LENGTH = Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12
DTLS_1_2 = 0xFEFD
REORDERED = 1024  # packets a late one may be behind


@cache
def identity() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """A self-signed P-256 certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "light client")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    return builder.not_valid_after(now + datetime.timedelta(days=7)).sign(key, hashes.SHA256()), key


def fingerprint(certificate: x509.Certificate | None = None) -> str:
    """SHA-256 of a certificate (our own unless given) as SDP writes it: `AA:BB:…`."""
    return (certificate or identity()[0]).fingerprint(hashes.SHA256()).hex(":").upper()


@cache
def context() -> SSL.Context:
    """DTLS 1.2 (what Janus 1.1 speaks), any certificate: the fingerprint decides."""
    made = SSL.Context(SSL.DTLS_METHOD)
    made.set_max_proto_version(DTLS_1_2)
    made.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
    certificate, key = identity()
    made.use_certificate(certificate)
    made.use_privatekey(key)
    made.set_cipher_list(b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256")
    made.set_tlsext_use_srtp(PROFILE_NAME)
    return made


class Handshake:
    """One DTLS association. Feed it datagrams; `inbound` and `outbound` exist once `done` is true."""

    inbound: Session
    outbound: Session

    def __init__(self, *, active: bool, expected: str, send: Callable[[bytes], object]) -> None:
        """`active`: we are the DTLS client. `expected`: the other side's SHA-256 fingerprint."""
        self.active, self.expected, self.send, self.done = active, expected, send, False
        self.connection = SSL.Connection(context())
        if active:
            self.connection.set_connect_state()
        else:
            self.connection.set_accept_state()

    def advance(self, datagram: bytes = b"") -> None:
        """Take one datagram (none to begin with) and send what it calls for.

        Raises ConnectionError when the other side is not who its SDP said, or refuses us.
        """
        if datagram:
            self.connection.bio_write(datagram)
        if self.done:
            return
        try:
            self.connection.do_handshake()
        except SSL.WantReadError:
            self.flush()
        except SSL.Error as error:
            raise ConnectionError(f"DTLS handshake failed: {error}") from error
        else:
            self.flush()
            self.derive_keys()

    def retransmit(self) -> None:
        """Resend the last flight where its timer (1 s) ran out."""
        if not self.done and self.connection.DTLSv1_handle_timeout():
            self.flush()

    def flush(self) -> None:
        try:
            while flight := self.connection.bio_read(1500):
                self.send(flight)
        except SSL.WantReadError:
            return

    def derive_keys(self) -> None:
        """RFC 5764 4.2: client key, server key, client salt, server salt."""
        certificate = self.connection.get_peer_certificate(as_cryptography=True)
        if certificate is None or fingerprint(certificate) != self.expected.upper():
            raise ConnectionError("the server's DTLS certificate is not the one its SDP names")
        length = KEY_LENGTH + SALT_LENGTH
        material = self.connection.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * length)
        keys = [
            material[KEY_LENGTH * i : KEY_LENGTH * (i + 1)]
            + material[2 * KEY_LENGTH + SALT_LENGTH * i : 2 * KEY_LENGTH + SALT_LENGTH * (i + 1)]
            for i in (0, 1)
        ]
        ours, theirs = keys if self.active else reversed(keys)
        self.outbound = Session(Policy(ours, Policy.SSRC_ANY_OUTBOUND, srtp_profile=PROFILE))
        receiving = Policy(theirs, Policy.SSRC_ANY_INBOUND, srtp_profile=PROFILE)
        receiving.window_size = REORDERED
        self.inbound = Session(receiving)
        self.done = True
