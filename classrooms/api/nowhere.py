"""Every address of the API that there is not."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from classrooms.api.doors import Door, stranger
from classrooms.api.permissions import Everybody


@extend_schema(exclude=True)
class Nowhere(Door):
    authentication_classes = ()
    permission_classes = (Everybody,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """With problem details, whatever the verb; counted as of nobody, for nobody is asked for here."""
        self.keep_pace(stranger(request), self.now, known=False)
        raise Http404
