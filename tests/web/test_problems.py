"""One error shape for every route."""

import re

import pytest

FIELDS = {"type", "title", "status", "detail", "code"}


def assert_problem(answer, status):
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.content_type == "application/problem+json"
    assert answer.json.keys() >= FIELDS
    assert answer.json["status"] == status
    assert answer.headers["Cache-Control"] == "no-store"


def api_rules(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and "openapi" not in rule.rule and "/public/" not in rule.rule:
            yield from filled(rule)


def filled(rule):
    """(method, path) of a rule, something in its holes."""
    path = re.sub(r"<int:\w+>", "1", rule.rule).replace("<kind>", "srt")
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", path).replace("<path:", "<")
    for method in rule.methods - {"HEAD", "OPTIONS"}:
        yield method, re.sub(r"<\w+>", "X", path)


def rules_with_a_body(app):
    """Those whose OpenAPI description takes one."""
    described = {
        (method.upper(), re.sub(r"{\w+}", "", path))
        for path, methods in app.spec["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }
    for rule in app.url_map.iter_rules():
        bare = re.sub(r"<[\w:]+>", "", rule.rule)
        yield from (
            (method, path) for method, path in filled(rule) if (method, bare) in described and "/public/" not in bare
        )


def test_every_api_route_refuses_strangers_and_overlays_in_the_same_shape(app, studio):
    client = app.test_client()
    rules = list(api_rules(app))
    assert len(rules) > 20
    for method, path in rules:
        assert_problem(client.open(path, method=method), 401)
        assert_problem(client.open(path, method=method, headers={"Authorization": "Bearer nonsense"}), 401)
        overlay = {"Authorization": f"Bearer {studio.tokens.of('overlay')}"}
        assert_problem(client.open(path, method=method, headers=overlay), 403)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b'"x"'])
def test_every_route_with_a_body_refuses_garbage_in_the_same_shape(app, studio, body):
    client = app.test_client()
    headers = {"Authorization": f"Bearer {studio.tokens.of('host')}", "Idempotency-Key": "k"}
    taking = list(rules_with_a_body(app))
    assert len(taking) > 30
    for method, path in taking:
        answer = client.open(path, method=method, headers=headers, data=body)
        # 409: a form without a field that it knows, where none is needed, and nothing that could be done
        assert answer.status_code in {400, 404, 409, 422, 503}, (path, answer.get_data(as_text=True))
        assert_problem(answer, answer.status_code)


def test_unknown_addresses_and_methods_are_problems(app, studio):
    client = app.test_client()
    assert_problem(client.get("/api/v1/nothing"), 404)
    assert_problem(client.delete("/api/v1/shows"), 405)


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/v1/shows", {"GET", "HEAD", "OPTIONS", "POST"}),
        ("GET", "/api/v1/obs/scene", {"OPTIONS", "POST"}),
        ("PUT", "/", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_refused_method_is_told_with_those_that_are_allowed(app, method, path, allowed, accept):
    answer = app.test_client().open(path, method=method, headers={"Accept": accept})
    assert answer.status_code == 405
    assert set(answer.allow.as_set(preserve_casing=True)) == allowed
    assert len(answer.headers.getlist("Content-Type")) == 1


def test_too_large_bodies_are_refused(api):
    answer = api("POST", "/catalogue", data=b"x" * (6 * 1024 * 1024))
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_detail_follows_the_language(api):
    assert "没有" in api("GET", "/shows/99").json["detail"]
    assert api("GET", "/shows/99", headers={"Accept-Language": "en"}).json["detail"] == "no such show"


def test_people_get_a_page(app):
    answer = app.test_client().get("/nothing", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "没有这个地址" in answer.get_data(as_text=True)


def test_an_unexpected_error_is_logged_and_says_nothing_private(app, studio, api, caplog, dairy):
    studio.database.engine.dispose()
    broken = studio.database.reading
    object.__setattr__(studio.database, "reading", lambda: 1 / 0)
    try:
        answer = api("GET", "/shows")
    finally:
        object.__setattr__(studio.database, "reading", broken)
    assert_problem(answer, 500)
    assert "division" not in answer.get_data(as_text=True)
    assert "division" in caplog.text


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/shows/{}"), ("POST", "/orders/{}/pay"), ("POST", "/shoutouts/{}/skip")]
)
def test_a_number_that_no_database_holds_is_found_nowhere(api, method, path):
    for number in (2**31 - 1, 2**31, 2**63, 10**30):
        assert_problem(api(method, path.format(number)), 404)


@pytest.mark.parametrize("body", [rb'[{"sku": "\ud800", "name": "x"}]', rb'{"\ud800": 1}'])
def test_a_problem_may_quote_what_is_no_text(api, body):
    answer = api("POST", "/catalogue", data=body)
    assert_problem(answer, 422)
    assert answer.json["code"] == "bad-catalogue"


def test_a_range_beyond_the_end_is_refused_in_the_pages_language(app):
    answer = app.test_client().get("/assets/0/css/tokens.css", headers={"Range": "bytes=99999999-"})
    assert_problem(answer, 416)
    assert "内容" in answer.json["detail"]
