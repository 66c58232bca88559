"""Themes are files of properties; packs are folders that nothing leads out of."""

import base64
from fnmatch import fnmatchcase

import cv2
import numpy as np
import pytest

from studio.errors import BadInput, NotFound
from studio.overlays.packs import Packs
from studio.overlays.themes import BUILT_IN, Theme, Themes, read_css, write_css

DUSK = {
    "title": "黄昏",
    "colours": {"--card": "#23201b", "--ink": "#fffdf8"},
    "font": "song",
    "radius_px": 4,
    "motion": "calm",
    "logo": None,
}


def png(width=40, height=20):
    picture = np.zeros((height, width, 4), np.uint8)
    picture[:, :, 3] = 128
    return cv2.imencode(".png", picture)[1].tobytes()


def test_a_theme_is_kept_worn_handed_out_taken_in_and_dropped(api, app, studio):
    assert studio.state.get("theme")["name"] == BUILT_IN
    assert api("PUT", "/themes/dusk", DUSK).status_code == 200
    assert studio.state.get("theme")["name"] == BUILT_IN  # kept is not worn
    assert api("POST", "/themes/dusk/wear").json["on_air"] == "dusk"
    worn = studio.state.get("theme")
    assert worn["properties"]["--card"] == "#23201b"
    assert worn["properties"]["--radius"] == "4px"
    assert "Songti" in worn["properties"]["--font"]
    api("PUT", "/themes/dusk", {**DUSK, "radius_px": 8})
    assert studio.state.get("theme")["properties"]["--radius"] == "8px"  # a worn one follows at once
    file = api("GET", "/themes/dusk/file")
    assert "attachment" in file.headers["Content-Disposition"]
    headers = {"Authorization": f"Bearer {studio.tokens.of('host')}", "Content-Type": "text/css"}
    taken = app.test_client().post("/api/v1/themes/copy/file", data=file.data, headers=headers)
    assert {theme["name"] for theme in taken.json["themes"]} == {BUILT_IN, "dusk", "copy"}
    assert api("DELETE", "/themes/dusk").json["on_air"] == BUILT_IN
    assert studio.state.get("theme")["properties"] == {}
    assert api("DELETE", f"/themes/{BUILT_IN}").status_code == 404
    assert api("PUT", f"/themes/{BUILT_IN}", DUSK).status_code == 422
    assert api("PUT", "/themes/dusk", DUSK, role="moderator").status_code == 403


def test_what_is_no_theme_is_refused(api):
    for change in (
        {"colours": {"--card": "red"}},
        {"colours": {"--card": "#fff;}body{display:none"}},
        {"colours": {"--evil": "#ffffff"}},
        {"radius_px": 900},
        {"font": "Comic"},
        {"motion": "flash"},
        {"title": "*/ body {}"},
        {"logo": "https://elsewhere.example/a.png"},
        {"logo": "data:image/svg+xml,<svg onload=alert(1)>"},
    ):
        assert api("PUT", "/themes/x", {**DUSK, **change}).status_code == 422, change


def test_names_lead_nowhere(api, tmp_path):
    for name in ("..", "a%2f..%2fb", "A", "x" * 41):
        assert api("PUT", f"/themes/{name}", DUSK).status_code in {404, 405, 422}
    with pytest.raises(BadInput):
        Themes(tmp_path / "themes").keep(Theme("../../evil", "x", {}))
    assert not list(tmp_path.rglob("*.css"))


def test_a_theme_file_says_the_same_again_and_nothing_else_is_read():
    logo = "data:image/png;base64," + base64.b64encode(png()).decode()
    theme = Theme("a", "黄昏", {"--leaf": "#123456"}, "kai", 0, "none", logo)
    assert read_css("a", write_css(theme)) == theme
    for text in ("", "body{}", write_css(theme) + "body{}", write_css(theme).replace("#123456", "url(//x)")):
        with pytest.raises(BadInput):
            read_css("a", text)


def test_a_logo_is_drawn_anew_small_and_transparent(app, studio):
    headers = {"Authorization": f"Bearer {studio.tokens.of('host')}", "Content-Type": "image/png"}
    client = app.test_client()
    answer = client.post("/api/v1/themes/logo", data=png(1200, 600) + b"<script>", headers=headers)
    data = base64.b64decode(answer.json["logo"].partition(",")[2])
    assert b"<script>" not in data
    assert cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED).shape == (180, 360, 4)
    assert client.post("/api/v1/themes/logo", data=b"<svg/>", headers=headers).status_code == 422


def make_pack(root, name, toml='title = "t"\ntopics = ["stock"]\n'):
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "pack.toml").write_text(toml, "utf-8")
    (folder / "index.html").write_text("<!doctype html>", "utf-8")
    return folder


def test_packs_are_listed_with_what_is_wrong_and_nothing_leads_out(tmp_path):
    (tmp_path / "secret.js").write_text("token", "utf-8")
    folder = make_pack(tmp_path / "packs", "good")
    (folder / "inner").symlink_to(tmp_path)
    (folder / "run.sh").write_text("x", "utf-8")
    make_pack(tmp_path / "packs", "nosy", 'title = "t"\ntopics = ["orders"]\n')
    make_pack(tmp_path / "packs", "broken", "title = ")
    make_pack(tmp_path / "packs", "odd", 'title = "t"\nentry = "../x.html"\n')
    packs = Packs([tmp_path / "packs"], frozenset({"stock"}))
    assert {pack.name: pack.problem is None for pack in packs.listed()} == {
        "broken": False,
        "good": True,
        "nosy": False,
        "odd": False,
    }
    assert packs.path_of("good", "index.html").name == "index.html"
    for inside in (
        "../../secret.js",
        "inner/secret.js",
        "/etc/passwd",
        "run.sh",
        "pack.toml",
        "none.js",
        "a\0.js",
        "x" * 5000,
    ):
        with pytest.raises(NotFound):
            packs.path_of("good", inside)
    with pytest.raises(NotFound):
        packs.find("../packs/good")
    with pytest.raises(BadInput):
        packs.find("nosy")


def test_what_is_wrong_with_a_pack_is_said_in_words_that_help(tmp_path):
    make_pack(tmp_path, "untitled", 'topics = ["stock"]\n')
    make_pack(tmp_path, "typo", 'title = "t"\ntopic = "stock"\n')
    make_pack(tmp_path, "My Pack")
    make_pack(tmp_path, "huge", "#" * 30_000)
    (make_pack(tmp_path, "bare") / "pack.toml").unlink()
    (make_pack(tmp_path, "empty") / "index.html").unlink()
    make_pack(tmp_path, ".git")
    make_pack(tmp_path, "__MACOSX")
    with (make_pack(tmp_path, "film") / "film.gif").open("wb") as film:
        film.truncate(30_000_000)
    packs = Packs([tmp_path], frozenset({"stock"}))
    assert {pack.name: pack.problem[0].partition("：")[2] for pack in packs.listed() if pack.problem} == {
        "My Pack": "文件夹的名字只能用小写字母、数字和 -，最多 40 个",
        "bare": "缺少 pack.toml",
        "empty": "缺少 index.html",
        "huge": "pack.toml 太大",
        "typo": "pack.toml 里不认识 topic",
        "untitled": "pack.toml 缺少 title",
    }
    assert packs.find("film").problem is None
    with pytest.raises(BadInput, match=r"film\.gif is larger than 20 MB"):
        packs.path_of("film", "film.gif")


@pytest.mark.parametrize(
    ("toml", "zh", "en"),
    [
        (
            "title = 3",
            'title 应是文字，放在英文引号 "" 里，现在是数字 3',
            "title in * text in quotes, it is the number 3",
        ),
        ("title = true", "title 应是文字，*现在是 true", "title in * it is true"),
        ("title = 2026-11-27", "title 应是文字，*现在是日期或时间 2026-11-27", "*, it is the date or time 2026-11-27"),
        ('title = ["a", "b"]', "title 应是文字，*现在是一组，共 2 项", "title in *, it is a list of 2"),
        ("[title]\nzh = 1", "title 应是文字，*现在是一张表", "title in *, it is a table"),
        ("title = 0x" + "f" * 9_000, "title 应是文字，*现在是一个很大的数字", "*, it is a very large number"),
        ('title = " "', 'title 不能空着，现在是 " "', 'title in pack.toml should not be empty, it is " "'),
        (
            f'title = "{"牛" * 61}"',
            "title 最多 60 个字，现在是 61 个字的 *",
            "*at most 60 characters, it is * with 61 *",
        ),
        (
            'topics = "stock"',
            'topics 应是一组文字，写成 ["…", "…"]，现在是 "stock"',
            '*a list of texts*, it is "stock"',
        ),
        ('topics = ["stock", 3]', "topics 的第 2 项应是文字，*现在是数字 3", "item 2 of topics in * the number 3"),
        (
            f"topics = {['stock'] * 31}",
            "topics 最多 30 项，现在是一组，共 31 项",
            "*at most 30 items, it is a list of 31",
        ),
        (
            'orientations = ["up"]',
            'orientations 的第 1 项应是 portrait（竖屏）或*是 "up"',
            "item 1 of orientations in *",
        ),
        (
            'entry = "../x.html"',
            'entry 应是文件夹里一个 .html 文件*现在是 "../x.html"',
            "entry in * the name of an .html *",
        ),
    ],
)
def test_a_value_of_a_wrong_kind_is_told_in_each_language(tmp_path, toml, zh, en):
    titled = toml if "title" in toml else f'title = "t"\n{toml}'
    make_pack(tmp_path, "odd", titled)
    (pack,) = Packs([tmp_path], frozenset({"stock"})).listed()
    assert fnmatchcase(pack.problem[0], f"自制画面 odd：pack.toml 的 {zh}".replace("[", "[[]"))
    assert fnmatchcase(pack.problem[1], f"pack odd: {en}".replace("[", "[[]"))


@pytest.mark.parametrize(
    ("toml", "zh", "en"),
    [
        (
            b"title = t",
            '第 1 行第 9 列写得不对：值读不懂，文字要放在英文引号 "" 里',
            "is wrong at line 1, column 9: Invalid value",
        ),
        ("\ntitle = “牛”".encode(), "第 2 行第 9 列写得不对：值读不懂，*", "is wrong at line 2, column 9: *"),
        (
            b'title = "t" x',
            "第 1 行第 13 列写得不对：一行只能写一项",
            "is wrong at line 1, column 13: Expected newline *",
        ),
        (
            b'title = "t\nx',
            "第 1 行第 11 列写得不对：*引号没有合上",
            "is wrong at line 1, column 11: Illegal character *",
        ),
        (b'title = "t', "末尾写得不对：引号没有合上", "is wrong at its end: Unterminated string"),
        (b'title = "t"\ntopics = ["a"', "末尾写得不对：方括号没有合上*", "is wrong at its end: Unclosed array"),
        (
            b'title = "t"\ntitle = "t"',
            "末尾写得不对：同一个名字写了两次",
            "is wrong at its end: Cannot overwrite a value",
        ),
        (
            '名字 = "t"'.encode(),
            "第 1 行第 1 列写得不对：名字只能用*",
            "is wrong at line 1, column 1: Invalid statement",
        ),
        (b"title = 07:99", "第 1 行第 10 列写得不对*", "is wrong at line 1, column 10: *"),
        ('title = "黄昏"'.encode("gbk"), "应存为 UTF-8", "should be saved as UTF-8"),
        (b"title = " + b"9" * 9_000, "里有读不了的值", "holds a value that cannot be read"),
        (b"title = " + b"[" * 9_000, "里有读不了的值", "holds a value that cannot be read"),
    ],
)
def test_what_is_no_toml_is_told_in_each_language(tmp_path, toml, zh, en):
    (make_pack(tmp_path, "odd") / "pack.toml").write_bytes(toml)
    (pack,) = Packs([tmp_path], frozenset({"stock"})).listed()
    assert fnmatchcase(pack.problem[0], f"自制画面 odd：pack.toml {zh}")
    assert fnmatchcase(pack.problem[1], f"pack odd: pack.toml {en}")


def test_a_pack_toml_saved_by_notepad_is_read(tmp_path):
    (make_pack(tmp_path, "notepad") / "pack.toml").write_bytes('\ufefftitle = "牛"\r\n'.encode())
    assert Packs([tmp_path], frozenset()).find("notepad").file.title == "牛"


def test_logo_of_a_theme_is_drawn_anew_whichever_way_it_comes(api, app, studio):
    headers = {"Authorization": f"Bearer {studio.tokens.of('host')}", "Content-Type": "text/css"}
    hidden = "data:image/png;base64," + base64.b64encode(png() + b"<script>").decode()
    kept = api("PUT", "/themes/x", {**DUSK, "logo": hidden}).json["themes"][1]["logo"]
    assert b"<script>" not in base64.b64decode(kept.partition(",")[2])
    assert api("PUT", "/themes/x", {**DUSK, "logo": kept}).json["themes"][1]["logo"] == kept
    bomb = bytearray(png())
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    for picture in (base64.b64encode(b"no picture").decode(), "AAAAA", base64.b64encode(bomb).decode()):
        logo = f"data:image/png;base64,{picture}"
        assert api("PUT", "/themes/x", {**DUSK, "logo": logo}).status_code == 422
        text = write_css(Theme("y", "y", {}, logo=logo))
        assert app.test_client().post("/api/v1/themes/y/file", data=text, headers=headers).status_code == 422


def test_files_of_a_pack_come_in_a_sandbox(app, studio):
    client = app.test_client()
    with client.get("/packs/chalkboard/board.js") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "sandbox allow-scripts;" in policy
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy  # default-src 'none' holds
    assert "default-src 'none'" in policy
    for path in (
        "chalkboard/pack.toml",
        "chalkboard/..%2f..%2fdemo/dairy.catalog.json",
        "chalkboard/%2e%2e/x",
        "nothing/index.html",
    ):
        assert client.get(f"/packs/{path}").status_code == 404
    token = studio.tokens.of("overlay")
    assert client.get(f"/overlay/pack?pack=chalkboard&token={token}").status_code == 200
    assert client.get("/overlay/pack?pack=chalkboard").status_code == 401
    assert client.get(f"/overlay/pack?pack=..&token={token}").status_code == 404
