import type { Locator } from '@playwright/test';
import { expect, type Page } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

/** The colour that is painted halfway down an element, at this share of its width; the parts of a native control have no style to ask for. */
async function colourAt(element: Locator, share: number): Promise<string> {
  const png = await element.screenshot();
  return element.page().evaluate<string>(`(async () => {
    const picture = await createImageBitmap(new Blob([new Uint8Array([${png.join()}])]));
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    const { data } = canvas.getImageData(picture.width * ${share}, picture.height / 2, 1, 1);
    return '#' + [...data.slice(0, 3)].map((part) => part.toString(16).padStart(2, '0')).join('');
  })()`);
}
function token(page: Page, name: string): Promise<string> {
  return page.evaluate<string>(`getComputedStyle(document.documentElement).getPropertyValue('${name}')`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a slider has the colours of the ${colorScheme} theme`, async ({ page, ada: _ada }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('/settings/appearance');
    const slider = page.getByRole('slider', { name: 'Text size in chats' });
    await expect(slider).toHaveValue('16');
    expect(await colourAt(slider, 0.1)).toBe(await token(page, '--accent'));
    expect(await colourAt(slider, 0.8)).toBe(await token(page, '--hover'));
    await slider.press('End');
    expect(await colourAt(slider, 0.8)).toBe(await token(page, '--accent'));
  });
}
