"""What `manage.py run` starts."""

import subprocess
import sys
import sysconfig

from django.conf import settings

from aula.processes import environment


def test_a_process_finds_aula_where_only_the_dependencies_are_installed() -> None:
    installed = sysconfig.get_paths()["purelib"]
    bare = (
        f"import sys; sys.path.append({installed!r}); import aula.settings, signaling"  # -S: no *.pth files
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", bare],
        cwd=settings.ROOT,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
