"""Every category and every false positive of the domain rules, and whole shows of goods no rule was written for."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from studio.catalogue_file import load_catalogue, parse_catalogue
from studio.events import (
    ClaimHeard,
    HighlightFound,
    PriceHeard,
    PromiseHeard,
    QuestionAnswered,
    QuestionHeard,
    SegmentHeard,
)
from studio.transcribe.claims import CATEGORIES, find_claims, takes_back
from studio.transcribe.promises import find_promise
from studio.transcribe.questions import find_question
from studio.transcribe.sentences import Sentence
from studio.transcribe.understanding import Understanding
from tests.transcribe import talk
from tests.transcribe.other_shows import BETWEEN, SHOWS
from tests.transcribe.test_claims import FORBIDDEN, ORDINARY
from tests.transcribe.test_promises import BINDING

ROOT = Path(__file__).parents[2]
DEV = ("dairy", "kitchen", "nonstop")
WORTH = {"intro", "fact", "price", "demo", "honest", "trace"}
RED = {"absolute", "health", "special", "referral"}


def each(table):
    return [(kind, text) for kind, sentences in table.items() for text in sentences]


@pytest.mark.parametrize(("kind", "text"), each(talk.CLAIMS))
def test_a_claim_of_every_category_is_heard(kind, text):
    found = {claim.kind: claim.level for claim in find_claims(text)}
    assert found.get(kind) == ("red" if kind in RED else "amber")


def test_no_category_is_without_sentences():
    assert set(talk.CLAIMS) == set(CATEGORIES)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("这个价格全网找不道第二架", "这个价格全网找不到第二家"),
        ("整个行业里没有人坐得过我们", "整个行业里没有人做得过我们"),
        ("癌症病人吃这个醉好了", "癌症病人吃这个最好了"),
        ("喝了三个月，高血呀都好了", "喝了三个月，高血压都好了"),
        ("你拉来的人在拉人，你也有奖励", "你拉来的人再拉人，你也有奖励"),
    ],
)
def test_a_claim_is_heard_where_a_character_was_written_that_sounds_the_same(written, meant):
    assert {claim.kind for claim in find_claims(written)} == {claim.kind for claim in find_claims(meant)} != set()


@pytest.mark.parametrize(
    ("written", "kind"),
    [("碎了的我重新寄一罐给泥", "replace"), ("明天早上准时宋到", "delivery"), ("不甜包推，全额推款", "refund")],
)
def test_a_promise_is_heard_where_a_character_was_written_that_sounds_the_same(written, kind):
    assert getattr(find_promise(written), "kind", None) == kind


@pytest.mark.parametrize("text", ["都是椴木种的，不是菌包的", "优级的大米", "佳级的橙子", "我自己最爱吃"])
def test_what_sounds_alike_by_chance_is_neither(text):
    assert [claim for claim in find_claims(text) if claim.level == "red"] == []
    assert find_promise(text) is None


@pytest.mark.parametrize("text", talk.SILENT)
def test_what_only_looks_like_a_claim_stays_silent(text):
    assert find_claims(text) == []


@pytest.mark.parametrize("text", talk.CORRECTIONS)
def test_a_correction_is_understood(text):
    assert takes_back(text)


@pytest.mark.parametrize("text", talk.NO_CORRECTIONS)
def test_what_is_put_right_or_fetched_takes_no_claim_back(text):
    assert not takes_back(text)


@pytest.mark.parametrize(("kind", "text"), each(talk.PROMISES))
def test_a_promise_of_every_kind_is_heard(kind, text):
    assert find_promise(text).kind == kind


@pytest.mark.parametrize("text", [*talk.NO_PROMISES, *(text for text in talk.SILENT if text != "原价退")])
def test_what_binds_nobody_is_no_promise(text):
    assert find_promise(text) is None


@pytest.mark.parametrize(("text", "asker", "asked"), talk.QUESTIONS)
def test_a_buyers_question_is_heard_in_the_hosts_manner(text, asker, asked):
    question = find_question(text)
    assert asked in question.text
    assert asker in (None, question.asker)


@pytest.mark.parametrize("text", talk.NO_QUESTIONS)
def test_the_hosts_own_questions_are_no_buyers(text):
    assert find_question(text) is None


def hear(show):
    """(role, sku, text, {event class: events}) of every sentence, one second apart, an answer sooner."""
    understanding, at = Understanding(parse_catalogue(show["products"])), 0.0
    for role, sku, text in show["talk"]:
        found = {}
        for event in understanding.hear(Sentence(text, text, at, at + 3), 0.9, None):
            found.setdefault(type(event), []).append(event)
        yield role, sku, text, found
        at += 3.8 if role == "question" else 4.5


@pytest.mark.parametrize("name", SHOWS)
def test_a_show_of_other_goods_is_understood(name):
    wrong = []
    for role, sku, text, found in hear(SHOWS[name]):
        claims = found.get(ClaimHeard, [])
        checks = {
            "product": sku is None or found[SegmentHeard][0].product == sku,
            "highlight": bool(found.get(HighlightFound)) == (role in WORTH),
            "question": (QuestionHeard in found) == (role == "question"),
            "answer": (QuestionAnswered in found) == (role == "answer"),
            "promise": (PromiseHeard in found) == (role == "promise"),
            "price": [price.price_fen == price.expected_fen for price in found.get(PriceHeard, [])]
            == [True] * (role == "price"),
            "red": any(claim.level == "red" and not claim.retracted for claim in claims) == (role == "claim"),
            "amber": role != "care" or any(claim.level == "amber" for claim in claims),
            "retracted": any(claim.retracted for claim in claims) == (role == "correction"),
        }
        wrong += [(check, role, text) for check, right in checks.items() if not right]
    assert wrong == []


def test_chatter_between_two_sentences_about_a_product_is_kept_for_nobody():
    talk_between = [("intro", "NOOD", "先看手擀碱水面"), *(("chatter", None, text) for text in BETWEEN)]
    show = {"products": SHOWS["noodles"]["products"], "talk": talk_between}
    kept = [text for role, _sku, text, found in hear(show) if role == "chatter" and set(found) - {SegmentHeard}]
    assert kept == []


# --- the rules rest on no show of the developers' -----------------------------------------------


def rule_words():
    """Every literal of the rule files: words, and the runs of characters in patterns."""
    for subject in ("claims", "cues", "promises", "lexicon", "trade_words"):
        rules = tomllib.loads(files("studio.transcribe.rules").joinpath(f"{subject}.toml").read_text("utf-8"))
        tables = [rules, *(value for value in rules.values() if isinstance(value, dict))]
        for table in tables:
            for key, entries in table.items():
                if isinstance(entries, list):
                    for entry in entries:
                        literal = re.sub(r"\[[^\]]*\]", " ", entry) if key == "patterns" else entry
                        yield from ((subject, run) for run in re.findall(r"[\u3400-\u9fff]{2,}", literal))


def dev_catalogue_names():
    paths = [ROOT / "scenes/demo/dairy.catalog.json"]
    paths += [ROOT / f"tests/shows/{name}.catalog.json" for name in DEV[1:]]
    for product in (product for path in paths for product in load_catalogue(path)):
        yield from product.names
        yield from (part for part in re.split(r"[省市县区镇乡村]", product.origin or "") if len(part) > 1)


def test_no_rule_holds_a_name_of_the_developers_shows():
    words = {run for _subject, run in rule_words()}
    everyday = {"牛奶", "鲜奶", "酸奶", "大米", "鸡蛋", "豆腐", "面包", "番茄", "新米"}
    names = {name for name in dev_catalogue_names() if name not in everyday}
    assert {word for word in words for name in names if name in word} == set()


def test_no_rule_rests_on_sentences_of_the_developers_shows_alone():
    said = "\n".join(
        sentence["text"]
        for name in DEV
        for sentence in json.loads((ROOT / f"tests/shows/{name}.json").read_text("utf-8"))["sentences"]
    )
    elsewhere = "\n".join(
        [
            *(text for table in (talk.CLAIMS, talk.PROMISES) for texts in table.values() for text in texts),
            *(*talk.SILENT, *talk.CORRECTIONS, *talk.NO_PROMISES, *talk.NO_QUESTIONS, *ORDINARY, *FORBIDDEN, *BINDING),
            *(text for text, _asker, _asked in talk.QUESTIONS),
            *(text for show in SHOWS.values() for _role, _sku, text in show["talk"]),
            *talk.HABITS,
        ]
    )
    longest_common_word = 4
    alone = {
        (subject, run)
        for subject, run in rule_words()
        if len(run) >= longest_common_word and run in said and run not in elsewhere
    }
    assert alone == set()
