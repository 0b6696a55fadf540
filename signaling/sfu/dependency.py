"""The dependency descriptor: a header extension that says of any codec's frame what it depends on.

"RTP Payload Format For AV1", appendix A (aomediacodec.github.io/av1-rtp-spec). AV1 cannot be forwarded in
layers without it, and tells nothing of H.264's temporal layers but here.
"""

from __future__ import annotations

from dataclasses import dataclass

from signaling.sfu.bits import Bits
from signaling.sfu.frame import Frame

MANDATORY = 3  # octets, A.8.2
LONGEST = 251  # octets: `restricted` adds four at most, and an extension has 255 (RFC 8285 4.3)
MOST_TEMPLATES = 64
ABSENT, SWITCH = 0, 2  # of the four decode target indications, A.8.3.2
STRUCTURE, ACTIVE_TARGETS, CUSTOM_INDICATIONS, CUSTOM_REFERENCES = 16, 8, 4, 2  # A.8.2; 1: custom chains
NEXT_TEMPORAL, NEXT_SPATIAL, LAST_LAYER = 1, 2, 3  # next_layer_idc; 0 is the same layer once more


@dataclass(frozen=True, slots=True)
class Template:
    """What most frames of one place in the pattern have in common."""

    spatial: int
    temporal: int
    indications: tuple[int, ...]  # for each decode target
    references: tuple[int, ...]  # frames back


UNKNOWN = Template(0, 0, (), (1,))
"""Of a frame whose structure was lost: the lowest layer, and nobody can enter there."""


@dataclass(frozen=True, slots=True)
class Structure:
    """What a key frame announces for the frames that follow. `targets` are (spatial, temporal)."""

    offset: int
    templates: tuple[Template, ...]
    targets: tuple[tuple[int, int], ...]
    chains: int
    sizes: tuple[tuple[int, int], ...]

    def template(self, number: int) -> Template:
        index = (number - self.offset) & 0x3F
        return self.templates[index] if index < len(self.templates) else UNKNOWN

    def targets_within(self, spatial: int, temporal: int) -> int:
        """The bit mask of decode targets that can be decoded from these layers."""
        return sum(1 << i for i, (s, t) in enumerate(self.targets) if s <= spatial and t <= temporal)


@dataclass(slots=True)
class Descriptor:
    """One packet's. `structure_ends` is the bit after the structure, where one is attached."""

    starts: bool
    ends: bool
    template: Template
    frame_number: int
    indications: tuple[int, ...]
    references: tuple[int, ...]
    structure: Structure | None = None
    structure_ends: int = 0


class Reader:
    """One SSRC's descriptors: keeps the structure of its newest key frame."""

    def __init__(self) -> None:
        self.structure: Structure | None = None
        self._announced_in = -1  # the packet's number

    def read(self, value: bytes, number: int = 0) -> Descriptor:
        """That of packet `number`. Raises ValueError for one that is cut off, or too long to be handed on."""
        if not MANDATORY <= len(value) <= LONGEST:
            raise ValueError("a dependency descriptor is too short or too long")
        starts, ends = bool(value[0] & 0x80), bool(value[0] & 0x40)
        template_id, frame_number = value[0] & 0x3F, value[1] << 8 | value[2]
        if len(value) == MANDATORY:  # nine of ten
            template = UNKNOWN if self.structure is None else self.structure.template(template_id)
            return Descriptor(starts, ends, template, frame_number, template.indications, template.references)
        bits = Bits(value)
        bits.at = 8 * MANDATORY
        flags = bits.read(5)
        announced, structure_ends = None, 0
        if flags & STRUCTURE:
            announced, structure_ends = _structure(bits), bits.at
            self._keep(announced, number)
        structure = announced or self.structure
        template = UNKNOWN if structure is None else structure.template(template_id)
        indications, references = template.indications, template.references
        if structure is not None and (announced is not None or template is not UNKNOWN):
            if flags & ACTIVE_TARGETS:
                bits.read(len(structure.targets))
            if flags & CUSTOM_INDICATIONS:
                indications = tuple(bits.read(2) for _ in structure.targets)
            if flags & CUSTOM_REFERENCES:
                references = tuple(_custom_references(bits))
        return Descriptor(
            starts, ends, template, frame_number, indications, references, announced, structure_ends
        )

    def _keep(self, announced: Structure, number: int) -> None:
        """A late packet's structure is good for that packet alone."""
        if number >= self._announced_in:
            self.structure, self._announced_in = announced, number


def describe(descriptor: Descriptor, frame: Frame) -> None:
    """Write into `frame` what the descriptor says of it."""
    template = descriptor.template
    frame.starts, frame.ends = descriptor.starts, descriptor.ends
    frame.spatial, frame.temporal = template.spatial, template.temporal
    # Frames of one picture have consecutive numbers: who refers no further back than its own layer's number
    # refers to lower layers of its own picture (A.4, A.8.3.3).
    frame.independent = frame.starts and all(back <= template.spatial for back in descriptor.references)
    frame.key = frame.independent and not frame.spatial and descriptor.structure is not None
    frame.switch_up = frame.starts and SWITCH in descriptor.indications
    if frame.key and descriptor.structure and descriptor.structure.sizes:
        frame.width, frame.height = descriptor.structure.sizes[-1]


def restricted(value: bytes, descriptor: Descriptor, spatial: int, temporal: int) -> bytes:
    """The descriptor of a packet with a structure, for listeners that get no higher layers (A.8.2).

    Others are left as they are: what a structure announced as active stays so until it is told otherwise.
    """
    structure = descriptor.structure
    if structure is None:
        return value
    mask = structure.targets_within(spatial, temporal)
    count, size, number = len(structure.targets), 8 * len(value), int.from_bytes(value, "big")
    head = number >> (size - descriptor.structure_ends)
    has_targets = value[3] & 0x40
    rest_at = descriptor.structure_ends + (count if has_targets else 0)
    rest = number & ((1 << (size - rest_at)) - 1)
    head |= 1 << (descriptor.structure_ends - 26)  # the flag that targets follow: bit 25
    whole = (head << count | mask) << (size - rest_at) | rest
    length = descriptor.structure_ends + count + size - rest_at
    return (whole << (-length % 8)).to_bytes((length + 7) // 8, "big")


def _custom_references(bits: Bits) -> list[int]:
    found = []
    while size := bits.read(2):
        found.append(bits.read(4 * size) + 1)
    return found


def _structure(bits: Bits) -> Structure:
    offset, count = bits.read(6), bits.read(5) + 1
    layers = _template_layers(bits)
    indications = [tuple(bits.read(2) for _ in range(count)) for _ in layers]
    references = [_template_references(bits) for _ in layers]
    chains = bits.below(count + 1)
    if chains:
        for _ in range(count):
            bits.below(chains)
        bits.read(4 * chains * len(layers))
    templates = [
        Template(spatial, temporal, indicated, back)
        for (spatial, temporal), indicated, back in zip(layers, indications, references, strict=True)
    ]
    sizes = []
    if bits.flag():
        sizes = [(bits.read(16) + 1, bits.read(16) + 1) for _ in range(layers[-1][0] + 1)]
    targets = tuple(_target(templates, i) for i in range(count))
    return Structure(offset, tuple(templates), targets, chains, tuple(sizes))


def _template_layers(bits: Bits) -> list[tuple[int, int]]:
    spatial = temporal = step = 0
    layers: list[tuple[int, int]] = []
    while step != LAST_LAYER:
        if len(layers) >= MOST_TEMPLATES:
            raise ValueError("a dependency structure has too many templates")
        if step == NEXT_TEMPORAL:
            temporal += 1
        elif step == NEXT_SPATIAL:
            spatial, temporal = spatial + 1, 0
        layers.append((spatial, temporal))
        step = bits.read(2)
    return layers


def _template_references(bits: Bits) -> tuple[int, ...]:
    found = []
    while bits.flag():
        found.append(bits.read(4) + 1)
    return tuple(found)


def _target(templates: list[Template], number: int) -> tuple[int, int]:
    """The highest (spatial, temporal) layer that a decode target needs."""
    needed = [template for template in templates if template.indications[number] != ABSENT]
    return (
        max((template.spatial for template in needed), default=0),
        max((template.temporal for template in needed), default=0),
    )
