// The audit for programs, in the shapes its documents name: logs with filters as query values, the history of one record,
// and the older addresses of the same.
import { Type, type Static } from 'typebox';
import type { Actor } from '#shared/access/actor.ts';
import { namedActionNames } from '#shared/audit/named-actions.ts';
import { MOST_AUDIT_ENTRIES, type AuditQuery } from '#shared/sync/audit-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { countAudit } from '#server/audit/audit-figures.ts';
import { LogEntrySchema, toLogEntry } from '#server/audit/log-entry.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { AuditRoutes } from '#server/http/routes/audit-routes.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['audit'];
const Text = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));

const LogQuerySchema = Type.Object(
  {
    user_id: Text,
    action: Text,
    resource_type: Text,
    resource_id: Text,
    search: Text,
    from: Text,
    until: Text,
    success: Type.Optional(Type.Boolean()),
    is_sensitive: Type.Optional(Type.Boolean()),
    requires_review: Type.Optional(Type.Boolean()),
    before: Type.Optional(Type.Integer({ minimum: 1 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AUDIT_ENTRIES })),
  },
  { additionalProperties: false },
);
type LogQuery = Static<typeof LogQuerySchema>;

const LogsSchema = Type.Object({
  logs: Type.Array(LogEntrySchema),
  /** `before` of the next page; null: there are no older ones. */
  next: Type.Union([Type.Integer(), Type.Null()]),
});

const StatsSchema = Type.Object({
  total: Type.Integer(),
  successful: Type.Integer(),
  failed: Type.Integer(),
  sensitive: Type.Integer(),
  requires_review: Type.Integer(),
  unique_users: Type.Integer(),
  by_action: Type.Record(Type.String(), Type.Integer()),
  by_user: Type.Record(Type.String(), Type.Integer()),
  by_resource: Type.Record(Type.String(), Type.Integer()),
  by_day: Type.Record(Type.String(), Type.Integer()),
});

function toQuery(asked: LogQuery): AuditQuery {
  const { user_id, action, resource_type, resource_id, search, from, until, before, limit } = asked;
  return {
    ...(user_id === undefined ? {} : { actor: user_id }),
    ...(action === undefined ? {} : namedActionNames.includes(action) ? { action } : { command: action }),
    ...(resource_type === undefined ? {} : { entity: resource_type }),
    ...(resource_id === undefined ? {} : { id: resource_id }),
    ...(search === undefined ? {} : { text: search }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(asked.success === false ? { refused: true } : {}),
    ...(asked.is_sensitive === true ? { sensitive: true } : {}),
    ...(asked.requires_review === true ? { review: 'open' } : {}),
    ...(before === undefined ? {} : { before }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function addAuditLogRoutes(app: HttpServer, { database: db, clock }: AuditRoutes): void {
  const readLogs = async (actor: Actor, query: AuditQuery) => {
    const { entries, next } = await readAudit(db, actor, query);
    return { logs: entries.map(toLogEntry), next };
  };
  for (const url of ['/api/v1/audit/logs', '/api/admin/audit-logs'])
    app.get(
      url,
      {
        schema: {
          summary: 'Entries of the audit, newest first, by user, action, resource, time, words, success and flags',
          tags,
          querystring: LogQuerySchema,
          response: { 200: LogsSchema, ...failures },
        },
      },
      (request) => readLogs(principalOf(request).actor, toQuery(request.query)),
    );
  app.get(
    '/api/v1/audit/logs/by-entity',
    {
      schema: {
        summary: 'The history of one record',
        tags,
        querystring: Type.Object(
          {
            entity_type: Type.String({ minLength: 1, maxLength: 64 }),
            entity_id: Type.String({ minLength: 1, maxLength: 64 }),
            before: Type.Optional(Type.Integer({ minimum: 1 })),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_AUDIT_ENTRIES })),
          },
          { additionalProperties: false },
        ),
        response: { 200: LogsSchema, ...failures },
      },
    },
    (request) => {
      const { entity_type, entity_id, ...page } = request.query;
      return readLogs(principalOf(request).actor, { entity: entity_type, id: entity_id, ...page });
    },
  );
  app.get(
    '/api/admin/audit-logs/stats',
    {
      schema: {
        summary: 'Figures of the last days: how much, by action, user, resource and day',
        tags,
        querystring: Type.Object(
          { days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })) },
          { additionalProperties: false },
        ),
        response: { 200: StatsSchema, ...failures },
      },
    },
    async (request) => {
      const { days = 30 } = request.query;
      const found = await countAudit(db, principalOf(request).actor, {}, { days, nowMs: clock.now() });
      const asRecord = (counts: readonly { readonly key: string; readonly count: number }[]) =>
        Object.fromEntries(counts.map(({ key, count }) => [key, count]));
      return {
        total: found.entries,
        successful: found.entries - found.refused,
        failed: found.refused,
        sensitive: found.sensitive,
        requires_review: found.toReview,
        unique_users: found.actors,
        by_action: asRecord(found.byCommand),
        by_user: asRecord(found.byActor),
        by_resource: asRecord(found.byEntity),
        by_day: Object.fromEntries(found.byDay.map(({ day, count }) => [day, count])),
      };
    },
  );
}
