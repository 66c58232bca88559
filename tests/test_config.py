import pytest

from studio import config
from studio.errors import ConfigError


def test_flags_win_over_variables_over_file(tmp_path):
    (tmp_path / "studio.toml").write_text('port = 1000\nobs_port = 1001\nobs_host = "file"\n', "utf-8")
    environ = {"STUDIO_OBS_PORT": "2001", "STUDIO_OBS_HOST": "variable", "STUDIO_REQUIRE_REAL": "1"}
    settings = config.load({"data_dir": tmp_path, "obs_host": "flag", "locale": None}, environ)
    assert (settings.port, settings.obs_port, settings.obs_host, settings.locale) == (1000, 2001, "flag", "zh_CN")


def test_an_unknown_key_is_an_error_with_the_nearest_name(tmp_path):
    (tmp_path / "studio.toml").write_text("obs_pasword = 'x'\n", "utf-8")
    with pytest.raises(ConfigError, match="did you mean 'obs_password'") as caught:
        config.load({"data_dir": tmp_path}, {})
    assert "obs_password" in caught.value.zh


@pytest.mark.parametrize(
    "text", ["port = 'x'", "port = -1", "port = [", "locale = 'fr'", "shoutout_seconds = 0", "\xff\x00"]
)
def test_a_bad_file_is_a_readable_error(tmp_path, text):
    (tmp_path / "studio.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError):
        config.load({"data_dir": tmp_path}, {})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("port = 'x'", "应为整数"),
        ("port = 99999", "不能大于 65535"),
        ("shoutout_seconds = 0", "应大于 0"),
        ("obs_enabled = 'vielleicht'", "应为 true 或 false"),
        ("obs_host = 3", "应为引号里的文字"),
        ("locale = 'fr'", "zh_CN"),
    ],
)
def test_a_bad_value_is_explained_in_chinese_too(tmp_path, text, reason):
    (tmp_path / "studio.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load({"data_dir": tmp_path}, {})
    assert reason in caught.value.zh
    assert "Input" not in caught.value.zh


def test_save_keeps_what_the_host_wrote(tmp_path):
    (tmp_path / "studio.toml").write_text("# 我的端口\nport = 9000\n", "utf-8")
    config.save(tmp_path, {"obs_password": "密码\"'", "obs_port": 4456})
    settings = config.load({"data_dir": tmp_path}, {})
    assert (settings.port, settings.obs_port, settings.obs_password) == (9000, 4456, "密码\"'")
    assert "# 我的端口" in (tmp_path / "studio.toml").read_text("utf-8")


def test_allowed_hosts_of_a_variable_may_have_spaces(tmp_path):
    settings = config.load({"data_dir": tmp_path}, {"STUDIO_ALLOWED_HOSTS": "studio.lan, 10.0.0.5 ,"})
    assert settings.allowed_hosts == ("studio.lan", "10.0.0.5")
