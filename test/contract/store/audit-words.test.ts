// Looking for words among more entries than are looked through one by one: rare words come from their index, on both engines.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AuditQuery } from '#shared/sync/audit-messages.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { auditor, fillAudit, personOf, TENANT } from '#test/bench/audit-chain.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';

/** More than are rare have `after` among their words, beside the newest. */
const ENTRIES = 17_000;
interface Entry {
  readonly no: number;
  readonly actor: string;
  readonly command: string;
  readonly text: string;
}

/** As words are found: from their beginning. */
const hasWord = ({ text }: Entry, word: string): boolean => new RegExp(`(^|[^\\p{L}\\d])${word}`, 'u').test(text);

describe.each(sqlEngines)('words of the audit on $name', (engine) => {
  let db: SqlDatabase;
  let place: Awaited<ReturnType<typeof engine.createLocation>>;
  let all: readonly Entry[] = [];

  beforeAll(async () => {
    place = await engine.createLocation();
    db = await openDatabase(place.location);
    await fillAudit(db, ENTRIES, true);
    all = await db.inTenant(TENANT, (session) =>
      session.query<Entry>(
        `SELECT no, actor, command, coalesce(field_values, '') AS text FROM audit WHERE tenant = $1 ORDER BY no DESC`,
        [TENANT],
      ),
    );
  }, 180_000);
  afterAll(async () => {
    await db.close();
    await place.remove();
  });

  async function readAll(query: AuditQuery): Promise<readonly number[]> {
    const found: number[] = [];
    for (let before: number | null | undefined = undefined; before !== null;) {
      const page = await readAudit(db, auditor, { ...query, ...(before === undefined ? {} : { before }) });
      found.push(...page.entries.map(({ no }) => no));
      before = page.next;
    }
    return found;
  }
  const matching = (fits: (entry: Entry) => boolean) => all.filter(fits).map(({ no }) => no);

  it('AUD-01 words of few, of some and of nearly all entries find every one of them, newest first, page by page', async () => {
    const rare =
      /harbour (\d+) after/.exec(all.findLast(({ text }) => text.includes('harbour'))?.text ?? '')?.[1] ?? '';
    const hasRare = ({ text }: Entry) => text.includes('harbour') && new RegExp(` ${rare}\\d* `).test(text);
    expect(matching(hasRare).length).toBeGreaterThan(0);
    expect(await readAll({ text: `harbour ${rare}` })).toEqual(matching(hasRare));
    expect(await readAll({ text: 'MUSEUM' })).toEqual(matching(({ text }) => text.includes('museum')));
    const actor = personOf(199);
    expect(matching((entry) => entry.actor === actor).length).toBeGreaterThan(0);
    expect(await readAll({ text: 'after', actor })).toEqual(
      matching((entry) => entry.actor === actor && entry.text.includes('after')),
    );
    // Whoever did the most, before the newest that are looked through as well.
    const byActor = Map.groupBy(all, (entry) => entry.actor);
    const [busiest = ''] = [...byActor].toSorted(([, one], [, other]) => other.length - one.length)[0] ?? [];
    for (const text of ['after', 'museum', `harbour ${rare}`])
      expect(await readAll({ text, actor: busiest })).toEqual(
        matching((entry) => entry.actor === busiest && text.split(' ').every((word) => hasWord(entry, word))),
      );
    // Of one command are many.
    const command = 'updateRecord';
    expect(matching((entry) => entry.command === command).length).toBeGreaterThan(4_000);
    for (const text of ['after', 'museum'])
      expect(await readAll({ text, command })).toEqual(
        matching((entry) => entry.command === command && hasWord(entry, text)),
      );
  });

  it('C12 the function that asks the index tells nothing of another organization, or without one', async () => {
    const sql = `SELECT no FROM audit_with_words('''museum'':*'::tsquery, 1000000, 10) AS found(no)`;
    expect(await db.inTenant(TENANT, (session) => session.query(sql))).toHaveLength(10);
    expect(await db.inTenant('another' as TenantId, (session) => session.query(sql))).toEqual([]);
    expect(await db.query(sql)).toEqual([]);
    // Whatever its name is made of, it is one word.
    for (const name of [String.raw`o'neil \' & 'museum`, 'audited | museum'])
      expect(await db.inTenant(name as TenantId, (session) => session.query(sql))).toEqual([]);
  });
});
