"""Whether a chat message asks something: a small rule that can be explained, not a model.

It asks when a clause ends in ？, 吗, 么 or 没, when it ends in 呢 and tells nothing (还没到呢), or when it holds a word
that asks (怎么, 多少, 几天, 能不能) outside the turns in which that word asks nothing (没什么, 怎么都行, 好几个).
"""

import re
import unicodedata

from studio.audience.likeness import plain
from studio.audience.texts import without_links

_MIN_LETTERS = 2
_ENDS = re.compile(r"(?:[吗嘛]|(?<![那这多要什怎])么|(?:[了好到发有])没有?)$")
_TELLS = re.compile(r"还[没有在]|正在?|在.+呢$|着呢$|才.*呢$|可.+呢$|[真好挺].+呢$|以为|说不定")
_ASKS_NOTHING = re.compile(
    r"[没不](?:什么|怎么|啥|多少|几[个天斤])|(?:什么|怎么|哪[里个种儿]|多少|啥|谁)[^？?]{0,3}[都也]|(?:什么|怎么|啥|这么|那么)的[好]?$"
    r"|好几|几乎|多少有[点些]|不怎么|没怎么|无论.+|不管.+|[差没]几[个天]|十几|几十"
)
_ASKS = re.compile(
    r"怎么|怎样|如何|为什么|为啥|什么|咋|啥时候?|多少|多久|多大|多重|多长|哪(?:里|儿|个|家|种|天|些|款)"
    r"|几(?:天|个|斤|点|号|块|枚|瓶|包|时|克|度|年|种|袋|箱|盒|钱|岁|月)|有没有|可不可以|能否|是否|([\u4e00-\u9fff])[不没]\1|请问"
)
_CLAUSE = re.compile(r"[，。！!；;、,.…~～\n]+")


def asks(text: str) -> bool:
    """Whether the message asks something."""
    words = unicodedata.normalize("NFKC", without_links(text))
    return any(_clause_asks(clause) for clause in _CLAUSE.split(words))


def _clause_asks(clause: str) -> bool:
    bare = plain(clause)
    if len(bare) < _MIN_LETTERS:
        return False
    if "?" in clause or _ENDS.search(bare):
        return True
    if bare.endswith("呢"):
        return not _TELLS.search(bare)
    return bool(_ASKS.search(_ASKS_NOTHING.sub("", bare)))
