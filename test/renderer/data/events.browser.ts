// Cases of events in the real data host in Chromium: what a page and an answer raise, and what they do not.
import type { AppliedOutcome } from '#shared/ipc/sync-status.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import {
  applyPage,
  applied,
  checkSame,
  createFakeJournal,
  execute,
  makeRecord,
  newProfileId,
  openProfile,
  openService,
  putOf,
  tokenOf,
} from '#test/renderer/data/data-fixture.ts';

const deal = (rev: number, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  makeRecord('deal', 'deal-1', rev, {
    name: 'Deal',
    pipelineId: 'pipeline-1',
    stageId: 'stage-1',
    status: 'open',
    amount: 100,
    currency: 'EUR',
    nextStep: null,
    updatedBy: 'user-2',
    ...values,
  });

async function start() {
  const journal = createFakeJournal();
  const service = openService(journal);
  await openProfile(service, newProfileId());
  return { journal, service };
}

type Service = Awaited<ReturnType<typeof start>>['service'];

async function take(service: Service, records: readonly AnyRecord[]): Promise<readonly string[]> {
  const items = records.map(putOf);
  const after = await tokenOf(service);
  const page = { kind: 'applyPage', after, items, token: 'next', snapshotStart: false, caughtUp: true } as const;
  const { events } = (await service.handle(page)) as AppliedOutcome;
  return events.map(({ type }) => type);
}

export const cases: Record<string, () => Promise<unknown>> = {
  'TSK-15 a first sync and a resync raise nothing, a page of the log does, and the same page again does not':
    async () => {
      const { service } = await start();
      await applyPage(service, [], { snapshotStart: true, caughtUp: false });
      checkSame(await take(service, [deal(1)]), [], 'end of the first sync');
      checkSame(await take(service, [deal(2, { stageId: 'stage-2' })]), ['opportunity.stage_changed'], 'the log');
      checkSame(await take(service, [deal(2, { stageId: 'stage-2' })]), [], 'the same page');
      const resync = { kind: 'applyPage', after: 'next', token: 'again', snapshotStart: true, caughtUp: true } as const;
      const { events } = (await service.handle({
        ...resync,
        items: [putOf(deal(3, { amount: 7 }))],
      })) as AppliedOutcome;
      checkSame(events, [], 'a resync');
      await service.handle({
        kind: 'applyManifest',
        after: 'again',
        items: [putOf(deal(4, { amount: 8 }))],
        token: 'after',
        isLast: true,
        epoch: 1,
      });
      checkSame(await take(service, [deal(5, { amount: 9 })]), ['opportunity.value_updated'], 'the log after it');
    },
  'TSK-15 what was typed here is no event, by page or by answer, and what others changed meanwhile is': async () => {
    const { service, journal } = await start();
    await applyPage(service, [putOf(deal(1))], { snapshotStart: true });
    await execute(service, 'updateRecord', { entity: 'deal', id: 'deal-1', values: { amount: 250 } });
    const [operation] = journal.operations;
    if (operation === undefined) throw new Error('the journal has it');
    // The own change comes back by a page before its answer does.
    checkSame(await take(service, [deal(2, { amount: 250, updatedBy: 'user-1' })]), [], 'the page');
    const answer = applied(operation, deal(3, { amount: 250, stageId: 'stage-2', updatedBy: 'user-1' }));
    const outcome = (await service.handle({ kind: 'applyVerdicts', verdicts: [answer] })) as AppliedOutcome;
    checkSame(
      outcome.events.map((event) => [event.type, 'actorId' in event ? event.actorId : '']),
      [['opportunity.stage_changed', null]],
      'the answer',
    );
    checkSame(await take(service, [deal(3, { amount: 250, stageId: 'stage-2', updatedBy: 'user-1' })]), [], 'its page');
    await service.handle({ kind: 'closeProfile' });
  },
};
