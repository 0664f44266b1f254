// A day with tasks, as a representative offline and as a manager: my day, a task with everything in it, board, calendar, workload.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen } from '#test/support/look-at-screen.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let server: TestServer;
let device: Device;
let page: Page;
let desk: Device | null = null;
let first = '';
let second = '';

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer({ isDemo: true });
  device = new Device({ serverUrl: server.url });
  page = await device.start();
  await device.enterDemo('sales_rep');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await desk?.remove();
  await server.remove();
});

test('TSK-06 CRM-18 my day shows what is overdue, due today and next, and ticks a task off in place', async () => {
  await goTo(page, '/home');
  const day = page.getByTestId('my-day');
  await day.locator('li[data-task]').first().waitFor();
  const [row] = await day.locator('li[data-task]').all();
  first = (await row?.getAttribute('data-task')) ?? '';
  await lookAtScreen(device, page, 'tasks-my-day');
  const { total } = await readList(page, 'task', { filter: { field: 'status', op: 'eq', value: 'done' }, limit: 1 });
  await row?.getByRole('checkbox').click();
  await waitFor('the task is done', async () => (await readRecord(page, 'task', first))?.['status'] === 'done');
  expect((await readList(page, 'task', { filter: { field: 'status', op: 'eq', value: 'done' }, limit: 1 })).total).toBe(
    total + 1,
  );
});

test('TSK-03 TSK-04 offline a task gets steps, time, what it waits for and a comment; blocked, it asks before it is done', async () => {
  // An assigned one: a collaborative task is seen by the team of its owner, too, and the mention below needs a stranger.
  const open = await readList(page, 'task', {
    filter: {
      and: [
        { field: 'status', op: 'eq', value: 'open' },
        { field: 'visibility', op: 'eq', value: 'assigned' },
      ],
    },
    sort: [{ field: 'subject', direction: 'asc' }],
    limit: 50,
  });
  first = open.rows[0]?.id ?? '';
  const name = String(open.rows.at(-1)?.['subject']);
  expect(name).not.toBe(open.rows[0]?.['subject']);
  await setWorkOffline(page, true);
  await goTo(page, `/tasks/${first}`);
  for (const step of ['Read the file', 'Call the buyer']) {
    await page.getByRole('textbox', { name: 'Add a step' }).fill(step);
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: step }).waitFor();
  }
  await page.getByRole('checkbox', { name: 'Read the file' }).click();
  await page.getByRole('heading', { name: 'Checklist (1 of 2)' }).waitFor();
  await page.getByRole('button', { name: 'Start timer' }).click();
  await page.getByTestId('running-timer').waitFor();
  await page.getByRole('textbox', { name: 'Minutes' }).fill('45');
  await page.getByRole('textbox', { name: 'What for' }).fill('Preparation');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByTestId('time-entries').getByText('45 min').waitFor();
  const waits = page
    .getByRole('combobox', { name: 'Add a task that comes first' })
    .or(page.getByPlaceholder('Add a task that comes first'));
  await waits.first().fill(name);
  await page.getByRole('option', { name, exact: true }).first().click();
  await page.getByTestId('waits-for').getByRole('link').waitFor();
  const comment = page.getByRole('combobox', { name: 'Write a comment' });
  const [person] = (await readList(page, 'user', { filter: { field: 'isActive', op: 'ne', value: false }, limit: 1 }))
    .rows;
  await comment.fill(`Please look at this @${String(person?.['name']).slice(0, 4)}`);
  await page.getByRole('listbox', { name: 'People' }).getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  const everybody = await readList(page, 'user', { filter: { field: 'isActive', op: 'ne', value: false }, limit: 100 });
  const mine = (await readRecord(page, 'task', first))?.['ownerId'];
  const stranger = everybody.rows.find(
    (row) => row['role'] === 'sales_rep' && row.id !== mine && row['teamId'] !== null,
  );
  const before = await comment.inputValue();
  await comment.fill(`${before}@${String(stranger?.['name'])} `);
  const warning = page
    .getByRole('status')
    .filter({ hasText: `${String(stranger?.['name'])} does not see this record` });
  await warning.waitFor();
  await lookAtScreen(device, page, 'tasks-unseen-mention');
  await comment.fill(before);
  await warning.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+Enter');
  await page.getByTestId('comments').getByRole('listitem').filter({ hasText: 'Please look at this' }).waitFor();
  const [said] = (await readList(page, 'comment', { limit: 1 })).rows;
  expect(said).toMatchObject({ taskId: first, mentionedIds: [expect.any(String)] });
  await lookAtScreen(device, page, 'tasks-record');
  await page.getByRole('button', { name: 'Complete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'This task waits for others' });
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Complete anyway' }).click();
  await waitFor('the task is done', async () => (await readRecord(page, 'task', first))?.['status'] === 'done');
  await setWorkOffline(page, false);
  await device.waitUntilExchanged();
  await waitFor(
    'the server added the time up',
    async () => (await readRecord(page, 'task', first))?.['spentMinutes'] === 45,
  );
});

test('TSK-03 offline a task is typed in one line, gets its hour, reminders, estimate and rule on its page, and shows what it blocks', async () => {
  await setWorkOffline(page, true);
  await goTo(page, '/tasks');
  const line = page.getByTestId('quick-add');
  await line.getByRole('textbox', { name: 'Add a task' }).fill('Prepare Monday visit tomorrow 14:00 !high ~90m');
  await line.locator('[data-part="time"]').waitFor();
  expect(await line.locator('[data-part]').count()).toBe(4);
  await lookAtScreen(device, page, 'tasks-quick-add');
  await page.keyboard.press('Enter');
  const typed = async () =>
    (await readList(page, 'task', { filter: { field: 'subject', op: 'eq', value: 'Prepare Monday visit' }, limit: 1 }))
      .rows[0];
  await waitFor('the task is there', async () => (await typed()) !== undefined);
  const made = await typed();
  expect(made).toMatchObject({ priority: 'high', estimateMinutes: 90, dueAt: expect.any(String) });
  const id = made?.id ?? '';
  await goTo(page, `/tasks/${id}`);
  const panel = page.getByTestId('timing');
  const time = panel
    .getByRole('combobox', { name: 'Time' })
    .or(panel.getByLabel('Time', { exact: true }))
    .first();
  await time.fill('9.15');
  await page.keyboard.press('Enter');
  const now = async (): Promise<Readonly<Record<string, unknown>>> => (await readRecord(page, 'task', id)) ?? {};
  await waitFor('the hour is kept', async () => {
    const at = new Date(String((await now())['dueAt']));
    return at.getHours() === 9 && at.getMinutes() === 15;
  });
  await panel.getByLabel('Estimate').first().fill('2h 30');
  await page.keyboard.press('Enter');
  await waitFor('the estimate is kept', async () => (await now())['estimateMinutes'] === 150);
  await panel.getByLabel('Remind me before').first().click();
  await page.getByRole('option', { name: '1 hour before' }).click();
  await page.keyboard.press('Escape');
  await waitFor('the reminder is kept', async () => JSON.stringify((await now())['reminders']) === '["h1"]');
  await panel.getByLabel('Repeats').first().click();
  await page.getByRole('option', { name: 'Weekly' }).click();
  await waitFor(
    'the rule is kept',
    async () => (await now())['recurrence'] !== null && (await now())['recurrence'] !== undefined,
  );
  const waits = page.getByPlaceholder('Add a task that comes first');
  await goTo(page, `/tasks/${second === '' ? first : second}`);
  await waits.fill('Prepare Monday');
  await page.getByRole('option', { name: 'Prepare Monday visit' }).click();
  await page.getByTestId('waits-for').getByRole('link', { name: 'Prepare Monday visit' }).click();
  await page.getByTestId('blocks').getByRole('link').waitFor();
  await lookAtScreen(device, page, 'tasks-timing');
  await setWorkOffline(page, false);
  await device.waitUntilExchanged();
  expect((await now())['pending'] ?? []).toEqual([]);
});

test('TSK-03 a running timer survives a restart of the application', async () => {
  await page.getByTestId('running-timer').waitFor();
  await device.quit();
  page = await device.start();
  await page.getByTestId('running-timer').waitFor();
  await page.getByTestId('running-timer').getByRole('button', { name: 'Stop timer' }).click();
  await page.getByTestId('running-timer').waitFor({ state: 'detached' });
});

test('TSK-03 tasks move over the board and through the calendar by keyboard', async () => {
  await goTo(page, '/tasks/board');
  const card = page.locator('[data-status="open"] [data-task]').first();
  await card.waitFor();
  second = (await card.getAttribute('data-task')) ?? '';
  await lookAtScreen(device, page, 'tasks-board');
  await card.focus();
  for (const key of ['Space', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  await waitFor('the task moved', async () => (await readRecord(page, 'task', second))?.['status'] === 'in_progress');
  await goTo(page, '/tasks/calendar');
  const task = page.locator('[data-testid="task-calendar"] [data-task]').first();
  await task.waitFor();
  const id = (await task.getAttribute('data-task')) ?? '';
  const before = String((await readRecord(page, 'task', id))?.['dueDate']);
  await lookAtScreen(device, page, 'tasks-calendar');
  await task.focus();
  await page.keyboard.press('Alt+ArrowRight');
  await waitFor('the task moved', async () => String((await readRecord(page, 'task', id))?.['dueDate']) > before);
});

test('TSK-12 a manager sees who has too much to do, opens it and gives a task to somebody else', async () => {
  desk = new Device({ serverUrl: server.url });
  const window = await desk.start();
  await desk.enterDemo('manager');
  await desk.waitUntilExchanged();
  await goTo(window, '/tasks/workload');
  await setWorkOffline(window, true);
  const week = window
    .getByTestId('workload')
    .getByRole('button', { name: /^Working hours of / })
    .first();
  await week.click();
  await window.getByRole('textbox', { name: 'Working hours of a week' }).fill('32.5');
  await window.keyboard.press('Enter');
  await window
    .getByTestId('workload')
    .getByRole('button', { name: /^Working hours of .*: 32.5 a week/ })
    .waitFor();
  await setWorkOffline(window, false);
  await desk.waitUntilExchanged();
  const set = await readList(window, 'user', { filter: { field: 'weeklyHours', op: 'eq', value: 32.5 }, limit: 2 });
  expect(set.rows).toMatchObject([{ pending: [] }]);
  const cell = window
    .getByTestId('workload')
    .locator('tbody')
    .getByRole('button', { expanded: false, name: /tasks/ })
    .first();
  await cell.click();
  const tasks = window.getByTestId('workload-tasks');
  await tasks.getByRole('listitem').first().waitFor();
  await lookAtScreen(desk, window, 'tasks-workload');
  const href = await tasks.getByRole('link').first().getAttribute('href');
  const id = href?.slice(href.lastIndexOf('/') + 1) ?? '';
  const owner = (await readRecord(window, 'task', id))?.ownerId;
  await tasks.locator('input').first().click();
  await window.locator('[role="option"]:not([aria-selected="true"])').first().click();
  await waitFor('somebody else has it', async () => (await readRecord(window, 'task', id))?.ownerId !== owner);
});

test('TSK-03 a manager makes a template once, sees which tasks it would make for a deal, and makes them', async () => {
  if (desk === null) throw new Error('the manager has not begun');
  const window = desk.page;
  const [deal] = (await readList(window, 'deal', { limit: 1 })).rows;
  await goTo(window, `/deals/${deal?.id ?? ''}`);
  await window.getByRole('button', { name: 'More', exact: true }).click();
  await window.getByRole('menuitem', { name: 'Tasks from a template …' }).click();
  await window.getByRole('dialog').getByRole('button', { name: 'New template' }).click();
  const form = window.getByRole('dialog', { name: 'New template' });
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill('First weeks');
  await form.getByRole('textbox', { name: 'Subject of task 1' }).fill('Say hello');
  await form.getByLabel('Task 1 is due so many days after the start').fill('0');
  await form.getByRole('textbox', { name: 'Steps of task 1' }).fill('Find the number\nCall');
  await form.getByRole('button', { name: 'Add a task' }).click();
  await form.getByRole('textbox', { name: 'Subject of task 2' }).fill('Ask how it goes');
  await form.getByLabel('Task 2 is due so many days after the start').fill('14');
  await form
    .getByRole('combobox', { name: 'Task 2 waits for' })
    .or(form.getByPlaceholder('Waits for …').last())
    .first()
    .click();
  await window.getByRole('option', { name: 'Say hello' }).click();
  await window.keyboard.press('Tab');
  await lookAtScreen(desk, window, 'task-template-new');
  await form.getByRole('button', { name: 'Save' }).click();
  const dialog = window.getByRole('dialog', { name: 'Tasks from a template' });
  await dialog.getByTestId('template-preview').getByText('Ask how it goes').waitFor();
  await lookAtScreen(desk, window, 'task-template-apply');
  await dialog.getByRole('button', { name: 'Make 2 tasks' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const filter = { field: 'dealId', op: 'eq', value: deal?.id ?? '' } as const;
  const made = (await readList(window, 'task', { filter, limit: 200 })).rows;
  const [hello, ask] = ['Say hello', 'Ask how it goes'].map((name) => made.find(({ subject }) => subject === name));
  expect(hello?.['checklist']).toMatchObject([{ text: 'Find the number' }, { text: 'Call' }]);
  expect(ask?.['prerequisiteIds']).toEqual([hello?.id]);
});
