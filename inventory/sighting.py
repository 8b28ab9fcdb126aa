"""What the camera of one page has in view, and which label counts now. All of it travels in the page, signed.

A label counts after two frames 300 ms apart, or at once when both decoders read it. It counts once for as long as it
stays in view, and again only after frames have shown it gone for 3 seconds: a clock alone would count a label that
lies under a slow camera twice.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from hashlib import blake2s
from typing import Any, Self
from uuid import UUID, uuid4, uuid5

from django.core import signing

from inventory.bookings import EventType
from inventory.decoding.symbol import Gray, Symbol
from inventory.thumbnails import PixelBox, alike, box_of, thumbnail

hold_milliseconds_min = 300
gone_milliseconds_min = 3000
page_state_seconds_max = 30 * 60
labels_in_view_max = 12
# Two labels whose distances from the middle differ by less than this part of the frame's width are equally near.
equally_near_width_part = 0.08

_signer = signing.TimestampSigner(salt="inventory.sighting")


class BadPageState(Exception):
    """The page's state was edited, or is older than `page_state_seconds_max`."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One label that was in view lately. Times in milliseconds since the epoch; `gone` None: it is in view.

    `box` and `thumb` (hexadecimal): where it was read last and how that looked, once it was counted.
    """

    key: str
    first: int
    last: int
    gone: int | None = None
    counted: bool = False
    box: PixelBox | None = None
    thumb: str = ""

    def still_lies_in(self, gray: Gray) -> bool:
        """Whether it was counted and its place looks as it did, though nothing was read there."""
        if not self.counted or self.gone is not None or self.box is None:
            return False
        return alike(bytes.fromhex(self.thumb), thumbnail(gray, self.box))


@dataclass(frozen=True, slots=True)
class Scene:
    """What one page has in view at its station. `seed` makes the id of the next event.

    `bare`: when frames began to show no label at all, in milliseconds; 0 once the seed was renewed for that, None while
    a label is in view. `said`: the last words on the page.
    """

    station_id: str
    event_type: EventType
    seed: str
    sightings: tuple[Sighting, ...] = ()
    bare: int | None = None
    said: str = ""

    @classmethod
    def empty(cls, station_id: str, event_type: EventType) -> Self:
        return cls(station_id, event_type, uuid4().hex)

    @classmethod
    def unsigned(cls, text: str) -> Self:
        """The scene of a page's hidden input. Raises BadPageState."""
        try:
            value = _signer.unsign_object(text, max_age=page_state_seconds_max)
        except signing.BadSignature as error:
            raise BadPageState from error
        sightings = tuple(_sighting(*fields) for fields in value["sightings"])
        return cls(**{**value, "sightings": sightings})

    def signed(self) -> str:
        sightings = [astuple(sighting) for sighting in self.sightings]
        value = {
            "station_id": self.station_id, "event_type": self.event_type, "seed": self.seed,
            "sightings": sightings, "bare": self.bare, "said": self.said,
        }  # fmt: skip
        return _signer.sign_object(value)

    def event_id(self, payload: str) -> UUID:
        """The id that this payload's event has if it is booked now: the same until something was counted."""
        return uuid5(UUID(self.seed), payload)

    def of(self, payload: str) -> Sighting | None:
        return next((each for each in self.sightings if each.key == key_of(payload)), None)

    def counted(self, payload: str) -> Self:
        """The scene after this label was counted: it will not count again while in view, and the next id is new."""
        sightings = tuple(replace(s, counted=s.counted or s.key == key_of(payload)) for s in self.sightings)
        return replace(self, sightings=sightings, seed=uuid4().hex)

    def remembering(self, symbols: Sequence[Symbol], gray: Gray) -> Self:
        """The scene with the place and the looks of each counted label that this frame shows."""
        shown = {key_of(symbol.text): box_of(symbol) for symbol in symbols}
        sightings = (
            replace(s, box=shown[s.key], thumb=thumbnail(gray, shown[s.key]).hex())
            if s.counted and s.key in shown
            else s
            for s in self.sightings
        )
        return replace(self, sightings=tuple(sightings))

    def after(self, payloads: Sequence[str], gray: Gray, *, now: int) -> Self:
        """The scene after a frame that showed these payloads, at `now` milliseconds."""
        seen = {key_of(payload) for payload in payloads}
        seen |= {sighting.key for sighting in self.sightings if sighting.still_lies_in(gray)}
        kept = [_seen_again(s, now) if s.key in seen else _missing(s, now) for s in self.sightings]
        known = {sighting.key for sighting in kept}
        new = [Sighting(key, now, now) for key in dict.fromkeys(key_of(p) for p in payloads) if key not in known]
        recent = sorted((s for s in kept if not _long_gone(s, now)), key=lambda s: s.last)
        scene = replace(self, sightings=tuple((recent + new)[-labels_in_view_max:]))
        return replace(scene, bare=None) if seen else scene._bare(now)

    def saying(self, sentence: str) -> Self:
        return replace(self, said=sentence)

    def _bare(self, now: int) -> Self:
        """The scene without a label. A reply that was lost may have used the seed: the next carton gets a new one."""
        if self.bare == 0:
            return self
        since = self.bare or now
        if now - since < gone_milliseconds_min:
            return replace(self, bare=since)
        return replace(self, bare=0, seed=uuid4().hex)


def held_still(sighting: Sighting, symbol: Symbol) -> bool:
    """Whether this reading may be believed: two frames far enough apart, or both decoders."""
    return len(symbol.engines) > 1 or sighting.last - sighting.first >= hold_milliseconds_min


def central(symbols: Sequence[Symbol], *, width: int, height: int) -> Symbol | None:
    """The symbol at the middle of the frame; None when two with different texts are equally near to it."""

    def distance(symbol: Symbol) -> float:
        x, y = symbol.centre
        return float(((x - width / 2) ** 2 + (y - height / 2) ** 2) ** 0.5)

    nearest = min(symbols, key=distance)
    others = [symbol for symbol in symbols if symbol.text != nearest.text]
    if others and min(map(distance, others)) - distance(nearest) < equally_near_width_part * width:
        return None
    return nearest


def key_of(payload: str) -> str:
    """A short name for a payload, so that a frame full of long labels keeps the page's state small."""
    return blake2s(payload.encode(), digest_size=8).hexdigest()


def _sighting(key: str, first: int, last: int, gone: int | None, counted: bool, box: Any, thumb: str) -> Sighting:
    """A sighting as JSON brings it: tuples come back as lists."""
    return Sighting(key, first, last, gone, counted, tuple(box) if box else None, thumb)


def _seen_again(sighting: Sighting, now: int) -> Sighting:
    if _long_gone(sighting, now):
        return Sighting(sighting.key, now, now)
    return replace(sighting, last=now, gone=None)


def _missing(sighting: Sighting, now: int) -> Sighting:
    return sighting if sighting.gone is not None else replace(sighting, gone=now)


def _long_gone(sighting: Sighting, now: int) -> bool:
    return sighting.gone is not None and now - sighting.gone >= gone_milliseconds_min
