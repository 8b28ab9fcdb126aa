"""From gray pixels to symbols. `inventory.symbols` is the front door; nothing outside this package knows an engine."""

import cv2

# The server's threads decode several handhelds' frames at once; a second pool inside one frame gets in the way.
cv2.setNumThreads(1)
