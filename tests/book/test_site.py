"""The built site stands alone: links arrive, no other host is asked, no machine is named."""

import importlib
import inspect
import re
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

import textbook
from book.contents import CHAPTERS, ERRATA, ROOT, SCRIPTS, SITE

PAGES = sorted(SITE.rglob("*.html"))
LOADING = {
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("link", "href"),
}


class Page(HTMLParser):
    """The ids of a page, and where its links lead."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads, self.text = [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids += [attrs["id"]] if attrs.get("id") else []
        if tag == "a" and attrs.get("href"):
            self.links.append(attrs["href"])
        # a link element that names a page (next, prev, search) loads nothing
        if tag != "link" or {"stylesheet", "icon", "preload"} & set(attrs.get("rel", "").split()):
            self.loads += [attrs[key] for name, key in LOADING if name == tag and attrs.get(key)]

    def handle_data(self, data):
        self.text.append(data)


@cache
def read(path):
    return Page(path)


def names(path):
    return str(path.relative_to(SITE))


def test_the_site_is_built_and_has_its_pages():
    assert {
        f"{path.relative_to(ROOT / 'docs').with_suffix('')}.html" for path in CHAPTERS.values()
    } <= set(map(names, PAGES))
    assert {f"{script.stem}.html" for script in SCRIPTS} <= {page.name for page in PAGES}
    assert {"index.html", "search.html", "genindex.html", "errata.html", "notation.html"} <= set(
        map(names, PAGES)
    )


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_every_link_within_the_site_arrives(page):
    lost = []
    for link in read(page).links + read(page).loads:
        parts = urlsplit(link)
        if parts.scheme in {"http", "https", "mailto", "data"}:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if not target.is_file() or (
            parts.fragment
            and target.suffix == ".html"
            and unquote(parts.fragment) not in read(target).ids
        ):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_no_page_loads_anything_from_elsewhere(page):
    assert [
        load
        for load in read(page).loads
        if urlsplit(load).scheme not in {"", "data"} or load.startswith("//")
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_no_id_stands_twice_on_a_page(page):
    ids = read(page).ids
    assert sorted({i for i in ids if ids.count(i) > 1}) == []


def test_styles_load_nothing_from_elsewhere():
    for style in SITE.rglob("*.css"):
        assert (
            re.findall(r"url\(\s*['\"]?(?:https?:)?//", style.read_text(encoding="utf-8")) == []
        ), style


def test_every_function_has_its_entry_and_stands_in_both_indexes():
    listed = "".join(read(SITE / "functions.html").links)
    alphabet = "".join(read(SITE / "genindex.html").links)
    pages = {**CHAPTERS, "datasets": ROOT / "docs" / "data.md"}
    for module in textbook._MODULES:
        ids = read(SITE / pages[module].relative_to(ROOT / "docs").with_suffix(".html")).ids
        for name in importlib.import_module(f"textbook.{module}").__all__:
            anchor = f"textbook.{module}.{name}"
            assert ids.count(anchor) == 1
            assert f"#{anchor}" in listed
            assert f"#{anchor}" in alphabet


def test_what_every_layer_does_is_told_once():
    ids = read(SITE / "part-2" / "network.html").ids
    methods = [i for i in ids if re.fullmatch(r"textbook\.network\.\w+\.\w+", i)]
    assert "textbook.network.Layer.forward" in methods
    assert {i.split(".")[2] for i in methods} == {"Layer", "Composite", "Summary"}


def test_the_errata_page_has_an_entry_for_each_slip_and_the_chapters_lead_to_it():
    assert {f"erratum-{entry['id']}" for entry in ERRATA} <= set(read(SITE / "errata.html").ids)
    for entry in ERRATA:
        chapter = SITE / CHAPTERS[entry["chapter"]].relative_to(ROOT / "docs").with_suffix(".html")
        assert f"../errata.html#erratum-{entry['id']}" in read(chapter).links


def test_no_file_names_a_path_of_the_machine_that_built_it():
    for path in SITE.rglob("*"):
        if path.suffix in {".html", ".js", ".css", ".svg", ".py", ".txt"}:
            assert str(ROOT) not in path.read_text(encoding="utf-8"), path


def test_the_math_font_and_its_license_are_in_the_build():
    fonts = list(SITE.rglob("*.woff2"))
    assert any("STIX" in font.name for font in fonts)
    assert all(font.stat().st_size > 10_000 for font in fonts)
    for font in fonts:
        terms = font.with_name(f"{font.stem}-LICENSE.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE Version 1.1" in terms
        assert "THE FONT SOFTWARE IS PROVIDED" in terms


def squeezed(text):
    return "".join(text.split())


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_body_on_the_page_is_the_code_below_the_docstring(name):
    markdown = CHAPTERS[name].read_text(encoding="utf-8")
    chapter = SITE / CHAPTERS[name].relative_to(ROOT / "docs").with_suffix(".html")
    page = squeezed("".join(read(chapter).text))
    for function in re.findall(r"^```\{body\} textbook\.(\S+)$", markdown, flags=re.MULTILINE):
        module, _, function = function.rpartition(".")
        shown = getattr(importlib.import_module(f"textbook.{module}"), function)
        source, docstring = inspect.getsource(shown), inspect.getdoc(shown)
        body = source.rpartition('"""')[2]
        assert f"{function}(" in page
        assert squeezed(body) in page
        assert squeezed(docstring[-40:] + body) not in page


@pytest.mark.parametrize("entry", ERRATA, ids=lambda entry: entry["id"])
def test_an_entry_of_the_errata_page_ends_with_its_computation(entry):
    page = squeezed("".join(read(SITE / "errata.html").text))
    start = page.index(squeezed(f"{entry['section']}{entry['id']}The notes:"))
    shown = page[start : page.index(squeezed(entry["code"]), start)]
    assert shown.count("Thenotes:") == shown.count("Right:") == 1
    assert shown.index("Thenotes:") < shown.index("Right:")
