// Templates and campaigns for programs, under the addresses and in the shapes the documents of this API name (EML-05).
import { Type } from 'typebox';
import type { AudiencePart } from '#shared/campaigns/audience.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { campaignCalls } from '#shared/campaigns/campaign-calls.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import type { CampaignWork } from '#server/campaigns/campaign-work.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Actor } from '#shared/access/actor.ts';
import { runForProgram } from '#server/sync/run-command.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Id = Type.String({ minLength: 1, maxLength: 64 });
const ofOne = Type.Object({ id: Id });
const Template = Type.Object({
  id: Type.String(),
  name: Type.String(),
  subject: Type.String(),
  body: Type.String(),
  format: Type.String(),
});
const NewTemplate = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  subject: Type.String({ minLength: 1, maxLength: 300 }),
  body: Type.String({ minLength: 1, maxLength: 100_000 }),
  format: Type.Optional(Type.Enum(['text', 'html'])),
});
const NewCampaign = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  template_id: Id,
  recipient_ids: Type.Array(Id, { maxItems: 5000 }),
  /** Send later; an instant. */
  eta: Type.Optional(Type.String({ maxLength: 40 })),
  created_by: Type.Optional(Id),
});

function toTemplate(record: AnyRecord) {
  const { name, subject, body, format } = record as Record<string, unknown>;
  return {
    id: record.id,
    name: textOf(name),
    subject: textOf(subject),
    body: textOf(body),
    format: textOf(format ?? 'text'),
  };
}

/** Leads and contacts are told apart by what the ids are. @throws OutpostError `invalid`, naming those that are neither */
function partsOf(source: RecordSource, ids: readonly string[]): readonly AudiencePart[] {
  const of = (entity: 'contact' | 'lead') => ids.filter((id) => source.get(entity, id) !== undefined);
  const unknown = ids.filter((id) => source.get('contact', id) === undefined && source.get('lead', id) === undefined);
  if (unknown.length > 0)
    throw new OutpostError('invalid', 'Some recipients are not available to you.', {
      problems: ['recipient_ids:reference'],
      messages: unknown.slice(0, 20).map((id) => `${id} is neither a lead nor a contact you see.`),
    });
  return (['contact', 'lead'] as const)
    .map((entity) => ({ entity, ids: of(entity) }))
    .filter((part) => part.ids.length > 0);
}

export function addEmailRoutes(app: HttpServer, sync: SyncDependencies, work: CampaignWork): void {
  const tags = ['email'];
  const templatesOf = (actor: Actor) => readVisibleSource(sync, actor, new Set(['mailTemplate']));
  app.get(
    '/api/v1/email/templates',
    {
      schema: {
        summary: 'Mail templates you see',
        tags,
        response: { 200: Type.Object({ templates: Type.Array(Template) }), ...failures },
      },
    },
    async (request) => {
      const source = await templatesOf(principalOf(request).actor);
      return { templates: [...source.all('mailTemplate').values()].map(toTemplate) };
    },
  );
  app.post(
    '/api/v1/email/templates',
    { schema: { summary: 'Make a mail template', tags, body: NewTemplate, response: { 201: Template, ...failures } } },
    async (request, reply) => {
      const principal = principalOf(request);
      const { format = 'text', ...values } = request.body;
      const input = { entity: 'mailTemplate', values: { ...values, format } };
      const id = await runForProgram(sync, principal, await templatesOf(principal.actor), 'createRecord', input);
      return reply.code(201).send({ id: id ?? '', ...values, format });
    },
  );
  app.post(
    '/api/v1/email/campaigns',
    {
      schema: {
        summary: 'Make a campaign of a template for leads and contacts; it is not sent before it is told to',
        tags,
        body: NewCampaign,
        response: { 201: Type.Object({ id: Type.String(), name: Type.String(), state: Type.String() }), ...failures },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { actor } = principal;
      const { name, template_id: templateId, recipient_ids: ids, eta, created_by: createdBy } = request.body;
      // EML-07: whoever is signed in is the sender, whatever a program says.
      if (createdBy !== undefined && createdBy !== actor.userId)
        throw new OutpostError('action_forbidden', 'A campaign is made in the own name.');
      const source = await readVisibleSource(sync, actor, new Set(['mailTemplate', 'contact', 'lead']));
      const template = source.get('mailTemplate', templateId);
      if (template === undefined)
        throw new OutpostError('invalid', 'There is no such template.', { problems: ['template_id:reference'] });
      const { subject, body, format } = toTemplate(template);
      const audience = { parts: partsOf(source, [...new Set(ids)]), without: [] };
      const values = {
        name,
        templateId,
        subject,
        body,
        format,
        audience,
        ...(eta === undefined ? {} : { scheduledAt: eta }),
      };
      const id = await runForProgram(sync, principal, source, 'createRecord', { entity: 'campaign', values });
      return reply.code(201).send({ id: id ?? '', name, state: 'draft' });
    },
  );
  const { publishCampaign, campaignStats } = campaignCalls;
  app.post(
    '/api/v1/email/campaigns/:id/send',
    {
      schema: {
        summary: publishCampaign.summary,
        tags,
        params: ofOne,
        response: { 200: publishCampaign.answer, ...failures },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      if (!principal.actor.permissions.includes(publishCampaign.permission))
        throw new OutpostError('action_forbidden', 'Your role does not allow you to publish campaigns.');
      return work.publishCampaign({ id: request.params.id }, principal);
    },
  );
  app.get(
    '/api/v1/email/campaigns/:id/stats',
    {
      schema: {
        summary: campaignStats.summary,
        tags,
        params: ofOne,
        response: { 200: campaignStats.answer, ...failures },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      if (!principal.actor.permissions.includes(campaignStats.permission))
        throw new OutpostError('action_forbidden', 'Your role does not allow you to see campaigns.');
      return work.campaignStats({ id: request.params.id }, principal);
    },
  );
}
