"""What obs-websocket's numbers mean to a host.

Numbers: https://github.com/obsproject/obs-websocket/blob/master/docs/generated/protocol.md, RequestStatus
and WebSocketCloseCode. OBS's own English comment stays in the details of the error.
"""

from studio.errors import NotFound, ObsRefused, ObsRequestFailed, ObsUnavailable, StudioError
from studio.events import ObsChanged

NOT_READY = 207
OUTPUT_RUNNING = 500
OUTPUT_NOT_RUNNING = 501
RESOURCE_NOT_FOUND = 600
RESOURCE_EXISTS = 601
INVALID_RESOURCE_STATE = 604

_AUTHENTICATION_FAILED = 4009
_MENU_ZH = "“工具 → WebSocket 服务器设置”"
_MENU_EN = "Tools → WebSocket Server Settings"

# endings that trying again does not mend: WebSocketCloseCode → what comes after "OBS (address)"
_CLOSED: dict[int | None, tuple[str, str]] = {
    _AUTHENTICATION_FAILED: (
        f"说密码不对：请照抄 {_MENU_ZH}→“显示连接信息”里的密码",
        f"says the password is wrong: copy the one under {_MENU_EN} → Show Connect Info",
    ),
    4010: (
        "的 WebSocket 协议版本不同：请升级到 OBS 28 或更新",
        "speaks another protocol version: update to OBS 28 or newer",
    ),
    4011: (
        "断开了本软件：有人在 WebSocket 服务器设置里点了“踢出”，稍后会再试",
        "disconnected this program: somebody kicked it in the WebSocket settings; it tries again later",
    ),
}
_PASSWORD_MISSING = (
    f"要求密码：请填入 {_MENU_ZH}→“显示连接信息”里的密码",
    f"asks for a password: enter the one under {_MENU_EN} → Show Connect Info",
)

_TEXTS: dict[int, tuple[str, str]] = {
    204: ("这个版本的 OBS 不支持此操作，请升级 OBS", "this version of OBS does not support that, please update OBS"),
    NOT_READY: ("OBS 正在启动或切换场景集合，请稍后再试", "OBS is starting or changing collections, try again shortly"),
    OUTPUT_RUNNING: ("已经在录制或推流了", "that output is already running"),
    OUTPUT_NOT_RUNNING: ("现在没有在录制或推流", "that output is not running"),
    502: ("录制已暂停，请先在 OBS 里继续录制", "the recording is paused, resume it in OBS first"),
    504: ("这项输出在 OBS 设置里没有启用", "that output is not enabled in the OBS settings"),
    505: ("请先关闭 OBS 的工作室模式", "leave OBS studio mode first"),
    506: ("请先在 OBS 里打开工作室模式，才能用预览", "switch on studio mode in OBS before using the preview"),
    RESOURCE_NOT_FOUND: ("OBS 里找不到这个名字", "OBS knows nothing by that name"),
    RESOURCE_EXISTS: ("OBS 里已经有同名的场景或来源", "OBS already has a scene or source of that name"),
    602: ("OBS 里这个名字是另一种东西，请检查名字", "in OBS that name is something of another kind"),
    603: ("OBS 资源不足，请关闭一些来源后再试", "OBS has too few resources, close some sources and try again"),
    INVALID_RESOURCE_STATE: (
        "OBS 里没有启用或不支持这一项（例如没有声音的来源、未设置的回放缓存）",
        "not enabled or not possible in OBS (a source without sound, a replay buffer not set up)",
    ),
    605: (
        "这个 OBS 没有这种来源（例如缺少“浏览器”来源），请安装官方版 OBS",
        "this OBS lacks that kind of source (for example the browser source); install the official OBS",
    ),
    700: ("OBS 没能创建，请看 OBS 的日志", "OBS could not create it, see the OBS log"),
    701: ("OBS 没能完成，请看 OBS 的日志", "OBS could not do it, see the OBS log"),
    702: ("OBS 处理时出错，请看 OBS 的日志", "OBS failed while doing it, see the OBS log"),
    703: ("OBS 现在不能这样做", "OBS cannot do that now"),
}


def request_failed(request: str, code: int, comment: str) -> ObsRequestFailed:
    """The error for a RequestStatus other than success; `details` keep request, code and comment."""
    zh, en = _TEXTS.get(code, ("OBS 拒绝了这个操作", "OBS refused the request"))
    said = comment or request
    return ObsRequestFailed(
        f"{zh}（{said}，代码 {code}）", f"{en} ({said}, code {code})", request=request, obs_code=code, comment=comment
    )


def missing(error: ObsRequestFailed, noun: tuple[str, str], name: str, known: tuple[str, ...]) -> StudioError:
    """The error to raise in place of `error`: for an unknown name, one that lists the known names."""
    if error.details["obs_code"] != RESOURCE_NOT_FOUND:
        return error
    return NotFound(
        f"OBS 里没有{noun[0]}“{name}”；现有：{'、'.join(known) or '（无）'}",
        f"OBS has no {noun[1]} '{name}'; it has: {', '.join(known) or '(none)'}",
        name=name,
        known=list(known),
    )


def closed(address: str, code: int | None, reason: str, *, password: bool = True) -> ObsUnavailable:
    """The error for a connection that ended.

    Args:
        address: host:port as the host knows it.
        code: WebSocketCloseCode, None when the connection broke without one.
        reason: OBS's English reason or the network's, kept in the details.
        password: whether one was sent.
    """
    if code not in _CLOSED:
        return ObsUnavailable(
            f"与 OBS（{address}）的连接断了，正在自动重连；如果 OBS 没有打开，请打开它",
            f"lost OBS ({address}), reconnecting by itself; open OBS if it is not running",
            close_code=code,
            reason=reason,
        )
    zh, en = _CLOSED[code] if password or code != _AUTHENTICATION_FAILED else _PASSWORD_MISSING
    return ObsRefused(f"OBS（{address}）{zh}", f"OBS ({address}) {en}", close_code=code, reason=reason)


def unreachable(address: str, reason: str) -> ObsUnavailable:
    """Nothing accepts connections there."""
    return ObsUnavailable(
        f"连不上 OBS（{address}）：请打开 OBS，并在{_MENU_ZH}里勾选“开启 WebSocket 服务器”",
        f"cannot reach OBS ({address}): open OBS and tick Enable WebSocket server under {_MENU_EN}",
        reason=reason,
    )


def not_connected(state: ObsChanged) -> ObsUnavailable:
    """A command came while there is no connection."""
    if state.state == "disabled":
        return ObsUnavailable(
            "没有启用 OBS 连接，请在设置里启用", "the OBS link is switched off, enable it in settings"
        )
    kind = ObsRefused if state.state == "refused" else ObsUnavailable
    return kind(state.message_zh or "正在连接 OBS，请稍候", state.message_en or "connecting to OBS, one moment")


def silent(address: str) -> ObsUnavailable:
    """Something accepts connections there but does not answer in time."""
    return ObsUnavailable(
        f"OBS（{address}）没有回应：如果 OBS 卡住了请重启它；也请核对端口号（默认 4455）",
        f"OBS ({address}) does not answer: restart OBS if it hangs, and check the port (4455 by default)",
        reason="timeout",
    )


def stranger(address: str, reason: str) -> ObsRefused:
    """Something answers there that is not obs-websocket 5."""
    return ObsRefused(
        f"{address} 上的程序不是 OBS 28 以上的 WebSocket 服务器：请核对{_MENU_ZH}里的端口号（默认 4455）",
        f"what answers at {address} is not the WebSocket server of OBS 28 or newer: "
        f"check the port under {_MENU_EN} (4455 by default)",
        reason=reason,
    )
