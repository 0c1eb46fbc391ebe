"""A person in front of a browser: reads words, fills labelled fields, presses buttons."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import BrowserContext, Page, expect

from demo.county import PASSWORD
from demo.story import until
from tests.journeys.usable import usable

WIDE, PHONE = (1366, 768), (390, 844)
PATIENCE = 120_000.0
"""Milliseconds one page may take on a slow machine."""


@dataclass
class Visitor:
    """One person with a browser of their own."""

    page: Page

    @classmethod
    async def at(cls, context: BrowserContext) -> "Visitor":
        """Sit down at a screen of the usual size."""
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        await _resize(page, WIDE)
        return cls(page)

    async def go(self, path: str) -> None:
        """Open a page by its address."""
        await self.page.goto(path)

    async def follow(self, words: str) -> None:
        """Follow the first link that has these words."""
        await self.page.get_by_role("link", name=words).first.click()

    async def press(self, words: str) -> None:
        """Press the first button with these words."""
        await self.page.get_by_role("button", name=words).first.click()

    async def fill(self, within: str = "body", /, **typed: str) -> None:
        """Type into fields by name; ``__`` stands for the point in one."""
        for name, text in typed.items():
            field = self.page.locator(f'{within} [name="{name.replace("__", ".")}"]')
            await field.last.fill(text)

    async def sees(self, *words: str) -> None:
        """Read words on the page, whatever they stand in."""
        for one in words:
            await expect(self.page.locator("body")).to_contain_text(one, timeout=PATIENCE)

    async def sees_not(self, *words: str) -> None:
        """Look for words that must not be there."""
        for one in words:
            await expect(self.page.locator("body")).not_to_contain_text(one)

    async def signs_in(self, login: str) -> None:
        """Sign in at the desk."""
        await self.go("/sign-in")
        await self.fill(login=login, password=PASSWORD)
        await self.page.locator('main button[type="submit"]').click()
        await self.page.wait_for_url("**/desk**")

    async def waits_for(self, path: str, *words: str) -> None:
        """Open a page again and again until it has these words, as people do who wait for something."""

        async def there() -> bool:
            await self.go(path)
            body = await self.page.inner_text("body")
            return all(one in body for one in words)

        await until("、".join(words), there)

    async def opens_case(self, number: str) -> None:
        """Wait for a case in the ledger and open it."""
        await self.waits_for("/desk/cases", number)
        await self.follow(number)

    async def looks(self, name: str) -> None:
        """Check the page on a wide screen and on a phone.

        With ``JIUJIN_PICTURES=FOLDER`` in the environment, what it looks like is kept there.
        """
        folder = os.environ.get("JIUJIN_PICTURES")
        for size, ending in ((PHONE, "-phone"), (WIDE, "")):
            await _resize(self.page, size)
            assert await usable(self.page) == [], f"{name}{ending}"
            if folder:
                picture = await self.page.screenshot(animations="disabled")
                await asyncio.to_thread((Path(folder) / f"{name}{ending}.png").write_bytes, picture)


async def _resize(page: Page, size: tuple[int, int]) -> None:
    await page.set_viewport_size({"width": size[0], "height": size[1]})
