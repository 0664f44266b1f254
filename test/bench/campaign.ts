// Ten thousand personalised mails of a campaign, from the claim of the first to the answer for the last, against Nodemailer with
// a pool of as many connections and the same content, both handed to smtp-sink of Postfix.
import { noBrand } from '#shared/brand/brand.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { Published } from '#server/campaigns/campaign-context.ts';
import { createComposer } from '#server/campaigns/compose-mail.ts';
import { createSmtpSender } from '#server/campaigns/providers/smtp-sender.ts';
import { sendDue } from '#server/campaigns/send-due.ts';
import { createLinkSigner } from '#server/campaigns/signed-links.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { createTenant } from '#server/store/tenants.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Figure, Measured } from '#test/bench/figure.ts';

const MAILS = 10_000;
const CONNECTIONS = 8;
const tenantId = 'bench' as TenantId;
const stamps = { rev: 1, ownerId: 'u', teamId: null, createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
const sender: AnyRecord = { ...stamps, kind: 'user', id: 'u', name: 'Grace Hopper', email: 'grace@example.com' };
const body = `Dear {first_name|customer},\n\n${'What we did this month is told in this letter, line after line. '.repeat(25)}\n\nSee https://example.com/news.\n\nYours, {sender_name}`;
const published: Published = {
  name: 'Bench',
  content: {
    subject: 'News for {first_name|you}',
    body,
    format: 'text',
  },
  subjectB: null,
  audience: {
    parts: [],
    without: [],
  },
  perHour: null,
  bestTime: false,
  trackOpens: true,
  trackClicks: true,
  test: null,
  follows: null,
  locale: 'en',
  timeZone: 'UTC',
};
const from = { name: 'Grace Hopper', address: 'news@example.com' };

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

export async function startSink() {
  const port = await freePort();
  const child = spawn('/usr/sbin/smtp-sink', ['-u', 'nobody', `127.0.0.1:${String(port)}`, '256'], { stdio: 'ignore' });
  for (let round = 0; round < 100; round += 1) {
    const socket = connect(port, '127.0.0.1');
    const isUp = await new Promise<boolean>((settle) => {
      socket.once('data', () => settle(true));
      socket.once('error', () => settle(false));
    });
    socket.destroy();
    if (isUp) return { port, stop: () => child.kill() };
    await sleep(50);
  }
  throw new Error('smtp-sink does not answer: apt-get install postfix');
}

async function sendCampaign(port: number): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outpost-bench-'));
  const database = await openDatabase({ dataDir });
  try {
    await createTenant(database, tenantId, 'Bench', Date.now());
    await database.inTenant(tenantId, async (session) => {
      await session.query(
        `INSERT INTO campaign_run (tenant, campaign, publisher, content, state, due_at) VALUES ($1, 'k', 'u', '{}', 'sending', 0)`,
        [tenantId],
      );
      await session.query(
        `INSERT INTO campaign_recipient (tenant, campaign, no, entity, record_id, address, given, state)
         SELECT $1, 'k', n, 'contact', 'c' || n, 'c' || n || '@example.com', json_build_object('first_name', 'Person ' || n, 'name', 'Person ' || n), 'waiting'
         FROM generate_series(1, $2::int) n`,
        [tenantId, MAILS],
      );
    });
    const signer = await createLinkSigner(database);
    const links = new Map([['https://example.com/news', 1]]);
    const composer = await createComposer({
      tenantId,
      campaignId: 'k',
      published,
      sender,
      from,
      signer,
      links,
      winner: null,
      brand: noBrand,
      origin: 'https://crm.example.com',
    });
    const place = {
      host: '127.0.0.1',
      port,
      security: 'none',
      user: null,
      password: null,
      atOnce: CONNECTIONS,
    } as const;
    const smtp = createSmtpSender({ ...place, resolve: () => Promise.resolve('127.0.0.1') });
    const startMs = performance.now();
    const clock = { now: () => Date.now() };
    const rest = { signal: new AbortController().signal, isDecided: true, untilMs: Date.now() + 600_000 };
    const round = await sendDue({ database, clock, tenantId, campaignId: 'k', composer, sender: smtp, ...rest });
    const tookMs = performance.now() - startMs;
    await smtp.close();
    if (round.nextMs !== null) throw new Error(`Not everything was sent: ${round.trouble ?? ''}`);
    return tookMs;
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function sendBare(port: number): Promise<number> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    pool: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
    ignoreTLS: true,
  });
  const startMs = performance.now();
  const text = body.replace('{sender_name}', 'Grace Hopper');
  const html = `<p>${text.replaceAll('\n\n', '</p><p>')}</p>`;
  const sent = Array.from({ length: MAILS }, (_, index) =>
    transport.sendMail({
      from: `"${from.name}" <${from.address}>`,
      to: `c${String(index)}@example.com`,
      subject: `News for Person ${String(index)}`,
      text: text.replace('{first_name|customer}', `Person ${String(index)}`),
      html: html.replace('{first_name|customer}', `Person ${String(index)}`),
    }),
  );
  await Promise.all(sent);
  const tookMs = performance.now() - startMs;
  transport.close();
  return tookMs;
}

export const campaign10k: Figure = {
  name: 'campaign-10k',
  unit: 'ms',
  ratio: 'times',
  target: { is: '<=', limit: 1.3 },
  async measure(): Promise<Measured> {
    const sink = await startSink();
    try {
      const bareMs = await sendBare(sink.port);
      const ownMs = await sendCampaign(sink.port);
      return { value: ownMs, peer: { name: 'nodemailer pool', value: bareMs } };
    } finally {
      sink.stop();
    }
  },
};
