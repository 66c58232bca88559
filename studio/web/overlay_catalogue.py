"""What overlays there are: their names for people, and the options of their addresses."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

PLATFORMS: Mapping[str, tuple[int, int, int, int]] = {
    "channels": (220, 150, 480, 40),
    "douyin": (260, 170, 480, 40),
    "kuaishou": (240, 160, 470, 40),
    "xiaohongshu": (230, 150, 450, 40),
}
"""Pixels that a phone's own buttons and comments cover in 9:16: top, right, bottom, left. Platforms move their buttons:
a starting point to be looked at on a phone."""


def entries() -> list[dict[str, str]]:
    """Every overlay: name, group, title, what it shows."""
    rows = (
        ("composite", "all", _("全部合一"), _("商品、字幕、播报、提问、投票、信任面板都在里面，互不遮挡")),
        ("card", "shop", _("商品卡"), _("正在讲的商品：价格、库存、产地批次、二维码")),
        ("stock", "shop", _("实时库存"), _("账本里还剩多少，断线时变灰")),
        ("shoutout", "shop", _("感谢播报"), _("付了款的订单，名字打码")),
        ("goal", "shop", _("小目标"), _("今天的目标到了几成，只数付了款的订单")),
        ("countdown", "shop", _("倒计时"), _("到真实的时间为止，结束不重来")),
        ("caption", "talk", _("字幕"), _("主播说的话，最多两行")),
        ("question", "talk", _("邻居提问"), _("正在回答的问题")),
        ("poll", "talk", _("投票"), _("邻居在选什么")),
        ("ticker", "talk", _("滚动提示"), _("你写的话和自提点，一条一条轮流出现")),
        ("trace", "trust", _("批次溯源"), _("这一批从哪来、有什么凭证，扫码看全部")),
        ("honesty", "trust", _("实话实说"), _("这一批的已知小毛病和主播的实话")),
        ("promises", "trust", _("承诺榜"), _("当场确认的承诺和它的期限")),
        ("miles", "trust", _("食物里程"), _("从产地到小区的直线距离")),
        ("temperature", "trust", _("冷链温度"), _("这一批路上的温度，缺了就写断链")),
        ("logo", "shop", _("店铺标志"), _("主题里上传的标志")),
    )
    return [{"name": name, "group": group, "title": title, "about": about} for name, group, title, about in rows]


def group_titles() -> dict[str, str]:
    """The groups of the gallery."""
    return {
        "all": _("一个就够"),
        "shop": _("卖货"),
        "talk": _("说话和互动"),
        "trust": _("信任"),
    }


def options() -> list[dict[str, str]]:
    """Every option of an overlay's address."""
    rows = (
        ("orientation", "portrait | landscape", _("竖屏 1080×1920，横屏 1920×1080")),
        (
            "safe",
            "220,150,480,40",
            _("上、右、下、左各留出多少像素，给平台自己的按钮和评论；剩下的不到 600×700 就不算"),
        ),
        ("background", "%23ff00ff", _("给不支持透明的软件：整块底色，在软件里抠掉（# 要写成 %23）")),
        ("lang", "zh-CN | en", _("画面上固定文字的语言")),
        ("motion", "none", _("不要动画；系统设置了“减弱动态效果”时也没有")),
        ("preview", "1", _("只是看看：不算在播，不占感谢播报")),
        ("pack", "chalkboard", _("哪个自制画面，只用在 /overlay/pack 里")),
        ("sample", "1", _("放示例内容，角上写着“示例”")),
    )
    return [{"name": name, "value": value, "about": about} for name, value, about in rows]


def platform_titles() -> list[dict[str, Any]]:
    """Presets of safe areas, the default first."""
    titles = {
        "channels": _("微信视频号"),
        "douyin": _("抖音"),
        "kuaishou": _("快手"),
        "xiaohongshu": _("小红书"),
    }
    return [{"name": name, "title": titles[name], "safe": ",".join(map(str, safe))} for name, safe in PLATFORMS.items()]


def address(token: str, name: str, orientation: str, **extra: str) -> str:
    """Where OBS finds an overlay."""
    return url_for("overlay_pages.overlay", name=name, token=token, orientation=orientation, **extra, _external=True)
