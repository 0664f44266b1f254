// A rule as the form shows it: conditions of which all or any have to hold, and exceptions. Any stored rule of that shape
// comes back as it was entered; another one is shown as it is in words and can be replaced.
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

export interface RuleForm {
  readonly joined: 'and' | 'or';
  readonly conditions: readonly FieldFilter[];
  readonly exceptions: readonly FieldFilter[];
}

export const EMPTY_RULE: RuleForm = { joined: 'and', conditions: [], exceptions: [] };

export function toFilter(form: RuleForm): Filter | null {
  const { joined, conditions, exceptions } = form;
  if (conditions.length === 0) return null;
  const wanted: Filter = joined === 'and' ? { and: conditions } : { or: conditions };
  return exceptions.length === 0 ? wanted : { and: [wanted, { not: { or: exceptions } }] };
}

/** Null for a rule the form cannot show. */
export function toForm(filter: Filter | null): RuleForm | null {
  if (filter === null) return EMPTY_RULE;
  if ('field' in filter) return { ...EMPTY_RULE, conditions: [filter] };
  if ('and' in filter && filter.and.length === 2) {
    const [wanted, excluded] = filter.and;
    if (wanted !== undefined && excluded !== undefined && 'not' in excluded && 'or' in excluded.not) {
      const form = toForm(wanted);
      const exceptions = plain(excluded.not.or);
      if (form !== null && exceptions !== null && form.exceptions.length === 0) return { ...form, exceptions };
    }
  }
  const joined = 'and' in filter ? 'and' : 'or';
  const conditions = 'and' in filter ? plain(filter.and) : 'or' in filter ? plain(filter.or) : null;
  return conditions === null ? null : { joined, conditions, exceptions: [] };
}

function plain(parts: readonly Filter[]): readonly FieldFilter[] | null {
  const fields = parts.filter((part): part is FieldFilter => 'field' in part);
  return fields.length === parts.length ? fields : null;
}
