"""What an item's number and a station's name may look like: the one grammar for labels, files, forms and the API.

The check of the table `items` says the same in SQL; a test compares the two.
"""

import re

item_id_characters_max = 64
station_characters_max = 64

item_id_pattern = rf"[A-Za-z0-9][A-Za-z0-9_./+#:-]{{0,{item_id_characters_max - 1}}}"
"""Without anchors, as Python, Postgres and ECMAScript all understand it."""
item_id_words = f"1 to {item_id_characters_max} letters, digits and - _ . / + # :, beginning with a letter or digit"

station_pattern = rf"[A-Za-z0-9]([A-Za-z0-9 _./:+#-]{{0,{station_characters_max - 2}}}[A-Za-z0-9_./:+#-])?"
"""Without anchors. No blank at either end: a name that cannot be told from another is none."""
station_words = (
    f"1 to {station_characters_max} letters, digits, blanks and - _ . / : + #, beginning with a letter or digit"
)


def is_item_id(text: str) -> bool:
    """Whether this can be an item's number as it stands."""
    return re.fullmatch(item_id_pattern, text) is not None


def is_station(text: str) -> bool:
    """Whether this can be a station's name as it stands."""
    return re.fullmatch(station_pattern, text) is not None
