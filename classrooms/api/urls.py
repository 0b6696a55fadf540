from django.urls import path

from classrooms.api import downloads, materials, recordings, sessions

urlpatterns = [
    path("sessions/<str:public_id>/ice-servers/", sessions.IceServers.as_view(), name="api-ice-servers"),
    path("sessions/<str:public_id>/materials/", materials.Materials.as_view(), name="api-materials"),
    path(
        "sessions/<str:public_id>/materials/<str:material>/",
        materials.MaterialDetail.as_view(),
        name="api-material",
    ),
    path(
        "sessions/<str:public_id>/recordings/<str:recording>/so-far/",
        recordings.SoFar.as_view(),
        name="api-so-far",
    ),
    path(
        "sessions/<str:public_id>/recordings/<str:recording>/downloads/",
        downloads.Downloads.as_view(),
        name="api-downloads",
    ),
    path(
        "sessions/<str:public_id>/recordings/<str:recording>/downloads/<str:kind>/",
        downloads.Download.as_view(),
        name="api-download",
    ),
]
