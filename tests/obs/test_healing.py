"""Blank overlays: what is tried, in which order, and when it ends."""

import pytest

from studio.obs.healing import Healing, Page, Patience, Screen, address_of

URL = "http://127.0.0.1:8733/overlay/composite?token=abc&orientation=portrait"
SCREEN = Screen("画面", URL)
PATIENCE = Patience(sick_s=5, calm_s=60)


def page(url=URL, *, visible=True, heard_s=0.5, painted_s=0.5):
    return Page(address_of(url), visible, heard_s, painted_s)


def over(healing, seconds, pages=(), screens=(SCREEN,), since=0):
    """Every second's cures."""
    return [
        (second, cure) for second in range(since, since + seconds) for _, cure in healing.judge(screens, pages, second)
    ]


def test_blank_source_is_refreshed_once_swapped_once_then_told_and_left_alone():
    healing = Healing(PATIENCE)

    assert over(healing, 600) == [(5, "refresh"), (10, "swap"), (15, "tell")]
    assert healing.states == {"画面": "lost"}


def test_revived_source_needs_a_minute_of_calm_before_all_is_tried_again():
    healing = Healing(PATIENCE)
    assert over(healing, 8) == [(5, "refresh")]
    over(healing, 30, [page()], since=8)
    assert over(healing, 20, since=38) == [(43, "swap"), (48, "tell")]
    over(healing, 61, [page()], since=58)
    assert healing.states == {"画面": "alive"}
    assert over(healing, 6, since=119) == [(124, "refresh")]


@pytest.mark.parametrize(
    "pages",
    [
        [page(painted_s=6)],
        [page(heard_s=6)],
        [page(URL.replace("portrait", "landscape"))],
        [page(URL.replace("composite", "card"))],
    ],
)
def test_page_that_does_not_paint_or_is_another_does_not_count(pages):
    assert over(Healing(PATIENCE), 6, pages) == [(5, "refresh")]


@pytest.mark.parametrize(
    ("screen", "pages"),
    [
        (SCREEN, [page("http://other/overlay/composite?orientation=portrait&token=x")]),  # order and key do not matter
        (SCREEN, [page(visible=False, heard_s=900, painted_s=900)]),
        (Screen("画面", URL, showing=False), [page(heard_s=900, painted_s=900)]),
        (Screen("画面", URL, showing=False, resting=True), []),
    ],
)
def test_page_out_of_sight_is_not_disturbed(screen, pages):
    assert over(Healing(PATIENCE), 60, pages, [screen]) == []


def test_two_sources_of_one_address_need_two_pages():
    pair = (SCREEN, Screen("另一个", URL))

    assert over(Healing(PATIENCE), 60, [page(), page()], pair) == []
    assert over(Healing(PATIENCE), 6, [page()], pair) == [(5, "refresh"), (5, "refresh")]


def test_many_blank_sources_are_not_loaded_anew_all_together():
    dozen = [Screen(f"画面 {number}", f"{URL}&n={number}") for number in range(12)]

    refreshed = over(Healing(PATIENCE), 10, screens=dozen)

    assert refreshed == [(second, "refresh") for second in range(5, 10) for _ in range(2)]


def test_another_url_and_a_host_who_asks_begin_again():
    healing = Healing(PATIENCE)
    over(healing, 16)
    assert over(healing, 6, screens=[Screen("画面", URL + "&lang=en")], since=16) == [(21, "refresh")]
    healing.begin_again()
    assert over(healing, 6, screens=[Screen("画面", URL + "&lang=en")], since=22) == [(27, "refresh")]


def test_time_without_obs_counts_for_nobody_and_gives_no_new_tries():
    healing = Healing(PATIENCE)
    over(healing, 6)
    healing.pause()
    assert over(healing, 6, since=100) == [(105, "swap")]


def test_outdated_key_is_told_once():
    healing = Healing(PATIENCE)

    assert over(healing, 60, screens=[Screen("画面", URL, outdated=True)]) == [(0, "tell")]
    assert healing.states == {"画面": "outdated"}


@pytest.mark.parametrize("url", ["", "::::", "http://[", "about:blank"])
def test_no_address_is_no_error(url):
    assert address_of(url) != address_of(URL)
