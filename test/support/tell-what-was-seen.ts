// A test that fails beside the windows of an application says what they showed and what the application wrote down: where
// it runs by itself, nobody can look.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterEach } from 'vitest';
import { type Device, runningDevices } from '#test/support/device.ts';

const MOST_LETTERS = 2_000;

async function describeWindow(page: Page): Promise<string> {
  try {
    const text = await page.evaluate(() => document.body.innerText);
    return `${new URL(page.url()).hash}\n${text.replaceAll(/\s*\n\s*/g, ' | ').slice(0, MOST_LETTERS)}`;
  } catch (error) {
    return `could not be read: ${String(error)}`;
  }
}

async function describeDevice(device: Device): Promise<readonly string[]> {
  const windows = await Promise.all(device.launched.app.windows().map(describeWindow));
  const log = path.join(device.userData, 'logs', 'errors.log');
  const errors = existsSync(log) ? readFileSync(log, 'utf8').slice(-MOST_LETTERS) : '';
  const end = device.launched.readEnd();
  return [
    ...(end === null ? [] : [`the application had ended: ${end}`]),
    ...windows,
    ...device.pageErrors.map((message) => `error of a page: ${message}`),
    `said: ${device.launched.readStderr().slice(-MOST_LETTERS)}`,
    `wrote down: ${errors}`,
  ];
}

afterEach(async ({ task }) => {
  const error = task.result?.errors?.[0];
  if (error === undefined) return;
  const seen: string[] = [];
  for (const device of runningDevices()) seen.push(...(await describeDevice(device)));
  if (seen.length > 0) error.message += `\n\nWhat was seen:\n${seen.join('\n')}`;
});
