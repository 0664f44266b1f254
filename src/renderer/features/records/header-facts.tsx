import { Link } from 'react-router';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { FieldLink } from '#renderer/blocks/field-link.tsx';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { isOverdue } from '#renderer/blocks/overdue.ts';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import classes from './header-facts.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

const facts: Readonly<Partial<Record<EntityName, readonly string[]>>> = {
  deal: ['amount', 'closeDate', 'probability', 'accountId', 'nextStep', 'ownerId'],
  account: ['industry', 'phone', 'billingCountry', 'annualRevenue', 'ownerId'],
  contact: ['jobTitle', 'accountId', 'email', 'phone', 'ownerId'],
  lead: ['company', 'status', 'score', 'email', 'phone', 'ownerId'],
  task: ['dueDate', 'priority', 'status', 'dealId', 'accountId', 'ownerId'],
  activity: ['activityType', 'occurredAt', 'outcome', 'dealId', 'accountId', 'ownerId'],
};

/** The handful of facts one looks for first. */
export function HeaderFacts(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly labels: Labels;
}) {
  const names = useNames();
  const fieldText = useFieldText();
  const { definition, record } = props;
  const fieldModes = useFieldModes();
  return (
    <dl className={classes.facts}>
      {(facts[definition.name] ?? [])
        .filter((field) => fieldModes.isShown(definition, field))
        .map((field) => {
          const text = fieldText(definition, record, field, props.labels);
          const target = definition.fields[field]?.to;
          const id = record[field];
          const path =
            target === undefined || typeof id !== 'string' || props.labels[id] === undefined
              ? null
              : pathOfRecord(target, id);
          return (
            <div key={field} className={classes.fact}>
              <dt>{names.field(definition, field)}</dt>
              <dd data-field={field} data-overdue={isOverdue(record, field) || undefined}>
                {field === 'ownerId' && text !== '' && typeof id === 'string' ? (
                  <PersonInitials userId={id} name={text} size={18} isDecorative showsAbsence />
                ) : null}
                {text === '' ? <span className="op-muted">–</span> : null}
                {maskedTextOf(record[field]) !== null ? (
                  <MaskedText text={text} />
                ) : path === null ? (
                  <FieldLink type={definition.fields[field]?.type} text={text} />
                ) : (
                  <Link to={path}>{text}</Link>
                )}
              </dd>
            </div>
          );
        })}
    </dl>
  );
}
