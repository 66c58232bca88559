"""How often OBS is tried while it is away."""

from studio.errors import ObsRefused, ObsUnavailable
from studio.obs.outage import Outage

OFF, REFUSED = ObsUnavailable("没有", "nobody"), ObsRefused("密码", "password")


def pauses(error, times):
    outage = Outage()
    found = []
    for _ in range(times):
        outage.fail(error)
        found.append(outage.pause_s())
    return found


def test_obs_that_is_away_is_tried_at_least_every_second():
    assert max(pauses(OFF, 50)) < 1


def test_refused_password_is_tried_ever_more_rarely_but_never_given_up():
    found = pauses(REFUSED, 40)

    assert 4 <= found[0] <= 6
    assert sum(found[:5]) > 90  # OBS notes every try in its log
    assert max(found) <= 72


def test_refusal_after_an_absence_is_news_and_one_after_another_is_none():
    outage = Outage()

    assert [outage.fail(error) for error in (OFF, OFF, REFUSED, REFUSED, OFF)] == [True, False, True, False, False]
    assert outage.pause_s() < 1  # OBS restarts, perhaps with another password
