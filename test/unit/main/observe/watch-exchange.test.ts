import { describe, expect, it } from 'vitest';
import { CORRELATION_HEADER, toRoute, watchExchange } from '#main/observe/watch-exchange.ts';
import { noTracing } from '#shared/observe/tracing.ts';
import type { Exchange, ExchangeRequest } from '#main/sync/exchange.ts';

const request: ExchangeRequest = {
  method: 'GET',
  headers: { authorization: 'Bearer x' },
  signal: new AbortController().signal,
};

function watch(exchange: Exchange) {
  const lines: { readonly message: string; readonly facts: Readonly<Record<string, unknown>> }[] = [];
  const sent: ExchangeRequest[] = [];
  const watched = watchExchange(
    (url, asked) => {
      sent.push(asked);
      return exchange(url, asked);
    },
    { tracing: noTracing, log: (message, _error, facts = {}) => lines.push({ message, facts }), elapsedMs: () => 0 },
  );
  return { watched, lines, sent };
}

const answering =
  (status: number): Exchange =>
  () =>
    Promise.resolve({ ok: status < 300, status, headers: { get: () => null }, body: null });

describe('requests to the server', () => {
  it('OBS-10 carry an id of their own, and a refused one stands in the log under it', async () => {
    const { watched, lines, sent } = watch(answering(403));
    await watched('https://crm.example.com/api/v1/files/01a21835-3cc1/chunks/3?name=Jane', request);
    await watched('https://crm.example.com/api/v1/files/01a21835-3cc1/chunks/3?name=Jane', request);
    const ids = sent.map(({ headers }) => headers[CORRELATION_HEADER]);
    expect(new Set(ids).size).toBe(2);
    expect(lines.map(({ facts }) => facts['correlationId'])).toEqual(ids);
    expect(lines[0]?.facts).toMatchObject({ method: 'GET', route: '/api/v1/files/:id/chunks/:id', status: 403 });
    expect(JSON.stringify(lines)).not.toMatch(/Jane|Bearer|01a21835|example/);
  });

  it('OBS-10 are not told of when they went well', async () => {
    const { watched, lines } = watch(answering(200));
    await watched('https://crm.example.com/sync/v1/pull', request);
    expect(lines).toEqual([]);
  });

  it('OBS-10 that got no answer are told of, unless they were taken back', async () => {
    const { watched, lines } = watch(() => Promise.reject(new Error('gone')));
    await expect(watched('https://crm.example.com/sync/v1/pull', request)).rejects.toThrow('gone');
    await expect(
      watched('https://crm.example.com/sync/v1/pull', { ...request, signal: AbortSignal.abort() }),
    ).rejects.toThrow();
    expect(lines).toHaveLength(1);
    const timedOut = AbortSignal.abort(new DOMException('too slow', 'TimeoutError'));
    await expect(watched('https://crm.example.com/sync/v1/pull', { ...request, signal: timedOut })).rejects.toThrow();
    expect(lines).toHaveLength(2);
  });

  it('OBS-10 are named by pattern', () => {
    expect(toRoute('http://127.0.0.1:8787/api/v1/users/018f2c4e-7a1b/one-time-password')).toBe(
      '/api/v1/users/:id/one-time-password',
    );
  });
});
