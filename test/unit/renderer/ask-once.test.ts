import { expect, test } from 'vitest';
import { askOnce } from '#renderer/data/ask-once.ts';
import type { DataAnswer, DataClient } from '#renderer/data/data-contract.ts';

function clientThat(answer: DataAnswer<unknown> | null): {
  readonly client: DataClient;
  readonly stopped: () => number;
} {
  let stops = 0;
  const client = {
    watch(_name: string, _query: unknown, onResult: (given: never) => void) {
      if (answer !== null) queueMicrotask(() => onResult(answer as never));
      return () => {
        stops += 1;
      };
    },
  } as unknown as DataClient;
  return { client, stopped: () => stops };
}

const query = { entity: 'deal', id: 'd1' } as const;

test('ANA-17 a question that is asked once gives its first answer and is not watched any more', async () => {
  const { client, stopped } = clientThat({ ok: true, value: { record: null } });
  expect(await askOnce(client, 'record', query, new AbortController().signal)).toEqual({ record: null });
  expect(stopped()).toBe(1);
});

test('ANA-17 an export that is cancelled while it asks waits for no answer', async () => {
  const { client, stopped } = clientThat(null);
  const controller = new AbortController();
  const asked = askOnce(client, 'record', query, controller.signal);
  controller.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  expect(stopped()).toBe(1);
  await expect(askOnce(client, 'record', query, controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
});
