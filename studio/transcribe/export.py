"""A show's transcript in the files that people's tools open: SRT, WebVTT, plain text, Markdown, CSV and JSON."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import asdict

from studio.errors import NotFound
from studio.transcribe.summary import summarise
from studio.transcribe.transcript import Transcript
from studio.types import Seconds

# by outcome, else by state; what an operator dismissed was none
_PROMISE = {
    "draft": "未确认 not confirmed",
    "confirmed": "已确认 confirmed",
    "kept": "已兑现 kept",
    "late": "晚了才兑现 kept late",
    "broken": "未兑现 broken",
    "void": "买家不要了 let go by the buyer",
}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export(transcript: Transcript, kind: str, title: str) -> tuple[str, str]:
    """(text, MIME type) of one export.

    Raises:
        NotFound: an unknown kind.
    """
    try:
        write, mime = _WRITERS[kind]
    except KeyError:
        kinds = ", ".join(_WRITERS)
        raise NotFound(f"没有 {kind} 这种导出，可选 {kinds}", f"no export '{kind}', choose from {kinds}") from None
    return write(transcript, title), mime


def clock(at: Seconds, separator: str = ".") -> str:
    """HH:MM:SS and milliseconds: `.` before them in WebVTT, `,` in SRT."""
    total_ms = round(at * 1000)
    hours, rest = divmod(total_ms, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    seconds, millis = divmod(rest, 1000)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{separator}{millis:03d}"


def _srt(transcript: Transcript, _title: str) -> str:
    cues = [
        f"{number}\n{clock(row['start'], ',')} --> {clock(row['end'], ',')}\n{_one_line(row['text'])}\n"
        for number, row in enumerate(transcript.segments, start=1)
    ]
    return "\n".join(cues)


def _vtt(transcript: Transcript, _title: str) -> str:
    cues = [
        f"{row['seq']}\n{clock(row['start'])} --> {clock(row['end'])}\n{_escape_vtt(_one_line(row['text']))}\n"
        for row in transcript.segments
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def _txt(transcript: Transcript, title: str) -> str:
    lines = [f"[{clock(row['start'])[:8]}] {_one_line(row['text'])}" for row in transcript.segments]
    return "\n".join([title, "", *lines, ""])


def _markdown(transcript: Transcript, title: str) -> str:
    out = [f"# {_escape_md(title)}", "", "## 精选 Best of each product", ""]
    for product in summarise(transcript):
        out += [f"### {_escape_md(product['product'])}", ""]
        out += [
            f"{row['rank']}. {_escape_md(row['text'])}（{row['kind']} · {clock(row['start'])[:8]}）"
            for row in product["highlights"]
        ] or ["—"]
        out.append("")
    out += ["## 亮点 Highlights", ""]
    out += [
        f"- **{clock(row['start'])[:8]}** {row['kind']} · {row['product'] or '—'}：{_escape_md(row['text'])}"
        f"{'（' + _escape_md(row['note']) + '）' if row['note'] else ''}"
        for row in transcript.highlights
    ] or ["—"]
    out += ["", "## 问答 Q&A", ""]
    for row in transcript.qa:
        out += [
            f"**{clock(row['question_start'])[:8]} 问** {_escape_md(row['question'])}  ",
            f"**答** {_escape_md(row['answer'] or '未答')}",
            "",
        ]
    out += ["## 承诺 Promises", ""]
    out += [
        f"- **{clock(row['start'])[:8]}** {row['kind']} · {_PROMISE[row['outcome'] or row['state']]}："
        f"{_escape_md(row['text'])}"
        for row in transcript.promises
        if row["state"] != "dismissed"
    ] or ["—"]
    out += ["", "## 宣称 Claims", ""]
    out += [
        f"- **{clock(row['start'])[:8]}** {row['level']} · {row['kind']} · {_escape_md(row['term'])}"
        f"{' · 已收回 retracted' if row['retracted'] else ''}：{_escape_md(row['text'])}"
        for row in transcript.claims
    ] or ["—"]
    out += ["", "## 逐字稿 Transcript", ""]
    out += [f"- `{clock(row['start'])[:8]}` {_escape_md(row['text'])}" for row in transcript.segments] or ["—"]
    return "\n".join([*out, ""])


def _csv(transcript: Transcript, _title: str) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(["seq", "start_s", "end_s", "product", "text", "mark"])
    marks = {row["seq"]: row["note"] or "标记" for row in transcript.highlights if row["kind"] == "mark"}
    for row in transcript.segments:
        cells = [_safe_cell(row["text"]), _safe_cell(marks.get(row["seq"], ""))]
        writer.writerow([row["seq"], row["start"], row["end"], row["product"] or "", *cells])
    return "\ufeff" + buffer.getvalue()  # Excel takes the file for UTF-8 only with a byte order mark


def _json(transcript: Transcript, title: str) -> str:
    return json.dumps(
        {"title": title, **asdict(transcript), "summary": summarise(transcript)}, ensure_ascii=False, indent=1
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escape_vtt(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _escape_md(text: str) -> str:
    flat = _one_line(text)
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in flat)


def _safe_cell(text: str) -> str:
    """Text that a spreadsheet does not run as a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


_WRITERS: dict[str, tuple[Callable[[Transcript, str], str], str]] = {
    "srt": (_srt, "application/x-subrip"),
    "vtt": (_vtt, "text/vtt"),
    "txt": (_txt, "text/plain"),
    "md": (_markdown, "text/markdown"),
    "csv": (_csv, "text/csv"),
    "json": (_json, "application/json"),
}
EXPORT_KINDS: tuple[str, ...] = tuple(_WRITERS)
