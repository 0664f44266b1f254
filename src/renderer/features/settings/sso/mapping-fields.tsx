// Which group gives which role. Only roles the administrator may give are offered.
import { ActionIcon, Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { assignableRoles } from '#renderer/features/settings/assignable-roles.ts';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { RoleMapping } from '#shared/sync/sso-messages.ts';

const NOBODY = '';

export function MappingFields(props: {
  readonly actor: Actor;
  readonly mapping: RoleMapping;
  readonly onChange: (mapping: RoleMapping) => void;
}) {
  const { t } = useTranslation();
  const { mapping, onChange } = props;
  const offered = assignableRoles(props.actor, null, useRoles()).filter(({ id }) => id !== 'super_admin');
  const roles = offered.map(({ id, name }) => ({ value: id, label: name }));
  const setRule = (index: number, change: Partial<RoleMapping['rules'][number]>): void =>
    onChange({ ...mapping, rules: mapping.rules.map((rule, at) => (at === index ? { ...rule, ...change } : rule)) });
  return (
    <Stack gap="sm" component="fieldset" m={0} p={0} style={{ border: 0 }}>
      <Text component="legend" size="sm" fw={600}>
        {t('sso.mapping.title')}
      </Text>
      <Text size="xs" c="dimmed">
        {t('sso.mapping.text')}
      </Text>
      {mapping.rules.map((rule, index) => (
        // Rules have no name of their own: their place is what they are.
        // oxlint-disable-next-line react/no-array-index-key
        <Group key={index} gap="xs" wrap="nowrap" align="flex-end">
          <TextInput
            style={{ flex: 1 }}
            label={t('sso.mapping.group', { number: index + 1 })}
            value={rule.group}
            required
            onChange={(event) => setRule(index, { group: event.currentTarget.value })}
          />
          <Select
            style={{ flex: 1 }}
            label={t('sso.mapping.role', { number: index + 1 })}
            data={roles}
            allowDeselect={false}
            value={rule.role}
            onChange={(role) => setRule(index, { role: role ?? rule.role })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t('sso.mapping.remove', { number: index + 1 })}
            onClick={() => onChange({ ...mapping, rules: mapping.rules.filter((_rule, at) => at !== index) })}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange({ ...mapping, rules: [...mapping.rules, { group: '', role: 'sales_rep' }] })}
      >
        {t('sso.mapping.add')}
      </Button>
      <Select
        label={t('sso.mapping.default')}
        description={t('sso.mapping.defaultText')}
        data={[{ value: NOBODY, label: t('sso.mapping.nobody') }, ...roles]}
        allowDeselect={false}
        value={mapping.defaultRole ?? NOBODY}
        onChange={(role) => onChange({ ...mapping, defaultRole: role === NOBODY ? null : role })}
      />
      <Checkbox
        label={t('sso.mapping.createsAccounts')}
        checked={mapping.createsAccounts}
        onChange={(event) => onChange({ ...mapping, createsAccounts: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('sso.mapping.updatesRoles')}
        description={t('sso.mapping.updatesRolesText')}
        checked={mapping.updatesRoles}
        onChange={(event) => onChange({ ...mapping, updatesRoles: event.currentTarget.checked })}
      />
    </Stack>
  );
}
