"""What we believe of systems outside, tried on the real ones by hand. Nothing here is shipped or runs by itself."""
