"""What is said of figures on the pages of operators and admins."""

from __future__ import annotations

from django.utils.translation import gettext as _

from classrooms.sizes import size_words
from classrooms.storage import Stored


def storage_words(has: Stored) -> str:
    """“1.2 GB of 10 GB (12 %): recordings 1.0 GB, materials 100 MB, downloads 100 MB”."""
    words = {
        "used": size_words(has.used),
        "recordings": size_words(has.recordings),
        "materials": size_words(has.materials),
        "downloads": size_words(has.downloads),
    }
    if has.most is None:
        text = _("%(used)s: recordings %(recordings)s, materials %(materials)s, downloads %(downloads)s")
    else:
        words |= {"most": size_words(has.most), "percent": str(has.used * 100 // max(1, has.most))}
        text = _(
            "%(used)s of %(most)s (%(percent)s %%): recordings %(recordings)s, materials %(materials)s, "
            "downloads %(downloads)s"
        )
    return text % words
