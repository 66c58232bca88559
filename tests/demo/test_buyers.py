from hypothesis import given
from hypothesis import strategies as st

from studio.demo.buyers import NEIGHBOURS, Neighbourhood

STOCK = st.dictionaries(st.sampled_from("ABC"), st.integers(0, 5))


@given(st.integers(), st.lists(STOCK, max_size=20))
def test_wish_never_exceeds_the_stock(seed, stocks):
    neighbours = Neighbourhood(seed)
    for available in stocks:
        wish = neighbours.next_wish("A", available)
        if wish is None:
            continue
        assert len({sku for sku, _ in wish.lines}) == len(wish.lines)
        assert all(1 <= quantity <= available[sku] for sku, quantity in wish.lines)


def test_nobody_wants_what_is_sold_out():
    assert Neighbourhood(1).next_wish("A", {"A": 0, "B": 0}) is None


def test_same_seed_is_the_same_evening():
    first, second = Neighbourhood(7), Neighbourhood(7)
    stock = {"A": 50, "B": 50}
    assert [first.next_wish("A", stock) for _ in range(30)] == [second.next_wish("A", stock) for _ in range(30)]


def test_every_neighbour_comes_before_one_comes_again():
    neighbours = Neighbourhood(3)
    buyers = [neighbours.next_wish("A", {"A": 9}).buyer for _ in NEIGHBOURS]
    assert sorted(buyers) == sorted(NEIGHBOURS)


def test_some_pay_later_and_few_change_their_mind():
    neighbours = Neighbourhood(115)
    wishes = [neighbours.next_wish("A", {"A": 9}) for _ in range(400)]
    later = [wish for wish in wishes if not wish.paid]
    assert 80 < len(later) < 160
    assert 0 < sum(wish.cancels for wish in later) < len(later) / 2
    assert not any(wish.cancels for wish in wishes if wish.paid)
