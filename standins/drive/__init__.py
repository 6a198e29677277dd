"""A Google Drive for one machine: the vendor's own client talks to it, and nothing of it is ever shipped."""
