"""Rehearsals (彩排): a show played in a studio of its own that shares nothing with the real one but its code."""
