// Who sees a record and why, and with whom it is shared. Whoever may not decide that sees it all the same.
import { ActionIcon, Button, Group, Modal, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconMap2, IconShield, IconUser, IconUsers, IconX } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import type { Undo } from '#renderer/blocks/undo-link.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useRoleChoices } from '#renderer/blocks/use-role-choices.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { explainAudience } from '#shared/access/explain-audience.ts';
import {
  entriesWithoutShare,
  entriesWithShare,
  granteeKinds,
  shareModes,
  type GranteeKind,
  type Share,
  type ShareMode,
} from '#shared/access/shares.ts';
import { toTerritoryNode } from '#shared/access/territory-reach.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './share-dialog.module.css';

interface ShareDialogProps {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly onClose: () => void;
}

/** Names of users, teams and territories; what is not there is not available to this user. */
function useTitles(): (entity: EntityName, id: string) => string {
  const { t } = useTranslation();
  const all = { sort: [], offset: 0, limit: 1000 } as const;
  const lists = {
    user: useLive('list', { entity: 'user', ...all }).data?.rows,
    team: useLive('list', { entity: 'team', ...all }).data?.rows,
    territory: useLive('list', { entity: 'territory', ...all }).data?.rows,
  };
  return (entity, id) => {
    const rows = entity === 'user' || entity === 'team' || entity === 'territory' ? lists[entity] : undefined;
    const found = rows?.find((row) => row.id === id);
    return found === undefined ? t('common.notAvailable') : textOf(found[entities[entity].titleField]);
  };
}

export function ShareDialog(props: ShareDialogProps) {
  const { t } = useTranslation();
  const { definition, record } = props;
  const canShare = useCan()('update', definition, record, ['shares']);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t('share.title')}</Text>}
      size="lg"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        {canShare ? <AddShare {...props} /> : <Text size="sm">{t('share.readOnly')}</Text>}
        <WhoSees {...props} canShare={canShare} />
        <Text size="sm" c="var(--op-text-muted)">
          {t('share.follows')}
        </Text>
      </Stack>
    </Modal>
  );
}

function AddShare({ definition, record }: ShareDialogProps) {
  const { t } = useTranslation();
  const run = useCommand();
  const roles = useRoleChoices();
  const [kind, setKind] = useState<GranteeKind>('user');
  const [granteeId, setGrantee] = useState<string | null>(null);
  const [mode, setMode] = useState<ShareMode>('view');

  async function add(): Promise<void> {
    if (granteeId === null) return;
    const target = { entity: definition.name, id: record.id, granteeKind: kind, granteeId };
    const outcome = await run(
      'shareRecord',
      { ...target, mode },
      {
        done: t('share.done'),
        undo: {
          command: 'unshareRecord',
          input: target,
          entity: definition.name,
          ids: [record.id],
          left: { shares: entriesWithShare(record, { kind, id: granteeId, mode }) },
        },
      },
    );
    if (outcome !== null) setGrantee(null);
  }

  return (
    <form
      className={classes.add}
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <SegmentedControl
        size="xs"
        aria-label={t('share.with')}
        data={granteeKinds.map((value) => ({ value, label: t(`share.kind.${value}`) }))}
        value={kind}
        onChange={(value) => {
          setKind(value);
          setGrantee(null);
        }}
      />
      <div className={classes.grantee}>
        {kind === 'role' ? (
          <Select
            aria-label={t('share.kind.role')}
            data={[...roles]}
            value={granteeId}
            onChange={setGrantee}
            placeholder={t('common.choose')}
          />
        ) : (
          <ReferenceInput
            key={kind}
            entity={kind}
            ariaLabel={t(`share.kind.${kind}`)}
            value={granteeId}
            onChange={setGrantee}
          />
        )}
      </div>
      <ModeSelect label={t('share.mayDo')} value={mode} onChange={setMode} />
      <Button type="submit" disabled={granteeId === null}>
        {t('share.add')}
      </Button>
    </form>
  );
}

function ModeSelect(props: {
  readonly label: string;
  readonly value: ShareMode;
  readonly onChange: (mode: ShareMode) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      w={150}
      aria-label={props.label}
      data={shareModes.map((value) => ({ value, label: t(`share.mode.${value}`) }))}
      value={props.value}
      onChange={(value) => {
        if (value !== null) props.onChange(value);
      }}
      allowDeselect={false}
    />
  );
}

function WhoSees({ definition, record, canShare }: ShareDialogProps & { readonly canShare: boolean }) {
  const { t } = useTranslation();
  const titleOf = useTitles();
  const roles = useRoleChoices();
  const territories = useLive('list', { entity: 'territory', sort: [], offset: 0, limit: 1000 }).data?.rows ?? [];
  const audience = explainAudience(
    record,
    territories.map((row) => toTerritoryNode(row)),
  );
  return (
    <ul className={classes.list} aria-label={t('share.who')}>
      {audience.ownerId === null ? null : (
        <Line icon={<IconUser size={16} />} name={titleOf('user', audience.ownerId)} why={t('share.why.owner')} />
      )}
      {audience.teamId === null ? null : (
        <Line
          icon={<IconUsers size={16} />}
          name={t('share.team', { team: titleOf('team', audience.teamId) })}
          why={t('share.why.team')}
        />
      )}
      {audience.territoryPeople.map(({ userId, mode }) => (
        <Line
          key={userId}
          icon={<IconMap2 size={16} />}
          name={titleOf('user', userId)}
          why={t(`share.why.territory.${mode}`, { territory: titleOf('territory', audience.territoryId ?? '') })}
        />
      ))}
      {audience.shares.map((share) => (
        <ShareLine
          key={`${share.kind} ${share.id}`}
          definition={definition}
          record={record}
          share={share}
          name={
            share.kind === 'role'
              ? (roles.find(({ value }) => value === share.id)?.label ?? t('roles.custom'))
              : titleOf(share.kind, share.id)
          }
          canShare={canShare}
        />
      ))}
      <Line icon={<IconShield size={16} />} name={t('share.everything')} why={t('share.why.everything')} />
    </ul>
  );
}

function Line(props: {
  readonly icon: ReactNode;
  readonly name: string;
  readonly why: string;
  readonly children?: ReactNode;
}) {
  return (
    <li className={classes.line}>
      <span className={classes.icon} aria-hidden>
        {props.icon}
      </span>
      <div className={classes.text}>
        <div>{props.name}</div>
        <div className={classes.why}>{props.why}</div>
      </div>
      {props.children}
    </li>
  );
}

function ShareLine(props: {
  readonly definition: EntityDefinition;
  readonly record: LocalRecord;
  readonly share: Share;
  readonly name: string;
  readonly canShare: boolean;
}) {
  const { t } = useTranslation();
  const run = useCommand();
  const { share, name } = props;
  const target = {
    entity: props.definition.name,
    id: props.record.id,
    granteeKind: share.kind,
    granteeId: share.id,
  };
  const shareAgain: Undo = {
    command: 'shareRecord',
    input: { ...target, mode: share.mode },
    entity: props.definition.name,
    ids: [props.record.id],
    left: { shares: entriesWithoutShare(props.record, share) },
  };
  return (
    <Line
      icon={share.kind === 'user' ? <IconUser size={16} /> : <IconUsers size={16} />}
      name={name}
      why={t(`share.why.shared.${share.kind}.${share.mode}`)}
    >
      {props.canShare ? (
        <Group gap={6} wrap="nowrap">
          <ModeSelect
            label={t('share.modeOf', { name })}
            value={share.mode}
            onChange={(mode) => void run('shareRecord', { ...target, mode }, { done: t('settings.saved') })}
          />
          <ActionIcon
            variant="subtle"
            aria-label={t('share.endNamed', { name })}
            onClick={() => void run('unshareRecord', target, { done: t('share.ended'), undo: shareAgain })}
          >
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ) : null}
    </Line>
  );
}
