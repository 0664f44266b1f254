// Drafting with a language model through a real server, against a stand-in that speaks the published interfaces.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { promptOf } from '#shared/drafting/model-prompt.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { DraftingInput, DraftingSetup, ModelRequest } from '#shared/sync/drafting-messages.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { MODEL_KEY, startLanguageModel, type TestModel } from '#test/support/language-model.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const base = '/api/v1/drafting';
const DAY_MS = 86_400_000;
let server: TestServer;
let model: TestModel;
let tenantId: TenantId;
let admin: SessionGrant;
let rep: SessionGrant;
let stranger: SessionGrant;

const input = (change: Partial<DraftingInput> = {}): DraftingInput => ({
  isOn: true,
  kind: 'openai',
  baseUrl: model.url,
  model: 'test-model',
  dailyCalls: 100,
  priceIn: 10,
  priceOut: 20,
  secret: MODEL_KEY,
  ...change,
});
const request: ModelRequest = {
  task: 'write',
  intent: 'followUp',
  language: 'en',
  tone: 'formal',
  facts: { lastName: 'Schmidt', salutation: 'Frau', deal: 'Rollout' },
  text: '',
};
const save = (change: Partial<DraftingInput> = {}, token = admin.accessToken): Promise<Answer> =>
  call(server, `${base}/setup`, { method: 'PUT', body: input(change), token });
const ask = (body: unknown = request, token = rep.accessToken): Promise<Answer> =>
  call(server, base, { method: 'POST', body, token });
const failureOf = ({ body }: Answer): unknown =>
  (body as { error?: { details?: { failure?: unknown } } }).error?.details?.failure;

function auditOf(command: string) {
  return server.database.inTenant(tenantId, (session) =>
    session.query<{ outcome: string; detail: Record<string, string>; actor: string }>(
      'SELECT outcome, detail, actor FROM audit WHERE tenant = $1 AND command = $2 ORDER BY no',
      [tenantId, command],
    ),
  );
}

beforeAll(async () => {
  server = await startServer({ allowPrivate: '127.0.0.1' });
  model = await startLanguageModel();
  tenantId = await createOrganizationWith(server, 'drafting', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'elsewhere', [{ id: 'eve', role: 'org_admin' }]);
  admin = await signIn(server, 'ada');
  rep = await signIn(server, 'rene');
  stranger = await signIn(server, 'eve');
});
afterAll(async () => {
  await model.stop();
  await server.close();
});
beforeEach(() => {
  model.answerWith({});
  model.heard.length = 0;
});

describe('drafting with a language model', () => {
  it('EML-06 is off until an administrator sets it up, and nobody else does', async () => {
    expect((await call(server, base, { token: rep.accessToken })).body).toEqual({
      isOn: false,
      host: null,
      model: null,
    });
    expect(codeOf(await ask())).toBe('feature_off');
    expect(codeOf(await save({}, rep.accessToken))).toBe('action_forbidden');
    expect(codeOf(await call(server, `${base}/setup`, { token: rep.accessToken }))).toBe('action_forbidden');
    expect(codeOf(await save({ secret: null }))).toBe('invalid');
    expect((await save({ isOn: false })).status).toBe(200);
    expect(codeOf(await ask())).toBe('feature_off');
    expect(
      (await call(server, `${base}/setup/test`, { method: 'POST', body: {}, token: admin.accessToken })).status,
    ).toBe(200);
    expect((await save()).status).toBe(200);
    expect((await call(server, base, { token: rep.accessToken })).body).toMatchObject({
      isOn: true,
      model: 'test-model',
    });
    expect(codeOf(await ask(request, stranger.accessToken))).toBe('feature_off');
  });

  it('EML-06 sends exactly what the preview shows, in the way OpenAI published, and nothing else of any record', async () => {
    await save();
    const answer = await ask();
    expect(answer.body).toEqual({ text: 'Written by the model.', tokensIn: 100, tokensOut: 40 });
    const { instructions, content } = promptOf(request);
    expect(model.heard).toMatchObject([
      {
        path: '/v1/chat/completions',
        body: {
          model: 'test-model',
          messages: [
            { role: 'system', content: instructions },
            { role: 'user', content },
          ],
        },
      },
    ]);
    expect(content).toContain('Rollout');
    // A field that is no fact of a draft does not pass the door.
    expect(codeOf(await ask({ ...request, facts: { ...request.facts, amount: '5' } }))).toBe('invalid');
    expect(model.heard).toHaveLength(1);
  });

  it('EML-06 speaks to Gemini as it published, with the key in a header and never in an address', async () => {
    await save({ kind: 'gemini', baseUrl: model.url.replace('/v1', '/v1beta'), model: 'gemini-test' });
    expect((await ask()).body).toEqual({ text: 'Written by the model.', tokensIn: 120, tokensOut: 30 });
    const [heard] = model.heard;
    expect(heard?.path).toBe('/v1beta/models/gemini-test:generateContent');
    expect(heard?.headers['x-goog-api-key']).toBe(MODEL_KEY);
    expect(heard?.body).toMatchObject({
      systemInstruction: { parts: [{ text: promptOf(request).instructions }] },
      contents: [{ role: 'user', parts: [{ text: promptOf(request).content }] }],
    });
  });

  it('EML-06 writes down who asked, what it used and what it cost, and neither a text nor the key', async () => {
    await save();
    await ask();
    const calls = await auditOf('drafting.ask');
    expect(calls.at(-1)).toMatchObject({
      actor: 'rene',
      outcome: 'applied',
      detail: { model: 'test-model', tokensIn: '100', tokensOut: '40', cost: '0.001800' },
    });
    const { used } = (await call(server, `${base}/setup`, { token: admin.accessToken })).body as DraftingSetup;
    expect(used.calls).toBe(calls.length);
    const written = JSON.stringify([calls, await auditOf('drafting.save'), used]);
    expect(written).not.toMatch(/Schmidt|Rollout|Written by|sk-test/);
    expect(server.logText()).not.toContain(MODEL_KEY);
    const rows = await server.database.inTenant(tenantId, (session) =>
      session.query<{ secret: Uint8Array }>('SELECT secret FROM drafting_provider WHERE tenant = $1', [tenantId]),
    );
    expect(Buffer.from(rows[0]?.secret ?? []).toString('latin1')).not.toContain(MODEL_KEY);
  });

  it('C6 EML-06 a kept key goes to no other address than the one it was entered for', async () => {
    await save();
    const elsewhere = input({ baseUrl: `http://127.0.0.1:${String(model.port)}/other/v1`, secret: null });
    const answer = await call(server, `${base}/setup`, { method: 'PUT', body: elsewhere, token: admin.accessToken });
    expect(codeOf(answer)).toBe('invalid');
    expect((await save({ secret: null, model: 'another' })).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });

  it.each([
    'http://169.254.169.254/latest',
    'https://10.0.0.1/v1',
    'http://[::ffff:10.0.0.1]/v1',
    'http://2130706434/v1',
    'http://0.0.0.0/v1',
    'file:///etc/passwd',
    'gopher://example.com/',
    'https://user:secret@example.com/v1',
    'not an address',
  ])('C6 EML-06 an address inside, or of another kind, is refused when it is saved: %s', async (baseUrl) => {
    expect(['address_forbidden', 'invalid']).toContain(codeOf(await save({ baseUrl })));
    expect(model.heard).toEqual([]);
  });

  it.each([
    [{ status: 401 }, 'key'],
    [{ status: 404 }, 'model'],
    [{ status: 429 }, 'busy'],
    [{ status: 500 }, 'down'],
    [{ status: 302, location: 'http://127.0.0.1:1/' }, 'down'],
    [{ raw: '<html>' }, 'answer'],
    [{ raw: '{"choices":[]}' }, 'answer'],
    [{ text: '   ' }, 'refused'],
    [{ raw: 'x'.repeat(2_000_000) }, 'down'],
  ] as const)('EML-06 what goes wrong is told by name, is asked once and is counted: %o', async (answer, failure) => {
    await save();
    model.answerWith(answer);
    const got = await ask();
    expect([codeOf(got), failureOf(got)]).toEqual(['provider_failed', failure]);
    expect(got.text).not.toContain(MODEL_KEY);
    expect(model.heard).toHaveLength(1);
    expect((await auditOf('drafting.ask')).at(-1)).toMatchObject({ outcome: 'failed', detail: { why: failure } });
  });

  it('EML-06 ends at the limit of the day, also for many at once', async () => {
    server.clock.advance(2 * DAY_MS);
    admin = await signIn(server, 'ada');
    rep = await signIn(server, 'rene');
    await save({ dailyCalls: 3 });
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask()));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter((answer) => codeOf(answer) === 'too_many_requests')).toHaveLength(3);
    expect(model.heard).toHaveLength(3);
  });

  it('EML-06 one person does not use up the day of all others', async () => {
    await save({ dailyCalls: 100 });
    const statuses: number[] = [];
    for (let at = 0; at < 30; at += 1) statuses.push((await ask()).status);
    // Three were asked by the test before, within the same hour.
    expect(statuses.filter((status) => status === 200)).toHaveLength(27);
    expect(statuses.at(-1)).toBe(429);
    expect((await ask(request, admin.accessToken)).status).toBe(200);
  });

  it('EML-06 is forgotten with its key', async () => {
    const gone = await call(server, `${base}/setup`, { method: 'DELETE', token: admin.accessToken });
    expect((gone.body as DraftingSetup).setup).toBeNull();
    expect(codeOf(await ask())).toBe('feature_off');
  });
});
