from importlib.resources import files

import pytest

from studio.doctor import examine
from studio.errors import RulesError
from studio.transcribe.claims import advice, find_claims
from studio.transcribe.cues import has_cue
from studio.transcribe.promises import find_promise
from studio.transcribe.rules import SUBJECTS, load_rules, use_host_rules
from studio.transcribe.rules_watch import RulesWatch
from studio.transcribe.understanding import Understanding
from tests.waiting import until


@pytest.fixture
def folder(tmp_path):
    """Rule files of a host; ours alone count again afterwards."""
    (tmp_path / "rules").mkdir()
    yield tmp_path / "rules"
    use_host_rules(None)


def write(folder, subject, text):
    (folder / f"{subject}.toml").write_text(text, "utf-8")


def kinds(text):
    return [(claim.kind, claim.level) for claim in find_claims(text)]


def test_what_a_host_adds_takes_away_and_rewords_counts(folder):
    write(
        folder,
        "claims",
        '[absolute]\nterms = ["镇店之宝"]\ndrop = ["顶级"]\nadvice_zh = "说事实"\n\n[price]\nlevel = "off"\n'
        '[health]\npatterns = ["喝出健康"]\n',
    )
    write(folder, "promises", '[gift]\npatterns = ["管饱"]\n')
    write(folder, "cues", '[fact]\nwords = ["古法压榨"]\n')
    write(folder, "trade_words", 'words = ["塘口"]\ndrop = ["现场"]\n')
    assert use_host_rules(folder) == ["claims", "cues", "promises", "trade_words"]
    assert kinds("这是我们的镇店之宝") == [("absolute", "red")]
    assert kinds("顶级牛肉") == []
    assert kinds("国家级工厂") == [("absolute", "red")]  # ours still counts
    assert kinds("原价五十九块九") == []
    assert kinds("每天一杯喝出健康") == [("health", "red")]
    assert advice("absolute")[0] == "说事实"
    assert find_promise("米饭管饱").kind == "gift"
    assert has_cue("fact", "用的是古法压榨")
    assert "塘口" in Understanding(()).prompt()
    assert "现场" not in Understanding(()).prompt()
    use_host_rules(None)
    assert kinds("顶级牛肉") == [("absolute", "red")]
    assert kinds("这是我们的镇店之宝") == []


@pytest.mark.parametrize(
    ("subject", "text", "place", "hint"),
    [
        ("claims", "[absolut]\nterms = []\n", (1, "absolut"), "absolute"),
        ("claims", '# 我的规则\n[absolute]\n\ntermss = ["x"]\n', (4, "absolute.termss"), "terms"),
        ("claims", '[absolute]\nlevel = "green"\n', (2, "absolute.level"), "red、amber、off"),
        ("claims", '[absolute]\nterms = "镇店之宝"\n', (2, "absolute.terms"), "列表"),
        ("claims", "[absolute]\nterms = [3]\n", (2, "absolute.terms"), "文字"),
        ("claims", '[health]\nterms = ["治"]\npatterns = [\n "好",\n "(?:坏",\n]\n', (5, "health.patterns"), "正则"),
        ("claims", '[health]\npatterns = [".*"]\n', (2, "health.patterns"), "什么都匹配"),
        ("claims", '[health]\nadvice_zh = ""\n', (2, "health.advice_zh"), "文字"),
        ("claims", '[scarcity]\nfew_units = "3"\n', (2, "scarcity.few_units"), "整数"),
        ("claims", '[exempt]\nlevel = "red"\n', (2, "exempt.level"), "不认识"),
        ("cues", '[fact]\ndrop = ["产的地"]\n', (2, "fact.drop"), "产地"),
        ("corrections", '[price]\nknown = "最低{knwon}"\n', (2, "price.known"), "{known}"),
        ("corrections", '[price]\nsay = "我收回{"\n', (2, "price.say"), "花括号"),
        ("trade_words", "word = []\n", (1, "word"), "words"),
    ],
)
def test_a_wrong_file_is_refused_at_its_line_and_changes_nothing(folder, subject, text, place, hint):
    write(folder, "lexicon", 'words = ["云屯"]\n')
    write(folder, subject, text)
    with pytest.raises(RulesError) as refused:
        use_host_rules(folder)
    facts = refused.value.details
    assert (facts["file"], facts["line"], facts["key"]) == (f"{subject}.toml", *place)
    assert f"第 {place[0]} 行" in refused.value.zh
    assert hint in refused.value.zh
    assert "云屯" not in load_rules("lexicon")["words"]


@pytest.mark.parametrize(("content", "line"), [(b"[absolute\n", 1), (b"\xff\xfe", None), (b"a = 1\nb = \n", 2)])
def test_a_file_that_is_no_toml_names_its_line(folder, content, line):
    (folder / "claims.toml").write_bytes(content)
    with pytest.raises(RulesError) as refused:
        use_host_rules(folder)
    assert refused.value.details.get("line") == line
    assert "claims.toml" in refused.value.zh


def test_doctor_tells_of_the_hosts_rules_and_of_their_faults(settings):
    def verdict():
        (found,) = [finding for finding in examine(settings) if finding.subject == "rules"]
        return found

    settings.rules_dir.mkdir(parents=True)
    assert verdict().verdict == "ok"
    write(settings.rules_dir, "claims", '[absolute]\nterms = ["镇店之宝"]\n')
    assert "claims" in verdict().zh
    write(settings.rules_dir, "claims", "[absolute]\nterm = []\n")
    assert (verdict().verdict, "第 2 行" in verdict().zh) == ("bad", True)


def test_a_running_studio_follows_the_files(folder):
    told = []
    watch = RulesWatch(folder, changed=lambda: told.append("changed"), wrong=lambda error: told.append(error.details))

    watch.start()
    write(folder, "claims", '[absolute]\nterms = ["镇店之宝"]\n')
    watch.step()
    assert told == [], "the editor may not have finished"
    watch.step()
    assert told == ["changed"]
    assert kinds("这是我们的镇店之宝") == [("absolute", "red")]
    write(folder, "claims", '[absolute]\n\ntermss = ["镇店之宝"]\n')
    watch.step()
    watch.step()
    assert len(told) == 2
    assert kinds("这是我们的镇店之宝") == [("absolute", "red")]  # the rules of before stay
    (folder / "claims.toml").unlink()
    until(lambda: len(told) == 3)  # it looks by itself, too
    watch.stop()
    assert kinds("这是我们的镇店之宝") == []
    assert [told[0], told[2]] == ["changed", "changed"]
    assert (told[1]["file"], told[1]["line"]) == ("claims.toml", 3)


def test_a_copy_of_our_files_is_a_right_file_and_changes_nothing(folder):
    before = {subject: load_rules(subject) for subject in SUBJECTS}
    for subject in SUBJECTS:
        write(folder, subject, files("studio.transcribe.rules").joinpath(f"{subject}.toml").read_text("utf-8"))
    assert use_host_rules(folder) == sorted(SUBJECTS)
    assert {subject: load_rules(subject) for subject in SUBJECTS} == before
