// An administrator changes the stages of the pipeline and makes a second one; a representative on another computer works with
// both at once, and no deal is lost on the way.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { DEFAULT_PIPELINE_ID, defaultStages } from '#shared/entities/default-pipeline.ts';
import { stagesOf } from '#shared/entities/pipeline/pipeline.ts';

let server: TestServer;
let admin: Device;
let rep: Device;

const deal = (id: string, stageId: string) =>
  seededRecord('deal', id, {
    name: `Deal ${id}`,
    pipelineId: DEFAULT_PIPELINE_ID,
    stageId,
    status: 'open',
    probability: 20,
    probabilitySource: 'stage',
    forecastCategory: 'pipeline',
    categorySource: 'stage',
    ownerId: 'rene',
  });

async function signIn(person: string): Promise<Device> {
  const device = new Device({ serverUrl: null });
  await device.start();
  await device.signIn(server.url, { email: emailOf(person), password: testPassword });
  await device.waitUntilExchanged();
  return device;
}

async function openPipelines(): Promise<Page> {
  const page = await openSettings(admin, 'pipelines');
  await goTo(page, '/settings/pipelines');
  await page.getByTestId('pipelines').waitFor();
  return page;
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  const tenantId = await createOrganizationWith(server, 'stages', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  await seedRecords(server.database, tenantId, [
    seededRecord('pipeline', DEFAULT_PIPELINE_ID, { name: 'Pipeline', stages: defaultStages, ownerId: 'ada' }),
    deal('d1', 'qualification'),
    deal('d2', 'qualification'),
    deal('d3', 'proposal'),
  ]);
  [admin, rep] = [await signIn('ada'), await signIn('rene')];
}, 180_000);

afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await server.remove();
});

test('CRM-07 a stage gets another name, one is added, and the deals of one that goes move on', async () => {
  const page = await openPipelines();
  // A window that was just opened begins where its section is named.
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-section') === 'pipelines');
  await page.getByRole('button', { name: 'Edit Pipeline' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name of stage 1' }).fill('First talk');
  await dialog.getByRole('button', { name: 'Add a stage' }).click();
  await dialog.getByRole('textbox', { name: 'Name of stage 5' }).fill('Contract');
  // Its fields say what is missing before anything is saved.
  await dialog.getByLabel('Probability of Contract').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('out of range').waitFor();
  await dialog.getByLabel('Probability of Contract').fill('90');
  await dialog.getByRole('button', { name: 'Remove Qualification' }).click();
  await dialog.getByText('its 2 deals move to').waitFor();
  await dialog.getByRole('combobox', { name: 'Where the deals of Qualification go' }).click();
  await page.getByRole('option', { name: 'Proposal' }).click();
  await lookAtScreen(admin, page, 'pipelines-edit');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await lookAtScreen(admin, page, 'pipelines');
  await admin.waitUntilExchanged();
  const stages = await waitFor('the new stages', async () => {
    const found = stagesOf(await readRecord(rep.page, 'pipeline', DEFAULT_PIPELINE_ID));
    return found.some(({ name }) => name === 'Contract') ? found : null;
  });
  expect(stages.map(({ name, probability }) => `${name} ${String(probability)}`)).toEqual([
    'First talk 10',
    'Proposal 50',
    'Negotiation 75',
    'Contract 90',
    'Closed won 100',
    'Closed lost 0',
  ]);
  // What was known under an id is known under it for ever: only the name changed.
  expect(stages[0]?.id).toBe(defaultStages[0]?.id);
  await waitFor('the moved deals', async () => {
    const { rows } = await readList(rep.page, 'deal');
    return rows.length === 3 && rows.every((row) => row['stageId'] === 'proposal') ? true : null;
  });
});

test('CRM-07 a second pipeline: its deals have their own board, a deal changes its way, and none is left without one', async () => {
  const page = await openPipelines();
  await page.getByRole('button', { name: 'New pipeline' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Partners');
  await dialog.getByRole('textbox', { name: 'Name of stage 1' }).fill('Introduced');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await admin.waitUntilExchanged();

  const board = rep.page;
  await goTo(board, '/pipeline');
  await board.getByRole('combobox', { name: 'Pipeline' }).click();
  await board.getByRole('option', { name: 'Partners' }).click();
  await board.getByRole('heading', { name: 'Introduced' }).or(board.getByText('Introduced')).first().waitFor();
  await board.getByRole('button', { name: 'New deal' }).click();
  await board.getByRole('dialog').getByLabel('Name').first().fill('By a partner');
  await board.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const made = await waitFor('the deal of the second pipeline', async () => {
    const { rows } = await readList(board, 'deal');
    return rows.find((row) => row['name'] === 'By a partner') ?? null;
  });
  const partners = (await readList(board, 'pipeline')).rows.find((row) => row['name'] === 'Partners');
  expect(made).toMatchObject({ pipelineId: partners?.id, stageId: stagesOf(partners)[0]?.id, status: 'open' });
  await lookAtScreen(rep, board, 'pipelines-board');

  await goTo(board, '/deals/d3');
  await board.getByRole('combobox', { name: 'Pipeline' }).click();
  await board.getByRole('option', { name: 'Partners' }).click();
  await waitFor('the deal on its new way', async () => {
    const record = await readRecord(board, 'deal', 'd3');
    return record?.['pipelineId'] === partners?.id && record?.['stageId'] === stagesOf(partners)[0]?.id ? true : null;
  });
  await lookAtScreen(rep, board, 'pipelines-deal');
  await rep.waitUntilExchanged();
  // There are deals in it now, and new deals begin in the other: neither can go.
  await waitFor('two deals in the second pipeline', async () =>
    (await page
      .locator(`[data-pipeline="${partners?.id ?? ''}"]`)
      .getByText('2', { exact: true })
      .count()) === 1
      ? true
      : null,
  );
  for (const name of ['Pipeline', 'Partners'])
    expect(await page.getByRole('button', { name: `Delete ${name}`, exact: true }).isDisabled()).toBe(true);
});
