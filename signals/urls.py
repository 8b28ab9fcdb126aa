"""The board's addresses, under /board/."""

from django.urls import path

from signals import views

app_name = "signals"
urlpatterns = [
    path("", views.board, name="board"),
    path("<uuid:signal_id>/", views.story, name="story"),
    path("<uuid:signal_id>/acknowledge", views.acknowledge, name="acknowledge"),
]
