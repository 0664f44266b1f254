import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { focusFirst, focusFirstProblem } from '#renderer/blocks/focus-first.ts';
import { useIsChanged, useReportTyped } from '#renderer/blocks/use-is-changed.ts';
import { askOnce } from '#renderer/data/ask-once.ts';
import { useDataClient } from '#renderer/data/use-data.ts';
import { assignableRoles } from '#renderer/features/settings/assignable-roles.ts';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import type { DataClient } from '#renderer/data/data-contract.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

type Values = Readonly<Record<string, unknown>>;

const fields = ['name', 'email', 'role', 'teamId', 'managerId', 'territoryId', 'jobTitle'] as const;
const required: readonly string[] = ['name', 'email', 'role'];

function startValues(user: AnyRecord | null): Values {
  if (user === null) return { role: 'sales_rep' };
  return Object.fromEntries(fields.map((field) => [field, user[field] ?? null]));
}

interface Taken {
  readonly email: string;
  /** Of whoever has it. */
  readonly name: string;
}

/** Somebody else with this address, switched off or not. The server would refuse it only after the dialog is gone. */
async function findByAddress(client: DataClient, email: string, ownId: string | undefined): Promise<Taken | null> {
  const question = { entity: 'user', search: email, sort: [], offset: 0, limit: 50 } as const;
  const { rows } = await askOnce(client, 'list', question, new AbortController().signal);
  const folded = email.trim().toLowerCase();
  const other = rows.find((row) => row.id !== ownId && textOf(row['email']).toLowerCase() === folded);
  return other === undefined ? null : { email, name: textOf(other['name']) };
}

/** What an administrator says about a person: to add one, or to correct one. */
export function UserForm(props: {
  readonly actor: Actor;
  readonly user: AnyRecord | null;
  /** Names of what the user's record refers to. */
  readonly labels: Labels;
  readonly onSave: (values: Values) => Promise<void>;
  readonly onCancel: () => void;
  readonly onTyped: (isTyped: boolean) => void;
}) {
  const { t } = useTranslation();
  const roles = useRoles();
  const [values, setValues] = useState(() => startValues(props.user));
  useReportTyped(useIsChanged(values), props.onTyped);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [taken, setTaken] = useState<Taken | null>(null);
  const client = useDataClient();
  const isOwn = props.user?.id === props.actor.userId;
  const missing = required.filter((field) => (values[field] ?? null) === null);

  async function save(form: HTMLFormElement): Promise<void> {
    setTried(true);
    if (isBusy) return;
    if (missing.length > 0) return focusFirstProblem({ currentTarget: form });
    setBusy(true);
    const other = await findByAddress(client, textOf(values['email']), props.user?.id);
    setTaken(other);
    if (other === null) await props.onSave(values);
    setBusy(false);
    if (other !== null) focusFirstProblem({ currentTarget: form });
  }

  function errorOf(field: string): string | undefined {
    if (isTried && missing.includes(field)) return t('problems.required');
    if (field !== 'email' || taken === null || taken.email !== values['email']) return undefined;
    return t('settings.users.addressOf', { name: taken.name });
  }

  function input(field: (typeof fields)[number]) {
    const set = (value: unknown): void => setValues((before) => ({ ...before, [field]: value }));
    if (field !== 'role') {
      return (
        <FieldInput
          key={field}
          definition={entities.user}
          field={field}
          value={values[field] ?? null}
          valueLabel={props.labels[textOf(values[field])]}
          currency="EUR"
          error={errorOf(field)}
          isFirst={field === 'name'}
          // Nobody changes the own rights; the team is one of them.
          isDisabled={field === 'teamId' && isOwn}
          onChange={set}
        />
      );
    }
    return (
      <Select
        key={field}
        label={t('fields.user.role')}
        withAsterisk
        allowDeselect={false}
        disabled={isOwn}
        data={assignableRoles(props.actor, props.user, roles).map((role) => ({ value: role.id, label: role.name }))}
        value={typeof values['role'] === 'string' ? values['role'] : null}
        onChange={set}
      />
    );
  }

  return (
    <form
      noValidate
      ref={focusFirst}
      onSubmit={(event) => {
        event.preventDefault();
        void save(event.currentTarget);
      }}
    >
      <Stack gap="sm">
        {fields.map(input)}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {t(props.user === null ? 'settings.users.addAction' : 'common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
