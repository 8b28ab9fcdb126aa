"""The SQL of the stock: `inventory_current` and the page's view over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    pass


class StockManager(models.Manager["Stock"]):
    """What is on hand."""
