"""When the rundown follows the voice: the decision, with a clock of the test's; and the whole way through a studio."""

import gevent
import pytest

from studio.events import ItemTaken, ProductIntroduced, ShowChanged
from studio.shows.cueing import COOL_MS, DWELL_MS, HAND_MS, SUGGESTED_MS, Cueing
from tests.waiting import until

A, B, C = ({"id": number, "sku": sku, "title": sku, "scene": None} for number, sku in enumerate("ABC", start=1))


class Desk:
    """A show on air with three products, and the time."""

    def __init__(self, mode="auto"):
        rundown = [A, B, C]
        self.show = {"id": 7, "status": "live", "cue_mode": mode, "current_item": A["id"], "rundown": rundown}
        self.at = 1_000_000
        self.cue = None
        self.blocked = set()
        self.takes = []
        self.timers = []
        self.cueing = Cueing(
            show=lambda: self.show,
            obstacle=lambda sku: sku in self.blocked,
            take=self._voice,
            put=lambda cue: setattr(self, "cue", cue),
            now=lambda: self.at,
            after=self._after,
        )

    def say(self, sku):
        self.cueing.introduced(ProductIntroduced(seq=0, sku=sku, start=0.0, end=1.0, text=f"接下来是{sku}"))

    def hand(self, item):
        self._take(item, "hand")

    def pass_ms(self, ms):
        self.at += ms
        for timer in [timer for timer in self.timers if timer.due <= self.at]:
            self.timers.remove(timer)
            timer.call()

    @property
    def on_air(self):
        return self.show["current_item"]

    def _voice(self, _show_id, item_id):
        self.takes.append(item_id)
        self._take({1: A, 2: B, 3: C}[item_id], "voice")

    def _take(self, item, by):
        self.show["current_item"] = item["id"]
        self.cueing.taken(ItemTaken(show_id=7, item_id=item["id"], sku=item["sku"], scene=None, by=by))

    def _after(self, seconds, call):
        timer = Timer(self, self.at + seconds * 1000, call)
        self.timers.append(timer)
        return timer


class Timer:
    def __init__(self, desk, due, call):
        self.desk, self.due, self.call = desk, due, call

    def kill(self):
        self.desk.timers.remove(self)


def test_auto_takes_what_the_host_turns_to_at_once():
    desk = Desk()
    desk.say("B")
    assert (desk.takes, desk.cue) == ([2], None)


def test_confirm_suggests_and_takes_nothing_by_itself():
    desk = Desk("confirm")
    desk.say("B")
    assert (desk.cue.item_id, desk.cue.heard, desk.cue.auto_ms) == (2, "接下来是B", None)
    desk.pass_ms(SUGGESTED_MS)
    assert (desk.takes, desk.cue) == ([], None)


def test_off_and_a_show_that_is_not_live_do_nothing():
    for change in ({"cue_mode": "off"}, {"status": "draft"}):
        desk = Desk()
        desk.show |= change
        desk.say("B")
        assert (desk.takes, desk.cue) == ([], None)


def test_a_cue_does_not_flap():
    desk = Desk()
    desk.say("B")
    desk.pass_ms(1000)
    desk.say("C")
    assert (desk.on_air, desk.cue.item_id) == (2, 3)
    desk.pass_ms(1000)
    desk.say("B")  # back before the other came on air
    desk.pass_ms(DWELL_MS)
    assert (desk.takes, desk.cue) == ([2], None)


def test_what_came_too_early_follows_after_the_dwell():
    desk = Desk()
    desk.say("B")
    desk.pass_ms(1000)
    desk.say("C")
    desk.pass_ms(DWELL_MS - 1000)
    assert desk.takes == [2, 3]


def test_a_hand_wins_for_some_seconds():
    desk = Desk()
    desk.hand(C)
    desk.say("B")
    assert (desk.on_air, desk.cue.item_id) == (3, 2)
    desk.hand(A)  # and what waited is past
    desk.pass_ms(HAND_MS)
    assert (desk.on_air, desk.takes, desk.cue) == (1, [], None)


def test_what_a_hand_put_right_is_not_cued_again_for_a_while():
    desk = Desk()
    desk.say("B")
    desk.hand(A)
    desk.pass_ms(HAND_MS)
    desk.say("B")
    assert (desk.takes, desk.cue) == ([2], None)
    desk.pass_ms(COOL_MS)
    desk.say("B")
    assert desk.takes == [2, 2]


def test_a_dismissed_product_rests():
    desk = Desk("confirm")
    desk.say("B")
    desk.cueing.dismiss()
    desk.say("B")
    assert desk.cue is None
    desk.say("C")
    assert desk.cue.item_id == 3


def test_switching_the_mode_while_something_waits():
    desk = Desk()
    desk.hand(A)
    desk.say("B")
    desk.show["cue_mode"] = "confirm"
    desk.cueing.changed(ShowChanged(show_id=7))
    desk.pass_ms(HAND_MS)
    assert (desk.takes, desk.cue.item_id) == ([], 2)
    desk.show["cue_mode"] = "off"
    desk.cueing.changed(ShowChanged(show_id=7))
    assert desk.cue is None


def test_an_obstacle_is_told_once_and_nothing_is_suggested():
    desk = Desk("confirm")
    desk.blocked = {"B"}
    desk.say("B")
    assert desk.cue is None


def test_of_two_items_with_one_product_the_next_one_is_meant():
    desk = Desk()
    again = {**A, "id": 4}
    desk.show["rundown"] = [A, B, again, C]
    desk.show["current_item"] = B["id"]
    desk.cueing._take = lambda _show, item: desk.takes.append(item)
    desk.say("A")
    assert desk.takes == [4]


# --- through a studio ---------------------------------------------------------------------------


@pytest.fixture
def show(api, studio, dairy):
    """On air with the milk; the second item is the yoghurt, the third a product without label items."""
    bare = {"sku": "BARE", "name": "无标签奶酪", "aliases": [], "unit": "1块", "price_fen": 900, "stock": 3}
    assert api("POST", "/catalogue", [*dairy, bare]).status_code == 200
    rundown = [{"title": each["name"], "sku": each["sku"]} for each in (*dairy[:2], bare)]
    show = api("POST", "/shows", {"title": "t", "rundown": rundown}).json
    assert show["cue_mode"] == "confirm"
    return api("POST", f"/shows/{show['id']}/live", {"override": "测试"}).json


def said(sku):
    return ProductIntroduced(seq=1, sku=sku, start=1.0, end=2.0, text="接下来看这个")


def test_a_suggestion_is_a_topic_and_can_be_put_away(api, studio, show, dairy):
    second = show["rundown"][1]
    studio.bus.publish(said(dairy[1]["sku"]))
    cue = studio.state.get("cue")
    assert (cue["item_id"], cue["title"], cue["auto_ms"]) == (second["id"], second["title"], None)
    assert api("POST", "/cue/dismiss").status_code == 204
    assert studio.state.get("cue") is None
    assert api("POST", "/cue/dismiss", role="moderator").status_code == 403


def test_the_mode_is_the_shows_and_auto_goes_on_air(api, studio, show, dairy):
    path = f"/shows/{show['id']}/cue-mode"
    assert api("PUT", path, {"mode": "auto"}).json["cue_mode"] == "auto"
    assert studio.state.get("show")["cue_mode"] == "auto"
    assert api("PUT", path, {"mode": "always"}).status_code == 422
    gevent.idle()
    first, second, _ = show["rundown"]
    studio.bus.publish(said(dairy[1]["sku"]))
    until(lambda: studio.state.get("show")["current_item"] == second["id"])
    assert studio.state.get("product")["sku"] == dairy[1]["sku"]
    api("POST", f"/shows/{show['id']}/take", {"item_id": first["id"]})
    studio.bus.publish(said(dairy[1]["sku"]))
    assert studio.state.get("cue") is None, "a hand put it right: the voice rests"


def test_a_product_without_label_items_is_refused_with_a_notice(api, studio, show):
    studio.bus.publish(said("BARE"))
    assert studio.state.get("cue") is None
    assert "无标签奶酪" in studio.state.get("notice")["zh"]
