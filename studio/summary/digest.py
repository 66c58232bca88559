"""A show in short, by rules: of each product the sentences most worth keeping, and its answered questions.

This is what is shown without a language model, what one is given to work with, and what stays when it fails.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from studio.masking import mask_text

Found = Mapping[str, Sequence[Mapping[str, Any]]]
"""`best`: `{product, highlights}` as the topic `summary` has them; `qa`: of the show's transcript."""

MAX_PAIRS = 12
MAX_CHARACTERS = 12_000
"""Of what is sent; a small model's context holds it."""
_CALLED = re.compile(
    r"[\u4e00-\u9fff](?:阿姨|大姐|大妈|大叔|大哥|女士|先生|叔叔|奶奶|爷爷|老师|师傅|姐(?!妹)|哥(?!们))"
)

INSTRUCTION = (
    "你为社区团购的直播写小结，给没看直播的邻居看。只用下面给出的原话，不添加任何事实、数字和形容，"
    "不写“最”“第一”“治疗”“增强免疫力”这类话；缺点也要写。原话可能有听错的字，拿不准就不写。"
    '只输出一个 JSON：{"products": [{"sku": "…", "summary": "两三句话"}], '
    '"qa": [{"sku": "…或 null", "question": "通顺的问题", "answer": "通顺的回答"}]}'
)


def digest(found: Found, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The summary by rules, a product an entry in the order of the show; sku None: what belongs to none."""
    best = {entry["product"]: entry["highlights"] for entry in found["best"]}
    skus = dict.fromkeys((*best, *(row["product"] for row in found["qa"])))
    out: list[dict[str, Any]] = []
    for sku in skus:
        told = sorted(best.get(sku, ()), key=lambda row: row["start"])
        sentences = [{"seq": row["seq"], "kind": row["kind"], "text": row["text"]} for row in told]
        pairs = [
            {"seq": row["question_seq"], "question": row["question"], "answer": row["answer"]}
            for row in found["qa"]
            if row["product"] == sku and row["answer"]
        ][:MAX_PAIRS]
        if sentences or pairs:
            out.append({"sku": sku, "name": names.get(sku, sku) if sku else None, "sentences": sentences, "qa": pairs})
    return out


def sent_text(found: Found, names: Mapping[str, str]) -> str:
    """What a language model would be sent: no names of people, phone and identity numbers hidden, a limit."""
    askers = sorted({row["asker"] for row in found["qa"] if len(row.get("asker") or "") > 1}, key=len, reverse=True)
    lines: list[str] = []
    for entry in digest(found, names):
        lines.append(f"【{entry['name'] or '不分商品'}】 sku={entry['sku'] or 'null'}")
        lines += [f"- {row['text']}" for row in entry["sentences"]]
        lines += [f"- 问：{row['question']} 答：{row['answer']}" for row in entry["qa"]]
    text = "\n".join(lines)
    for asker in askers:
        text = text.replace(asker, "邻居")
    text = _CALLED.sub("邻居", mask_text(text))
    return text if len(text) <= MAX_CHARACTERS else text[: text.rfind("\n", 0, MAX_CHARACTERS)]
