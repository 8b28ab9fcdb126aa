"""The addresses below /stock/: what is on hand, an item's past, exports."""

from django.urls import path, register_converter

from inventory import stock_views


class ItemId:
    """Any text that Postgres can hold: an adopted ledger may have items that no label of ours could name."""

    regex = r"(?s:[^\x00]+)"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ItemId, "item")

urlpatterns = [
    path("", stock_views.stock, name="stock"),
    path("stock.csv", stock_views.stock_csv, name="stock-csv"),
    path("events.csv", stock_views.events_csv, name="events-csv"),
    path("item/<item:item_id>/", stock_views.item, name="item"),
]
