"""How much a school has stored, and whether more may come.

What lies in the bin counts: its files are there. Tracks that are being recorded count once they are over, so
that no recording is cut off; two files that come at one moment may pass the limit by one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from classrooms.models import Material, RecordingDownload, RecordingTrack
from classrooms.refusals import StorageFull
from tenants.at_once import in_one
from tenants.models import Tenant
from tenants.scope import tenant_scope

NEARLY = 0.9  # of the limit: whoever teaches is told


@dataclass(frozen=True)
class Stored:
    """Bytes. `most` is None where there is no limit."""

    recordings: int
    materials: int
    downloads: int
    most: int | None

    @property
    def used(self) -> int:
        return self.recordings + self.materials + self.downloads

    @property
    def is_nearly_full(self) -> bool:
        return self.most is not None and self.used >= NEARLY * self.most

    @property
    def is_full(self) -> bool:
        return self.most is not None and self.used >= self.most


def stored(tenant: Tenant) -> Stored:
    """What the school has now, by its rows."""
    ready = RecordingDownload.State.READY
    with tenant_scope(tenant):
        rows = (
            RecordingTrack.objects.all(),
            Material.objects.all(),
            RecordingDownload.objects.filter(state=ready),
        )
        recordings, materials, downloads = in_one("SUM", [each.values("size") for each in rows])
    return Stored(recordings, materials, downloads, tenant.storage_most_bytes)


def check_room_for(tenant: Tenant, more_bytes: int) -> None:
    """Raises StorageFull where `more_bytes` would be too many."""
    if tenant.storage_most_bytes is not None and stored(tenant).used + more_bytes > tenant.storage_most_bytes:
        raise StorageFull


def check_room_to_begin(tenant: Tenant) -> None:
    """For what nobody knows the size of before, such as a recording: it may begin while anything is free.

    Raises StorageFull.
    """
    check_room_for(tenant, 1)
