"""Find out what kind of NAT this place is behind (the tests of RFC 5780, section 4, in a few lines).

python -m tests.nat.probe serve   answers at two addresses, two ports each
python -m tests.nat.probe ask     prints the kind
"""

from __future__ import annotations

import json
import selectors
import socket
import sys

from tests.nat.lab import PROBES, Nat

PORTS = (34780, 34790)
PLACES = [(address, port) for address in PROBES for port in PORTS]
WITHIN = 0.4  # seconds; there is no other way than the machine's own memory
TRIES = 2


def serve() -> None:
    """Answer each question with where it came from, from the place that it asks for."""
    waiting = selectors.DefaultSelector()
    sockets = []
    for place in PLACES:
        each = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        each.bind(place)
        waiting.register(each, selectors.EVENT_READ, each)
        sockets.append(each)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        for key, _ in waiting.select():
            question, source = key.data.recvfrom(1000)
            answer_from = json.loads(question)["answer_from"]
            sockets[answer_from].sendto(json.dumps(source).encode(), source)


def ask(line: socket.socket, place: int, answer_from: int) -> tuple[str, int] | None:
    """Where the question was seen to come from; None without an answer."""
    for _ in range(TRIES):
        line.sendto(json.dumps({"answer_from": answer_from}).encode(), PLACES[place])
        try:
            address, port = json.loads(line.recv(1000))
            return address, port
        except TimeoutError:
            pass
    return None


def fresh() -> socket.socket:
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.settimeout(WITHIN)
    return line


def kind() -> Nat:
    """Raises RuntimeError where nothing answers."""
    with fresh() as line:
        seen = [ask(line, place, place) for place in range(len(PLACES))]
    if None in seen:
        raise RuntimeError(f"no answer: {seen}")
    if len(set(seen)) > 1:
        return Nat.SYMMETRIC
    with fresh() as line:  # of this one nobody but the first place has been asked
        ask(line, 0, 0)
        if ask(line, 0, 3):
            return Nat.FULL_CONE
        return Nat.ADDRESS_RESTRICTED if ask(line, 0, 1) else Nat.PORT_RESTRICTED


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        sys.stdout.write(f"{kind().value}\n")
