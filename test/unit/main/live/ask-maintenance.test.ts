import { expect, it } from 'vitest';
import { createMaintenanceQuestions } from '#main/live/ask-maintenance.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';

const plan: Maintenance = { from: '2026-12-01T18:00:00.000Z', until: '2026-12-01T20:00:00.000Z', text: 'A new disk.' };

function createWorld() {
  const world = { nowMs: 0, isToldLive: false, asked: 0, isDown: false };
  const answers: (Maintenance | null)[] = [];
  const problems: unknown[] = [];
  const noteStatus = createMaintenanceQuestions({
    clock: { now: () => world.nowMs },
    isToldLive: () => world.isToldLive,
    ask() {
      world.asked += 1;
      return world.isDown ? Promise.reject(new Error('away')) : Promise.resolve({ planned: plan });
    },
    onAnswer: (planned) => answers.push(planned),
    log: (_message, error) => problems.push(error),
  });
  /** An exchange that ended at this second. */
  async function exchangeAt(second: number): Promise<void> {
    world.nowMs = second * 1000;
    const status = { phase: 'idle', upToDateAt: new Date(world.nowMs).toISOString() } as SyncStatus;
    noteStatus({ ...status, phase: 'pulling' });
    noteStatus(status);
    noteStatus(status);
    await new Promise(setImmediate);
  }
  return { world, answers, problems, exchangeAt };
}

it('TSK-15 a computer that no live socket reaches asks for announced maintenance, once a minute', async () => {
  const { world, answers, exchangeAt } = createWorld();
  for (const second of [0, 20, 40, 59]) await exchangeAt(second);
  expect(world.asked).toBe(0);
  await exchangeAt(61);
  expect(answers).toEqual([plan]);
  for (const second of [80, 100, 120]) await exchangeAt(second);
  expect(world.asked).toBe(1);
  await exchangeAt(125);
  expect(answers).toEqual([plan, plan]);
});

it('TSK-15 whoever is told over the socket asks for nothing', async () => {
  const { world, exchangeAt } = createWorld();
  await exchangeAt(0);
  world.isToldLive = true;
  for (const second of [70, 140, 210]) await exchangeAt(second);
  world.isToldLive = false;
  for (const second of [220, 250]) await exchangeAt(second);
  expect(world.asked).toBe(0);
  await exchangeAt(290);
  expect(world.asked).toBe(1);
});

it('TSK-15 a question that is not answered is written down, and asked again', async () => {
  const { world, answers, problems, exchangeAt } = createWorld();
  world.isDown = true;
  await exchangeAt(0);
  await exchangeAt(60);
  expect(problems).toHaveLength(1);
  world.isDown = false;
  await exchangeAt(120);
  expect(answers).toEqual([plan]);
});
