"""How Mandarin is said and written: what speech and shop both need, without knowing either."""
