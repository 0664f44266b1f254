// Cases of the data host while rights change, in a real Chromium page on real IndexedDB: what goes, what stays, and what a
// comparison with a manifest finds. The steps leave a sealed profile on the disk for a look at its raw bytes.
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { ManifestFindings } from '#shared/ipc/host-request.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { ManifestRange, ScopeDrop } from '#shared/sync/messages.ts';
import {
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
  positionOf,
  putOf,
  rowsNow,
  tokenOf,
} from '#test/renderer/data/data-fixture.ts';

const key = btoa('k'.repeat(32));
const owned = (id: string, ownerId: string, teamId: string | null, name: string, values: object = {}) =>
  makeRecord('account', id, 3, { name, ownerId, teamId, ...values });
/** The team is lost: of accounts only what is one's own remains. */
const withoutTeam: ScopeDrop = { scopes: { account: ['o:user-1'] }, fields: {} };

async function start() {
  const journal = createFakeJournal();
  const service = openService(journal);
  const profileId = newProfileId();
  await openProfile(service, profileId);
  return { journal, service, profileId };
}

type Service = Awaited<ReturnType<typeof start>>['service'];

async function close(service: Service): Promise<void> {
  await service.handle({ kind: 'closeProfile' });
}

async function hitsOf(service: Service, text: string): Promise<number> {
  const found = (await service.request('search', { text, limit: 5 })) as { readonly hits: readonly unknown[] };
  return found.hits.length;
}

/** Fingerprints as a server makes them, written apart from the product's own. */
async function printOf(record: AnyRecord): Promise<string> {
  const bytes = Uint8Array.from(atob(key), (letter) => letter.codePointAt(0) ?? 0);
  const imported = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const hash = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(toCanonicalJson(record)));
  const text = btoa(String.fromCodePoint(...new Uint8Array(hash)))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return text.slice(0, 12);
}

async function rangeOf(records: readonly AnyRecord[], bounds: Partial<ManifestRange> = {}): Promise<ManifestRange> {
  const ordered = records.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const prints = await Promise.all(ordered.map(printOf));
  const coll = entityOf(ordered[0]?.kind ?? 'account')?.collection ?? 'accounts';
  return { coll, after: '', upTo: null, ids: ordered.map(({ id }) => id), prints: prints.join(''), ...bounds };
}

async function compare(
  service: Service,
  ranges: readonly ManifestRange[],
  onlyLook = false,
): Promise<ManifestFindings> {
  return (await service.handle({ kind: 'compareManifest', ranges, key, onlyLook })) as ManifestFindings;
}

export const cases: Record<string, () => Promise<unknown>> = {
  'SYNC-25 SYNC-24 a purge takes records from lists, counts, search, labels and the disk, and leaves what is still in reach':
    async () => {
      const { service, profileId } = await start();
      const canary = 'canary-81c2';
      const deal = makeRecord('deal', 'd1', 2, { name: 'Mine', accountId: 'a1', pipelineId: 'p', stageId: 's' });
      await applyPage(service, [
        putOf(owned('a1', 'user-2', 'team-1', canary)),
        putOf(owned('a2', 'user-1', 'team-1', 'Own')),
        putOf(deal),
      ]);
      await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { phone: '999123' } });
      await execute(service, 'createRecord', { entity: 'account', values: { name: 'Unsent' } });
      const list = collectAnswers(service, 'list', listOf('account'));
      const deals = collectAnswers(service, 'list', listOf('deal'));
      const counts = collectAnswers(service, 'aggregate', { entity: 'account', groupBy: null, sums: [] });
      checkSame(await hitsOf(service, canary), 1, 'search hits before');
      checkSame(deals.values.at(-1)?.labels['a1'], canary, 'label before');
      check(await isInIndexedDb(profileId, canary), 'the probe must find the value while it is there');
      await service.handle({ kind: 'purge', drop: withoutTeam });
      checkSame(namesNow(service, 'account'), 'Own,Unsent', 'accounts');
      checkSame(namesNow(service, 'deal'), 'Mine', 'deals');
      checkSame(await hitsOf(service, canary), 0, 'search hits');
      const fresh = collectAnswers(service, 'list', listOf('deal'));
      checkSame(fresh.values.at(-1)?.labels['a1'], undefined, 'label');
      check(!(await isInIndexedDb(profileId, canary)), 'the bytes are still in IndexedDB');
      check(!(await isInIndexedDb(profileId, '999123')), 'what was typed on it belongs to the journal alone');
      await new Promise((resolve) => setTimeout(resolve, 60));
      checkSame(list.values.at(-1)?.total, 2, 'the open list');
      checkSame(counts.values.at(-1)?.groups[0]?.count, 2, 'the open count');
      await close(service);
      const again = openService(createFakeJournal());
      await openProfile(again, profileId);
      checkSame(namesNow(again, 'account'), 'Own', 'rows after a restart with an empty journal');
      await close(again);
    },

  'SYNC-22 a purge takes lost fields from records that stay, from the index and from the disk': async () => {
    const { service, profileId } = await start();
    const secret = 'secretword';
    await applyPage(service, [putOf(owned('a1', 'user-1', null, 'Stays', { description: secret, phone: '555' }))]);
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { phone: '777' } });
    check(await isInIndexedDb(profileId, secret), 'the probe must find the value while it is there');
    await service.handle({ kind: 'purge', drop: { scopes: {}, fields: { account: ['description'] } } });
    const [row] = rowsNow(service, 'account');
    checkSame([row?.['name'], row?.['phone'], 'description' in (row ?? {})], ['Stays', '777', false], 'row');
    checkSame(await hitsOf(service, secret), 0, 'search hits');
    check(!(await isInIndexedDb(profileId, secret)), 'the bytes are still in IndexedDB');
    await close(service);
  },

  'SYNC-25 a kind of which nothing remains in reach goes wholly, and a purge done twice changes nothing': async () => {
    const { service } = await start();
    await applyPage(service, [
      putOf(makeRecord('lead', 'l1', 1, { name: 'Lead', email: 'l@example.test' })),
      putOf(owned('a1', 'user-1', null, 'Stays')),
    ]);
    const drop: ScopeDrop = { scopes: { lead: [] }, fields: {} };
    for (let round = 0; round < 2; round += 1) {
      await service.handle({ kind: 'purge', drop });
      checkSame([rowsNow(service, 'lead').length, namesNow(service, 'account')], [0, 'Stays'], `round ${round}`);
    }
    await close(service);
  },

  'SYNC-18 a comparison names what is missing or another one, takes away what is not named, and spares unsent work':
    async () => {
      const { service } = await start();
      const [same, other, gone] = [
        owned('a1', 'user-1', null, 'Same'),
        owned('a3', 'user-1', null, 'Old'),
        owned('a4', 'user-1', null, 'Gone'),
      ];
      await applyPage(service, [same, other, gone].map(putOf));
      await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { phone: '123456' } });
      await execute(service, 'createRecord', { entity: 'account', values: { name: 'Unsent' } });
      const now = [same, owned('a2', 'user-1', null, 'New'), { ...other, name: 'Newer' }];
      const found: ManifestFindings = {
        missing: [{ coll: 'accounts', ids: ['a2'] }],
        different: [{ coll: 'accounts', ids: ['a3'] }],
        surplus: [{ coll: 'accounts', ids: ['a4'] }],
      };
      checkSame(await compare(service, [await rangeOf(now)], true), found, 'a look');
      checkSame(namesNow(service, 'account'), 'Gone,Old,Same,Unsent', 'after a look');
      checkSame(await compare(service, [await rangeOf(now)]), found, 'a comparison');
      checkSame(namesNow(service, 'account'), 'Old,Same,Unsent', 'after a comparison');
      await service.handle({
        kind: 'applyManifest',
        after: await tokenOf(service),
        items: now.slice(1).map(putOf),
        token: 'log',
        isLast: true,
        epoch: 4,
      });
      checkSame(namesNow(service, 'account'), 'New,Newer,Same,Unsent', 'after the bodies');
      checkSame(rowsNow(service, 'account').find(({ id }) => id === 'a1')?.['phone'], '123456', 'unsent change');
      checkSame(await positionOf(service), { token: 'log', epoch: 4, stage: 'log' }, 'position');
      checkSame(await compare(service, [await rangeOf(now)]), { missing: [], different: [], surplus: [] }, 'again');
      await close(service);
    },

  'SYNC-18 a range speaks for its part of a collection only': async () => {
    const { service } = await start();
    const records = ['a1', 'a2', 'a3', 'a4'].map((id) => owned(id, 'user-1', null, id));
    await applyPage(service, records.map(putOf));
    await compare(service, [await rangeOf(records.slice(1, 2), { after: 'a1', upTo: 'a3' })]);
    checkSame(namesNow(service, 'account'), 'a1,a2,a4', 'rows');
    await close(service);
  },

  'SYNC-56 an interrupted comparison goes on where it was, in the epoch it was made with': async () => {
    const { journal, service, profileId } = await start();
    checkSame(await positionOf(service), { token: null, epoch: null, stage: 'empty' }, 'position of a new profile');
    await applyPage(service, [putOf(owned('a1', 'user-1', null, 'A'))]);
    checkSame((await positionOf(service)).stage, 'log', 'stage after a page');
    const step = { kind: 'applyManifest', items: [], token: 'cursor', isLast: false, epoch: 7 } as const;
    await service.handle({ ...step, after: 'token' });
    await close(service);
    const again = openService(journal);
    await openProfile(again, profileId);
    checkSame(await positionOf(again), { token: 'cursor', epoch: 7, stage: 'manifest' }, 'position after a restart');
    const places = [{ entity: 'account', recordId: 'b1' }];
    checkSame(await again.handle({ kind: 'findAbsent', places }), null, 'absent while incomplete');
    await again.handle({ ...step, after: 'cursor', token: 'log', isLast: true });
    checkSame(await again.handle({ kind: 'findAbsent', places }), places, 'absent');
    checkSame(await again.handle({ kind: 'findAbsent', places: [{ entity: 'account', recordId: 'a1' }] }), [], 'held');
    await close(again);
  },

  'D12 the database of a profile that is not open is wiped as well, and no other one': async () => {
    const gone = await start();
    await applyPage(gone.service, [putOf(owned('a1', 'user-1', null, 'Here'))]);
    await close(gone.service);
    const stays = await start();
    await applyPage(stays.service, [putOf(owned('a1', 'user-1', null, 'Here'))]);
    await stays.service.handle({ kind: 'wipe', profileId: gone.profileId });
    checkSame(namesNow(stays.service, 'account'), 'Here', 'the profile that is open');
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    checkSame(
      [gone, stays].map(({ profileId }) => names.some((name) => name.includes(profileId))),
      [false, true],
      'databases left',
    );
    await close(stays.service);
  },

  'SYNC-25 what the journal forgot or sends again is what the view is folded from': async () => {
    const { journal, service } = await start();
    await applyPage(service, [putOf(owned('a1', 'user-1', null, 'Server'))]);
    await execute(service, 'updateRecord', { entity: 'account', id: 'a1', values: { name: 'First' } });
    const [first] = journal.operations;
    if (first === undefined) throw new Error('an operation expected');
    journal.operations.splice(0, 1, {
      ...first,
      opId: 'again',
      changes: [{ group: 'name', base: {}, to: { name: 'Again' } }],
    });
    await service.handle({ kind: 'reloadPending' });
    checkSame(
      rowsNow(service, 'account').map((row) => [row['name'], row.pending]),
      [['Again', ['again']]],
      'rows',
    );
    journal.operations.length = 0;
    await service.handle({ kind: 'reloadPending' });
    checkSame(
      rowsNow(service, 'account').map((row) => [row['name'], row.pending]),
      [['Server', []]],
      'rows without operations',
    );
    await close(service);
  },
};

// Put together at run time: Chromium keeps this file itself in its cache.
const CANARY = ['CANARY', 'on', 'the', 'disk'].join('-');
let sealed: Service | null = null;

/** To be called in order: they are one story of one profile. */
export const steps: Record<string, () => Promise<unknown>> = {
  async fillSealed() {
    const cryptoKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    sealed = openService(createFakeJournal(), getSegmentStorage({ key: cryptoKey }));
    await openProfile(sealed, 'sealed-profile');
    const records = Array.from({ length: 300 }, (_, index) =>
      owned(`a${index}`, index % 2 === 0 ? 'user-1' : 'user-2', 'team-1', `${CANARY} ${index}`, { phone: '0123456' }),
    );
    await applyPage(sealed, records.map(putOf));
    await execute(sealed, 'updateRecord', { entity: 'account', id: 'a1', values: { description: `${CANARY} typed` } });
    checkSame(await hitsOf(sealed, CANARY), 5, 'search hits');
  },
  async purgeSealed() {
    if (sealed === null) throw new Error('fill first');
    await sealed.handle({ kind: 'purge', drop: withoutTeam });
    checkSame(rowsNow(sealed, 'account').length, 100, 'rows of the first window');
    await close(sealed);
  },
};
