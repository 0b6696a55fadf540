"""Every packet the plane does not pass on, counted under a name."""

from __future__ import annotations

from collections import Counter

REASONS = {
    # at the door
    "empty": "a datagram without an octet",
    "oversized": "a datagram larger than anything WebRTC sends",
    "stranger": "not STUN, from an address nobody vouched for",
    "moved": "the packet that showed that a participant's address has changed",
    "move_unchecked": "no packet: media turned back from a moved address because no check came from it",
    "unknown_protocol": "neither STUN, DTLS nor RTP by its first octet",
    "internal": "a datagram that broke the engine: a bug, see the log",
    # connections
    "tcp_limit": "a connection too many, of one address or of all",
    "tcp_stranger": "a connection whose first frame is no check that is in order",
    "tcp_malformed": "a frame longer than anything WebRTC sends",
    "tcp_idle": "a connection nobody vouches for, or that fell silent",
    "tcp_slow_reader": "for somebody who does not read what waits for it",
    "tcp_gone": "for a connection that has ended",
    # STUN
    "stun_malformed": "not a Binding request, or cut off",
    "stun_unknown_user": "for a user name that is not (or no longer) ours",
    "stun_unsigned": "with a wrong password",
    "address_taken": "from an address another participant was heard from just now",
    # DTLS, SCTP
    "dtls_queue_full": "a peer sends DTLS records faster than they are read",
    "sctp_malformed": "SCTP that makes no sense, or broke its state machine",
    "sctp_hoard": "parts of messages without an end; the peer is let go",
    # SRTP in
    "srtp_early": "media before the keys",
    "srtp_auth": "a wrong authentication tag: forged or damaged",
    "srtp_replay": "a packet that came before",
    "srtp_malformed": "what libsrtp refuses for another reason",
    "ssrc_retired": "of an SSRC whose layer has another one now",
    "rtp_malformed": "an RTP header that is cut off",
    "rtcp_costly": "NACKs or transport-wide feedback about more packets than a peer has reason to",
    "rtcp_malformed": "a packet of a compound that is cut off",
    # routing
    "unroutable": "belongs to no published track",
    "ssrc_limit": "a ninth SSRC on one transport",
    "payload_type": "a payload type the answer did not accept",
    "rtx_early": "a retransmission before the first packet of its stream",
    "rtx_probe": "an RTX packet without an original: a bandwidth probe",
    # the publisher's stream
    "sequence_jump": "a leap of the sequence number, until a second packet confirms it",
    "duplicate": "arrived before, or is too old to tell",
    "frame_malformed": "a payload that ends inside its descriptor, or a descriptor too long to hand on",
    "red_malformed": "a packet of redundant audio that ends inside its headers",
    # the listener's stream
    "late_before_switch": "of a layer, older than the switch to it",
    "nack_too_old": "asked for again, but older than can be repeated",
    "nack_never_came": "asked for again, but never arrived here",
    "nack_gone": "asked for again, but no longer kept",
    "nack_without_rtx": "asked for again, where neither RTX nor the same octets again can be had",
    "nack_unaffordable": "asked for again, more than the listener's line has room for beside what is new",
    "nack_before_switch": "asked for again, from before the key frame of the layer that is sent now",
    "nack_refused": "asked for again too soon, or more than is answered in a second",
    "nack_spent": "asked for again too often",
    "srtp_seal": "could not be encrypted",
    # the way out
    "send_oversized": "a datagram too large to send",
    "send_buffer_full": "the kernel takes no more and the queue is full",
    "send_refused": "the kernel refuses the destination",
}

ROOM_REASONS = {
    # data packets
    "data_size": "text, or larger than a data packet may be",
    "data_rate": "one participant sends faster than it may",
    "data_crowd": "more than one participant may have sent to all who get it together",
    "data_not_allowed": "of somebody whose token grants no data",
    "data_malformed": "not LiveKit's DataPacket",
    "data_no_channel": "for somebody who has not opened the channel",
    "data_lossy_full": "lossy, for a listener who is behind",
    "reader_too_slow": "a listener who takes nothing any more; told to start afresh",
    # the media socket: each ends its sender
    "signal_rate": "requests faster than a client makes them",
    "signal_size": "a request larger than any client's",
    "signal_malformed": "a frame or an offer that makes no sense",
    "signal_failed": "a request that broke the engine: a bug, see the log",
}

WEBHOOK_REASONS = {
    "webhook_full": "an event while an address takes none and no more can wait",
    "webhook_refused": "an event an address refused for good",
    "webhook_forgotten": "an event of the process before, too old or for an address that is told no more",
    "webhook_expired": "an event an address did not take for an hour",
}


class Drops(Counter[str]):
    """`drops.count("srtp_auth")`; reads as a mapping of reason to number."""

    def count(self, reason: str) -> None:
        self[reason] += 1
