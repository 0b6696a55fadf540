"""The web process: pages and the classroom socket."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aula.settings")
pages = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402 (needs Django set up)

from aula.bodies import limit_bodies  # noqa: E402
from aula.broken import cut_broken_answers  # noqa: E402
from aula.eager import send_at_once  # noqa: E402
from aula.flow import wait_for_readers  # noqa: E402
from aula.leaving import wait_for  # noqa: E402
from signaling.database import finish  # noqa: E402
from signaling.routing import classroom  # noqa: E402

limit_bodies()
cut_broken_answers()
send_at_once()
wait_for_readers()
wait_for(finish)
application = ProtocolTypeRouter({"http": pages, "websocket": classroom})
