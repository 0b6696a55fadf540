"""What is said of figures on the pages of operators and admins."""

from __future__ import annotations

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from classrooms.storage import Stored


def storage_words(has: Stored) -> str:
    """“1.2 GB of 10.0 GB (12 %): recordings 1.0 GB, materials 100.0 MB, downloads 100.0 MB”."""
    words = {
        "used": filesizeformat(has.used),
        "recordings": filesizeformat(has.recordings),
        "materials": filesizeformat(has.materials),
        "downloads": filesizeformat(has.downloads),
    }
    if has.most is None:
        text = _("%(used)s: recordings %(recordings)s, materials %(materials)s, downloads %(downloads)s")
    else:
        words |= {"most": filesizeformat(has.most), "percent": str(has.used * 100 // max(1, has.most))}
        text = _(
            "%(used)s of %(most)s (%(percent)s %%): recordings %(recordings)s, materials %(materials)s, "
            "downloads %(downloads)s"
        )
    return (text % words).replace("\xa0", " ")
