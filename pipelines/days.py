"""Days and hours of the site, whatever time zone the engine's session has."""

from pyspark.sql import Column
from pyspark.sql import functions as F

_MICROSECONDS_PER_HOUR = 3_600_000_000
_MICROSECONDS_PER_DAY = 24 * _MICROSECONDS_PER_HOUR


def day(moment: Column, time_zone: str) -> Column:
    """The site's calendar day of a moment."""
    local = _local(moment, time_zone)
    days = (local - F.pmod(local, F.lit(_MICROSECONDS_PER_DAY))) / _MICROSECONDS_PER_DAY
    return F.date_from_unix_date(days.cast("int"))


def hour(moment: Column, time_zone: str) -> Column:
    """The hour of the site's day, 0 to 23."""
    of_day = F.pmod(_local(moment, time_zone), F.lit(_MICROSECONDS_PER_DAY))
    return F.floor(of_day / _MICROSECONDS_PER_HOUR).cast("int")


def today(time_zone: str, as_of: str = "") -> Column:
    """The site's day of the moment `as_of` (ISO 8601 with its offset); without one, of when the engine computes."""
    return day(F.lit(as_of).cast("timestamp") if as_of else F.current_timestamp(), time_zone)


def monday(date: Column) -> Column:
    """The first day of the date's week."""
    return F.date_sub(date, F.weekday(date))


def _local(moment: Column, time_zone: str) -> Column:
    # Microseconds on the site's clock since 1970. Shifting a moment is all that from_utc_timestamp does; to_date
    # and hour would then read it in the session's time zone, which is not ours to choose on Databricks.
    return F.unix_micros(F.from_utc_timestamp(moment, F.lit(time_zone)))
