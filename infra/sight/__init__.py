"""The model that sees things in pictures, made at set-up out of a published package; nothing of it is committed."""
