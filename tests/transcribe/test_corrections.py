"""What the host is given to read out must itself take the claim back, and must not need an alert of its own."""

import pytest

from studio.transcribe.claims import CATEGORIES, find_claims, takes_back
from studio.transcribe.corrections import correction
from studio.transcribe.promises import find_promise
from studio.transcribe.questions import find_question
from studio.transcribe.rules import load_rules


@pytest.mark.parametrize("known", [None, 1250])
@pytest.mark.parametrize("kind", [*CATEGORIES, "a category that somebody adds"])
def test_every_correction_is_heard_as_one_and_binds_to_nothing(kind, known):
    said = correction(kind, "red", known)
    assert takes_back(said)
    assert find_claims(said) == []
    assert find_promise(said) is None
    assert find_question(said) is None


def test_every_category_has_its_own():
    assert set(CATEGORIES) <= set(load_rules("corrections"))


@pytest.mark.parametrize(
    ("kind", "known", "figure"), [("scarcity", 36, "36份"), ("price", 1590, "15.9元"), ("price", 900, "9元")]
)
def test_what_is_known_is_said(kind, known, figure):
    assert figure in correction(kind, "red", known)


def test_what_is_true_needs_none():
    assert correction("scarcity", "true", 12) == ""
