import pytest

from studio.catalogue_file import parse_catalogue
from studio.events import CaptionPartial, ClaimHeard, EarStatus, SegmentHeard
from studio.transcribe.privacy import mask_said
from studio.transcribe.sentences import Sentence
from studio.transcribe.understanding import Understanding

SAID = [
    ("他电话是13812345678", "5678", "他电话是"),
    ("电话一三八一二三四五六七八记一下", "五六七八", "电话"),
    ("联系李阿姨，138 0013 8000", "0013", "联系李阿姨"),
    ("身份证310101199001011234", "19900101", "身份证"),
    ("王阿姨住3栋2单元", "3栋", "王阿姨"),
    ("身份证三一零一零一一九九零零一零一一二三四", "二三四", "身份证"),
    ("号码是零二幺，六二三四，五六七八", "六二三四", "号码是"),
    ("打一三八，零零，幺三，八零零零", "幺三", "打"),
    ("电话是13 8001 38000", "8001", "电话是"),
    ("老赵家五号楼三零二", "三零二", "家"),
]


@pytest.mark.parametrize(("text", "hidden", "kept"), SAID[:1] + SAID[3:])
def test_what_was_said_of_a_person_is_masked_everywhere(text, hidden, kept):
    understanding = Understanding(parse_catalogue([{"sku": "A", "name": "脐橙", "price_fen": 990}]))
    events = understanding.hear(Sentence(text, text, 0, 3), 0.9, None)
    (segment,) = [event for event in events if isinstance(event, SegmentHeard)]
    (claim,) = [event for event in events if isinstance(event, ClaimHeard)]
    assert (segment.muted, claim.kind) == (True, "privacy")
    shown = f"{segment.text}{segment.raw_text}{claim.text}{claim.term}"
    assert (hidden in shown, kept in shown) == (hidden == "5678", True)  # 138****5678


@pytest.mark.parametrize(("text", "hidden", "kept"), SAID[1:])
def test_figures_are_masked_however_they_were_written(text, hidden, kept):
    masked = mask_said(text)
    assert (hidden in masked, kept in masked) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        "950毫升15块9",
        "批次20261122",
        "三号楼的自提点改了",
        "保质期二十一天",
        "一千二百五十克",
        "一三五，二四六发货",
        "共一万三千八百斤",
    ],
)
def test_other_figures_stay(text):
    assert mask_said(text) == text


def test_a_number_still_being_said_is_masked_in_the_caption():
    understanding = Understanding(())
    assert "1234" not in understanding.caption("他电话是1381234")
    assert understanding.caption("一共一千二") == "一共一千二"


def test_no_caption_shows_the_sentence_and_the_record_is_masked(api, studio, dairy):
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "奶", "sku": dairy[0]["sku"]}]}).json
    started = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json["started_ms"]
    studio.bus.publish(EarStatus(state="listening", source="mic", model="base", session_ms=started))
    studio.bus.publish(CaptionPartial(text="他电话是", start=1.0))
    for event in Understanding(()).hear(Sentence(SAID[0][0], SAID[0][0], 1, 3), 0.9, None):
        studio.bus.publish(event)
    assert studio.state.get("caption")["text"] == ""
    (segment,) = api("GET", f"/shows/{show['id']}/transcript").json["segments"]
    assert segment["text"] == segment["raw_text"] == "他电话是138****5678"
    assert studio.state.get("claims")[0]["kind"] == "privacy"
