"""The addresses of the house: each app brings its own."""

from django.contrib import admin
from django.urls import include, path

from linesync.api import api
from linesync.doors import health

handler404 = "linesync.doors.problems.not_found"
handler500 = "linesync.doors.problems.broken"

# The sections stand in the header, where a handheld has them too, and the lists have the width.
admin.site.enable_nav_sidebar = False
admin.site.index_title = "Review"

urlpatterns = [
    path("healthz", health.process_alive),
    path("readyz", health.ready),
    path("api/", api.urls),
    path("admin/", admin.site.urls),
    path("board/", include("signals.urls")),
    path("", include("inventory.urls")),
    path("slips/", include("slips.urls")),
]
