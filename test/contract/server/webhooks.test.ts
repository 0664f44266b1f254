// Webhooks over real HTTP, with a receiver that checks what it gets: what is told, by whose rights, how often, and what stops it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { GivenApiKey } from '#shared/sync/access-messages.ts';
import type { AuditPage } from '#shared/sync/audit-messages.ts';
import type { PushResponse, SessionGrant, Where } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type {
  GivenWebhook,
  Webhook,
  WebhookDeliveries,
  WebhookDelivery,
  WebhookList,
} from '#shared/sync/webhook-messages.ts';
import { jobTimes } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { findRecord } from '#server/sync/write-record.ts';
import { changeUser } from '#test/support/change-user.ts';
import { waitFor } from '#test/support/device.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { isGenuine, startWebhookReceiver, type WebhookReceiver } from '#test/support/webhook-receiver.ts';

const DAY_MS = 86_400_000;
const path = '/api/v1/webhooks';
const lookOften = { ...jobTimes, lookSeconds: 0.5 };

describe.each(sqlEngines)('webhooks on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let receiver: WebhookReceiver;
  let ada: SessionGrant;
  let rene: SessionGrant;
  let opNo = 0;

  beforeAll(async () => {
    place = await engine.createLocation();
    server = await startServer({
      location: place.location,
      allowPrivate: '127.0.0.1',
      webhookPausesMs: [1, 1, 1],
      jobTimes: lookOften,
      rateLimit: { minute: 10_000, hour: 10_000, day: 10_000 },
    });
    receiver = await startWebhookReceiver();
    await createOrganizationWith(server, 'north', [
      { id: 'root', role: 'super_admin' },
      { id: 'ada', role: 'org_admin' },
      { id: 'bert', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
      { id: 'ines', role: 'integrator' },
    ]);
    await seedRecords(server.database, 'north' as TenantId, [
      seededRecord('role', 'integrator', {
        name: 'Integrations',
        basedOn: 'sales_rep',
        permissions: ['record.read', 'lead.read', 'org.manage_integrations'],
        scopes: { lead: { read: 'own' } },
      }),
      seededRecord('fieldRule', 'f1', { role: 'integrator', entity: 'lead', field: 'phone', mode: 'hidden' }),
    ]);
    await createOrganizationWith(server, 'south', [{ id: 'sven', role: 'org_admin' }]);
  }, 60_000);
  afterAll(async () => {
    await receiver.stop();
    await server.remove();
    await place.remove();
  });
  beforeEach(async () => {
    ada = await signIn(server, 'ada');
    rene = await signIn(server, 'rene');
    receiver.heard.length = 0;
    receiver.behave({ status: 200 });
    const { webhooks } = await list();
    for (const { id } of webhooks) await ask(`${path}/${id}`, { method: 'DELETE' });
  });

  const ask = (
    where: string,
    options: { readonly method?: string; readonly body?: unknown } = {},
    token = ada.accessToken,
  ) => call(server, where, { token, ...options });
  const list = async () => (await ask(path)).body as WebhookList;
  const wish = (events: readonly string[] = ['lead.created'], more: object = {}) => ({
    name: 'Warehouse',
    url: receiver.url,
    events,
    ...more,
  });
  async function make(events?: readonly string[], more?: object): Promise<GivenWebhook> {
    const answer = await ask(path, { body: wish(events, more) });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body as GivenWebhook;
  }
  const deliveriesOf = async ({ id }: Webhook) =>
    ((await ask(`${path}/${id}/deliveries`)).body as WebhookDeliveries).deliveries;
  const settled = (webhook: Webhook, state: WebhookDelivery['state'], count = 1) =>
    waitFor(
      `${String(count)} ${state}`,
      async () => {
        const all = (await deliveriesOf(webhook)).filter((each) => each.state === state);
        return all.length >= count ? all : null;
      },
      9_000,
    );
  const heard = (count: number) =>
    waitFor(
      `${String(count)} calls`,
      () => Promise.resolve(receiver.heard.length >= count ? receiver.heard : null),
      9_000,
    );
  const audited = async (command: string) =>
    ((await ask('/api/v1/audit/entries', { body: { limit: 200 } })).body as AuditPage).entries.filter(
      (entry) => entry.command === command,
    );

  /** As rene's computer would send it. */
  async function push(change: Pick<Operation, 'kind' | 'entity' | 'recordId' | 'changes'>): Promise<void> {
    opNo += 1;
    const grant = await signIn(server, 'rene', `computer-${String(opNo)}`);
    const { epoch } = (await call(server, '/sync/v1/where', { token: grant.accessToken })).body as Where;
    const operation: Operation = {
      opId: `op-${String(opNo)}`,
      opNo: 1,
      txn: null,
      command: 'updateRecord',
      baseRev: 0,
      dependsOn: [],
      captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
      ...change,
    };
    const body = { protocol: 1, epoch, ops: [operation] };
    const answer = await call(server, '/sync/v1/push', { token: grant.accessToken, body });
    const [verdict] = (answer.body as PushResponse).verdicts;
    if (verdict?.status !== 'applied') throw new Error(answer.text);
  }
  const lead = (id: string, values: object = {}) =>
    seededRecord('lead', id, { ownerId: 'rene', name: `Lead ${id}`, status: 'new', ...values });
  const seed = (...records: ReturnType<typeof lead>[]) => seedRecords(server.database, 'north' as TenantId, records);

  it('API-07 API-09 tell of what happened, signed, with both times, and once for each event', async () => {
    const { secret } = await make(['lead.created', 'lead.updated']);
    await push({
      kind: 'create',
      entity: 'lead',
      recordId: 'l1',
      changes: [
        { group: 'name', base: {}, to: { name: 'Jo Berg' } },
        { group: 'status', base: {}, to: { status: 'new' } },
        { group: 'owner', base: {}, to: { ownerId: 'rene' } },
      ],
    });
    const [first] = await heard(1);
    expect(first).toMatchObject({
      event: 'lead.created',
      attempt: 1,
      body: {
        version: 1,
        event: 'lead.created',
        organization: 'north',
        entity: 'lead',
        typedAt: '2026-11-21T09:00:00.000Z',
        record: { id: 'l1', name: 'Jo Berg' },
      },
    });
    expect(first?.body['id']).toBe(first?.delivery);
    expect(isGenuine(secret, first?.signature ?? '', first?.text ?? '', server.clock.now())).toBe(true);
    await push({
      kind: 'patch',
      entity: 'lead',
      recordId: 'l1',
      changes: [{ group: 'name', base: {}, to: { name: 'Jo Berger' } }],
    });
    expect((await heard(2))[1]?.event).toBe('lead.updated');
  });

  it('API-07 tell of nothing they were not asked to tell', async () => {
    const { webhook } = await make(['deal.won', 'deal.lost', 'deal.stage_changed', 'task.completed']);
    const deal = { ownerId: 'rene', name: 'Turbines', pipelineId: 'p', stageId: 's1', status: 'open' };
    await seed(
      seededRecord('deal', 'd1', deal),
      seededRecord('task', 't1', { ownerId: 'rene', subject: 'Call', status: 'done' }),
    );
    await settled(webhook, 'delivered', 1);
    expect(receiver.heard.map(({ event }) => event)).toEqual(['task.completed']);
  });

  it('API-08 API-10 are made, shown, changed, paused and removed by administrators alone, under names used elsewhere too', async () => {
    const { webhook, secret } = await make(['lead_created', 'opportunity.won', 'deal.won']);
    expect(webhook.events).toEqual(['lead.created', 'deal.won']);
    expect((await ask(path)).text).not.toContain(secret);
    expect(server.logText()).not.toContain(secret);
    for (const [where, options] of [
      [path, {}],
      [path, { body: wish() }],
      [`${path}/${webhook.id}`, { method: 'PUT', body: { ...wish(), isPaused: true } }],
      [`${path}/${webhook.id}`, { method: 'DELETE' }],
      [`${path}/${webhook.id}/rotate`, { method: 'POST' }],
      [`${path}/${webhook.id}/test`, { method: 'POST' }],
      [`${path}/${webhook.id}/deliveries`, {}],
    ] as const)
      expect(codeOf(await ask(where, options, rene.accessToken))).toBe('action_forbidden');
    const sven = await signIn(server, 'sven');
    expect((await ask(path, {}, sven.accessToken)).body).toEqual({ webhooks: [] });
    expect(codeOf(await ask(`${path}/${webhook.id}/deliveries`, {}, sven.accessToken))).toBe('not_found');
    expect(codeOf(await ask(path, { body: wish(['lead.exploded']) }))).toBe('invalid');
    const key = { name: 'Integrations', permissions: ['org.manage_integrations'] };
    const { secret: asKey } = (await ask('/api/v1/api-keys', { body: key })).body as GivenApiKey;
    expect(codeOf(await ask(path, { body: wish() }, asKey))).toBe('key_refused');
    expect((await ask('/api/webhooks')).status).toBe(200);
    await server.database.inTenant('north' as TenantId, (session) =>
      session.query('UPDATE session SET proved_at = proved_at - 600000 WHERE user_id = $1', ['ada']),
    );
    const renew = { method: 'POST', body: {} };
    expect(codeOf(await ask(path, { body: wish() }))).toBe('proof_required');
    expect(codeOf(await ask(`${path}/${webhook.id}/rotate`, renew))).toBe('proof_required');
    ada = await signIn(server, 'ada');
    const paused = { ...wish(['lead.created']), isPaused: true };
    const changed = await ask(`${path}/${webhook.id}`, { method: 'PUT', body: paused });
    expect(changed.body).toMatchObject({ state: 'paused', events: ['lead.created'] });
    await seed(lead('quiet'));
    expect(await deliveriesOf(webhook)).toEqual([]);
    expect((await ask(`${path}/${webhook.id}`, { method: 'DELETE' })).status).toBe(200);
    expect(await list()).toEqual({ webhooks: [] });
    expect((await audited('webhook.delete')).at(0)).toMatchObject({ actor: 'ada', id: webhook.id });
  });

  it('C6 go to no address inside that the operator did not name, and to none that carries a password', async () => {
    for (const url of ['http://10.0.0.1/hook', 'https://169.254.169.254/latest', 'http://[::ffff:10.0.0.1]/x'])
      expect(codeOf(await ask(path, { body: { ...wish(), url } }))).toMatch(/address_forbidden|provider_failed/);
    for (const url of ['ftp://example.com', 'file:///etc/passwd', 'https://me:secret@127.0.0.1/', 'nonsense'])
      expect(codeOf(await ask(path, { body: { ...wish(), url } }))).toBe('invalid');
  });

  it('A1 A4 tell what their owner may see: no hidden field, and no record out of the own reach', async () => {
    const ines = await signIn(server, 'ines');
    const answer = await ask(path, { body: wish() }, ines.accessToken);
    const { webhook } = answer.body as GivenWebhook;
    await seed(lead('seen', { ownerId: 'ines', phone: '+49 40 123', company: 'Nordwind' }), lead('theirs'));
    await settled(webhook, 'delivered');
    await settled(webhook, 'withheld');
    expect(receiver.heard).toHaveLength(1);
    expect(receiver.heard[0]?.body.record).toMatchObject({ id: 'seen', company: 'Nordwind' });
    expect(receiver.heard[0]?.text).not.toContain('+49 40 123');
  });

  it('A11 stop when their owner is not active any more, and go on when another administrator takes them over', async () => {
    const bert = await signIn(server, 'bert');
    const { webhook } = (await ask(path, { body: wish() }, bert.accessToken)).body as GivenWebhook;
    await changeUser(server, 'root', 'bert', { isActive: false });
    await seed(lead('after'));
    await settled(webhook, 'withheld');
    expect(receiver.heard).toEqual([]);
    expect((await list()).webhooks[0]).toMatchObject({ ownerId: 'bert', isOwnerActive: false });
    await ask(`${path}/${webhook.id}`, { method: 'PUT', body: { ...wish(), isPaused: false } });
    await seed(lead('later'));
    await heard(1);
    expect(receiver.heard[0]?.body.record).toMatchObject({ id: 'later' });
    await changeUser(server, 'root', 'bert', { isActive: true });
  });

  it('IDT-15 wait while their organization is suspended', async () => {
    const { webhook } = await make();
    const setState = (state: string) =>
      server.database.inTenant('north' as TenantId, (session) =>
        session.query('UPDATE platform_organization SET state = $1 WHERE tenant = $2', [state, 'north']),
      );
    await setState('suspended');
    await seed(lead('suspended'));
    const readRow = () =>
      server.database.inTenant('north' as TenantId, async (session) => {
        const [row] = await session.query<{ round: number; attempts: number; nextAt: number }>(
          'SELECT round, attempts, next_at AS "nextAt" FROM webhook_delivery WHERE webhook = $1',
          [webhook.id],
        );
        return row?.round === 1 ? row : null;
      });
    const put = await waitFor('put off', readRow);
    expect(put).toMatchObject({ attempts: 0, nextAt: server.clock.now() + 3_600_000 });
    expect(receiver.heard).toEqual([]);
    await setState('active');
  });

  it('C10 say nothing of a person who was erased before an attempt was repeated', async () => {
    const { webhook } = await make(['contact.created']);
    receiver.behave({ status: 500 });
    await seed(seededRecord('contact', 'wil', { ownerId: 'rene', name: 'Wilma Erasable' }));
    await settled(webhook, 'dead');
    const erased = await ask('/api/v1/privacy/erase', { body: { entity: 'contact', id: 'wil' } });
    expect(erased.status).toBe(200);
    receiver.heard.length = 0;
    receiver.behave({ status: 200 });
    const [delivery] = await deliveriesOf(webhook);
    await ask(`${path}/${webhook.id}/deliveries/${delivery?.id ?? ''}/replay`, { method: 'POST' });
    await settled(webhook, 'withheld');
    expect(receiver.heard).toEqual([]);
  });

  it('C7 a call that is replayed, late or signed with another secret is told apart by its receiver', async () => {
    const { secret } = await make();
    await seed(lead('signed'));
    const [told] = await heard(1);
    const { signature = '', text = '' } = told ?? {};
    const nowMs = server.clock.now();
    expect(isGenuine(secret, signature, text, nowMs)).toBe(true);
    expect(isGenuine(secret, signature, text, nowMs + 600_000)).toBe(false);
    expect(isGenuine(`${secret}x`, signature, text, nowMs)).toBe(false);
    expect(isGenuine(secret, signature, text.replace('signed', 'forged'), nowMs)).toBe(false);
    expect(
      isGenuine(secret, signature.replace(/t=\d+/, `t=${String(Math.floor(nowMs / 1000) + 1)}`), text, nowMs),
    ).toBe(false);
  });

  it('C7 each attempt is signed anew under one id, and both secrets sign for a day after a rotation', async () => {
    const { webhook, secret } = await make();
    const rotated = (await ask(`${path}/${webhook.id}/rotate`, { method: 'POST' })).body as GivenWebhook;
    expect(rotated.secret).not.toBe(secret);
    receiver.behave({ status: 503 });
    await seed(lead('twice'));
    const calls = await heard(2);
    expect(new Set(calls.map(({ delivery }) => delivery)).size).toBe(1);
    expect(calls.map(({ attempt }) => attempt).slice(0, 2)).toEqual([1, 2]);
    for (const { signature, text } of calls)
      for (const each of [secret, rotated.secret])
        expect(isGenuine(each, signature, text, server.clock.now())).toBe(true);
    await settled(webhook, 'dead');
    server.clock.advance(DAY_MS + 1000);
    ada = await signIn(server, 'ada');
    receiver.heard.length = 0;
    receiver.behave({ status: 200 });
    await seed(lead('next-day'));
    const [told] = await heard(1);
    const { signature = '', text = '' } = told ?? {};
    expect(isGenuine(rotated.secret, signature, text, server.clock.now())).toBe(true);
    expect(isGenuine(secret, signature, text, server.clock.now())).toBe(false);
  });

  it('C7 API-09 a failing receiver is asked again, given up, shown with its answer, and told once more by hand', async () => {
    const { webhook } = await make();
    receiver.behave({ status: 500, text: 'out of order' });
    await seed(lead('failing'));
    const [dead] = await settled(webhook, 'dead');
    expect(dead).toMatchObject({ attempts: 4, status: 500, failure: 'status', answer: 'out of order', nextAt: null });
    receiver.behave({ status: 204 });
    receiver.heard.length = 0;
    await ask(`${path}/${webhook.id}/deliveries/${dead?.id ?? ''}/replay`, { method: 'POST' });
    const [delivered] = await settled(webhook, 'delivered');
    expect(delivered).toMatchObject({ id: dead?.id, attempts: 1, status: 204 });
    expect(receiver.heard[0]?.delivery).toBe(dead?.id);
    expect((await list()).webhooks[0]?.failuresInRow).toBe(0);
  });

  it('C7 one that is gone (410) is switched off at once and never asked again', async () => {
    const { webhook } = await make();
    receiver.behave({ status: 410 });
    await seed(lead('gone'));
    await waitFor('switched off', async () => (await list()).webhooks[0]?.state === 'gone');
    expect(receiver.heard).toHaveLength(1);
    await seed(lead('unheard'));
    expect(await deliveriesOf(webhook)).toHaveLength(1);
    expect((await audited('webhook.switchOff')).at(0)).toMatchObject({
      id: webhook.id,
      actor: null,
      detail: { reason: 'gone' },
    });
    const notice = stableId('webhook-off-notice', 'north', webhook.id, String(server.clock.now()));
    const told = await waitFor('the owner to be told', () =>
      server.database.inTenant('north' as TenantId, (session) =>
        findRecord(session, 'north' as TenantId, 'announcement', notice),
      ),
    );
    expect(told.record).toMatchObject({ ownerId: 'ada', title: 'Webhook Warehouse was switched off' });
  });

  it('C7 one that asks for patience (429) gets it, and is not counted as failing', async () => {
    const { webhook } = await make();
    receiver.behave({ status: 429, headers: { 'retry-after': '3600' } });
    await seed(lead('patience'));
    await heard(1);
    const [waiting] = await waitFor('noted', async () => {
      const all = await deliveriesOf(webhook);
      return all[0]?.attempts === 1 ? all : null;
    });
    expect(waiting).toMatchObject({ state: 'waiting', status: 429 });
    const waitsMs = Date.parse(waiting?.nextAt ?? '') - Date.parse(waiting?.lastAt ?? '');
    expect(waitsMs).toBe(3_600_000);
    expect((await list()).webhooks[0]?.failuresInRow).toBe(0);
  });

  it('C7 one that fails twenty times in a row is switched off, until somebody switches it on', async () => {
    const { webhook } = await make();
    receiver.behave({ status: 500 });
    await seed(...Array.from({ length: 6 }, (_, at) => lead(`many-${String(at)}`)));
    await waitFor('switched off', async () => (await list()).webhooks[0]?.state === 'failing');
    expect(receiver.heard.length).toBeGreaterThanOrEqual(20);
    const answer = await ask(`${path}/${webhook.id}`, { method: 'PUT', body: { ...wish(), isPaused: false } });
    expect(answer.body).toMatchObject({ state: 'active', failuresInRow: 0 });
  });

  it('C7 an answer of 100 MB is read to 64 KB, and the call counts by its status', async () => {
    const { webhook } = await make();
    receiver.behave('large');
    await seed(lead('large'));
    const [delivery] = await settled(webhook, 'delivered');
    expect(delivery?.answer).toHaveLength(2048);
    expect(receiver.taken()).toBeLessThan(8 * 1024 * 1024);
  });

  it('C7 a silent or endless receiver is left after ten seconds, and no change of a record waits for it', async () => {
    const { webhook } = await make();
    receiver.behave('silent');
    await seed(lead('silent'));
    await heard(1);
    const startedMs = performance.now();
    await push({
      kind: 'patch',
      entity: 'lead',
      recordId: 'silent',
      changes: [{ group: 'name', base: {}, to: { name: 'Changed meanwhile' } }],
    });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    const noted = await waitFor(
      'left',
      async () => (await deliveriesOf(webhook)).find(({ failure }) => failure === 'timeout'),
      30_000,
    );
    expect(noted.status).toBe(null);
    receiver.behave('endless');
    const tested = (await ask(`${path}/${webhook.id}/test`, { method: 'POST' })).body as WebhookDelivery;
    expect(tested).toMatchObject({ event: 'ping', state: 'dead', failure: 'timeout' });
  }, 60_000);

  it('API-09 tell what waits when the server has done nothing else yet', async () => {
    const own = await engine.createLocation();
    const fresh = await startServer({ location: own.location, allowPrivate: '127.0.0.1', jobTimes: lookOften });
    try {
      await createOrganizationWith(fresh, 'early', [{ id: 'eva', role: 'org_admin' }]);
      const eva = await signIn(fresh, 'eva');
      const made = await call(fresh, path, { token: eva.accessToken, body: wish() });
      expect(made.status).toBe(201);
      await seedRecords(fresh.database, 'early' as TenantId, [
        seededRecord('lead', 'first', { ownerId: 'eva', name: 'First', status: 'new' }),
      ]);
      expect((await heard(1))[0]?.body.record).toMatchObject({ id: 'first', name: 'First' });
    } finally {
      await fresh.remove();
      await own.remove();
    }
  });

  it('C7 receivers of one organization that keep everybody waiting hold up no other organization', async () => {
    await make(['lead.created']);
    receiver.behave('silent');
    const other = await startWebhookReceiver();
    try {
      const sven = await signIn(server, 'sven');
      const made = await ask(path, { body: { ...wish(), url: other.url } }, sven.accessToken);
      expect(made.status).toBe(201);
      await seed(...Array.from({ length: 24 }, (_, index) => lead(`held-${String(index)}`)));
      // Whatever could be begun for the first one is begun.
      await heard(8);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await seedRecords(server.database, 'south' as TenantId, [
        seededRecord('lead', 'quick', { ownerId: 'sven', name: 'Quick', status: 'new' }),
      ]);
      await waitFor('the other one', () => Promise.resolve(other.heard.length === 1 ? other.heard : null), 5_000);
    } finally {
      receiver.behave({ status: 200 });
      receiver.hangUp();
      await other.stop();
    }
    // What was held is told after all.
    await waitFor(
      'all of them',
      () =>
        Promise.resolve(new Set(receiver.heard.map(({ delivery }) => delivery)).size === 24 ? receiver.heard : null),
      30_000,
    );
  });

  it('API-08 a test tells at once what the receiver says', async () => {
    const { webhook } = await make();
    receiver.behave({ status: 404, text: 'no such page' });
    const tested = await ask(`${path}/${webhook.id}/test`, { method: 'POST' });
    expect(tested.body).toMatchObject({ event: 'ping', state: 'dead', status: 404, answer: 'no such page' });
    receiver.behave({ status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } });
    const moved = await ask(`${path}/${webhook.id}/test`, { method: 'POST' });
    expect(moved.body).toMatchObject({ state: 'dead', status: 302 });
    expect(receiver.heard).toHaveLength(2);
  });
});
