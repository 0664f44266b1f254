import { useTranslation } from 'react-i18next';
import { TimingFields, type TimingField } from '#renderer/blocks/tasks/timing-fields.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { groupOfField } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

/** When a task is due, reminds and repeats. Each choice is saved as it is made. */
export function TimingPanel(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const fieldModes = useFieldModes();
  const { task } = props;
  const definition = entities.task;
  const canUpdate = useCan()('update', definition, task);

  /** What was seen of all that is decided together is the base of the change. */
  function baseOf(changed: readonly string[]): Readonly<Record<string, unknown>> {
    const groups = new Set(changed.map((field) => groupOfField(definition, field)));
    const seen = Object.keys(definition.fields).filter(
      (field) => groups.has(groupOfField(definition, field)) && (changed.includes(field) || Object.hasOwn(task, field)),
    );
    return Object.fromEntries(seen.map((field) => [field, task[field] ?? null]));
  }

  return (
    <Panel title={t('task.when.title')}>
      <TimingFields
        values={task}
        isShown={(field: TimingField) => fieldModes.isKnown(definition, field)}
        isEditable={(field: TimingField) => canUpdate && fieldModes.modeOf(definition, field) === 'edit'}
        onChange={(values) =>
          void run('updateRecord', { entity: 'task', id: task.id, values, base: baseOf(Object.keys(values)) })
        }
      />
    </Panel>
  );
}
