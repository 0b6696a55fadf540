"""The channel layer of a single process: Channels' own, which forgets less, and looks less often."""

import inspect

from channels.layers import InMemoryChannelLayer, get_channel_layer

from signaling.ears import Ear, ears
from signaling.layers import CLEAN_EVERY, LocalChannelLayer


def test_one_process_uses_the_local_layer():
    assert isinstance(get_channel_layer(), LocalChannelLayer)


async def test_a_message_that_nobody_read_expires_and_its_reader_is_out_of_the_group():
    layer = LocalChannelLayer(expiry=-1)
    await layer.group_add("class", "specific.gone")
    await layer.group_send("class", {"type": "x"})
    assert "specific.gone" in layer.channels
    layer.cleaned_at -= CLEAN_EVERY
    await layer.group_send("class", {"type": "x"})
    assert layer.channels == {}
    assert layer.groups["class"] == {}


async def test_a_socket_that_is_held_up_for_long_loses_neither_its_messages_nor_its_groups():
    layer, ear = LocalChannelLayer(expiry=-1), Ear(lambda message: True)
    ears.open("specific.live", ear)
    try:
        await layer.group_add("class", "specific.live")
        await layer.send("specific.live", {"type": "timer", "name": "beat"})
        layer.cleaned_at -= CLEAN_EVERY
        await layer.group_send("class", {"type": "x"})
        assert ear.waiting == 2
        told = [(await layer.receive("specific.live"))["type"] for _ in range(2)]
    finally:
        ears.close("specific.live")
    assert told == ["timer", "x"]
    assert list(layer.groups["class"]) == ["specific.live"]


def test_channels_still_cleans_through_the_method_that_is_slowed_down():
    for reader in (InMemoryChannelLayer.receive, InMemoryChannelLayer.group_send):
        assert "self._clean_expired()" in inspect.getsource(reader)
