import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { OwnerInput } from '#renderer/blocks/owner-input.tsx';
import { useMayReassign } from '#renderer/blocks/use-can.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';

/** Who a new task is for: oneself, or whoever one may give tasks to. Nothing for those who give none. */
export function AssigneeInput(props: {
  readonly values: Readonly<Record<string, unknown>>;
  readonly onChange: (ownerId: string) => void;
}) {
  const { t } = useTranslation();
  const mayReassign = useMayReassign();
  const actor = useAppSelector(({ device }) => (device.session?.status === 'signedIn' ? device.session.actor : null));
  if (!mayReassign || actor === null) return null;
  const own = { ownerId: actor.userId, teamId: actor.teamIds[0] ?? null };
  const made = { createdAt: '', createdBy: actor.userId, updatedAt: '', updatedBy: actor.userId, rev: 0, pending: [] };
  const draft: LocalRecord = { ...props.values, ...own, ...made, id: '', kind: 'task' };
  const given = props.values['ownerId'];
  const value = typeof given === 'string' ? given : actor.userId;
  return (
    <OwnerInput
      definition={entities.task}
      records={[draft]}
      label={t('create.assignee')}
      value={value}
      valueLabel={value === actor.userId ? actor.name : undefined}
      onChange={(id) => {
        if (id !== null) props.onChange(id);
      }}
    />
  );
}
