"""The schema: closed, typed, and the same for the browser."""

from typing import get_args

import pytest
from pydantic import ValidationError

from signaling import schema
from tools import socket_types


def test_the_written_types_and_the_page_are_those_of_the_schema():
    assert socket_types.TYPES.read_text() == socket_types.types(), "run python tools/socket_types.py"
    assert socket_types.PAGE.read_text() == socket_types.page(), "run python tools/socket_types.py"


@pytest.mark.parametrize("model", [*socket_types.CLIENT, *socket_types.SERVER], ids=lambda m: m.__name__)
def test_every_message_is_documented(model):
    assert model.__dict__["__doc__"], f"{model.__name__} needs a sentence"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "null",
        "[]",
        "{",
        "{}",
        '{"type": "dance"}',
        '{"type": "join", "since": -1}',
        '{"type": "join", "since": "1"}',
        '{"type": "join", "more": 1}',
        '{"type": "say", "key": "a"}',
        '{"type": "say", "key": "", "text": "hi"}',
        '{"type": "say", "key": "' + "k" * 37 + '", "text": "hi"}',
        '{"type": "say", "key": "a", "text": "  "}',
        '{"type": "say", "key": "a", "text": "' + "x" * 2001 + '"}',
        '{"type": "say", "key": "a", "text": 3}',
        '{"type": "say", "key": "a", "text": "a\\u0000b"}',
        '{"type": "say", "key": "a", "text": "\\ud800"}',
        '{"type": "lower_hand", "participant": "teacher"}',
        '{"type": "ping", "n": true}',
        '{"type": "hello"}',
        '{"type": "caption", "line": 1, "text": "' + "x" * 501 + '"}',
        '{"type": "caption", "line": -1, "text": "hi"}',
        '{"type": "caption", "line": 1, "text": "a\\u0000b"}',
        '{"type": "caption", "line": 1, "text": "hi", "language": "<b>"}',
        '{"type": "caption", "line": 1, "text": "hi", "by": "' + "0" * 32 + '"}',
        '{"type": "captioning", "state": "asleep"}',
        '{"type": "want_captions", "wanted": 1}',
        '{"type": "said", "seq": 1}',
    ],
)
def test_what_is_not_in_the_schema_is_refused(raw):
    with pytest.raises(ValidationError):
        schema.client_messages.validate_json(raw)


def test_text_loses_the_space_around_it_and_nothing_else():
    said = schema.client_messages.validate_json('{"type":"say","key":"k-1","text":" <b>hi</b>\\n  you "}')
    assert said == schema.Say(type="say", key="k-1", text="<b>hi</b>\n  you")


def test_each_type_of_message_has_a_name_of_its_own():
    names = [
        get_args(m.model_fields["type"].annotation)[0] for m in socket_types.CLIENT + socket_types.SERVER
    ]
    assert len(names) == len(set(names))
