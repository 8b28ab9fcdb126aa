"""How the pages write items, numbers, people and times."""

from datetime import datetime
from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_text
from django.utils.html import format_html
from django.utils.safestring import SafeString

from inventory.bookings import INTAKE
from linesync.ground import clock as clocks
from linesync.ground import numbers, people

register = template.Library()


@register.filter
def item_url(item_id: str) -> str:
    """The address of an item's page. Its slashes are escaped: a browser would resolve the `..` of `A/../B`."""
    return f"{reverse('stock')}item/{quote(item_id, safe='')}/"


@register.filter
def pieces(qty: int) -> str:
    """`−1,204`: thousands apart, a true minus sign."""
    return numbers.signed(qty)


@register.filter
def sign(event_type: str) -> str:
    """What stands before the pieces of an event: in or out."""
    return "+" if event_type == INTAKE else "−"


@register.filter
def by_whom(user_email: str | None) -> str:
    return people.by_whom(user_email)


@register.filter
def clock(moment: datetime) -> str:
    """The time of the day; with the date when it was not today, with the year when it was not this one."""
    local = timezone.localtime(moment)
    if local.year == timezone.localdate().year:
        return clocks.clock(moment)
    return f"{local:%b} {local.day}, {local.year}, {local:%H:%M}"


@register.simple_tag
def when(moment: datetime, letters: str = "", *, css: str = "") -> SafeString:
    """A `<time>`: for programs in ISO 8601, for people by Django's date `letters` or, without any, by the `clock`."""
    local = timezone.localtime(moment)
    told = date_text(local, letters) if letters else clock(moment)
    kind = format_html(' class="{}"', css) if css else ""
    return format_html('<time{} datetime="{}">{}</time>', kind, local.isoformat(), told)
