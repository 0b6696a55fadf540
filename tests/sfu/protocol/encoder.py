"""FFmpeg's own WHIP muxer as a process: `encoder.py <endpoint> <token> <folder>`, until it is told to stop.

H.264 without simulcast and Opus, as OBS and FFmpeg send them. Ends the session (DELETE) on SIGTERM.
"""

from __future__ import annotations

import datetime
import signal
import sys
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

RATE = 20  # pictures a second
SOUND = 960  # samples, 20 ms


def certificate(folder: Path) -> dict[str, str]:
    """On the curve browsers use: with GnuTLS, FFmpeg makes one on P-224, which OpenSSL 4 does not know."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "encoder")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1))
    signed = builder.not_valid_after(now + datetime.timedelta(days=2)).sign(key, hashes.SHA256())
    form = serialization.PrivateFormat.TraditionalOpenSSL
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    return {"cert_file": str(folder / "certificate.pem"), "key_file": str(folder / "key.pem")}


def picture(number: int) -> av.VideoFrame:
    shade = np.full((180, 320, 3), number * 5 % 255, np.uint8)
    frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
    frame.pts, frame.time_base = number, Fraction(1, RATE)
    return frame


def sound(number: int) -> av.AudioFrame:
    """A tone of 440 Hz on both channels."""
    at = np.arange(number * SOUND, (number + 1) * SOUND)
    tone = (np.sin(2 * np.pi * 440 * at / 48_000) * 12_000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2).reshape(1, -1), format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = 48_000, number * SOUND, Fraction(1, 48_000)
    return frame


def main(endpoint: str, token: str, folder: str) -> None:
    going = True

    def stop(*_: object) -> None:
        nonlocal going
        going = False

    signal.signal(signal.SIGTERM, stop)
    options = {"authorization": token, **certificate(Path(folder))}
    with av.open(endpoint, "w", format="whip", options=options) as session:
        x264 = {
            "preset": "ultrafast",
            "tune": "zerolatency",
            "profile": "baseline",
            "bf": "0",
            "g": str(RATE),
        }
        video = session.add_stream("libx264", rate=RATE, options=x264)
        video.width, video.height, video.pix_fmt = 320, 180, "yuv420p"
        audio = session.add_stream("libopus", rate=48_000, layout="stereo")
        sounds = 0
        began = time.monotonic()
        for number in range(100_000):
            if not going:
                break
            session.mux(video.encode(picture(number)))
            while sounds * SOUND / 48_000 <= number / RATE:
                session.mux(audio.encode(sound(sounds)))
                sounds += 1
            time.sleep(max(0.0, began + (number + 1) / RATE - time.monotonic()))


if __name__ == "__main__":
    main(*sys.argv[1:])
