// Mail at the size of years. `imap-10k`: the first sync of a mailbox of 10,000 mails from a real Dovecot, against what a bare
// ImapFlow needs to fetch the same parts and forget them. `imap-idle`: a new mail in the mailbox until it is handed to the record
// it belongs to, by IDLE.
import { median, type Figure, type Measured } from '#test/bench/figure.ts';
import { fullQuery } from '#main/mail/sync-folder.ts';
import { startDovecot, type Dovecot } from '#test/support/dovecot.ts';
import { accountAt, createMailPlace, folderOf, mailOf, startMail } from '#test/support/mail-world.ts';

const COUNT = Number(process.env['OUTPOST_BENCH_MAILS'] ?? 10_000);
const ROUNDS = 3;
const IDLE_ROUNDS = 9;
const PASSWORD = 'a pass word';
const BODY = `${'We offer what we said, at the price we said, in the week we said. '.repeat(40)}\r\n`;

async function fill(dovecot: Dovecot, user: string): Promise<void> {
  const client = await dovecot.connect(user, PASSWORD);
  for (let index = 0; index < COUNT; index += 1)
    await client.append(
      'INBOX',
      mailOf({
        from: `Person ${String(index % 400)} <p${String(index % 400)}@company${String(index % 90)}.example>`,
        messageId: `m${String(index)}@bench.example`,
        subject: `Subject ${String(index)}`,
        body: BODY,
        ...(index % 3 === 0 ? {} : { references: `<m${String(index - (index % 3))}@bench.example>` }),
      }),
    );
  client.close();
}

async function fetchBare(dovecot: Dovecot, user: string): Promise<number> {
  const begunMs = performance.now();
  const client = await dovecot.connect(user, PASSWORD);
  await client.mailboxOpen('INBOX', { readOnly: true });
  let seen = 0;
  for await (const message of client.fetch('1:*', fullQuery)) if (message.uid > 0) seen += 1;
  client.close();
  if (seen !== COUNT) throw new Error(`${String(seen)} of ${String(COUNT)} mails`);
  return performance.now() - begunMs;
}

async function syncFirst(dovecot: Dovecot, user: string): Promise<number> {
  const place = createMailPlace();
  const world = startMail(place);
  try {
    const begunMs = performance.now();
    await world.engine.save({ id: null, account: accountAt(dovecot.port, 9, { user }), password: PASSWORD });
    await world.until('all mails', () => folderOf(world, '\\Inbox')?.onServer === COUNT, 300_000);
    return performance.now() - begunMs;
  } finally {
    await world.stop();
    place.remove();
  }
}

async function measureSync(): Promise<Measured> {
  const dovecot = await startDovecot(['bench'], PASSWORD);
  try {
    await fill(dovecot, 'bench');
    const [own, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await fetchBare(dovecot, 'bench'));
      own.push(await syncFirst(dovecot, 'bench'));
    }
    return {
      value: median(own),
      peer: { name: 'bare ImapFlow', value: median(bare) },
      notes: [
        `${String(COUNT)} mails`,
        `own ${own.map(Math.round).join(', ')}`,
        `bare ${bare.map(Math.round).join(', ')}`,
      ],
    };
  } finally {
    await dovecot.stop();
  }
}

async function measureIdle(): Promise<Measured> {
  const dovecot = await startDovecot(['bench'], PASSWORD);
  const place = createMailPlace();
  place.contacts.set('bob@customer.example', 'c1');
  const world = startMail(place);
  const phone = await dovecot.connect('bench', PASSWORD);
  try {
    await world.engine.save({ id: null, account: accountAt(dovecot.port, 9, { user: 'bench' }), password: PASSWORD });
    await world.until(
      'rest',
      () => folderOf(world, '\\Sent')?.checkedAt !== null && folderOf(world, '\\Sent') !== undefined,
    );
    const times: number[] = [];
    for (let round = 0; round < IDLE_ROUNDS; round += 1) {
      await new Promise((settle) => setTimeout(settle, 1_000));
      const begunMs = performance.now();
      await phone.append('INBOX', mailOf({ messageId: `i${String(round)}@bench.example` }));
      await world.until('the mail', () => place.kept.size === round + 1);
      times.push(performance.now() - begunMs);
    }
    return { value: Math.max(...times), notes: [`median ${median(times).toFixed(0)} ms, the slowest counts`] };
  } finally {
    phone.close();
    await world.stop();
    place.remove();
    await dovecot.stop();
  }
}

export const imap: readonly Figure[] = [
  {
    name: 'imap-10k',
    unit: 'ms',
    ratio: 'times',
    target: { is: '<=', limit: 1.5 },
    measure: measureSync,
  },
  { name: 'imap-idle', unit: 'ms', target: { is: '<=', limit: 2_000 }, measure: measureIdle },
];
