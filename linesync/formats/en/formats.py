"""Twenty-four hours, as on every other page; Django's own English has “8:56 p.m.”."""

DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i:s"
