// Cases of the data host, run in a real Chromium page on real IndexedDB. Each uses a profile of its own.
import { Dexie } from 'dexie';
import { createDataClient } from '#renderer/data/create-data-client.ts';
import type { DataAnswer, ImportPreview, ListResult } from '#renderer/data/data-contract.ts';
import { databaseNameOf } from '#renderer/data/database.ts';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import { serveClients } from '#renderer/data/serve-clients.ts';
import type { OutpostError } from '#shared/kernel/errors.ts';
import { collectionNames } from '#shared/entities/define-entity.ts';
import { runRandomDay } from '#test/renderer/data/random-day.ts';
import {
  applied,
  applyPage,
  check,
  checkSame,
  collectAnswers,
  createFakeJournal,
  execute,
  isInIndexedDb,
  listOf,
  makeRecord,
  namesNow,
  newProfileId,
  openProfile,
  openService,
  putOf,
  rejected,
  rowsNow,
  tokenOf,
} from '#test/renderer/data/data-fixture.ts';

const account = (id: string, rev: number, name: string) => makeRecord('account', id, rev, { name });

async function start() {
  const journal = createFakeJournal();
  const service = openService(journal);
  const profileId = newProfileId();
  await openProfile(service, profileId);
  return { journal, service, profileId };
}

async function close(service: { handle: (request: { kind: 'closeProfile' }) => Promise<unknown> }): Promise<void> {
  await service.handle({ kind: 'closeProfile' });
}

function waitFor(isDone: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const look = (): void => {
      if (isDone()) resolve();
      else if (performance.now() - startedMs > 5000) reject(new Error(`waited too long for ${isDone.toString()}`));
      else setTimeout(look, 5);
    };
    look();
  });
}

export const cases: Record<string, () => Promise<unknown>> = {
  'SYNC-10 an executed command is in every live answer before the caller hears of it': async () => {
    const { journal, service } = await start();
    const list = collectAnswers(service, 'list', listOf('account'));
    const counts = collectAnswers(service, 'aggregate', { entity: 'account', groupBy: null, sums: [] });
    const { recordId } = await execute(service, 'createRecord', { entity: 'account', values: { name: 'Fjord AG' } });
    checkSame(
      list.values.at(-1)?.rows.map((row) => [row.id, row['name']]),
      [[recordId, 'Fjord AG']],
      'rows',
    );
    checkSame(list.values.at(-1)?.rows[0]?.pending, [journal.operations[0]?.opId], 'unsent operations');
    checkSame(counts.values.at(-1)?.groups[0]?.count, 1, 'count');
    await execute(service, 'updateRecord', { entity: 'account', id: recordId, values: { name: 'Berg AG' } });
    checkSame(list.values.at(-1)?.rows[0]?.['name'], 'Berg AG', 'name after the update');
    await close(service);
  },

  'SYNC-10 a verdict replaces unsent operations without a step back': async () => {
    const { journal, service } = await start();
    const { recordId } = await execute(service, 'createRecord', { entity: 'account', values: { name: 'One' } });
    const id = String(recordId);
    await execute(service, 'updateRecord', { entity: 'account', id, values: { name: 'Two' } });
    const list = collectAnswers(service, 'list', listOf('account'));
    const [create, patch] = journal.operations;
    if (create === undefined || patch === undefined) throw new Error('two operations expected');
    await service.handle({ kind: 'applyVerdicts', verdicts: [applied(create, account(id, 5, 'One'))] });
    await service.handle({ kind: 'applyVerdicts', verdicts: [applied(patch, account(id, 6, 'Two'))] });
    await waitFor(() => list.values.at(-1)?.rows[0]?.pending.length === 0);
    checkSame(new Set(list.values.map((value) => value.rows[0]?.['name'])).size, 1, 'names seen');
    checkSame(rowsNow(service, 'account')[0]?.rev, 6, 'revision');
    await close(service);
  },

  'SYNC-47 a rejected create leaves the view and a rejected change gives the server value back': async () => {
    const { journal, service } = await start();
    await applyPage(service, [putOf(account('a1', 3, 'Server'))]);
    await execute(service, 'createRecord', { entity: 'account', values: { name: 'Mine' } });
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { name: 'Changed' } });
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { phone: '123' } });
    checkSame(namesNow(service, 'account'), 'Changed,Mine', 'before the verdicts');
    const [create, rename] = journal.operations;
    if (create === undefined || rename === undefined) throw new Error('operations expected');
    const verdicts = [rejected(create, null), rejected(rename, account('a1', 3, 'Server'))];
    await service.handle({ kind: 'applyVerdicts', verdicts });
    checkSame(
      rowsNow(service, 'account').map((row) => [row['name'], row['phone']]),
      [['Server', '123']],
      'after',
    );
    await close(service);
  },

  'SYNC-3 a verdict told again, or told only after a restart, still brings the record': async () => {
    const { journal, service, profileId } = await start();
    await execute(service, 'createRecord', { entity: 'account', values: { name: 'Mine' }, id: 'a1' });
    const [create] = journal.operations.splice(0);
    if (create === undefined) throw new Error('an operation expected');
    await close(service);
    // The journal has let go of it, the data host was not told yet.
    const again = openService(journal);
    await openProfile(again, profileId);
    const verdicts = [applied(create, account('a1', 7, 'Mine'))];
    await again.handle({ kind: 'applyVerdicts', verdicts });
    await again.handle({ kind: 'applyVerdicts', verdicts });
    checkSame(
      rowsNow(again, 'account').map((row) => [row.id, row.rev, row.pending]),
      [['a1', 7, []]],
      'rows',
    );
    await close(again);
  },

  'SYNC-19 applying a page twice, or an older page, changes nothing': async () => {
    const { service } = await start();
    const page = [putOf(account('a1', 3, 'New')), putOf(account('a2', 4, 'Other'))];
    await applyPage(service, page);
    const before = JSON.stringify(rowsNow(service, 'account'));
    const list = collectAnswers(service, 'list', listOf('account'));
    await applyPage(service, page);
    await applyPage(service, [putOf(account('a1', 2, 'Old'))]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    checkSame(JSON.stringify(rowsNow(service, 'account')), before, 'rows');
    checkSame(list.values.length, 1, 'answers sent');
    await close(service);
  },

  'SYNC-9 records of one page in several collections appear in one step': async () => {
    const { service } = await start();
    const deal = makeRecord('deal', 'd1', 2, { name: 'Deal', accountId: 'a1', pipelineId: 'p', stageId: 's' });
    const deals = collectAnswers(service, 'list', listOf('deal'));
    await applyPage(service, [putOf(deal), putOf(account('a1', 1, 'Named'))]);
    await waitFor(() => deals.values.at(-1)?.total === 1);
    const withDeal = deals.values.filter((value) => value.total === 1);
    check(
      withDeal.every((value) => value.labels['a1'] === 'Named'),
      'the deal was shown without its account',
    );
    await close(service);
  },

  'SYNC-25 a record that left the view goes at once with its bytes, whatever is unsent on it': async () => {
    const { service, profileId } = await start();
    const canary = 'canary-7f3a';
    await applyPage(service, [putOf(account('a1', 1, canary)), putOf(account('a2', 1, 'Stays'))]);
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { phone: '999' } });
    check(await isInIndexedDb(profileId, canary), 'the probe must find the value while it is there');
    await applyPage(service, [{ t: 'remove', coll: 'accounts', id: 'a1' }]);
    checkSame(namesNow(service, 'account'), 'Stays', 'rows');
    const hits = (await service.request('search', { text: canary, limit: 5 })) as { hits: unknown[] };
    checkSame(hits.hits.length, 0, 'search hits');
    check(!(await isInIndexedDb(profileId, canary)), 'the bytes are still in IndexedDB');
    await close(service);
    const again = openService(createFakeJournal());
    await openProfile(again, profileId);
    checkSame(namesNow(again, 'account'), 'Stays', 'rows after a restart');
    await close(again);
  },

  'SYNC-16 a resync forgets what the server no longer names and keeps what it has not seen': async () => {
    const { service } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'Kept')), putOf(account('a2', 1, 'Lost'))]);
    await execute(service, 'createRecord', { entity: 'account', values: { name: 'Unsent' } });
    await applyPage(service, [putOf(account('a1', 1, 'Kept'))], { snapshotStart: true, caughtUp: false, token: 't2' });
    checkSame(namesNow(service, 'account'), 'Kept,Lost,Unsent', 'in the middle');
    await applyPage(service, [putOf(account('a3', 9, 'Third'))], { token: 't3' });
    checkSame(namesNow(service, 'account'), 'Kept,Third,Unsent', 'when caught up');
    await close(service);
  },

  'SYNC-22 a resync takes away a field that is no longer shown, though the revision is lower': async () => {
    const { service, profileId } = await start();
    await applyPage(service, [putOf(makeRecord('account', 'a1', 9, { name: 'N', phone: 'hidden-44e1' }))]);
    check(await isInIndexedDb(profileId, 'hidden-44e1'), 'the probe must find the value while it is there');
    await applyPage(service, [putOf(account('a1', 4, 'N'))], { snapshotStart: true });
    check(!('phone' in (rowsNow(service, 'account')[0] ?? {})), 'the field is still there');
    check(!(await isInIndexedDb(profileId, 'hidden-44e1')), 'its bytes are still in IndexedDB');
    await close(service);
  },

  'SYNC-56 a resync that was interrupted starts anew, a first sync goes on': async () => {
    const journal = createFakeJournal();
    const profileId = newProfileId();
    const first = openService(journal);
    await openProfile(first, profileId);
    checkSame(await tokenOf(first), null, 'token of an empty database');
    await applyPage(first, [putOf(account('a1', 1, 'A'))], { snapshotStart: true, caughtUp: false, token: 't1' });
    await close(first);
    const second = openService(journal);
    await openProfile(second, profileId);
    checkSame(await tokenOf(second), 't1', 'token in the middle of a first sync');
    await applyPage(second, [putOf(account('a2', 1, 'B'))], { token: 't2' });
    await applyPage(second, [putOf(account('a2', 1, 'B'))], { snapshotStart: true, caughtUp: false, token: 't3' });
    await close(second);
    const third = openService(journal);
    await openProfile(third, profileId);
    checkSame(await tokenOf(third), null, 'token in the middle of a resync');
    await close(third);
  },

  'SYNC-4 what the journal has and the view has not is folded in at the next start': async () => {
    const { journal, service, profileId } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'Server'))]);
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { name: 'Typed' } });
    await close(service);
    // The process died between journal and view: the operation is only in the journal, another one only in the view.
    const [typed] = journal.operations;
    if (typed === undefined) throw new Error('an operation expected');
    const [change] = typed.changes;
    if (change === undefined) throw new Error('a change expected');
    const other = createFakeJournal();
    const { opNo: _opNo, ...draft } = typed;
    await other.append([
      { ...draft, opId: 'later', changes: [{ ...change, group: 'phone', base: {}, to: { phone: '42' } }] },
    ]);
    const again = openService(other);
    await openProfile(again, profileId);
    checkSame(
      rowsNow(again, 'account').map((row) => [row['name'], row['phone']]),
      [['Server', '42']],
      'refolded',
    );
    await close(again);
  },

  'SYNC-54 losing the local database loses nothing that was saved': async () => {
    const { journal, service, profileId } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'Server'))]);
    await execute(service, 'createRecord', { entity: 'account', values: { name: 'Saved' } });
    await close(service);
    const names = (await indexedDB.databases()).flatMap(({ name }) =>
      name?.includes(databaseNameOf(profileId)) === true ? [name] : [],
    );
    check(names.length > 0, 'there must be something to lose');
    await Promise.all(
      names.map((name) => new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))),
    );
    const again = openService(journal);
    await openProfile(again, profileId);
    checkSame(namesNow(again, 'account'), 'Saved', 'rows');
    checkSame(await tokenOf(again), null, 'token: the main process must fetch everything');
    await close(again);
  },

  'SYNC-54 a part of the local database that is missing is noticed': async () => {
    const { journal, service, profileId } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'Server'))]);
    await execute(service, 'createRecord', { entity: 'account', values: { name: 'Saved' } });
    await close(service);
    await emptyOneStore(profileId);
    const again = openService(journal);
    await openProfile(again, profileId);
    checkSame(namesNow(again, 'account'), 'Saved', 'rows');
    checkSame(await tokenOf(again), null, 'token');
    await close(again);
  },

  'SYNC-54 a part of the local database that cannot be unpacked is noticed soon after the start, and all is filled again':
    async () => {
      const { journal, service, profileId } = await start();
      await applyPage(service, [
        putOf(account('a1', 1, 'Server')),
        putOf(makeRecord('lead', 'l1', 1, { name: 'Lea' })),
      ]);
      await execute(service, 'createRecord', { entity: 'account', values: { name: 'Saved' } });
      await close(service);
      await spoilSegments(profileId, 'leads|0');
      let rebuilt = 0;
      const again = openService(journal, undefined, undefined, undefined, () => (rebuilt += 1));
      await openProfile(again, profileId);
      // What is asked first lies elsewhere and is whole.
      checkSame(namesNow(again, 'account'), 'Saved,Server', 'rows at the start');
      const answers = collectAnswers(again, 'list', listOf('lead'));
      checkSame(answers.errors, ['local_database_damaged'], 'question about the damaged part');
      await waitFor(() => answers.values.length > 0);
      checkSame(
        [answers.values[0]?.total, namesNow(again, 'account')],
        [0, 'Saved'],
        'what is there after it was noticed',
      );
      checkSame(await tokenOf(again), null, 'token: the main process must fetch everything');
      checkSame(rebuilt, 1, 'times the main process is told');
      await close(again);
    },

  'SYNC-54 a page that does not follow on what is held is refused, and leaves what is held alone': async () => {
    const { service } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'Server'))], { token: 'first' });
    const page = {
      kind: 'applyPage',
      items: [putOf(account('a2', 2, 'Late'))],
      token: 'third',
      snapshotStart: false,
      caughtUp: true,
    } as const;
    const refusal = await service.handle({ ...page, after: 'second' }).then(
      () => null,
      (error: unknown) => (error as OutpostError).code,
    );
    checkSame(refusal, 'local_database_damaged', 'refusal');
    checkSame([namesNow(service, 'account'), await tokenOf(service)], ['Server', 'first'], 'what is held');
    await service.handle({ ...page, after: 'first' });
    checkSame(namesNow(service, 'account'), 'Late,Server', 'after a page that follows');
    await close(service);
  },

  'SYNC-4 what was answered when the view was not written any more is shown so at once, and soon written': async () => {
    const { journal, service, profileId } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'Server'))]);
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { name: 'refusedvalue' } });
    await execute(service, 'createRecord', { entity: 'lead', values: { lastName: 'refusedlead' } });
    await close(service);
    check(journal.operations.length > 1, 'operations expected');
    const again = openService(createFakeJournal());
    await openProfile(again, profileId);
    checkSame([namesNow(again, 'account'), namesNow(again, 'lead')], ['Server', ''], 'rows at the start');
    const deadline = performance.now() + 5000;
    while ((await isInIndexedDb(profileId, 'refusedlead')) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    checkSame(
      [await isInIndexedDb(profileId, 'refusedlead'), namesNow(again, 'account'), namesNow(again, 'lead')],
      [false, 'Server', ''],
      'afterwards',
    );
    await close(again);
  },

  'SYNC-16 after any mix of typing, pages, verdicts, losses and restarts the view is projection plus journal':
    async () => {
      for (const seed of [1, 2, 3, 4, 5, 6]) await runRandomDay(seed);
    },

  'IMP-04 an import accounts for every row, tells its progress, and is undone in one step': async () => {
    const { journal, service } = await start();
    await applyPage(service, [
      putOf(makeRecord('account', 'a1', 1, { name: 'Known AG', billingCity: 'Bern' })),
      putOf(makeRecord('account', 'a2', 1, { name: 'Other AG' })),
    ]);
    const rows = Array.from({ length: 1200 }, (_, index) => `Firm ${String(index)};;`);
    const text = [
      'Company;City;Website',
      ...rows,
      'Known AG;Basel;known.example',
      'Other AG;Basel;',
      ';Basel;',
      'Bad GmbH;;not a url',
    ].join('\n');
    const plan = {
      entity: 'account',
      currency: 'EUR',
      matchBy: ['name'],
      onMatch: 'update',
      columns: [
        { header: 'Company', field: 'name' },
        { header: 'City', field: 'billingCity' },
        { header: 'Website', field: 'website' },
      ],
    } as const;
    const request = { fileName: 'firms.csv', text, plan };
    const preview = (await service.request('previewImport', request)) as ImportPreview;
    checkSame([preview.read, preview.create, preview.update, preview.failed], [1204, 1200, 2, 2], 'preview');
    const { importId } = (await service.request('startImport', request)) as { importId: string };
    const progress = collectAnswers(service, 'importProgress', { importId });
    await waitFor(() => progress.values.at(-1)?.state === 'done');
    const last = progress.values.at(-1);
    checkSame(
      [last?.read, last?.created, last?.updated, last?.skipped, last?.failed, last?.total],
      [1204, 1200, 2, 0, 2, 1204],
      'counts',
    );
    check(progress.values.length >= 3, 'progress was told between the batches');
    const updated = collectAnswers(service, 'record', { entity: 'account', id: 'a1' });
    updated.stop();
    checkSame(updated.values.at(-1)?.record?.['billingCity'], 'Basel', 'updated value');
    const job = await service.request('listIds', { entity: 'importJob', sort: [] });
    checkSame(job, [importId], 'the import is a record');
    // Somebody changes one value afterwards: undoing must leave it alone.
    await execute(service, 'updateRecord', {
      entity: 'account',
      id: 'a1',
      values: { website: 'https://mine.example' },
    });
    await service.request('undoImport', { importId });
    checkSame(
      rowsNow(service, 'account').map((row) => [row.id, row['billingCity'] ?? null, row['website'] ?? null]),
      [
        ['a1', 'Bern', 'https://mine.example'],
        ['a2', null, null],
      ],
      'after undoing',
    );
    await waitFor(() => progress.values.at(-1)?.state === 'undone');
    check(journal.operations.length > 2400, 'everything went through the journal');
    await close(service);
  },

  'SYNC-54 a sealed database is unreadable on the disk, and with another key it is dropped and filled again':
    async () => {
      const createKey = () =>
        crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const journal = createFakeJournal();
      const profileId = newProfileId();
      const key = await createKey();
      const first = openService(journal, getSegmentStorage({ key }));
      await openProfile(first, profileId);
      await applyPage(first, [putOf(account('a1', 1, 'canary-sealed'))]);
      await execute(first, 'createRecord', { entity: 'account', values: { name: 'Typed' } });
      check(!(await isInIndexedDb(profileId, 'canary-sealed')), 'the value is readable');
      await close(first);
      const same = openService(journal, getSegmentStorage({ key }));
      await openProfile(same, profileId);
      checkSame(namesNow(same, 'account'), 'canary-sealed,Typed', 'with the same key');
      await close(same);
      const other = openService(journal, getSegmentStorage({ key: await createKey() }));
      await openProfile(other, profileId);
      checkSame(namesNow(other, 'account'), 'Typed', 'with another key');
      checkSame(await tokenOf(other), null, 'token');
      await close(other);
    },

  'SYNC-38 wiping leaves no byte and closing answers nobody': async () => {
    const { service, profileId } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'canary-wipe'))]);
    const list = collectAnswers(service, 'list', listOf('account'));
    await service.handle({ kind: 'wipe', profileId });
    checkSame(list.errors, ['not_signed_in'], 'errors');
    check(!(await isInIndexedDb(profileId, 'canary-wipe')), 'bytes are left');
  },

  'the database has one collection for each name and at most 12': async () => {
    check(collectionNames.length <= 12, 'RxDB without paid plug-ins holds at most 12');
    await Promise.resolve();
  },

  'windows are answered over channels, follow changes, and find a host that was restarted': async () => {
    const { journal, service, profileId } = await start();
    await applyPage(service, [putOf(account('a1', 1, 'One')), putOf(account('a2', 1, 'Two'))]);
    const stopServing = serveClients(service, 'host-1');
    const client = createDataClient('window-1');
    const answers: DataAnswer<ListResult>[] = [];
    client.watch('list', listOf('account'), (answer) => answers.push(answer));
    const names = (): string => {
      const last = answers.at(-1);
      return last?.ok === true ? last.value.rows.map((row) => String(row['name'])).join() : '';
    };
    await waitFor(() => names() === 'One,Two');
    const firstRow = answers.at(-1);
    const { recordId } = await client.request('execute', {
      command: 'createRecord',
      input: { entity: 'account', values: { name: 'Three' } },
    });
    checkSame(names(), 'One,Three,Two', 'own change is there when the command answers');
    const lastRow = answers.at(-1);
    check(
      firstRow?.ok === true && lastRow?.ok === true && firstRow.value.rows[0] === lastRow.value.rows[0],
      'unchanged rows stay the same objects',
    );
    stopServing();
    await close(service);
    const second = openService(journal, undefined, 2);
    const stopSecond = serveClients(second, 'host-2');
    await openProfile(second, profileId);
    const late = client.request('listIds', { entity: 'account', sort: [{ field: 'name', direction: 'asc' }] });
    checkSame(await late, ['a1', recordId, 'a2'], 'ids from the second host');
    await execute(second, 'updateRecord', { entity: 'account', id: 'a1', values: { name: 'Uno' } });
    await waitFor(() => names() === 'Three,Two,Uno');
    client.close();
    stopSecond();
    await close(second);
  },
};

/** Puts bytes that are no segment in the place of all of a collection. */
async function spoilSegments(profileId: string, collection: string): Promise<void> {
  const found = await indexedDB.databases();
  const name = found.find((info) => info.name?.includes(profileId))?.name ?? '';
  const dexie = await new Dexie(name).open();
  const spoilt = await dexie
    .table<{ data: Uint8Array }>('segments')
    .where(':id')
    .between([collection, Dexie.minKey], [collection, Dexie.maxKey])
    .modify((segment) => {
      segment.data = new TextEncoder().encode('[0]');
    });
  dexie.close();
  check(spoilt > 0, 'there must be something to spoil');
}

async function emptyOneStore(profileId: string): Promise<void> {
  const found = await indexedDB.databases();
  const names = found.flatMap(({ name }) => (name?.includes(profileId) === true ? [name] : []));
  const [name] = names;
  if (name === undefined) throw new Error('no database');
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('cannot open'));
  });
  // The largest store is the one with the records.
  const stores = [...database.objectStoreNames];
  const transaction = database.transaction(stores, 'readwrite');
  const sizes = await Promise.all(
    stores.map(
      (store) =>
        new Promise<number>((resolve) => {
          const request = transaction.objectStore(store).count();
          request.onsuccess = () => resolve(request.result);
        }),
    ),
  );
  const largest = stores[sizes.indexOf(Math.max(...sizes))] ?? '';
  const keys = await new Promise<IDBValidKey[]>((resolve) => {
    const request = transaction.objectStore(largest).getAllKeys();
    request.onsuccess = () => resolve(request.result);
  });
  const [first] = keys;
  if (first !== undefined) transaction.objectStore(largest).delete(first);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}
