// Files of mail and of jobs that really are damaged: a profile opens all the same, what can be read is there, and whoever wrote
// letters is told.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openJobFile } from '#main/jobs/job-file.ts';
import { MAIL_FOLDER } from '#main/mail/kept-accounts.ts';
import { openMailStore } from '#main/mail/mail-store.ts';
import { openOutboxStore } from '#main/mail/outbox-store.ts';
import { damageFile, damages } from '#test/support/damage-file.ts';
import {
  accountAt,
  createMailPlace,
  draftOf,
  fileOptions,
  startMail,
  type MailPlace,
} from '#test/support/mail-world.ts';

let place: MailPlace;
beforeEach(() => {
  place = createMailPlace();
});
afterEach(() => place.remove());

const mailFile = (name: string): string => path.join(place.directory, MAIL_FOLDER, name);
const putAside = (): readonly string[] =>
  readdirSync(path.join(place.directory, MAIL_FOLDER)).filter((name) => /\.damaged-\d+$/.test(name));
const LETTERS = 60;

async function writeLetters(): Promise<readonly string[]> {
  const world = startMail(place);
  world.isOnline = false;
  const accountId = await world.engine.save({ id: null, account: accountAt(9, 9), password: 'a pass word' });
  const ids: string[] = [];
  for (let n = 0; n < LETTERS; n += 1) {
    const id = world.engine.saveDraft(
      null,
      draftOf(accountId, { subject: `Letter ${String(n)}`, text: 'x'.repeat(9_000) }),
    );
    if (n % 2 === 0) await world.engine.send(id);
    ids.push(id);
  }
  await world.stop();
  return ids;
}

describe('a damaged file', () => {
  it.each(damages)(
    'EML-02 an outbox that is damaged (%s) keeps nobody from working, and its author is told',
    async (damage) => {
      const ids = await writeLetters();
      damageFile(mailFile('outbox.sqlite'), damage);
      const world = startMail(place);
      world.isOnline = false;
      const state = world.state();
      expect(putAside()).toHaveLength(1);
      expect(state.outboxDamage).toMatchObject({ saved: state.outbox.length });
      expect(world.engine.attentionCount()).toBe(1);
      expect(state.accounts).toHaveLength(1);
      // What can be read is there once, and nothing of it goes out unasked.
      expect(ids).toEqual(expect.arrayContaining(state.outbox.map(({ id }) => id)));
      expect(state.outbox.every((item) => item.state === 'draft')).toBe(true);
      if (damage === 'middle') expect(state.outbox.length).toBeGreaterThan(LETTERS / 4);
      expect(state.outbox.length).toBeLessThan(LETTERS);
      // It is told until somebody saw it, also over a restart; and the outbox works.
      const next = world.engine.saveDraft(null, draftOf(state.accounts[0]?.id ?? ''));
      await world.stop();
      const again = startMail(place);
      expect(again.state().outboxDamage).toEqual(state.outboxDamage);
      expect(again.state().outbox.map(({ id }) => id)).toContain(next);
      again.engine.noteDamageSeen();
      expect([again.state().outboxDamage, again.engine.attentionCount()]).toEqual([null, 0]);
      await again.stop();
      expect(putAside()).toHaveLength(1);
    },
  );

  it('EML-02 a letter whose bytes were changed is damage, too, and all the others stay', async () => {
    const ids = await writeLetters();
    const store = openOutboxStore(place.directory, place.key, fileOptions);
    store.close();
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(mailFile('outbox.sqlite'));
    db.prepare('UPDATE outgoing SET sealed = zeroblob(500) WHERE id = ?').run(ids[7] ?? '');
    db.close();
    const world = startMail(place);
    world.isOnline = false;
    expect(world.state().outbox.map(({ id }) => id)).toEqual(ids.filter((_id, n) => n !== 7));
    expect(world.state().outboxDamage).toMatchObject({ saved: LETTERS - 1 });
    await world.stop();
  });

  it.each(damages)('EML-01 a mailbox that is damaged (%s) opens, with its accounts', async (damage) => {
    const first = startMail(place);
    first.isOnline = false;
    await first.engine.save({ id: null, account: accountAt(9, 9), password: 'a pass word' });
    await first.stop();
    damageFile(mailFile('mailbox.sqlite'), damage);
    const second = startMail(place);
    second.isOnline = false;
    // What opening does not read tells of its damage when it is read; the file is begun anew then.
    await vi.waitFor(() => expect(putAside()).toHaveLength(1));
    await vi.waitFor(() => expect(second.state().accounts.map(({ address }) => address)).toEqual(['ada@example.test']));
    expect(second.state().outboxDamage).toBeNull();
    await second.stop();
    // The third one is not damaged any more.
    openMailStore(place.directory, place.key, fileOptions).close();
    expect(putAside()).toHaveLength(1);
  });

  it.each(damages)('OBS-04 jobs that are damaged (%s) begin anew', (damage) => {
    const file = path.join(place.directory, 'jobs.sqlite');
    const first = openJobFile(file, fileOptions.nowMs, fileOptions.log);
    const insert = first.prepare(
      "INSERT INTO job (id, kind, state, priority, run_at, created_ms, data) VALUES (?, 'work', 'waiting', 0, 0, 0, zeroblob(3000))",
    );
    for (let n = 0; n < 40; n += 1) insert.run(String(n));
    first.close();
    damageFile(file, damage);
    const second = openJobFile(file, fileOptions.nowMs, fileOptions.log);
    expect(second.prepare('SELECT count(*) AS n FROM job').get()).toEqual({ n: 0 });
    second.close();
    expect(readdirSync(place.directory)).toContain('jobs.sqlite.damaged-17');
  });
});
