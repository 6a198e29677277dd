"""The picture function: bytes in, facts and pixels out.

Everything that parses foreign bytes lives here and nowhere else. The parent (`app`, `supervise`,
`download`) moves bytes and keeps time; the child (`worker`) reads them under limits. Nothing here knows the
product, holds a right or reads a table: one JSON message in, one out (`message.schema.json`).
"""
