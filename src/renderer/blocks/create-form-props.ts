import type { EntityName } from '#shared/entities/define-entity.ts';

/** What every form for a new record is given. */
export interface CreateFormProps {
  readonly entity: EntityName;
  /** It is saved: close. */
  readonly onClose: () => void;
  readonly initial?: Readonly<Record<string, unknown>>;
  readonly initialLabels?: Readonly<Record<string, string>>;
  /** The person wants to leave without saving. */
  readonly onCancel: () => void;
  /** Whether something was typed that is not saved. */
  readonly onTyped: (isTyped: boolean) => void;
  /** It is saved, under this id. */
  readonly onMade?: (id: string) => void;
  /** Stay where the user is instead of opening the new record. */
  readonly isStaying?: boolean;
}
