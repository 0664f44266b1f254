// What can be done to a saved dashboard; every change is a record change like any other, saved on this computer and undone
// with one click.
import { useTranslation } from 'react-i18next';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';

type Values = Readonly<Record<string, unknown>>;

export interface DashboardCommands {
  /** Id of the new dashboard, null when it was refused. */
  create(values: Values): Promise<string | null>;
  change(record: LocalRecord, values: Values, done: string): Promise<void>;
  remove(record: LocalRecord): Promise<boolean>;
}

export function useDashboardCommands(): DashboardCommands {
  const { t } = useTranslation();
  const run = useCommand();
  const entity = 'dashboard';
  return {
    async create(values) {
      const made = await run('createRecord', { entity, values }, { done: t('dashboards.created') });
      return made?.recordId ?? null;
    },
    async change(record, values, done) {
      const { id } = record;
      const before = Object.fromEntries(Object.keys(values).map((field) => [field, record[field] ?? null]));
      const undo = {
        command: 'updateRecords',
        input: { entity, changes: [{ id, values: before, left: values }] },
        entity,
        ids: [id],
        left: values,
      } as const;
      await run('updateRecord', { entity, id, values }, { done, undo });
    },
    async remove({ id }) {
      const undo = { command: 'restoreRecord', input: { entity, id }, entity, ids: [id], left: null } as const;
      return (await run('deleteRecord', { entity, id }, { done: t('dashboards.deleted'), undo })) !== null;
    },
  };
}
