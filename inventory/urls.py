"""The addresses of scanning and of stock."""

from django.urls import include, path
from django.views.generic import RedirectView

from inventory import label_views, scan_views
from inventory.bookings import CONSUME, INTAKE

urlpatterns = [
    path("", RedirectView.as_view(url="/receive/"), name="home"),
    path("receive/", scan_views.scan, {"event_type": INTAKE}, name="receive"),
    path("consume/", scan_views.scan, {"event_type": CONSUME}, name="consume"),
    path("receive/frame", scan_views.frame, {"event_type": INTAKE}, name="receive-frame"),
    path("consume/frame", scan_views.frame, {"event_type": CONSUME}, name="consume-frame"),
    path("receive/undo", scan_views.undo, {"event_type": INTAKE}, name="receive-undo"),
    path("consume/undo", scan_views.undo, {"event_type": CONSUME}, name="consume-undo"),
    path("labels/", label_views.labels, name="labels"),
    path("stock/", include("inventory.stock_urls")),
]
