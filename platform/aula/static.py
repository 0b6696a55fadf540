"""Static files under hashed names, imports between our JavaScript modules included."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Private name of Django 5.2 (contrib/staticfiles/storage.py): which files, then pairs (pattern, template).
FILES, PATTERNS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


def is_dynamic(pattern: tuple[Any, ...]) -> bool:
    return r"import\(" in pattern[0]


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Rewrites `import … from`, not `import("…")`: our modules have that in the types of comments only.

    What is fetched when it is first wanted has a name in the room's import map.
    """

    max_post_process_passes = 20  # one for each step of the longest chain of imports
    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (FILES, tuple(each for each in PATTERNS if not is_dynamic(each)))
