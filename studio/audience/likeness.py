"""Whether two buyers ask the same: 这个奶能放几天 and 牛奶可以放几天啊, but not 能放冰箱吗.

A question is reduced to its core (Simplified, without the product's name, politeness and particles, common ways of
asking written one way); cores are compared by character and by toneless syllable, so that 放 typed as 方 still counts.
What turns a question into another one (a number, a negation, tomorrow instead of today) must agree.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from opencc import OpenCC
from rapidfuzz.distance import Indel

from studio.mandarin.readings import syllables

ALIKE = 0.86
"""Measured: tests/audience/test_likeness.py holds the table, the nearest true pair and the nearest false one."""

_SHORT = 3
_MIN_NAME = 2
_NUMERALS = str.maketrans("零一二两三四五六七八九", "01223456789")
_SAME_WORDS = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"可不可以|能不能|是不是可以|可以|能够|能否|可否|是否能", "能"),
        (r"有没有", "有"),
        (r"([\u4e00-\u9fff])[不没]\1", r"\1"),
        (r"多长时间|多少天|几天|几日|多少日|好久", "多久"),
        (r"多少钱|什么价格?|啥价格?|怎么卖|几块钱?|价格(?:是)?多少|价钱", "多少钱"),
        (r"什么时候|啥时候|几时|何时|哪天|多久能?(?=到|发|送)", "什么时候"),
        (r"怎样|咋样|怎么样|如何|咋", "怎么"),
        (r"啥", "什么"),
        (r"哪儿|哪块|什么地方", "哪里"),
        (r"保存|存放|储存", "放"),
        (r"保质期(?:是|有)?(?=多久)", "能放"),
        (r"宝宝|小朋友|孩子|小孩子|娃娃?", "小孩"),
        (r"老年人", "老人"),
        (r"寄到|配送到|送到", "送"),
        (r"包邮费?|免邮费?", "包邮"),
    )
)
_FILLERS = re.compile(
    r"请问|想问一?下?|问一?下|求问|麻烦|老板娘?|主播|店家|店主|卖家|亲亲?|家人们?|姐妹们?|大家|你们?家?|您|咱们?|我们?家?"
    r"|今天的|这[个款种样瓶盒袋箱包桶斤些边里]?|那[个款种样瓶盒袋箱包桶斤些]?|它|一下|到底|大概|大约|一般|的话"
    r"|[吗嘛呢啊呀吧哦噢哈啦哇喔哟的了都还就也是]"
)
_DENIALS = frozenset("不没无非别未免")
_CONTRASTS = (
    *(
        "今天",
        "明天",
        "后天",
        "早上",
        "上午",
        "下午",
        "晚上",
        "周末",
        "冷藏",
        "冷冻",
        "常温",
        "开封",
        "加热",
        "蒸",
        "煮",
        "炒",
        "烤",
    ),
    *(
        "老人",
        "小孩",
        "孕妇",
        "宠物",
        "猫",
        "狗",
        "微信",
        "支付宝",
        "现金",
        "自提",
        "送",
        "大",
        "小",
        "甜",
        "咸",
        "辣",
        "酸",
    ),
    *("吃", "喝", "钱", "重", "产", "退", "换", "冰箱"),
)


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A product as buyers name it, longest first; a tail of its name (牛奶 of 巴氏鲜牛奶) where no other has it."""

    sku: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is compared; sku None: it names no product."""

    core: str
    sku: str | None


def product_words(catalogue: Iterable[Mapping[str, Any]]) -> tuple[ProductWords, ...]:
    """The words of every product (each with sku, name, aliases), tails included."""
    named = {
        str(product["sku"]): {plain(str(word)) for word in (product["name"], *product["aliases"])}
        for product in catalogue
    }
    tails = {sku: {word[cut:] for word in words for cut in range(len(word))} for sku, words in named.items()}
    found: list[ProductWords] = []
    for sku, words in named.items():
        others: set[str] = set().union(*(those for other, those in tails.items() if other != sku))
        own = words | (tails[sku] - others)
        kept = sorted((word for word in own if len(word) >= _MIN_NAME), key=lambda word: (-len(word), word))
        found.append(ProductWords(sku, tuple(kept)))
    return tuple(found)


def read(text: str, sku: str | None, products: Sequence[ProductWords], on_air: str | None = None) -> Asked:
    """The question as it is compared.

    Args:
        text: as typed.
        sku: the product it was asked about, where the page knew it.
        products: to find the product that the text names.
        on_air: product on screen, which 这个 means.
    """
    bare = plain(text)
    named = next(
        ((product.sku, word) for word, product in _by_length(tuple(products)) if word in bare),
        None,
    )
    about = sku or (named[0] if named else None) or (on_air if re.search(r"这|它", bare) else None)
    if named:
        bare = bare.replace(named[1], "")
    else:
        heads = "".join({product.words[0][-1] for product in products if product.words})
        if heads:
            bare = re.sub(
                rf"(^|这[个款种样瓶盒袋箱包桶]?|那[个款种]?)[{re.escape(heads)}](?=[^{re.escape(heads)}])", r"\1", bare
            )
    return Asked(_core(bare), about)


def is_same(one: Asked, other: Asked) -> bool:
    """Whether both ask the same, of the same product or of one that only one of them names."""
    if one.sku and other.sku and one.sku != other.sku:
        return False
    return likeness(one.core, other.core) >= ALIKE


def likeness(one: str, other: str) -> float:
    """0..1 of two cores; 0 where a number, a denial or a contrast differs."""
    if one == other:
        return 1.0
    if min(len(one), len(other)) < _SHORT or _turns(one) != _turns(other):
        return 0.0
    by_character = Indel.normalized_similarity(one, other)
    return max(by_character, Indel.normalized_similarity(syllables(one), syllables(other)))


def plain(text: str) -> str:
    """Simplified, narrow, lower case, letters and digits only."""
    narrow = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in _converter().convert(narrow) if unicodedata.category(char)[0] in "LN")


def _core(bare: str) -> str:
    for pattern, word in _SAME_WORDS:
        bare = pattern.sub(word, bare)
    short = re.sub(r"(?:[不么]|没有?)$", "", _FILLERS.sub("", bare))
    if "多少钱" in short:  # 多少钱一瓶 and 一瓶多少钱
        short = short.replace("多少钱", "") + "多少钱"
    return (short or bare).translate(_NUMERALS)


@lru_cache(maxsize=4096)
def _turns(core: str) -> tuple[frozenset[str], tuple[str, ...], frozenset[str]]:
    contrasts = frozenset(word for word in _CONTRASTS if word in core)
    return contrasts, tuple(re.findall(r"\d+", core)), _DENIALS & frozenset(core)


@lru_cache(maxsize=8)
def _by_length(products: tuple[ProductWords, ...]) -> tuple[tuple[str, ProductWords], ...]:
    pairs = [(word, product) for product in products for word in product.words]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
