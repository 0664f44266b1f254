// What an operation may name, and what a refusal may tell. Whoever does not see a value can neither write it nor give it
// as the value that was seen: the outcome of a merge would tell whether the guess was right. And a rule that fails
// because of something unseen is refused without saying what.
import {
  fieldModeOf,
  isPlainlyVisible,
  UNKNOWN_FIELD_MESSAGE,
  withoutMasked,
  type FieldPolicy,
} from '#shared/access/field-policy.ts';
import { projectFields } from '#shared/access/project.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { isGovernableName } from '#shared/access/governed-fields.ts';
import {
  mergePolicyOf,
  type AnyRecord,
  type EntityDefinition,
  type FieldProblem,
} from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import type { RejectionCode, Why } from '#shared/sync/messages.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';

export interface UnseenName {
  readonly code: RejectionCode;
  readonly message: string;
  readonly group: string;
  readonly why?: Why;
}

/** Fields the change gives a value. */
export function fieldsWritten(change: Change): readonly string[] {
  return Object.keys({ ...change.to, ...change.delta, ...change.add, ...change.remove });
}

/** The first value of an operation that its author cannot have seen or may not write unseen; null when there is none. */
export function findUnseenName(
  policy: FieldPolicy | undefined,
  definition: EntityDefinition,
  before: AnyRecord | null,
  operation: Operation,
): UnseenName | null {
  if (policy === undefined || policy[definition.name] === undefined) return null;
  for (const change of operation.changes) {
    // Even writing what stands there already would tell that it does, unless it is overwritten in any case.
    const written = isOverwritten(definition, before, change) ? [] : Object.keys(change.to ?? {});
    const parts = Object.keys({ ...change.base, ...change.delta, ...change.add, ...change.remove });
    for (const field of [...parts, ...written]) {
      if (isPlainlyVisible(policy, definition.name, field) || !Object.hasOwn(definition.fields, field)) continue;
      const { group } = change;
      if (fieldModeOf(policy, definition.name, field) === 'hidden') {
        return { code: 'invalid', message: UNKNOWN_FIELD_MESSAGE, group };
      }
      const message = `You cannot change "${definition.fields[field]?.label ?? field}": its value is masked for you.`;
      const why = { reason: 'masked', entity: definition.name, field };
      return { code: 'field_forbidden', message, group, why };
    }
  }
  return null;
}

/** A step from where the record stands sets all that goes with it; entries of a history are completed by the server. */
function isOverwritten(definition: EntityDefinition, before: AnyRecord | null, change: Change): boolean {
  if (definition.name === 'stageChange') return before === null;
  if (mergePolicyOf(definition, change.group) !== 'machine') return false;
  return Object.entries(change.to ?? {}).some(
    ([field, value]) => !isGovernableName(field) && !isJsonEqual(before?.[field] ?? null, value ?? null),
  );
}

/** Says that something does not fit, and nothing more. The number of the operation tells an administrator which. */
const UNSEEN_PROBLEM: FieldProblem = {
  field: '',
  code: 'unseen',
  message: 'This does not fit something about the record that is not shown to you. An administrator can help.',
};

/** The problems as their author may read them: those that follow from what the author sees, the others without detail. */
export function tellProblems(
  policy: FieldPolicy | undefined,
  definition: EntityDefinition,
  after: AnyRecord,
  problems: readonly FieldProblem[],
): readonly FieldProblem[] {
  if (policy === undefined || policy[definition.name] === undefined || problems.length === 0) return problems;
  const seen = projectFields(policy, definition, after);
  const known = new Set(
    (seen === null ? [] : validateRecord(definition, withoutMasked(seen))).map(({ field, code }) => `${field} ${code}`),
  );
  const told = problems.map((problem) =>
    isPlainlyVisible(policy, definition.name, problem.field) &&
    // What is wrong with a custom field follows from its own value alone.
    (isCustomSlot(problem.field) || known.has(`${problem.field} ${problem.code}`))
      ? problem
      : UNSEEN_PROBLEM,
  );
  return [...new Set(told)];
}
