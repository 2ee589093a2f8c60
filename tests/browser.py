"""A real browser for the tests of report.html: the system's Chromium, driven by Playwright; nothing is downloaded."""

import contextlib
import importlib.util
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = Path("axe_playwright_python") / "axe.min.js"


def missing():
    """What is missing and where it comes from; empty if nothing is."""
    if not executable():
        return "chromium is missing (Debian: apt-get install chromium)"
    packages = [name for name in ("playwright", "axe_playwright_python") if not importlib.util.find_spec(name)]
    how = "scripts/test --all"
    return f"{' and '.join(packages)} missing ({how})" if packages else ""


def executable():
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextlib.contextmanager
def started():
    """Without Chromium's own sandbox, which containers and root forbid: the pages are ours."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), chromium_sandbox=False)
        yield browser
        browser.close()


@contextlib.contextmanager
def visit(browser, file, width=1280, scheme="light", touch=False, scripts=True):
    """The page as a reader opens it from the disk, its figures drawn. Fails if it complains on the console (but for
    warnings, which Vega-Lite has of what it does by itself), asks anything, or requests anything but itself."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        has_touch=touch,
        is_mobile=touch,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    address = Path(file).resolve().as_uri()
    complaints = []
    page.on(
        "console",
        lambda message: None if message.type == "warning" else complaints.append(f"console: {message.text}"),
    )
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None
            if request.url == address or request.url.startswith("data:")
            else complaints.append(f"request: {request.url}")
        ),
    )
    page.set_default_timeout(10_000)  # milliseconds, for what never comes, on a busy machine too
    try:
        page.goto(address)
        if scripts:
            drawn(page)
        yield page
    finally:
        context.close()
    assert not complaints, complaints


def drawn(page):
    """Waits for all figures."""
    page.wait_for_function("[...document.querySelectorAll('figure')].every(each => each.view)")


def unfold(page):
    """Opens everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")


def axe(page, *tags):
    """What axe-core finds against the rules of these tags, and the number of elements that passed each rule."""
    spec = importlib.util.find_spec("axe_playwright_python")
    page.evaluate((Path(spec.origin).parent / AXE.name).read_text(encoding="utf-8") + ";0")
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", list(tags))
    wrong = [
        f"{rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    return wrong, {rule["id"]: len(rule["nodes"]) for rule in found["passes"]}
