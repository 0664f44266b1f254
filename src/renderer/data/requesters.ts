// What a window can ask for once: commands, searches, ids, previews. Commands wait for their turn behind what the main process asks.
import type { DataRequests, RequestName, SearchHit } from '#renderer/data/data-contract.ts';
import { recordsOfCell, type Asking, type OpenSession } from '#renderer/data/live-questions.ts';
import { answerOwned, answerRightsPreview, answerWhoSees } from '#renderer/data/people-questions.ts';
import { describeHit } from '#renderer/data/queries/describe-hit.ts';
import { answerExportIds, answerExportRows } from '#renderer/data/queries/export-queries.ts';
import { listUnread } from '#renderer/data/queries/inbox-query.ts';
import { answerListIds, answerReadFields } from '#renderer/data/queries/list-queries.ts';
import type { SerialQueue } from '#renderer/data/serial-queue.ts';
import { collectionNames, entityNames } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { checkAskedFields } from '#shared/query/check-fields.ts';

const MOST_PLACES = 500;

/** What may be asked while looking as a role. */
export const answeredInView: ReadonlySet<RequestName> = new Set(['search', 'listIds', 'databaseState']);

export type Requesters = {
  [Name in RequestName]: (asking: Asking, input: DataRequests[Name]['input']) => Promise<DataRequests[Name]['output']>;
};

async function search(
  { context }: Asking,
  input: DataRequests['search']['input'],
): Promise<DataRequests['search']['output']> {
  const startedMs = performance.now();
  const records = await context.search.search(input.text, Math.min(Math.max(input.limit, 1), 100));
  const hits: SearchHit[] = records.map((record) => describeHit(context.source, record));
  return { hits, tookMs: performance.now() - startedMs };
}

export interface RequesterDeps {
  readonly queue: SerialQueue;
  readonly clock: Clock;
  /** The one that is open when a command has its turn. */
  readonly currentSession: () => OpenSession;
}

export function createRequesters({ queue, clock, currentSession }: RequesterDeps): Requesters {
  return {
    execute: (_asking, input) => queue.run(() => currentSession().execute(input.command, input.input)),
    submitForecast: (asking, { note, ...asked }) =>
      queue.run(() => {
        const frozen = asking.forecasts.freeze(asked, note, asking.actor());
        return currentSession().execute('submitForecast', frozen);
      }),
    search,
    listIds: async (asking, input) => {
      checkAskedFields(asking.actor().fields, entities[input.entity], input);
      return answerListIds(asking.context, input, recordsOfCell(asking, input));
    },
    exportIds: async (asking, input) => {
      checkAskedFields(asking.actor().fields, entities[input.entity], input);
      return answerExportIds(asking.context, asking.actor(), input, recordsOfCell(asking, input));
    },
    exportRows: async (asking, input) => answerExportRows(asking.context, asking.actor(), input),
    readFields: (asking, input) => Promise.resolve(answerReadFields(asking.context, input)),
    previewImport: ({ session }, input) => session.imports.preview(input),
    startImport: ({ session }, input) => session.imports.start(input),
    undoImport: async ({ session }, input) => {
      await session.imports.undo(input.importId);
      return null;
    },
    listUnread: ({ session }, { folder }) => Promise.resolve(listUnread(session.inbox, session.nowMs(), folder)),
    previewRights: ({ session }, { changes }) => answerRightsPreview(session.context.source, session.actor(), changes),
    whoSees: ({ session }, input) => answerWhoSees(session.context.source, session.actor(), input),
    describeOwned: ({ session }, { userId }) => answerOwned(session.context.index, userId, toInstant(clock.now())),
    describePlaces: ({ session, context }, { places }) => {
      const found = places.slice(0, MOST_PLACES).flatMap(({ coll, id }) => {
        const name = collectionNames.find((known) => known === coll);
        const record = name === undefined ? undefined : session.database.getStored(name, id);
        if (record === undefined) return [];
        return [{ coll, id, entity: record.kind, title: describeHit(context.source, record).title }];
      });
      return Promise.resolve(found);
    },
    databaseState: ({ context }) => {
      const counts = entityNames.map((name) => [name, context.source.all(name).size] as const);
      return Promise.resolve({ open: true, counts: Object.fromEntries(counts) });
    },
  };
}
