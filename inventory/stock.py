"""The SQL of the stock: `inventory_current` and the page's view over it."""

from typing import Any

from django.db import models


class StockManager(models.Manager[Any]):
    """What is on hand."""
