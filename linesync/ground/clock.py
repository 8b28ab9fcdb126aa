"""How moments and spans of time are written for people at the dock, in the site's time zone."""

from datetime import datetime, timedelta

from django.utils import timezone


def clock(moment: datetime) -> str:
    """The time of the day at this site; with the date when it was not today."""
    local, today = timezone.localtime(moment), timezone.localdate()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%b} {local.day}, {local:%H:%M}"


def span_text(span: timedelta) -> str:
    """A span in its largest two units, for example “3 h 12 min”."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else "under 1 min"
