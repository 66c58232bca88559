"""Tablets and phones that operate the studio: paired by a code, known by a secret, sent away by the host."""
