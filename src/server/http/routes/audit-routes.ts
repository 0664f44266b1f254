// The audit for the application: reading, figures, verifying, marking as reviewed, files and reports.
import { Type } from 'typebox';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  AuditExportSchema,
  AuditExportsSchema,
  AuditExportWishSchema,
  AuditFiguresQuerySchema,
  AuditFiguresSchema,
  AuditPageSchema,
  AuditQuerySchema,
  AuditVerificationSchema,
  AuditVerifySchema,
  ComplianceQuerySchema,
  ComplianceReportsSchema,
  type AuditQuery,
} from '#shared/sync/audit-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { askExport, listExports, readExportFile } from '#server/audit/audit-exports.ts';
import { countAudit } from '#server/audit/audit-figures.ts';
import { complianceReports } from '#server/audit/audit-reports.ts';
import { assertAuditReader, readAudit } from '#server/audit/read-audit.ts';
import type { AuditContext, AuditWork } from '#server/audit/start-audit.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['audit'];
/** It reads the whole audit. */
const VERIFY_RATE = { max: 6, timeWindow: '1 minute' };
const EXPORT_RATE = { max: 10, timeWindow: '1 minute' };
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

export interface AuditRoutes extends AuditContext {
  readonly work: AuditWork;
}

export function addAuditRoutes(app: HttpServer, routes: AuditRoutes): void {
  addReading(app, routes);
  addFiles(app, routes);
}

function addReading(app: HttpServer, { database: db, clock, work }: AuditRoutes): void {
  app.post(
    '/api/v1/audit/entries',
    {
      schema: {
        summary: 'Who did what and when, refusals included, newest first; for administrators',
        tags,
        body: AuditQuerySchema,
        response: { 200: AuditPageSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      const query: AuditQuery = request.body;
      assertAuditReader(actor);
      // Words and reviews stand beside the entries, made a little later.
      if (query.text !== undefined || query.review !== undefined) await work.follow(actor.tenantId as TenantId);
      return readAudit(db, actor, query);
    },
  );
  app.get(
    '/api/v1/audit/stats',
    {
      schema: {
        summary: 'The audit in figures, by day, command, kind of record, person and outcome',
        tags,
        querystring: AuditFiguresQuerySchema,
        response: { 200: AuditFiguresSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      const { days, ...query } = request.query;
      assertAuditReader(actor);
      await work.follow(actor.tenantId as TenantId);
      return countAudit(db, actor, query, { days, nowMs: clock.now() });
    },
  );
  app.post(
    '/api/v1/audit/verify',
    {
      config: { rateLimit: VERIFY_RATE },
      schema: {
        summary: 'Whether every entry is there and unchanged, and whether earlier heads still lie in the chain',
        tags,
        body: AuditVerifySchema,
        response: { 200: AuditVerificationSchema, ...failures },
      },
    },
    (request) => {
      const { actor } = principalOf(request);
      assertAuditReader(actor);
      return verifyAudit(db, actor.tenantId as TenantId, request.body.anchors, clock.now());
    },
  );
  app.get(
    '/api/v1/audit/compliance-reports',
    {
      config: { rateLimit: EXPORT_RATE },
      schema: {
        summary:
          'Access review, permission changes, exports, failed sign-ins, requests of data subjects, second factors',
        tags,
        querystring: ComplianceQuerySchema,
        response: { 200: ComplianceReportsSchema, ...failures },
      },
    },
    async (request) => ({
      reports: [...(await complianceReports(db, principalOf(request).actor, request.query, clock.now()))],
    }),
  );
}

function addFiles(app: HttpServer, { database: db, clock, createId, work }: AuditRoutes): void {
  app.post(
    '/api/v1/audit/exports',
    {
      config: { rateLimit: EXPORT_RATE },
      schema: {
        summary: 'Have a file made of entries or of a compliance report; it is yours alone',
        tags,
        body: AuditExportWishSchema,
        response: { 202: AuditExportSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor, deviceId } = principalOf(request);
      const asked = { actor, deviceId, nowMs: clock.now(), id: createId() };
      const wished = await askExport(db, asked, request.body);
      await work.sendExport(actor.tenantId as TenantId, wished.id);
      return reply.code(202).send(wished);
    },
  );
  app.get(
    '/api/v1/audit/exports',
    { schema: { summary: 'Your files of the audit', tags, response: { 200: AuditExportsSchema, ...failures } } },
    async (request) => ({ exports: [...(await listExports(db, principalOf(request).actor))] }),
  );
  app.get(
    '/api/v1/audit/exports/:id/file',
    { schema: { summary: 'A file of the audit, for whoever asked for it', tags, params: Id } },
    async (request, reply) => {
      const { fileName, mediaType, content } = await readExportFile(db, principalOf(request).actor, request.params.id);
      const name = encodeURIComponent(fileName);
      return reply
        .type(mediaType)
        .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
        .send(Buffer.from(content));
    },
  );
}
