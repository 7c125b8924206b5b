"""The page on which a person connects an app, in the browser that they would use."""

from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Window
from tests.browser.site import FEW_SCOPES, NAME, READ_ONLY, TOKEN, Site
from tests.support.oauth import exchange, told

STATE = "s t&a=te"
CONTRAST = (Path(__file__).parent / "contrast.js").read_text("utf-8")
LEAST_CONTRAST = 4.5


def _press(window: Window, name: str) -> None:
    window.page.get_by_role("button", name=name).click()


def _require_back(window: Window, site: Site) -> dict[str, str]:
    """That the browser is at the app again; what it was told there."""
    window.page.wait_for_url(f"{site.callback.url}?**")
    expect(window.page.get_by_text("You are back.")).to_be_visible()
    return told(window.page.url)


def _require_code_that_is_good(window: Window, site: Site) -> None:
    answer = _require_back(window, site)
    assert answer.keys() == {"code", "state"}
    assert answer["state"] == STATE
    tokens = httpx2.post(
        f"{site.url}/oauth/v3/token",
        data=exchange(answer["code"], redirect_uri=site.callback.url),
        trust_env=False,
    )
    assert tokens.status_code == 200, tokens.text


def _require_still_here(window: Window, site: Site, visits: int) -> None:
    assert window.page.url.startswith(site.url)
    assert len(site.callback.visits) == visits


def test_the_page_says_who_asks_for_what(strict: Site, window: Window):
    window.page.goto(strict.link())
    page = window.page
    expect(page).to_have_title(f"Connect {NAME}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Connect {NAME} to a portal?")
    able = page.get_by_role("list", name="It will be able to")
    for words, scope in {
        "Know which portal it is connected to": "oauth",
        "Read contacts": "crm.objects.contacts.read",
        "Change contacts": "crm.objects.contacts.write",
    }.items():
        expect(able.get_by_role("listitem").filter(has_text=words).last).to_contain_text(scope)
    besides = page.get_by_role("list", name="And, as far as you may do so yourself")
    expect(besides).to_contain_text("Read and change tickets")
    expect(page.get_by_text(strict.callback.url, exact=True)).to_be_visible()
    expect(page.get_by_label("Your access token of the portal")).to_have_attribute("autocomplete", "off")
    assert window.complaints == []
    assert {url.split("/")[2] for url in window.requests if not url.startswith("data:")} == {
        strict.url.split("/")[2]
    }


def test_a_token_connects_the_app_and_the_browser_goes_back_with_a_code(strict: Site, window: Window):
    window.page.goto(strict.link())
    window.page.get_by_label("Your access token").fill(TOKEN)
    _press(window, "Connect")
    _require_code_that_is_good(window, strict)
    assert window.complaints == []
    assert not any(TOKEN in visit for visit in strict.callback.visits)


def test_the_keyboard_is_enough(strict: Site, window: Window):
    window.page.goto(strict.link())
    window.page.keyboard.press("Tab")
    expect(window.page.get_by_label("Your access token")).to_be_focused()
    window.page.keyboard.type(TOKEN)
    window.page.keyboard.press("Tab")
    expect(window.page.get_by_role("button", name="Connect")).to_be_focused()
    window.page.keyboard.press("Tab")
    expect(window.page.get_by_role("button", name="Cancel")).to_be_focused()
    window.page.keyboard.press("Shift+Tab")
    window.page.keyboard.press("Shift+Tab")
    window.page.keyboard.press("Enter")
    _require_code_that_is_good(window, strict)


def test_whoever_cancels_needs_no_token_and_gives_no_code(strict: Site, window: Window):
    window.page.goto(strict.link())
    _press(window, "Cancel")
    answer = _require_back(window, strict)
    assert (answer["error"], answer["state"]) == ("access_denied", STATE)
    assert "code" not in answer
    assert window.complaints == []


def test_a_wrong_token_is_refused_and_another_may_be_tried(strict: Site, window: Window):
    visits = len(strict.callback.visits)
    window.page.goto(strict.link())
    for token, problem in {
        "pat-na1-nobodys": "That is not a token which may connect apps",
        READ_ONLY: "This token is read-only",
        FEW_SCOPES: "It lacks: crm.objects.contacts.write",
    }.items():
        window.page.get_by_label("Your access token").fill(token)
        _press(window, "Connect")
        expect(window.page.get_by_role("alert")).to_contain_text(problem)
        expect(window.page.get_by_label("Your access token")).to_be_focused()
        expect(window.page.get_by_label("Your access token")).to_have_value("")
        _require_still_here(window, strict, visits)
    window.page.get_by_label("Your access token").fill(TOKEN)
    _press(window, "Connect")
    _require_code_that_is_good(window, strict)


def test_without_a_token_the_browser_itself_does_not_send_the_form(strict: Site, window: Window):
    window.page.goto(strict.link())
    _press(window, "Connect")
    _require_still_here(window, strict, len(strict.callback.visits))
    expect(window.page.get_by_label("Your access token")).to_be_focused()


def test_on_an_open_server_a_portal_is_chosen(open_site: Site, window: Window):
    window.page.goto(open_site.link())
    portal = window.page.get_by_label("Portal to connect")
    assert portal.locator("option").count() == 2
    portal.select_option("1000002")
    _press(window, "Connect")
    answer = _require_back(window, open_site)
    fields = exchange(answer["code"], redirect_uri=open_site.callback.url)
    tokens = httpx2.post(f"{open_site.url}/oauth/v3/token", data=fields, trust_env=False).json()
    assert tokens["hub_id"] == 1_000_002
    assert window.complaints == []


def test_scripts_are_not_needed(browser: Browser, strict: Site):
    with browser.new_context(java_script_enabled=False) as context:
        window = Window(context.new_page())
        window.page.goto(strict.link())
        window.page.get_by_label("Your access token").fill(TOKEN)
        _press(window, "Connect")
        _require_code_that_is_good(window, strict)


@pytest.mark.parametrize("name", ["scope", "state", "redirect_uri", "ticket"])
def test_a_form_that_was_changed_is_refused(strict: Site, window: Window, name: str):
    visits = len(strict.callback.visits)
    window.page.goto(strict.link())
    window.page.locator(f"input[name={name}]").evaluate("field => { field.value += ' tickets' }")
    window.page.get_by_label("Your access token").fill(TOKEN)
    _press(window, "Connect")
    expect(window.page.get_by_text("Nothing was connected")).to_be_visible()
    _require_still_here(window, strict, visits)


def test_a_form_without_the_cookie_of_its_browser_is_refused(strict: Site, window: Window):
    visits = len(strict.callback.visits)
    window.page.goto(strict.link())
    (cookie,) = window.page.context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/oauth")
    window.page.context.clear_cookies()
    window.page.get_by_label("Your access token").fill(TOKEN)
    _press(window, "Connect")
    expect(window.page.get_by_text("Nothing was connected")).to_be_visible()
    _require_still_here(window, strict, visits)
    window.page.get_by_label("Your access token").fill(TOKEN)
    _press(window, "Connect")
    _require_code_that_is_good(window, strict)


@pytest.mark.parametrize("changes", [{"client_id": "x"}, {"redirect_uri": "https://evil.example/"}])
def test_a_link_that_leads_to_a_stranger_ends_on_a_page(
    strict: Site, window: Window, changes: dict[str, str]
):
    window.page.goto(strict.link(**changes))
    expect(window.page.get_by_text("Nothing was connected")).to_be_visible()
    _require_still_here(window, strict, len(strict.callback.visits))


def test_no_script_and_no_foreign_style_runs_on_the_page(strict: Site, window: Window):
    window.page.goto(strict.link())
    window.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hasRun = true";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.hasRun = true'>");
            document.body.insertAdjacentHTML("beforeend", "<style>h1 { display: none }</style>");
        }"""
    )
    expect(window.page.get_by_role("heading", level=1)).to_be_visible()
    assert window.page.evaluate("window.hasRun") is None
    assert any("Content Security Policy" in complaint for complaint in window.complaints)


def test_the_form_is_sent_to_no_other_server(strict: Site, window: Window):
    visits = len(strict.callback.visits)
    window.page.goto(strict.link())
    elsewhere = strict.callback.origin.replace("127.0.0.1", "localhost")
    window.page.get_by_label("Your access token").fill(TOKEN)
    with window.page.expect_console_message(lambda message: "form-action" in message.text):
        window.page.locator("form").evaluate(
            "(form, url) => { form.action = url; form.requestSubmit(form.querySelector('button')) }",
            f"{elsewhere}/steal",
        )
    _require_still_here(window, strict, visits)


def test_no_page_shows_it_within_itself(strict: Site, window: Window):
    strict.callback.frame = strict.link().replace("&", "&amp;")
    window.page.goto(f"{strict.callback.origin}/frame")
    (frame,) = window.page.main_frame.child_frames
    assert frame.get_by_role("button", name="Connect").count() == 0
    assert any("frame" in complaint.lower() for complaint in window.complaints)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_fits_a_phone_and_a_desk_by_day_and_by_night(
    browser: Browser, strict: Site, width: int, scheme
):
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(strict.link())
        page.get_by_label("Your access token").fill("pat-na1-nobodys")
        page.get_by_role("button", name="Connect").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        too_faint = {text: ratio for text, ratio in page.evaluate(CONTRAST) if ratio < LEAST_CONTRAST}
        assert too_faint == {}
        for name in ("Connect", "Cancel"):
            box = page.get_by_role("button", name=name).bounding_box()
            assert box is not None
            assert box["height"] >= 44
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        is_dark = sum(map(int, background.removeprefix("rgb(").removesuffix(")").split(","))) < 384
        assert is_dark == (scheme == "dark")


def test_every_part_of_the_page_has_a_name(strict: Site, window: Window):
    window.page.goto(strict.link())
    page = window.page
    assert page.locator("html").get_attribute("lang") == "en"
    levels = [int(each.evaluate("h => h.tagName[1]")) for each in page.get_by_role("heading").all()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    field = page.get_by_label("Your access token of the portal")
    expect(field).to_have_accessible_description(
        "It shows that you may connect apps. It has to have every scope of the first list, and must not be read-only."
    )
    expect(page.get_by_role("main")).to_have_count(1)
