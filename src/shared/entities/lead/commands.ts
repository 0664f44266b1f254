// Conversion of a lead in one transaction (4.4 of the domain rules): account, contact and deal are made, or existing ones
// get their blank fields filled; what was logged on the lead is attached to them; the lead keeps the links and becomes
// read-only. Ids of new records follow from the lead's id, so that two devices that convert it offline never make two.
import { Type, type Static } from 'typebox';
import { fieldModeOf, openFieldPolicy, withoutMasked } from '#shared/access/field-policy.ts';
import type { Values } from '#shared/entities/clean-values.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  invalid,
  outcome,
  requireRecord,
  ValuesInput,
} from '#shared/entities/define-command.ts';
import { carriedValues } from '#shared/entities/custom-field/carry-fields.ts';
import { customDefinitions } from '#shared/entities/custom-field/custom-definitions.ts';
import { kindOfSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import { isBlank } from '#shared/entities/validate-record.ts';
import type { OutpostError } from '#shared/kernel/errors.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

/** New record (with values that differ from the lead's), an existing one, or none. */
const Target = Type.Union([
  Type.Object({ new: ValuesInput }),
  Type.Object({ existingId: IdInput }),
  Type.Object({ none: Type.Literal(true) }),
]);
type TargetChoice = Static<typeof Target>;
type TargetName = 'account' | 'contact' | 'deal';

const COMMAND = 'convertLead';

export const convertLead = defineCommand(
  Type.Object({
    id: IdInput,
    account: Target,
    contact: Target,
    deal: Target,
    /** Custom fields, as `account.cfText01`, that do not go along although there is one of the same name. */
    without: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 1000 })),
  }),
  async (context, input) => {
    const found = await requireRecord(context, 'lead', input.id);
    if (!found.ok) return found;
    const lead = found.value;
    if (lead['status'] === 'converted') {
      return invalid('lead', [{ field: 'status', code: 'converted', message: 'This lead was converted already.' }]);
    }
    const custom = await readCustom(context, lead, new Set(input.without));
    const txn = context.createId();
    const operations: OperationDraft[] = [];
    const ids: Record<TargetName, string | null> = { account: null, contact: null, deal: null };
    for (const name of ['account', 'contact', 'deal'] as const) {
      const target = await draftTarget(context, lead, name, input[name], { ids, txn, made: operations, custom });
      if (!target.ok) return target;
      ids[name] = target.value.id;
      operations.push(...target.value.operations);
    }
    const related = await draftRelated(context, lead.id, ids, txn, operations);
    if (!related.ok) return related;
    const converted = await draftUpdate(
      context,
      definitionOf('lead'),
      lead,
      { status: 'converted' },
      {
        command: COMMAND,
        txn,
        dependsOn: operations.filter((operation) => operation.kind === 'create').map((operation) => operation.opId),
        system: {
          convertedAt: context.now,
          convertedBy: context.actor.userId,
          convertedAccountId: ids.account,
          convertedContactId: ids.contact,
          convertedDealId: ids.deal,
        },
      },
    );
    if (!converted.ok) return converted;
    return outcome(
      [...operations, ...related.value, ...converted.value.operations],
      ids.deal ?? ids.contact ?? ids.account ?? lead.id,
    );
  },
);

interface Progress {
  readonly ids: Readonly<Record<TargetName, string | null>>;
  readonly txn: string;
  readonly made: readonly OperationDraft[];
  readonly custom: Readonly<Record<TargetName, Values>>;
}

/** Values of the lead's custom fields for what it becomes. What is masked for whoever converts stays on the lead. */
async function readCustom(
  context: CommandContext,
  lead: AnyRecord,
  without: ReadonlySet<string>,
): Promise<Progress['custom']> {
  const found = await Promise.all(
    ['lead', 'account', 'contact', 'deal'].map((name) => context.find('customField', 'entity', name)),
  );
  const definitions = customDefinitions(found.flat());
  const policy = context.actor.fields ?? openFieldPolicy;
  const valuesFor = (name: TargetName): Values => {
    const values = carriedValues(definitions.lead, definitions[name], withoutMasked(lead), without);
    return Object.fromEntries(Object.entries(values).filter(([field]) => fieldModeOf(policy, name, field) === 'edit'));
  };
  return { account: valuesFor('account'), contact: valuesFor('contact'), deal: valuesFor('deal') };
}

async function draftTarget(
  context: CommandContext,
  lead: AnyRecord,
  name: TargetName,
  choice: TargetChoice,
  progress: Progress,
): Promise<Result<{ readonly id: string | null; readonly operations: readonly OperationDraft[] }>> {
  if ('none' in choice) return ok({ id: null, operations: [] });
  const definition = definitionOf(name);
  // What is masked for whoever converts stays on the lead.
  const fromLead = { ...valuesFromLead(name, withoutMasked(lead), progress.ids), ...progress.custom[name] };
  const dependsOn = progress.made.filter((operation) => operation.kind === 'create').map((operation) => operation.opId);
  const options = { command: COMMAND, txn: progress.txn, dependsOn };
  if ('existingId' in choice) {
    const existing = await requireRecord(context, name, choice.existingId);
    if (!existing.ok) return existing;
    // Only blank fields are filled, and consent is never carried over to somebody who decided already.
    const {
      ownerId: _ownerId,
      teamId: _teamId,
      doNotCall: _doNotCall,
      emailOptOut: _emailOptOut,
      ...offered
    } = fromLead;
    const policy = context.actor.fields ?? openFieldPolicy;
    const blanks = Object.entries(offered).filter(
      ([field]) =>
        isBlank(existing.value[field]) &&
        fieldModeOf(policy, name, field) === 'edit' &&
        !isOtherCurrency(field, lead, existing.value),
    );
    const filled = await draftUpdate(context, definition, existing.value, Object.fromEntries(blanks), options);
    if (!filled.ok && !isOthersRecord(filled)) return filled;
    return ok({ id: choice.existingId, operations: filled.ok ? filled.value.operations : [] });
  }
  const system = name === 'deal' ? { leadId: lead.id } : {};
  const created = await draftCreate(
    context,
    definition,
    { ...fromLead, ...choice.new },
    { ...options, id: `${lead.id}.${name}`, system },
  );
  return created.ok ? ok({ id: created.value.record.id, operations: created.value.operations }) : created;
}

/** An amount says something else in another currency. */
function isOtherCurrency(field: string, lead: AnyRecord, existing: AnyRecord): boolean {
  return kindOfSlot(field) === 'money' && (existing['currency'] ?? lead['currency']) !== lead['currency'];
}

function valuesFromLead(name: TargetName, lead: AnyRecord, ids: Progress['ids']): Values {
  const owner = { ownerId: lead.ownerId, teamId: lead.teamId };
  const company = isBlank(lead['company']) ? lead['name'] : lead['company'];
  switch (name) {
    case 'account':
      return {
        ...owner,
        name: company,
        accountType: 'prospect',
        ...pick(lead, ['website', 'industry', 'employees', 'annualRevenue', 'currency', 'phone']),
        ...renamed(lead, { city: 'billingCity', country: 'billingCountry' }),
      };
    case 'contact':
      return {
        ...owner,
        accountId: ids.account,
        ...pick(lead, [
          'name',
          'firstName',
          'lastName',
          'jobTitle',
          'email',
          'phone',
          'leadSource',
          'doNotCall',
          'emailOptOut',
          'city',
          'country',
        ]),
      };
    case 'deal':
      return {
        ...owner,
        name: company,
        accountId: ids.account,
        primaryContactId: ids.contact,
        ...(ids.contact === null ? {} : { contactIds: [ids.contact] }),
        ...pick(lead, ['leadSource', 'nextStep', 'description', 'currency']),
        ...renamed(lead, { budget: 'amount' }),
      };
  }
}

function pick(record: AnyRecord, fields: readonly string[]): Values {
  return Object.fromEntries(fields.filter((field) => !isBlank(record[field])).map((field) => [field, record[field]]));
}

function renamed(record: AnyRecord, names: Readonly<Record<string, string>>): Values {
  const entries = Object.entries(names).filter(([from]) => !isBlank(record[from]));
  return Object.fromEntries(entries.map(([from, to]) => [to, record[from]]));
}

/** Activities and tasks of the lead, attached to what it became. Links that exist already stay. */
async function draftRelated(
  context: CommandContext,
  leadId: string,
  ids: Progress['ids'],
  txn: string,
  made: readonly OperationDraft[],
): Promise<Result<readonly OperationDraft[]>> {
  const operations: OperationDraft[] = [];
  const dependsOn = made.filter((operation) => operation.kind === 'create').map((operation) => operation.opId);
  for (const entity of ['activity', 'task'] as const) {
    for (const record of await context.find(entity, 'leadId', leadId)) {
      const links = Object.entries({ accountId: ids.account, contactId: ids.contact, dealId: ids.deal });
      const missing = links.filter(([field, id]) => id !== null && isBlank(record[field]));
      const options = { command: COMMAND, txn, dependsOn };
      const drafted = await draftUpdate(context, definitionOf(entity), record, Object.fromEntries(missing), options);
      if (!drafted.ok && !isOthersRecord(drafted)) return drafted;
      if (drafted.ok) operations.push(...drafted.value.operations);
    }
  }
  return ok(operations);
}

/** A record of a colleague stays as it is: that must not stop the conversion of one's own lead. */
function isOthersRecord(refusal: { readonly error: OutpostError }): boolean {
  return ['action_forbidden', 'field_forbidden', 'not_visible'].includes(refusal.error.code);
}
