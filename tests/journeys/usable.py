"""What every page owes everybody: names, labels, contrast, room for a finger, nothing beyond the edge."""

from playwright.async_api import Page

_CHECK = """
() => {
  const said = [];
  const shown = one => one.checkVisibility({visibilityProperty: true}) && one.getClientRects().length > 0;
  const all = wanted => [...document.querySelectorAll(wanted)].filter(shown);
  const called = one =>
    `${one.localName} ${one.getAttribute('name') || one.className || one.textContent.trim()}`;
  if (!document.documentElement.lang) said.push('no language');
  if (!document.title.trim()) said.push('no title');
  if (all('h1').length !== 1) said.push(`${all('h1').length} first headings`);
  if (document.documentElement.scrollWidth > innerWidth) said.push('wider than the screen');
  const ids = [...document.querySelectorAll('[id]')].map(one => one.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach(id => said.push(`two things are #${id}`));
  all('input:not([type=hidden]), select, textarea').forEach(one => {
    if (!one.labels.length && !one.ariaLabel) said.push(`no label: ${called(one)}`);
  });
  all('a, button').forEach(one => {
    if (!one.textContent.trim() && !one.ariaLabel) said.push(`no name: ${called(one)}`);
  });
  const typed = 'input:not([type=hidden], [type=checkbox], [type=radio])';
  all(`button, a[role=button], select, .rail a, ${typed}`).forEach(one => {
    const box = one.getBoundingClientRect();
    if (box.height < 43.5 || box.width < 43.5) said.push(`${box.width}x${box.height}: ${called(one)}`);
  });
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => numbers(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = one => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      const parts = numbers(colour);
      if (parts.length < 4 || parts[3] === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const says = one => [...one.childNodes].some(part => part.nodeType === 3 && part.data.trim());
  all('body *').filter(says).forEach(one => {
    const [low, high] = [light(getComputedStyle(one).color), light(ground(one))].sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    if (contrast < 4.5) said.push(`contrast ${contrast.toFixed(1)}: ${called(one)}`);
  });
  return said;
}
"""


async def usable(page: Page) -> list[str]:
    """Return what is wrong with the page as it is shown now; nothing is the promise."""
    wrong: list[str] = await page.evaluate(_CHECK)
    return wrong


async def first_focus(page: Page) -> str:
    """Return what the first press of the tab key reaches."""
    await page.keyboard.press("Tab")
    words: str = await page.evaluate("() => document.activeElement.textContent.trim()")
    return words
