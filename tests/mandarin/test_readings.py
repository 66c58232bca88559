import json
from importlib import resources

import pypinyin
from hypothesis import given
from hypothesis import strategies as st

from studio.mandarin.readings import readings, short_words, syllables

CHARACTERS = [chr(code) for code in pypinyin.pinyin_dict.pinyin_dict]


def test_readings_of_one_character_come_most_common_first():
    assert readings("重")[:2] == ("zhong", "chong")
    assert readings("A") == ("a",)


def test_every_character_is_read_as_pypinyin_reads_it():
    assert len(CHARACTERS) > 40_000
    for char in CHARACTERS:
        [read] = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)
        assert readings(char) == tuple(read)


def test_text_is_read_character_by_character():
    assert syllables("鲜牛奶2盒") == ("xian", "niu", "nai", "2", "he")


SOME = st.one_of(st.sampled_from(CHARACTERS), st.characters(codec="utf-8", exclude_characters="\0"))


@given(st.lists(SOME, max_size=6))
def test_what_has_no_reading_stays_together(chars):
    read = [pypinyin.lazy_pinyin(char)[0] if char in CHARACTERS else None for char in chars]
    stays = "".join(chars[place] if syllable is None else "\0" for place, syllable in enumerate(read))
    said = syllables("".join(chars))
    assert len(said) == sum(one is not None for one in read) + len([run for run in stays.split("\0") if run])


def test_short_words_are_those_of_the_whole_dictionary():
    phrases = json.loads(resources.files("pypinyin").joinpath("phrases_dict.json").read_text("utf-8"))
    assert short_words() == {phrase for phrase in phrases if len(phrase) in (2, 3)}
