"""Ids in addresses: what is no id at all is nowhere, like an unknown one."""

from django.urls.converters import StringConverter


class OpaqueId(StringConverter):
    regex = "[0-9a-f]{32}"
