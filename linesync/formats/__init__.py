"""How dates and times are written where a page does not say: English, and the clock of the dock."""
