"""How far back an item's page looks, and in what steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Window:
    """`days` back from now. `step` is the line's unit, `span` the bars', as `date_trunc` knows them; `mark` apart stand
    the labels of the time axis, in Django's date `mark_format`."""

    key: str
    label: str
    days: int
    step: str
    span: str
    mark: timedelta
    mark_format: str

    def since(self, now: datetime) -> datetime:
        """The start of the first whole span, in the site's time zone."""
        start = timezone.localtime(now) - timedelta(days=self.days)
        start = start.replace(minute=0, second=0, microsecond=0)
        if self.span == "hour":
            return start
        start = start.replace(hour=0)
        return start - timedelta(days=start.weekday()) if self.span == "week" else start

    @property
    def step_length(self) -> timedelta:
        return length[self.step]

    @property
    def span_length(self) -> timedelta:
        return length[self.span]


length = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
}
windows = {
    window.key: window
    for window in (
        Window("1d", "1 day", 1, "minute", "hour", timedelta(hours=6), "H:i"),
        Window("7d", "7 days", 7, "hour", "day", timedelta(days=1), "j M"),
        Window("30d", "30 days", 30, "hour", "day", timedelta(days=6), "j M"),
        Window("90d", "90 days", 90, "day", "day", timedelta(days=15), "j M"),
        Window("1y", "1 year", 365, "day", "week", timedelta(days=61), "M"),
    )
}
window_default = "30d"
