"""Protobuf messages that can be read, with values that make no sense."""

from __future__ import annotations

import random
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

TEXTS = (
    "",
    "x",
    "TR_unknown",
    "é" * 40,
    "x" * 300,
    "x" * 20_000,
    "\0",
    "/",
    "\n\n",
    "audio/opus",
    "PA_x",
    "0",
)
OCTETS = (b"", b"\xff", bytes(300), b"x" * 20_000)
WHOLE = (0, 1, 2, 3, 9, 127, 255, 65_536, 2**31 - 1)
SIGNED = (*WHOLE, -1, -(2**31))
FRACTIONS = (0.0, -1.0, 1e38, float("nan"), float("inf"))
MOST = 300  # entries of a repeated field
UNSIGNED_TYPES = (FieldDescriptor.CPPTYPE_UINT32, FieldDescriptor.CPPTYPE_UINT64)
SIGNED_TYPES = (
    FieldDescriptor.CPPTYPE_INT32,
    FieldDescriptor.CPPTYPE_INT64,
    FieldDescriptor.CPPTYPE_ENUM,
)


def damage(dice: random.Random, message: Message, depth: int = 0) -> None:
    """Change one field, here or in a message inside."""
    fields = list(message.DESCRIPTOR.fields)
    if not fields:
        return
    inside = [value for _, value in message.ListFields() if isinstance(value, Message)]
    if inside and depth < 4 and dice.random() < 0.7:
        damage(dice, dice.choice(inside), depth + 1)
        return
    field = dice.choice(fields)
    if dice.random() < 0.15:
        message.ClearField(field.name)
    elif field.is_repeated:
        _fill(dice, message, field)
    elif field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        getattr(message, field.name).SetInParent()
    else:
        setattr(message, field.name, _value(dice, field))


def _fill(dice: random.Random, message: Message, field: FieldDescriptor) -> None:
    """A repeated field or a map grows."""
    values: Any = getattr(message, field.name)
    count = dice.choice((1, 1, 2, 10, MOST))
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        key, value = field.message_type.fields_by_name["key"], field.message_type.fields_by_name["value"]
        if value.cpp_type != FieldDescriptor.CPPTYPE_MESSAGE:
            for _ in range(count):
                values[_value(dice, key)] = _value(dice, value)
    elif field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
        for _ in range(count):
            damage(dice, values.add(), 4)
    else:
        values.extend(_value(dice, field) for _ in range(count))


def _value(dice: random.Random, field: FieldDescriptor) -> Any:
    kind = field.cpp_type
    if kind == FieldDescriptor.CPPTYPE_STRING:
        return dice.choice(OCTETS if field.type == FieldDescriptor.TYPE_BYTES else TEXTS)
    if kind in UNSIGNED_TYPES:
        return dice.choice(WHOLE)
    if kind in SIGNED_TYPES:
        return dice.choice(SIGNED)
    return dice.random() < 0.5 if kind == FieldDescriptor.CPPTYPE_BOOL else dice.choice(FRACTIONS)
