// Defects of what the server remembers of operations, and of what it believes to have been asked.
import { entityOf } from '#shared/entities/registry.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import type { ModelTenant } from '#test/sim/server/model-tenant.ts';
import type { ServerRequest } from '#test/sim/server/server-process.ts';
import { inEveryTransaction, type Defect } from '#test/sim/zoo/defect.ts';

type ChangeOperation = (operation: Operation, tenant: ModelTenant) => Operation;

/** The server judges something else than what was typed. */
function believing(change: ChangeOperation): (request: ServerRequest, tenant: ModelTenant) => ServerRequest {
  return (request, tenant) => {
    if (request.kind !== 'push') return request;
    return {
      ...request,
      body: { ...request.body, ops: request.body.ops.map((operation) => change(operation, tenant)) },
    };
  };
}

/** The base a person saw is replaced by what stands now: the last writer wins, and nobody hears of the other. */
function lastWriterWins(concerns: (change: Change, operation: Operation) => boolean): ChangeOperation {
  return (operation, tenant) => {
    const coll = entityOf(operation.entity)?.collection ?? '';
    const row = tenant.records.get(`${coll}/${operation.recordId}`);
    if (row === undefined || operation.kind !== 'patch') return operation;
    const changes = operation.changes.map((change) => {
      if (change.to === undefined || !concerns(change, operation)) return change;
      const fields = Object.keys(change.to);
      return { ...change, base: Object.fromEntries(fields.map((field) => [field, row.record[field] ?? null])) };
    });
    return { ...operation, changes };
  };
}

const objections = new Set(['doNotCall', 'emailOptOut']);
const questions = new Set(['due', 'owner']);

export const answerDefects: readonly Defect[] = [
  {
    name: 'results-expire-early',
    story: 'What was answered is forgotten while devices still repeat their questions.',
    store: inEveryTransaction((transaction, tenant) => ({
      async readKnownResults(pushes) {
        const known = await transaction.readKnownResults(pushes);
        const isRecent = (verdict: Verdict): boolean => 'seq' in verdict && verdict.seq > tenant.head.seq - 3;
        return new Map(
          [...known].map(([device, results]) => [
            device,
            new Map([...results].filter(([, { verdict }]) => isRecent(verdict))),
          ]),
        );
      },
    })),
  },
  {
    name: 'results-not-read',
    story: 'A repeated operation is judged anew.',
    store: inEveryTransaction(() => ({ readKnownResults: () => Promise.resolve(new Map()) })),
  },
  {
    name: 'counter-one-behind',
    story: 'The counter of a device stays one behind.',
    store: inEveryTransaction((transaction) => ({
      async lockDevices(owners, nowMs) {
        const last = await transaction.lockDevices(owners, nowMs);
        return new Map([...last].map(([device, opNo]) => [device, Math.max(0, opNo - 1)]));
      },
    })),
  },
  {
    name: 'refusals-not-kept',
    story: 'Only successes are remembered; a refused operation that comes again is something new.',
    store: inEveryTransaction((transaction) => ({
      writeResults: (nowMs, rows) =>
        transaction.writeResults(
          nowMs,
          rows.filter((row) => row.verdict.status !== 'rejected'),
        ),
    })),
  },
  {
    name: 'question-answered-silently',
    story: 'A clash of dates or owners is decided for the last writer.',
    request: believing(lastWriterWins((change) => questions.has(change.group))),
  },
  {
    name: 'last-writer-wins',
    story: 'A clash of ordinary fields leaves no trace.',
    request: believing(lastWriterWins((change) => !questions.has(change.group) && change.group !== 'description')),
  },
  {
    name: 'text-overwritten',
    story: 'Long text is written whole instead of being merged.',
    request: believing(lastWriterWins((change) => change.group === 'description')),
  },
  {
    name: 'objection-lifted',
    story: 'Consent is taken from somebody who never saw the objection.',
    request: believing((operation) => ({
      ...operation,
      changes: operation.changes.map((change) =>
        objections.has(change.group) ? { ...change, base: { [change.group]: true } } : change,
      ),
    })),
  },
  {
    name: 'delta-as-value',
    story: 'A counter is set to what the person had before the eyes, instead of being added to.',
    request: believing((operation, tenant) => ({
      ...operation,
      changes: operation.changes.map((change) => {
        if (change.delta === undefined) return change;
        const row = tenant.records.get(`tasks/${operation.recordId}`);
        const { group, base, delta } = change;
        const wanted = Number(base[group] ?? 0) + (delta[group] ?? 0);
        return { ...change, delta: { [group]: wanted - Number(row?.record[group] ?? 0) } };
      }),
    })),
  },
  {
    name: 'set-as-value',
    story: 'Tags are replaced by the list a person saw.',
    request: believing((operation, tenant) => ({
      ...operation,
      changes: operation.changes.map((change) => {
        if (change.group !== 'tags' || change.add === undefined) return change;
        const row = tenant.records.get(`${entityOf(operation.entity)?.collection ?? ''}/${operation.recordId}`);
        const stands = Array.isArray(row?.record['tags']) ? (row.record['tags'] as string[]) : [];
        const wanted = [...((change.base['tags'] as string[] | null) ?? []), ...(change.add['tags'] ?? [])];
        return { ...change, remove: { tags: stands.filter((tag) => !wanted.includes(tag)) } };
      }),
    })),
  },
  {
    name: 'delete-wins',
    story: 'A deletion is carried out whatever was changed meanwhile.',
    request: believing((operation) => (operation.kind === 'delete' ? { ...operation, baseRev: 1_000_000 } : operation)),
  },
  {
    name: 'txn-torn',
    story: 'Operations that belong together are judged one by one.',
    request: believing((operation) => ({ ...operation, txn: null })),
  },
  {
    name: 'dependence-ignored',
    story: 'What builds on a refused operation is tried all the same.',
    request: believing((operation) => ({ ...operation, dependsOn: [] })),
  },
];
