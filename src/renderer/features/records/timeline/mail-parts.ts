// Between whom a mail went, as a timeline says it. What is masked is told by its mask.
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** More names say no more on one line. */
const MOST_NAMES = 3;

const told = (value: unknown): string => maskedTextOf(value) ?? textOf(value);

export function senderOf(mail: AnyRecord): string {
  return told(mail['fromName']) || told(mail['fromAddress']);
}

/** The first names, and how many there are beside them. */
export function recipientsOf(mail: AnyRecord): { readonly names: string; readonly others: number } {
  const { recipients } = mail;
  const masked = maskedTextOf(recipients);
  if (masked !== null) return { names: masked, others: 0 };
  const all: readonly unknown[] = Array.isArray(recipients) ? recipients : [];
  const names = all
    .flatMap((each) => (isPlainObject(each) ? [told(each['name']) || told(each['address'])] : []))
    .filter((name) => name !== '');
  return { names: names.slice(0, MOST_NAMES).join(', '), others: Math.max(0, names.length - MOST_NAMES) };
}
