"""Embedded metadata of pictures, read by our own bounded readers.

`containers` finds the blocks in a file, `exif`, `iptc` and `xmp` read one block each, `merge` turns them
into the facts of the answer. Every length is checked and every count capped; nothing here decodes a pixel.
"""
