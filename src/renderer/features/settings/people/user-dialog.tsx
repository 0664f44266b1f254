import { Alert, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useRightsGate } from '#renderer/blocks/rights/rights-gate.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { WayInStep } from '#renderer/features/settings/people/way-in-step.tsx';
import { UserForm } from '#renderer/features/settings/people/user-form.tsx';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** Adds a colleague and gives them a way in, or corrects what is known about one. */
export function UserDialog(props: {
  readonly actor: Actor;
  /** Null adds somebody. */
  readonly user: AnyRecord | null;
  readonly labels: Labels;
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const isOnline = useIsOnline();
  const askRights = useRightsGate();
  const [added, setAdded] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const [isTyped, setTyped] = useState(false);
  const { user } = props;

  async function add(values: Readonly<Record<string, unknown>>): Promise<void> {
    const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => (value ?? null) !== null));
    const outcome = await run('createRecord', { entity: 'user', values: filled });
    if (outcome !== null && outcome.recordId !== null) setAdded({ id: outcome.recordId, name: textOf(values['name']) });
  }

  async function correct(id: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    if (!(await askRights([{ entity: 'user', id, values }]))) return;
    const outcome = await run('updateRecord', { entity: 'user', id, values }, { done: t('settings.saved') });
    if (outcome !== null) props.onClose();
  }

  const title =
    added !== null
      ? t('people.inviteTitle', { name: added.name })
      : user === null
        ? t('settings.users.add')
        : t('settings.users.edit', { name: textOf(user['name']) });
  return (
    <FormDialog isOpen isTyped={isTyped} isStrict={added !== null} onClose={props.onClose} title={title}>
      {(cancel) =>
        added === null ? (
          <Stack gap="sm">
            {user === null && !isOnline ? <Alert color="yellow">{t('settings.users.offlineAdding')}</Alert> : null}
            <UserForm
              actor={props.actor}
              user={user}
              labels={props.labels}
              onSave={(values) => (user === null ? add(values) : correct(user.id, values))}
              onCancel={cancel}
              onTyped={setTyped}
            />
          </Stack>
        ) : (
          <WayInStep userId={added.id} name={added.name} isInvitation onGiven={props.onGiven} onClose={props.onClose} />
        )
      }
    </FormDialog>
  );
}
