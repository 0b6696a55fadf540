"""Files of recordings that no row knows: of a class that was deleted while it was recorded, or of work whose
process was killed. They go a day after they were written."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta

from django.conf import settings

from classrooms.models import RecordingTrack
from tenants.scope import every_tenant

logger = logging.getLogger(__name__)

AGE = timedelta(days=1)
OURS = re.compile(r"^[0-9a-f]{32}(-so-far\d*|-cut)?\.(webm|mkv|mp4|ogg)$")  # as live/egress.py has them named


def remove(now: datetime) -> None:
    """Of all tenants. Another's egresses in that folder, and packets that no file was made of, are let be."""
    old = now.timestamp() - AGE.total_seconds()
    for path in settings.RECORDINGS_DIR.glob("*/recordings/*"):
        if OURS.match(path.name) and path.stat().st_mtime < old and not is_known(path.name):
            logger.warning("No recording knows of %s: it is deleted", path.name)
            path.unlink(missing_ok=True)


def is_known(name: str) -> bool:
    with every_tenant():
        return bool(RecordingTrack.objects.filter(written__endswith=f"/{name}").exists())
