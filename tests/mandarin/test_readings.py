import json
from importlib import resources

from studio.mandarin.readings import readings, short_words, syllables


def test_readings_of_one_character_come_most_common_first():
    assert readings("重")[:2] == ("zhong", "chong")
    assert readings("A") == ("a",)


def test_text_is_read_character_by_character():
    assert syllables("鲜牛奶2盒") == ("xian", "niu", "nai", "2", "he")


def test_short_words_are_those_of_the_whole_dictionary():
    phrases = json.loads(resources.files("pypinyin").joinpath("phrases_dict.json").read_text("utf-8"))
    assert short_words() == {phrase for phrase in phrases if len(phrase) in (2, 3)}
