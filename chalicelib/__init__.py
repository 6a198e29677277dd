"""Packshot: keeps every product picture of a shop in one place and hands it only to whom it should."""

VERSION = "0.1.0"
