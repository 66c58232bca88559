"""The goods of one row: products that are written out, words that may mean one, and whose number is whose."""

import re
from dataclasses import dataclass, field, replace

from studio.shop.chain.extras import strip_marks
from studio.shop.chain.names import Meant, Names
from studio.shop.chain.paste import plain
from studio.shop.chain.tokens import Token

WANTS = re.compile(r"(?:我|家|再|还|追|不|别)*(?:要|来|买|订|拼|接龙|报名|加|接)+$")
_REFUSES = re.compile(r"(?:不|别|没)(?:想|用)?(?:要|买|订|来|拼|接)?$|除了?$|换掉?$|退掉?$")
WEIGHTS = frozenset(("斤", "公斤", "千克", "kg", "克", "g", "毫升", "ml", "升", "l"))
# words between a product and its number, or behind both, that change nothing
FILLERS = frozenset(
    (
        "要",
        "来",
        "买",
        "订",
        "拼",
        "我要",
        "再来",
        "再要",
        "再加",
        "还要",
        "的",
        "装",
        "谢谢",
        "辛苦",
        "辛苦了",
        "麻烦",
        "吧",
        "哈",
        "呀",
        "哦",
        "啦",
        "了",
        "接",
        "接龙",
        "合计",
        "共",
        "一共",
    )
)


@dataclass(slots=True)
class Draft:
    meant: Meant
    written: str
    first: int
    last: int
    quantity: Token | None = None
    issues: list[str] = field(default_factory=list[str])


def find_goods(tokens: list[Token], names: Names) -> tuple[list[Draft], set[int]]:
    """The products of a row: those written out, and words beside a quantity that are near one."""
    drafts: list[Draft] = []
    used: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind == "product" and token.meant:
            draft = Draft(token.meant, token.text, token.first, token.last)
            _look_around(draft, tokens, index, used, first=not drafts)
            drafts.append(draft)
            used.add(token.first)
        elif token.kind == "word" and token.first not in used:
            draft = _near(tokens, index, names, begun=bool(drafts))
            if draft:
                drafts.append(draft)
                used.add(token.first)
    return drafts, used


def _near(tokens: list[Token], index: int, names: Names, *, begun: bool) -> Draft | None:
    """A word with a quantity beside it as the product it may mean, or as one that nobody knows."""
    token = tokens[index]
    behind = _beside(tokens, index, 1)
    before = _beside(tokens, index, -1)
    counted_behind = behind is not None and behind.kind == "quantity"
    # 2瓶鲜奶, but not the name in 鲜奶2瓶 杨姐
    counted_before = before is not None and before.kind == "quantity" and before.explicit and not _owned(tokens, before)
    if not (counted_behind or counted_before) or token.text in FILLERS:
        return None
    meant = names.guess(token.text)
    if meant is not None:
        first = token.first + max(0, len(token.text) - (meant.last - meant.first))
        before, written = token.text[: first - token.first], token.text[first - token.first :]
        issues = ["ambiguous"] if _REFUSES.search(before) else []
        return Draft(replace(meant, first=first, last=token.last), written, first, token.last, issues=issues)
    alone = not begun and not any(other.kind == "product" for other in tokens[:index])
    first_word = not any(other.kind in {"word", "room"} for other in tokens[:index])
    explicit = counted_before or (behind is not None and behind.explicit)
    if (alone and first_word) or not (explicit or (begun and counted_behind)):
        return None
    return Draft(Meant(None, token.first, token.last, 0.0), token.text, token.first, token.last)


def _owned(tokens: list[Token], quantity: Token) -> bool:
    """Whether the number stands behind a product, perhaps with another number between (鲜奶950毫升×2)."""
    index = tokens.index(quantity)
    while (previous := _beside(tokens, index, -1)) is not None and previous.kind == "quantity":
        index = tokens.index(previous)
    return previous is not None and previous.kind == "product"


def _look_around(draft: Draft, tokens: list[Token], index: int, used: set[int], *, first: bool) -> None:
    """What is right beside a name changes it: 鲜奶油 is no 鲜奶, 蓝莓酸奶 perhaps no 酸奶, 不要鲜奶 wants none."""
    behind = tokens[index + 1] if index + 1 < len(tokens) else None
    if behind and behind.kind == "word" and behind.text not in FILLERS and not _is_mark(behind.text):
        following = _beside(tokens, index + 1, 1)
        if len(behind.text) < 3 or (following and following.kind == "quantity" and following.first == behind.last):  # noqa: PLR2004
            draft.written += behind.text
            draft.last = behind.last
            draft.issues.append("ambiguous")
            used.add(behind.first)
    before = tokens[index - 1] if index else None
    named = any(token.kind in {"word", "room"} for token in tokens[: max(0, index - 1)])
    if before and before.kind == "word" and _REFUSES.search(before.text):
        draft.issues.append("ambiguous")
    if before and before.kind == "word" and before.first not in used and (named or not first):
        if not WANTS.search(before.text) and before.text not in FILLERS and not _is_mark(before.text):
            draft.written = before.text + draft.written
            draft.first = before.first
            draft.issues.append("ambiguous")
        used.add(before.first)


def assign_quantities(drafts: list[Draft], tokens: list[Token], used: set[int], names: Names) -> set[int]:
    """Give every product its number: the one behind it, else the one before it, else the one that 各 gives to all."""
    taken: set[int] = set()
    quantities = [token for token in tokens if token.kind == "quantity"]
    behind_last = [token for token in quantities if token.first >= drafts[-1].last]
    front_first = next(
        (token for token in tokens if token.last <= drafts[0].first and _touches(token, drafts[0], tokens)), None
    )
    leading = not behind_last and front_first is not None
    for index, draft in enumerate(drafts):
        begin = drafts[index - 1].last if index else 0
        end = drafts[index + 1].first if index + 1 < len(drafts) else len(tokens) and tokens[-1].last
        behind = [token for token in quantities if draft.last <= token.first < end and token.first not in taken]
        before = [token for token in quantities if begin <= token.first < draft.first and token.first not in taken]
        if not leading:
            specs = [token for token in behind if _is_spec(token, draft, names)]
            taken |= {token.first for token in specs}
            behind = [token for token in behind if token not in specs]
        touching = [token for token in before if _touches(token, draft, tokens)]
        choice = touching[-1:] if leading else behind[:1] or touching[-1:]
        if choice:
            draft.quantity = choice[0]
            taken.add(choice[0].first)
    each = [token for token in tokens if token.kind == "each"]
    for token in each:
        shared = next(
            (draft.quantity for draft in drafts if draft.quantity and draft.quantity.first >= token.last), None
        )
        for draft in drafts:
            if shared and draft.quantity is None and draft.last <= token.first:
                draft.quantity = shared
    return taken | {token.first for token in each} | used


def _touches(token: Token, draft: Draft, tokens: list[Token]) -> bool:
    if token.kind != "quantity" or not (token.explicit or token.last == draft.first):
        return False
    between = [other for other in tokens if token.last <= other.first < draft.first]
    return all((other.kind == "space" and not other.text.strip(" ")) or other.text == "的" for other in between)


def _is_spec(token: Token, draft: Draft, names: Names) -> bool:
    """鲜奶950毫升×2: a weight or volume that tells which goods, not how many."""
    if token.measure not in WEIGHTS or token.count is None or draft.meant.sku is None:
        return False
    offered = names.products[draft.meant.sku]
    same = f"{token.count}{token.measure}" in plain(offered.unit).lower().replace(" ", "")
    return token.measure not in offered.measure and (same or token.count >= 50)  # noqa: PLR2004 - nobody orders 50 克 of anything


def _is_mark(text: str) -> bool:
    return not strip_marks(text)


def _beside(tokens: list[Token], index: int, step: int) -> Token | None:
    """The next token in one direction, blanks apart."""
    index += step
    while 0 <= index < len(tokens):
        if tokens[index].kind != "space" or tokens[index].text.strip(" "):
            return tokens[index]
        index += step
    return None
