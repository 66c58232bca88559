import pytest

from studio.catalogue_file import parse_catalogue
from studio.events import HighlightFound, PriceHeard, ProductMentioned, QuestionAnswered, SegmentHeard
from studio.transcribe.sentences import Sentence
from studio.transcribe.understanding import MAX_PROMPT_NAMES, Understanding

PRODUCTS = parse_catalogue(
    [
        {
            "sku": "ORA",
            "name": "赣南脐橙",
            "aliases": ["脐橙", "橙子"],
            "price_fen": 3990,
            "origin": "江西赣州信丰县",
            "unit": "5斤/箱",
        },
        {"sku": "TUN", "name": "荠菜馄饨", "aliases": ["馄饨"], "price_fen": 1880, "unit": "20只/袋"},
    ]
)


@pytest.fixture
def said():
    """say(text, …) → events of each sentence, one second apart."""
    understanding = Understanding(PRODUCTS)
    clock = [0.0]

    def say(*texts):
        events = []
        for text in texts:
            events += understanding.hear(Sentence(text, text, clock[0], clock[0] + 3), 0.9, None)
            clock[0] += 4
        return events

    return say


def products(events):
    return [event.product for event in events if isinstance(event, SegmentHeard)]


def kinds(events):
    return [event.kind for event in events if isinstance(event, HighlightFound)]


def test_announced_product_becomes_current_and_stays(said):
    assert products(said("大家好欢迎来到直播间", "接下来是赣南脐橙", "一箱五斤三十九块九", "皮薄汁多")) == [
        None,
        "ORA",
        "ORA",
        "ORA",
    ]


@pytest.mark.parametrize("aside", ["比馄饨还鲜", "跟刚才的馄饨一起下单", "可以配馄饨吃"])
def test_product_only_compared_changes_nothing(said, aside):
    assert products(said("接下来是赣南脐橙", aside, "汁水多")) == ["ORA", "ORA", "ORA"]


def test_sentence_about_another_product_has_its_topic_without_turning(said):
    assert products(said("接下来是赣南脐橙", "昨天下单的馄饨已经到自提点了", "汁水多")) == ["ORA", "TUN", "ORA"]


def test_announcement_and_name_may_be_two_sentences(said):
    assert products(said("先看赣南脐橙", "下一个产品也是老朋友了", "馄饨是今天早上现包的")) == ["ORA", "ORA", "TUN"]


def test_producer_takes_a_product_and_the_prompt_ends_with_it(said):
    understanding = Understanding(PRODUCTS)
    understanding.set_current("ORA")
    assert understanding.prompt().endswith("赣南脐橙")
    understanding.set_current("UNKNOWN")
    (segment,) = understanding.hear(Sentence("汁水多", "汁水多", 0, 1), 0.9, None)
    assert segment.product is None


def test_prompt_holds_at_most_twelve_names():
    many = parse_catalogue([{"sku": f"P{n}", "name": f"商品{n}", "price_fen": 1} for n in range(40)])
    assert Understanding(many).prompt().count("商品") <= MAX_PROMPT_NAMES


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("产地在江西，每一箱都是自己果园摘的", "fact"),
        ("都是江西信丰线的果子", "fact"),
        ("一箱五斤三十九块九", "price"),
        ("我现在切开给大家看一下", "demo"),
        ("老实说，这批个头小一些", "honest"),
        ("扫二维码可以看检测报告", "trace"),
    ],
)
def test_sentence_worth_keeping_is_a_highlight_of_its_kind(said, text, kind):
    assert kinds(said("接下来是赣南脐橙", text)) == ["intro", kind]


@pytest.mark.parametrize(
    "text",
    [
        "谢谢大家，我们下周再见",
        "下一期大家想看什么可以投票",
        "把直播间分享给邻居，都有三块钱的红包",
        "不好意思，我收回刚才那句话",
        "昨天下单的邻居可以来自提点拿了",
        "大家慢慢选",
    ],
)
def test_chatter_service_and_corrections_are_no_highlights(said, text):
    assert kinds(said("接下来是赣南脐橙", text)) == ["intro"]


def test_nothing_is_a_highlight_before_a_product_is_named(said):
    assert kinds(said("产地很近", "现场给大家看")) == []


def test_question_and_answer_are_paired_and_are_no_highlights(said):
    events = said("接下来是赣南脐橙", "李叔问，这个产地在哪里？", "产地是江西赣州信丰县")
    (pair,) = [event for event in events if isinstance(event, QuestionAnswered)]
    assert (pair.product, pair.question, pair.answer) == ("ORA", "这个产地在哪里？", "产地是江西赣州信丰县")
    assert kinds(events) == ["intro"]


def test_misheard_name_is_shown_right_and_kept_raw(said):
    segment, mention, *_ = said("接下来是干南其成")
    assert (segment.text, segment.raw_text) == ("接下来是赣南脐橙", "接下来是干南其成")
    assert isinstance(mention, ProductMentioned)
    assert mention.sku == "ORA"


def test_wrong_price_is_reported_as_said(said):
    events = said("接下来是赣南脐橙", "团购价二十九块九")
    (price,) = [event for event in events if isinstance(event, PriceHeard)]
    assert (price.price_fen, price.expected_fen) == (2990, 3990)


def test_new_catalogue_is_heard_from_then_on():
    understanding = Understanding(PRODUCTS)
    understanding.set_products(parse_catalogue([{"sku": "CHK", "name": "文昌鸡", "price_fen": 8800}]))
    events = understanding.hear(Sentence("先看文昌鸡", "先看文昌鸡", 0, 1), 0.9, None)
    assert [event.sku for event in events if isinstance(event, ProductMentioned)] == ["CHK"]
