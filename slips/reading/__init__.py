"""The embedded reader: page pictures and text layers become a slip's lines, with no network and no model service."""

from .kinds import Box, Confidence, Line, Reading
from .reader import read_pages

__all__ = ["Box", "Confidence", "Line", "Reading", "read_pages"]
