"""The embedded reader: page pictures and text layers become a slip's lines, with no network and no model service."""

from slips.values import Box, Confidence, Line

from .kinds import Reading
from .reader import read_pages

__all__ = ["Box", "Confidence", "Line", "Reading", "read_pages"]
