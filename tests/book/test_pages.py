"""The pages in a real browser: from disk, without a network, desk and phone, light and dark."""

import os
import shutil
import statistics

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from book.contents import SITE

pytestmark = pytest.mark.browser

PAGES = sorted(SITE.rglob("*.html"))
CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)
VIEWS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


def names(path):
    return str(path.relative_to(SITE))


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell(
            "No Chromium here to look at the pages with: "
            "install it (Debian and Ubuntu: apt-get install chromium)."
        )
    arguments = ["--disable-gpu", "--disable-background-networking"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


# Where things stand does not depend on their colors: a dark phone would show nothing new.
@pytest.fixture(scope="module", params=["light desk", "dark desk", "light phone"])
def look(request):
    return request.param.split()


@pytest.fixture(scope="module")
def scheme(look):
    return look[0]


@pytest.fixture(scope="module")
def view(look):
    return look[1]


@pytest.fixture(scope="module")
def tab(chromium, scheme, view):
    context = chromium.new_context(
        viewport=VIEWS[view], color_scheme=scheme, reduced_motion="reduce", offline=True
    )
    yield context.new_page()
    context.close()


# What reaches beyond the screen, other than in a box of its own that scrolls.
BEYOND = """[document.documentElement, ...document.querySelectorAll('article *')]
    .filter(e => !e.closest('pre, .math-scroll, .table-wrapper, svg, .visually-hidden'))
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
    .map(e => e.outerHTML.slice(0, 200))"""


def failed(request):
    """Return whether a request found nothing; one that the next page cut off has not failed."""
    return request.failure != "net::ERR_ABORTED"


@pytest.fixture
def opened(tab):
    """Return a function that opens a page from disk; errors and requests that leave it fail."""
    complaints = []
    listeners = {
        "console": lambda message: (
            message.type in {"error", "warning"} and complaints.append(message.text)
        ),
        "pageerror": lambda error: complaints.append(str(error)),
        "request": lambda request: (
            request.url.startswith(("file:", "data:", "blob:")) or complaints.append(request.url)
        ),
        "requestfailed": lambda request: (
            failed(request) and complaints.append(f"{request.url} {request.failure}")
        ),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)

    def open_page(path, query=""):
        tab.goto(path.as_uri() + query)
        return tab

    yield open_page
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    assert complaints == []


def violations(tab, context=None, **options):
    """Return what axe finds, and make sure that it looked at all."""
    results = (
        Axe()
        .run(tab, context, {"preload": False, "resultTypes": ["violations"], **options})
        .response
    )
    assert results["passes"]
    return [
        (v["id"], node["target"], node["failureSummary"])
        for v in results["violations"]
        for node in v["nodes"]
    ]


# The inner parts of code, formulas and figures are thousands on a page and the same on all pages.
# With each taken as a whole, axe needs a third of the time.
WITHOUT_PARTS = """
    for (const code of document.querySelectorAll('.highlight pre')) code.textContent += '';
    for (const whole of document.querySelectorAll('math, .book-figure')) whole.replaceChildren();
"""


# A theme changes colors and nothing else, so dark pages are asked about their contrast alone.
# Contrast is by far the slowest rule. Formulas have the color of the text around them, and the many
# pieces of code a dozen colors: both are left out, and one chapter is asked about its code.


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_a_page_opens_from_disk_fits_and_is_accessible(opened, scheme, page):
    tab = opened(page)
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert tab.evaluate(BEYOND) == []
    if scheme == "light":
        tab.evaluate(WITHOUT_PARTS)
        assert violations(tab, rules={"color-contrast": {"enabled": False}}) == []


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_text_stands_out_from_its_ground(opened, view, page):
    if view == "desk":
        assert (
            violations(
                opened(page), {"exclude": [".highlight", "math"]}, runOnly=["color-contrast"]
            )
            == []
        )


def test_code_stands_out_from_its_ground(opened):
    tab = opened(SITE / "part-1" / "gradient_checking.html")
    assert violations(tab, {"include": [".highlight"]}, runOnly=["color-contrast"]) == []


def test_search_finds_the_chapter_without_a_server(opened):
    tab = opened(SITE / "search.html", "?q=forward_example")
    tab.wait_for_selector("#search-results li a", timeout=10_000)
    assert tab.locator("#search-results a[href*='part-1/backprop']").count() > 0


def test_formulas_use_the_font_of_the_build(opened):
    tab = opened(SITE / "part-1" / "backprop.html")
    tab.evaluate("document.fonts.ready")
    assert tab.evaluate("document.fonts.check('16px \"STIX Two Math\"', 'θ')")
    assert tab.evaluate(
        "[...document.fonts].some(font => font.family.includes('STIX') && font.status === 'loaded')"
    )


def test_a_figure_follows_the_theme(opened, scheme):
    tab = opened(SITE / "part-1" / "backprop.html")
    ink = """getComputedStyle(
        document.querySelector('svg.book-figure [style*="--figure-ink"]')).stroke"""
    background = "getComputedStyle(document.body).backgroundColor"
    brightness = [
        sum(map(int, tab.evaluate(color).strip("rgb()").split(","))) / 3
        for color in (ink, background)
    ]
    assert (brightness[0] > 128, brightness[1] > 128) == (
        (False, True) if scheme == "light" else (True, False)
    )


def test_a_solution_opens(opened, view):
    tab = opened(SITE / "part-1" / "backprop.html")
    solution = tab.locator("details.sd-dropdown").first
    assert solution.locator("pre").first.is_hidden()
    solution.locator("summary").click()
    assert solution.locator("pre").first.is_visible()


SEEN = """[...document.querySelector('.motion').querySelectorAll('[data-at]')]
    .filter(e => getComputedStyle(e).visibility === 'visible').map(e => Number(e.dataset.at))"""


def test_a_figure_that_moves_shows_one_frame_at_a_time(opened):
    tab = opened(SITE / "part-1" / "logistic_regression.html")
    slider = tab.locator(".motion input").first
    last = int(slider.get_attribute("max"))
    assert set(tab.evaluate(SEEN)) == {last}
    slider.fill("3")
    assert set(tab.evaluate(SEEN)) == {3}
    assert tab.locator(".motion output").first.text_content() == f"frame 3 of {last}"
    slider.press("ArrowRight")
    assert set(tab.evaluate(SEEN)) == {4}
    assert tab.locator(".motion button").first.is_hidden()  # for who asked for less motion


def test_a_figure_moves_when_asked_and_stands_when_asked(chromium):
    with chromium.new_context(reduced_motion="no-preference", offline=True) as context:
        tab = context.new_page()
        tab.goto((SITE / "part-1" / "logistic_regression.html").as_uri())
        button = tab.locator(".motion button").first
        output = tab.locator(".motion output").first
        at_rest = output.text_content()
        tab.wait_for_timeout(400)
        assert output.text_content() == at_rest
        button.click()
        tab.wait_for_function(
            "document.querySelector('.motion output').textContent.startsWith('frame 2 ')"
        )
        button.click()
        stopped = output.text_content()
        tab.wait_for_timeout(400)
        assert output.text_content() == stopped


def test_without_a_script_the_last_frame_is_seen(chromium):
    with chromium.new_context(java_script_enabled=False, offline=True) as context:
        tab = context.new_page()
        tab.goto((SITE / "part-1" / "logistic_regression.html").as_uri())
        seen = [g for g in tab.locator(".motion [data-at]").all() if g.is_visible()]
        last = tab.locator(".motion input").first.get_attribute("max")
        assert {g.get_attribute("data-at") for g in seen} == {last}
        assert tab.locator(".motion-controls").first.is_hidden()


# The characters in each line of plain text, the last line of each paragraph left out.
LINES = """[...document.querySelectorAll('article p')]
    .filter(p => !p.querySelector('math, code') && !p.closest('dl, figure, details, td'))
    .flatMap(p => {
        const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
        const range = document.createRange(), lines = [];
        let bottom = -Infinity;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            for (let i = 0; i < node.length; i++) {
                range.setStart(node, i);
                range.setEnd(node, i + 1);
                const box = range.getBoundingClientRect();
                if (box.bottom > bottom + 10) lines.push(0);
                bottom = Math.max(bottom, box.bottom);
                lines[lines.length - 1]++;
            }
        }
        return lines.slice(0, -1);
    })"""


def test_a_line_of_text_is_as_long_as_one_reads_well(opened, view):
    lengths = opened(SITE / "part-1" / "logistic_regression.html").evaluate(LINES)
    assert len(lengths) > 30
    assert max(lengths) <= 85
    if view == "desk":
        assert 65 <= statistics.median(lengths) <= 80
