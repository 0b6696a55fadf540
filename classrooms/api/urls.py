from django.urls import path

from classrooms.api import sessions

urlpatterns = [
    path("sessions/<str:public_id>/ice-servers/", sessions.IceServers.as_view(), name="api-ice-servers")
]
