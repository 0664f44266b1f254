// Reports for programs (ANA-18): made, changed and deleted by the commands the screens give.
import { Type } from 'typebox';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { runForProgram } from '#server/sync/run-command.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['analytics'];
const path = '/api/v1/analytics/reports';
const Report = Type.Record(Type.String(), Type.Unknown());
const Values = Type.Record(Type.String({ maxLength: 64 }), Type.Unknown());
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

function find(source: RecordSource, id: string | null): AnyRecord {
  const record = id === null ? undefined : source.get('report', id);
  if (record === undefined) throw new OutpostError('not_found', 'There is no such report.');
  return record;
}

function checkSpec({ spec }: Readonly<Record<string, unknown>>): void {
  if (spec !== undefined && !isPivotSpec(spec)) {
    throw new OutpostError('invalid', 'The question of a report is a pivot.', { fields: ['spec'] });
  }
}

export function addReportRoutes(app: HttpServer, deps: SyncDependencies): void {
  const read = ({ actor }: Principal) =>
    readVisibleSource(deps, actor, new Set(['report', 'organization', 'user', 'team']));
  app.get(
    path,
    {
      schema: {
        summary: 'All reports you may see',
        tags,
        response: { 200: Type.Object({ reports: Type.Array(Report) }), ...failures },
      },
    },
    async (request) => ({ reports: [...(await read(principalOf(request))).all('report').values()] }),
  );
  app.post(
    path,
    { schema: { summary: 'A new report', tags, body: Values, response: { 201: Report, ...failures } } },
    async (request, reply) => {
      const principal = principalOf(request);
      checkSpec(request.body);
      const input = { entity: 'report', values: request.body };
      const id = await runForProgram(deps, principal, await read(principal), 'createRecord', input);
      return reply.code(201).send(find(await read(principal), id));
    },
  );
  app.get(
    `${path}/:id`,
    { schema: { summary: 'One report', tags, params: Id, response: { 200: Report, ...failures } } },
    async (request) => find(await read(principalOf(request)), request.params.id),
  );
  app.patch(
    `${path}/:id`,
    { schema: { summary: 'Change a report', tags, params: Id, body: Values, response: { 200: Report, ...failures } } },
    async (request) => {
      const principal = principalOf(request);
      const source = await read(principal);
      const { id } = find(source, request.params.id);
      checkSpec(request.body);
      await runForProgram(deps, principal, source, 'updateRecord', { entity: 'report', id, values: request.body });
      return find(await read(principal), id);
    },
  );
  app.delete(
    `${path}/:id`,
    { schema: { summary: 'Delete a report', tags, params: Id, response: { 204: Type.Null(), ...failures } } },
    async (request, reply) => {
      const principal = principalOf(request);
      const source = await read(principal);
      const { id } = find(source, request.params.id);
      await runForProgram(deps, principal, source, 'deleteRecord', { entity: 'report', id });
      return reply.code(204).send(null);
    },
  );
}
