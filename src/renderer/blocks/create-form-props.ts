import type { EntityName } from '#shared/entities/define-entity.ts';

/** What every form for a new record is given. */
export interface CreateFormProps {
  readonly entity: EntityName;
  readonly onClose: () => void;
  readonly initial?: Readonly<Record<string, unknown>>;
  readonly initialLabels?: Readonly<Record<string, string>>;
  /** Stay where the user is instead of opening the new record. */
  readonly isStaying?: boolean;
}
