// A file as a person exports it: chosen in the dialog, saved, found in the downloads.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { waitFor, type Device } from '#test/support/device.ts';
import { choose } from '#test/support/drive-screens.ts';

export const exportForms = { xlsx: 'Excel (.xlsx)', csv: 'CSV', pdf: 'PDF', html: 'HTML', json: 'JSON' } as const;
export type ExportForm = keyof typeof exportForms;

/** The window of background jobs. */
export async function openJobs(device: Device): Promise<Page> {
  await choose(device.page, 'background', 'Open background jobs');
  const page = await device.launched.window('#/jobs/list');
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1080, height: 740 });
  return page;
}

/** Asks for the newest export of this name once more, in either language. */
export async function askAgain(jobs: Page, label: string | RegExp): Promise<void> {
  const row = jobs.locator('tr[data-kind="export"][data-state="done"]').filter({ hasText: label }).first();
  await row.getByRole('button', { name: /^(Export again|Erneut exportieren): / }).click();
}

/** A home whose downloads are looked into. */
export class ExportHome {
  readonly home = mkdtempSync(path.join(os.tmpdir(), 'outpost-home-'));
  readonly #downloads = path.join(this.home, 'Downloads');

  constructor() {
    mkdirSync(this.#downloads);
  }

  async take(ending: string): Promise<Uint8Array> {
    const name = await waitFor(`a file .${ending} in the downloads`, () =>
      Promise.resolve(readdirSync(this.#downloads).find((file) => file.endsWith(`.${ending}`))),
    );
    const bytes = readFileSync(path.join(this.#downloads, name));
    rmSync(path.join(this.#downloads, name));
    return bytes;
  }

  /** `button`: what opens the dialog; `rows`: which of the offered ones. */
  async exportAs(
    page: Page,
    form: ExportForm,
    { button = 'Export', rows }: { readonly button?: string | RegExp; readonly rows?: RegExp } = {},
  ): Promise<Uint8Array> {
    await page.getByRole('button', { name: button, exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: exportForms[form] }).check();
    if (rows !== undefined) await dialog.getByRole('radio', { name: rows }).check();
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await dialog.locator('[data-saved="saved"]').waitFor();
    const bytes = await this.take(form);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'detached' });
    return bytes;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

export const textOfFile = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
