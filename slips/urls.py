"""The addresses of slips, under /slips/."""

from django.urls import path

from slips import views
from slips.desk import line_views
from slips.paper import file_views

urlpatterns = [
    path("", views.slips, name="slips"),
    path("new", views.new, name="slip-new"),
    path("differences", views.differences, name="slip-differences"),
    path("differences.csv", file_views.differences_csv, name="slip-differences-csv"),
    path("<uuid:slip_id>/", views.slip, name="slip"),
    path("<uuid:slip_id>/progress", views.progress, name="slip-progress"),
    path("<uuid:slip_id>/head", line_views.head, name="slip-head"),
    path("<uuid:slip_id>/lines", line_views.add, name="slip-lines"),
    path("<uuid:slip_id>/lines/<uuid:line_id>", line_views.line, name="slip-line"),
    path("<uuid:slip_id>/receive", views.receive, name="slip-receive"),
    path("<uuid:slip_id>/discard", views.discard, name="slip-discard"),
    path("<uuid:slip_id>/pages/<int:number>", file_views.page, name="slip-page"),
    path("<uuid:slip_id>/files/<int:position>", file_views.file, name="slip-file"),
    path("<uuid:slip_id>/differences.csv", file_views.differences_csv, name="slip-own-differences-csv"),
]
