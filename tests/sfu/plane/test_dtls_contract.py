"""The private names of aiortc that dtls.py leans on still mean what they meant."""

import inspect

import aiortc
import pytest
from aiortc import RTCDtlsTransport, RTCSctpTransport
from aiortc.rtcdtlstransport import SRTP_AEAD_AES_128_GCM
from aiortc.rtcsctptransport import ShutdownChunk
from OpenSSL import SSL
from pylibsrtp._binding import ffi, lib

from signaling.sfu.drops import Drops
from signaling.sfu.dtls import PREFERRED, Association, Certificate, Wire, forgiving


def test_the_release_is_the_one_dtls_py_was_read_from():
    assert aiortc.__version__.startswith("1.16.")


def test_dtls_takes_any_object_with_role_recv_and_send():
    source = inspect.getsource(RTCDtlsTransport)
    used = {"_recv", "_send", "role"}
    wire = Wire(lambda data: None)
    assert all(hasattr(wire, name) for name in used)
    for name in ("self.transport._recv()", "self.transport._send(data)", "self.transport.role"):
        assert name in source


async def test_an_association_finds_every_private_attribute_it_sets():
    dtls = RTCDtlsTransport(Wire(lambda data: None), [Certificate.generateCertificate()])
    for name in ("_srtp_profiles", "_data_receiver", "_rx_srtp", "_tx_srtp", "_set_role", "_ssl"):
        assert hasattr(dtls, name)
    assert "self._srtp_profiles" in inspect.getsource(RTCDtlsTransport.start)
    assert "self._data_receiver._handle_data" in inspect.getsource(RTCDtlsTransport._recv_next)


def test_sctp_registers_itself_as_the_receiver_of_data():
    source = inspect.getsource(RTCSctpTransport)
    for name in (
        "_register_data_receiver(self)",
        "_unregister_data_receiver(self)",
        "async def _handle_data",
    ):
        assert name in source


async def test_what_sctp_keeps_of_a_peer_is_where_the_guard_looks():
    sctp = RTCSctpTransport(RTCDtlsTransport(Wire(lambda data: None), [Certificate.generateCertificate()]))
    assert (sctp._inbound_streams, sctp._sack_misordered) == ({}, set())
    assert len(sctp._sent_queue) == 0
    assert sctp._get_inbound_stream(1).reassembly == []
    assert list(sctp._inbound_streams) == [1]


async def test_sctp_sends_by_a_name_that_forgives_the_end_of_dtls():
    assert "self.__transport._send_data(" in inspect.getsource(RTCSctpTransport)
    dtls = RTCDtlsTransport(Wire(lambda data: None), [Certificate.generateCertificate()])
    with pytest.raises(ConnectionError):
        await dtls._send_data(b"too early")
    await forgiving(dtls._send_data)(b"too early")


async def test_what_sctp_sends_after_dtls_was_shut_down_is_forgotten(join):
    participant = await join(sctp=True)
    dtls = participant.transport._association._dtls
    dtls._ssl.shutdown()
    with pytest.raises(SSL.Error, match="shutdown"):
        dtls._ssl.send(b"anything")
    await participant.transport._association._sctp._send_chunk(ShutdownChunk())
    assert not participant.transport.closed


def test_libsrtp_is_called_with_a_session_octets_and_a_length():
    for name in ("srtp_protect", "srtp_protect_rtcp", "srtp_unprotect", "srtp_unprotect_rtcp"):
        arguments = [argument.cname for argument in ffi.typeof(getattr(lib, name)).args]
        assert arguments == ["struct srtp_ctx_t_ *", "void *", "int *"]


def test_aes_gcm_with_128_bits_is_preferred():
    assert PREFERRED[0] is SRTP_AEAD_AES_128_GCM


def test_the_certificate_is_p_256_and_its_context_is_shared():
    certificate = Certificate.generateCertificate()
    assert certificate._key.curve.name == "secp256r1"
    context = certificate._create_ssl_context(PREFERRED)
    assert certificate._create_ssl_context(PREFERRED) is context
    assert certificate.fingerprint.startswith("sha-256 ")


async def test_closing_an_association_that_never_connected_is_harmless():
    association = Association(Certificate.generateCertificate(), lambda data: None, Drops())
    await association.close()
    await association.close()
