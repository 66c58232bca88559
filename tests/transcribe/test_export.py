import csv
import io
import json
import re

import pytest

from studio.errors import NotFound
from studio.transcribe.export import EXPORT_KINDS, clock, export
from studio.transcribe.transcript import Transcript

TRANSCRIPT = Transcript(
    segments=[
        {"seq": 0, "start": 0.5, "end": 3.2504, "text": "鲜奶 <b>15.9</b> & 好\n喝", "product": "MILK-950"},
        {"seq": 1, "start": 3599.9996, "end": 3661.0, "text": '=HYPERLINK("x")', "product": None},
        {"seq": 2, "start": 3661.0, "end": 3662.0, "text": '他说"好"，--> 对', "product": None},
    ],
    highlights=[
        {"seq": 0, "product": "MILK-950", "kind": "price", "start": 0.5, "end": 3.25, "text": "# 15*9*", "note": None},
        {"seq": 1, "product": None, "kind": "mark", "start": 3600.0, "end": 3661.0, "text": "剪", "note": "=1+1 *剪*"},
    ],
    qa=[{"question_seq": 1, "question": "几天？", "answer": None, "question_start": 5.0}],
)
CUE = re.compile(r"(\d\d:\d\d:\d\d)([.,])(\d{3}) --> (\d\d:\d\d:\d\d)[.,](\d{3})")


def test_clock_rounds_and_carries():
    assert clock(3599.9996) == "01:00:00.000"
    assert clock(0.5, ",") == "00:00:00,500"


def test_srt_has_numbered_cues_with_commas():
    text, mime = export(TRANSCRIPT, "srt", "t")
    assert mime == "application/x-subrip"
    blocks = text.strip().split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == ["1", "2", "3"]
    assert all(len(block.split("\n")) == 3 for block in blocks)
    assert blocks[0].split("\n")[1] == "00:00:00,500 --> 00:00:03,250"


def test_vtt_is_headed_and_escaped():
    text, _ = export(TRANSCRIPT, "vtt", "t")
    assert text.startswith("WEBVTT\n\n")
    assert "鲜奶 &lt;b&gt;15.9&lt;/b&gt; &amp; 好 喝" in text
    assert len(CUE.findall(text)) == 3


def test_csv_opens_in_a_spreadsheet_and_runs_no_formula():
    text, _ = export(TRANSCRIPT, "csv", "t")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["seq", "start_s", "end_s", "product", "text", "mark"]
    assert rows[2][4] == '\'=HYPERLINK("x")'
    assert [row[5] for row in rows[1:]] == ["", "'=1+1 *剪*", ""]
    assert rows[3][4] == '他说"好"，--> 对'


def test_json_round_trips():
    text, _ = export(TRANSCRIPT, "json", "标题")
    assert json.loads(text)["segments"] == TRANSCRIPT.segments


def test_markdown_keeps_hostile_text_flat():
    text, _ = export(TRANSCRIPT, "md", "# <script>")
    assert text.startswith("# \\# \\<script\\>\n")
    assert "\\# 15\\*9\\*" in text
    assert "（=1+1 \\*剪\\*）" in text
    assert "未答" in text


def test_txt_has_a_line_a_segment():
    assert export(TRANSCRIPT, "txt", "t")[0].count("\n[") == 3


@pytest.mark.parametrize("kind", EXPORT_KINDS)
def test_an_empty_transcript_exports(kind):
    assert isinstance(export(Transcript(), kind, "空")[0], str)


def test_an_unknown_kind_is_refused():
    with pytest.raises(NotFound, match="srt"):
        export(TRANSCRIPT, "docx", "t")


def test_a_download_has_a_chinese_file_name(api):
    show = api("POST", "/shows", {"title": '周三/"鲜奶"\r\nX'}).json
    for kind in EXPORT_KINDS:
        answer = api("GET", f"/shows/{show['id']}/export/{kind}")
        assert answer.status_code == 200
        assert f'filename="show-{show["id"]}.{kind}"' in answer.headers["Content-Disposition"]
        assert "%E5%91%A8" in answer.headers["Content-Disposition"]
    assert api("GET", f"/shows/{show['id']}/export/exe").status_code == 404
    assert api("GET", "/shows/99/export/srt").status_code == 404
