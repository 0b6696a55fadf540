"""Every drop has a name, and every name says what it means."""

import re
from pathlib import Path

from signaling import sfu
from signaling.sfu.drops import REASONS
from signaling.sfu.srtp import REASONS as SRTP_REASONS
from signaling.sfu.srtp import SEAL_FAILED

STAGES = (
    "plane",
    "udp",
    "tcp",
    "srtp",
    "dtls",
    "inbound",
    "routes",
    "layers",
    "transport",
    "downtrack",
    "repeats",
)
GIVEN = r'(?:drop\(|count\(|get\(status, |return )"([a-z0-9_]+)"\)?(?:  #.*)?$'


def test_every_reason_a_stage_gives_is_explained_and_every_explanation_is_used():
    given = {SEAL_FAILED, *SRTP_REASONS.values()}
    for stage in STAGES:
        source = (Path(sfu.__path__[0]) / f"{stage}.py").read_text()
        given |= set(re.findall(GIVEN, source.replace('"))', '")'), re.MULTILINE))
    assert given == REASONS.keys()
