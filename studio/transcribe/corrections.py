"""What the host can read out to put a claim right; he speaks Mandarin, whatever language the page has."""

from studio.transcribe.rules import load_rules

_FEN = 100


def correction(kind: str, level: str, known: int | None) -> str:
    """A sentence that takes the claim back and says what is true; "" for one that is borne out.

    Args:
        kind: category of the claim.
        level: red, amber, or "true".
        known: what the ledger (units) or real sales (fen) say, None when nothing is known.
    """
    if level == "true":
        return ""
    rules = load_rules("corrections")
    rule = rules.get(kind, rules["default"])
    if known is None or "known" not in rule:
        return rule["say"]
    return rule["known"].format(known=_yuan(known) if kind == "price" else known)


def _yuan(fen: int) -> str:
    yuan, rest = divmod(fen, _FEN)
    return f"{yuan}元" if not rest else f"{fen / _FEN:.2f}".rstrip("0") + "元"
