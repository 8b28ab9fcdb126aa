"""What a photo may weigh, of a label or of a slip: asked before anything of it is decoded."""

photo_bytes_max = 20 * 1024 * 1024
photo_pixels_max = 50_000_000
