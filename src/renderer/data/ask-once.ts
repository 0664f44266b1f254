// A live question asked once: for what is handed on as it is now, a file for example.
import type { DataClient, LiveName, LiveQueries } from '#renderer/data/data-contract.ts';
import { fromErrorData, OutpostError } from '#shared/kernel/errors.ts';

/** The first answer. Rejects with what the data host refuses with, and with `cancelled` once the signal says so. */
export function askOnce<Name extends LiveName>(
  client: DataClient,
  name: Name,
  query: LiveQueries[Name]['query'],
  signal: AbortSignal,
): Promise<LiveQueries[Name]['result']> {
  const result = Promise.withResolvers<LiveQueries[Name]['result']>();
  const cancel = (): void => result.reject(new OutpostError('cancelled', 'The question was taken back.'));
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const stop = client.watch(name, query, (answer) => {
    if (answer.ok) result.resolve(answer.value);
    else result.reject(fromErrorData(answer.error));
  });
  return result.promise.finally(() => {
    stop();
    signal.removeEventListener('abort', cancel);
  });
}
