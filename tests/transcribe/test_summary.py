from studio import events
from studio.transcribe.summary import MOST_OF_A_KIND, MOST_OF_A_PRODUCT, summarise
from studio.transcribe.transcript import Transcript


def highlight(seq, kind, text, product="PEAR"):
    return {"seq": seq, "product": product, "kind": kind, "start": seq * 5.0, "end": seq * 5.0 + 4, "text": text}


def texts(heard):
    return {each["product"]: [best["text"] for best in each["highlights"]] for each in summarise(heard)}


def test_the_best_of_a_product_comes_first():
    heard = Transcript(
        highlights=[
            highlight(0, "intro", "先来看秋月梨"),
            highlight(1, "price", "一箱五斤三十九块八"),
            highlight(2, "fact", "树龄十五年，都是套袋的"),
            highlight(3, "honest", "果面有风吹的疤，不影响吃"),
            highlight(4, "intro", "再来是桂花糕", product="CAKE"),
        ]
    )
    assert texts(heard) == {
        "PEAR": ["树龄十五年，都是套袋的", "果面有风吹的疤，不影响吃", "一箱五斤三十九块八", "先来看秋月梨"],
        "CAKE": ["再来是桂花糕"],
    }
    (best, *_rest) = summarise(heard)[0]["highlights"]
    assert (best["rank"], best["seq"], 0 < best["score"] <= 1) == (1, 2, True)


def test_no_more_than_a_few_of_a_product_and_a_kind_and_nothing_twice():
    kinds = ("honest", "demo", "trace", "fact", "price")
    many = [highlight(n, kinds[n % 5], f"{chr(0x4E00 + n * 37) * 12}{n}") for n in range(40)]
    (pear,) = summarise(Transcript(highlights=many))
    assert len(pear["highlights"]) == MOST_OF_A_PRODUCT
    found = [best["kind"] for best in pear["highlights"]]
    assert max(found.count(kind) for kind in kinds) <= MOST_OF_A_KIND
    twice = [highlight(0, "fact", "树龄十五年，都是套袋的"), highlight(1, "fact", "树龄十五年都是套袋的哦")]
    assert len(texts(Transcript(highlights=twice))["PEAR"]) == 1


def test_a_sentence_that_was_hardly_understood_ranks_lower():
    same = [highlight(0, "fact", "早上五点摘的，中午到店"), highlight(1, "fact", "都是手工一颗一颗挑的果")]
    sure = [{"seq": 0, "confidence": 0.1}, {"seq": 1, "confidence": 0.9}]
    assert texts(Transcript(segments=sure, highlights=same))["PEAR"][0] == same[1]["text"]


def test_what_must_not_be_repeated_is_left_out():
    heard = Transcript(
        highlights=[highlight(n, "fact", text) for n, text in enumerate(("只剩三箱了", "一箱二十九块八", "皮薄汁多"))],
        claims=[{"seq": 0, "level": "red", "retracted": False}],
        prices=[{"seq": 1, "price_fen": 2980, "expected_fen": 3980}],
    )
    assert texts(heard) == {"PEAR": ["皮薄汁多"]}
    assert summarise(Transcript()) == []


def test_the_summary_is_a_topic_and_part_of_the_transcript_and_its_exports(api, studio, dairy):
    api("POST", "/catalogue", dairy)
    show = api("POST", "/shows", {"title": "t", "rundown": [{"title": "奶", "sku": dairy[0]["sku"]}]}).json
    started = api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json["started_ms"]
    studio.bus.publish(events.EarStatus(state="listening", source="mic", model="base", session_ms=started))
    found = {"product": dairy[0]["sku"], "kind": "fact", "text": "凌晨四点挤的奶", "start": 1.0, "end": 3.0}
    studio.bus.publish(events.HighlightFound(seq=0, **found))
    (topic,) = studio.state.get("summary")
    assert (topic["product"], topic["highlights"][0]["text"]) == (found["product"], found["text"])
    assert api("GET", f"/shows/{show['id']}/transcript").json["summary"] == [topic]
    assert "1. 凌晨四点挤的奶" in api("GET", f"/shows/{show['id']}/export/md").get_data(as_text=True)
    assert api("GET", f"/shows/{show['id']}/export/json").json["summary"] == [topic]
